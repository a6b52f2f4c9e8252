;; A stackful task that ends without `task.return` traps at its end. Another call waits for it to
;; come there, and does not return any more.
;; script: start a = run(1)
;; script: start b = watch(2)
;; script: call x = resolver.resolve(1, 11)
;; script: await b
(component $resolver
  (import "assize:host/world@0.1.0" (instance $h
    (export "resolve" (func (param "token" u32) (param "value" u32)))))
  (core func $resolve (canon lower (func $h "resolve")))
  (core module $M
    (import "" "resolve" (func $resolve (param i32 i32)))
    (func (export "resolve") (param i32 i32) (call $resolve (local.get 0) (local.get 1))))
  (core instance $i (instantiate $M (with "" (instance (export "resolve" (func $resolve))))))
  (func (export "resolve") (param "token" u32) (param "value" u32)
    (canon lift (core func $i "resolve"))))
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))
    (export "pending" (func async (param "token" u32) (result u32)))))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (core func $return (canon task.return (result u32)))
  (core func $yield (canon thread.yield))
  (core func $trace (canon lower (func $h "trace")))
  (core func $pending-sync (canon lower (func $h "pending")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "return" (func $return (param i32)))
    (import "" "yield" (func $yield (result i32)))
    (import "" "trace" (func $trace (param i32)))
    (import "" "pending-sync" (func $pending-sync (param i32) (result i32)))
    (global $ended (mut i32) (i32.const 0))
    (func (export "run") (param $t i32)
      (call $trace (call $pending-sync (local.get $t)))
      (global.set $ended (i32.const 1)))
    (func (export "watch") (param $t i32)
      (loop $again (if (i32.eqz (global.get $ended)) (then (drop (call $yield)) (br $again))))
      (call $trace (i32.const 99))
      (call $return (local.get $t))))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "return" (func $return)) (export "yield" (func $yield))
    (export "trace" (func $trace)) (export "pending-sync" (func $pending-sync))))))
  (func (export "run") async (param "token" u32) (result u32)
    (canon lift (core func $i "run") async))
  (func (export "watch") async (param "token" u32) (result u32)
    (canon lift (core func $i "watch") async)))
