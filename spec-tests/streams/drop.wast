;; Dropping an end tells the other: its copy under way ends with DROPPED and what was copied
;; until then, and every later one at once. An end that copies may not be dropped.
;; Text: CanonicalABI.md, "Stream State" (`drop`), "canon {stream,future}.drop-{readable,writable}".

;; The script calls the built-ins one by one: at 0 are the letters to write, at 64 there
;; is room to read into. `new` packs the two indices: the readable end in the low half.
;; text: canon {stream,future}.drop-{readable,writable}: the built-ins of a `stream<u8>`, called by the script
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
  (core func $cancel-read (canon stream.cancel-read $T))
  (core func $cancel-write (canon stream.cancel-write $T))
  (core func $drop-readable (canon stream.drop-readable $T))
  (core func $drop-writable (canon stream.drop-writable $T))
  (func (export "new") (result u64) (canon lift (core func $new)))
  (func (export "read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $read)))
  (func (export "write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $write)))
  (func (export "cancel-read") async (param "end" u32) (result u32)
    (canon lift (core func $cancel-read)))
  (func (export "cancel-write") async (param "end" u32) (result u32)
    (canon lift (core func $cancel-write)))
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
  (func (export "drop-set") (param "set" u32) (canon lift (core func $drop-set)))
  (func (export "text") (param "at" u32) (param "length" u32) (result string)
    (canon lift (core func $m "text") (memory $m "memory"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; The writable end goes first. A read ends at once with DROPPED.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i1 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i1 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i1 "join" (u32.const 2) (u32.const 3)))

;; rule: channel.drop/second does not hold
;; rule: channel.drop/pending does not hold
;; rule: channel.drop/copying does not hold
(assert_return (invoke $i1 "drop-writable" (u32.const 2)))

;; rule: stream.read/dropped holds
;; rule: copy/at-once holds
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64) (u32.const 4)) (u32.const 0x1))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 64) (u32.const 2)) (str.const "--"))

;; rule: channel.drop/second holds
;; rule: channel.drop/copying does not hold
(assert_return (invoke $i1 "drop-readable" (u32.const 1)))

;; Both ends have left the set.
;; rule: waitable-set.drop/elements does not hold
(assert_return (invoke $i1 "drop-set" (u32.const 3)))

;; The indices are free in the order of the drops: 2, 1, 3.
;; rule: table.add/free holds
(assert_return (invoke $i1 "new") (u64.const 0x1_00000003))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; The readable end goes first. A write ends at once with DROPPED, even one of none.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i2 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i2 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i2 "join" (u32.const 2) (u32.const 3)))

;; rule: channel.drop/second does not hold
;; rule: channel.drop/pending does not hold
(assert_return (invoke $i2 "drop-readable" (u32.const 1)))

;; rule: stream.write/dropped holds
;; rule: copy/at-once holds
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 0) (u32.const 0)) (u32.const 0x1))

;; rule: channel.drop/second holds
(assert_return (invoke $i2 "drop-writable" (u32.const 2)))

;; rule: waitable-set.drop/elements does not hold
(assert_return (invoke $i2 "drop-set" (u32.const 3)))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; A write under way is told.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i3 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i3 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i3 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i3 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i3 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: channel.drop/second does not hold
;; rule: channel.drop/pending holds
(assert_return (invoke $i3 "drop-readable" (u32.const 1)))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i3 "poll" (u32.const 3))
  (tuple.const (u32.const 3) (u32.const 2) (u32.const 0x1)))

;; rule: channel.drop/second holds
(assert_return (invoke $i3 "drop-writable" (u32.const 2)))

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; A read under way is told.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i4 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i4 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i4 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i4 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i4 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: channel.drop/second does not hold
;; rule: channel.drop/pending holds
(assert_return (invoke $i4 "drop-writable" (u32.const 2)))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i4 "poll" (u32.const 3))
  (tuple.const (u32.const 2) (u32.const 1) (u32.const 0x1)))

;; rule: channel.drop/second holds
(assert_return (invoke $i4 "drop-readable" (u32.const 1)))

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; A copy of which a part is done, and not yet told, is told DROPPED with that part.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i5 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i5 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i5 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i5 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i5 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.read/pending-remain holds
(assert_return (invoke $i5 "read" (u32.const 1) (u32.const 64) (u32.const 3)) (u32.const 0x30))

;; rule: channel.drop/pending holds
(assert_return (invoke $i5 "drop-readable" (u32.const 1)))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i5 "poll" (u32.const 3))
  (tuple.const (u32.const 3) (u32.const 2) (u32.const 0x31)))

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i6 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i6 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i6 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i6 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i6 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.write/pending-remain holds
(assert_return (invoke $i6 "write" (u32.const 2) (u32.const 0) (u32.const 3)) (u32.const 0x30))

;; rule: channel.drop/pending holds
(assert_return (invoke $i6 "drop-writable" (u32.const 2)))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i6 "poll" (u32.const 3))
  (tuple.const (u32.const 2) (u32.const 1) (u32.const 0x31)))

;; text: Buffer State: what is in memory
(assert_return (invoke $i6 "text" (u32.const 64) (u32.const 4)) (str.const "abc-"))

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; So is a copy of which all is done: the buffer is still with the stream.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i7 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i7 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i7 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i7 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i7 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.read/pending-remain holds
(assert_return (invoke $i7 "read" (u32.const 1) (u32.const 64) (u32.const 4)) (u32.const 0x40))

;; rule: channel.drop/pending holds
(assert_return (invoke $i7 "drop-readable" (u32.const 1)))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i7 "poll" (u32.const 3))
  (tuple.const (u32.const 3) (u32.const 2) (u32.const 0x41)))

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; But not one that gave its place to the next copy: that has ended as COMPLETED.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i8 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i8 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i8 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i8 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i8 "read" (u32.const 1) (u32.const 64) (u32.const 0))
  (u32.const 0xffff_ffff))

;; rule: stream.write/pending-remain does not hold
(assert_return (invoke $i8 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i8 "poll" (u32.const 3))
  (tuple.const (u32.const 2) (u32.const 1) (u32.const 0)))

;; rule: channel.drop/pending holds
(assert_return (invoke $i8 "drop-readable" (u32.const 1)))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i8 "poll" (u32.const 3))
  (tuple.const (u32.const 3) (u32.const 2) (u32.const 0x1)))

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; An end that copies may not be dropped,
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i9 "new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i9 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: channel.drop/copying holds
(assert_trap (invoke $i9 "drop-readable" (u32.const 1)) "channel.drop/copying")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i10 "new") (u64.const 0x2_00000001))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i10 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: channel.drop/copying holds
(assert_trap (invoke $i10 "drop-writable" (u32.const 2)) "channel.drop/copying")

;; text: Instance Definitions: a fresh instance
(component instance $i11 $D)

;; not even when the copy is over and only its event is not delivered,
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i11 "new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i11 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.write/pending holds
(assert_return (invoke $i11 "write" (u32.const 2) (u32.const 0) (u32.const 4)) (u32.const 0x40))

;; rule: channel.drop/copying holds
(assert_trap (invoke $i11 "drop-readable" (u32.const 1)) "channel.drop/copying")

;; text: Instance Definitions: a fresh instance
(component instance $i12 $D)

;; or when the other end is gone.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i12 "new") (u64.const 0x2_00000001))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i12 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: channel.drop/pending holds
(assert_return (invoke $i12 "drop-readable" (u32.const 1)))

;; rule: channel.drop/copying holds
(assert_trap (invoke $i12 "drop-writable" (u32.const 2)) "channel.drop/copying")
