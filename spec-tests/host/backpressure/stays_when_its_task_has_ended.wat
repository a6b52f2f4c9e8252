;; The task that raised the backpressure has ended, but the count is the instance's: calls wait
;; still.
;; script: call h = raise(0)
;; script: start a = run(1)
;; script: await a
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (core func $return (canon task.return (result u32)))
  (core func $inc (canon backpressure.inc))
  (core func $trace (canon lower (func $h "trace")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "return" (func $return (param i32)))
    (import "" "inc" (func $inc))
    (import "" "trace" (func $trace (param i32)))
    (func (export "raise") (param $t i32)
      (call $inc)
      (call $trace (i32.const 1))
      (call $return (i32.const 5)))

    (func (export "run") (param $t i32)
      (call $trace (i32.add (local.get $t) (i32.const 10)))
      (call $return (local.get $t))))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "return" (func $return)) (export "inc" (func $inc))
    (export "trace" (func $trace))))))
  (func (export "raise") async (param "token" u32) (result u32)
    (canon lift (core func $i "raise") async))
  (func (export "run") async (param "token" u32) (result u32)
    (canon lift (core func $i "run") async)))
