;; A stubborn call is resolved, and the guest lets time pass before it asks to cancel: it gets the
;; result, by a synchronous cancellation, since the call cannot have been cancelled.
;; script: start a = run(1)
;; script: call x = resolver.resolve(1, 42)
;; script: call y = resolver.resolve(9, 1)
;; script: await a
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
    (export "stubborn" (func async (param "token" u32) (result u32)))))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (core func $cancel (canon subtask.cancel))
  (core func $drop (canon subtask.drop))
  (core func $return (canon task.return (result u32)))
  (core func $trace (canon lower (func $h "trace")))
  (core func $stubborn (canon lower (func $h "stubborn") async (memory $m)))
  (core func $stubborn-sync (canon lower (func $h "stubborn")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "cancel" (func $cancel (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (import "" "return" (func $return (param i32)))
    (import "" "trace" (func $trace (param i32)))
    (import "" "stubborn" (func $stubborn (param i32 i32) (result i32)))
    (import "" "stubborn-sync" (func $stubborn-sync (param i32) (result i32)))
    (func $index (param $s i32) (result i32) (i32.shr_u (local.get $s) (i32.const 4)))
    (func (export "run") (param $t i32) (local $s i32)
      (local.set $s (call $index (call $stubborn (local.get $t) (i32.const 16))))
      (call $trace (call $stubborn-sync (i32.const 9)))
      (call $trace (call $cancel (local.get $s)))
      (call $trace (i32.load (i32.const 16)))
      (call $drop (local.get $s))
      (call $return (i32.const 1))))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "cancel" (func $cancel)) (export "drop" (func $drop))
    (export "return" (func $return)) (export "trace" (func $trace))
    (export "stubborn" (func $stubborn)) (export "stubborn-sync" (func $stubborn-sync))))))
  (func (export "run") async (param "token" u32) (result u32)
    (canon lift (core func $i "run") async)))
