;; The place that a guest gives for the result of a call of the host is not aligned: nothing is
;; wrong until the call returns, and then it traps.
;; script: start a = run()
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
  (core func $return-none (canon task.return))
  (core func $trace (canon lower (func $h "trace")))
  (core func $pending (canon lower (func $h "pending") async (memory $m)))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "set" (func $set (result i32)))
    (import "" "join" (func $join (param i32 i32)))
    (import "" "wait" (func $wait (param i32 i32) (result i32)))
    (import "" "return-none" (func $return-none))
    (import "" "trace" (func $trace (param i32)))
    (import "" "pending" (func $pending (param i32 i32) (result i32)))
    (func $status (param $s i32) (result i32) (i32.and (local.get $s) (i32.const 15)))
    (func $index (param $s i32) (result i32) (i32.shr_u (local.get $s) (i32.const 4)))
    ;; Waits for an event of $w, and marks its code and payload.
    (func $await (param $w i32) (local $set i32)
      (call $join (local.get $w) (local.tee $set (call $set)))
      (call $trace (call $wait (local.get $set) (i32.const 0)))
      (call $trace (i32.load (i32.const 4)))
      (call $join (local.get $w) (i32.const 0)))
    (func (export "run") (local $s i32)
      (local.set $s (call $pending (i32.const 1) (i32.const 18)))
      (call $trace (call $status (local.get $s)))
      (call $await (call $index (local.get $s)))
      (call $trace (i32.const 99))
      (call $return-none)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "set" (func $set)) (export "join" (func $join))
    (export "wait" (func $wait)) (export "return-none" (func $return-none))
    (export "trace" (func $trace)) (export "pending" (func $pending))))))
  (func (export "run") async (canon lift (core func $i "run") async)))
