;; Dropping the readable end tells the writer only if it is writing. An idle end in a waitable set
;; gets no event: it learns of the drop by its write, and by that alone.
;; Text: CanonicalABI.md, "Future State" (`SharedFutureImpl.drop`: only with a pending buffer).

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
  (core func $write (canon future.write $T async (memory $m "memory")))
  (core func $drop-readable (canon future.drop-readable $T))
  (func (export "new") (result u64) (canon lift (core func $new)))
  (func (export "write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $write)))
  (func (export "drop-readable") (param "end" u32) (canon lift (core func $drop-readable)))
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

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i1 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i1 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i1 "join" (u32.const 2) (u32.const 3)))

;; rule: channel.drop/pending does not hold
(assert_return (invoke $i1 "drop-readable" (u32.const 1)))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))

;; rule: future.write/dropped holds
;; rule: copy/at-once holds
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0)) (u32.const 1))

;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 0)))
