;; The guest's `realloc` gives the host a place that is not aligned for a list of words: a trap
;; before the export runs. For bytes it is good enough.
;; script: call a = bytes([7, 8])
;; script: call b = words([7])
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))))
  (core module $Mem
    (memory (export "m") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1027)))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (alias core export $mem "realloc" (core func $realloc))
  (core func $trace (canon lower (func $h "trace")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "trace" (func $trace (param i32)))
    (func (export "bytes") (param $p i32) (param $n i32)
      (call $trace (local.get $n))
      (call $trace (i32.load16_u (local.get $p))))
    (func (export "words") (param $p i32) (param $n i32)
      (call $trace (i32.const 99))))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "trace" (func $trace))))))
  (func (export "bytes") (param "v" (list u8))
    (canon lift (core func $i "bytes") (memory $m) (realloc $realloc)))
  (func (export "words") (param "v" (list u32))
    (canon lift (core func $i "words") (memory $m) (realloc $realloc))))
