;; A request to cancel that reaches no thread which can be told stays pending. The first
;; built-in of the task that is `cancellable` tells of it, without blocking or running
;; another thread, and only once; those that are not cancellable do not tell.
;; Text: CanonicalABI.md, "Tasks" (`request_cancellation`, `deliver_pending_cancel`),
;; "Threads", and the section of each built-in.

;; text: Tasks: a component that cancels calls of another while they cannot be told
(component definition $T
  (component $C
    (core module $Libc
      (memory (export "memory") 1)
      (table (export "table") 8 funcref))
    (core instance $libc (instantiate $Libc))
    (core type $start (func (param i32)))
    (core func $return (canon task.return))
    (core func $cancel (canon task.cancel))
    (core func $index (canon thread.index))
    (core func $suspend (canon thread.suspend))
    (core func $yield (canon thread.yield))
    (core func $yield-resume (canon thread.yield-then-resume))
    (core func $new-thread (canon thread.new-indirect $start (core table $libc "table")))
    (core func $resume-later (canon thread.resume-later))
    (core func $set-new (canon waitable-set.new))
    (core func $poll (canon waitable-set.poll (memory $libc "memory")))
    (core func $suspend-c (canon thread.suspend cancellable))
    (core func $yield-c (canon thread.yield cancellable))
    (core func $wait-c (canon waitable-set.wait cancellable (memory $libc "memory")))
    (core func $poll-c (canon waitable-set.poll cancellable (memory $libc "memory")))
    (core func $suspend-resume-c (canon thread.suspend-then-resume cancellable))
    (core func $yield-resume-c (canon thread.yield-then-resume cancellable))
    (core func $suspend-promote-c (canon thread.suspend-then-promote cancellable))
    (core func $yield-promote-c (canon thread.yield-then-promote cancellable))
    (core module $M
      (import "" "return" (func $return))
      (import "" "cancel" (func $cancel))
      (import "" "index" (func $index (result i32)))
      (import "" "suspend" (func $suspend (result i32)))
      (import "" "yield" (func $yield (result i32)))
      (import "" "yield-resume" (func $yield-resume (param i32) (result i32)))
      (import "" "new-thread" (func $new-thread (param i32 i32) (result i32)))
      (import "" "resume-later" (func $resume-later (param i32)))
      (import "" "set-new" (func $set-new (result i32)))
      (import "" "poll" (func $poll (param i32 i32) (result i32)))
      (import "" "suspend-c" (func $suspend-c (result i32)))
      (import "" "yield-c" (func $yield-c (result i32)))
      (import "" "wait-c" (func $wait-c (param i32 i32) (result i32)))
      (import "" "poll-c" (func $poll-c (param i32 i32) (result i32)))
      (import "" "suspend-resume-c" (func $suspend-resume-c (param i32) (result i32)))
      (import "" "yield-resume-c" (func $yield-resume-c (param i32) (result i32)))
      (import "" "suspend-promote-c" (func $suspend-promote-c (param i32) (result i32)))
      (import "" "yield-promote-c" (func $yield-promote-c (param i32) (result i32)))
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
      ;; `held` blocks until `poke`, which lets it run at once.
      (global $held (mut i32) (i32.const 0))
      (func $hold
        (global.set $held (call $index))
        (drop (call $suspend)))
      (func (export "poke") (drop (call $yield-resume (global.get $held))))

      (global $set (mut i32) (i32.const 0))
      (global $other (mut i32) (i32.const 0))
      (global $ran (mut i32) (i32.const 0))
      (func $runs (param i32) (global.set $ran (i32.const 1)))
      (elem (table 0) (i32.const 0) func $runs)
      ;; Every built-in that can tell of a cancellation, by number.
      (func $point (param i32) (result i32)
        (if (i32.eq (local.get 0) (i32.const 0)) (then (return (call $suspend-c))))
        (if (i32.eq (local.get 0) (i32.const 1)) (then (return (call $yield-c))))
        (if (i32.eq (local.get 0) (i32.const 2))
          (then (return (call $wait-c (global.get $set) (i32.const 32)))))
        (if (i32.eq (local.get 0) (i32.const 3))
          (then (return (call $poll-c (global.get $set) (i32.const 32)))))
        (if (i32.eq (local.get 0) (i32.const 4))
          (then (return (call $suspend-resume-c (global.get $other)))))
        (if (i32.eq (local.get 0) (i32.const 5))
          (then (return (call $yield-resume-c (global.get $other)))))
        (call $resume-later (global.get $other))
        (if (i32.eq (local.get 0) (i32.const 6))
          (then (return (call $suspend-promote-c (global.get $other)))))
        (call $yield-promote-c (global.get $other)))
      ;; Has a request when it calls the built-in number `i`, and cancels.
      (func (export "told") (param $i i32)
        (i32.store (i32.const 32) (i32.const -1))
        (i32.store (i32.const 36) (i32.const -1))
        (global.set $set (call $set-new))
        (global.set $other (call $new-thread (i32.const 0) (i32.const 99)))
        (call $hold)
        ;; None of these may tell.
        (call $log (call $yield))
        (call $log (call $poll (global.get $set) (i32.const 40)))
        (call $log (call $point (local.get $i)))
        ;; The other thread has not run.
        (call $log (global.get $ran))
        (call $log (i32.load (i32.const 32)))
        (call $log (i32.load (i32.const 36)))
        ;; It tells only once.
        (call $log (call $poll-c (global.get $set) (i32.const 40)))
        (call $cancel))
      (func (export "told-returns") (param i32)
        (call $hold)
        (call $log (call $yield-c))
        (call $return))
      (func (export "log") (result i32) (call $logged)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "return" (func $return)) (export "cancel" (func $cancel))
          (export "index" (func $index)) (export "suspend" (func $suspend))
          (export "yield" (func $yield)) (export "yield-resume" (func $yield-resume))
          (export "new-thread" (func $new-thread)) (export "resume-later" (func $resume-later))
          (export "set-new" (func $set-new)) (export "poll" (func $poll))
          (export "suspend-c" (func $suspend-c)) (export "yield-c" (func $yield-c))
          (export "wait-c" (func $wait-c)) (export "poll-c" (func $poll-c))
          (export "suspend-resume-c" (func $suspend-resume-c))
          (export "yield-resume-c" (func $yield-resume-c))
          (export "suspend-promote-c" (func $suspend-promote-c))
          (export "yield-promote-c" (func $yield-promote-c))))))
    (func (export "poke") (canon lift (core func $m "poke")))
    (func (export "told") async (param "point" u32) (canon lift (core func $m "told") async))
    (func (export "told-returns") async (param "x" u32)
      (canon lift (core func $m "told-returns") async))
    (func (export "log") (result (list u32))
      (canon lift (core func $m "log") (memory $libc "memory"))))
  (instance $c (instantiate $C))
  (component $D
    (import "c" (instance $c
      (export "poke" (func))
      (export "told" (func async (param "point" u32)))
      (export "told-returns" (func async (param "x" u32)))
      (export "log" (func (result (list u32))))))
    (core module $Libc
      (memory (export "memory") 1))
    (core instance $libc (instantiate $Libc))
    (core func $told (canon lower (func $c "told") async (memory $libc "memory")))
    (core func $told-returns (canon lower (func $c "told-returns") async (memory $libc "memory")))
    (core func $poke (canon lower (func $c "poke")))
    (core func $set-new (canon waitable-set.new))
    (core func $wait (canon waitable-set.wait (memory $libc "memory")))
    (core func $join (canon waitable.join))
    (core func $subtask-drop (canon subtask.drop))
    (core func $subtask-cancel-a (canon subtask.cancel async))
    (core module $M
      (import "" "set-new" (func $set-new (result i32)))
      (import "" "wait" (func $wait (param i32 i32) (result i32)))
      (import "" "join" (func $join (param i32 i32)))
      (import "" "subtask-drop" (func $subtask-drop (param i32)))
      (import "" "subtask-cancel-a" (func $subtask-cancel-a (param i32) (result i32)))
      (import "" "told" (func $told (param i32) (result i32)))
      (import "" "told-returns" (func $told-returns (param i32) (result i32)))
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
      (func $go (param $r i32) (result i32) (local $s i32)
        (local.set $s (call $set-new))
        (call $log (local.get $r))
        (call $log (call $subtask-cancel-a (call $handle (local.get $r))))
        (call $poke)
        (call $join (call $handle (local.get $r)) (local.get $s))
        (call $log-event (local.get $s))
        (call $subtask-drop (call $handle (local.get $r)))
        (call $logged))
      (func (export "told") (param i32) (result i32) (call $go (call $told (local.get 0))))
      (func (export "told-returns") (result i32) (call $go (call $told-returns (i32.const 0)))))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "set-new" (func $set-new)) (export "wait" (func $wait))
          (export "join" (func $join)) (export "subtask-drop" (func $subtask-drop))
          (export "subtask-cancel-a" (func $subtask-cancel-a)) (export "told" (func $told))
          (export "told-returns" (func $told-returns)) (export "poke" (func $poke))))))
    (func (export "told") async (param "point" u32) (result (list u32))
      (canon lift (core func $m "told") (memory $libc "memory")))
    (func (export "told-returns") async (result (list u32))
      (canon lift (core func $m "told-returns") (memory $libc "memory"))))
  (instance $d (instantiate $D (with "c" (instance $c))))
  (export "told" (func $d "told"))
  (export "told-returns" (func $d "told-returns"))
  (export "log" (func $c "log")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $T)

;; `thread.suspend cancellable`: the subtask has started (1); the request is blocked; the event
;; says that it was cancelled before it returned (4).
;; rule: thread/pending-cancel holds
;; rule: task.request-cancellation/now does not hold
;; rule: subtask.cancel/at-once does not hold
;; rule: subtask.cancel/blocks does not hold
;; rule: lower/cancelled-before-started does not hold
(assert_return (invoke $i1 "told" (u32.const 0))
  (list.const (u32.const 17) (u32.const 4294967295) (u32.const 1) (u32.const 1) (u32.const 4)))

;; text: Tasks (`deliver_pending_cancel`): what the task itself saw
(assert_return (invoke $i1 "log")
  (list.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 0) (u32.const 4294967295)
    (u32.const 4294967295) (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $T)

;; `thread.yield cancellable`: the subtask has started (1); the request is blocked; the event
;; says that it was cancelled before it returned (4).
;; rule: thread/pending-cancel holds
;; rule: task.request-cancellation/now does not hold
;; rule: subtask.cancel/at-once does not hold
;; rule: subtask.cancel/blocks does not hold
;; rule: lower/cancelled-before-started does not hold
(assert_return (invoke $i2 "told" (u32.const 1))
  (list.const (u32.const 17) (u32.const 4294967295) (u32.const 1) (u32.const 1) (u32.const 4)))

;; text: Tasks (`deliver_pending_cancel`): what the task itself saw
(assert_return (invoke $i2 "log")
  (list.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 0) (u32.const 4294967295)
    (u32.const 4294967295) (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $T)

;; `waitable-set.wait cancellable`: the subtask has started (1); the request is blocked; the event
;; says that it was cancelled before it returned (4).
;; rule: thread/pending-cancel holds
;; rule: task.request-cancellation/now does not hold
;; rule: subtask.cancel/at-once does not hold
;; rule: subtask.cancel/blocks does not hold
;; rule: lower/cancelled-before-started does not hold
(assert_return (invoke $i3 "told" (u32.const 2))
  (list.const (u32.const 17) (u32.const 4294967295) (u32.const 1) (u32.const 1) (u32.const 4)))

;; text: Tasks (`deliver_pending_cancel`): what the task itself saw
(assert_return (invoke $i3 "log")
  (list.const (u32.const 0) (u32.const 0) (u32.const 6) (u32.const 0) (u32.const 0)
    (u32.const 0) (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i4 $T)

;; `waitable-set.poll cancellable`: the subtask has started (1); the request is blocked; the event
;; says that it was cancelled before it returned (4).
;; rule: thread/pending-cancel holds
;; rule: task.request-cancellation/now does not hold
;; rule: subtask.cancel/at-once does not hold
;; rule: subtask.cancel/blocks does not hold
;; rule: lower/cancelled-before-started does not hold
(assert_return (invoke $i4 "told" (u32.const 3))
  (list.const (u32.const 17) (u32.const 4294967295) (u32.const 1) (u32.const 1) (u32.const 4)))

;; text: Tasks (`deliver_pending_cancel`): what the task itself saw
(assert_return (invoke $i4 "log")
  (list.const (u32.const 0) (u32.const 0) (u32.const 6) (u32.const 0) (u32.const 0)
    (u32.const 0) (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i5 $T)

;; `thread.suspend-then-resume cancellable`: the subtask has started (1); the request is blocked; the event
;; says that it was cancelled before it returned (4).
;; rule: thread/pending-cancel holds
;; rule: task.request-cancellation/now does not hold
;; rule: subtask.cancel/at-once does not hold
;; rule: subtask.cancel/blocks does not hold
;; rule: lower/cancelled-before-started does not hold
(assert_return (invoke $i5 "told" (u32.const 4))
  (list.const (u32.const 17) (u32.const 4294967295) (u32.const 1) (u32.const 1) (u32.const 4)))

;; text: Tasks (`deliver_pending_cancel`): what the task itself saw
(assert_return (invoke $i5 "log")
  (list.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 0) (u32.const 4294967295)
    (u32.const 4294967295) (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i6 $T)

;; `thread.yield-then-resume cancellable`: the subtask has started (1); the request is blocked; the event
;; says that it was cancelled before it returned (4).
;; rule: thread/pending-cancel holds
;; rule: task.request-cancellation/now does not hold
;; rule: subtask.cancel/at-once does not hold
;; rule: subtask.cancel/blocks does not hold
;; rule: lower/cancelled-before-started does not hold
(assert_return (invoke $i6 "told" (u32.const 5))
  (list.const (u32.const 17) (u32.const 4294967295) (u32.const 1) (u32.const 1) (u32.const 4)))

;; text: Tasks (`deliver_pending_cancel`): what the task itself saw
(assert_return (invoke $i6 "log")
  (list.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 0) (u32.const 4294967295)
    (u32.const 4294967295) (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i7 $T)

;; `thread.suspend-then-promote cancellable`: the subtask has started (1); the request is blocked; the event
;; says that it was cancelled before it returned (4).
;; rule: thread/pending-cancel holds
;; rule: task.request-cancellation/now does not hold
;; rule: subtask.cancel/at-once does not hold
;; rule: subtask.cancel/blocks does not hold
;; rule: lower/cancelled-before-started does not hold
(assert_return (invoke $i7 "told" (u32.const 6))
  (list.const (u32.const 17) (u32.const 4294967295) (u32.const 1) (u32.const 1) (u32.const 4)))

;; text: Tasks (`deliver_pending_cancel`): what the task itself saw
(assert_return (invoke $i7 "log")
  (list.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 0) (u32.const 4294967295)
    (u32.const 4294967295) (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i8 $T)

;; `thread.yield-then-promote cancellable`: the subtask has started (1); the request is blocked; the event
;; says that it was cancelled before it returned (4).
;; rule: thread/pending-cancel holds
;; rule: task.request-cancellation/now does not hold
;; rule: subtask.cancel/at-once does not hold
;; rule: subtask.cancel/blocks does not hold
;; rule: lower/cancelled-before-started does not hold
(assert_return (invoke $i8 "told" (u32.const 7))
  (list.const (u32.const 17) (u32.const 4294967295) (u32.const 1) (u32.const 1) (u32.const 4)))

;; text: Tasks (`deliver_pending_cancel`): what the task itself saw
(assert_return (invoke $i8 "log")
  (list.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 0) (u32.const 4294967295)
    (u32.const 4294967295) (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i9 $T)

;; A task that is told may return all the same.
;; rule: thread/pending-cancel holds
;; rule: task.return/resolved does not hold
(assert_return (invoke $i9 "told-returns")
  (list.const (u32.const 17) (u32.const 4294967295) (u32.const 1) (u32.const 1) (u32.const 2)))

;; text: Tasks (`deliver_pending_cancel`): what the task itself saw
(assert_return (invoke $i9 "log") (list.const (u32.const 1)))
