;; A guest passes its writable end to the host where a readable one is due: that traps.
;; script: call a = run()
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "stream-take" (func (param "token" u32) (param "s" (stream u32))))
    (export "trace" (func (param "mark" u32)))))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (type $s (stream u32))
  (core func $new (canon stream.new $s))
  (core func $return (canon task.return))
  (core func $h-take (canon lower (func $h "stream-take")))
  (core func $trace (canon lower (func $h "trace")))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "new" (func $new (result i64)))
    (import "" "return" (func $return))
    (import "" "h-take" (func $h-take (param i32 i32)))
    (import "" "trace" (func $trace (param i32)))
    (data (i32.const 64) "\0a\00\00\00\14\00\00\00\1e\00\00\00\28\00\00\00")
    (func (export "run") (local $both i64) (local $r i32) (local $w i32)
      (local.set $both (call $new))
      (local.set $r (i32.wrap_i64 (local.get $both)))
      (local.set $w (i32.wrap_i64 (i64.shr_u (local.get $both) (i64.const 32))))

      (call $h-take (i32.const 5) (local.get $w))
      (call $trace (i32.const 1))
      (call $return)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "new" (func $new)) (export "return" (func $return))
    (export "h-take" (func $h-take)) (export "trace" (func $trace))))))
  (func (export "run") async (canon lift (core func $i "run") async)))
