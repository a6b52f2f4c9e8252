;; While a component is being instantiated it is entered, and so are the
;; components around it: a start function that comes back into an instance on the
;; stack may only stay inside it.
;; Text: CanonicalABI.md, "Component Instances", "Embedding" (`Store.lower`).

;; A start function of P calls C, which calls back into P, which calls the child
;; of the number that `Which` tells: 1 is C itself, 2 another one.
;; text: Component Instances: a call back into a component that is being instantiated
(component definition $Two
  (component $P
    (import "which" (core module $Which (export "which" (func (result i32)))))
    (core module $Back
      (import "which" "which" (func $which (result i32)))
      (type $f (func (result i32)))
      (table (export "children") 3 funcref)
      (global $seen (mut i32) (i32.const 0))
      (func (export "back") (result i32) (call_indirect (type $f) (call $which)))
      (func (export "see") (param i32) (global.set $seen (local.get 0)))
      (func (export "seen") (result i32) (global.get $seen)))
    (core instance $which (instantiate $Which))
    (core instance $back (instantiate $Back (with "which" (instance $which))))
    (func $back (result u32) (canon lift (core func $back "back")))
    (component $C
      (import "back" (func $back (result u32)))
      (core func $back (canon lower (func $back)))
      (core module $M
        (import "" "back" (func $back (result i32)))
        (func (export "forward") (result i32) (i32.add (call $back) (i32.const 1)))
        (func (export "leaf") (result i32) (i32.const 40)))
      (core instance $m (instantiate $M (with "" (instance (export "back" (func $back))))))
      (func (export "forward") (result u32) (canon lift (core func $m "forward")))
      (func (export "leaf") (result u32) (canon lift (core func $m "leaf"))))
    (instance $c1 (instantiate $C (with "back" (func $back))))
    (instance $c2 (instantiate $C (with "back" (func $back))))
    (core func $c1-forward (canon lower (func $c1 "forward")))
    (core func $c1-leaf (canon lower (func $c1 "leaf")))
    (core func $c2-leaf (canon lower (func $c2 "leaf")))
    (core module $Start
      (import "" "children" (table 3 funcref))
      (import "" "forward" (func $forward (result i32)))
      (import "" "c1-leaf" (func $c1 (result i32)))
      (import "" "c2-leaf" (func $c2 (result i32)))
      (import "" "see" (func $see (param i32)))
      (elem (i32.const 1) $c1 $c2)
      (func $start (call $see (call $forward)))
      (start $start))
    (core instance (instantiate $Start (with "" (instance
      (export "children" (table $back "children")) (export "see" (func $back "see"))
      (export "forward" (func $c1-forward))
      (export "c1-leaf" (func $c1-leaf)) (export "c2-leaf" (func $c2-leaf))))))
    (func (export "seen") (result u32) (canon lift (core func $back "seen"))))
  (core module $Which (func (export "which") (result i32) (i32.const 2)))
  (instance $p (instantiate $P (with "which" (core module $Which))))
  (export "seen" (func $p "seen")))

;; rule: instance/may-enter does not hold
(component instance $two $Two)

;; rule: instance/may-enter does not hold
(assert_return (invoke $two "seen") (u32.const 41))

;; The same, but P calls C, which is on the stack.
;; rule: instance/may-enter holds
(assert_trap
  (component
    (component $P
      (import "which" (core module $Which (export "which" (func (result i32)))))
      (core module $Back
        (import "which" "which" (func $which (result i32)))
        (type $f (func (result i32)))
        (table (export "children") 3 funcref)
        (global $seen (mut i32) (i32.const 0))
        (func (export "back") (result i32) (call_indirect (type $f) (call $which)))
        (func (export "see") (param i32) (global.set $seen (local.get 0)))
        (func (export "seen") (result i32) (global.get $seen)))
      (core instance $which (instantiate $Which))
      (core instance $back (instantiate $Back (with "which" (instance $which))))
      (func $back (result u32) (canon lift (core func $back "back")))
      (component $C
        (import "back" (func $back (result u32)))
        (core func $back (canon lower (func $back)))
        (core module $M
          (import "" "back" (func $back (result i32)))
          (func (export "forward") (result i32) (i32.add (call $back) (i32.const 1)))
          (func (export "leaf") (result i32) (i32.const 40)))
        (core instance $m (instantiate $M (with "" (instance (export "back" (func $back))))))
        (func (export "forward") (result u32) (canon lift (core func $m "forward")))
        (func (export "leaf") (result u32) (canon lift (core func $m "leaf"))))
      (instance $c1 (instantiate $C (with "back" (func $back))))
      (instance $c2 (instantiate $C (with "back" (func $back))))
      (core func $c1-forward (canon lower (func $c1 "forward")))
      (core func $c1-leaf (canon lower (func $c1 "leaf")))
      (core func $c2-leaf (canon lower (func $c2 "leaf")))
      (core module $Start
        (import "" "children" (table 3 funcref))
        (import "" "forward" (func $forward (result i32)))
        (import "" "c1-leaf" (func $c1 (result i32)))
        (import "" "c2-leaf" (func $c2 (result i32)))
        (import "" "see" (func $see (param i32)))
        (elem (i32.const 1) $c1 $c2)
        (func $start (call $see (call $forward)))
        (start $start))
      (core instance (instantiate $Start (with "" (instance
        (export "children" (table $back "children")) (export "see" (func $back "see"))
        (export "forward" (func $c1-forward))
        (export "c1-leaf" (func $c1-leaf)) (export "c2-leaf" (func $c2-leaf))))))
      (func (export "seen") (result u32) (canon lift (core func $back "seen"))))
    (core module $Which (func (export "which") (result i32) (i32.const 1)))
    (instance $p (instantiate $P (with "which" (core module $Which)))))
  "instance/may-enter")
