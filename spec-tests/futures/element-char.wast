;; A `future<char>` is allowed; the code point is looked at when it is copied.
;; Text: CanonicalABI.md, "canon future.{read,write}", "Loading" (`convert_i32_to_char`).

;; At 0 and every 4 bytes: U+10FFFF, one more, U+D7FF, U+D800, U+DFFF and U+E000.
;; text: canon future.{read,write}: a `future<char>` between two instances
(component definition $D
  (component $Reader
    (core module $Memory
      (memory (export "memory") 1)
      (data (i32.const 0) "\ff\ff\10\00" "\00\00\11\00" "\ff\d7\00\00" "\00\d8\00\00"
        "\ff\df\00\00" "\00\e0\00\00")
      (func (export "same") (param i32) (result i32) (local.get 0))
      (func (export "word") (param i32) (result i32) (i32.load (local.get 0))))
    (core instance $m (instantiate $Memory))
    (type $T (future char))
    (core func $read (canon future.read $T async (memory $m "memory")))
    (func (export "read") (param "end" u32) (param "at" u32) (result u32)
      (canon lift (core func $read)))
    (func (export "take") (param "end" $T) (result u32) (canon lift (core func $m "same")))
    (func (export "word") (param "at" u32) (result u32) (canon lift (core func $m "word"))))
  (instance $r (instantiate $Reader))
  (component $Writer
    (core module $Memory
      (memory (export "memory") 1)
      (data (i32.const 0) "\ff\ff\10\00" "\00\00\11\00" "\ff\d7\00\00" "\00\d8\00\00"
        "\ff\df\00\00" "\00\e0\00\00")
      (func (export "same") (param i32) (result i32) (local.get 0))
      (func (export "word") (param i32) (result i32) (i32.load (local.get 0))))
    (core instance $m (instantiate $Memory))
    (type $T (future char))
    (import "take" (func $take (param "end" $T) (result u32)))
    (core func $take (canon lower (func $take)))
    (core func $new (canon future.new $T))
    (core func $write (canon future.write $T async (memory $m "memory")))
    (func (export "new") (result u64) (canon lift (core func $new)))
    (func (export "write") (param "end" u32) (param "at" u32) (result u32)
      (canon lift (core func $write)))
    (func (export "give") (param "end" u32) (result u32) (canon lift (core func $take))))
  (instance $w (instantiate $Writer (with "take" (func $r "take"))))
  (export "new" (func $w "new")) (export "give" (func $w "give"))
  (export "write" (func $w "write")) (export "read" (func $r "read"))
  (export "word" (func $r "word")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: future.lift/kind does not hold
(assert_return (invoke $i1 "give" (u32.const 1)) (u32.const 1))

;; rule: future.write/pending does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: char/range does not hold
;; rule: char/surrogate does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "word" (u32.const 64)) (u32.const 0x10ffff))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: future.lift/kind does not hold
(assert_return (invoke $i2 "give" (u32.const 1)) (u32.const 1))

;; rule: future.write/pending does not hold
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 8)) (u32.const 0xffff_ffff))

;; rule: char/range does not hold
;; rule: char/surrogate does not hold
(assert_return (invoke $i2 "read" (u32.const 1) (u32.const 64)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "word" (u32.const 64)) (u32.const 0xd7ff))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i3 "new") (u64.const 0x2_00000001))

;; rule: future.lift/kind does not hold
(assert_return (invoke $i3 "give" (u32.const 1)) (u32.const 1))

;; rule: future.write/pending does not hold
(assert_return (invoke $i3 "write" (u32.const 2) (u32.const 20)) (u32.const 0xffff_ffff))

;; rule: char/range does not hold
;; rule: char/surrogate does not hold
(assert_return (invoke $i3 "read" (u32.const 1) (u32.const 64)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i3 "word" (u32.const 64)) (u32.const 0xe000))

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i4 "new") (u64.const 0x2_00000001))

;; rule: future.lift/kind does not hold
(assert_return (invoke $i4 "give" (u32.const 1)) (u32.const 1))

;; rule: future.write/pending does not hold
(assert_return (invoke $i4 "write" (u32.const 2) (u32.const 4)) (u32.const 0xffff_ffff))

;; rule: char/range holds
(assert_trap (invoke $i4 "read" (u32.const 1) (u32.const 64)) "char/range")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i5 "new") (u64.const 0x2_00000001))

;; rule: future.lift/kind does not hold
(assert_return (invoke $i5 "give" (u32.const 1)) (u32.const 1))

;; rule: future.read/pending does not hold
(assert_return (invoke $i5 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: char/range holds
(assert_trap (invoke $i5 "write" (u32.const 2) (u32.const 4)) "char/range")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i6 "new") (u64.const 0x2_00000001))

;; rule: future.lift/kind does not hold
(assert_return (invoke $i6 "give" (u32.const 1)) (u32.const 1))

;; rule: future.write/pending does not hold
(assert_return (invoke $i6 "write" (u32.const 2) (u32.const 12)) (u32.const 0xffff_ffff))

;; rule: char/surrogate holds
(assert_trap (invoke $i6 "read" (u32.const 1) (u32.const 64)) "char/surrogate")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i7 "new") (u64.const 0x2_00000001))

;; rule: future.lift/kind does not hold
(assert_return (invoke $i7 "give" (u32.const 1)) (u32.const 1))

;; rule: future.read/pending does not hold
(assert_return (invoke $i7 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: char/surrogate holds
(assert_trap (invoke $i7 "write" (u32.const 2) (u32.const 12)) "char/surrogate")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i8 "new") (u64.const 0x2_00000001))

;; rule: future.lift/kind does not hold
(assert_return (invoke $i8 "give" (u32.const 1)) (u32.const 1))

;; rule: future.write/pending does not hold
(assert_return (invoke $i8 "write" (u32.const 2) (u32.const 16)) (u32.const 0xffff_ffff))

;; rule: char/surrogate holds
(assert_trap (invoke $i8 "read" (u32.const 1) (u32.const 64)) "char/surrogate")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i9 "new") (u64.const 0x2_00000001))

;; rule: future.lift/kind does not hold
(assert_return (invoke $i9 "give" (u32.const 1)) (u32.const 1))

;; rule: future.read/pending does not hold
(assert_return (invoke $i9 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: char/surrogate holds
(assert_trap (invoke $i9 "write" (u32.const 2) (u32.const 16)) "char/surrogate")
