;; The host resolves a blocked call and begins another before it lets anything run. Whether the
;; waiting call or the new one enters first is open; that the blocked one ends before either
;; enters is not.
;; script: start a = run(1)
;; script: start b = enter(2)
;; script: call x = resolver.resolve(1, 11)
;; script: start c = enter(3)
;; script: await c
;; script: await b
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
    (export "pending" (func async (param "token" u32) (result u32)))))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (core func $yield (canon thread.yield))
  (core func $trace (canon lower (func $h "trace")))
  (core func $pending-sync (canon lower (func $h "pending")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "yield" (func $yield (result i32)))
    (import "" "trace" (func $trace (param i32)))
    (import "" "pending-sync" (func $pending-sync (param i32) (result i32)))
    ;; The call with token 1 asks the host and blocks; others return at once.
    (func (export "run") (param $t i32) (result i32) (local $v i32)
      (call $trace (i32.add (local.get $t) (i32.const 10)))
      (local.set $v (local.get $t))
      (if (i32.eq (local.get $t) (i32.const 1))
        (then (local.set $v (call $pending-sync (local.get $t)))))
      (call $trace (i32.add (local.get $t) (i32.const 20)))
      (local.get $v))

    (func (export "enter") (param $t i32) (result i32)
      (call $trace (i32.add (local.get $t) (i32.const 30)))
      (drop (call $yield))
      (call $trace (i32.add (local.get $t) (i32.const 40)))
      (local.get $t)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "yield" (func $yield)) (export "trace" (func $trace))
    (export "pending-sync" (func $pending-sync))))))
  (func (export "run") async (param "token" u32) (result u32)
    (canon lift (core func $i "run")))
  (func (export "enter") async (param "token" u32) (result u32)
    (canon lift (core func $i "enter"))))
