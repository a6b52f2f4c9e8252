;; With 64-bit tables and pointers: a thread takes an `i64`, its function is found by an
;; `i64`, and the thread's own storage holds `i64`s. (Wasmparser 0.254 takes neither a
;; 64-bit table nor an `i64` here; the text does.)
;; Text: CanonicalABI.md, "canon thread.new-indirect", "canon context.get", "canon
;; context.set".

;; text: canon thread.new-indirect: a component with a 64-bit table
(component definition $D
  (core module $Libc
    (memory (export "memory") i64 1)
    (table (export "table") i64 4 funcref))
  (core instance $libc (instantiate $Libc))
  (core type $start (func (param i64)))
  (core func $index (canon thread.index))
  (core func $new-thread (canon thread.new-indirect $start (core table $libc "table")))
  (core func $suspend-resume (canon thread.suspend-then-resume))
  (core func $resume-later (canon thread.resume-later))
  (core func $get0 (canon context.get i64 0))
  (core func $get1 (canon context.get i64 1))
  (core func $set0 (canon context.set i64 0))
  (core func $set1 (canon context.set i64 1))
  (core module $M
    (import "libc" "table" (table i64 4 funcref))
    (import "" "index" (func $index (result i32)))
    (import "" "new-thread" (func $new-thread (param i64 i64) (result i32)))
    (import "" "suspend-resume" (func $suspend-resume (param i32) (result i32)))
    (import "" "resume-later" (func $resume-later (param i32)))
    (import "" "get0" (func $get0 (result i64)))
    (import "" "get1" (func $get1 (result i64)))
    (import "" "set0" (func $set0 (param i64)))
    (import "" "set1" (func $set1 (param i64)))
    (global $got (mut i64) (i64.const 0))
    (global $me (mut i32) (i32.const 0))
    ;; Its storage is empty; then it notes its argument and what it has stored.
    (func $thread (param i64)
      (global.set $got (i64.add (call $get0) (call $get1)))
      (call $set0 (local.get 0))
      (call $set1 (i64.const 1))
      (global.set $got (i64.add (global.get $got) (i64.sub (call $get0) (call $get1))))
      (call $resume-later (global.get $me)))
    (func $narrow (param i32))
    (elem (table 0) (i64.const 0) func $thread $narrow)
    (func (export "thread") (param i64) (result i64)
      (global.set $me (call $index))
      (call $set0 (i64.const 0x7_0000_0000))
      (drop (call $suspend-resume (call $new-thread (i64.const 0) (local.get 0))))
      (i64.add (call $get0) (global.get $got)))
    (func (export "new") (param i64) (result i32)
      (call $new-thread (local.get 0) (i64.const 0))))
  (core instance $m (instantiate $M
    (with "libc" (instance $libc))
    (with "" (instance
      (export "index" (func $index)) (export "new-thread" (func $new-thread))
      (export "suspend-resume" (func $suspend-resume))
      (export "resume-later" (func $resume-later))
      (export "get0" (func $get0)) (export "get1" (func $get1))
      (export "set0" (func $set0)) (export "set1" (func $set1))))))
  (func (export "thread") (param "x" u64) (result u64) (canon lift (core func $m "thread")))
  (func (export "new") (param "func" u64) (result u32) (canon lift (core func $m "new"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; All 64 bits of the argument and of the storage count: 0x7_0000_0000 is this
;; thread's, the rest is the argument less 1.
;; rule: thread.new-indirect/type does not hold
(assert_return (invoke $i1 "thread" (u64.const 72057594037927938)) (u64.const 72057624102699009))

;; rule: thread.new-indirect/bounds does not hold
(assert_return (invoke $i1 "new" (u64.const 0)) (u32.const 2))

;; rule: thread.new-indirect/bounds holds
(assert_trap (invoke $i1 "new" (u64.const 4)) "thread.new-indirect/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; The lower 32 bits would be an index of the table.
;; rule: thread.new-indirect/bounds holds
(assert_trap (invoke $i2 "new" (u64.const 4294967296)) "thread.new-indirect/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: thread.new-indirect/null holds
(assert_trap (invoke $i3 "new" (u64.const 2)) "thread.new-indirect/null")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; The function takes an `i32`.
;; rule: thread.new-indirect/type holds
(assert_trap (invoke $i4 "new" (u64.const 1)) "thread.new-indirect/type")
