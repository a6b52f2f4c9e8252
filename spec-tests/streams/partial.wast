;; Until the event of a copy is delivered, the other end may go on filling or emptying the
;; same buffer; the event then tells of all of it. Delivery takes the buffer back.
;; Text: CanonicalABI.md, "Stream State" (`ReclaimBuffer`), "canon stream.{read,write}"
;; (`stream_event`).

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
  (core func $drop-readable (canon stream.drop-readable $T))
  (core func $drop-writable (canon stream.drop-writable $T))
  (func (export "new") (result u64) (canon lift (core func $new)))
  (func (export "read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $read)))
  (func (export "write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $write)))
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

;; Three reads from one write, before its event.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i1 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i1 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i1 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0) (u32.const 8))
  (u32.const 0xffff_ffff))

;; rule: stream.read/pending-remain holds
;; rule: stream.read/remain holds
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64) (u32.const 3)) (u32.const 0x30))

;; rule: stream.read/pending-remain holds
;; rule: stream.read/remain holds
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 70) (u32.const 2)) (u32.const 0x20))

;; rule: stream.read/pending-remain holds
;; rule: stream.read/remain holds
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 74) (u32.const 9)) (u32.const 0x30))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 64) (u32.const 14)) (str.const "abc---de--fgh-"))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 3) (u32.const 2) (u32.const 0x80)))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; Three writes into one read, before its event.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i2 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i2 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i2 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i2 "read" (u32.const 1) (u32.const 64) (u32.const 8))
  (u32.const 0xffff_ffff))

;; rule: stream.write/pending-remain holds
;; rule: stream.write/remain holds
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 0) (u32.const 3)) (u32.const 0x30))

;; rule: stream.write/pending-remain holds
;; rule: stream.write/remain holds
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 10) (u32.const 2)) (u32.const 0x20))

;; rule: stream.write/pending-remain holds
;; rule: stream.write/remain holds
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 20) (u32.const 6)) (u32.const 0x30))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "text" (u32.const 64) (u32.const 10)) (str.const "abckluvw--"))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i2 "poll" (u32.const 3))
  (tuple.const (u32.const 2) (u32.const 1) (u32.const 0x80)))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i2 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; Delivery takes the rest of the buffer back: the next read waits for a new write.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i3 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i3 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i3 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i3 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i3 "write" (u32.const 2) (u32.const 0) (u32.const 8))
  (u32.const 0xffff_ffff))

;; rule: stream.read/pending holds
(assert_return (invoke $i3 "read" (u32.const 1) (u32.const 64) (u32.const 3)) (u32.const 0x30))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i3 "poll" (u32.const 3))
  (tuple.const (u32.const 3) (u32.const 2) (u32.const 0x30)))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i3 "read" (u32.const 1) (u32.const 70) (u32.const 2))
  (u32.const 0xffff_ffff))

;; text: Buffer State: what is in memory
(assert_return (invoke $i3 "text" (u32.const 64) (u32.const 8)) (str.const "abc-----"))

;; The writer was idle again; its new buffer is another place.
;; rule: stream.write/pending holds
(assert_return (invoke $i3 "write" (u32.const 2) (u32.const 16) (u32.const 8)) (u32.const 0x20))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i3 "poll" (u32.const 3))
  (tuple.const (u32.const 2) (u32.const 1) (u32.const 0x20)))

;; text: Buffer State: what is in memory
(assert_return (invoke $i3 "text" (u32.const 64) (u32.const 8)) (str.const "abc---qr"))

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; The same the other way around.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i4 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i4 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i4 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i4 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i4 "read" (u32.const 1) (u32.const 64) (u32.const 8))
  (u32.const 0xffff_ffff))

;; rule: stream.write/pending holds
(assert_return (invoke $i4 "write" (u32.const 2) (u32.const 0) (u32.const 3)) (u32.const 0x30))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i4 "poll" (u32.const 3))
  (tuple.const (u32.const 2) (u32.const 1) (u32.const 0x30)))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i4 "write" (u32.const 2) (u32.const 10) (u32.const 2))
  (u32.const 0xffff_ffff))

;; text: Buffer State: what is in memory
(assert_return (invoke $i4 "text" (u32.const 64) (u32.const 8)) (str.const "abc-----"))

;; rule: stream.read/pending holds
(assert_return (invoke $i4 "read" (u32.const 1) (u32.const 67) (u32.const 1)) (u32.const 0x10))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i4 "poll" (u32.const 3))
  (tuple.const (u32.const 3) (u32.const 2) (u32.const 0x10)))

;; text: Buffer State: what is in memory
(assert_return (invoke $i4 "text" (u32.const 64) (u32.const 8)) (str.const "abck----"))
