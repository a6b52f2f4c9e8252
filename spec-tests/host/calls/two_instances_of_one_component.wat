;; Two instances of one component share nothing: a synchronous lift that is blocked in one does
;; not keep the other's calls from entering, and their memories are their own.
;; script: instance r = $resolver
;; script: instance x = $c
;; script: instance y = $c
;; script: start a = x.run(1)
;; script: start b = y.run(2)
;; script: call s = r.resolve(2, 22)
;; script: await b
;; script: call t = r.resolve(1, 11)
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
(component $c
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))
    (export "pending" (func async (param "token" u32) (result u32)))))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (core func $trace (canon lower (func $h "trace")))
  (core func $pending-sync (canon lower (func $h "pending")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "trace" (func $trace (param i32)))
    (import "" "pending-sync" (func $pending-sync (param i32) (result i32)))
    (func (export "run") (param $t i32) (result i32) (local $v i32)
      (call $trace (i32.add (local.get $t) (i32.const 10)))
      (local.set $v (call $pending-sync (local.get $t)))
      (call $trace (i32.add (local.get $t) (i32.const 20)))
      (local.get $v)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "trace" (func $trace))
    (export "pending-sync" (func $pending-sync))))))
  (func (export "run") async (param "token" u32) (result u32)
    (canon lift (core func $i "run"))))
