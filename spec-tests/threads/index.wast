;; Threads have an index in their instance, from 1, and an index that was freed is
;; used again. A new thread is suspended until another thread lets it run, and has
;; its own two slots of storage, which begin as 0.
;; Text: CanonicalABI.md, "canon thread.index", "canon thread.new-indirect",
;; "canon context.get", "canon context.set", "Threads".

;; text: canon thread.new-indirect: a component with threads of all kinds
(component definition $D
  (core module $Libc
    (memory (export "memory") 1)
    (table (export "table") 8 funcref))
  (core instance $libc (instantiate $Libc))
  (core type $start (func (param i32)))
  (core func $index (canon thread.index))
  (core func $new-thread (canon thread.new-indirect $start (core table $libc "table")))
  (core func $suspend-resume (canon thread.suspend-then-resume))
  (core func $resume-later (canon thread.resume-later))
  (core func $get0 (canon context.get i32 0))
  (core func $get1 (canon context.get i32 1))
  (core func $set0 (canon context.set i32 0))
  (core func $set1 (canon context.set i32 1))
  (core module $M
    (import "" "index" (func $index (result i32)))
    (import "" "new-thread" (func $new-thread (param i32 i32) (result i32)))
    (import "" "suspend-resume" (func $suspend-resume (param i32) (result i32)))
    (import "" "resume-later" (func $resume-later (param i32)))
    (import "" "get0" (func $get0 (result i32)))
    (import "" "get1" (func $get1 (result i32)))
    (import "" "set0" (func $set0 (param i32)))
    (import "" "set1" (func $set1 (param i32)))
    (import "libc" "memory" (memory 1))
    (import "libc" "table" (table 8 funcref))
    (global $end (mut i32) (i32.const 1024))
    (func $log (param i32)
      (i32.store (global.get $end) (local.get 0))
      (global.set $end (i32.add (global.get $end) (i32.const 4))))
    (func $logged (result i32)
      (i32.store (i32.const 16) (i32.const 1024))
      (i32.store (i32.const 20)
        (i32.shr_u (i32.sub (global.get $end) (i32.const 1024)) (i32.const 2)))
      (i32.const 16))
    (func $note (param i32)
      (call $log (call $index))
      (call $log (local.get 0))
      (call $log (call $get0))
      (call $log (call $get1))
      (call $set0 (i32.const 500))
      (call $set1 (i32.const 600)))
    (func $other-type (param i64))
    (elem (table 0) (i32.const 1) func $note $other-type $back)
    ;; Runs in place of the thread that it lets go on.
    (func $back (param i32)
      (call $log (local.get 0))
      (call $resume-later (local.get 0)))
    (func (export "index") (result i32) (call $index))
    (func (export "indices") (result i32) (local $t i32)
      (call $log (call $index))
      (call $log (call $new-thread (i32.const 1) (i32.const 0)))
      (call $log (call $new-thread (i32.const 1) (i32.const 0)))
      (local.set $t (call $new-thread (i32.const 3) (call $index)))
      (call $log (local.get $t))
      (call $log (call $suspend-resume (local.get $t)))
      ;; `$t` has ended, so its index is free.
      (call $log (call $new-thread (i32.const 1) (i32.const 0)))
      (call $logged))
    (func $run (param $fi i32) (param $c i32) (local $t i32)
      (local.set $t (call $new-thread (local.get $fi) (local.get $c)))
      (call $resume-later (call $new-thread (i32.const 3) (call $index)))
      ;; The thread runs, and at its end the one that lets this one go on.
      (drop (call $suspend-resume (local.get $t))))
    (func (export "storage") (result i32)
      (call $set0 (i32.const 50))
      (call $set1 (i32.const 60))
      (call $run (i32.const 1) (i32.const 77))
      (call $log (call $get0))
      (call $log (call $get1))
      (call $logged))
    (func (export "new") (param i32) (result i32)
      (call $new-thread (local.get 0) (i32.const 0))))
  (core instance $m (instantiate $M
    (with "libc" (instance $libc))
    (with "" (instance
      (export "index" (func $index)) (export "new-thread" (func $new-thread))
        (export "suspend-resume" (func $suspend-resume))
        (export "resume-later" (func $resume-later)) (export "get0" (func $get0))
        (export "get1" (func $get1)) (export "set0" (func $set0)) (export "set1" (func $set1))))))
  (func (export "index") (result u32) (canon lift (core func $m "index")))
  (func (export "indices") (result (list u32))
    (canon lift (core func $m "indices") (memory $libc "memory")))
  (func (export "storage") (result (list u32))
    (canon lift (core func $m "storage") (memory $libc "memory")))
  (func (export "new") (param "func" u32) (result u32) (canon lift (core func $m "new"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: thread.index/may-leave does not hold
(assert_return (invoke $i1 "index") (u32.const 1))

;; The call before has ended, so its index is free.
;; rule: thread.index/may-leave does not hold
(assert_return (invoke $i1 "index") (u32.const 1))

;; Itself, two that never run, one that runs with this index as its argument, the
;; result of a switch that no cancellation ended, and the index that was freed.
;; rule: thread.new-indirect/may-leave does not hold
;; rule: table.add/free holds
(assert_return (invoke $i1 "indices")
  (list.const (u32.const 1) (u32.const 2) (u32.const 3) (u32.const 4) (u32.const 1)
    (u32.const 0) (u32.const 4)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; The new thread sees its index, its argument, and zeros; then the one that wakes
;; the first thread writes down whom it wakes; the first finds its own storage.
;; rule: lift/resolved does not hold
(assert_return (invoke $i2 "storage")
  (list.const (u32.const 2) (u32.const 77) (u32.const 0) (u32.const 0) (u32.const 1)
    (u32.const 50) (u32.const 60)))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; The function at 1 is of the right type.
;; rule: thread.new-indirect/bounds does not hold
;; rule: thread.new-indirect/null does not hold
;; rule: thread.new-indirect/type does not hold
(assert_return (invoke $i3 "new" (u32.const 1)) (u32.const 2))

;; The table has 8 elements.
;; rule: thread.new-indirect/bounds holds
(assert_trap (invoke $i3 "new" (u32.const 8)) "thread.new-indirect/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; The last element is null.
;; rule: thread.new-indirect/null holds
(assert_trap (invoke $i4 "new" (u32.const 7)) "thread.new-indirect/null")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; The function at 2 takes an `i64`.
;; rule: thread.new-indirect/type holds
(assert_trap (invoke $i5 "new" (u32.const 2)) "thread.new-indirect/type")
