;; A component that imports what the host does not have cannot be instantiated,
;; though it is valid.
;; Text: Explainer.md, "Instance Definitions", "Import and Export Definitions".

;; text: Import and Export Definitions: a valid component with imports
(component definition
  (import "there-is-no-such-function" (func)))

;; text: Instance Definitions: a function that nobody supplies
(assert_unlinkable
  (component (import "there-is-no-such-function" (func)))
  "import")

;; text: Instance Definitions: an instance that nobody supplies
(assert_unlinkable
  (component (import "there-is:no-such/interface" (instance (export "f" (func)))))
  "import")

;; text: Instance Definitions: a core module that nobody supplies
(assert_unlinkable
  (component (import "there-is-no-such-module" (core module)))
  "import")

;; text: Instance Definitions: a resource that nobody supplies
(assert_unlinkable
  (component (import "there-is-no-such-resource" (type (sub resource))))
  "import")

;; text: Instance Definitions: it is not supplied even though nothing would use it
(assert_unlinkable
  (component
    (import "there-is-no-such-function" (func))
    (core module $M (func (export "f")))
    (core instance $m (instantiate $M))
    (func (export "f") (canon lift (core func $m "f"))))
  "import")
