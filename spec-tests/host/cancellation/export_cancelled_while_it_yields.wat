;; A task yields cancellably until it is told of its cancellation, by whichever yield is under way
;; or comes next.
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
  (core func $yield-c (canon thread.yield cancellable))
  (core func $trace (canon lower (func $h "trace")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "task-cancel" (func $task-cancel))
    (import "" "yield-c" (func $yield-c (result i32)))
    (import "" "trace" (func $trace (param i32)))
    (func (export "run") (param $t i32)
      (call $trace (i32.const 10))
      (loop $again (br_if $again (i32.eqz (call $yield-c))))
      (call $trace (call $yield-c))
      (call $task-cancel)
      (call $trace (i32.const 11))))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "task-cancel" (func $task-cancel))
    (export "yield-c" (func $yield-c)) (export "trace" (func $trace))))))
  (func (export "run") async (param "token" u32) (result u32)
    (canon lift (core func $i "run") async)))
