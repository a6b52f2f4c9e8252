;; After a trap, no instance that was entered when it happened can be entered
;; again, so that nobody sees the state that the trap left behind.
;; Text: Explainer.md, "Component Invariants" (the first); CanonicalABI.md,
;; "Component Instances" (a trap leaves the marks of `enter_from` standing).

;; `caller` calls `a`; `b` is never called by another. P has functions of its own.
;; text: Component Invariants: a parent that re-exports three children
(component definition $P
  (component $Child
    (core module $M
      (func (export "fine") (result i32) (i32.const 1))
      (func (export "fails") (unreachable)))
    (core instance $m (instantiate $M))
    (func (export "fine") (result u32) (canon lift (core func $m "fine")))
    (func (export "fails") (canon lift (core func $m "fails"))))
  (instance $a (instantiate $Child))
  (instance $b (instantiate $Child))
  (component $Caller
    (import "a" (instance $a (export "fails" (func))))
    (core func $a-fails (canon lower (func $a "fails")))
    (func (export "calls-a") (canon lift (core func $a-fails))))
  (instance $caller (instantiate $Caller (with "a" (instance $a))))
  (core module $M
    (func (export "fine") (result i32) (i32.const 2))
    (func (export "fails") (unreachable)))
  (core instance $m (instantiate $M))
  (func (export "fine") (result u32) (canon lift (core func $m "fine")))
  (func (export "fails") (canon lift (core func $m "fails")))
  (export "calls-a" (func $caller "calls-a"))
  (export "a-fine" (func $a "fine"))
  (export "a-fails" (func $a "fails"))
  (export "b-fine" (func $b "fine")))

;; text: Instance Definitions: a fresh instance
(component instance $p1 $P)

;; rule: instance/may-enter does not hold
(assert_return (invoke $p1 "fine") (u32.const 2))

;; rule: instance/may-enter does not hold
(assert_return (invoke $p1 "b-fine") (u32.const 1))

;; P itself traps.
;; text: Component Invariants: a core trap
(assert_trap (invoke $p1 "fails") "unreachable")

;; rule: instance/may-enter holds
(assert_trap (invoke $p1 "fine") "instance/may-enter")

;; It stays so.
;; rule: instance/may-enter holds
(assert_trap (invoke $p1 "fine") "instance/may-enter")

;; A child that was never on the stack cannot be entered from the host either,
;; since that enters P.
;; rule: instance/may-enter holds
(assert_trap (invoke $p1 "b-fine") "instance/may-enter")

;; text: Instance Definitions: a fresh instance, which the trap of the other does not touch
(component instance $p2 $P)

;; rule: instance/may-enter does not hold
(assert_return (invoke $p2 "fine") (u32.const 2))

;; A child traps while another calls it: both are poisoned, and P around them.
;; text: Component Invariants: a core trap in a child
(assert_trap (invoke $p2 "calls-a") "unreachable")

;; rule: instance/may-enter holds
(assert_trap (invoke $p2 "calls-a") "instance/may-enter")

;; rule: instance/may-enter holds
(assert_trap (invoke $p2 "a-fine") "instance/may-enter")

;; rule: instance/may-enter holds
(assert_trap (invoke $p2 "fine") "instance/may-enter")

;; text: Instance Definitions: a fresh instance
(component instance $p3 $P)

;; The host calls the child, which enters P as well, though no code of P runs.
;; text: Component Invariants: a core trap in a child
(assert_trap (invoke $p3 "a-fails") "unreachable")

;; rule: instance/may-enter holds
(assert_trap (invoke $p3 "fine") "instance/may-enter")
