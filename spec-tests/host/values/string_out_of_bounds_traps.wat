;; A guest gives a string to the host that ends past the end of memory: a trap. One that ends with
;; the memory passes.
;; script: call a = run()
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))
    (export "trace-text" (func (param "t" string)))))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (core func $trace (canon lower (func $h "trace")))
  (core func $trace-text (canon lower (func $h "trace-text") (memory $m)))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "trace" (func $trace (param i32)))
    (import "" "trace-text" (func $trace-text (param i32 i32)))
    (func (export "run")
      (i32.store8 (i32.const 65535) (i32.const 97))
      (call $trace-text (i32.const 65535) (i32.const 1))
      (call $trace-text (i32.const 65535) (i32.const 2))
      (call $trace (i32.const 99))))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "trace" (func $trace))
    (export "trace-text" (func $trace-text))))))
  (func (export "run") (canon lift (core func $i "run"))))
