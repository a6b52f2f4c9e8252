;; A stream without an element type copies nothing but counts: the pointer is ignored, the
;; length is not.
;; Text: CanonicalABI.md, "Buffer State" (`BufferGuestImpl`).

;; The script calls the built-ins one by one: at 0 are the letters to write, at 64 there
;; is room to read into. `new` packs the two indices: the readable end in the low half.
;; text: canon stream.{read,write}: the built-ins of a `stream`, called by the script
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
  (type $T (stream))
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

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i1 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i1 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i1 "join" (u32.const 2) (u32.const 3)))

;; A pointer that no memory has.
;; rule: stream.read/pending does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 0xffff_ffff) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: stream.write/pending-remain holds
;; rule: stream.write/remain holds
;; rule: stream.write/same-instance does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0xffff_ffff) (u32.const 2))
  (u32.const 0x20))

;; rule: stream.write/pending-remain holds
;; rule: stream.write/remain holds
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 1) (u32.const 7)) (u32.const 0x10))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 2) (u32.const 1) (u32.const 0x30)))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 1) (u32.const 7))
  (u32.const 0xffff_ffff))

;; rule: stream.read/pending-remain holds
;; rule: stream.read/remain holds
;; rule: stream.read/same-instance does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 0xffff_ffff) (u32.const 4))
  (u32.const 0x40))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 3) (u32.const 2) (u32.const 0x40)))

;; The most elements that a buffer may have, in one copy.
;; rule: buffer/limit does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 0xffff_ffff) (u32.const 268435455))
  (u32.const 0xffff_ffff))

;; rule: buffer/limit does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0xffff_ffff) (u32.const 268435455))
  (u32.const 0xfffffff0))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i1 "poll" (u32.const 3))
  (tuple.const (u32.const 2) (u32.const 1) (u32.const 0xfffffff0)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: buffer/limit holds
(assert_trap (invoke $i2 "read" (u32.const 1) (u32.const 0) (u32.const 268435456)) "buffer/limit")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i3 "new") (u64.const 0x2_00000001))

;; rule: buffer/limit holds
(assert_trap (invoke $i3 "write" (u32.const 2) (u32.const 0) (u32.const 268435456))
  "buffer/limit")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i4 "new") (u64.const 0x2_00000001))

;; rule: buffer/limit holds
(assert_trap (invoke $i4 "read" (u32.const 1) (u32.const 0) (u32.const 0xffff_ffff))
  "buffer/limit")
