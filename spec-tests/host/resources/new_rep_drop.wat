;; The host makes resources, gives their representations, and sees its destructor called when the
;; guest drops one: with that one's representation, and for each handle once, also where two are
;; alike.
;; script: call a = run()
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "r" (type $r (sub resource)))
    (export "trace" (func (param "mark" u32)))
    (export "resource-new" (func (param "rep" u32) (result (own $r))))
    (export "resource-rep" (func (param "r" (borrow $r)) (result u32)))))
  (alias export $h "r" (type $R))
  (core func $drop-r (canon resource.drop $R))
  (core func $trace (canon lower (func $h "trace")))
  (core func $new (canon lower (func $h "resource-new")))
  (core func $rep (canon lower (func $h "resource-rep")))
  (core module $M
    (import "" "drop-r" (func $drop-r (param i32)))
    (import "" "trace" (func $trace (param i32)))
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "rep" (func $rep (param i32) (result i32)))
    (func (export "run") (local $a i32) (local $b i32) (local $c i32)
      (local.set $a (call $new (i32.const 100)))
      (local.set $b (call $new (i32.const 200)))
      (local.set $c (call $new (i32.const 100)))
      (call $trace (i32.ne (local.get $a) (local.get $c)))
      (call $trace (call $rep (local.get $b)))
      (call $trace (call $rep (local.get $a)))
      (call $drop-r (local.get $b))
      (call $trace (call $rep (local.get $c)))
      (call $drop-r (local.get $a))
      (call $trace (call $rep (local.get $c)))
      (call $drop-r (local.get $c))))
  (core instance $i (instantiate $M (with "" (instance
    (export "drop-r" (func $drop-r)) (export "trace" (func $trace)) (export "new" (func $new))
    (export "rep" (func $rep))))))
  (func (export "run") (canon lift (core func $i "run"))))
