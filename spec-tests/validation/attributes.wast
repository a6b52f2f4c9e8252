;; 🏷️ Attributes of imports and exports: which may stand where. They say more about
;; an import or export and change nothing about its type.
;; Text: Explainer.md, "Import and Export Definitions"; Binary.md, the same.

;; text: Import and Export Definitions: one interface imported under two names
(component definition
  (import "primary" (implements "wasi:keyvalue/store") (instance))
  (import "secondary" (implements "wasi:keyvalue/store") (instance)))

;; text: Import and Export Definitions: an identifier of the host, of any form, on any sort
(component definition
  (import "f" (external-id "https://example.org/a b?c#d") (func))
  (import "i" (external-id "") (instance))
  (import "r" (external-id "☃") (type (sub resource))))

;; text: Import and Export Definitions: both on one import
(component definition
  (import "a" (implements "x:y/z") (external-id "one") (instance))
  (import "b" (implements "x:y/z@1.0.0") (external-id "two") (instance)))

;; text: Import and Export Definitions: `implements` is for instances
(assert_invalid
  (component (import "f" (implements "x:y/z") (func)))
  "implements")

;; text: Import and Export Definitions: `implements` goes with a plain name
(assert_invalid
  (component (import "a:b/c" (implements "x:y/z") (instance)))
  "implements")

;; text: Import and Export Definitions: `implements` names an interface
(assert_invalid
  (component (import "a" (implements "no-interface") (instance)))
  "not a valid")

;; text: Name Uniqueness: attributes do not make names different
(assert_invalid
  (component
    (import "a" (external-id "one") (func))
    (import "a" (external-id "two") (func)))
  "conflicts with previous name")

;; text: Type Checking: attributes are ignored
(component definition
  (component $C
    (import "i" (external-id "one") (instance (export "f" (external-id "two") (func)))))
  (component $D
    (import "j" (implements "x:y/z") (instance $j (export "f" (func))))
    (instance (instantiate $C (with "i" (instance $j))))))
