;; Only functions of `async` type wait for the end of backpressure. The host can always call one
;; without, and here it is what ends the backpressure.
;; script: call c = close()
;; script: start a = run(1)
;; script: call o = open()
;; script: await a
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (core func $return (canon task.return (result u32)))
  (core func $inc (canon backpressure.inc))
  (core func $dec (canon backpressure.dec))
  (core func $trace (canon lower (func $h "trace")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "return" (func $return (param i32)))
    (import "" "inc" (func $inc))
    (import "" "dec" (func $dec))
    (import "" "trace" (func $trace (param i32)))
    (func (export "close") (call $inc) (call $trace (i32.const 1)))
    (func (export "open") (call $trace (i32.const 2)) (call $dec))

    (func (export "run") (param $t i32)
      (call $trace (i32.add (local.get $t) (i32.const 10)))
      (call $return (local.get $t))))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "return" (func $return)) (export "inc" (func $inc))
    (export "dec" (func $dec)) (export "trace" (func $trace))))))
  (func (export "close") (canon lift (core func $i "close")))
  (func (export "open") (canon lift (core func $i "open")))
  (func (export "run") async (param "token" u32) (result u32)
    (canon lift (core func $i "run") async)))
