;; An export returns a tuple to the host through a pointer that is not aligned for it: a trap. The
;; same bytes at an aligned place are returned.
;; script: call a = give(32)
;; script: call b = give(30)
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
    (data (i32.const 30) "\07\00\01\00\09\00\00\00")
    (func (export "give") (param $p i32) (result i32)
      (call $trace (local.get $p))
      (local.get $p)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "trace" (func $trace))))))
  (func (export "give") (param "p" u32) (result (tuple u16 u32))
    (canon lift (core func $i "give") (memory $m))))
