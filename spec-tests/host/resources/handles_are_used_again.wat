;; A resource's handle is free after the drop: the next one from the host gets the same index, and
;; means another resource.
;; script: call a = run()
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "r" (type $r (sub resource)))
    (export "trace" (func (param "mark" u32)))
    (export "resource-new" (func (param "rep" u32) (result (own $r))))
    (export "resource-rep" (func (param "r" (borrow $r)) (result u32)))
    (export "resource-take" (func (param "r" (own $r)) (result u32)))))
  (alias export $h "r" (type $R))
  (core func $drop-r (canon resource.drop $R))
  (core func $trace (canon lower (func $h "trace")))
  (core func $new (canon lower (func $h "resource-new")))
  (core func $rep (canon lower (func $h "resource-rep")))
  (core func $take (canon lower (func $h "resource-take")))
  (core module $M
    (import "" "drop-r" (func $drop-r (param i32)))
    (import "" "trace" (func $trace (param i32)))
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "rep" (func $rep (param i32) (result i32)))
    (import "" "take" (func $take (param i32) (result i32)))
    (func (export "run") (local $a i32) (local $b i32)
      (local.set $a (call $new (i32.const 1)))
      (call $drop-r (local.get $a))
      (local.set $b (call $new (i32.const 4294967295)))
      (call $trace (i32.eq (local.get $a) (local.get $b)))
      (call $trace (call $rep (local.get $a)))
      (drop (call $take (local.get $b)))
      (call $trace (i32.eq (call $new (i32.const 3)) (local.get $a)))))
  (core instance $i (instantiate $M (with "" (instance
    (export "drop-r" (func $drop-r)) (export "trace" (func $trace)) (export "new" (func $new))
    (export "rep" (func $rep)) (export "take" (func $take))))))
  (func (export "run") (canon lift (core func $i "run"))))
