;; A function whose type is not `async` must return a value before its caller goes on:
;; while it has none, other threads of its instance run, but if none can, it traps. A
;; function that is lifted the same way with an `async` type may block.
;; Text: CanonicalABI.md, "canon lift".

;; text: canon lift: functions that block for a while or for ever
(component definition $D
  (core module $Libc
    (memory (export "memory") 1)
    (table (export "table") 8 funcref))
  (core instance $libc (instantiate $Libc))
  (core type $start (func (param i32)))
  (core func $new-thread (canon thread.new-indirect $start (core table $libc "table")))
  (core func $resume-later (canon thread.resume-later))
  (core func $suspend (canon thread.suspend))
  (core func $yield (canon thread.yield))
  (core func $index (canon thread.index))
  (core func $suspend-resume (canon thread.suspend-then-resume))
  (core func $set-new (canon waitable-set.new))
  (core func $wait (canon waitable-set.wait (memory $libc "memory")))
  (core module $M
    (import "" "new-thread" (func $new-thread (param i32 i32) (result i32)))
    (import "" "resume-later" (func $resume-later (param i32)))
    (import "" "suspend" (func $suspend (result i32)))
    (import "" "yield" (func $yield (result i32)))
    (import "" "index" (func $index (result i32)))
    (import "" "suspend-resume" (func $suspend-resume (param i32) (result i32)))
    (import "" "set-new" (func $set-new (result i32)))
    (import "" "wait" (func $wait (param i32 i32) (result i32)))
    (import "libc" "memory" (memory 1))
    (import "libc" "table" (table 8 funcref))
    (global $me (mut i32) (i32.const 0))
    (func $wakes (param i32) (call $resume-later (global.get $me)))
    (elem (table 0) (i32.const 0) func $wakes)
    (func (export "suspends") (drop (call $suspend)))
    (func (export "waits") (drop (call $wait (call $set-new) (i32.const 0))))
    (func (export "yields") (result i32) (i32.add (call $yield) (i32.const 1)))
    (func (export "woken") (result i32)
      (global.set $me (call $index))
      (call $resume-later (call $new-thread (i32.const 0) (i32.const 0)))
      (i32.add (call $suspend) (i32.const 2))))
  (core instance $m (instantiate $M
    (with "libc" (instance $libc))
    (with "" (instance
      (export "new-thread" (func $new-thread)) (export "resume-later" (func $resume-later))
        (export "suspend" (func $suspend)) (export "yield" (func $yield))
        (export "index" (func $index)) (export "suspend-resume" (func $suspend-resume))
        (export "set-new" (func $set-new)) (export "wait" (func $wait))))))
  (func (export "suspends") (canon lift (core func $m "suspends")))
  (func (export "waits") (canon lift (core func $m "waits")))
  (func (export "yields") (result u32) (canon lift (core func $m "yields")))
  (func (export "woken") (result u32) (canon lift (core func $m "woken")))
  (func (export "async-yields") async (result u32) (canon lift (core func $m "yields")))
  (func (export "async-woken") async (result u32) (canon lift (core func $m "woken"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; A thread that yields is ready itself.
;; rule: lift/resolved holds
;; rule: lift/blocked does not hold
(assert_return (invoke $i1 "yields") (u32.const 1))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: lift/resolved does not hold
;; rule: lift/blocked does not hold
(assert_return (invoke $i2 "woken") (u32.const 2))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: task.enter/exclusive holds
(assert_return (invoke $i3 "async-yields") (u32.const 1))

;; rule: task.enter/exclusive holds
(assert_return (invoke $i3 "async-woken") (u32.const 2))

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: lift/blocked holds
(assert_trap (invoke $i4 "suspends") "lift/blocked")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: lift/blocked holds
(assert_trap (invoke $i5 "waits") "lift/blocked")
