;; A request to cancel that comes while the task cannot be told is told at the next cancellable
;; wait, before the event that is there already; that event comes after it.
;; script: start a = run(1)
;; script: cancel a
;; script: call x = resolver.resolve(1, 42)
;; script: call y = resolver.resolve(2, 43)
;; script: await a
(component $resolver
  (import "assize:host/world@0.1.0" (instance $h
    (export "resolve" (func (param "token" u32) (param "value" u32)))))
  (core func $resolve (canon lower (func $h "resolve")))
  (core module $M
    (import "" "resolve" (func $resolve (param i32 i32)))
    (func (export "resolve") (param i32 i32) (call $resolve (local.get 0) (local.get 1))))
  (core instance $i (instantiate $M (with "" (instance (export "resolve" (func $resolve))))))
  (func (export "resolve") (param "token" u32) (param "value" u32)
    (canon lift (core func $i "resolve"))))
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))
    (export "pending" (func async (param "token" u32) (result u32)))))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (core func $set (canon waitable-set.new))
  (core func $join (canon waitable.join))
  (core func $wait-c (canon waitable-set.wait cancellable (memory $m)))
  (core func $task-cancel (canon task.cancel))
  (core func $trace (canon lower (func $h "trace")))
  (core func $pending (canon lower (func $h "pending") async (memory $m)))
  (core func $pending-sync (canon lower (func $h "pending")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "set" (func $set (result i32)))
    (import "" "join" (func $join (param i32 i32)))
    (import "" "wait-c" (func $wait-c (param i32 i32) (result i32)))
    (import "" "task-cancel" (func $task-cancel))
    (import "" "trace" (func $trace (param i32)))
    (import "" "pending" (func $pending (param i32 i32) (result i32)))
    (import "" "pending-sync" (func $pending-sync (param i32) (result i32)))
    (func $set-of (param $w i32) (result i32) (local $set i32)
      (call $join (local.get $w) (local.tee $set (call $set)))
      (local.get $set))
    (func $index (param $s i32) (result i32) (i32.shr_u (local.get $s) (i32.const 4)))
    (func (export "run") (param $t i32) (local $set i32) (local $s i32)
      (local.set $s (call $index (call $pending (local.get $t) (i32.const 16))))
      (local.set $set (call $set-of (local.get $s)))
      (call $trace (call $pending-sync (i32.const 2)))
      (call $trace (call $wait-c (local.get $set) (i32.const 0)))
      (call $trace (call $wait-c (local.get $set) (i32.const 0)))
      (call $trace (i32.load (i32.const 4)))
      (call $task-cancel)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "set" (func $set)) (export "join" (func $join))
    (export "wait-c" (func $wait-c)) (export "task-cancel" (func $task-cancel))
    (export "trace" (func $trace)) (export "pending" (func $pending))
    (export "pending-sync" (func $pending-sync))))))
  (func (export "run") async (param "token" u32) (result u32)
    (canon lift (core func $i "run") async)))
