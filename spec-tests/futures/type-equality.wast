;; Two definitions of a future type are the same type if their elements are; resource types are the
;; same only if they are one definition.
;; Text: CanonicalABI.md, "canon future.{read,write}": `e.shared.t != future_t.t` traps.

;; `new` is of the first definition and `write` of the second.
;; text: canon future.{read,write}: futures of several types, each defined twice
(component definition $D
  (core module $Memory (memory (export "memory") 1))
  (core instance $m (instantiate $Memory))
  (type $R (resource (rep i32)))
  (type $S (resource (rep i32)))
  (type $Bytes (stream u8))
  (type $Words (stream u16))
  (type $own-r (future (own $R)))
  (type $own-r-too (future (own $R)))
  (core func $own-r-new (canon future.new $own-r))
  (func (export "own-r-new") (result u64) (canon lift (core func $own-r-new)))
  (core func $own-r-write (canon future.write $own-r-too async (memory $m "memory")))
  (func (export "own-r-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $own-r-write)))
  (type $own-s (future (own $S)))
  (type $own-s-too (future (own $S)))
  (core func $own-s-new (canon future.new $own-s))
  (func (export "own-s-new") (result u64) (canon lift (core func $own-s-new)))
  (core func $own-s-write (canon future.write $own-s-too async (memory $m "memory")))
  (func (export "own-s-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $own-s-write)))
  (type $bytes (future $Bytes))
  (type $bytes-too (future $Bytes))
  (core func $bytes-new (canon future.new $bytes))
  (func (export "bytes-new") (result u64) (canon lift (core func $bytes-new)))
  (core func $bytes-write (canon future.write $bytes-too async (memory $m "memory")))
  (func (export "bytes-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $bytes-write)))
  (type $words (future $Words))
  (type $words-too (future $Words))
  (core func $words-new (canon future.new $words))
  (func (export "words-new") (result u64) (canon lift (core func $words-new)))
  (core func $words-write (canon future.write $words-too async (memory $m "memory")))
  (func (export "words-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $words-write)))
  (type $some (future (option u8)))
  (type $some-too (future (option u8)))
  (core func $some-new (canon future.new $some))
  (func (export "some-new") (result u64) (canon lift (core func $some-new)))
  (core func $some-write (canon future.write $some-too async (memory $m "memory")))
  (func (export "some-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $some-write)))
  (type $sure (future (result u8)))
  (type $sure-too (future (result u8)))
  (core func $sure-new (canon future.new $sure))
  (func (export "sure-new") (result u64) (canon lift (core func $sure-new)))
  (core func $sure-write (canon future.write $sure-too async (memory $m "memory")))
  (func (export "sure-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $sure-write)))
  (type $none (future))
  (type $none-too (future))
  (core func $none-new (canon future.new $none))
  (func (export "none-new") (result u64) (canon lift (core func $none-new)))
  (core func $none-write (canon future.write $none-too async (memory $m "memory")))
  (func (export "none-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $none-write)))
  (type $pair (future (tuple u8 u8)))
  (type $pair-too (future (tuple u8 u8)))
  (core func $pair-new (canon future.new $pair))
  (func (export "pair-new") (result u64) (canon lift (core func $pair-new)))
  (core func $pair-write (canon future.write $pair-too async (memory $m "memory")))
  (func (export "pair-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $pair-write))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "own-r-new") (u64.const 0x2_00000001))

;; rule: future.write/type does not hold
(assert_return (invoke $i1 "own-r-write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i2 "own-s-new") (u64.const 0x2_00000001))

;; rule: future.write/type does not hold
(assert_return (invoke $i2 "own-s-write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i3 "bytes-new") (u64.const 0x2_00000001))

;; rule: future.write/type does not hold
(assert_return (invoke $i3 "bytes-write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i4 "words-new") (u64.const 0x2_00000001))

;; rule: future.write/type does not hold
(assert_return (invoke $i4 "words-write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i5 "some-new") (u64.const 0x2_00000001))

;; rule: future.write/type does not hold
(assert_return (invoke $i5 "some-write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i6 "sure-new") (u64.const 0x2_00000001))

;; rule: future.write/type does not hold
(assert_return (invoke $i6 "sure-write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i7 "none-new") (u64.const 0x2_00000001))

;; rule: future.write/type does not hold
(assert_return (invoke $i7 "none-write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i8 "pair-new") (u64.const 0x2_00000001))

;; rule: future.write/type does not hold
(assert_return (invoke $i8 "pair-write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i9 "own-r-new") (u64.const 0x2_00000001))

;; rule: future.write/type holds
(assert_trap (invoke $i9 "own-s-write" (u32.const 2) (u32.const 0)) "future.write/type")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i10 "own-s-new") (u64.const 0x2_00000001))

;; rule: future.write/type holds
(assert_trap (invoke $i10 "own-r-write" (u32.const 2) (u32.const 0)) "future.write/type")

;; text: Instance Definitions: a fresh instance
(component instance $i11 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i11 "bytes-new") (u64.const 0x2_00000001))

;; rule: future.write/type holds
(assert_trap (invoke $i11 "words-write" (u32.const 2) (u32.const 0)) "future.write/type")

;; text: Instance Definitions: a fresh instance
(component instance $i12 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i12 "some-new") (u64.const 0x2_00000001))

;; rule: future.write/type holds
(assert_trap (invoke $i12 "sure-write" (u32.const 2) (u32.const 0)) "future.write/type")

;; text: Instance Definitions: a fresh instance
(component instance $i13 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i13 "none-new") (u64.const 0x2_00000001))

;; rule: future.write/type holds
(assert_trap (invoke $i13 "some-write" (u32.const 2) (u32.const 0)) "future.write/type")

;; text: Instance Definitions: a fresh instance
(component instance $i14 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i14 "pair-new") (u64.const 0x2_00000001))

;; rule: future.write/type holds
(assert_trap (invoke $i14 "none-write" (u32.const 2) (u32.const 0)) "future.write/type")

;; text: Instance Definitions: a fresh instance
(component instance $i15 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i15 "bytes-new") (u64.const 0x2_00000001))

;; rule: future.write/type holds
(assert_trap (invoke $i15 "own-r-write" (u32.const 2) (u32.const 0)) "future.write/type")
