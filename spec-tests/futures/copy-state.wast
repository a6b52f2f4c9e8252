;; An end starts a copy only when it is idle: not during another, nor after the value has been
;; copied or the writer has been told that nobody wants it. In a waitable set only the
;; asynchronous form may.
;; Text: CanonicalABI.md, "canon future.{read,write}" (`future_copy`).

;; At 0 are the letters to write, at 64 there is room to read into. `new` packs the two
;; indices: the readable end in the low half.
;; text: canon future.{read,write}: the built-ins of a `future<u32>`, called by the script, with the synchronous and the asynchronous copies
(component definition $D
  (core module $Memory
    (memory (export "memory") 1)
    (data (i32.const 0) "abcdefghijklmnopqrstuvwxyz")
    (data (i32.const 64) "--------------------------------")
    (func (export "text") (param i32 i32) (result i32)
      (i32.store (i32.const 128) (local.get 0))
      (i32.store (i32.const 132) (local.get 1))
      (i32.const 128)))
  (core instance $m (instantiate $Memory))
  (type $T (future u32))
  (core func $new (canon future.new $T))
  (core func $read (canon future.read $T async (memory $m "memory")))
  (core func $write (canon future.write $T async (memory $m "memory")))
  (core func $read-sync (canon future.read $T (memory $m "memory")))
  (core func $write-sync (canon future.write $T (memory $m "memory")))
  (core func $drop-readable (canon future.drop-readable $T))
  (core func $drop-writable (canon future.drop-writable $T))
  (func (export "new") (result u64) (canon lift (core func $new)))
  (func (export "read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $read)))
  (func (export "write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $write)))
  (func (export "read-sync") async (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $read-sync)))
  (func (export "write-sync") async (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $write-sync)))
  (func (export "drop-readable") (param "end" u32) (canon lift (core func $drop-readable)))
  (func (export "drop-writable") (param "end" u32) (canon lift (core func $drop-writable)))
  (core func $set (canon waitable-set.new))
  (core func $poll (canon waitable-set.poll (memory $m "memory")))
  (core func $join (canon waitable.join))
  (core func $drop-set (canon waitable-set.drop))
  (core module $Poll
    (import "" "memory" (memory 1))
    (import "" "poll" (func $poll (param i32 i32) (result i32)))
    (func (export "poll") (param i32) (result i32)
      (i32.store (i32.const 144) (call $poll (local.get 0) (i32.const 148)))
      (i32.const 144)))
  (core instance $p (instantiate $Poll (with "" (instance
    (export "memory" (memory $m "memory")) (export "poll" (func $poll))))))
  (func (export "set") (result u32) (canon lift (core func $set)))
  (func (export "join") (param "end" u32) (param "set" u32) (canon lift (core func $join)))
  (func (export "poll") (param "set" u32) (result (tuple u32 u32 u32))
    (canon lift (core func $p "poll") (memory $m "memory")))
  (func (export "drop-set") (param "set" u32) (canon lift (core func $drop-set))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; A copy is under way.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: future.read/state does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.read/state holds
(assert_trap (invoke $i1 "read" (u32.const 1) (u32.const 64)) "future.read/state")

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: future.write/state does not hold
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.write/state holds
(assert_trap (invoke $i2 "write" (u32.const 2) (u32.const 0)) "future.write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i3 "new") (u64.const 0x2_00000001))

;; rule: future.read/state does not hold
(assert_return (invoke $i3 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.read/state holds
(assert_trap (invoke $i3 "read-sync" (u32.const 1) (u32.const 64)) "future.read/state")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i4 "new") (u64.const 0x2_00000001))

;; rule: future.write/state does not hold
(assert_return (invoke $i4 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.write/state holds
(assert_trap (invoke $i4 "write-sync" (u32.const 2) (u32.const 0)) "future.write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; It is over, but its event is not delivered.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i5 "new") (u64.const 0x2_00000001))

;; rule: future.read/state does not hold
(assert_return (invoke $i5 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/state does not hold
(assert_return (invoke $i5 "write" (u32.const 2) (u32.const 0)) (u32.const 0))

;; rule: future.read/state holds
(assert_trap (invoke $i5 "read" (u32.const 1) (u32.const 64)) "future.read/state")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i6 "new") (u64.const 0x2_00000001))

;; rule: future.write/state does not hold
(assert_return (invoke $i6 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.read/state does not hold
(assert_return (invoke $i6 "read" (u32.const 1) (u32.const 64)) (u32.const 0))

;; rule: future.write/state holds
(assert_trap (invoke $i6 "write" (u32.const 2) (u32.const 0)) "future.write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; It was over at once.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i7 "new") (u64.const 0x2_00000001))

;; rule: future.read/state does not hold
(assert_return (invoke $i7 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/state does not hold
(assert_return (invoke $i7 "write" (u32.const 2) (u32.const 0)) (u32.const 0))

;; rule: future.write/state holds
(assert_trap (invoke $i7 "write" (u32.const 2) (u32.const 0)) "future.write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i8 "new") (u64.const 0x2_00000001))

;; rule: future.write/state does not hold
(assert_return (invoke $i8 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.read/state does not hold
(assert_return (invoke $i8 "read" (u32.const 1) (u32.const 64)) (u32.const 0))

;; rule: future.read/state holds
(assert_trap (invoke $i8 "read" (u32.const 1) (u32.const 64)) "future.read/state")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; The reader is gone, and the writer knows.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i9 "new") (u64.const 0x2_00000001))

;; rule: channel.drop/copying does not hold
(assert_return (invoke $i9 "drop-readable" (u32.const 1)))

;; rule: future.write/dropped holds
(assert_return (invoke $i9 "write" (u32.const 2) (u32.const 0)) (u32.const 1))

;; rule: future.write/state holds
(assert_trap (invoke $i9 "write" (u32.const 2) (u32.const 0)) "future.write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; In a set, the synchronous form traps, even where it would not block.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i10 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i10 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i10 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i10 "join" (u32.const 2) (u32.const 3)))

;; rule: future.read/in-set holds
(assert_trap (invoke $i10 "read-sync" (u32.const 1) (u32.const 64)) "future.read/in-set")

;; text: Instance Definitions: a fresh instance
(component instance $i11 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i11 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i11 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i11 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i11 "join" (u32.const 2) (u32.const 3)))

;; rule: future.write/in-set holds
(assert_trap (invoke $i11 "write-sync" (u32.const 2) (u32.const 0)) "future.write/in-set")

;; text: Instance Definitions: a fresh instance
(component instance $i12 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i12 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i12 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i12 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i12 "join" (u32.const 2) (u32.const 3)))

;; rule: future.write/in-set does not hold
(assert_return (invoke $i12 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.read/in-set holds
(assert_trap (invoke $i12 "read-sync" (u32.const 1) (u32.const 64)) "future.read/in-set")

;; text: Instance Definitions: a fresh instance
(component instance $i13 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i13 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i13 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i13 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i13 "join" (u32.const 2) (u32.const 3)))

;; rule: future.read/in-set does not hold
(assert_return (invoke $i13 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/in-set holds
(assert_trap (invoke $i13 "write-sync" (u32.const 2) (u32.const 0)) "future.write/in-set")

;; text: Instance Definitions: a fresh instance
(component instance $i14 $D)

;; Out of the set it may.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i14 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i14 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i14 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i14 "join" (u32.const 2) (u32.const 3)))

;; rule: waitable.join/leave holds
(assert_return (invoke $i14 "join" (u32.const 1) (u32.const 0)))

;; rule: future.write/state does not hold
(assert_return (invoke $i14 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.read/in-set does not hold
;; rule: copy/at-once holds
(assert_return (invoke $i14 "read-sync" (u32.const 1) (u32.const 64)) (u32.const 0))

;; text: Instance Definitions: a fresh instance
(component instance $i15 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i15 "new") (u64.const 0x2_00000001))

;; rule: future.read/state does not hold
(assert_return (invoke $i15 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/in-set does not hold
;; rule: copy/at-once holds
(assert_return (invoke $i15 "write-sync" (u32.const 2) (u32.const 0)) (u32.const 0))
