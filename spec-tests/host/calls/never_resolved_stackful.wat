;; A call whose host import never returns cannot end: another call ends meanwhile, and the host
;; that waits for the first is told that nothing can go on.
;; script: start a = run(1)
;; script: call b = other(2)
;; script: await a
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
    (func (export "run") (param $t i32)
      (call $trace (i32.const 10))
      (call $return (call $pending-sync (local.get $t))))
    (func (export "other") (param $t i32)
      (call $trace (i32.const 20))
      (call $return (local.get $t))))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "return" (func $return)) (export "trace" (func $trace))
    (export "pending-sync" (func $pending-sync))))))
  (func (export "run") async (param "token" u32) (result u32)
    (canon lift (core func $i "run") async))
  (func (export "other") async (param "token" u32) (result u32)
    (canon lift (core func $i "other") async)))
