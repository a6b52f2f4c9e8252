;; An export returns flat values with more bits than their types have: the host sees the low bits,
;; with their sign, and any number but zero as true.
;; script: call a = give-u8(511)
;; script: call b = give-s16(98304)
;; script: call c = give-bool(256)
;; script: call d = give-bool(0)
;; script: call e = give-flags(4294967285)
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))))
  (core func $trace (canon lower (func $h "trace")))
  (core module $M
    (import "" "trace" (func $trace (param i32)))
    (func (export "same") (param $v i32) (result i32)
      (call $trace (local.get $v))
      (local.get $v)))
  (core instance $i (instantiate $M (with "" (instance
    (export "trace" (func $trace))))))
  (func (export "give-u8") (param "v" u32) (result u8) (canon lift (core func $i "same")))
  (func (export "give-s16") (param "v" u32) (result s16) (canon lift (core func $i "same")))
  (func (export "give-bool") (param "v" u32) (result bool) (canon lift (core func $i "same")))
  (type $g-t (flags "a" "b" "c"))
  (export $g "g" (type $g-t))
  (func (export "give-flags") (param "v" u32) (result $g) (canon lift (core func $i "same"))))
