;; An instance under backpressure takes no call; the one that waits enters when a call that is
;; inside has ended the backpressure, and not before.
;; script: start h = hold(7)
;; script: start a = run(1)
;; script: call x = resolver.resolve(7, 70)
;; script: await a
;; script: await h
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
  (core func $inc (canon backpressure.inc))
  (core func $dec (canon backpressure.dec))
  (core func $trace (canon lower (func $h "trace")))
  (core func $pending-sync (canon lower (func $h "pending")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "return" (func $return (param i32)))
    (import "" "inc" (func $inc))
    (import "" "dec" (func $dec))
    (import "" "trace" (func $trace (param i32)))
    (import "" "pending-sync" (func $pending-sync (param i32) (result i32)))
    ;; Raises the backpressure and lowers it once the host has resolved the token.
    (func (export "hold") (param $t i32) (local $v i32)
      (call $inc)
      (call $trace (i32.const 1))
      (local.set $v (call $pending-sync (local.get $t)))
      (call $trace (i32.const 2))
      (call $dec)
      (call $return (local.get $v)))

    (func (export "run") (param $t i32)
      (call $trace (i32.add (local.get $t) (i32.const 10)))
      (call $return (local.get $t))))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "return" (func $return)) (export "inc" (func $inc))
    (export "dec" (func $dec)) (export "trace" (func $trace))
    (export "pending-sync" (func $pending-sync))))))
  (func (export "hold") async (param "token" u32) (result u32)
    (canon lift (core func $i "hold") async))
  (func (export "run") async (param "token" u32) (result u32)
    (canon lift (core func $i "run") async)))
