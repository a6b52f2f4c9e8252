;; Reads and writes of no elements tell an end when the other is ready. Where both are of
;; length zero, the write completes and the read stays, whoever came first.
;; Text: CanonicalABI.md, "Stream State" (`SharedStreamImpl.read`, `write`).

;; The script calls the built-ins one by one: at 0 are the letters to write, at 64 there
;; is room to read into. `new` packs the two indices: the readable end in the low half.
;; text: canon stream.{read,write}: the built-ins of a `stream<u8>`, called by the script
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
  (func (export "new") (result u64) (canon lift (core func $new)))
  (func (export "read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $read)))
  (func (export "write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $write)))
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

;; A write of none first, then a read of none: the write completes, the read stays.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i1 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i1 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i1 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0) (u32.const 0))
  (u32.const 0xffff_ffff))

;; rule: stream.read/pending-remain does not hold
;; rule: copy/at-once does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64) (u32.const 0))
  (u32.const 0xffff_ffff))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 3) (u32.const 2) (u32.const 0)))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))

;; The read still waits, so that now the write is second, and completes at once.
;; rule: stream.write/pending-remain does not hold
;; rule: stream.write/zero-length holds
;; rule: copy/at-once holds
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0) (u32.const 0)) (u32.const 0))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))

;; Again: the read is not touched.
;; rule: stream.write/zero-length holds
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0) (u32.const 0)) (u32.const 0))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))

;; A write of some ends the read of none, and waits for the next.
;; rule: stream.write/pending-remain does not hold
;; rule: stream.write/zero-length does not hold
;; rule: copy/at-once does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 2) (u32.const 1) (u32.const 0)))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))

;; rule: stream.read/pending-remain holds
;; rule: stream.read/remain holds
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64) (u32.const 4)) (u32.const 0x40))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 3) (u32.const 2) (u32.const 0x40)))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 64) (u32.const 5)) (str.const "abcd-"))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; A write of some first, then a read of none: the read completes, the write stays.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i2 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i2 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i2 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.read/pending-remain holds
;; rule: stream.read/remain does not hold
;; rule: copy/at-once holds
(assert_return (invoke $i2 "read" (u32.const 1) (u32.const 64) (u32.const 0)) (u32.const 0))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i2 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))

;; rule: stream.read/remain does not hold
(assert_return (invoke $i2 "read" (u32.const 1) (u32.const 64) (u32.const 0)) (u32.const 0))

;; rule: stream.read/remain holds
(assert_return (invoke $i2 "read" (u32.const 1) (u32.const 64) (u32.const 3)) (u32.const 0x30))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i2 "poll" (u32.const 3))
  (tuple.const (u32.const 3) (u32.const 2) (u32.const 0x30)))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; A read of some first, then a write of none: the write completes, the read stays.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i3 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i3 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i3 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i3 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i3 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.write/pending-remain holds
;; rule: stream.write/remain does not hold
;; rule: copy/at-once holds
(assert_return (invoke $i3 "write" (u32.const 2) (u32.const 0) (u32.const 0)) (u32.const 0))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i3 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))

;; rule: stream.write/remain does not hold
(assert_return (invoke $i3 "write" (u32.const 2) (u32.const 0) (u32.const 0)) (u32.const 0))

;; rule: stream.write/remain holds
(assert_return (invoke $i3 "write" (u32.const 2) (u32.const 7) (u32.const 3)) (u32.const 0x30))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i3 "poll" (u32.const 3))
  (tuple.const (u32.const 2) (u32.const 1) (u32.const 0x30)))

;; text: Buffer State: what is in memory
(assert_return (invoke $i3 "text" (u32.const 64) (u32.const 5)) (str.const "hij--"))

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; A write of none first, then a read of some: the write ends, the read waits.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i4 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i4 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i4 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i4 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i4 "write" (u32.const 2) (u32.const 0) (u32.const 0))
  (u32.const 0xffff_ffff))

;; rule: stream.read/pending holds
;; rule: stream.read/pending-remain does not hold
;; rule: copy/at-once does not hold
(assert_return (invoke $i4 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i4 "poll" (u32.const 3))
  (tuple.const (u32.const 3) (u32.const 2) (u32.const 0)))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i4 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))

;; rule: stream.write/pending-remain holds
(assert_return (invoke $i4 "write" (u32.const 2) (u32.const 0) (u32.const 4)) (u32.const 0x40))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i4 "poll" (u32.const 3))
  (tuple.const (u32.const 2) (u32.const 1) (u32.const 0x40)))

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; A read of none first, then a write of some: the read ends, the write waits.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i5 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i5 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i5 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i5 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i5 "read" (u32.const 1) (u32.const 64) (u32.const 0))
  (u32.const 0xffff_ffff))

;; rule: stream.write/pending-remain does not hold
;; rule: stream.write/zero-length does not hold
(assert_return (invoke $i5 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i5 "poll" (u32.const 3))
  (tuple.const (u32.const 2) (u32.const 1) (u32.const 0)))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i5 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))

;; rule: stream.read/pending-remain holds
(assert_return (invoke $i5 "read" (u32.const 1) (u32.const 64) (u32.const 4)) (u32.const 0x40))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i5 "poll" (u32.const 3))
  (tuple.const (u32.const 3) (u32.const 2) (u32.const 0x40)))

;; text: Buffer State: what is in memory
(assert_return (invoke $i5 "text" (u32.const 64) (u32.const 5)) (str.const "abcd-"))
