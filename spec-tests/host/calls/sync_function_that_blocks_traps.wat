;; A function without `async` waits for a call of the host that no one can resolve meanwhile: a
;; trap, although the host could resolve it later, and another call could wait for that.
;; script: start a = waiting(2)
;; script: call b = blocked(1)
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
    (func (export "waiting") (param $t i32)
      (call $trace (i32.const 10))
      (call $return (call $pending-sync (local.get $t))))
    (func (export "blocked") (param $t i32) (result i32)
      (call $trace (i32.const 20))
      (call $trace (call $pending-sync (local.get $t)))
      (i32.const 1)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "return" (func $return)) (export "trace" (func $trace))
    (export "pending-sync" (func $pending-sync))))))
  (func (export "waiting") async (param "token" u32) (result u32)
    (canon lift (core func $i "waiting") async))
  (func (export "blocked") (param "token" u32) (result u32) (canon lift (core func $i "blocked"))))
