;; An asynchronous call takes at most four flat parameters: with five they stand in memory, and
;; the host has taken them when the call says that it has started, so what the guest writes then
;; is too late.
;; script: call a = run()
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))
    (export "resolve" (func (param "token" u32) (param "value" u32)))
    (export "pending-five" (func async (param "token" u32) (param "b" u16) (param "c" u64) (param "d" bool) (param "e" char) (result u32)))))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (core func $return-none (canon task.return))
  (core func $trace (canon lower (func $h "trace")))
  (core func $resolve (canon lower (func $h "resolve")))
  (core func $pending-five (canon lower (func $h "pending-five") async (memory $m)))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "return-none" (func $return-none))
    (import "" "trace" (func $trace (param i32)))
    (import "" "resolve" (func $resolve (param i32 i32)))
    (import "" "pending-five" (func $pending-five (param i32 i32) (result i32)))
    (func $status (param $s i32) (result i32) (i32.and (local.get $s) (i32.const 15)))
    (func (export "run")
      (i32.store8 (i32.const 64) (i32.const 255))
      (i32.store16 (i32.const 66) (i32.const 2))
      (i64.store (i32.const 72) (i64.const -3))
      (i32.store8 (i32.const 80) (i32.const 1))
      (i32.store (i32.const 84) (i32.const 0x61))
      (call $trace (call $status (call $pending-five (i32.const 64) (i32.const 16))))
      (memory.fill (i32.const 64) (i32.const 9) (i32.const 24))
      (call $resolve (i32.const 2) (i32.const 9))
      (call $return-none)))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "return-none" (func $return-none))
    (export "trace" (func $trace)) (export "resolve" (func $resolve))
    (export "pending-five" (func $pending-five))))))
  (func (export "run") async (canon lift (core func $i "run") async)))
