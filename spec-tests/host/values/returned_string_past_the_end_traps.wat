;; An export returns a string to the host that ends past the end of memory: a trap, after the
;; export has run. One that ends with the memory is returned.
;; script: call a = give(1)
;; script: call b = give(2)
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (core func $trace (canon lower (func $h "trace")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "trace" (func $trace (param i32)))
    (func (export "give") (param $n i32) (result i32)
      (i32.store8 (i32.const 65535) (i32.const 0x61))
      (i32.store (i32.const 16) (i32.const 65535))
      (i32.store (i32.const 20) (local.get $n))
      (call $trace (local.get $n))
      (i32.const 16)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "trace" (func $trace))))))
  (func (export "give") (param "n" u32) (result string)
    (canon lift (core func $i "give") (memory $m))))
