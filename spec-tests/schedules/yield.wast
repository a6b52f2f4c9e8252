;; schedule-dependent: whether a thread that yields blocks is open; the text's deterministic
;; profile lets it block. Here the profile shows in what the caller is told, and a task that
;; yields to its event loop can be told of a request to cancel.
;; Text: CanonicalABI.md, "Threads" (`wait_until`), "canon lift".

;; text: Threads: calls of functions that yield
(component definition $T
  (component $C
    (core func $return (canon task.return))
    (core func $cancel (canon task.cancel))
    (core func $yield (canon thread.yield))
    (core module $M
      (import "" "return" (func $return))
      (import "" "cancel" (func $cancel))
      (import "" "yield" (func $yield (result i32)))
      (func (export "yields") (drop (call $yield)) (call $return))
      (func (export "yields-to-loop") (result i32) (i32.const 1))
      (func (export "callback") (param i32 i32 i32) (result i32)
        (if (i32.eq (local.get 0) (i32.const 6))
          (then (call $cancel))
          (else (call $return)))
        (i32.const 0)))
    (core instance $m (instantiate $M
      (with "" (instance
        (export "return" (func $return)) (export "cancel" (func $cancel))
          (export "yield" (func $yield))))))
    (func (export "yields") async (canon lift (core func $m "yields") async))
    (func (export "yields-to-loop") async
      (canon lift (core func $m "yields-to-loop") async (callback (func $m "callback")))))
  (instance $c (instantiate $C))
  (component $D
    (import "c" (instance $c
      (export "yields" (func async))
      (export "yields-to-loop" (func async))))
    (core module $Libc
      (memory (export "memory") 1))
    (core instance $libc (instantiate $Libc))
    (core func $yields (canon lower (func $c "yields") async (memory $libc "memory")))
    (core func $yields-to-loop (canon lower (func $c "yields-to-loop") async (memory $libc "memory")))
    (core func $set-new (canon waitable-set.new))
    (core func $wait (canon waitable-set.wait (memory $libc "memory")))
    (core func $join (canon waitable.join))
    (core func $subtask-cancel-a (canon subtask.cancel async))
    (core module $M
      (import "" "set-new" (func $set-new (result i32)))
      (import "" "wait" (func $wait (param i32 i32) (result i32)))
      (import "" "join" (func $join (param i32 i32)))
      (import "" "subtask-cancel-a" (func $subtask-cancel-a (param i32) (result i32)))
      (import "" "yields" (func $yields (result i32)))
      (import "" "yields-to-loop" (func $yields-to-loop (result i32)))
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
      (func (export "told") (result i32) (local $s i32) (local $r i32)
        (local.set $s (call $set-new))
        (local.set $r (call $yields))
        (call $log (local.get $r))
        (call $join (call $handle (local.get $r)) (local.get $s))
        (call $log-event (local.get $s))
        (call $logged))
      (func (export "cancel") (result i32) (local $r i32)
        (local.set $r (call $yields-to-loop))
        (call $log (local.get $r))
        (call $log (call $subtask-cancel-a (call $handle (local.get $r))))
        (call $logged)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "set-new" (func $set-new)) (export "wait" (func $wait))
          (export "join" (func $join)) (export "subtask-cancel-a" (func $subtask-cancel-a))
          (export "yields" (func $yields)) (export "yields-to-loop" (func $yields-to-loop))))))
    (func (export "told") async (result (list u32))
      (canon lift (core func $m "told") (memory $libc "memory")))
    (func (export "cancel") async (result (list u32))
      (canon lift (core func $m "cancel") (memory $libc "memory"))))
  (instance $d (instantiate $D (with "c" (instance $c))))
  (export "told" (func $d "told"))
  (export "cancel" (func $d "cancel")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $T)

;; The subtask at 2 has started, and then returned.
;; rule: lower/async-resolved does not hold
(assert_return (invoke $i1 "told")
  (list.const (u32.const 33) (u32.const 1) (u32.const 2) (u32.const 2)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $T)

;; The subtask at 1.
;; rule: task.request-cancellation/now holds
;; rule: callback/cancelled holds
(assert_return (invoke $i2 "cancel") (list.const (u32.const 17) (u32.const 4)))
