;; Lists of 64-bit numbers both ways, aligned in the guest's memory, and the empty list.
;; script: call pass0 = pass([])
;; script: call pass1 = pass([1])
;; script: call pass2 = pass([18446744073709551615, 0, 9007199254740993])
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))
    (export "trace-list" (func (param "l" (list u64))))
    (export "echo" (func (param "l" (list u64)) (result (list u64))))))
  (core module $Mem
    (memory (export "m") 1)
    (global $free (mut i32) (i32.const 1024))
    (func (export "realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32)
      (result i32) (local $at i32)
      (local.set $at (i32.and
        (i32.add (global.get $free) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
      (global.set $free (i32.add (local.get $at) (local.get $new)))
      (memory.copy (local.get $at) (local.get $old) (local.get $size))
      (local.get $at)))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (alias core export $mem "realloc" (core func $realloc))
  (core func $trace (canon lower (func $h "trace")))
  (core func $trace-list (canon lower (func $h "trace-list") (memory $m)))
  (core func $echo (canon lower (func $h "echo") (memory $m) (realloc $realloc)))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "trace" (func $trace (param i32)))
    (import "" "trace-list" (func $trace-list (param i32 i32)))
    (import "" "echo" (func $echo (param i32 i32 i32)))
    (func (export "pass") (param $p i32) (param $n i32) (result i32)
      (call $trace (local.get $n))
      (call $trace-list (local.get $p) (local.get $n))
      (call $echo (local.get $p) (local.get $n) (i32.const 16))
      ;; How many come back, and whether they are aligned.
      (call $trace (i32.load (i32.const 20)))
      (call $trace (i32.and (i32.load (i32.const 16)) (i32.const 7)))
      (i32.const 16)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "trace" (func $trace))
    (export "trace-list" (func $trace-list)) (export "echo" (func $echo))))))
  (func (export "pass") (param "l" (list u64)) (result (list u64))
    (canon lift (core func $i "pass") (memory $m) (realloc $realloc))))
