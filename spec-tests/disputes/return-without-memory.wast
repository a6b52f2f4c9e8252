;; DISPUTED: this file follows the text; the tests that stand beside the text want the
;; opposite. `task.return` compares its memory with that of the lift whatever the result is.
;; So leaving it out, for a result that needs none, traps where the lift has one, and giving
;; one traps where the lift has none.
;; Text: CanonicalABI.md, "canon task.return" (`LiftOptions.equal`).

;; text: canon task.return: lifts and returns with and without a memory
(component definition $D
  (core module $Libc
    (memory (export "memory") 1))
  (core instance $libc (instantiate $Libc))
  (core func $ret-mem (canon task.return (result u32) (memory $libc "memory")))
  (core func $return-u32 (canon task.return (result u32)))
  (core module $M
    (import "" "return-u32" (func $return-u32 (param i32)))
    (import "" "ret-mem" (func $ret-mem (param i32)))
    (import "libc" "memory" (memory 1))
    (func (export "without") (call $return-u32 (i32.const 1)))
    (func (export "with") (call $ret-mem (i32.const 2))))
  (core instance $m (instantiate $M
    (with "libc" (instance $libc))
    (with "" (instance
      (export "return-u32" (func $return-u32)) (export "ret-mem" (func $ret-mem))))))
  (func (export "without-with") async (result u32)
    (canon lift (core func $m "without") async (memory $libc "memory")))
  (func (export "with-with") async (result u32)
    (canon lift (core func $m "with") async (memory $libc "memory")))
  (func (export "without-without") async (result u32)
    (canon lift (core func $m "without") async))
  (func (export "with-without") async (result u32)
    (canon lift (core func $m "with") async)))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: task.return/options does not hold
(assert_return (invoke $i1 "without-without") (u32.const 1))

;; rule: task.return/options does not hold
(assert_return (invoke $i1 "with-with") (u32.const 2))

;; rule: task.return/options holds
(assert_trap (invoke $i1 "without-with") "task.return/options")

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: task.return/options holds
(assert_trap (invoke $i2 "with-without") "task.return/options")
