;; A resource goes to the host and comes back: it is the same resource, and the guest has one
;; handle to it, so one drop ends it.
;; script: call a = run()
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "r" (type $r (sub resource)))
    (export "trace" (func (param "mark" u32)))
    (export "resource-new" (func (param "rep" u32) (result (own $r))))
    (export "resource-rep" (func (param "r" (borrow $r)) (result u32)))
    (export "echo-own" (func (param "r" (own $r)) (result (own $r))))))
  (alias export $h "r" (type $R))
  (core func $drop-r (canon resource.drop $R))
  (core func $trace (canon lower (func $h "trace")))
  (core func $new (canon lower (func $h "resource-new")))
  (core func $rep (canon lower (func $h "resource-rep")))
  (core func $echo (canon lower (func $h "echo-own")))
  (core module $M
    (import "" "drop-r" (func $drop-r (param i32)))
    (import "" "trace" (func $trace (param i32)))
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "rep" (func $rep (param i32) (result i32)))
    (import "" "echo" (func $echo (param i32) (result i32)))
    (func (export "run") (local $a i32) (local $b i32)
      (local.set $a (call $new (i32.const 7)))
      (local.set $b (call $new (i32.const 8)))
      (local.set $a (call $echo (local.get $a)))
      (call $trace (call $rep (local.get $a)))
      (local.set $b (call $echo (local.get $b)))
      (call $drop-r (local.get $a))
      (call $trace (call $rep (local.get $b)))))
  (core instance $i (instantiate $M (with "" (instance
    (export "drop-r" (func $drop-r)) (export "trace" (func $trace)) (export "new" (func $new))
    (export "rep" (func $rep)) (export "echo" (func $echo))))))
  (func (export "run") (canon lift (core func $i "run"))))
