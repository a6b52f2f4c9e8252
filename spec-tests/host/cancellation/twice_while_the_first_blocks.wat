;; The host does not answer the first request to cancel, and the guest makes a second one: it
;; traps since the cancellation has been asked for.
;; script: call a = run(1)
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))
    (export "stubborn" (func async (param "token" u32) (result u32)))))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (core func $cancel-async (canon subtask.cancel async))
  (core func $return (canon task.return (result u32)))
  (core func $trace (canon lower (func $h "trace")))
  (core func $stubborn (canon lower (func $h "stubborn") async (memory $m)))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "cancel-async" (func $cancel-async (param i32) (result i32)))
    (import "" "return" (func $return (param i32)))
    (import "" "trace" (func $trace (param i32)))
    (import "" "stubborn" (func $stubborn (param i32 i32) (result i32)))
    (func $index (param $s i32) (result i32) (i32.shr_u (local.get $s) (i32.const 4)))
    (func (export "run") (param $t i32) (local $s i32)
      (local.set $s (call $index (call $stubborn (local.get $t) (i32.const 16))))
      (call $trace (call $cancel-async (local.get $s)))
      (call $trace (call $cancel-async (local.get $s)))
      (call $return (i32.const 1))))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "cancel-async" (func $cancel-async))
    (export "return" (func $return)) (export "trace" (func $trace))
    (export "stubborn" (func $stubborn))))))
  (func (export "run") async (param "token" u32) (result u32)
    (canon lift (core func $i "run") async)))
