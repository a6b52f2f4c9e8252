;; `task.return` resolves the task of an `async` lift once, with a value of the declared
;; type, lifted with the options of the lift; the task may go on after it.
;; Text: CanonicalABI.md, "canon task.return", "Tasks" (`return_`), "canon lift".

;; text: canon task.return: functions that return rightly and wrongly
(component definition $D
  (core module $Libc
    (memory (export "memory") 1))
  (core instance $libc (instantiate $Libc))
  (core instance $other (instantiate $Libc))
  (core func $ret-s32 (canon task.return (result s32)))
  (core func $ret-none (canon task.return))
  (core func $ret-text (canon task.return (result string) (memory $libc "memory")))
  (core func $ret-text16
    (canon task.return (result string) (memory $libc "memory") string-encoding=utf16))
  (core func $ret-text-other (canon task.return (result string) (memory $other "memory")))
  (core func $return-u32 (canon task.return (result u32)))
  (core module $M
    (import "" "return-u32" (func $return-u32 (param i32)))
    (import "" "ret-s32" (func $ret-s32 (param i32)))
    (import "" "ret-none" (func $ret-none))
    (import "" "ret-text" (func $ret-text (param i32 i32)))
    (import "" "ret-text16" (func $ret-text16 (param i32 i32)))
    (import "" "ret-text-other" (func $ret-text-other (param i32 i32)))
    (import "libc" "memory" (memory 1))
    (global $after (mut i32) (i32.const 0))
    (func (export "value") (param i32) (call $return-u32 (local.get 0)))
    (func (export "goes-on") (param i32)
      (call $return-u32 (local.get 0))
      (global.set $after (i32.add (local.get 0) (i32.const 1))))
    (func (export "after") (result i32) (global.get $after))
    (func (export "twice") (param i32)
      (call $return-u32 (local.get 0))
      (call $return-u32 (local.get 0)))
    (func (export "s32") (param i32) (call $ret-s32 (local.get 0)))
    (func (export "none") (param i32) (call $ret-none))
    (func (export "callback-start") (param i32) (result i32)
      (call $return-u32 (local.get 0))
      (i32.const 0))
    (func (export "callback") (param i32 i32 i32) (result i32) (unreachable))
    (data (i32.const 64) "text")
    (func (export "text") (call $ret-text (i32.const 64) (i32.const 4)))
    (func (export "text16") (call $ret-text16 (i32.const 64) (i32.const 2)))
    (func (export "text-other") (call $ret-text-other (i32.const 64) (i32.const 4))))
  (core instance $m (instantiate $M
    (with "libc" (instance $libc))
    (with "" (instance
      (export "return-u32" (func $return-u32)) (export "ret-s32" (func $ret-s32))
        (export "ret-none" (func $ret-none)) (export "ret-text" (func $ret-text))
        (export "ret-text16" (func $ret-text16))
        (export "ret-text-other" (func $ret-text-other))))))
  (func (export "value") async (param "x" u32) (result u32)
    (canon lift (core func $m "value") async))
  (func (export "goes-on") async (param "x" u32) (result u32)
    (canon lift (core func $m "goes-on") async))
  (func (export "after") (result u32) (canon lift (core func $m "after")))
  (func (export "twice") async (param "x" u32) (result u32)
    (canon lift (core func $m "twice") async))
  (func (export "s32") async (param "x" u32) (result u32)
    (canon lift (core func $m "s32") async))
  (func (export "none") async (param "x" u32) (result u32)
    (canon lift (core func $m "none") async))
  (func (export "callback") async (param "x" u32) (result u32)
    (canon lift (core func $m "callback-start") async (callback (func $m "callback"))))
  (func (export "text") async (result string)
    (canon lift (core func $m "text") async (memory $libc "memory")))
  (func (export "text16") async (result string)
    (canon lift (core func $m "text16") async (memory $libc "memory")))
  (func (export "text-other") async (result string)
    (canon lift (core func $m "text-other") async (memory $libc "memory"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: lift/async holds
;; rule: lift/callback does not hold
;; rule: task.return/sync does not hold
;; rule: task.return/type does not hold
;; rule: task.return/options does not hold
;; rule: task.return/resolved does not hold
;; rule: task.exit/unresolved does not hold
(assert_return (invoke $i1 "value" (u32.const 5)) (u32.const 5))

;; rule: task.return/resolved does not hold
(assert_return (invoke $i1 "goes-on" (u32.const 40)) (u32.const 40))

;; What stands after `task.return` was done.
;; rule: lift/async does not hold
(assert_return (invoke $i1 "after") (u32.const 41))

;; rule: lift/callback holds
;; rule: callback/exit holds
(assert_return (invoke $i1 "callback" (u32.const 6)) (u32.const 6))

;; rule: task.return/options does not hold
(assert_return (invoke $i1 "text") (str.const "text"))

;; rule: task.return/resolved holds
(assert_trap (invoke $i1 "twice" (u32.const 1)) "task.return/resolved")

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; The core types are the same.
;; rule: task.return/type holds
(assert_trap (invoke $i2 "s32" (u32.const 1)) "task.return/type")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: task.return/type holds
(assert_trap (invoke $i3 "none" (u32.const 1)) "task.return/type")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; In another encoding than that of the lift.
;; rule: task.return/options holds
(assert_trap (invoke $i4 "text16") "task.return/options")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; From another memory than that of the lift, though it has the same module.
;; rule: task.return/options holds
(assert_trap (invoke $i5 "text-other") "task.return/options")
