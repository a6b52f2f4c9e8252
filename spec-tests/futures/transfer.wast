;; The readable end of a future may be an argument: it leaves the caller's table and comes into the
;; callee's, at a free index. The other end, and what it does, stays as it is.
;; Text: CanonicalABI.md, "Loading" (`lift_future`), "Storing" (`lower_future`).

;; The writer makes a `future<u8>`, keeps the writable end, and may `give` the readable end to the
;; reader and `get` it back. `read-back` reads in the writer.
;; text: canon future.{read,write}: two instances between which an end goes to and fro
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
    (type $T (future u8))
    (core func $read (canon future.read $T async (memory $m "memory")))
    (core func $cancel-read-async (canon future.cancel-read $T async))
    (core func $drop-readable (canon future.drop-readable $T))
    (func (export "read") (param "end" u32) (param "at" u32) (result u32)
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
    (type $T (future u8))
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
    (core func $new (canon future.new $T))
    (core func $read (canon future.read $T async (memory $m "memory")))
    (core func $write (canon future.write $T async (memory $m "memory")))
    (core func $drop-writable (canon future.drop-writable $T))
    (core func $drop-readable (canon future.drop-readable $T))
    (core func $cancel-read-async (canon future.cancel-read $T async))
    (func (export "new") (result u64) (canon lift (core func $new)))
    (func (export "read") (param "end" u32) (param "at" u32) (result u32)
      (canon lift (core func $read)))
    (func (export "write") (param "end" u32) (param "at" u32) (result u32)
      (canon lift (core func $write)))
    (func (export "drop-writable") (param "end" u32) (canon lift (core func $drop-writable)))
    (func (export "drop-readable") (param "end" u32) (canon lift (core func $drop-readable)))
    (func (export "cancel-read-async") (param "end" u32) (result u32)
      (canon lift (core func $cancel-read-async)))
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
  (export "cancel-read-back" (func $w "cancel-read-async"))
  (export "read" (func $r "read"))
  (export "cancel-read" (func $r "cancel-read-async"))
  (export "drop-readable" (func $r "drop-readable"))
  (export "text" (func $r "text")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x4_00000003))

;; rule: future.lift/kind does not hold
;; rule: future.lift/type does not hold
;; rule: future.lift/state does not hold
;; rule: future.lift/in-set does not hold
(assert_return (invoke $i1 "give" (u32.const 3)) (u32.const 1))

;; The reader's indices are its own.
;; rule: future.lift/kind does not hold
;; rule: future.lift/type does not hold
;; rule: future.lift/state does not hold
;; rule: future.lift/in-set does not hold
(assert_return (invoke $i1 "give" (u32.const 1)) (u32.const 2))

;; rule: future.write/pending does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.read/pending holds
;; rule: future.read/kind does not hold
(assert_return (invoke $i1 "read" (u32.const 2) (u32.const 64)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 64) (u32.const 3)) (str.const "a--"))

;; rule: future.read/pending does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 70)) (u32.const 0xffff_ffff))

;; rule: future.write/pending holds
(assert_return (invoke $i1 "write" (u32.const 4) (u32.const 10)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 70) (u32.const 3)) (str.const "k--"))

;; The two ends that were given have left the writer's table.
;; rule: table.add/free holds
(assert_return (invoke $i1 "new") (u64.const 0x3_00000001))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; A write that waits goes on waiting, for another instance.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: future.write/pending does not hold
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.lift/kind does not hold
;; rule: future.lift/type does not hold
;; rule: future.lift/state does not hold
;; rule: future.lift/in-set does not hold
(assert_return (invoke $i2 "give" (u32.const 1)) (u32.const 1))

;; rule: future.read/pending holds
;; rule: future.read/same-instance does not hold
(assert_return (invoke $i2 "read" (u32.const 1) (u32.const 64)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "text" (u32.const 64) (u32.const 6)) (str.const "a-----"))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i2 "set") (u32.const 1))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i2 "join" (u32.const 2) (u32.const 1)))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i2 "poll" (u32.const 1))
  (tuple.const (u32.const 5) (u32.const 2) (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; There and back: at the same index, as both were freed, and then as before.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i3 "new") (u64.const 0x2_00000001))

;; rule: future.lift/kind does not hold
;; rule: future.lift/type does not hold
;; rule: future.lift/state does not hold
;; rule: future.lift/in-set does not hold
(assert_return (invoke $i3 "give" (u32.const 1)) (u32.const 1))

;; rule: future.read/pending does not hold
(assert_return (invoke $i3 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.cancel-read/state does not hold
(assert_return (invoke $i3 "cancel-read" (u32.const 1)) (u32.const 0x2))

;; A cancelled read leaves the end idle.
;; rule: future.lift/kind does not hold
;; rule: future.lift/type does not hold
;; rule: future.lift/state does not hold
;; rule: future.lift/in-set does not hold
(assert_return (invoke $i3 "get" (u32.const 1)) (u32.const 1))

;; rule: future.read/state does not hold
(assert_return (invoke $i3 "read-back" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/pending holds
;; rule: future.write/same-instance does not hold
(assert_return (invoke $i3 "write" (u32.const 2) (u32.const 0)) (u32.const 0))

;; The reader has it no more.
;; rule: table.get/empty holds
(assert_trap (invoke $i3 "read" (u32.const 1) (u32.const 64)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i4 "new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i4 "read-back" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.cancel-read/state does not hold
(assert_return (invoke $i4 "cancel-read-back" (u32.const 1)) (u32.const 0x2))

;; rule: future.lift/kind does not hold
;; rule: future.lift/type does not hold
;; rule: future.lift/state does not hold
;; rule: future.lift/in-set does not hold
(assert_return (invoke $i4 "give" (u32.const 1)) (u32.const 1))

;; rule: future.lift/kind does not hold
;; rule: future.lift/type does not hold
;; rule: future.lift/state does not hold
;; rule: future.lift/in-set does not hold
(assert_return (invoke $i4 "get" (u32.const 1)) (u32.const 1))

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; The end may be dropped where it is then.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i5 "new") (u64.const 0x2_00000001))

;; rule: future.lift/kind does not hold
;; rule: future.lift/type does not hold
;; rule: future.lift/state does not hold
;; rule: future.lift/in-set does not hold
(assert_return (invoke $i5 "give" (u32.const 1)) (u32.const 1))

;; rule: future.write/pending does not hold
(assert_return (invoke $i5 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: channel.drop/pending holds
(assert_return (invoke $i5 "drop-readable" (u32.const 1)))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i5 "set") (u32.const 1))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i5 "join" (u32.const 2) (u32.const 1)))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i5 "poll" (u32.const 1))
  (tuple.const (u32.const 5) (u32.const 2) (u32.const 1)))
