;; A guest passes a stream of bytes to the host where one of larger numbers is due: that traps,
;; though both are streams.
;; script: call a = run()
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "stream-take" (func (param "token" u32) (param "s" (stream u32))))
    (export "trace" (func (param "mark" u32)))
    (export "stream-new-b" (func (param "token" u32) (result (stream u8))))))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (core func $return (canon task.return))
  (core func $h-take (canon lower (func $h "stream-take")))
  (core func $trace (canon lower (func $h "trace")))
  (core func $new-b (canon lower (func $h "stream-new-b")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "return" (func $return))
    (import "" "h-take" (func $h-take (param i32 i32)))
    (import "" "trace" (func $trace (param i32)))
    (import "" "new-b" (func $new-b (param i32) (result i32)))
    (data (i32.const 64) "\0a\00\00\00\14\00\00\00\1e\00\00\00\28\00\00\00")
    (func (export "run") (local $r i32)
      (local.set $r (call $new-b (i32.const 7)))
      (call $h-take (i32.const 5) (local.get $r))
      (call $trace (i32.const 1))
      (call $return)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "return" (func $return)) (export "h-take" (func $h-take))
    (export "trace" (func $trace)) (export "new-b" (func $new-b))))))
  (func (export "run") async (canon lift (core func $i "run") async)))
