;; Component instances that are put together from exports, nested in one another,
;; and reached through them; and state that belongs to one instance.
;; Text: Explainer.md, "Instance Definitions", "Alias Definitions".

;; text: Instance Definitions: instances made of exports, and two instances of one component
(component definition $P
  (component $Counter
    (core module $M
      (global $n (mut i32) (i32.const 0))
      (func (export "next") (result i32)
        (global.set $n (i32.add (global.get $n) (i32.const 1)))
        (global.get $n)))
    (core instance $m (instantiate $M))
    (func $next (result u32) (canon lift (core func $m "next")))
    (instance $inner (export "next" (func $next)))
    (instance $outer (export "inner" (instance $inner)))
    (export "outer" (instance $outer))
    (export "next" (func $next)))
  (instance $a (instantiate $Counter))
  (instance $b (instantiate $Counter))
  (instance $both
    (export "a" (instance $a))
    (export "b" (instance $b))
    (export "f" (func $a "next")))
  ;; through two and three levels, with an alias and with the inline form
  (alias export $both "b" (instance $b-again))
  (export "a-next" (func $both "a" "outer" "inner" "next"))
  (export "b-next" (func $b-again "next"))
  (export "f" (func $both "f"))

  ;; a component that gets the instance, and passes a part of it on
  (component $Pass
    (import "both" (instance $both
      (export "b" (instance (export "next" (func (result u32)))))))
    (export "b" (instance $both "b")))
  (instance $pass (instantiate $Pass (with "both" (instance $both))))
  (export "b-passed" (func $pass "b" "next")))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "a-next") (u32.const 1))

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "f") (u32.const 2))

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "b-next") (u32.const 1))

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "b-passed") (u32.const 2))

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "a-next") (u32.const 3))

;; text: Instance Definitions: another instance, with state of its own
(component instance $p2 $P)

;; rule: instance/may-enter does not hold
(assert_return (invoke $p2 "a-next") (u32.const 1))

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "a-next") (u32.const 4))

;; text: Name Uniqueness: two exports of one name in an instance
(assert_invalid
  (component
    (import "f" (func $f))
    (instance (export "a" (func $f)) (export "a" (func $f))))
  "conflicts with previous name")

;; text: Instance Definitions: an import that no argument answers
(assert_invalid
  (component
    (component $C (import "f" (func)))
    (instance (instantiate $C)))
  "missing import named `f`")

;; text: Type Checking: an argument of another sort
(assert_invalid
  (component
    (component $C (import "f" (func)))
    (component $D)
    (instance (instantiate $C (with "f" (component $D)))))
  "expected func")

;; text: Type Checking: a function with another parameter name
(assert_invalid
  (component
    (import "f" (func $f (param "x" u32)))
    (component $C (import "f" (func (param "y" u32))))
    (instance (instantiate $C (with "f" (func $f)))))
  "parameter")

;; text: Type Checking: a function with another result
(assert_invalid
  (component
    (import "f" (func $f (result u32)))
    (component $C (import "f" (func (result s32))))
    (instance (instantiate $C (with "f" (func $f)))))
  "result")

;; text: Type Checking: an instance that lacks an export
(assert_invalid
  (component
    (import "i" (instance $i (export "a" (func))))
    (component $C (import "i" (instance (export "a" (func)) (export "b" (func)))))
    (instance (instantiate $C (with "i" (instance $i)))))
  "missing expected export `b`")
