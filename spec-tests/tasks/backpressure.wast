;; When a task has to wait before it enters its instance: the instance says so, or the
;; task needs to be alone and another that does is inside, or others wait already. A
;; task that is lifted `async` without a callback need not be alone, and a function whose
;; type is not `async` never waits.
;; Text: CanonicalABI.md, "Tasks" (`enter_implicit_thread`), "canon backpressure.{inc,dec}".

;; text: Tasks: a component whose functions are called while its instance is full
(component definition $T
  (component $C
    (core module $Libc
      (memory (export "memory") 1))
    (core instance $libc (instantiate $Libc))
    (core func $return-u32 (canon task.return (result u32)))
    (core func $index (canon thread.index))
    (core func $suspend (canon thread.suspend))
    (core func $yield-resume (canon thread.yield-then-resume))
    (core func $inc (canon backpressure.inc))
    (core func $dec (canon backpressure.dec))
    (core module $M
      (import "" "return-u32" (func $return-u32 (param i32)))
      (import "" "index" (func $index (result i32)))
      (import "" "suspend" (func $suspend (result i32)))
      (import "" "yield-resume" (func $yield-resume (param i32) (result i32)))
      (import "" "inc" (func $inc))
      (import "" "dec" (func $dec))
      (import "libc" "memory" (memory 1))
      ;; `held` blocks until `poke`, which lets it run at once.
      (global $held (mut i32) (i32.const 0))
      (func $hold
        (global.set $held (call $index))
        (drop (call $suspend)))
      (func (export "poke") (drop (call $yield-resume (global.get $held))))

      (func (export "held") (param i32)
        (call $hold)
        (call $return-u32 (i32.add (local.get 0) (i32.const 1))))
      (func (export "held-sync") (param i32) (result i32)
        (call $hold)
        (i32.add (local.get 0) (i32.const 2)))
      (func (export "now") (param i32) (call $return-u32 (i32.add (local.get 0) (i32.const 3))))
      (func (export "now-sync") (param i32) (result i32) (i32.add (local.get 0) (i32.const 4)))
      (func (export "now-callback") (param i32) (result i32)
        (call $return-u32 (i32.add (local.get 0) (i32.const 5)))
        (i32.const 0))
      (func (export "callback") (param i32 i32 i32) (result i32) (unreachable))
      (func (export "inc") (call $inc))
      (func (export "dec") (call $dec)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "return-u32" (func $return-u32)) (export "index" (func $index))
          (export "suspend" (func $suspend)) (export "yield-resume" (func $yield-resume))
          (export "inc" (func $inc)) (export "dec" (func $dec))))))
    (func (export "poke") (canon lift (core func $m "poke")))
    (func (export "held") async (param "x" u32) (result u32)
      (canon lift (core func $m "held") async))
    (func (export "held-sync") async (param "x" u32) (result u32)
      (canon lift (core func $m "held-sync")))
    (func (export "now") async (param "x" u32) (result u32)
      (canon lift (core func $m "now") async))
    (func (export "now-sync") async (param "x" u32) (result u32)
      (canon lift (core func $m "now-sync")))
    (func (export "now-callback") async (param "x" u32) (result u32)
      (canon lift (core func $m "now-callback") async (callback (func $m "callback"))))
    (func (export "plain") (param "x" u32) (result u32) (canon lift (core func $m "now-sync")))
    (func (export "inc") (canon lift (core func $m "inc")))
    (func (export "dec") (canon lift (core func $m "dec"))))
  (instance $c (instantiate $C))
  (component $D
    (import "c" (instance $c
      (export "held" (func async (param "x" u32) (result u32)))
      (export "held-sync" (func async (param "x" u32) (result u32)))
      (export "now" (func async (param "x" u32) (result u32)))
      (export "now-sync" (func async (param "x" u32) (result u32)))
      (export "now-callback" (func async (param "x" u32) (result u32)))
      (export "plain" (func (param "x" u32) (result u32)))
      (export "poke" (func))
      (export "inc" (func))
      (export "dec" (func))))
    (core module $Libc
      (memory (export "memory") 1)
      (table (export "table") 8 funcref))
    (core instance $libc (instantiate $Libc))
    (core func $held (canon lower (func $c "held") async (memory $libc "memory")))
    (core func $held-sync (canon lower (func $c "held-sync") async (memory $libc "memory")))
    (core func $now (canon lower (func $c "now") async (memory $libc "memory")))
    (core func $now-sync (canon lower (func $c "now-sync") async (memory $libc "memory")))
    (core func $now-callback (canon lower (func $c "now-callback") async (memory $libc "memory")))
    (core func $plain (canon lower (func $c "plain")))
    (core func $inc (canon lower (func $c "inc")))
    (core func $dec (canon lower (func $c "dec")))
    (core func $poke (canon lower (func $c "poke")))
    (core type $start (func (param i32)))
    (core func $set-new (canon waitable-set.new))
    (core func $wait (canon waitable-set.wait (memory $libc "memory")))
    (core func $join (canon waitable.join))
    (core func $subtask-drop (canon subtask.drop))
    (core func $subtask-cancel (canon subtask.cancel))
    (core func $index (canon thread.index))
    (core func $new-thread (canon thread.new-indirect $start (core table $libc "table")))
    (core func $resume-later (canon thread.resume-later))
    (core func $suspend (canon thread.suspend))
    (core module $M
      (import "" "set-new" (func $set-new (result i32)))
      (import "" "wait" (func $wait (param i32 i32) (result i32)))
      (import "" "join" (func $join (param i32 i32)))
      (import "" "subtask-drop" (func $subtask-drop (param i32)))
      (import "" "subtask-cancel" (func $subtask-cancel (param i32) (result i32)))
      (import "" "held" (func $held (param i32 i32) (result i32)))
      (import "" "held-sync" (func $held-sync (param i32 i32) (result i32)))
      (import "" "now" (func $now (param i32 i32) (result i32)))
      (import "" "now-sync" (func $now-sync (param i32 i32) (result i32)))
      (import "" "now-callback" (func $now-callback (param i32 i32) (result i32)))
      (import "" "plain" (func $plain (param i32) (result i32)))
      (import "" "inc" (func $inc))
      (import "" "dec" (func $dec))
      (import "" "poke" (func $poke))
      (import "" "index" (func $index (result i32)))
      (import "" "new-thread" (func $new-thread (param i32 i32) (result i32)))
      (import "" "resume-later" (func $resume-later (param i32)))
      (import "" "suspend" (func $suspend (result i32)))
      (import "libc" "memory" (memory 1))
      (import "libc" "table" (table 8 funcref))
      (global $end (mut i32) (i32.const 1024))
      (func $log (param i32)
        (i32.store (global.get $end) (local.get 0))
        (global.set $end (i32.add (global.get $end) (i32.const 4))))
      (func $logged (result i32)
        (i32.store (i32.const 16) (i32.const 1024))
        (i32.store (i32.const 20)
          (i32.shr_u (i32.sub (global.get $end) (i32.const 1024)) (i32.const 2)))
        (i32.const 16))
      ;; Blocks in every schedule, and is woken by a thread of its own.
      (func $waker (param i32) (call $resume-later (local.get 0)))
      (func $block
        (call $resume-later (call $new-thread (i32.const 7) (call $index)))
        (drop (call $suspend)))
      (elem (table 0) (i32.const 7) func $waker)
      ;; The index in what an asynchronous call returned.
      (func $handle (param i32) (result i32) (i32.shr_u (local.get 0) (i32.const 4)))
      ;; Waits for an event of the set, and notes its code, index and payload.
      (func $log-event (param $set i32)
        (call $log (call $wait (local.get $set) (i32.const 32)))
        (call $log (i32.load (i32.const 32)))
        (call $log (i32.load (i32.const 36))))
      (func (export "explicit") (result i32) (local $s i32) (local $r i32)
        (local.set $s (call $set-new))
        (call $inc)
        (call $inc)
        (call $log (call $plain (i32.const 10)))
        (local.set $r (call $now (i32.const 10) (i32.const 64)))
        (call $log (local.get $r))
        (call $dec)
        ;; Once is not enough: whoever came in between waits too.
        (call $log (call $now-sync (i32.const 20) (i32.const 68)))
        (call $dec)
        (call $join (call $handle (local.get $r)) (local.get $s))
        (call $log-event (local.get $s))
        (call $log (i32.load (i32.const 64)))
        (call $logged))
      (func (export "alone") (result i32) (local $s i32) (local $r i32)
        (local.set $s (call $set-new))
        ;; It holds on to the instance.
        (call $log (call $held-sync (i32.const 30) (i32.const 64)))
        ;; This one does not need to be alone.
        (call $log (call $now (i32.const 30) (i32.const 68)))
        (call $log (i32.load (i32.const 68)))
        (call $log (call $plain (i32.const 30)))
        (local.set $r (call $now-callback (i32.const 30) (i32.const 72)))
        (call $log (local.get $r))
        (call $poke)
        (call $join (call $handle (local.get $r)) (local.get $s))
        (call $log-event (local.get $s))
        (call $log (i32.load (i32.const 64)))
        (call $log (i32.load (i32.const 72)))
        (call $logged))
      (func (export "others-wait") (result i32) (local $s i32) (local $r i32) (local $q i32)
        (local.set $s (call $set-new))
        (call $inc)
        (local.set $r (call $now (i32.const 40) (i32.const 64)))
        (call $log (local.get $r))
        (call $dec)
        ;; Nothing keeps tasks out any more, but the one above has not entered yet.
        (local.set $q (call $now (i32.const 50) (i32.const 68)))
        (call $join (call $handle (local.get $r)) (local.get $s))
        (call $log-event (local.get $s))
        ;; So this one may have waited, or not.
        (if (i32.ne (local.get $q) (i32.const 2))
          (then
            (call $join (call $handle (local.get $q)) (local.get $s))
            (drop (call $wait (local.get $s) (i32.const 32)))))
        (call $log (i32.load (i32.const 64)))
        (call $log (i32.load (i32.const 68)))
        ;; And now nobody waits.
        (call $log (call $now (i32.const 60) (i32.const 72)))
        (call $logged))
      (func (export "on-and-off") (result i32) (local $r i32)
        (call $inc)
        (local.set $r (call $now (i32.const 70) (i32.const 64)))
        (call $dec)
        (call $inc)
        ;; It did not get in while it could have, for want of a moment.
        (call $block)
        (call $block)
        (call $log (call $subtask-cancel (call $handle (local.get $r))))
        (call $dec)
        (call $log (call $now (i32.const 80) (i32.const 64)))
        (call $logged)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "set-new" (func $set-new)) (export "wait" (func $wait))
          (export "join" (func $join)) (export "subtask-drop" (func $subtask-drop))
          (export "subtask-cancel" (func $subtask-cancel)) (export "held" (func $held))
          (export "held-sync" (func $held-sync)) (export "now" (func $now))
          (export "now-sync" (func $now-sync)) (export "now-callback" (func $now-callback))
          (export "plain" (func $plain)) (export "inc" (func $inc)) (export "dec" (func $dec))
          (export "poke" (func $poke)) (export "index" (func $index))
          (export "new-thread" (func $new-thread)) (export "resume-later" (func $resume-later))
          (export "suspend" (func $suspend))))))
    (func (export "explicit") async (result (list u32))
      (canon lift (core func $m "explicit") (memory $libc "memory")))
    (func (export "alone") async (result (list u32))
      (canon lift (core func $m "alone") (memory $libc "memory")))
    (func (export "others-wait") async (result (list u32))
      (canon lift (core func $m "others-wait") (memory $libc "memory")))
    (func (export "on-and-off") async (result (list u32))
      (canon lift (core func $m "on-and-off") (memory $libc "memory"))))
  (instance $d (instantiate $D (with "c" (instance $c))))
  (export "explicit" (func $d "explicit"))
  (export "alone" (func $d "alone"))
  (export "others-wait" (func $d "others-wait"))
  (export "on-and-off" (func $d "on-and-off")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $T)

;; The set is at 1, the subtasks at 2 and 3, starting (0).
;; rule: task.enter/backpressure holds
;; rule: task.enter/exclusive does not hold
(assert_return (invoke $i1 "explicit")
  (list.const (u32.const 14) (u32.const 32) (u32.const 48) (u32.const 1) (u32.const 2)
    (u32.const 2) (u32.const 13)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $T)

;; The subtasks: 2 started, 3 starting.
;; rule: task.enter/backpressure holds
;; rule: task.enter/backpressure does not hold
;; rule: task.enter/exclusive holds
;; rule: task.enter/exclusive does not hold
(assert_return (invoke $i2 "alone")
  (list.const (u32.const 33) (u32.const 2) (u32.const 33) (u32.const 34) (u32.const 48)
    (u32.const 1) (u32.const 3) (u32.const 2) (u32.const 32) (u32.const 35)))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $T)

;; rule: task.enter/backpressure holds
;; rule: task.enter/backpressure does not hold
(assert_return (invoke $i3 "others-wait")
  (list.const (u32.const 32) (u32.const 1) (u32.const 2) (u32.const 2) (u32.const 43)
    (u32.const 53) (u32.const 2)))

;; text: Instance Definitions: a fresh instance
(component instance $i4 $T)

;; Cancelled before it started (3).
;; rule: task.enter/cancelled holds
(assert_return (invoke $i4 "on-and-off") (list.const (u32.const 3) (u32.const 2)))
