;; The readable end of a future may be dropped without reading; the writer is told, at once or by
;; its next write. The writable end may be dropped only when the value has arrived, or the
;; writer knows that nobody wants it.
;; Text: CanonicalABI.md, "Future State" (`drop`), "canon {stream,future}.drop-{readable,writable}".

;; At 0 are the letters to write, at 64 there is room to read into. `new` packs the two
;; indices: the readable end in the low half.
;; text: canon {stream,future}.drop-{readable,writable}: the built-ins of a `future<u32>`, called by the script
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
  (core func $cancel-read-async (canon future.cancel-read $T async))
  (core func $cancel-write-async (canon future.cancel-write $T async))
  (core func $drop-readable (canon future.drop-readable $T))
  (core func $drop-writable (canon future.drop-writable $T))
  (func (export "new") (result u64) (canon lift (core func $new)))
  (func (export "read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $read)))
  (func (export "write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $write)))
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
  (func (export "drop-set") (param "set" u32) (canon lift (core func $drop-set))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; The reader goes first; a write ends at once with DROPPED, and then the writer may go.
;; rule: future.new/may-leave does not hold
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
(assert_return (invoke $i1 "drop-readable" (u32.const 1)))

;; rule: future.write/dropped holds
;; rule: copy/at-once holds
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0)) (u32.const 1))

;; rule: future.drop-writable/done does not hold
;; rule: channel.drop/copying does not hold
;; rule: channel.drop/second holds
(assert_return (invoke $i1 "drop-writable" (u32.const 2)))

;; rule: waitable-set.drop/elements does not hold
(assert_return (invoke $i1 "drop-set" (u32.const 3)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; A write under way is told.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i2 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i2 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i2 "join" (u32.const 2) (u32.const 3)))

;; rule: future.write/pending does not hold
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: channel.drop/pending holds
;; rule: channel.drop/second does not hold
(assert_return (invoke $i2 "drop-readable" (u32.const 1)))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i2 "poll" (u32.const 3))
  (tuple.const (u32.const 5) (u32.const 2) (u32.const 1)))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i2 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))

;; rule: future.drop-writable/done does not hold
(assert_return (invoke $i2 "drop-writable" (u32.const 2)))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i3 "new") (u64.const 0x2_00000001))

;; rule: future.write/pending does not hold
(assert_return (invoke $i3 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: channel.drop/pending holds
(assert_return (invoke $i3 "drop-readable" (u32.const 1)))

;; rule: cancel-copy/completed holds
(assert_return (invoke $i3 "cancel-write-async" (u32.const 2)) (u32.const 1))

;; rule: future.drop-writable/done does not hold
(assert_return (invoke $i3 "drop-writable" (u32.const 2)))

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; After that, the writer is done.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i4 "new") (u64.const 0x2_00000001))

;; rule: channel.drop/copying does not hold
(assert_return (invoke $i4 "drop-readable" (u32.const 1)))

;; rule: future.write/dropped holds
(assert_return (invoke $i4 "write" (u32.const 2) (u32.const 0)) (u32.const 1))

;; rule: future.write/state holds
(assert_trap (invoke $i4 "write" (u32.const 2) (u32.const 0)) "future.write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; The writer may not go before it has written,
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i5 "new") (u64.const 0x2_00000001))

;; rule: future.drop-writable/done holds
(assert_trap (invoke $i5 "drop-writable" (u32.const 2)) "future.drop-writable/done")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; even where nobody can read, as long as it has not been told,
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i6 "new") (u64.const 0x2_00000001))

;; rule: channel.drop/copying does not hold
(assert_return (invoke $i6 "drop-readable" (u32.const 1)))

;; rule: future.drop-writable/done holds
(assert_trap (invoke $i6 "drop-writable" (u32.const 2)) "future.drop-writable/done")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; or while it writes,
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i7 "new") (u64.const 0x2_00000001))

;; rule: future.write/pending does not hold
(assert_return (invoke $i7 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.drop-writable/done holds
(assert_trap (invoke $i7 "drop-writable" (u32.const 2)) "future.drop-writable/done")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; or before it knows that its value has arrived, or that the reader is gone,
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i8 "new") (u64.const 0x2_00000001))

;; rule: future.write/pending does not hold
(assert_return (invoke $i8 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.read/pending holds
(assert_return (invoke $i8 "read" (u32.const 1) (u32.const 64)) (u32.const 0))

;; rule: future.drop-writable/done holds
(assert_trap (invoke $i8 "drop-writable" (u32.const 2)) "future.drop-writable/done")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i9 "new") (u64.const 0x2_00000001))

;; rule: future.write/pending does not hold
(assert_return (invoke $i9 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: channel.drop/pending holds
(assert_return (invoke $i9 "drop-readable" (u32.const 1)))

;; rule: future.drop-writable/done holds
(assert_trap (invoke $i9 "drop-writable" (u32.const 2)) "future.drop-writable/done")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; or when its write was cancelled, or the reader waits.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i10 "new") (u64.const 0x2_00000001))

;; rule: future.write/pending does not hold
(assert_return (invoke $i10 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: cancel-copy/completed does not hold
(assert_return (invoke $i10 "cancel-write-async" (u32.const 2)) (u32.const 0x2))

;; rule: future.drop-writable/done holds
(assert_trap (invoke $i10 "drop-writable" (u32.const 2)) "future.drop-writable/done")

;; text: Instance Definitions: a fresh instance
(component instance $i11 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i11 "new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i11 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.drop-writable/done holds
(assert_trap (invoke $i11 "drop-writable" (u32.const 2)) "future.drop-writable/done")

;; text: Instance Definitions: a fresh instance
(component instance $i12 $D)

;; The reader may not go while it reads, even when its value is there but not its event.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i12 "new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i12 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: channel.drop/copying holds
(assert_trap (invoke $i12 "drop-readable" (u32.const 1)) "channel.drop/copying")

;; text: Instance Definitions: a fresh instance
(component instance $i13 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i13 "new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i13 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/pending holds
(assert_return (invoke $i13 "write" (u32.const 2) (u32.const 0)) (u32.const 0))

;; rule: channel.drop/copying holds
(assert_trap (invoke $i13 "drop-readable" (u32.const 1)) "channel.drop/copying")

;; text: Instance Definitions: a fresh instance
(component instance $i14 $D)

;; It may after a cancelled read.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i14 "new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i14 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: cancel-copy/completed does not hold
(assert_return (invoke $i14 "cancel-read-async" (u32.const 1)) (u32.const 0x2))

;; rule: channel.drop/copying does not hold
;; rule: channel.drop/pending does not hold
(assert_return (invoke $i14 "drop-readable" (u32.const 1)))
