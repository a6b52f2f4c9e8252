;; What a lowered call returns: the value of a synchronous call, which blocks; of an
;; asynchronous call, that it has returned (2), or the subtask's index with 0, where the
;; arguments have not been read, or 1, where they have. Then progress is an event, and
;; only the latest is told.
;; Text: CanonicalABI.md, "canon lower", "Subtask State", "Tasks".

;; text: canon lower: a component that calls another in every way
(component definition $T
  (component $C
    (core module $Libc
      (memory (export "memory") 1)
      (table (export "table") 8 funcref))
    (core instance $libc (instantiate $Libc))
    (core type $start (func (param i32)))
    (core func $return-u32 (canon task.return (result u32)))
    (core func $index (canon thread.index))
    (core func $suspend (canon thread.suspend))
    (core func $yield-resume (canon thread.yield-then-resume))
    (core func $inc (canon backpressure.inc))
    (core func $dec (canon backpressure.dec))
    (core func $new-thread (canon thread.new-indirect $start (core table $libc "table")))
    (core func $resume-later (canon thread.resume-later))
    (core module $M
      (import "" "return-u32" (func $return-u32 (param i32)))
      (import "" "index" (func $index (result i32)))
      (import "" "suspend" (func $suspend (result i32)))
      (import "" "yield-resume" (func $yield-resume (param i32) (result i32)))
      (import "" "inc" (func $inc))
      (import "" "dec" (func $dec))
      (import "" "new-thread" (func $new-thread (param i32 i32) (result i32)))
      (import "" "resume-later" (func $resume-later (param i32)))
      (import "libc" "memory" (memory 1))
      (import "libc" "table" (table 8 funcref))
      ;; Blocks in every schedule, and is woken by a thread of its own.
      (func $waker (param i32) (call $resume-later (local.get 0)))
      (func $block
        (call $resume-later (call $new-thread (i32.const 7) (call $index)))
        (drop (call $suspend)))
      (elem (table 0) (i32.const 7) func $waker)
      ;; `held` blocks until `poke`, which lets it run at once.
      (global $held (mut i32) (i32.const 0))
      (func $hold
        (global.set $held (call $index))
        (drop (call $suspend)))
      (func (export "poke") (drop (call $yield-resume (global.get $held))))

      (func (export "held") (param i32)
        (call $hold)
        (call $return-u32 (i32.add (local.get 0) (i32.const 1))))
      (func (export "now") (param i32) (call $return-u32 (i32.add (local.get 0) (i32.const 2))))
      (func (export "later") (param i32)
        (call $block)
        (call $return-u32 (i32.add (local.get 0) (i32.const 3))))
      (func (export "sum") (param i32 i32 i32 i32 i32)
        (call $return-u32 (i32.add (local.get 0) (i32.add (local.get 1) (i32.add (local.get 2)
          (i32.add (local.get 3) (local.get 4)))))))
      (func (export "inc") (call $inc))
      (func (export "dec") (call $dec)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "return-u32" (func $return-u32)) (export "index" (func $index))
          (export "suspend" (func $suspend)) (export "yield-resume" (func $yield-resume))
          (export "inc" (func $inc)) (export "dec" (func $dec))
          (export "new-thread" (func $new-thread)) (export "resume-later" (func $resume-later))))))
    (func (export "poke") (canon lift (core func $m "poke")))
    (func (export "held") async (param "x" u32) (result u32)
      (canon lift (core func $m "held") async))
    (func (export "now") async (param "x" u32) (result u32)
      (canon lift (core func $m "now") async))
    (func (export "later") async (param "x" u32) (result u32)
      (canon lift (core func $m "later") async))
    (func (export "sum") async
      (param "a" u32) (param "b" u32) (param "c" u32) (param "d" u32) (param "e" u32) (result u32)
      (canon lift (core func $m "sum") async))
    (func (export "inc") (canon lift (core func $m "inc")))
    (func (export "dec") (canon lift (core func $m "dec"))))
  (instance $c (instantiate $C))
  (component $D
    (import "c" (instance $c
      (export "poke" (func))
      (export "held" (func async (param "x" u32) (result u32)))
      (export "now" (func async (param "x" u32) (result u32)))
      (export "later" (func async (param "x" u32) (result u32)))
      (export "sum" (func async (param "a" u32) (param "b" u32) (param "c" u32) (param "d" u32)
        (param "e" u32) (result u32)))
      (export "inc" (func))
      (export "dec" (func))))
    (core module $Libc
      (memory (export "memory") 1))
    (core instance $libc (instantiate $Libc))
    (core func $now-sync (canon lower (func $c "now")))
    (core func $later-sync (canon lower (func $c "later")))
    (core func $now (canon lower (func $c "now") async (memory $libc "memory")))
    (core func $later (canon lower (func $c "later") async (memory $libc "memory")))
    (core func $held (canon lower (func $c "held") async (memory $libc "memory")))
    (core func $sum (canon lower (func $c "sum") async (memory $libc "memory")))
    (core func $inc (canon lower (func $c "inc")))
    (core func $dec (canon lower (func $c "dec")))
    (core func $poke (canon lower (func $c "poke")))
    (core func $set-new (canon waitable-set.new))
    (core func $wait (canon waitable-set.wait (memory $libc "memory")))
    (core func $join (canon waitable.join))
    (core func $subtask-drop (canon subtask.drop))
    (core module $M
      (import "" "set-new" (func $set-new (result i32)))
      (import "" "wait" (func $wait (param i32 i32) (result i32)))
      (import "" "join" (func $join (param i32 i32)))
      (import "" "subtask-drop" (func $subtask-drop (param i32)))
      (import "" "now-sync" (func $now-sync (param i32) (result i32)))
      (import "" "later-sync" (func $later-sync (param i32) (result i32)))
      (import "" "now" (func $now (param i32 i32) (result i32)))
      (import "" "later" (func $later (param i32 i32) (result i32)))
      (import "" "held" (func $held (param i32 i32) (result i32)))
      (import "" "sum" (func $sum (param i32 i32) (result i32)))
      (import "" "inc" (func $inc))
      (import "" "dec" (func $dec))
      (import "" "poke" (func $poke))
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
      ;; The index in what an asynchronous call returned.
      (func $handle (param i32) (result i32) (i32.shr_u (local.get 0) (i32.const 4)))
      ;; Waits for an event of the set, and notes its code, index and payload.
      (func $log-event (param $set i32)
        (call $log (call $wait (local.get $set) (i32.const 32)))
        (call $log (i32.load (i32.const 32)))
        (call $log (i32.load (i32.const 36))))
      (func (export "sync") (result i32)
        (call $log (call $now-sync (i32.const 10)))
        (call $log (call $later-sync (i32.const 10)))
        (call $logged))
      (func (export "now") (result i32)
        (i32.store (i32.const 64) (i32.const -1))
        (call $log (call $now (i32.const 20) (i32.const 64)))
        (call $log (i32.load (i32.const 64)))
        ;; No index is used up.
        (call $log (call $set-new))
        (call $logged))
      (func (export "later") (result i32) (local $s i32) (local $r i32)
        (local.set $s (call $set-new))
        (i32.store (i32.const 64) (i32.const -1))
        (local.set $r (call $later (i32.const 30) (i32.const 64)))
        (call $log (local.get $r))
        (call $log (i32.load (i32.const 64)))
        (call $join (call $handle (local.get $r)) (local.get $s))
        (call $log-event (local.get $s))
        (call $log (i32.load (i32.const 64)))
        (call $subtask-drop (call $handle (local.get $r)))
        ;; The index is free again.
        (call $log (call $set-new))
        (call $logged))
      (func (export "started") (result i32) (local $s i32) (local $r i32)
        (local.set $s (call $set-new))
        (call $inc)
        (local.set $r (call $held (i32.const 40) (i32.const 64)))
        (call $log (local.get $r))
        (call $join (call $handle (local.get $r)) (local.get $s))
        (call $dec)
        (call $log-event (local.get $s))
        (call $poke)
        (call $log-event (local.get $s))
        (call $log (i32.load (i32.const 64)))
        (call $subtask-drop (call $handle (local.get $r)))
        (call $logged))
      (func (export "only-latest") (result i32) (local $s i32) (local $r i32)
        (local.set $s (call $set-new))
        (call $inc)
        (local.set $r (call $now (i32.const 50) (i32.const 64)))
        (call $log (local.get $r))
        (call $join (call $handle (local.get $r)) (local.get $s))
        (call $dec)
        (call $log-event (local.get $s))
        (call $log (i32.load (i32.const 64)))
        (call $subtask-drop (call $handle (local.get $r)))
        (call $logged))
      (func (export "arguments") (result i32) (local $s i32) (local $r i32)
        (local.set $s (call $set-new))
        (i32.store (i32.const 80) (i32.const 1))
        (i32.store (i32.const 84) (i32.const 2))
        (i32.store (i32.const 88) (i32.const 3))
        (i32.store (i32.const 92) (i32.const 4))
        (i32.store (i32.const 96) (i32.const 5))
        (call $inc)
        (local.set $r (call $sum (i32.const 80) (i32.const 64)))
        (call $log (local.get $r))
        ;; Not read yet.
        (i32.store (i32.const 96) (i32.const 500))
        (call $join (call $handle (local.get $r)) (local.get $s))
        (call $dec)
        (call $log-event (local.get $s))
        (call $log (i32.load (i32.const 64)))
        (call $subtask-drop (call $handle (local.get $r)))
        (call $logged)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "set-new" (func $set-new)) (export "wait" (func $wait))
          (export "join" (func $join)) (export "subtask-drop" (func $subtask-drop))
          (export "now-sync" (func $now-sync)) (export "later-sync" (func $later-sync))
          (export "now" (func $now)) (export "later" (func $later)) (export "held" (func $held))
          (export "sum" (func $sum)) (export "inc" (func $inc)) (export "dec" (func $dec))
          (export "poke" (func $poke))))))
    (func (export "sync") async (result (list u32))
      (canon lift (core func $m "sync") (memory $libc "memory")))
    (func (export "now") async (result (list u32))
      (canon lift (core func $m "now") (memory $libc "memory")))
    (func (export "later") async (result (list u32))
      (canon lift (core func $m "later") (memory $libc "memory")))
    (func (export "started") async (result (list u32))
      (canon lift (core func $m "started") (memory $libc "memory")))
    (func (export "only-latest") async (result (list u32))
      (canon lift (core func $m "only-latest") (memory $libc "memory")))
    (func (export "arguments") async (result (list u32))
      (canon lift (core func $m "arguments") (memory $libc "memory"))))
  (instance $d (instantiate $D (with "c" (instance $c))))
  (export "sync" (func $d "sync"))
  (export "now" (func $d "now"))
  (export "later" (func $d "later"))
  (export "started" (func $d "started"))
  (export "only-latest" (func $d "only-latest"))
  (export "arguments" (func $d "arguments")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $T)

;; rule: lower/async does not hold
;; rule: lower/resolved holds
;; rule: lower/resolved does not hold
(assert_return (invoke $i1 "sync") (list.const (u32.const 12) (u32.const 13)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $T)

;; rule: lower/async holds
;; rule: lower/async-resolved holds
(assert_return (invoke $i2 "now") (list.const (u32.const 2) (u32.const 22) (u32.const 1)))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $T)

;; The set is at 1, so the subtask at 2: 1 with 2 << 4. Event 1, of 2: returned.
;; rule: lower/async-resolved does not hold
;; rule: lower/event-resolved holds
;; rule: subtask.drop/undelivered does not hold
(assert_return (invoke $i3 "later")
  (list.const (u32.const 33) (u32.const 4294967295) (u32.const 1) (u32.const 2) (u32.const 2)
    (u32.const 33) (u32.const 2)))

;; text: Instance Definitions: a fresh instance
(component instance $i4 $T)

;; Starting (0), started (1), returned (2).
;; rule: lower/event-resolved does not hold
;; rule: task.enter/backpressure holds
;; rule: task.enter/cancelled does not hold
(assert_return (invoke $i4 "started")
  (list.const (u32.const 32) (u32.const 1) (u32.const 2) (u32.const 1) (u32.const 1)
    (u32.const 2) (u32.const 2) (u32.const 41)))

;; text: Instance Definitions: a fresh instance
(component instance $i5 $T)

;; It starts and returns before anything else is done.
;; rule: lower/event-resolved holds
(assert_return (invoke $i5 "only-latest")
  (list.const (u32.const 32) (u32.const 1) (u32.const 2) (u32.const 2) (u32.const 52)))

;; text: Instance Definitions: a fresh instance
(component instance $i6 $T)

;; The arguments are read when the task starts.
;; rule: lower/event-resolved holds
(assert_return (invoke $i6 "arguments")
  (list.const (u32.const 32) (u32.const 1) (u32.const 2) (u32.const 2) (u32.const 510)))
