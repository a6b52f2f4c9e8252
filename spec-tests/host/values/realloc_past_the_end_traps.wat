;; The guest's `realloc` gives the host a place that ends past the end of memory: a trap before
;; the export runs. A string that fits there passes.
;; script: call a = take("abc")
;; script: call b = take("abcd")
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))))
  (core module $Mem
    (memory (export "m") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 65533)))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (alias core export $mem "realloc" (core func $realloc))
  (core func $trace (canon lower (func $h "trace")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "trace" (func $trace (param i32)))
    (func (export "take") (param $p i32) (param $n i32)
      (call $trace (local.get $n))
      (if (local.get $n) (then (call $trace (i32.load8_u (local.get $p)))))))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "trace" (func $trace))))))
  (func (export "take") (param "v" string)
    (canon lift (core func $i "take") (memory $m) (realloc $realloc))))
