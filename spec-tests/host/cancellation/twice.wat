;; A call of the host cannot be cancelled twice: the second request traps, whether the first one
;; has been answered or not.
;; script: call a = run(1)
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))
    (export "pending" (func async (param "token" u32) (result u32)))))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (core func $cancel-async (canon subtask.cancel async))
  (core func $return (canon task.return (result u32)))
  (core func $trace (canon lower (func $h "trace")))
  (core func $pending (canon lower (func $h "pending") async (memory $m)))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "cancel-async" (func $cancel-async (param i32) (result i32)))
    (import "" "return" (func $return (param i32)))
    (import "" "trace" (func $trace (param i32)))
    (import "" "pending" (func $pending (param i32 i32) (result i32)))
    (func $index (param $s i32) (result i32) (i32.shr_u (local.get $s) (i32.const 4)))
    (func (export "run") (param $t i32) (local $s i32)
      (local.set $s (call $index (call $pending (local.get $t) (i32.const 16))))
      (call $trace (i32.const 10))
      (drop (call $cancel-async (local.get $s)))
      (call $trace (i32.const 11))
      (call $trace (call $cancel-async (local.get $s)))
      (call $return (i32.const 1))))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "cancel-async" (func $cancel-async))
    (export "return" (func $return)) (export "trace" (func $trace))
    (export "pending" (func $pending))))))
  (func (export "run") async (param "token" u32) (result u32)
    (canon lift (core func $i "run") async)))
