;; An end starts a copy only when it is idle: not during another, nor after it was told that
;; the other end is gone. In a waitable set only the asynchronous form may.
;; Text: CanonicalABI.md, "canon stream.{read,write}" (`stream_copy`).

;; The script calls the built-ins one by one: at 0 are the letters to write, at 64 there
;; is room to read into. `new` packs the two indices: the readable end in the low half.
;; text: canon stream.{read,write}: the built-ins of a `stream<u8>`, called by the script, with the synchronous and the asynchronous copies
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
  (type $T (stream u8))
  (core func $new (canon stream.new $T))
  (core func $read (canon stream.read $T async (memory $m "memory")))
  (core func $write (canon stream.write $T async (memory $m "memory")))
  (core func $read-sync (canon stream.read $T (memory $m "memory")))
  (core func $write-sync (canon stream.write $T (memory $m "memory")))
  (core func $drop-readable (canon stream.drop-readable $T))
  (core func $drop-writable (canon stream.drop-writable $T))
  (func (export "new") (result u64) (canon lift (core func $new)))
  (func (export "read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $read)))
  (func (export "write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $write)))
  (func (export "read-sync") async (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $read-sync)))
  (func (export "write-sync") async (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
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
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: stream.read/state does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.read/state holds
(assert_trap (invoke $i1 "read" (u32.const 1) (u32.const 64) (u32.const 4)) "stream.read/state")

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: stream.write/state does not hold
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.write/state holds
(assert_trap (invoke $i2 "write" (u32.const 2) (u32.const 0) (u32.const 4)) "stream.write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i3 "new") (u64.const 0x2_00000001))

;; rule: stream.read/state does not hold
(assert_return (invoke $i3 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.read/state holds
(assert_trap (invoke $i3 "read-sync" (u32.const 1) (u32.const 64) (u32.const 4))
  "stream.read/state")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i4 "new") (u64.const 0x2_00000001))

;; rule: stream.write/state does not hold
(assert_return (invoke $i4 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.write/state holds
(assert_trap (invoke $i4 "write-sync" (u32.const 2) (u32.const 0) (u32.const 4))
  "stream.write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; It is over, but its event is not delivered.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i5 "new") (u64.const 0x2_00000001))

;; rule: stream.read/state does not hold
(assert_return (invoke $i5 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.write/state does not hold
(assert_return (invoke $i5 "write" (u32.const 2) (u32.const 0) (u32.const 4)) (u32.const 0x40))

;; rule: stream.read/state holds
(assert_trap (invoke $i5 "read" (u32.const 1) (u32.const 64) (u32.const 4)) "stream.read/state")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i6 "new") (u64.const 0x2_00000001))

;; rule: stream.write/state does not hold
(assert_return (invoke $i6 "write" (u32.const 2) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.read/state does not hold
(assert_return (invoke $i6 "read" (u32.const 1) (u32.const 0) (u32.const 4)) (u32.const 0x40))

;; rule: stream.write/state holds
(assert_trap (invoke $i6 "write" (u32.const 2) (u32.const 64) (u32.const 4)) "stream.write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; The event is delivered: the end is idle.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i7 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i7 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i7 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i7 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.read/state does not hold
(assert_return (invoke $i7 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.write/state does not hold
(assert_return (invoke $i7 "write" (u32.const 2) (u32.const 0) (u32.const 4)) (u32.const 0x40))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i7 "poll" (u32.const 3))
  (tuple.const (u32.const 2) (u32.const 1) (u32.const 0x40)))

;; rule: stream.read/state does not hold
(assert_return (invoke $i7 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; The copy that ended at once left the writer idle, too.
;; rule: stream.write/state does not hold
(assert_return (invoke $i7 "write" (u32.const 2) (u32.const 0) (u32.const 4)) (u32.const 0x40))

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; The end knows that the other is gone: it is done, however it learned.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i8 "new") (u64.const 0x2_00000001))

;; rule: channel.drop/copying does not hold
(assert_return (invoke $i8 "drop-writable" (u32.const 2)))

;; rule: stream.read/dropped holds
(assert_return (invoke $i8 "read" (u32.const 1) (u32.const 64) (u32.const 4)) (u32.const 0x1))

;; rule: stream.read/state holds
(assert_trap (invoke $i8 "read" (u32.const 1) (u32.const 64) (u32.const 4)) "stream.read/state")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i9 "new") (u64.const 0x2_00000001))

;; rule: channel.drop/copying does not hold
(assert_return (invoke $i9 "drop-readable" (u32.const 1)))

;; rule: stream.write/dropped holds
(assert_return (invoke $i9 "write" (u32.const 2) (u32.const 0) (u32.const 4)) (u32.const 0x1))

;; rule: stream.write/state holds
(assert_trap (invoke $i9 "write" (u32.const 2) (u32.const 0) (u32.const 4)) "stream.write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i10 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i10 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i10 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i10 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.write/state does not hold
(assert_return (invoke $i10 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: channel.drop/pending holds
(assert_return (invoke $i10 "drop-readable" (u32.const 1)))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i10 "poll" (u32.const 3))
  (tuple.const (u32.const 3) (u32.const 2) (u32.const 0x1)))

;; rule: stream.write/state holds
(assert_trap (invoke $i10 "write" (u32.const 2) (u32.const 0) (u32.const 0)) "stream.write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i11 $D)

;; In a set, the synchronous form traps,
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i11 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i11 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i11 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i11 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.read/in-set holds
(assert_trap (invoke $i11 "read-sync" (u32.const 1) (u32.const 64) (u32.const 4))
  "stream.read/in-set")

;; text: Instance Definitions: a fresh instance
(component instance $i12 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i12 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i12 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i12 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i12 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.write/in-set holds
(assert_trap (invoke $i12 "write-sync" (u32.const 2) (u32.const 0) (u32.const 4))
  "stream.write/in-set")

;; text: Instance Definitions: a fresh instance
(component instance $i13 $D)

;; even where it would not block.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i13 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i13 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i13 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i13 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.write/in-set does not hold
(assert_return (invoke $i13 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.read/in-set holds
(assert_trap (invoke $i13 "read-sync" (u32.const 1) (u32.const 64) (u32.const 4))
  "stream.read/in-set")

;; text: Instance Definitions: a fresh instance
(component instance $i14 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i14 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i14 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i14 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i14 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.read/in-set does not hold
(assert_return (invoke $i14 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.write/in-set holds
(assert_trap (invoke $i14 "write-sync" (u32.const 2) (u32.const 0) (u32.const 4))
  "stream.write/in-set")

;; text: Instance Definitions: a fresh instance
(component instance $i15 $D)

;; Out of the set it may; the event is its result.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i15 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i15 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i15 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i15 "join" (u32.const 2) (u32.const 3)))

;; rule: waitable.join/leave holds
(assert_return (invoke $i15 "join" (u32.const 1) (u32.const 0)))

;; rule: waitable.join/leave holds
(assert_return (invoke $i15 "join" (u32.const 2) (u32.const 0)))

;; rule: stream.write/state does not hold
(assert_return (invoke $i15 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.read/in-set does not hold
;; rule: copy/at-once holds
(assert_return (invoke $i15 "read-sync" (u32.const 1) (u32.const 64) (u32.const 3))
  (u32.const 0x30))

;; text: Instance Definitions: a fresh instance
(component instance $i16 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i16 "new") (u64.const 0x2_00000001))

;; rule: stream.read/state does not hold
(assert_return (invoke $i16 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.write/in-set does not hold
;; rule: copy/at-once holds
(assert_return (invoke $i16 "write-sync" (u32.const 2) (u32.const 0) (u32.const 5))
  (u32.const 0x40))
