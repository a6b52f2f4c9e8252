;; A call that waits, but not cancellably, is not told of its cancellation: it returns as if
;; nothing had been asked.
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
  (core func $wait (canon waitable-set.wait (memory $m)))
  (core func $poll (canon waitable-set.poll (memory $m)))
  (core func $return (canon task.return (result u32)))
  (core func $trace (canon lower (func $h "trace")))
  (core func $pending (canon lower (func $h "pending") async (memory $m)))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "set" (func $set (result i32)))
    (import "" "join" (func $join (param i32 i32)))
    (import "" "wait" (func $wait (param i32 i32) (result i32)))
    (import "" "poll" (func $poll (param i32 i32) (result i32)))
    (import "" "return" (func $return (param i32)))
    (import "" "trace" (func $trace (param i32)))
    (import "" "pending" (func $pending (param i32 i32) (result i32)))
    (func $set-of (param $w i32) (result i32) (local $set i32)
      (call $join (local.get $w) (local.tee $set (call $set)))
      (local.get $set))
    (func $index (param $s i32) (result i32) (i32.shr_u (local.get $s) (i32.const 4)))
    (func (export "run") (param $t i32) (local $set i32)
      (local.set $set (call $set-of (call $index (call $pending (local.get $t) (i32.const 16)))))
      (call $trace (call $wait (local.get $set) (i32.const 0)))
      (call $trace (i32.load (i32.const 4)))
      (call $trace (call $poll (local.get $set) (i32.const 0)))
      (call $return (i32.load (i32.const 16)))))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "set" (func $set)) (export "join" (func $join))
    (export "wait" (func $wait)) (export "poll" (func $poll)) (export "return" (func $return))
    (export "trace" (func $trace)) (export "pending" (func $pending))))))
  (func (export "run") async (param "token" u32) (result u32)
    (canon lift (core func $i "run") async)))
