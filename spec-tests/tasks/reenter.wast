;; A synchronous call that blocks leaves its instance: others may enter it meanwhile, those
;; whose type is not `async` at once, and those that need to be alone when it is done.
;; Text: CanonicalABI.md, "Embedding" (`Store.lower`), "Tasks", "canon lower".

;; text: Embedding: a component that calls one which is blocked in a call of a third
(component definition $T
  (component $C
    (core func $return-u32 (canon task.return (result u32)))
    (core func $index (canon thread.index))
    (core func $suspend (canon thread.suspend))
    (core func $yield-resume (canon thread.yield-then-resume))
    (core module $M
      (import "" "return-u32" (func $return-u32 (param i32)))
      (import "" "index" (func $index (result i32)))
      (import "" "suspend" (func $suspend (result i32)))
      (import "" "yield-resume" (func $yield-resume (param i32) (result i32)))
      ;; `held` blocks until `poke`, which lets it run at once.
      (global $held (mut i32) (i32.const 0))
      (func $hold
        (global.set $held (call $index))
        (drop (call $suspend)))
      (func (export "poke") (drop (call $yield-resume (global.get $held))))

      (func (export "held") (param i32)
        (call $hold)
        (call $return-u32 (i32.add (local.get 0) (i32.const 1)))))
    (core instance $m (instantiate $M
      (with "" (instance
        (export "return-u32" (func $return-u32)) (export "index" (func $index))
          (export "suspend" (func $suspend)) (export "yield-resume" (func $yield-resume))))))
    (func (export "poke") (canon lift (core func $m "poke")))
    (func (export "held") async (param "x" u32) (result u32)
      (canon lift (core func $m "held") async)))
  (instance $c (instantiate $C))
  (component $D
    (import "c" (instance $c (export "held" (func async (param "x" u32) (result u32)))))
    (core func $held (canon lower (func $c "held")))
    (core module $M
      (import "" "held" (func $held (param i32) (result i32)))
      (global $depth (mut i32) (i32.const 0))
      (func (export "run") (param i32) (result i32)
        (global.set $depth (i32.add (global.get $depth) (i32.const 1)))
        (local.set 0 (call $held (local.get 0)))
        (global.set $depth (i32.sub (global.get $depth) (i32.const 1)))
        (local.get 0))
      (func (export "depth") (result i32) (global.get $depth)))
    (core instance $m (instantiate $M
      (with "" (instance
        (export "held" (func $held))))))
    (func (export "run") async (param "x" u32) (result u32) (canon lift (core func $m "run")))
    (func (export "depth") (result u32) (canon lift (core func $m "depth"))))
  (instance $d (instantiate $D (with "c" (instance $c))))
  (component $E
    (import "c" (instance $c (export "poke" (func))))
    (import "d" (instance $d
      (export "run" (func async (param "x" u32) (result u32)))
      (export "depth" (func (result u32)))))
    (core module $Libc
      (memory (export "memory") 1))
    (core instance $libc (instantiate $Libc))
    (core func $run (canon lower (func $d "run") async (memory $libc "memory")))
    (core func $depth (canon lower (func $d "depth")))
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
      (import "" "run" (func $run (param i32 i32) (result i32)))
      (import "" "depth" (func $depth (result i32)))
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
      (func (export "run") (result i32) (local $s i32) (local $r i32)
        (local.set $s (call $set-new))
        (call $log (call $depth))
        (local.set $r (call $run (i32.const 7) (i32.const 64)))
        (call $log (local.get $r))
        ;; The call of `run` has not ended, and its instance is entered again.
        (call $log (call $depth))
        ;; A second call has to wait until the first has ended.
        (call $log (call $run (i32.const 8) (i32.const 68)))
        (call $log (call $depth))
        (call $poke)
        (call $join (call $handle (local.get $r)) (local.get $s))
        (call $log-event (local.get $s))
        (call $log (i32.load (i32.const 64)))
        (call $logged)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "set-new" (func $set-new)) (export "wait" (func $wait))
          (export "join" (func $join)) (export "subtask-drop" (func $subtask-drop))
          (export "run" (func $run)) (export "depth" (func $depth)) (export "poke" (func $poke))))))
    (func (export "run") async (result (list u32))
      (canon lift (core func $m "run") (memory $libc "memory"))))
  (instance $e (instantiate $E (with "c" (instance $c)) (with "d" (instance $d))))
  (export "run" (func $e "run")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $T)

;; The subtasks at 2, started (1), and at 3, starting (0).
;; rule: instance/may-enter does not hold
;; rule: lower/resolved does not hold
;; rule: task.enter/backpressure holds
(assert_return (invoke $i1 "run")
  (list.const (u32.const 0) (u32.const 33) (u32.const 1) (u32.const 48) (u32.const 1)
    (u32.const 1) (u32.const 2) (u32.const 2) (u32.const 8)))
