;; `waitable-set.poll` tells of a cancellation where it is cancellable, and only once; without
;; that word it says nothing of it.
;; script: start a = run(1)
;; script: cancel a
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
  (core func $poll (canon waitable-set.poll (memory $m)))
  (core func $poll-c (canon waitable-set.poll cancellable (memory $m)))
  (core func $task-cancel (canon task.cancel))
  (core func $trace (canon lower (func $h "trace")))
  (core func $pending-sync (canon lower (func $h "pending")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "set" (func $set (result i32)))
    (import "" "poll" (func $poll (param i32 i32) (result i32)))
    (import "" "poll-c" (func $poll-c (param i32 i32) (result i32)))
    (import "" "task-cancel" (func $task-cancel))
    (import "" "trace" (func $trace (param i32)))
    (import "" "pending-sync" (func $pending-sync (param i32) (result i32)))
    (func (export "run") (param $t i32) (local $set i32)
      (local.set $set (call $set))
      (call $trace (call $pending-sync (i32.const 2)))
      (call $trace (call $poll (local.get $set) (i32.const 0)))
      (call $trace (call $poll-c (local.get $set) (i32.const 0)))
      (call $trace (call $poll-c (local.get $set) (i32.const 0)))
      (call $task-cancel)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "set" (func $set)) (export "poll" (func $poll))
    (export "poll-c" (func $poll-c)) (export "task-cancel" (func $task-cancel))
    (export "trace" (func $trace)) (export "pending-sync" (func $pending-sync))))))
  (func (export "run") async (param "token" u32) (result u32)
    (canon lift (core func $i "run") async)))
