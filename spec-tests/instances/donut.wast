;; A parent that wraps its children may be entered again by them, because a call
;; from a child into its parent stays inside the parent. A child that is already
;; on the stack may not be entered a second time, not even by its parent.
;; Text: CanonicalABI.md, "Component Instances".

;; `P` holds three children. `via-c1` calls C1, which calls C2, which calls the
;; lifted function `back` of P itself; `back` answers 1 when its argument is 0,
;; and otherwise calls the child of that number. C1 and C2 answer twice what
;; they got, plus one; C3 answers 50.
;; text: Component Instances: a parent with three children that wraps two of them
(component definition $P
  (core module $Back
    (type $f (func (param i32) (result i32)))
    (table (export "children") 4 funcref)
    (func (export "back") (param $n i32) (result i32)
      (if (result i32) (local.get $n)
        (then (call_indirect (type $f) (i32.const 0) (local.get $n)))
        (else (i32.const 1)))))
  (core instance $back (instantiate $Back))
  (func $back (param "n" u32) (result u32) (canon lift (core func $back "back")))

  (component $Link
    (import "next" (func $next (param "n" u32) (result u32)))
    (core func $next (canon lower (func $next)))
    (core module $M
      (import "" "next" (func $next (param i32) (result i32)))
      (func (export "run") (param i32) (result i32)
        (i32.add
          (i32.mul (call $next (local.get 0)) (i32.const 2))
          (i32.const 1))))
    (core instance $m (instantiate $M (with "" (instance (export "next" (func $next))))))
    (func (export "run") (param "n" u32) (result u32) (canon lift (core func $m "run"))))
  (component $Leaf
    (core module $M (func (export "run") (param i32) (result i32) (i32.const 50)))
    (core instance $m (instantiate $M))
    (func (export "run") (param "n" u32) (result u32) (canon lift (core func $m "run"))))

  (instance $c2 (instantiate $Link (with "next" (func $back))))
  (instance $c1 (instantiate $Link (with "next" (func $c2 "run"))))
  (instance $c3 (instantiate $Leaf))
  (core func $c1 (canon lower (func $c1 "run")))
  (core func $c2 (canon lower (func $c2 "run")))
  (core func $c3 (canon lower (func $c3 "run")))

  (core module $Front
    (import "" "children" (table 4 funcref))
    (import "" "c1" (func $c1 (param i32) (result i32)))
    (import "" "c2" (func $c2 (param i32) (result i32)))
    (import "" "c3" (func $c3 (param i32) (result i32)))
    (elem (i32.const 1) $c1 $c2 $c3)
    (func (export "via-c1") (param i32) (result i32) (call $c1 (local.get 0)))
    (func (export "via-c3") (param i32) (result i32) (call $c3 (local.get 0))))
  (core instance $front (instantiate $Front (with "" (instance
    (export "children" (table $back "children"))
    (export "c1" (func $c1)) (export "c2" (func $c2)) (export "c3" (func $c3))))))
  (func (export "via-c1") (param "n" u32) (result u32) (canon lift (core func $front "via-c1")))
  (func (export "via-c3") (param "n" u32) (result u32) (canon lift (core func $front "via-c3")))
  (func (export "back") (param "n" u32) (result u32) (canon lift (core func $back "back")))
  (export "c3" (func $c3 "run")))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; The whole way: the host, P, C1, C2, P again. 1, 3, 7.
;; rule: instance/may-enter does not hold
;; rule: lower/may-leave does not hold
(assert_return (invoke $p "via-c1" (u32.const 0)) (u32.const 7))

;; Leaving takes back what entering marked, so the same call works again.
;; rule: instance/may-enter does not hold
(assert_return (invoke $p "via-c1" (u32.const 0)) (u32.const 7))

;; At the end of the same chain, P calls a child that is not on the stack.
;; rule: instance/may-enter does not hold
(assert_return (invoke $p "via-c1" (u32.const 3)) (u32.const 203))

;; A child is entered alone from its parent, or with its parent from the host.
;; rule: instance/may-enter does not hold
(assert_return (invoke $p "via-c3" (u32.const 0)) (u32.const 50))

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "c3" (u32.const 0)) (u32.const 50))

;; P enters C1 from `back`, whose caller the host is: nothing is on the stack
;; but P, so C1 and C2 may be entered, and C2 comes back into P.
;; rule: instance/may-enter does not hold
(assert_return (invoke $p "back" (u32.const 1)) (u32.const 7))

;; At the end of the chain P calls C1, which is on the stack.
;; rule: instance/may-enter holds
(assert_trap (invoke $p "via-c1" (u32.const 1)) "instance/may-enter")

;; text: Instance Definitions: a fresh instance
(component instance $p2 $P)

;; The same with C2, which is the caller of P.
;; rule: instance/may-enter holds
(assert_trap (invoke $p2 "via-c1" (u32.const 2)) "instance/may-enter")
