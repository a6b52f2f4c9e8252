;; A stackful task that ends without `task.return` traps, at the time when its thread ends: after
;; the host has resolved what it waits for.
;; script: start a = run(1)
;; script: call x = resolve(1, 11)
;; script: await a
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))
    (export "pending" (func async (param "token" u32) (result u32)))
    (export "resolve" (func (param "token" u32) (param "value" u32)))))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (core func $trace (canon lower (func $h "trace")))
  (core func $pending-sync (canon lower (func $h "pending")))
  (core func $resolve (canon lower (func $h "resolve")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "trace" (func $trace (param i32)))
    (import "" "pending-sync" (func $pending-sync (param i32) (result i32)))
    (import "" "resolve" (func $resolve (param i32 i32)))
    (func (export "run") (param $t i32)
      (call $trace (call $pending-sync (local.get $t))))
    (func (export "resolve") (param i32 i32) (call $resolve (local.get 0) (local.get 1))))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "trace" (func $trace))
    (export "pending-sync" (func $pending-sync)) (export "resolve" (func $resolve))))))
  (func (export "run") async (param "token" u32) (result u32)
    (canon lift (core func $i "run") async))
  (func (export "resolve") (param "token" u32) (param "value" u32)
    (canon lift (core func $i "resolve"))))
