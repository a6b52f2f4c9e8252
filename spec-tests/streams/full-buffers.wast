;; A buffer that the other end has filled or emptied, but whose event is not delivered yet,
;; is like one of length zero to the next copy; yet not to the rule about two such.
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

;; An empty buffer is like one of length zero to the next read, which therefore waits;
;; the event of the write is still to be delivered.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i1 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i1 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i1 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.read/pending-remain holds
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64) (u32.const 4)) (u32.const 0x40))

;; rule: stream.read/pending holds
;; rule: stream.read/pending-remain does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 68) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 3) (u32.const 2) (u32.const 0x40)))

;; rule: stream.write/pending-remain holds
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 20) (u32.const 4)) (u32.const 0x40))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 2) (u32.const 1) (u32.const 0x40)))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 64) (u32.const 9)) (str.const "abcduvwx-"))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; A full buffer is like one of length zero to the next write, which therefore waits;
;; even a write of none, since the read was of some.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i2 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i2 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i2 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i2 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.write/pending-remain holds
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 0) (u32.const 4)) (u32.const 0x40))

;; rule: stream.write/pending-remain does not hold
;; rule: stream.write/zero-length does not hold
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 4) (u32.const 0))
  (u32.const 0xffff_ffff))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i2 "poll" (u32.const 3))
  (tuple.const (u32.const 2) (u32.const 1) (u32.const 0x40)))

;; rule: stream.read/pending-remain does not hold
(assert_return (invoke $i2 "read" (u32.const 1) (u32.const 68) (u32.const 2))
  (u32.const 0xffff_ffff))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i2 "poll" (u32.const 3))
  (tuple.const (u32.const 3) (u32.const 2) (u32.const 0)))

;; rule: stream.write/pending-remain holds
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 10) (u32.const 2)) (u32.const 0x20))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i2 "poll" (u32.const 3))
  (tuple.const (u32.const 2) (u32.const 1) (u32.const 0x20)))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "text" (u32.const 64) (u32.const 7)) (str.const "abcdkl-"))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

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
(assert_return (invoke $i3 "write" (u32.const 2) (u32.const 0) (u32.const 4)) (u32.const 0x40))

;; rule: stream.write/pending-remain does not hold
;; rule: stream.write/zero-length does not hold
(assert_return (invoke $i3 "write" (u32.const 2) (u32.const 4) (u32.const 2))
  (u32.const 0xffff_ffff))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i3 "poll" (u32.const 3))
  (tuple.const (u32.const 2) (u32.const 1) (u32.const 0x40)))

;; rule: stream.read/pending-remain holds
(assert_return (invoke $i3 "read" (u32.const 1) (u32.const 68) (u32.const 9)) (u32.const 0x20))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i3 "poll" (u32.const 3))
  (tuple.const (u32.const 3) (u32.const 2) (u32.const 0x20)))

;; text: Buffer State: what is in memory
(assert_return (invoke $i3 "text" (u32.const 64) (u32.const 7)) (str.const "abcdef-"))

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; A read of none from an emptied buffer waits too.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i4 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i4 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i4 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i4 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i4 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.read/pending-remain holds
(assert_return (invoke $i4 "read" (u32.const 1) (u32.const 64) (u32.const 4)) (u32.const 0x40))

;; rule: stream.read/pending-remain does not hold
(assert_return (invoke $i4 "read" (u32.const 1) (u32.const 68) (u32.const 0))
  (u32.const 0xffff_ffff))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i4 "poll" (u32.const 3))
  (tuple.const (u32.const 3) (u32.const 2) (u32.const 0x40)))

;; rule: stream.write/zero-length holds
(assert_return (invoke $i4 "write" (u32.const 2) (u32.const 4) (u32.const 0)) (u32.const 0))
