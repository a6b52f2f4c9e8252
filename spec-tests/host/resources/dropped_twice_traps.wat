;; A resource of the host's that the guest drops twice: the destructor is called once, and the
;; second drop traps.
;; script: call a = run()
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "r" (type $r (sub resource)))
    (export "trace" (func (param "mark" u32)))
    (export "resource-new" (func (param "rep" u32) (result (own $r))))))
  (alias export $h "r" (type $R))
  (core func $drop-r (canon resource.drop $R))
  (core func $trace (canon lower (func $h "trace")))
  (core func $new (canon lower (func $h "resource-new")))
  (core module $M
    (import "" "drop-r" (func $drop-r (param i32)))
    (import "" "trace" (func $trace (param i32)))
    (import "" "new" (func $new (param i32) (result i32)))
    (func (export "run") (local $a i32)
      (local.set $a (call $new (i32.const 7)))
      (call $drop-r (local.get $a))
      (call $trace (i32.const 1))
      (call $drop-r (local.get $a))
      (call $trace (i32.const 99))))
  (core instance $i (instantiate $M (with "" (instance
    (export "drop-r" (func $drop-r)) (export "trace" (func $trace)) (export "new" (func $new))))))
  (func (export "run") (canon lift (core func $i "run"))))
