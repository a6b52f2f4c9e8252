;; What a callback is called with, and what the codes mean that it and the function itself
;; return: 0 ends, 1 yields, 2 waits for the waitable set in the upper 28 bits.
;; Text: CanonicalABI.md, "canon lift" (`unpack_callback_result`).

;; text: canon lift: functions with a callback that notes what it is called with
(component definition $T
  (component $C
    (core module $Libc
      (memory (export "memory") 1)
      (table (export "table") 8 funcref))
    (core instance $libc (instantiate $Libc))
    (core type $start (func (param i32)))
    (core func $return-u32 (canon task.return (result u32)))
    (core func $index (canon thread.index))
    (core func $new-thread (canon thread.new-indirect $start (core table $libc "table")))
    (core func $resume-later (canon thread.resume-later))
    (core func $suspend (canon thread.suspend))
    (core module $M
      (import "" "return-u32" (func $return-u32 (param i32)))
      (import "" "index" (func $index (result i32)))
      (import "" "new-thread" (func $new-thread (param i32 i32) (result i32)))
      (import "" "resume-later" (func $resume-later (param i32)))
      (import "" "suspend" (func $suspend (result i32)))
      (import "libc" "memory" (memory 1))
      (import "libc" "table" (table 8 funcref))
      ;; Blocks in every schedule, and is woken by a thread of its own.
      (func $waker (param i32) (call $resume-later (local.get 0)))
      (func $block
        (call $resume-later (call $new-thread (i32.const 7) (call $index)))
        (drop (call $suspend)))
      (elem (table 0) (i32.const 7) func $waker)
      (func (export "other") (call $block) (call $return-u32 (i32.const 3))))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "return-u32" (func $return-u32)) (export "index" (func $index))
          (export "new-thread" (func $new-thread)) (export "resume-later" (func $resume-later))
          (export "suspend" (func $suspend))))))
    (func (export "other") async (result u32) (canon lift (core func $m "other") async)))
  (instance $c (instantiate $C))
  (component $D
    (import "c" (instance $c (export "other" (func async (result u32)))))
    (core module $Libc
      (memory (export "memory") 1))
    (core instance $libc (instantiate $Libc))
    (core func $return (canon task.return (result u32)))
    (core func $other0 (canon lower (func $c "other") async (memory $libc "memory")))
    (core module $Fix
      (import "" "other" (func $other (param i32) (result i32)))
      (func (export "other") (result i32) (call $other (i32.const 64))))
    (core instance $fix (instantiate $Fix (with "" (instance (export "other" (func $other0))))))
    (alias core export $fix "other" (core func $other))
    (core func $set-new (canon waitable-set.new))
    (core func $join (canon waitable.join))
    (core module $M
      (import "" "set-new" (func $set-new (result i32)))
      (import "" "join" (func $join (param i32 i32)))
      (import "" "return" (func $return (param i32)))
      (import "" "other" (func $other (result i32)))
      (import "libc" "memory" (memory 1))
      (global $end (mut i32) (i32.const 1024))
      (func $log (param i32)
        (i32.store (global.get $end) (local.get 0))
        (global.set $end (i32.add (global.get $end) (i32.const 4))))
      (func $logged (result i32)
        (i32.store (i32.const 16) (i32.const 1024))
        (i32.store (i32.const 20)
          (i32.shr_u (i32.sub (global.get $end) (i32.const 1024)) (i32.const 2)))
        (i32.const 16))
      (global $count (mut i32) (i32.const 0))
      ;; A subtask that resolves later, in a new set: the code for waiting for it.
      (func $wait-for-other (result i32) (local $s i32) (local $r i32)
        (local.set $s (call $set-new))
        (local.set $r (call $other))
        (call $join (i32.shr_u (local.get $r) (i32.const 4)) (local.get $s))
        (i32.or (i32.const 2) (i32.shl (local.get $s) (i32.const 4))))
      (func $note (param i32 i32 i32)
        (global.set $count (i32.add (global.get $count) (i32.const 1)))
        (call $log (local.get 0))
        (call $log (local.get 1))
        (call $log (local.get 2)))
      (func (export "waits") (result i32) (call $wait-for-other))
      (func (export "yields") (result i32) (i32.const 1))
      ;; What is above the code does not matter here.
      (func (export "yields-high") (result i32) (i32.const 0xffff_fff1))
      (func (export "exit-high") (result i32) (call $return (i32.const 9)) (i32.const 0xffff_fff0))
      (func (export "code") (param i32) (result i32) (call $return (i32.const 8)) (local.get 0))
      (func (export "code-callback") (param i32 i32 i32) (result i32) (i32.const 0))
      ;; Notes the event, yields twice, waits once, and then returns how often it was called.
      (func (export "callback") (param i32 i32 i32) (result i32)
        (call $note (local.get 0) (local.get 1) (local.get 2))
        (if (i32.lt_u (global.get $count) (i32.const 3)) (then (return (i32.const 1))))
        (if (i32.eq (global.get $count) (i32.const 3)) (then (return (call $wait-for-other))))
        (call $return (global.get $count))
        (i32.const 0))
      (func (export "set") (result i32) (call $set-new))
      (func (export "log") (result i32) (call $logged)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "set-new" (func $set-new)) (export "join" (func $join))
          (export "return" (func $return)) (export "other" (func $other))))))
    (func (export "waits") async (result u32)
      (canon lift (core func $m "waits") async (callback (func $m "callback"))))
    (func (export "yields") async (result u32)
      (canon lift (core func $m "yields") async (callback (func $m "callback"))))
    (func (export "yields-high") async (result u32)
      (canon lift (core func $m "yields-high") async (callback (func $m "callback"))))
    (func (export "exit-high") async (result u32)
      (canon lift (core func $m "exit-high") async (callback (func $m "callback"))))
    (func (export "code") async (param "code" u32) (result u32)
      (canon lift (core func $m "code") async (callback (func $m "code-callback"))))
    (func (export "set") (result u32) (canon lift (core func $m "set")))
    (func (export "log") (result (list u32))
      (canon lift (core func $m "log") (memory $libc "memory"))))
  (instance $d (instantiate $D (with "c" (instance $c))))
  (export "waits" (func $d "waits"))
  (export "yields" (func $d "yields"))
  (export "yields-high" (func $d "yields-high"))
  (export "exit-high" (func $d "exit-high"))
  (export "code" (func $d "code"))
  (export "set" (func $d "set"))
  (export "log" (func $d "log")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $T)

;; rule: callback/yield does not hold
;; rule: callback/waitable-set does not hold
;; rule: waitable-set/cancelled does not hold
;; rule: callback/code does not hold
;; rule: callback/yield holds
;; rule: callback/cancelled does not hold
(assert_return (invoke $i1 "waits") (u32.const 4))

;; The subtask at 2 has returned (2); nothing (0) twice, for the two yields; and then
;; the subtask at 4, since the first one was not dropped.
;; text: canon lift: what the callback was called with
(assert_return (invoke $i1 "log")
  (list.const (u32.const 1) (u32.const 2) (u32.const 2) (u32.const 0) (u32.const 0)
    (u32.const 0) (u32.const 0) (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 4)
    (u32.const 2)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $T)

;; rule: callback/yield holds
;; rule: callback/cancelled does not hold
(assert_return (invoke $i2 "yields") (u32.const 4))

;; text: canon lift: what the callback was called with
(assert_return (invoke $i2 "log")
  (list.const (u32.const 0) (u32.const 0) (u32.const 0) (u32.const 0) (u32.const 0)
    (u32.const 0) (u32.const 0) (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 2)
    (u32.const 2)))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $T)

;; rule: callback/yield holds
(assert_return (invoke $i3 "yields-high") (u32.const 4))

;; rule: callback/exit holds
(assert_return (invoke $i3 "exit-high") (u32.const 9))

;; text: Instance Definitions: a fresh instance
(component instance $i4 $T)

;; rule: callback/exit holds
(assert_return (invoke $i4 "code" (u32.const 0)) (u32.const 8))

;; rule: callback/exit does not hold
(assert_return (invoke $i4 "code" (u32.const 1)) (u32.const 8))

;; rule: callback/code holds
(assert_trap (invoke $i4 "code" (u32.const 3)) "callback/code")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $T)

;; rule: callback/code holds
(assert_trap (invoke $i5 "code" (u32.const 15)) "callback/code")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $T)

;; The code is 2, and index 0 is never used.
;; rule: table.get/empty holds
(assert_trap (invoke $i6 "code" (u32.const 2)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $T)

;; Index 2 is past the end.
;; rule: table.get/bounds holds
(assert_trap (invoke $i7 "code" (u32.const 34)) "table.get/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $T)

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i8 "set") (u32.const 1))

;; rule: callback/exit does not hold
(assert_return (invoke $i8 "waits") (u32.const 4))

;; At 3 is a subtask.
;; rule: callback/waitable-set holds
(assert_trap (invoke $i8 "code" (u32.const 50)) "callback/waitable-set")
