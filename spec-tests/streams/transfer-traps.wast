;; Only the readable end of a stream of the right type may be passed on, while it is idle and in no
;; waitable set.
;; Text: CanonicalABI.md, "Loading" (`lift_stream`: the rules of `lift_async_value`).

;; The writer makes a `stream<u8>`, keeps the writable end, and may `give` the readable end to the
;; reader and `get` it back. `read-back` reads in the writer.
;; `other-new` makes a `stream<u16>`, `unlike-new` a `future<u8>`.
;; text: canon stream.{read,write}: two instances between which an end goes to and fro
(component definition $D
  (component $Reader
    (core module $Memory
      (memory (export "memory") 1)
      (data (i32.const 0) "abcdefghijklmnopqrstuvwxyz")
      (data (i32.const 64) "--------------------------------")
      (func (export "same") (param i32) (result i32) (local.get 0))
      (func (export "text") (param i32 i32) (result i32)
        (i32.store (i32.const 128) (local.get 0))
        (i32.store (i32.const 132) (local.get 1))
        (i32.const 128)))
    (core instance $m (instantiate $Memory))
    (type $T (stream u8))
    (core func $read (canon stream.read $T async (memory $m "memory")))
    (core func $cancel-read-async (canon stream.cancel-read $T async))
    (core func $drop-readable (canon stream.drop-readable $T))
    (func (export "read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
      (canon lift (core func $read)))
    (func (export "cancel-read-async") (param "end" u32) (result u32)
      (canon lift (core func $cancel-read-async)))
    (func (export "drop-readable") (param "end" u32) (canon lift (core func $drop-readable)))
    (func (export "take") (param "end" $T) (result u32) (canon lift (core func $m "same")))
    (func (export "give-back") (param "end" u32) (result $T) (canon lift (core func $m "same")))
    (func (export "text") (param "at" u32) (param "length" u32) (result string)
      (canon lift (core func $m "text") (memory $m "memory"))))
  (instance $r (instantiate $Reader))
  (component $Writer
    (type $T (stream u8))
    (import "take" (func $take (param "end" $T) (result u32)))
    (import "give-back" (func $give-back (param "end" u32) (result $T)))
    (core module $Memory
      (memory (export "memory") 1)
      (data (i32.const 0) "abcdefghijklmnopqrstuvwxyz")
      (data (i32.const 64) "--------------------------------")
      (func (export "same") (param i32) (result i32) (local.get 0))
      (func (export "text") (param i32 i32) (result i32)
        (i32.store (i32.const 128) (local.get 0))
        (i32.store (i32.const 132) (local.get 1))
        (i32.const 128)))
    (core instance $m (instantiate $Memory))
    (core func $take (canon lower (func $take)))
    (core func $give-back (canon lower (func $give-back)))
    (core func $new (canon stream.new $T))
    (core func $read (canon stream.read $T async (memory $m "memory")))
    (core func $write (canon stream.write $T async (memory $m "memory")))
    (core func $drop-writable (canon stream.drop-writable $T))
    (func (export "new") (result u64) (canon lift (core func $new)))
    (func (export "read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
      (canon lift (core func $read)))
    (func (export "write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
      (canon lift (core func $write)))
    (func (export "drop-writable") (param "end" u32) (canon lift (core func $drop-writable)))
    (type $Other (stream u16))
    (type $Unlike (future u8))
    (core func $other-new (canon stream.new $Other))
    (func (export "other-new") (result u64) (canon lift (core func $other-new)))
    (core func $unlike-new (canon future.new $Unlike))
    (func (export "unlike-new") (result u64) (canon lift (core func $unlike-new)))
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
    (func (export "give") (param "end" u32) (result u32) (canon lift (core func $take)))
    (func (export "get") (param "end" u32) (result u32) (canon lift (core func $give-back))))
  (instance $w (instantiate $Writer
    (with "take" (func $r "take")) (with "give-back" (func $r "give-back"))))
  (export "new" (func $w "new"))
  (export "write" (func $w "write"))
  (export "read-back" (func $w "read"))
  (export "drop-writable" (func $w "drop-writable"))
  (export "give" (func $w "give"))
  (export "get" (func $w "get"))
  (export "set" (func $w "set"))
  (export "join" (func $w "join"))
  (export "poll" (func $w "poll"))
  (export "other-new" (func $w "other-new"))
  (export "unlike-new" (func $w "unlike-new"))
  (export "read" (func $r "read"))
  (export "cancel-read" (func $r "cancel-read-async"))
  (export "drop-readable" (func $r "drop-readable"))
  (export "text" (func $r "text")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: stream.lift/kind does not hold
;; rule: stream.lift/type does not hold
;; rule: stream.lift/state does not hold
;; rule: stream.lift/in-set does not hold
(assert_return (invoke $i1 "give" (u32.const 1)) (u32.const 1))

;; rule: stream.lift/kind does not hold
;; rule: stream.lift/type does not hold
;; rule: stream.lift/state does not hold
;; rule: stream.lift/in-set does not hold
(assert_return (invoke $i1 "get" (u32.const 1)) (u32.const 1))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; The wrong kind or type.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; The writable end.
;; rule: stream.lift/kind holds
(assert_trap (invoke $i2 "give" (u32.const 2)) "stream.lift/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i3 "new") (u64.const 0x2_00000001))

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i3 "unlike-new") (u64.const 0x4_00000003))

;; The readable end of a future.
;; rule: stream.lift/kind holds
(assert_trap (invoke $i3 "give" (u32.const 3)) "stream.lift/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i4 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i4 "set") (u32.const 3))

;; A waitable set.
;; rule: stream.lift/kind holds
(assert_trap (invoke $i4 "give" (u32.const 3)) "stream.lift/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i5 "new") (u64.const 0x2_00000001))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i5 "other-new") (u64.const 0x4_00000003))

;; A stream of another type.
;; rule: stream.lift/type holds
(assert_trap (invoke $i5 "give" (u32.const 3)) "stream.lift/type")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i6 "new") (u64.const 0x2_00000001))

;; rule: table.get/bounds holds
(assert_trap (invoke $i6 "give" (u32.const 3)) "table.get/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i7 "new") (u64.const 0x2_00000001))

;; rule: table.get/empty holds
(assert_trap (invoke $i7 "give" (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i8 "new") (u64.const 0x2_00000001))

;; rule: stream.lift/kind does not hold
;; rule: stream.lift/type does not hold
;; rule: stream.lift/state does not hold
;; rule: stream.lift/in-set does not hold
(assert_return (invoke $i8 "give" (u32.const 1)) (u32.const 1))

;; It is gone already.
;; rule: table.get/empty holds
(assert_trap (invoke $i8 "give" (u32.const 1)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; A copy is under way, or over and not told.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i9 "new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i9 "read-back" (u32.const 1) (u32.const 64) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: stream.lift/state holds
(assert_trap (invoke $i9 "give" (u32.const 1)) "stream.lift/state")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i10 "new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i10 "read-back" (u32.const 1) (u32.const 64) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: stream.write/pending holds
(assert_return (invoke $i10 "write" (u32.const 2) (u32.const 0) (u32.const 3)) (u32.const 0x30))

;; rule: stream.lift/state holds
(assert_trap (invoke $i10 "give" (u32.const 1)) "stream.lift/state")

;; text: Instance Definitions: a fresh instance
(component instance $i11 $D)

;; The end is done.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i11 "new") (u64.const 0x2_00000001))

;; rule: channel.drop/copying does not hold
(assert_return (invoke $i11 "drop-writable" (u32.const 2)))

;; rule: stream.read/dropped holds
(assert_return (invoke $i11 "read-back" (u32.const 1) (u32.const 64) (u32.const 3))
  (u32.const 0x1))

;; rule: stream.lift/state holds
(assert_trap (invoke $i11 "give" (u32.const 1)) "stream.lift/state")

;; text: Instance Definitions: a fresh instance
(component instance $i12 $D)

;; It is in a set, with or without an event.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i12 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i12 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i12 "join" (u32.const 1) (u32.const 3)))

;; rule: stream.lift/in-set holds
(assert_trap (invoke $i12 "give" (u32.const 1)) "stream.lift/in-set")

;; text: Instance Definitions: a fresh instance
(component instance $i13 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i13 "new") (u64.const 0x2_00000001))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i13 "set") (u32.const 3))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i13 "join" (u32.const 1) (u32.const 3)))

;; rule: waitable.join/leave holds
(assert_return (invoke $i13 "join" (u32.const 1) (u32.const 0)))

;; Out of it, it may go.
;; rule: stream.lift/kind does not hold
;; rule: stream.lift/type does not hold
;; rule: stream.lift/state does not hold
;; rule: stream.lift/in-set does not hold
(assert_return (invoke $i13 "give" (u32.const 1)) (u32.const 1))

;; text: Instance Definitions: a fresh instance
(component instance $i14 $D)

;; As a result, the same rules hold.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i14 "new") (u64.const 0x2_00000001))

;; rule: stream.lift/kind does not hold
;; rule: stream.lift/type does not hold
;; rule: stream.lift/state does not hold
;; rule: stream.lift/in-set does not hold
(assert_return (invoke $i14 "give" (u32.const 1)) (u32.const 1))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i14 "read" (u32.const 1) (u32.const 64) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: stream.lift/state holds
(assert_trap (invoke $i14 "get" (u32.const 1)) "stream.lift/state")

;; text: Instance Definitions: a fresh instance
(component instance $i15 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i15 "new") (u64.const 0x2_00000001))

;; rule: stream.lift/kind does not hold
;; rule: stream.lift/type does not hold
;; rule: stream.lift/state does not hold
;; rule: stream.lift/in-set does not hold
(assert_return (invoke $i15 "give" (u32.const 1)) (u32.const 1))

;; rule: table.get/bounds holds
(assert_trap (invoke $i15 "get" (u32.const 2)) "table.get/bounds")
