;; The host has read the result before `post-return` runs, which gets the same pointer and may
;; overwrite what was returned. It runs once a call.
;; script: call a = give()
;; script: call b = count()
;; script: call c = give()
;; script: call d = count()
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
    (global $count (mut i32) (i32.const 0))
    (func (export "give") (result i32)
      (i32.store (i32.const 16) (i32.const 64))
      (i32.store (i32.const 20) (i32.const 3))
      (i32.store (i32.const 64) (i32.const 0x636261))
      (call $trace (i32.const 1))
      (i32.const 16))
    (func (export "after") (param $p i32)
      (global.set $count (i32.add (global.get $count) (local.get $p)))
      (memory.fill (i32.const 16) (i32.const 0x7a) (i32.const 64)))
    (func (export "count") (result i32) (global.get $count)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "trace" (func $trace))))))
  (func (export "give") (result string)
    (canon lift (core func $i "give") (memory $m) (post-return (core func $i "after"))))
  (func (export "count") (result u32) (canon lift (core func $i "count"))))
