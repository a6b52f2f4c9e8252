;; Cancelling a copy ends it: with CANCELLED, or with what happened before. Only a copy that
;; was started and whose end is not told yet can be cancelled.
;; Text: CanonicalABI.md, "canon {stream,future}.cancel-{read,write}", "Stream State" (`cancel`).

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
  (func (export "cancel-read-async") (param "end" u32) (result u32)
    (canon lift (core func $cancel-read-async)))
  (func (export "cancel-write-async") (param "end" u32) (result u32)
    (canon lift (core func $cancel-write-async)))
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

;; Nothing was copied. Afterwards the end is idle again.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.cancel-read/state does not hold
;; rule: stream.cancel-read/in-set does not hold
;; rule: cancel-copy/completed does not hold
;; rule: copy/at-once holds
(assert_return (invoke $i1 "cancel-read" (u32.const 1)) (u32.const 0x2))

;; Nobody waits any more.
;; rule: stream.write/pending does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.cancel-write/state does not hold
;; rule: stream.cancel-write/in-set does not hold
;; rule: cancel-copy/completed does not hold
;; rule: copy/at-once holds
(assert_return (invoke $i1 "cancel-write" (u32.const 2)) (u32.const 0x2))

;; rule: stream.read/state does not hold
;; rule: stream.read/pending does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; The asynchronous form does the same: between components, cancelling never blocks.
;; rule: stream.cancel-read/state does not hold
;; rule: cancel-copy/completed does not hold
;; rule: copy/at-once holds
(assert_return (invoke $i1 "cancel-read-async" (u32.const 1)) (u32.const 0x2))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.cancel-write/state does not hold
;; rule: cancel-copy/completed does not hold
;; rule: copy/at-once holds
(assert_return (invoke $i1 "cancel-write-async" (u32.const 2)) (u32.const 0x2))

;; rule: channel.drop/copying does not hold
(assert_return (invoke $i1 "drop-readable" (u32.const 1)))

;; rule: channel.drop/copying does not hold
(assert_return (invoke $i1 "drop-writable" (u32.const 2)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; The other end was dropped: DROPPED, and the end is done.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: channel.drop/pending holds
(assert_return (invoke $i2 "drop-readable" (u32.const 1)))

;; rule: cancel-copy/completed holds
;; rule: copy/at-once holds
(assert_return (invoke $i2 "cancel-write" (u32.const 2)) (u32.const 0x1))

;; rule: stream.write/state holds
(assert_trap (invoke $i2 "write" (u32.const 2) (u32.const 0) (u32.const 4)) "stream.write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i3 "new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i3 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: channel.drop/pending holds
(assert_return (invoke $i3 "drop-writable" (u32.const 2)))

;; rule: cancel-copy/completed holds
;; rule: copy/at-once holds
(assert_return (invoke $i3 "cancel-read-async" (u32.const 1)) (u32.const 0x1))

;; rule: stream.read/state holds
(assert_trap (invoke $i3 "read" (u32.const 1) (u32.const 64) (u32.const 4)) "stream.read/state")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; Nothing was started.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i4 "new") (u64.const 0x2_00000001))

;; rule: stream.cancel-read/state holds
(assert_trap (invoke $i4 "cancel-read" (u32.const 1)) "stream.cancel-read/state")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i5 "new") (u64.const 0x2_00000001))

;; rule: stream.cancel-write/state holds
(assert_trap (invoke $i5 "cancel-write" (u32.const 2)) "stream.cancel-write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i6 "new") (u64.const 0x2_00000001))

;; rule: stream.cancel-read/state holds
(assert_trap (invoke $i6 "cancel-read-async" (u32.const 1)) "stream.cancel-read/state")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i7 "new") (u64.const 0x2_00000001))

;; rule: stream.cancel-write/state holds
(assert_trap (invoke $i7 "cancel-write-async" (u32.const 2)) "stream.cancel-write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; It was cancelled already.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i8 "new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i8 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: cancel-copy/completed does not hold
;; rule: copy/at-once holds
(assert_return (invoke $i8 "cancel-read" (u32.const 1)) (u32.const 0x2))

;; rule: stream.cancel-read/state holds
(assert_trap (invoke $i8 "cancel-read" (u32.const 1)) "stream.cancel-read/state")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i9 "new") (u64.const 0x2_00000001))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i9 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: cancel-copy/completed does not hold
;; rule: copy/at-once holds
(assert_return (invoke $i9 "cancel-write" (u32.const 2)) (u32.const 0x2))

;; rule: stream.cancel-write/state holds
(assert_trap (invoke $i9 "cancel-write" (u32.const 2)) "stream.cancel-write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; It was over before the built-in returned, with COMPLETED and with DROPPED.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i10 "new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i10 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.write/pending holds
(assert_return (invoke $i10 "write" (u32.const 2) (u32.const 0) (u32.const 4)) (u32.const 0x40))

;; rule: stream.cancel-write/state holds
(assert_trap (invoke $i10 "cancel-write" (u32.const 2)) "stream.cancel-write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i11 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i11 "new") (u64.const 0x2_00000001))

;; rule: channel.drop/copying does not hold
(assert_return (invoke $i11 "drop-writable" (u32.const 2)))

;; rule: stream.read/dropped holds
(assert_return (invoke $i11 "read" (u32.const 1) (u32.const 64) (u32.const 4)) (u32.const 0x1))

;; rule: stream.cancel-read/state holds
(assert_trap (invoke $i11 "cancel-read" (u32.const 1)) "stream.cancel-read/state")
