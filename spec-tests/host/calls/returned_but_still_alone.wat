;; A call with a callback that has returned, but is still in its first function, keeps its
;; instance for itself: the second call enters when the first has ended, not when it has returned.
;; script: call a = run(1)
;; script: start b = other(2)
;; script: call x = resolver.resolve(1, 5)
;; script: await b
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
    (func (export "run") (param $t i32) (result i32)
      (call $return (i32.const 9))
      (call $trace (call $pending-sync (local.get $t)))
      (call $trace (i32.const 12))
      (i32.const 0))
    (func (export "cb") (param i32 i32 i32) (result i32) (unreachable))
    (func (export "other") (param $t i32) (result i32)
      (call $trace (i32.const 20))
      (call $return (local.get $t))
      (i32.const 0)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "return" (func $return)) (export "trace" (func $trace))
    (export "pending-sync" (func $pending-sync))))))
  (func (export "run") async (param "token" u32) (result u32)
    (canon lift (core func $i "run") async (callback (core func $i "cb"))))
  (func (export "other") async (param "token" u32) (result u32)
    (canon lift (core func $i "other") async (callback (core func $i "cb")))))
