;; `task.cancel` in a task that was not asked to cancel traps, while a call of the host is open.
;; script: start a = run(1)
;; script: call x = resolver.resolve(2, 1)
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
  (core func $task-cancel (canon task.cancel))
  (core func $trace (canon lower (func $h "trace")))
  (core func $pending (canon lower (func $h "pending") async (memory $m)))
  (core func $pending-sync (canon lower (func $h "pending")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "task-cancel" (func $task-cancel))
    (import "" "trace" (func $trace (param i32)))
    (import "" "pending" (func $pending (param i32 i32) (result i32)))
    (import "" "pending-sync" (func $pending-sync (param i32) (result i32)))
    (func (export "run") (param $t i32)
      (drop (call $pending (local.get $t) (i32.const 16)))
      (call $trace (call $pending-sync (i32.const 2)))
      (call $task-cancel)
      (call $trace (i32.const 99))))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "task-cancel" (func $task-cancel))
    (export "trace" (func $trace)) (export "pending" (func $pending))
    (export "pending-sync" (func $pending-sync))))))
  (func (export "run") async (param "token" u32) (result u32)
    (canon lift (core func $i "run") async)))
