;; A guest gives a surrogate as a character to the host: a trap, before the host sees the call.
;; The character next to it passes.
;; script: call a = run()
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))
    (export "trace-char" (func (param "v" char)))))
  (core func $trace (canon lower (func $h "trace")))
  (core func $trace-char (canon lower (func $h "trace-char")))
  (core module $M
    (import "" "trace" (func $trace (param i32)))
    (import "" "trace-char" (func $trace-char (param i32)))
    (func (export "run")
      (call $trace-char (i32.const 0xd7ff))
      (call $trace-char (i32.const 0xd800))
      (call $trace (i32.const 99))))
  (core instance $i (instantiate $M (with "" (instance
    (export "trace" (func $trace)) (export "trace-char" (func $trace-char))))))
  (func (export "run") (canon lift (core func $i "run"))))
