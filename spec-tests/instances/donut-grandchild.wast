;; To enter an instance is to enter every instance around it that the caller is
;; not inside. So a child counts as entered while only its own child runs.
;; Text: CanonicalABI.md, "Component Instances".

;; P contains C, and C contains G1 and G2. `inner` calls G1, past any code of C.
;; G1 calls what its argument says: 0 nothing, 1 a function of P that calls
;; nothing, 2 a function of P that calls C, 3 a function of C that calls
;; nothing, 4 a function of C that calls G2, 5 a function of C that calls G1.
;; text: Component Instances: a parent, a child, two grandchildren
(component definition $P
  (core module $Back
    (type $f (func (result i32)))
    (table (export "child") 1 funcref)
    (func (export "quiet") (result i32) (i32.const 11))
    (func (export "calls-c") (result i32) (call_indirect (type $f) (i32.const 0))))
  (core instance $back (instantiate $Back))
  (func $p-quiet (result u32) (canon lift (core func $back "quiet")))
  (func $p-calls-c (result u32) (canon lift (core func $back "calls-c")))

  (component $C
    (import "p-quiet" (func $p-quiet (result u32)))
    (import "p-calls-c" (func $p-calls-c (result u32)))
    (core module $Own
      (type $f (func (param i32) (result i32)))
      (table (export "children") 3 funcref)
      (func (export "quiet") (result i32) (i32.const 22))
      (func (export "calls-g1") (result i32)
        (call_indirect (type $f) (i32.const 0) (i32.const 1)))
      (func (export "calls-g2") (result i32)
        (call_indirect (type $f) (i32.const 0) (i32.const 2))))
    (core instance $own (instantiate $Own))
    (func $quiet (result u32) (canon lift (core func $own "quiet")))
    (func $calls-g1 (result u32) (canon lift (core func $own "calls-g1")))
    (func $calls-g2 (result u32) (canon lift (core func $own "calls-g2")))

    (component $G
      (import "f1" (func $f1 (result u32)))
      (import "f2" (func $f2 (result u32)))
      (import "f3" (func $f3 (result u32)))
      (import "f4" (func $f4 (result u32)))
      (import "f5" (func $f5 (result u32)))
      (core func $l1 (canon lower (func $f1)))
      (core func $l2 (canon lower (func $f2)))
      (core func $l3 (canon lower (func $f3)))
      (core func $l4 (canon lower (func $f4)))
      (core func $l5 (canon lower (func $f5)))
      (core module $M
        (type $f (func (result i32)))
        (import "" "f1" (func $f1 (result i32)))
        (import "" "f2" (func $f2 (result i32)))
        (import "" "f3" (func $f3 (result i32)))
        (import "" "f4" (func $f4 (result i32)))
        (import "" "f5" (func $f5 (result i32)))
        (table funcref (elem $zero $f1 $f2 $f3 $f4 $f5))
        (func $zero (result i32) (i32.const 0))
        (func (export "run") (param i32) (result i32)
          (i32.add (i32.const 1000) (call_indirect (type $f) (local.get 0)))))
      (core instance $m (instantiate $M (with "" (instance
        (export "f1" (func $l1)) (export "f2" (func $l2)) (export "f3" (func $l3))
        (export "f4" (func $l4)) (export "f5" (func $l5))))))
      (func (export "run") (param "n" u32) (result u32) (canon lift (core func $m "run"))))
    (instance $g1 (instantiate $G
      (with "f1" (func $p-quiet)) (with "f2" (func $p-calls-c))
      (with "f3" (func $quiet)) (with "f4" (func $calls-g2)) (with "f5" (func $calls-g1))))
    (instance $g2 (instantiate $G
      (with "f1" (func $p-quiet)) (with "f2" (func $p-calls-c))
      (with "f3" (func $quiet)) (with "f4" (func $calls-g2)) (with "f5" (func $calls-g1))))
    (core func $g1 (canon lower (func $g1 "run")))
    (core func $g2 (canon lower (func $g2 "run")))
    (core module $Fill
      (import "" "children" (table 3 funcref))
      (import "" "g1" (func $g1 (param i32) (result i32)))
      (import "" "g2" (func $g2 (param i32) (result i32)))
      (elem (i32.const 1) $g1 $g2))
    (core instance (instantiate $Fill (with "" (instance
      (export "children" (table $own "children"))
      (export "g1" (func $g1)) (export "g2" (func $g2))))))
    (export "own" (func $quiet))
    (export "inner" (func $g1 "run")))

  (instance $c (instantiate $C
    (with "p-quiet" (func $p-quiet)) (with "p-calls-c" (func $p-calls-c))))
  (core func $c-own (canon lower (func $c "own")))
  (core func $c-inner (canon lower (func $c "inner")))
  (core module $Front
    (import "" "child" (table 1 funcref))
    (import "" "own" (func $own (result i32)))
    (import "" "inner" (func $inner (param i32) (result i32)))
    (elem (i32.const 0) $own)
    (func (export "inner") (param i32) (result i32) (call $inner (local.get 0)))
    (func (export "own") (result i32) (call $own)))
  (core instance $front (instantiate $Front (with "" (instance
    (export "child" (table $back "child"))
    (export "own" (func $c-own)) (export "inner" (func $c-inner))))))
  (func (export "inner") (param "n" u32) (result u32) (canon lift (core func $front "inner")))
  (func (export "own") (result u32) (canon lift (core func $front "own"))))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "inner" (u32.const 0)) (u32.const 1000))

;; G1 calls P, whose caller it is inside.
;; rule: instance/may-enter does not hold
(assert_return (invoke $p "inner" (u32.const 1)) (u32.const 1011))

;; G1 calls C, inside which it is.
;; rule: instance/may-enter does not hold
(assert_return (invoke $p "inner" (u32.const 3)) (u32.const 1022))

;; G1 calls C, which calls G2, which is not on the stack.
;; rule: instance/may-enter does not hold
(assert_return (invoke $p "inner" (u32.const 4)) (u32.const 2000))

;; After `inner` has returned, C may be entered.
;; rule: instance/may-enter does not hold
(assert_return (invoke $p "own") (u32.const 22))

;; P calls C while G1 runs. No code of C is on the stack, but C was entered with G1.
;; rule: instance/may-enter holds
(assert_trap (invoke $p "inner" (u32.const 2)) "instance/may-enter")

;; text: Instance Definitions: a fresh instance
(component instance $p2 $P)

;; C calls G1, which is on the stack.
;; rule: instance/may-enter holds
(assert_trap (invoke $p2 "inner" (u32.const 5)) "instance/may-enter")
