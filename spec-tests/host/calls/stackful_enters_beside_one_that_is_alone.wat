;; While a synchronous lift holds its instance, a stackful call enters and one with a callback
;; waits: only calls that need to be alone exclude each other.
;; script: start a = alone(1)
;; script: start b = stackful(2)
;; script: call w = resolver.resolve(2, 22)
;; script: await b
;; script: start c = callback(3)
;; script: call x = resolver.resolve(1, 11)
;; script: await a
;; script: await c
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
  (core func $return (canon task.return (result u32)))
  (core func $trace (canon lower (func $h "trace")))
  (core func $pending-sync (canon lower (func $h "pending")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "return" (func $return (param i32)))
    (import "" "trace" (func $trace (param i32)))
    (import "" "pending-sync" (func $pending-sync (param i32) (result i32)))
    (func (export "alone") (param $t i32) (result i32) (local $v i32)
      (call $trace (i32.const 11))
      (local.set $v (call $pending-sync (local.get $t)))
      (call $trace (i32.const 21))
      (local.get $v))
    (func (export "stackful") (param $t i32) (local $v i32)
      (call $trace (i32.const 12))
      (local.set $v (call $pending-sync (local.get $t)))
      (call $trace (i32.const 22))
      (call $return (local.get $v)))
    (func (export "callback") (param $t i32) (result i32)
      (call $trace (i32.const 13))
      (call $return (local.get $t))
      (i32.const 0))
    (func (export "cb") (param i32 i32 i32) (result i32) (unreachable)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "return" (func $return)) (export "trace" (func $trace))
    (export "pending-sync" (func $pending-sync))))))
  (func (export "alone") async (param "token" u32) (result u32)
    (canon lift (core func $i "alone")))
  (func (export "stackful") async (param "token" u32) (result u32)
    (canon lift (core func $i "stackful") async))
  (func (export "callback") async (param "token" u32) (result u32)
    (canon lift (core func $i "callback") async (callback (core func $i "cb")))))
