;; In `realloc`, called for the host's argument, the guest may not call the host: a trap before
;; the export runs.
;; script: call b = ping()
;; script: call a = take("abc")
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))))
  (core func $mark (canon lower (func $h "trace")))
  (core module $Mem
    (import "" "mark" (func $mark (param i32)))
    (memory (export "m") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (call $mark (i32.const 98))
      (i32.const 1024)))
  (core instance $mem (instantiate $Mem (with "" (instance (export "mark" (func $mark))))))
  (alias core export $mem "m" (core memory $m))
  (core func $trace (canon lower (func $h "trace")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "trace" (func $trace (param i32)))
    (func (export "ping") (call $trace (i32.const 1)))
    (func (export "take") (param i32 i32) (call $trace (i32.const 99))))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "trace" (func $trace))))))
  (func (export "ping") (canon lift (core func $i "ping")))
  (func (export "take") (param "t" string)
    (canon lift (core func $i "take") (memory $m) (realloc (core func $mem "realloc")))))
