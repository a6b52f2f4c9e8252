;; Two calls of a stackful export are open at once: neither needs to be alone, so the second
;; enters while the first is blocked in a synchronous call of the host, and they end in the other
;; order.
;; script: start a = run(1)
;; script: start b = run(2)
;; script: call x = resolve(2, 22)
;; script: await b
;; script: call y = resolve(1, 11)
;; script: await a
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))
    (export "pending" (func async (param "token" u32) (result u32)))
    (export "resolve" (func (param "token" u32) (param "value" u32)))))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (core func $return (canon task.return (result u32)))
  (core func $trace (canon lower (func $h "trace")))
  (core func $pending-sync (canon lower (func $h "pending")))
  (core func $resolve (canon lower (func $h "resolve")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "return" (func $return (param i32)))
    (import "" "trace" (func $trace (param i32)))
    (import "" "pending-sync" (func $pending-sync (param i32) (result i32)))
    (import "" "resolve" (func $resolve (param i32 i32)))
    (func (export "run") (param $t i32) (local $v i32)
      (call $trace (i32.add (local.get $t) (i32.const 10)))
      (local.set $v (call $pending-sync (local.get $t)))
      (call $trace (i32.add (local.get $t) (i32.const 20)))
      (call $return (local.get $v)))
    (func (export "resolve") (param i32 i32) (call $resolve (local.get 0) (local.get 1))))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "return" (func $return)) (export "trace" (func $trace))
    (export "pending-sync" (func $pending-sync)) (export "resolve" (func $resolve))))))
  (func (export "run") async (param "token" u32) (result u32)
    (canon lift (core func $i "run") async))
  (func (export "resolve") (param "token" u32) (param "value" u32)
    (canon lift (core func $i "resolve"))))
