;; When a task's last thread ends, the task must have returned. Which of its threads
;; returned, and which ends last, does not matter.
;; Text: CanonicalABI.md, "Tasks" (`unregister_thread`), "canon lift".

;; text: Tasks: functions whose threads end in different orders
(component definition $D
  (core module $Libc
    (memory (export "memory") 1)
    (table (export "table") 8 funcref))
  (core instance $libc (instantiate $Libc))
  (core type $start (func (param i32)))
  (core func $return-u32 (canon task.return (result u32)))
  (core func $new-thread (canon thread.new-indirect $start (core table $libc "table")))
  (core func $resume-later (canon thread.resume-later))
  (core func $suspend-resume (canon thread.suspend-then-resume))
  (core func $index (canon thread.index))
  (core func $get0 (canon context.get i32 0))
  (core module $M
    (import "" "return-u32" (func $return-u32 (param i32)))
    (import "" "new-thread" (func $new-thread (param i32 i32) (result i32)))
    (import "" "resume-later" (func $resume-later (param i32)))
    (import "" "suspend-resume" (func $suspend-resume (param i32) (result i32)))
    (import "" "index" (func $index (result i32)))
    (import "" "get0" (func $get0 (result i32)))
    (import "libc" "memory" (memory 1))
    (import "libc" "table" (table 8 funcref))
    (global $me (mut i32) (i32.const 0))
    (func $returns (param i32) (call $return-u32 (local.get 0)))
    (func $ends (param i32))
    (func $returns-and-wakes (param i32)
      (call $return-u32 (local.get 0))
      (call $resume-later (global.get $me)))
    (elem (table 0) (i32.const 0) func $returns $ends $returns-and-wakes)
    (func $later (param i32) (call $resume-later (call $new-thread (local.get 0) (i32.const 9))))
    (func (export "nothing"))
    (func (export "exit") (result i32) (i32.const 0))
    (func (export "callback") (param i32 i32 i32) (result i32) (unreachable))
    (func (export "other-ends") (call $later (i32.const 1)))
    (func (export "other-returns") (call $later (i32.const 0)))
    (func (export "other-returns-first")
      (global.set $me (call $index))
      (drop (call $suspend-resume (call $new-thread (i32.const 2) (i32.const 10)))))
    (func (export "returns-other-ends")
      (call $later (i32.const 1))
      (call $return-u32 (i32.const 11)))
    (func (export "exit-other-returns") (result i32) (call $later (i32.const 0)) (i32.const 0))
    (func (export "exit-other-ends") (result i32) (call $later (i32.const 1)) (i32.const 0)))
  (core instance $m (instantiate $M
    (with "libc" (instance $libc))
    (with "" (instance
      (export "return-u32" (func $return-u32)) (export "new-thread" (func $new-thread))
        (export "resume-later" (func $resume-later))
        (export "suspend-resume" (func $suspend-resume)) (export "index" (func $index))
        (export "get0" (func $get0))))))
  (func (export "nothing") async (result u32) (canon lift (core func $m "nothing") async))
  (func (export "exit") async (result u32)
    (canon lift (core func $m "exit") async (callback (func $m "callback"))))
  (func (export "other-ends") async (result u32)
    (canon lift (core func $m "other-ends") async))
  (func (export "other-returns") async (result u32)
    (canon lift (core func $m "other-returns") async))
  (func (export "other-returns-first") async (result u32)
    (canon lift (core func $m "other-returns-first") async))
  (func (export "returns-other-ends") async (result u32)
    (canon lift (core func $m "returns-other-ends") async))
  (func (export "exit-other-returns") async (result u32)
    (canon lift (core func $m "exit-other-returns") async (callback (func $m "callback"))))
  (func (export "exit-other-ends") async (result u32)
    (canon lift (core func $m "exit-other-ends") async (callback (func $m "callback")))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: task.exit/unresolved holds
(assert_trap (invoke $i1 "nothing") "task.exit/unresolved")

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: task.exit/unresolved holds
(assert_trap (invoke $i2 "exit") "task.exit/unresolved")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; The first thread ends, and then the other.
;; rule: task.exit/unresolved holds
(assert_trap (invoke $i3 "other-ends") "task.exit/unresolved")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: task.exit/unresolved holds
(assert_trap (invoke $i4 "exit-other-ends") "task.exit/unresolved")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; The first thread ends before there is a value; the other returns it.
;; rule: task.exit/unresolved does not hold
(assert_return (invoke $i5 "other-returns") (u32.const 9))

;; rule: task.exit/unresolved does not hold
(assert_return (invoke $i5 "other-returns-first") (u32.const 10))

;; rule: task.exit/unresolved does not hold
(assert_return (invoke $i5 "returns-other-ends") (u32.const 11))

;; The same with a callback, which is never called.
;; rule: task.exit/unresolved does not hold
(assert_return (invoke $i5 "exit-other-returns") (u32.const 9))
