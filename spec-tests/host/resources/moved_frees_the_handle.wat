;; A resource goes to a pending call of the host: its index is free at once, and the next
;; resource, or the subtask, has it.
;; script: call a = run()
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "r" (type $r (sub resource)))
    (export "trace" (func (param "mark" u32)))
    (export "resource-new" (func (param "rep" u32) (result (own $r))))
    (export "pending-moved" (func async (param "token" u32) (param "r" (own $r)) (result u32)))))
  (alias export $h "r" (type $R))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (core func $return-none (canon task.return))
  (core func $trace (canon lower (func $h "trace")))
  (core func $new (canon lower (func $h "resource-new")))
  (core func $move (canon lower (func $h "pending-moved") async (memory $m)))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "return-none" (func $return-none))
    (import "" "trace" (func $trace (param i32)))
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "move" (func $move (param i32 i32 i32) (result i32)))
    (func $index (param $s i32) (result i32) (i32.shr_u (local.get $s) (i32.const 4)))
    (func (export "run") (local $a i32) (local $s i32)
      (local.set $a (call $new (i32.const 7)))
      (local.set $s (call $index (call $move (i32.const 1) (local.get $a) (i32.const 16))))
      (call $trace (i32.eq (local.get $s) (local.get $a)))
      (call $trace (i32.eq (call $new (i32.const 8)) (i32.add (local.get $a) (i32.const 1))))
      (call $return-none)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "return-none" (func $return-none))
    (export "trace" (func $trace)) (export "new" (func $new)) (export "move" (func $move))))))
  (func (export "run") async (canon lift (core func $i "run") async)))
