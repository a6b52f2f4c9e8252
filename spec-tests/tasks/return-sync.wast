;; A function that is lifted synchronously returns by returning: it may not call
;; `task.return`, whether its type is `async` or not.
;; Text: CanonicalABI.md, "canon task.return".

;; text: canon task.return: a function that returns twice over
(component definition $D
  (core func $return-u32 (canon task.return (result u32)))
  (core module $M
    (import "" "return-u32" (func $return-u32 (param i32)))
    (func (export "sync") (param i32) (result i32)
      (call $return-u32 (local.get 0))
      (local.get 0)))
  (core instance $m (instantiate $M
    (with "" (instance
      (export "return-u32" (func $return-u32))))))
  (func (export "sync") (param "x" u32) (result u32) (canon lift (core func $m "sync")))
  (func (export "sync-of-async") async (param "x" u32) (result u32)
    (canon lift (core func $m "sync"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; The function's type is `async`, but not its lift.
;; rule: task.return/sync holds
(assert_trap (invoke $i1 "sync-of-async" (u32.const 1)) "task.return/sync")

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: task.return/sync holds
(assert_trap (invoke $i2 "sync" (u32.const 1)) "task.return/sync")
