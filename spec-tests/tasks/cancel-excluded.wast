;; A task that needs to be alone is not told of a request to cancel by waking its implicit
;; thread while another task is alone; another thread of it can be told. What is then
;; pending is told when the task yields to its event loop.
;; Text: CanonicalABI.md, "Tasks" (`request_cancellation`), "canon lift".

;; text: Tasks: a component that cancels a call while another call is alone
(component definition $T
  (component $C
    (core module $Libc
      (memory (export "memory") 1)
      (table (export "table") 8 funcref))
    (core instance $libc (instantiate $Libc))
    (type $F (future))
    (core func $future-new (canon future.new $F))
    (core func $future-read (canon future.read $F async))
    (core func $future-write (canon future.write $F async))
    (core type $start (func (param i32)))
    (core func $cancel (canon task.cancel))
    (core func $index (canon thread.index))
    (core func $suspend (canon thread.suspend))
    (core func $suspend-resume (canon thread.suspend-then-resume))
    (core func $suspend-resume-c (canon thread.suspend-then-resume cancellable))
    (core func $yield-resume (canon thread.yield-then-resume))
    (core func $new-thread (canon thread.new-indirect $start (core table $libc "table")))
    (core func $set-new (canon waitable-set.new))
    (core func $join (canon waitable.join))
    (core module $M
      (import "" "cancel" (func $cancel))
      (import "" "index" (func $index (result i32)))
      (import "" "suspend" (func $suspend (result i32)))
      (import "" "suspend-resume" (func $suspend-resume (param i32) (result i32)))
      (import "" "suspend-resume-c" (func $suspend-resume-c (param i32) (result i32)))
      (import "" "yield-resume" (func $yield-resume (param i32) (result i32)))
      (import "" "new-thread" (func $new-thread (param i32 i32) (result i32)))
      (import "" "set-new" (func $set-new (result i32)))
      (import "" "join" (func $join (param i32 i32)))
      (import "" "future-new" (func $future-new (result i64)))
      (import "" "future-read" (func $future-read (param i32 i32) (result i32)))
      (import "" "future-write" (func $future-write (param i32 i32) (result i32)))
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
      (global $future (mut i64) (i64.const 0))
      (func $second (param i32)
        (call $log (i32.const 50))
        (call $log (call $suspend-resume-c (local.get 0)))
        (call $cancel))
      (elem (table 0) (i32.const 0) func $second)
      (func $wait-code (result i32)
        (i32.or (i32.const 2) (i32.shl (global.get $set) (i32.const 4))))
      ;; Waits for a future that `fire` writes.
      (func (export "waits") (result i32) (local $end i32)
        (global.set $future (call $future-new))
        (local.set $end (i32.wrap_i64 (global.get $future)))
        (global.set $set (call $set-new))
        (call $join (local.get $end) (global.get $set))
        (drop (call $future-read (local.get $end) (i32.const 0)))
        (call $wait-code))
      (func (export "waits-second") (result i32)
        ;; The second thread blocks by switching back.
        (drop (call $suspend-resume (call $new-thread (i32.const 0) (call $index))))
        (global.set $set (call $set-new))
        (call $wait-code))
      ;; Blocks where it cannot be told, and then yields.
      (func (export "holds") (result i32) (call $hold) (i32.const 1))
      (func (export "callback") (param i32 i32 i32) (result i32)
        (call $log (local.get 0))
        (call $log (local.get 1))
        (call $log (local.get 2))
        (if (i32.eq (local.get 0) (i32.const 6)) (then (call $cancel) (return (i32.const 0))))
        (i32.const 1))
      (func (export "fire")
        (drop (call $future-write
          (i32.wrap_i64 (i64.shr_u (global.get $future) (i64.const 32))) (i32.const 0))))
      (func (export "held") (call $hold))
      (func (export "log") (result i32) (call $logged)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "cancel" (func $cancel)) (export "index" (func $index))
          (export "suspend" (func $suspend)) (export "suspend-resume" (func $suspend-resume))
          (export "suspend-resume-c" (func $suspend-resume-c))
          (export "yield-resume" (func $yield-resume)) (export "new-thread" (func $new-thread))
          (export "set-new" (func $set-new)) (export "join" (func $join))
          (export "future-new" (func $future-new)) (export "future-read" (func $future-read))
          (export "future-write" (func $future-write))))))
    (func (export "poke") (canon lift (core func $m "poke")))
    (func (export "fire") (canon lift (core func $m "fire")))
    (func (export "held") async (canon lift (core func $m "held")))
    (func (export "waits") async
      (canon lift (core func $m "waits") async (callback (func $m "callback"))))
    (func (export "waits-second") async
      (canon lift (core func $m "waits-second") async (callback (func $m "callback"))))
    (func (export "holds") async
      (canon lift (core func $m "holds") async (callback (func $m "callback"))))
    (func (export "log") (result (list u32))
      (canon lift (core func $m "log") (memory $libc "memory"))))
  (instance $c (instantiate $C))
  (component $D
    (import "c" (instance $c
      (export "poke" (func))
      (export "fire" (func))
      (export "held" (func async))
      (export "waits" (func async))
      (export "waits-second" (func async))
      (export "holds" (func async))))
    (core module $Libc
      (memory (export "memory") 1))
    (core instance $libc (instantiate $Libc))
    (core func $held (canon lower (func $c "held") async (memory $libc "memory")))
    (core func $waits (canon lower (func $c "waits") async (memory $libc "memory")))
    (core func $waits-second (canon lower (func $c "waits-second") async (memory $libc "memory")))
    (core func $holds (canon lower (func $c "holds") async (memory $libc "memory")))
    (core func $poke (canon lower (func $c "poke")))
    (core func $fire (canon lower (func $c "fire")))
    (core func $set-new (canon waitable-set.new))
    (core func $wait (canon waitable-set.wait (memory $libc "memory")))
    (core func $join (canon waitable.join))
    (core func $subtask-cancel-a (canon subtask.cancel async))
    (core module $M
      (import "" "set-new" (func $set-new (result i32)))
      (import "" "wait" (func $wait (param i32 i32) (result i32)))
      (import "" "join" (func $join (param i32 i32)))
      (import "" "subtask-cancel-a" (func $subtask-cancel-a (param i32) (result i32)))
      (import "" "held" (func $held (result i32)))
      (import "" "waits" (func $waits (result i32)))
      (import "" "waits-second" (func $waits-second (result i32)))
      (import "" "holds" (func $holds (result i32)))
      (import "" "poke" (func $poke))
      (import "" "fire" (func $fire))
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
      ;; One task waits, another is alone.
      (func (export "excluded") (result i32) (local $s i32) (local $r i32) (local $q i32)
        (local.set $s (call $set-new))
        (local.set $r (call $waits))
        (call $log (local.get $r))
        (local.set $q (call $held))
        (call $log (local.get $q))
        (call $log (call $subtask-cancel-a (call $handle (local.get $r))))
        (call $join (call $handle (local.get $r)) (local.get $s))
        (call $poke)
        (call $fire)
        (call $log-event (local.get $s))
        (call $logged))
      (func (export "second") (result i32) (local $r i32)
        (local.set $r (call $waits-second))
        (call $log (local.get $r))
        (call $log (call $held))
        (call $log (call $subtask-cancel-a (call $handle (local.get $r))))
        (call $poke)
        (call $logged))
      ;; The task itself is alone, which keeps nothing from it.
      (func (export "alone") (result i32) (local $s i32) (local $r i32)
        (local.set $s (call $set-new))
        (local.set $r (call $holds))
        (call $log (local.get $r))
        (call $log (call $subtask-cancel-a (call $handle (local.get $r))))
        (call $join (call $handle (local.get $r)) (local.get $s))
        (call $poke)
        (call $log-event (local.get $s))
        (call $logged)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "set-new" (func $set-new)) (export "wait" (func $wait))
          (export "join" (func $join)) (export "subtask-cancel-a" (func $subtask-cancel-a))
          (export "held" (func $held)) (export "waits" (func $waits))
          (export "waits-second" (func $waits-second)) (export "holds" (func $holds))
          (export "poke" (func $poke)) (export "fire" (func $fire))))))
    (func (export "excluded") async (result (list u32))
      (canon lift (core func $m "excluded") (memory $libc "memory")))
    (func (export "second") async (result (list u32))
      (canon lift (core func $m "second") (memory $libc "memory")))
    (func (export "alone") async (result (list u32))
      (canon lift (core func $m "alone") (memory $libc "memory"))))
  (instance $d (instantiate $D (with "c" (instance $c))))
  (export "excluded" (func $d "excluded"))
  (export "second" (func $d "second"))
  (export "alone" (func $d "alone"))
  (export "log" (func $c "log")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $T)

;; The subtasks at 2 and 3 have started.
;; rule: task.request-cancellation/excluded holds
;; rule: task.request-cancellation/now does not hold
;; rule: callback/cancelled holds
(assert_return (invoke $i1 "excluded")
  (list.const (u32.const 33) (u32.const 49) (u32.const 4294967295) (u32.const 1) (u32.const 2)
    (u32.const 4)))

;; The future (at 1) has been read (4); then the request.
;; text: canon lift: what the callback was called with
(assert_return (invoke $i1 "log")
  (list.const (u32.const 4) (u32.const 1) (u32.const 0) (u32.const 6) (u32.const 0)
    (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $T)

;; rule: task.request-cancellation/excluded holds
;; rule: task.request-cancellation/now holds
(assert_return (invoke $i2 "second") (list.const (u32.const 17) (u32.const 33) (u32.const 4)))

;; text: Tasks (`request_cancellation`): what the second thread saw
(assert_return (invoke $i2 "log") (list.const (u32.const 50) (u32.const 1)))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $T)

;; rule: task.request-cancellation/excluded does not hold
;; rule: task.request-cancellation/now does not hold
;; rule: callback/cancelled holds
(assert_return (invoke $i3 "alone")
  (list.const (u32.const 33) (u32.const 4294967295) (u32.const 1) (u32.const 2) (u32.const 4)))

;; text: canon lift: what the callback was called with
(assert_return (invoke $i3 "log") (list.const (u32.const 6) (u32.const 0) (u32.const 0)))
