;; A trap in `realloc` or in `post-return` is a trap of the call, even when the
;; function itself has returned.
;; Text: CanonicalABI.md, "canon lift", "Lifting and Lowering Context".

;; text: canon lift: functions whose `realloc` or `post-return` traps
(component definition $D
  (core module $M
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable))
    (func (export "take") (param i32 i32))
    (func (export "same") (param i32) (result i32) (local.get 0))
    (func (export "after") (param i32) (if (local.get 0) (then (unreachable)))))
  (core instance $m (instantiate $M))
  (func (export "take") (param "s" string)
    (canon lift (core func $m "take") (memory $m "memory") (realloc (func $m "realloc"))))
  (func (export "flat") (param "n" u32) (result u32)
    (canon lift (core func $m "same")
      (memory $m "memory") (realloc (func $m "realloc")) (post-return (func $m "after")))))

;; text: Instance Definitions: a fresh instance
(component instance $d $D)

;; Nothing is allocated, and `post-return` is content with 0.
;; rule: lift/post-return holds
(assert_return (invoke $d "flat" (u32.const 0)) (u32.const 0))

;; rule: instance/may-enter does not hold
(assert_return (invoke $d "flat" (u32.const 0)) (u32.const 0))

;; text: canon lift: a core trap in `post-return`
(assert_trap (invoke $d "flat" (u32.const 1)) "unreachable")

;; The instance was entered when that happened.
;; rule: instance/may-enter holds
(assert_trap (invoke $d "flat" (u32.const 0)) "instance/may-enter")

;; text: Instance Definitions: a fresh instance
(component instance $d2 $D)

;; text: Lifting and Lowering Context: a core trap in `realloc`
(assert_trap (invoke $d2 "take" (str.const "abc")) "unreachable")

;; rule: instance/may-enter holds
(assert_trap (invoke $d2 "flat" (u32.const 0)) "instance/may-enter")
