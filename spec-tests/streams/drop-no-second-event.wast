;; Dropping an end tells the other end only if a copy of it is under way. An idle end in a
;; waitable set gets no event: it learns of the drop by its next copy, and by that alone.
;; Text: CanonicalABI.md, "Stream State" (`SharedStreamImpl.drop`: only with a pending buffer).

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

;; rule: channel.drop/pending does not hold
(assert_return (invoke $i1 "drop-writable" (u32.const 2)))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))

;; rule: stream.read/dropped holds
;; rule: copy/at-once holds
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64) (u32.const 4)) (u32.const 0x1))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i2 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i2 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i2 "join" (u32.const 2) (u32.const 3)))

;; rule: channel.drop/pending does not hold
(assert_return (invoke $i2 "drop-readable" (u32.const 1)))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i2 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))

;; rule: stream.write/dropped holds
;; rule: copy/at-once holds
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 64) (u32.const 4)) (u32.const 0x1))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i2 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))
