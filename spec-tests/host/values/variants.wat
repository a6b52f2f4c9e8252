;; Variants both ways whose cases share flat values of different types: each case keeps its
;; payload, and one without payload comes back without.
;; script: call pass0 = pass(empty)
;; script: call pass1 = pass(byte(200))
;; script: call pass2 = pass(single(1.5))
;; script: call pass3 = pass(single(-0.0))
;; script: call pass4 = pass(double(0.1))
;; script: call pass5 = pass(long(-9223372036854775808))
;; script: call pass6 = pass(pair((1, 255)))
(component
  (import "assize:host/world@0.1.0" (instance $h
    (type $v-t (variant (case "empty") (case "byte" u8) (case "single" f32) (case "double" f64) (case "long" s64) (case "pair" (tuple u8 u8))))
    (export "v" (type $v (eq $v-t)))
    (export "trace-pass" (func (param "v" $v)))
    (export "echo-pass" (func (param "v" $v) (result $v)))))
  (alias export $h "v" (type $v))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (core func $trace-pass (canon lower (func $h "trace-pass")))
  (core func $echo-pass (canon lower (func $h "echo-pass") (memory $m)))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "trace-pass" (func $trace-pass (param i32 i64 i32)))
    (import "" "echo-pass" (func $echo-pass (param i32 i64 i32 i32)))
    (func (export "pass") (param i32 i64 i32) (result i32)
      (call $trace-pass (local.get 0) (local.get 1) (local.get 2))
      (call $echo-pass (local.get 0) (local.get 1) (local.get 2) (i32.const 64))
      (i32.const 64)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "trace-pass" (func $trace-pass))
    (export "echo-pass" (func $echo-pass))))))
  (func (export "pass") (param "v" $v) (result $v)
    (canon lift (core func $i "pass") (memory $m))))
