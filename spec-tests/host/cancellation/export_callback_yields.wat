;; The host cancels a call whose callback only yields: one of its yields ends with the event for
;; the cancellation, those before with none.
;; script: start a = run(1)
;; script: cancel a
;; script: await a
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (core func $task-cancel (canon task.cancel))
  (core func $trace (canon lower (func $h "trace")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "task-cancel" (func $task-cancel))
    (import "" "trace" (func $trace (param i32)))
    (func (export "run") (param $t i32) (result i32)
      (call $trace (i32.const 10))
      (i32.const 1))
    (func (export "cb") (param $event i32) (param $a i32) (param $b i32) (result i32)
      (if (i32.eqz (local.get $event)) (then (return (i32.const 1))))
      (call $trace (local.get $event))
      (call $trace (i32.or (local.get $a) (local.get $b)))
      (call $task-cancel)
      (i32.const 0)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "task-cancel" (func $task-cancel))
    (export "trace" (func $trace))))))
  (func (export "run") async (param "token" u32) (result u32)
    (canon lift (core func $i "run") async (callback (core func $i "cb")))))
