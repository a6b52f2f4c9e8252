;; A record with fields of each alignment, and a tuple in it, both ways: through memory, where the
;; padding is, in the results.
;; script: call pass0 = pass({a: 255, b: 18446744073709551615, c: true, d: (65535, 1, -2.5), e: 'é'})
;; script: call pass1 = pass({a: 0, b: 1, c: false, d: (0, 255, 0.0), e: 'a'})
(component
  (import "assize:host/world@0.1.0" (instance $h
    (type $r-t (record (field "a" u8) (field "b" u64) (field "c" bool) (field "d" (tuple u16 u8 f32)) (field "e" char)))
    (export "r" (type $r (eq $r-t)))
    (export "trace-pass" (func (param "v" $r)))
    (export "echo-pass" (func (param "v" $r) (result $r)))))
  (alias export $h "r" (type $r))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (core func $trace-pass (canon lower (func $h "trace-pass")))
  (core func $echo-pass (canon lower (func $h "echo-pass") (memory $m)))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "trace-pass" (func $trace-pass (param i32 i64 i32 i32 i32 f32 i32)))
    (import "" "echo-pass" (func $echo-pass (param i32 i64 i32 i32 i32 f32 i32 i32)))
    (func (export "pass") (param i32 i64 i32 i32 i32 f32 i32) (result i32)
      (call $trace-pass (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5) (local.get 6))
      (call $echo-pass (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5) (local.get 6) (i32.const 64))
      (i32.const 64)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "trace-pass" (func $trace-pass))
    (export "echo-pass" (func $echo-pass))))))
  (func (export "pass") (param "v" $r) (result $r)
    (canon lift (core func $i "pass") (memory $m))))
