;; A guest gives a string to the host that is not UTF-8, cut off in the middle of a character: a
;; trap.
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
    (data (i32.const 64) "a\e2\82\ac")
    (func (export "run")
      (call $trace-text (i32.const 64) (i32.const 4))
      (call $trace-text (i32.const 64) (i32.const 3))
      (call $trace (i32.const 99))))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "trace" (func $trace))
    (export "trace-text" (func $trace-text))))))
  (func (export "run") (canon lift (core func $i "run"))))
