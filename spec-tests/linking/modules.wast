;; Core modules are code: a component can import, pass on and export them, and
;; each instantiation has state of its own.
;; Text: Explainer.md, "Instance Definitions", "Import and Export Definitions".

;; `Source` exports two modules. `Link` gets them, has the second import from the
;; first, and adds a function of its own.
;; text: Import and Export Definitions: modules that travel between components
(component definition $P
  (component $Source
    (core module $Store
      (memory (export "memory") 1 4)
      (global $at (mut i32) (i32.const 16))
      (func (export "push") (param i32) (result i32)
        (i32.store (global.get $at) (local.get 0))
        (global.set $at (i32.add (global.get $at) (i32.const 4)))
        (global.get $at))
      (func (export "extra")))
    (core module $Sum
      (import "store" "memory" (memory 1))
      (func (export "sum") (param $to i32) (result i32)
        (local $i i32) (local $s i32)
        (local.set $i (i32.const 16))
        (loop $more
          (if (i32.lt_u (local.get $i) (local.get $to))
            (then
              (local.set $s (i32.add (local.get $s) (i32.load (local.get $i))))
              (local.set $i (i32.add (local.get $i) (i32.const 4)))
              (br $more))))
        (local.get $s)))
    (export "store" (core module $Store))
    (export "sum" (core module $Sum)))
  (instance $source (instantiate $Source))
  (component $Link
    (import "store" (core module $Store
      (export "memory" (memory 1))
      (export "push" (func (param i32) (result i32)))))
    (import "sum" (core module $Sum
      (import "store" "memory" (memory 1))
      (import "never" "used" (func))
      (export "sum" (func (param i32) (result i32)))))
    (core instance $store (instantiate $Store))
    (core module $Never (func (export "used")))
    (core instance $never (instantiate $Never))
    (core instance $sum (instantiate $Sum
      (with "store" (instance $store)) (with "never" (instance $never))))
    (core module $Main
      (import "" "push" (func $push (param i32) (result i32)))
      (import "" "sum" (func $sum (param i32) (result i32)))
      (func (export "add") (param i32) (result i32) (call $sum (call $push (local.get 0)))))
    (core instance $main (instantiate $Main (with "" (instance
      (export "push" (func $store "push")) (export "sum" (func $sum "sum"))))))
    (func (export "add") (param "n" u32) (result u32) (canon lift (core func $main "add"))))
  (instance $x (instantiate $Link
    (with "store" (core module $source "store")) (with "sum" (core module $source "sum"))))
  (instance $y (instantiate $Link
    (with "store" (core module $source "store")) (with "sum" (core module $source "sum"))))
  (export "x" (func $x "add"))
  (export "y" (func $y "add")))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "x" (u32.const 5)) (u32.const 5))

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "x" (u32.const 6)) (u32.const 11))

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "y" (u32.const 7)) (u32.const 7))

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "x" (u32.const 8)) (u32.const 19))

;; text: Type Checking: a module that imports more than is declared
(assert_invalid
  (component
    (core module $M (import "a" "b" (func)))
    (component $C (import "m" (core module)))
    (instance (instantiate $C (with "m" (core module $M)))))
  "missing expected import")

;; text: Type Checking: a module that exports less than is declared
(assert_invalid
  (component
    (core module $M)
    (component $C (import "m" (core module (export "f" (func)))))
    (instance (instantiate $C (with "m" (core module $M)))))
  "missing expected export")

;; text: Type Checking: a memory that is smaller than is declared
(assert_invalid
  (component
    (core module $M (memory (export "m") 1))
    (component $C (import "m" (core module (export "m" (memory 2)))))
    (instance (instantiate $C (with "m" (core module $M)))))
  "mismatch in memory limits")
