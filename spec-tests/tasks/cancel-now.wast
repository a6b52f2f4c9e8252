;; A request to cancel reaches a thread at once that is blocked in a built-in which is
;; `cancellable`, or between two calls of its callback: the thread runs before the request
;; returns. What the task makes of it is its own affair.
;; Text: CanonicalABI.md, "Tasks" (`request_cancellation`), "Threads", "canon lift", "canon
;; subtask.cancel".

;; text: Tasks: a component that cancels calls of another while they can be told
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
    (core func $yield-resume (canon thread.yield-then-resume))
    (core func $new-thread (canon thread.new-indirect $start (core table $libc "table")))
    (core func $resume-later (canon thread.resume-later))
    (core func $set-new (canon waitable-set.new))
    (core func $suspend-c (canon thread.suspend cancellable))
    (core func $wait-c (canon waitable-set.wait cancellable (memory $libc "memory")))
    (core func $suspend-resume-c (canon thread.suspend-then-resume cancellable))
    (core func $suspend-promote-c (canon thread.suspend-then-promote cancellable))
    (core module $M
      (import "" "return" (func $return))
      (import "" "cancel" (func $cancel))
      (import "" "index" (func $index (result i32)))
      (import "" "suspend" (func $suspend (result i32)))
      (import "" "yield-resume" (func $yield-resume (param i32) (result i32)))
      (import "" "new-thread" (func $new-thread (param i32 i32) (result i32)))
      (import "" "resume-later" (func $resume-later (param i32)))
      (import "" "set-new" (func $set-new (result i32)))
      (import "" "suspend-c" (func $suspend-c (result i32)))
      (import "" "wait-c" (func $wait-c (param i32 i32) (result i32)))
      (import "" "suspend-resume-c" (func $suspend-resume-c (param i32) (result i32)))
      (import "" "suspend-promote-c" (func $suspend-promote-c (param i32) (result i32)))
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
      (func $nothing (param i32))
      (func $second (param i32)
        (call $log (call $suspend-c))
        (call $cancel))
      (elem (table 0) (i32.const 0) func $nothing $second)
      (func $new (param i32) (result i32) (call $new-thread (local.get 0) (i32.const 0)))
      (func $point (param i32) (result i32)
        (global.set $set (call $set-new))
        (i32.store (i32.const 32) (i32.const -1))
        (i32.store (i32.const 36) (i32.const -1))
        (if (i32.eq (local.get 0) (i32.const 0)) (then (return (call $suspend-c))))
        (if (i32.eq (local.get 0) (i32.const 1))
          (then (return (call $wait-c (global.get $set) (i32.const 32)))))
        (if (i32.eq (local.get 0) (i32.const 2))
          (then (return (call $suspend-resume-c (call $new (i32.const 0))))))
        (global.set $other (call $new (i32.const 0)))
        (if (i32.eq (local.get 0) (i32.const 3))
          (then (return (call $suspend-promote-c (global.get $other)))))
        (call $resume-later (global.get $other))
        (call $suspend-promote-c (global.get $other)))
      (func $told (param i32)
        (call $log (call $point (local.get 0)))
        (call $log (i32.load (i32.const 32)))
        (call $log (i32.load (i32.const 36))))
      (func (export "cancels") (param i32) (call $told (local.get 0)) (call $cancel))
      (func (export "returns") (param i32) (call $told (local.get 0)) (call $return))
      ;; Blocks again, where it cannot be told.
      (func (export "holds") (param i32) (call $told (local.get 0)) (call $hold) (call $return))
      ;; Only a second thread can be told.
      (func (export "second") (param i32)
        (drop (call $yield-resume (call $new (i32.const 1))))
        (call $hold))
      (func (export "waits") (param i32) (result i32)
        (i32.or (i32.const 2) (i32.shl (call $set-new) (i32.const 4))))
      (func (export "callback") (param i32 i32 i32) (result i32)
        (call $log (local.get 0))
        (call $log (local.get 1))
        (call $log (local.get 2))
        (call $cancel)
        (i32.const 0))
      (func (export "log") (result i32) (call $logged)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "return" (func $return)) (export "cancel" (func $cancel))
          (export "index" (func $index)) (export "suspend" (func $suspend))
          (export "yield-resume" (func $yield-resume)) (export "new-thread" (func $new-thread))
          (export "resume-later" (func $resume-later)) (export "set-new" (func $set-new))
          (export "suspend-c" (func $suspend-c)) (export "wait-c" (func $wait-c))
          (export "suspend-resume-c" (func $suspend-resume-c))
          (export "suspend-promote-c" (func $suspend-promote-c))))))
    (func (export "poke") (canon lift (core func $m "poke")))
    (func (export "cancels") async (param "point" u32) (canon lift (core func $m "cancels") async))
    (func (export "returns") async (param "point" u32) (canon lift (core func $m "returns") async))
    (func (export "holds") async (param "point" u32) (canon lift (core func $m "holds") async))
    (func (export "second") async (param "point" u32) (canon lift (core func $m "second") async))
    (func (export "waits") async (param "point" u32)
      (canon lift (core func $m "waits") async (callback (func $m "callback"))))
    (func (export "log") (result (list u32))
      (canon lift (core func $m "log") (memory $libc "memory"))))
  (instance $c (instantiate $C))
  (component $D
    (import "c" (instance $c
      (export "cancels" (func async (param "point" u32)))
      (export "returns" (func async (param "point" u32)))
      (export "holds" (func async (param "point" u32)))
      (export "second" (func async (param "point" u32)))
      (export "waits" (func async (param "point" u32)))
      (export "poke" (func))
      (export "log" (func (result (list u32))))))
    (core module $Libc
      (memory (export "memory") 1))
    (core instance $libc (instantiate $Libc))
    (core func $cancels (canon lower (func $c "cancels") async (memory $libc "memory")))
    (core func $returns (canon lower (func $c "returns") async (memory $libc "memory")))
    (core func $holds (canon lower (func $c "holds") async (memory $libc "memory")))
    (core func $second (canon lower (func $c "second") async (memory $libc "memory")))
    (core func $waits (canon lower (func $c "waits") async (memory $libc "memory")))
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
      (import "" "cancels" (func $cancels (param i32) (result i32)))
      (import "" "returns" (func $returns (param i32) (result i32)))
      (import "" "holds" (func $holds (param i32) (result i32)))
      (import "" "second" (func $second (param i32) (result i32)))
      (import "" "waits" (func $waits (param i32) (result i32)))
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
      (func $go (param $r i32) (result i32)
        (call $log (local.get $r))
        (call $log (call $subtask-cancel-a (call $handle (local.get $r))))
        (call $subtask-drop (call $handle (local.get $r)))
        (call $logged))
      (func (export "holds") (param i32) (result i32) (local $s i32) (local $r i32)
        (local.set $r (call $holds (local.get 0)))
        (call $log (local.get $r))
        (call $log (call $subtask-cancel-a (call $handle (local.get $r))))
        (call $poke)
        (local.set $s (call $set-new))
        (call $join (call $handle (local.get $r)) (local.get $s))
        (call $log-event (local.get $s))
        (call $logged))
      (func (export "cancels") (param i32) (result i32) (call $go (call $cancels (local.get 0))))
      (func (export "returns") (param i32) (result i32) (call $go (call $returns (local.get 0))))
      (func (export "second") (param i32) (result i32) (call $go (call $second (local.get 0))))
      (func (export "waits") (param i32) (result i32) (call $go (call $waits (local.get 0)))))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "set-new" (func $set-new)) (export "wait" (func $wait))
          (export "join" (func $join)) (export "subtask-drop" (func $subtask-drop))
          (export "subtask-cancel-a" (func $subtask-cancel-a))
          (export "cancels" (func $cancels)) (export "returns" (func $returns))
          (export "holds" (func $holds)) (export "second" (func $second))
          (export "waits" (func $waits)) (export "poke" (func $poke))))))
    (func (export "cancels") async (param "point" u32) (result (list u32))
      (canon lift (core func $m "cancels") (memory $libc "memory")))
    (func (export "returns") async (param "point" u32) (result (list u32))
      (canon lift (core func $m "returns") (memory $libc "memory")))
    (func (export "holds") async (param "point" u32) (result (list u32))
      (canon lift (core func $m "holds") (memory $libc "memory")))
    (func (export "second") async (param "point" u32) (result (list u32))
      (canon lift (core func $m "second") (memory $libc "memory")))
    (func (export "waits") async (param "point" u32) (result (list u32))
      (canon lift (core func $m "waits") (memory $libc "memory"))))
  (instance $d (instantiate $D (with "c" (instance $c))))
  (export "cancels" (func $d "cancels"))
  (export "returns" (func $d "returns"))
  (export "holds" (func $d "holds"))
  (export "second" (func $d "second"))
  (export "waits" (func $d "waits"))
  (export "log" (func $c "log")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $T)

;; `thread.suspend`.
;; rule: task.request-cancellation/initial does not hold
;; rule: task.request-cancellation/now holds
;; rule: subtask.cancel/at-once holds
;; rule: task.cancel/state does not hold
(assert_return (invoke $i1 "cancels" (u32.const 0)) (list.const (u32.const 17) (u32.const 4)))

;; text: Tasks (`request_cancellation`): what the task itself saw
(assert_return (invoke $i1 "log")
  (list.const (u32.const 1) (u32.const 4294967295) (u32.const 4294967295)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $T)

;; `waitable-set.wait`.
;; rule: task.request-cancellation/initial does not hold
;; rule: task.request-cancellation/now holds
;; rule: subtask.cancel/at-once holds
;; rule: task.cancel/state does not hold
;; rule: waitable-set/cancelled holds
(assert_return (invoke $i2 "cancels" (u32.const 1)) (list.const (u32.const 17) (u32.const 4)))

;; text: Tasks (`request_cancellation`): what the task itself saw
(assert_return (invoke $i2 "log") (list.const (u32.const 6) (u32.const 0) (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $T)

;; `thread.suspend-then-resume`.
;; rule: task.request-cancellation/initial does not hold
;; rule: task.request-cancellation/now holds
;; rule: subtask.cancel/at-once holds
;; rule: task.cancel/state does not hold
(assert_return (invoke $i3 "cancels" (u32.const 2)) (list.const (u32.const 17) (u32.const 4)))

;; text: Tasks (`request_cancellation`): what the task itself saw
(assert_return (invoke $i3 "log")
  (list.const (u32.const 1) (u32.const 4294967295) (u32.const 4294967295)))

;; text: Instance Definitions: a fresh instance
(component instance $i4 $T)

;; `thread.suspend-then-promote`, of a thread that is not ready.
;; rule: task.request-cancellation/initial does not hold
;; rule: task.request-cancellation/now holds
;; rule: subtask.cancel/at-once holds
;; rule: task.cancel/state does not hold
(assert_return (invoke $i4 "cancels" (u32.const 3)) (list.const (u32.const 17) (u32.const 4)))

;; text: Tasks (`request_cancellation`): what the task itself saw
(assert_return (invoke $i4 "log")
  (list.const (u32.const 1) (u32.const 4294967295) (u32.const 4294967295)))

;; text: Instance Definitions: a fresh instance
(component instance $i5 $T)

;; `thread.suspend-then-promote`, of a thread that is ready.
;; rule: task.request-cancellation/initial does not hold
;; rule: task.request-cancellation/now holds
;; rule: subtask.cancel/at-once holds
;; rule: task.cancel/state does not hold
(assert_return (invoke $i5 "cancels" (u32.const 4)) (list.const (u32.const 17) (u32.const 4)))

;; text: Tasks (`request_cancellation`): what the task itself saw
(assert_return (invoke $i5 "log")
  (list.const (u32.const 1) (u32.const 4294967295) (u32.const 4294967295)))

;; text: Instance Definitions: a fresh instance
(component instance $i6 $T)

;; The answer to the request is that the task has returned (2).
;; rule: task.request-cancellation/now holds
;; rule: subtask.cancel/at-once holds
(assert_return (invoke $i6 "returns" (u32.const 0)) (list.const (u32.const 17) (u32.const 2)))

;; text: Instance Definitions: a fresh instance
(component instance $i7 $T)

;; rule: task.request-cancellation/now holds
;; rule: subtask.cancel/at-once does not hold
;; rule: subtask.cancel/blocks does not hold
;; rule: waitable-set/cancelled holds
(assert_return (invoke $i7 "holds" (u32.const 1))
  (list.const (u32.const 17) (u32.const 4294967295) (u32.const 1) (u32.const 1) (u32.const 2)))

;; text: Waitable State: what the task itself saw
(assert_return (invoke $i7 "log") (list.const (u32.const 6) (u32.const 0) (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i8 $T)

;; The implicit thread is blocked where it cannot be told, a second one can be, and
;; cancels for both.
;; rule: task.request-cancellation/now holds
;; rule: task.cancel/state does not hold
(assert_return (invoke $i8 "second" (u32.const 0)) (list.const (u32.const 17) (u32.const 4)))

;; text: Tasks (`request_cancellation`): what the second thread saw
(assert_return (invoke $i8 "log") (list.const (u32.const 1)))

;; text: Instance Definitions: a fresh instance
(component instance $i9 $T)

;; Its callback is called with event 6.
;; rule: task.request-cancellation/excluded does not hold
;; rule: task.request-cancellation/now holds
;; rule: waitable-set/cancelled holds
;; rule: callback/exit holds
(assert_return (invoke $i9 "waits" (u32.const 0)) (list.const (u32.const 17) (u32.const 4)))

;; text: canon lift: what the callback was called with
(assert_return (invoke $i9 "log") (list.const (u32.const 6) (u32.const 0) (u32.const 0)))
