;; A buffer that is not aligned traps at once, before the host has written.
;; script: call a = run()
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "stream-new" (func (param "token" u32) (result (stream u32))))
    (export "trace" (func (param "mark" u32)))))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (type $s (stream u32))
  (core func $read (canon stream.read $s async (memory $m)))
  (core func $return (canon task.return))
  (core func $h-new (canon lower (func $h "stream-new")))
  (core func $trace (canon lower (func $h "trace")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "read" (func $read (param i32 i32 i32) (result i32)))
    (import "" "return" (func $return))
    (import "" "h-new" (func $h-new (param i32) (result i32)))
    (import "" "trace" (func $trace (param i32)))
    (data (i32.const 64) "\0a\00\00\00\14\00\00\00\1e\00\00\00\28\00\00\00")
    (func (export "run") (local $r i32)
      (local.set $r (call $h-new (i32.const 6)))
      (call $trace (call $read (local.get $r) (i32.const 130) (i32.const 2)))
      (call $return)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "read" (func $read)) (export "return" (func $return))
    (export "h-new" (func $h-new)) (export "trace" (func $trace))))))
  (func (export "run") async (canon lift (core func $i "run") async)))
