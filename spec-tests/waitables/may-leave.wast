;; In a post-return function the instance may not be left: every built-in that could
;; block, or that changes tasks, threads or waitables, traps. Storage of the thread
;; and backpressure are no leaving.
;; Text: CanonicalABI.md, "canon lift" and the section of each built-in.

;; The function after `give` does what the number says.
;; text: canon lift: a component whose post-return function calls any built-in
(component definition $D
  (component $Inner
    (core module $Libc
      (memory (export "memory") 1)
      (table (export "table") 8 funcref))
    (core instance $libc (instantiate $Libc))
    (core type $start (func (param i32)))
    (core func $return (canon task.return))
    (core func $index (canon thread.index))
    (core func $new-thread (canon thread.new-indirect $start (core table $libc "table")))
    (core func $resume-later (canon thread.resume-later))
    (core func $suspend (canon thread.suspend))
    (core module $M
      (import "" "return" (func $return))
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
      (func (export "never") (drop (call $suspend)))
      (func (export "soon") (call $block) (call $return)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "return" (func $return)) (export "index" (func $index))
          (export "new-thread" (func $new-thread)) (export "resume-later" (func $resume-later))
          (export "suspend" (func $suspend))))))
    (func (export "never") async (canon lift (core func $m "never") async))
    (func (export "soon") async (canon lift (core func $m "soon") async)))
  (instance $inner (instantiate $Inner))
  (component $User
    (import "inner" (instance $inner
      (export "never" (func async))
      (export "soon" (func async))))
    (core module $Libc
      (memory (export "memory") 1)
      (table (export "table") 8 funcref))
    (core instance $libc (instantiate $Libc))
    (core func $call-never (canon lower (func $inner "never") async (memory $libc "memory")))
    (core func $call-soon (canon lower (func $inner "soon") async (memory $libc "memory")))
    (core type $start (func (param i32)))
    (core func $return (canon task.return))
    (core func $cancel (canon task.cancel))
    (core func $set-new (canon waitable-set.new))
    (core func $wait (canon waitable-set.wait (memory $libc "memory")))
    (core func $poll (canon waitable-set.poll (memory $libc "memory")))
    (core func $set-drop (canon waitable-set.drop))
    (core func $join (canon waitable.join))
    (core func $subtask-cancel-a (canon subtask.cancel async))
    (core func $subtask-drop (canon subtask.drop))
    (core func $new-thread (canon thread.new-indirect $start (core table $libc "table")))
    (core func $set0 (canon context.set i32 0))
    (core func $get0 (canon context.get i32 0))
    (core func $inc (canon backpressure.inc))
    (core func $dec (canon backpressure.dec))
    (core module $M
      (import "" "return" (func $return))
      (import "" "cancel" (func $cancel))
      (import "" "set-new" (func $set-new (result i32)))
      (import "" "wait" (func $wait (param i32 i32) (result i32)))
      (import "" "poll" (func $poll (param i32 i32) (result i32)))
      (import "" "set-drop" (func $set-drop (param i32)))
      (import "" "join" (func $join (param i32 i32)))
      (import "" "subtask-cancel-a" (func $subtask-cancel-a (param i32) (result i32)))
      (import "" "subtask-drop" (func $subtask-drop (param i32)))
      (import "" "new-thread" (func $new-thread (param i32 i32) (result i32)))
      (import "" "set0" (func $set0 (param i32)))
      (import "" "get0" (func $get0 (result i32)))
      (import "" "inc" (func $inc))
      (import "" "dec" (func $dec))
      (import "" "call-never" (func $call-never (result i32)))
      (import "" "call-soon" (func $call-soon (result i32)))
      (import "libc" "memory" (memory 1))
      (import "libc" "table" (table 8 funcref))
      (global $set (mut i32) (i32.const 0))
      (global $thread (mut i32) (i32.const 0))
      (global $never (mut i32) (i32.const 0))
      (global $done (mut i32) (i32.const 0))
      (func $nothing (param i32))
      (elem (table 0) (i32.const 0) func $nothing)
      (table $acts 11 funcref)
      (type $act (func))
      (func $do-return (call $return))
      (func $do-cancel (call $cancel))
      (func $do-set-new (drop (call $set-new)))
      (func $do-wait (drop (call $wait (global.get $set) (i32.const 0))))
      (func $do-poll (drop (call $poll (global.get $set) (i32.const 0))))
      (func $do-set-drop (call $set-drop (global.get $set)))
      (func $do-join (call $join (global.get $never) (global.get $set)))
      (func $do-subtask-cancel-a (drop (call $subtask-cancel-a (global.get $never))))
      (func $do-subtask-drop (call $subtask-drop (global.get $done)))
      (func $do-nothing)
      (func $do-others
        (call $set0 (i32.const 1)) (drop (call $get0))
        (call $inc) (call $dec))
      (elem (table $acts) (i32.const 0) func $do-nothing $do-return $do-cancel
        $do-set-new $do-wait $do-poll $do-set-drop $do-join $do-subtask-cancel-a
        $do-subtask-drop $do-others)
      ;; A set, a suspended thread, a subtask that never resolves, and one that did.
      (func (export "prepare")
        (global.set $thread (call $new-thread (i32.const 0) (i32.const 0)))
        (global.set $never (i32.shr_u (call $call-never) (i32.const 4)))
        (global.set $done (i32.shr_u (call $call-soon) (i32.const 4)))
        (global.set $set (call $set-new))
        (call $join (global.get $done) (global.get $set))
        (drop (call $wait (global.get $set) (i32.const 0)))
        (call $join (global.get $done) (i32.const 0)))
      (func (export "give") (param i32) (result i32) (local.get 0))
      (func (export "act") (param i32) (call_indirect $acts (type $act) (local.get 0))))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "return" (func $return)) (export "cancel" (func $cancel))
          (export "set-new" (func $set-new)) (export "wait" (func $wait))
          (export "poll" (func $poll)) (export "set-drop" (func $set-drop))
          (export "join" (func $join)) (export "subtask-cancel-a" (func $subtask-cancel-a))
          (export "subtask-drop" (func $subtask-drop)) (export "new-thread" (func $new-thread))
          (export "set0" (func $set0)) (export "get0" (func $get0)) (export "inc" (func $inc))
          (export "dec" (func $dec)) (export "call-never" (func $call-never))
          (export "call-soon" (func $call-soon))))))
    (func (export "prepare") async (canon lift (core func $m "prepare")))
    (func (export "give") (param "act" u32) (result u32)
      (canon lift (core func $m "give") (post-return (func $m "act"))))
    (func (export "direct") (param "act" u32) (canon lift (core func $m "act"))))
  (instance $user (instantiate $User (with "inner" (instance $inner))))
  (export "prepare" (func $user "prepare"))
  (export "give" (func $user "give"))
  (export "direct" (func $user "direct")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: lower/may-leave does not hold
;; rule: waitable-set.new/may-leave does not hold
;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i1 "prepare"))

;; Nothing is tried.
;; rule: lift/post-return holds
(assert_return (invoke $i1 "give" (u32.const 0)) (u32.const 0))

;; `context.set`, `context.get`, `backpressure.inc` and `backpressure.dec`.
;; rule: backpressure.inc/limit does not hold
;; rule: backpressure.dec/zero does not hold
(assert_return (invoke $i1 "give" (u32.const 10)) (u32.const 10))

;; In the function itself: `waitable-set.new`.
;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i1 "direct" (u32.const 3)))

;; In the function itself: `waitable-set.poll`.
;; rule: waitable-set.poll/may-leave does not hold
(assert_return (invoke $i1 "direct" (u32.const 5)))

;; In the function itself: `waitable.join`.
;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i1 "direct" (u32.const 7)))

;; In the function itself: `subtask.cancel`.
;; rule: subtask.cancel/may-leave does not hold
(assert_return (invoke $i1 "direct" (u32.const 8)))

;; In the function itself: `subtask.drop`.
;; rule: subtask.drop/may-leave does not hold
(assert_return (invoke $i1 "direct" (u32.const 9)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: lower/may-leave does not hold
(assert_return (invoke $i2 "prepare"))

;; rule: task.return/may-leave holds
(assert_trap (invoke $i2 "give" (u32.const 1)) "task.return/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: lower/may-leave does not hold
(assert_return (invoke $i3 "prepare"))

;; rule: task.cancel/may-leave holds
(assert_trap (invoke $i3 "give" (u32.const 2)) "task.cancel/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: lower/may-leave does not hold
(assert_return (invoke $i4 "prepare"))

;; rule: waitable-set.new/may-leave holds
(assert_trap (invoke $i4 "give" (u32.const 3)) "waitable-set.new/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: lower/may-leave does not hold
(assert_return (invoke $i5 "prepare"))

;; rule: waitable-set.wait/may-leave holds
(assert_trap (invoke $i5 "give" (u32.const 4)) "waitable-set.wait/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: lower/may-leave does not hold
(assert_return (invoke $i6 "prepare"))

;; rule: waitable-set.poll/may-leave holds
(assert_trap (invoke $i6 "give" (u32.const 5)) "waitable-set.poll/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: lower/may-leave does not hold
(assert_return (invoke $i7 "prepare"))

;; rule: waitable-set.drop/may-leave holds
(assert_trap (invoke $i7 "give" (u32.const 6)) "waitable-set.drop/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: lower/may-leave does not hold
(assert_return (invoke $i8 "prepare"))

;; rule: waitable.join/may-leave holds
(assert_trap (invoke $i8 "give" (u32.const 7)) "waitable.join/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; rule: lower/may-leave does not hold
(assert_return (invoke $i9 "prepare"))

;; rule: subtask.cancel/may-leave holds
(assert_trap (invoke $i9 "give" (u32.const 8)) "subtask.cancel/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; rule: lower/may-leave does not hold
(assert_return (invoke $i10 "prepare"))

;; rule: subtask.drop/may-leave holds
(assert_trap (invoke $i10 "give" (u32.const 9)) "subtask.drop/may-leave")
