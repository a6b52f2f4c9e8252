;; A handle of one of the host's resource types cannot be moved to a function for the other: a
;; trap, before the host sees the call.
;; script: call a = run()
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "r" (type $r (sub resource)))
    (export "q" (type $q (sub resource)))
    (export "trace" (func (param "mark" u32)))
    (export "resource-new" (func (param "rep" u32) (result (own $r))))
    (export "resource-take" (func (param "r" (own $r)) (result u32)))
    (export "resource-new-q" (func (param "rep" u32) (result (own $q))))))
  (alias export $h "r" (type $R))
  (core func $trace (canon lower (func $h "trace")))
  (core func $new (canon lower (func $h "resource-new")))
  (core func $take (canon lower (func $h "resource-take")))
  (core func $new-q (canon lower (func $h "resource-new-q")))
  (core module $M
    (import "" "trace" (func $trace (param i32)))
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "take" (func $take (param i32) (result i32)))
    (import "" "new-q" (func $new-q (param i32) (result i32)))
    (func (export "run") (local $a i32) (local $b i32)
      (local.set $a (call $new (i32.const 7)))
      (local.set $b (call $new-q (i32.const 8)))
      (call $trace (call $take (local.get $a)))
      (call $trace (call $take (local.get $b)))))
  (core instance $i (instantiate $M (with "" (instance
    (export "trace" (func $trace)) (export "new" (func $new)) (export "take" (func $take))
    (export "new-q" (func $new-q))))))
  (func (export "run") (canon lift (core func $i "run"))))
