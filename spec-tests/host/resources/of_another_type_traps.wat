;; The host has two resource types: a handle of the one is none of the other, also where the
;; representations are equal.
;; script: call a = run()
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "r" (type $r (sub resource)))
    (export "q" (type $q (sub resource)))
    (export "trace" (func (param "mark" u32)))
    (export "resource-new" (func (param "rep" u32) (result (own $r))))
    (export "resource-rep" (func (param "r" (borrow $r)) (result u32)))
    (export "resource-new-q" (func (param "rep" u32) (result (own $q))))))
  (alias export $h "r" (type $R))
  (alias export $h "q" (type $Q))
  (core func $drop-q (canon resource.drop $Q))
  (core func $trace (canon lower (func $h "trace")))
  (core func $new (canon lower (func $h "resource-new")))
  (core func $rep (canon lower (func $h "resource-rep")))
  (core func $new-q (canon lower (func $h "resource-new-q")))
  (core module $M
    (import "" "drop-q" (func $drop-q (param i32)))
    (import "" "trace" (func $trace (param i32)))
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "rep" (func $rep (param i32) (result i32)))
    (import "" "new-q" (func $new-q (param i32) (result i32)))
    (func (export "run") (local $a i32)
      (local.set $a (call $new (i32.const 7)))
      (call $drop-q (call $new-q (i32.const 7)))
      (call $trace (call $rep (local.get $a)))
      (call $drop-q (local.get $a))
      (call $trace (i32.const 99))))
  (core instance $i (instantiate $M (with "" (instance
    (export "drop-q" (func $drop-q)) (export "trace" (func $trace)) (export "new" (func $new))
    (export "rep" (func $rep)) (export "new-q" (func $new-q))))))
  (func (export "run") (canon lift (core func $i "run"))))
