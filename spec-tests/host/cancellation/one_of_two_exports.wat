;; Two calls of one export wait, and the host cancels the second: the first is not told, and
;; returns what the host gives it.
;; script: start a = run(1)
;; script: start b = run(2)
;; script: cancel b
;; script: await b
;; script: call x = resolver.resolve(1, 42)
;; script: await a
(component $resolver
  (import "assize:host/world@0.1.0" (instance $h
    (export "resolve" (func (param "token" u32) (param "value" u32)))))
  (core func $resolve (canon lower (func $h "resolve")))
  (core module $M
    (import "" "resolve" (func $resolve (param i32 i32)))
    (func (export "resolve") (param i32 i32) (call $resolve (local.get 0) (local.get 1))))
  (core instance $i (instantiate $M (with "" (instance (export "resolve" (func $resolve))))))
  (func (export "resolve") (param "token" u32) (param "value" u32)
    (canon lift (core func $i "resolve"))))
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))
    (export "pending" (func async (param "token" u32) (result u32)))))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (core func $set (canon waitable-set.new))
  (core func $join (canon waitable.join))
  (core func $wait-c (canon waitable-set.wait cancellable (memory $m)))
  (core func $return (canon task.return (result u32)))
  (core func $task-cancel (canon task.cancel))
  (core func $trace (canon lower (func $h "trace")))
  (core func $pending (canon lower (func $h "pending") async (memory $m)))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "set" (func $set (result i32)))
    (import "" "join" (func $join (param i32 i32)))
    (import "" "wait-c" (func $wait-c (param i32 i32) (result i32)))
    (import "" "return" (func $return (param i32)))
    (import "" "task-cancel" (func $task-cancel))
    (import "" "trace" (func $trace (param i32)))
    (import "" "pending" (func $pending (param i32 i32) (result i32)))
    (func $set-of (param $w i32) (result i32) (local $set i32)
      (call $join (local.get $w) (local.tee $set (call $set)))
      (local.get $set))
    (func $index (param $s i32) (result i32) (i32.shr_u (local.get $s) (i32.const 4)))
    (func (export "run") (param $t i32) (local $set i32) (local $s i32) (local $p i32)
      (local.set $p (i32.mul (local.get $t) (i32.const 16)))
      (local.set $s (call $index (call $pending (local.get $t) (local.get $p))))
      (local.set $set (call $set-of (local.get $s)))
      (call $trace (i32.add (i32.const 100) (local.get $t)))
      (if (i32.eq (call $wait-c (local.get $set) (i32.const 0)) (i32.const 6))
        (then
          (call $trace (i32.add (i32.const 200) (local.get $t)))
          (call $task-cancel)
          (return)))
      (call $trace (i32.add (i32.const 300) (local.get $t)))
      (call $return (i32.load (local.get $p)))))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "set" (func $set)) (export "join" (func $join))
    (export "wait-c" (func $wait-c)) (export "return" (func $return))
    (export "task-cancel" (func $task-cancel)) (export "trace" (func $trace))
    (export "pending" (func $pending))))))
  (func (export "run") async (param "token" u32) (result u32)
    (canon lift (core func $i "run") async)))
