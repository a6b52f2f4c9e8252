;; The end that comes first waits; the one that comes second copies the one value. Both are done
;; then: nothing but dropping them is left.
;; Text: CanonicalABI.md, "Future State" (`SharedFutureImpl.read`, `write`),
;; "canon future.{read,write}".

;; At 0 are the letters to write, at 64 there is room to read into. `new` packs the two
;; indices: the readable end in the low half.
;; text: canon future.{read,write}: the built-ins of a `future<u32>`, called by the script
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
  (func (export "drop-set") (param "set" u32) (canon lift (core func $drop-set)))
  (func (export "text") (param "at" u32) (param "length" u32) (result string)
    (canon lift (core func $m "text") (memory $m "memory"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; The reader comes first.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i1 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i1 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i1 "join" (u32.const 2) (u32.const 3)))

;; rule: future.read/pending does not hold
;; rule: copy/at-once does not hold
;; rule: copy/blocks does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))

;; rule: future.write/dropped does not hold
;; rule: future.write/pending holds
;; rule: copy/at-once holds
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 64) (u32.const 5)) (str.const "abcd-"))

;; The reader gets FUTURE_READ, its own index and COMPLETED; no length.
;; rule: waitable-set.poll/event holds
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 4) (u32.const 1) (u32.const 0)))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))

;; rule: channel.drop/copying does not hold
;; rule: channel.drop/second does not hold
(assert_return (invoke $i1 "drop-readable" (u32.const 1)))

;; rule: future.drop-writable/done does not hold
;; rule: channel.drop/copying does not hold
;; rule: channel.drop/second holds
(assert_return (invoke $i1 "drop-writable" (u32.const 2)))

;; rule: waitable-set.drop/elements does not hold
(assert_return (invoke $i1 "drop-set" (u32.const 3)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; The writer comes first.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i2 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i2 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i2 "join" (u32.const 2) (u32.const 3)))

;; rule: future.write/dropped does not hold
;; rule: future.write/pending does not hold
;; rule: copy/at-once does not hold
;; rule: copy/blocks does not hold
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 4)) (u32.const 0xffff_ffff))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i2 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))

;; rule: future.read/pending holds
;; rule: copy/at-once holds
(assert_return (invoke $i2 "read" (u32.const 1) (u32.const 68)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "text" (u32.const 64) (u32.const 9)) (str.const "----efgh-"))

;; The writer gets FUTURE_WRITE.
;; rule: waitable-set.poll/event holds
(assert_return (invoke $i2 "poll" (u32.const 3))
  (tuple.const (u32.const 5) (u32.const 2) (u32.const 0)))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i2 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))

;; rule: future.drop-writable/done does not hold
;; rule: channel.drop/second does not hold
(assert_return (invoke $i2 "drop-writable" (u32.const 2)))

;; rule: channel.drop/second holds
(assert_return (invoke $i2 "drop-readable" (u32.const 1)))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; There is no second value: both ends are done.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i3 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i3 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i3 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i3 "join" (u32.const 2) (u32.const 3)))

;; rule: future.read/state does not hold
(assert_return (invoke $i3 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/state does not hold
(assert_return (invoke $i3 "write" (u32.const 2) (u32.const 0)) (u32.const 0))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i3 "poll" (u32.const 3))
  (tuple.const (u32.const 4) (u32.const 1) (u32.const 0)))

;; rule: future.read/state holds
(assert_trap (invoke $i3 "read" (u32.const 1) (u32.const 64)) "future.read/state")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i4 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i4 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i4 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i4 "join" (u32.const 2) (u32.const 3)))

;; rule: future.read/state does not hold
(assert_return (invoke $i4 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/state does not hold
(assert_return (invoke $i4 "write" (u32.const 2) (u32.const 0)) (u32.const 0))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i4 "poll" (u32.const 3))
  (tuple.const (u32.const 4) (u32.const 1) (u32.const 0)))

;; rule: future.write/state holds
(assert_trap (invoke $i4 "write" (u32.const 2) (u32.const 0)) "future.write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i5 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i5 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i5 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i5 "join" (u32.const 2) (u32.const 3)))

;; rule: future.write/state does not hold
(assert_return (invoke $i5 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.read/state does not hold
(assert_return (invoke $i5 "read" (u32.const 1) (u32.const 64)) (u32.const 0))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i5 "poll" (u32.const 3))
  (tuple.const (u32.const 5) (u32.const 2) (u32.const 0)))

;; rule: future.read/state holds
(assert_trap (invoke $i5 "read" (u32.const 1) (u32.const 64)) "future.read/state")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i6 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i6 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i6 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i6 "join" (u32.const 2) (u32.const 3)))

;; rule: future.write/state does not hold
(assert_return (invoke $i6 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.read/state does not hold
(assert_return (invoke $i6 "read" (u32.const 1) (u32.const 64)) (u32.const 0))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i6 "poll" (u32.const 3))
  (tuple.const (u32.const 5) (u32.const 2) (u32.const 0)))

;; rule: future.write/state holds
(assert_trap (invoke $i6 "write" (u32.const 2) (u32.const 0)) "future.write/state")
