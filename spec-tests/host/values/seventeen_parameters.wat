;; More parameters than fit flat: they come to the export in memory that `realloc` gives, and go
;; to the host in memory. The guest marks the address's alignment and the last byte.
;; script: call a = run(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 255)
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))
    (export "trace-all" (func (param "p00" u8) (param "p01" u8) (param "p02" u8) (param "p03" u8) (param "p04" u8) (param "p05" u8) (param "p06" u8) (param "p07" u8) (param "p08" u8) (param "p09" u8) (param "p10" u8) (param "p11" u8) (param "p12" u8) (param "p13" u8) (param "p14" u8) (param "p15" u8) (param "p16" u8)))))
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
  (core func $trace-all (canon lower (func $h "trace-all") (memory $m)))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "trace" (func $trace (param i32)))
    (import "" "trace-all" (func $trace-all (param i32)))
    (func (export "run") (param $p i32)
      (call $trace (i32.load8_u offset=0 (local.get $p)))
      (call $trace (i32.load8_u offset=16 (local.get $p)))
      (i32.store8 offset=3 (local.get $p) (i32.const 77))
      (call $trace-all (local.get $p))))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "trace" (func $trace)) (export "trace-all" (func $trace-all))))))
  (func (export "run") (param "p00" u8) (param "p01" u8) (param "p02" u8) (param "p03" u8) (param "p04" u8) (param "p05" u8) (param "p06" u8) (param "p07" u8) (param "p08" u8) (param "p09" u8) (param "p10" u8) (param "p11" u8) (param "p12" u8) (param "p13" u8) (param "p14" u8) (param "p15" u8) (param "p16" u8)
    (canon lift (core func $i "run") (memory $m) (realloc $realloc))))
