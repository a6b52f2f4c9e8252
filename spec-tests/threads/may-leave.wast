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
    (core func $index (canon thread.index))
    (core func $new-thread (canon thread.new-indirect $start (core table $libc "table")))
    (core func $resume-later (canon thread.resume-later))
    (core func $suspend (canon thread.suspend))
    (core func $yield (canon thread.yield))
    (core func $suspend-resume (canon thread.suspend-then-resume))
    (core func $yield-resume (canon thread.yield-then-resume))
    (core func $suspend-promote (canon thread.suspend-then-promote))
    (core func $yield-promote (canon thread.yield-then-promote))
    (core func $set-new (canon waitable-set.new))
    (core func $join (canon waitable.join))
    (core func $wait (canon waitable-set.wait (memory $libc "memory")))
    (core func $set0 (canon context.set i32 0))
    (core func $get0 (canon context.get i32 0))
    (core func $inc (canon backpressure.inc))
    (core func $dec (canon backpressure.dec))
    (core module $M
      (import "" "index" (func $index (result i32)))
      (import "" "new-thread" (func $new-thread (param i32 i32) (result i32)))
      (import "" "resume-later" (func $resume-later (param i32)))
      (import "" "suspend" (func $suspend (result i32)))
      (import "" "yield" (func $yield (result i32)))
      (import "" "suspend-resume" (func $suspend-resume (param i32) (result i32)))
      (import "" "yield-resume" (func $yield-resume (param i32) (result i32)))
      (import "" "suspend-promote" (func $suspend-promote (param i32) (result i32)))
      (import "" "yield-promote" (func $yield-promote (param i32) (result i32)))
      (import "" "set-new" (func $set-new (result i32)))
      (import "" "join" (func $join (param i32 i32)))
      (import "" "wait" (func $wait (param i32 i32) (result i32)))
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
      (func $do-index (drop (call $index)))
      (func $do-new-thread (drop (call $new-thread (i32.const 0) (i32.const 0))))
      (func $do-resume-later (call $resume-later (global.get $thread)))
      (func $do-suspend (drop (call $suspend)))
      (func $do-yield (drop (call $yield)))
      (func $do-suspend-resume (drop (call $suspend-resume (global.get $thread))))
      (func $do-yield-resume (drop (call $yield-resume (global.get $thread))))
      (func $do-suspend-promote (drop (call $suspend-promote (global.get $thread))))
      (func $do-yield-promote (drop (call $yield-promote (global.get $thread))))
      (func $do-nothing)
      (func $do-others
        (call $set0 (i32.const 1)) (drop (call $get0))
        (call $inc) (call $dec))
      (elem (table $acts) (i32.const 0) func $do-nothing $do-index
        $do-new-thread $do-resume-later $do-suspend $do-yield $do-suspend-resume
        $do-yield-resume $do-suspend-promote $do-yield-promote $do-others)
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
        (export "index" (func $index)) (export "new-thread" (func $new-thread))
          (export "resume-later" (func $resume-later)) (export "suspend" (func $suspend))
          (export "yield" (func $yield)) (export "suspend-resume" (func $suspend-resume))
          (export "yield-resume" (func $yield-resume))
          (export "suspend-promote" (func $suspend-promote))
          (export "yield-promote" (func $yield-promote)) (export "set-new" (func $set-new))
          (export "join" (func $join)) (export "wait" (func $wait)) (export "set0" (func $set0))
          (export "get0" (func $get0)) (export "inc" (func $inc)) (export "dec" (func $dec))
          (export "call-never" (func $call-never)) (export "call-soon" (func $call-soon))))))
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

;; In the function itself: `thread.index`.
;; rule: thread.index/may-leave does not hold
(assert_return (invoke $i1 "direct" (u32.const 1)))

;; In the function itself: `thread.new-indirect`.
;; rule: thread.new-indirect/may-leave does not hold
(assert_return (invoke $i1 "direct" (u32.const 2)))

;; In the function itself: `thread.yield`.
;; rule: thread.yield/may-leave does not hold
(assert_return (invoke $i1 "direct" (u32.const 5)))

;; In the function itself: `thread.yield-then-promote`.
;; rule: thread.yield-then-promote/may-leave does not hold
(assert_return (invoke $i1 "direct" (u32.const 9)))

;; In the function itself: `thread.yield-then-resume`.
;; rule: thread.yield-then-resume/may-leave does not hold
(assert_return (invoke $i1 "direct" (u32.const 7)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: lower/may-leave does not hold
(assert_return (invoke $i2 "prepare"))

;; rule: thread.index/may-leave holds
(assert_trap (invoke $i2 "give" (u32.const 1)) "thread.index/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: lower/may-leave does not hold
(assert_return (invoke $i3 "prepare"))

;; rule: thread.new-indirect/may-leave holds
(assert_trap (invoke $i3 "give" (u32.const 2)) "thread.new-indirect/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: lower/may-leave does not hold
(assert_return (invoke $i4 "prepare"))

;; rule: thread.resume-later/may-leave holds
(assert_trap (invoke $i4 "give" (u32.const 3)) "thread.resume-later/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: lower/may-leave does not hold
(assert_return (invoke $i5 "prepare"))

;; rule: thread.suspend/may-leave holds
(assert_trap (invoke $i5 "give" (u32.const 4)) "thread.suspend/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: lower/may-leave does not hold
(assert_return (invoke $i6 "prepare"))

;; rule: thread.yield/may-leave holds
(assert_trap (invoke $i6 "give" (u32.const 5)) "thread.yield/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: lower/may-leave does not hold
(assert_return (invoke $i7 "prepare"))

;; rule: thread.suspend-then-resume/may-leave holds
(assert_trap (invoke $i7 "give" (u32.const 6)) "thread.suspend-then-resume/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: lower/may-leave does not hold
(assert_return (invoke $i8 "prepare"))

;; rule: thread.yield-then-resume/may-leave holds
(assert_trap (invoke $i8 "give" (u32.const 7)) "thread.yield-then-resume/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; rule: lower/may-leave does not hold
(assert_return (invoke $i9 "prepare"))

;; rule: thread.suspend-then-promote/may-leave holds
(assert_trap (invoke $i9 "give" (u32.const 8)) "thread.suspend-then-promote/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; rule: lower/may-leave does not hold
(assert_return (invoke $i10 "prepare"))

;; rule: thread.yield-then-promote/may-leave holds
(assert_trap (invoke $i10 "give" (u32.const 9)) "thread.yield-then-promote/may-leave")
