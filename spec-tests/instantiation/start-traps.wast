;; A component whose instantiation traps has no instance. It traps when a start
;; function does, when a call that a start function makes does, and when an active
;; segment does not fit.
;; Text: Explainer.md, "Instance Definitions"; CanonicalABI.md, "Component Instances".

;; text: Instance Definitions: a start function that traps
(assert_trap
  (component
    (core module $M (func $start (unreachable)) (start $start))
    (core instance (instantiate $M)))
  "unreachable")

;; text: Instance Definitions: a child's start function that traps
(assert_trap
  (component
    (component $C
      (core module $M (func $start (unreachable)) (start $start))
      (core instance (instantiate $M)))
    (instance (instantiate $C)))
  "unreachable")

;; text: Instance Definitions: a core module that is not instantiated does nothing
(component
  (core module $M (func $start (unreachable)) (start $start))
  (component $C (core instance (instantiate $M))))

;; text: Instance Definitions: a call from a start function that traps in another component
(assert_trap
  (component
    (component $C
      (core module $M (func (export "f") (unreachable)))
      (core instance $m (instantiate $M))
      (func (export "f") (canon lift (core func $m "f"))))
    (instance $c (instantiate $C))
    (component $Starts
      (import "f" (func $f))
      (core func $f (canon lower (func $f)))
      (core module $Start (import "" "f" (func $f)) (start $f))
      (core instance (instantiate $Start (with "" (instance (export "f" (func $f)))))))
    (instance (instantiate $Starts (with "f" (func $c "f")))))
  "unreachable")

;; A start function that drops a handle that is not there. The first index past
;; the end of an empty table is 1.
;; rule: table.get/bounds holds
(assert_trap
  (component
    (type $R (resource (rep i32)))
    (core func $drop (canon resource.drop $R))
    (core module $M
      (import "" "drop" (func $drop (param i32)))
      (func $start (call $drop (i32.const 1)))
      (start $start))
    (core instance (instantiate $M (with "" (instance (export "drop" (func $drop)))))))
  "table.get/bounds")

;; A start function calls a sibling that throws.
;; rule: lift/exception holds
(assert_trap
  (component
    (component $C
      (core module $M (tag $oops) (func (export "f") (throw $oops)))
      (core instance $m (instantiate $M))
      (func (export "f") (canon lift (core func $m "f"))))
    (instance $c (instantiate $C))
    (component $Starts
      (import "f" (func $f))
      (core func $f (canon lower (func $f)))
      (core module $Start (import "" "f" (func $f)) (start $f))
      (core instance (instantiate $Start (with "" (instance (export "f" (func $f)))))))
    (instance (instantiate $Starts (with "f" (func $c "f")))))
  "lift/exception")

;; text: Instance Definitions: an active data segment that does not fit
(assert_trap
  (component
    (core module $M (memory 1) (data (i32.const 65535) "ab"))
    (core instance (instantiate $M)))
  "out of bounds memory access")

;; text: Instance Definitions: an active data segment that just fits
(component
  (core module $M (memory 1) (data (i32.const 65534) "ab"))
  (core instance (instantiate $M)))

;; text: Instance Definitions: an active element segment that does not fit
(assert_trap
  (component
    (core module $M (table 1 funcref) (func $f) (elem (i32.const 1) $f))
    (core instance (instantiate $M)))
  "out of bounds table access")

;; text: Instance Definitions: an active element segment that just fits
(component
  (core module $M (table 1 funcref) (func $f) (elem (i32.const 0) $f))
  (core instance (instantiate $M)))
