;; A list of a fixed length both ways: flat as a parameter, in memory as a result.
;; script: call a = pass([1, 65535, 3])
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))
    (export "trace-list" (func (param "l" (list u16 3))))
    (export "echo" (func (param "l" (list u16 3)) (result (list u16 3))))))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (core func $trace (canon lower (func $h "trace")))
  (core func $trace-list (canon lower (func $h "trace-list") (memory $m)))
  (core func $echo (canon lower (func $h "echo") (memory $m)))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "trace" (func $trace (param i32)))
    (import "" "trace-list" (func $trace-list (param i32 i32 i32)))
    (import "" "echo" (func $echo (param i32 i32 i32 i32)))
    (func (export "pass") (param i32 i32 i32) (result i32)
      (call $trace-list (local.get 0) (local.get 1) (local.get 2))
      (call $echo (local.get 2) (local.get 1) (local.get 0) (i32.const 16))
      (call $trace (i32.load16_u (i32.const 16)))
      (call $trace (i32.load16_u (i32.const 20)))
      (i32.const 16)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "trace" (func $trace))
    (export "trace-list" (func $trace-list)) (export "echo" (func $echo))))))
  (func (export "pass") (param "l" (list u16 3)) (result (list u16 3))
    (canon lift (core func $i "pass") (memory $m))))
