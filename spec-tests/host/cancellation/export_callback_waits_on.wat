;; A callback that is told of its cancellation waits on: it gets its event later, is not told of
;; the cancellation again, and cancels itself then.
;; script: start a = run(1)
;; script: cancel a
;; script: call x = resolver.resolve(1, 42)
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
  (core func $task-cancel (canon task.cancel))
  (core func $get (canon context.get i32 0))
  (core func $keep (canon context.set i32 0))
  (core func $trace (canon lower (func $h "trace")))
  (core func $pending (canon lower (func $h "pending") async (memory $m)))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "set" (func $set (result i32)))
    (import "" "join" (func $join (param i32 i32)))
    (import "" "task-cancel" (func $task-cancel))
    (import "" "get" (func $get (result i32)))
    (import "" "keep" (func $keep (param i32)))
    (import "" "trace" (func $trace (param i32)))
    (import "" "pending" (func $pending (param i32 i32) (result i32)))
    (func $set-of (param $w i32) (result i32) (local $set i32)
      (call $join (local.get $w) (local.tee $set (call $set)))
      (local.get $set))
    (func $index (param $s i32) (result i32) (i32.shr_u (local.get $s) (i32.const 4)))
    (func (export "run") (param $t i32) (result i32)
      (call $trace (i32.const 10))
      (call $keep (call $index (call $pending (local.get $t) (i32.const 16))))
      (i32.or (i32.const 2) (i32.shl (call $set-of (call $get)) (i32.const 4))))

    (global $told (mut i32) (i32.const 0))
    (func (export "cb") (param $event i32) (param $a i32) (param $b i32) (result i32)
      (call $trace (local.get $event))
      (call $trace (local.get $b))
      (if (i32.eqz (global.get $told))
        (then
          (global.set $told (i32.const 1))
          (return
            (i32.or (i32.const 2) (i32.shl (call $set-of (call $get)) (i32.const 4))))))
      (call $trace (i32.load (i32.const 16)))
      (call $task-cancel)
      (i32.const 0)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "set" (func $set)) (export "join" (func $join))
    (export "task-cancel" (func $task-cancel)) (export "get" (func $get))
    (export "keep" (func $keep)) (export "trace" (func $trace)) (export "pending" (func $pending))))))
  (func (export "run") async (param "token" u32) (result u32)
    (canon lift (core func $i "run") async (callback (core func $i "cb")))))
