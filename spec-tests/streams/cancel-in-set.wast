;; An end in a waitable set may be cancelled only without blocking; the result is then not
;; an event of the set as well.
;; Text: CanonicalABI.md, "canon {stream,future}.cancel-{read,write}".

;; The script calls the built-ins one by one: at 0 are the letters to write, at 64 there
;; is room to read into. `new` packs the two indices: the readable end in the low half.
;; text: canon {stream,future}.cancel-{read,write}: the built-ins of a `stream<u8>`, called by the script, with the synchronous and the asynchronous cancellations
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
  (core func $cancel-read-async (canon stream.cancel-read $T async))
  (core func $cancel-write-async (canon stream.cancel-write $T async))
  (func (export "new") (result u64) (canon lift (core func $new)))
  (func (export "read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $read)))
  (func (export "write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $write)))
  (func (export "cancel-read") async (param "end" u32) (result u32)
    (canon lift (core func $cancel-read)))
  (func (export "cancel-write") async (param "end" u32) (result u32)
    (canon lift (core func $cancel-write)))
  (func (export "cancel-read-async") (param "end" u32) (result u32)
    (canon lift (core func $cancel-read-async)))
  (func (export "cancel-write-async") (param "end" u32) (result u32)
    (canon lift (core func $cancel-write-async)))
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

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i1 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i1 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i1 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.cancel-read/in-set does not hold
;; rule: cancel-copy/completed does not hold
;; rule: copy/at-once holds
(assert_return (invoke $i1 "cancel-read-async" (u32.const 1)) (u32.const 0x2))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.cancel-write/in-set does not hold
;; rule: cancel-copy/completed does not hold
;; rule: copy/at-once holds
(assert_return (invoke $i1 "cancel-write-async" (u32.const 2)) (u32.const 0x2))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))

;; The event that the set delivered is gone: there is nothing to cancel.
;; rule: stream.write/pending does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.read/pending holds
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64) (u32.const 4)) (u32.const 0x40))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 3) (u32.const 2) (u32.const 0x40)))

;; rule: stream.cancel-write/state holds
(assert_trap (invoke $i1 "cancel-write-async" (u32.const 2)) "stream.cancel-write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; The synchronous form traps in a set,
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

;; rule: stream.cancel-read/in-set holds
(assert_trap (invoke $i2 "cancel-read" (u32.const 1)) "stream.cancel-read/in-set")

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

;; rule: stream.write/pending does not hold
(assert_return (invoke $i3 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.cancel-write/in-set holds
(assert_trap (invoke $i3 "cancel-write" (u32.const 2)) "stream.cancel-write/in-set")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; also when there is an event,
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

;; rule: stream.read/pending holds
(assert_return (invoke $i4 "read" (u32.const 1) (u32.const 64) (u32.const 4)) (u32.const 0x40))

;; rule: stream.cancel-write/in-set holds
(assert_trap (invoke $i4 "cancel-write" (u32.const 2)) "stream.cancel-write/in-set")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; but not when the end has left it.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i5 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i5 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i5 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i5 "join" (u32.const 2) (u32.const 3)))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i5 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: waitable.join/leave holds
(assert_return (invoke $i5 "join" (u32.const 1) (u32.const 0)))

;; rule: stream.cancel-read/in-set does not hold
(assert_return (invoke $i5 "cancel-read" (u32.const 1)) (u32.const 0x2))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i5 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: waitable.join/leave holds
(assert_return (invoke $i5 "join" (u32.const 2) (u32.const 0)))

;; rule: stream.cancel-write/in-set does not hold
(assert_return (invoke $i5 "cancel-write" (u32.const 2)) (u32.const 0x2))
