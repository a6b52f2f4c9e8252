;; While a synchronous read blocks, another call of the instance reads from the same end: that
;; traps.
;; script: start a = run()
;; script: start b = again()
;; script: await b
;; script: await a
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "stream-new" (func (param "token" u32) (result (stream u32))))
    (export "trace" (func (param "mark" u32)))))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (type $s (stream u32))
  (core func $read (canon stream.read $s async (memory $m)))
  (core func $read-sync (canon stream.read $s (memory $m)))
  (core func $return (canon task.return))
  (core func $h-new (canon lower (func $h "stream-new")))
  (core func $trace (canon lower (func $h "trace")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "read" (func $read (param i32 i32 i32) (result i32)))
    (import "" "read-sync" (func $read-sync (param i32 i32 i32) (result i32)))
    (import "" "return" (func $return))
    (import "" "h-new" (func $h-new (param i32) (result i32)))
    (import "" "trace" (func $trace (param i32)))
    (data (i32.const 64) "\0a\00\00\00\14\00\00\00\1e\00\00\00\28\00\00\00")
    (func (export "run") (local $r i32)
      (local.set $r (call $h-new (i32.const 6)))
      (i32.store (i32.const 0) (local.get $r))
      (call $trace (i32.const 100))
      (call $trace (call $read-sync (local.get $r) (i32.const 128) (i32.const 4)))
      (call $return))
    (func (export "again")
      (call $trace (i32.const 200))
      (call $trace (call $read (i32.load (i32.const 0)) (i32.const 160) (i32.const 1)))
      (call $return)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "read" (func $read)) (export "read-sync" (func $read-sync))
    (export "return" (func $return)) (export "h-new" (func $h-new)) (export "trace" (func $trace))))))
  (func (export "run") async (canon lift (core func $i "run") async))
  (func (export "again") async (canon lift (core func $i "again") async)))
