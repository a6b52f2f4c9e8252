;; A trap in one call while another waits for the host: the instance is lost, and the outcome of
;; the open call with it. Nothing after the trap is marked.
;; script: start a = run(1)
;; script: start b = run(2)
;; script: start c = fail(3)
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
    (func (export "run") (param $t i32)
      (call $trace (i32.add (local.get $t) (i32.const 10)))
      (call $return (call $pending-sync (local.get $t)))
      (call $trace (i32.const 99)))
    (func (export "fail") (param $t i32)
      (call $trace (i32.const 13))
      (call $resolve (i32.const 1) (i32.const 11))
      (unreachable)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "return" (func $return)) (export "trace" (func $trace))
    (export "pending-sync" (func $pending-sync)) (export "resolve" (func $resolve))))))
  (func (export "run") async (param "token" u32) (result u32)
    (canon lift (core func $i "run") async))
  (func (export "fail") async (param "token" u32) (result u32)
    (canon lift (core func $i "fail") async)))
