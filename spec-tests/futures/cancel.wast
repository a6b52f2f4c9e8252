;; Cancelling a copy ends it: with CANCELLED, and then it may be started again, or with what
;; happened before. Only a copy that was started and whose end is not told yet can be cancelled.
;; Text: CanonicalABI.md, "canon {stream,future}.cancel-{read,write}", "Future State" (`cancel`).

;; At 0 are the letters to write, at 64 there is room to read into. `new` packs the two
;; indices: the readable end in the low half.
;; text: canon {stream,future}.cancel-{read,write}: the built-ins of a `future<u32>`, called by the script, with the synchronous and the asynchronous cancellations
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
  (core func $cancel-read (canon future.cancel-read $T))
  (core func $cancel-write (canon future.cancel-write $T))
  (core func $cancel-read-async (canon future.cancel-read $T async))
  (core func $cancel-write-async (canon future.cancel-write $T async))
  (core func $drop-readable (canon future.drop-readable $T))
  (core func $drop-writable (canon future.drop-writable $T))
  (func (export "new") (result u64) (canon lift (core func $new)))
  (func (export "read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $read)))
  (func (export "write") (param "end" u32) (param "at" u32) (result u32)
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

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.cancel-read/state does not hold
;; rule: future.cancel-read/in-set does not hold
;; rule: cancel-copy/completed does not hold
;; rule: copy/at-once holds
(assert_return (invoke $i1 "cancel-read" (u32.const 1)) (u32.const 0x2))

;; Nobody waits any more.
;; rule: future.write/pending does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.cancel-write/state does not hold
;; rule: future.cancel-write/in-set does not hold
;; rule: cancel-copy/completed does not hold
;; rule: copy/at-once holds
(assert_return (invoke $i1 "cancel-write" (u32.const 2)) (u32.const 0x2))

;; rule: future.read/state does not hold
;; rule: future.read/pending does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.cancel-read/state does not hold
;; rule: cancel-copy/completed does not hold
;; rule: copy/at-once holds
(assert_return (invoke $i1 "cancel-read-async" (u32.const 1)) (u32.const 0x2))

;; rule: future.write/state does not hold
;; rule: future.write/pending does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.cancel-write/state does not hold
;; rule: cancel-copy/completed does not hold
;; rule: copy/at-once holds
(assert_return (invoke $i1 "cancel-write-async" (u32.const 2)) (u32.const 0x2))

;; rule: future.write/state does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 8)) (u32.const 0xffff_ffff))

;; Of several writes, the one that was not cancelled arrives.
;; rule: future.read/pending holds
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 64) (u32.const 5)) (str.const "ijkl-"))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; The value has arrived: COMPLETED, and the end is done.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i2 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/pending holds
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 0)) (u32.const 0))

;; rule: cancel-copy/completed holds
;; rule: copy/at-once holds
(assert_return (invoke $i2 "cancel-read" (u32.const 1)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "text" (u32.const 64) (u32.const 5)) (str.const "abcd-"))

;; rule: future.read/state holds
(assert_trap (invoke $i2 "read" (u32.const 1) (u32.const 64)) "future.read/state")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i3 "new") (u64.const 0x2_00000001))

;; rule: future.write/pending does not hold
(assert_return (invoke $i3 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.read/pending holds
(assert_return (invoke $i3 "read" (u32.const 1) (u32.const 64)) (u32.const 0))

;; rule: cancel-copy/completed holds
;; rule: copy/at-once holds
(assert_return (invoke $i3 "cancel-write-async" (u32.const 2)) (u32.const 0))

;; rule: future.drop-writable/done does not hold
(assert_return (invoke $i3 "drop-writable" (u32.const 2)))

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; The reader is gone: DROPPED.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i4 "new") (u64.const 0x2_00000001))

;; rule: future.write/pending does not hold
(assert_return (invoke $i4 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: channel.drop/pending holds
(assert_return (invoke $i4 "drop-readable" (u32.const 1)))

;; rule: cancel-copy/completed holds
;; rule: copy/at-once holds
(assert_return (invoke $i4 "cancel-write" (u32.const 2)) (u32.const 0x1))

;; rule: future.write/state holds
(assert_trap (invoke $i4 "write" (u32.const 2) (u32.const 0)) "future.write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; Nothing was started.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i5 "new") (u64.const 0x2_00000001))

;; rule: future.cancel-read/state holds
(assert_trap (invoke $i5 "cancel-read" (u32.const 1)) "future.cancel-read/state")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i6 "new") (u64.const 0x2_00000001))

;; rule: future.cancel-write/state holds
(assert_trap (invoke $i6 "cancel-write" (u32.const 2)) "future.cancel-write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i7 "new") (u64.const 0x2_00000001))

;; rule: future.cancel-read/state holds
(assert_trap (invoke $i7 "cancel-read-async" (u32.const 1)) "future.cancel-read/state")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i8 "new") (u64.const 0x2_00000001))

;; rule: future.cancel-write/state holds
(assert_trap (invoke $i8 "cancel-write-async" (u32.const 2)) "future.cancel-write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; It was cancelled already, or was over before the built-in returned.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i9 "new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i9 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: cancel-copy/completed does not hold
;; rule: copy/at-once holds
(assert_return (invoke $i9 "cancel-read" (u32.const 1)) (u32.const 0x2))

;; rule: future.cancel-read/state holds
(assert_trap (invoke $i9 "cancel-read" (u32.const 1)) "future.cancel-read/state")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i10 "new") (u64.const 0x2_00000001))

;; rule: future.write/pending does not hold
(assert_return (invoke $i10 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: cancel-copy/completed does not hold
;; rule: copy/at-once holds
(assert_return (invoke $i10 "cancel-write" (u32.const 2)) (u32.const 0x2))

;; rule: future.cancel-write/state holds
(assert_trap (invoke $i10 "cancel-write" (u32.const 2)) "future.cancel-write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i11 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i11 "new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i11 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/pending holds
(assert_return (invoke $i11 "write" (u32.const 2) (u32.const 0)) (u32.const 0))

;; rule: future.cancel-write/state holds
(assert_trap (invoke $i11 "cancel-write" (u32.const 2)) "future.cancel-write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i12 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i12 "new") (u64.const 0x2_00000001))

;; rule: future.write/pending does not hold
(assert_return (invoke $i12 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.read/pending holds
(assert_return (invoke $i12 "read" (u32.const 1) (u32.const 64)) (u32.const 0))

;; rule: future.cancel-read/state holds
(assert_trap (invoke $i12 "cancel-read" (u32.const 1)) "future.cancel-read/state")
