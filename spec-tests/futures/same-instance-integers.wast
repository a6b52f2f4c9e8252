;; Both ends of a future may copy in one instance if it has no elements, or if they are numbers:
;;     integers and floating-point numbers of any size.
;;     Text: CanonicalABI.md, "Stream State" (`none_or_number_type`), "Future State".

;; At 0 are the letters to write, at 64 there is room to read into.
;; text: canon future.{read,write}: the built-ins of futures of every number type, called by the script
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
  (type $u8 (future u8))
  (core func $u8-new (canon future.new $u8))
  (core func $u8-read (canon future.read $u8 async (memory $m "memory")))
  (core func $u8-write (canon future.write $u8 async (memory $m "memory")))
  (func (export "u8-new") (result u64) (canon lift (core func $u8-new)))
  (func (export "u8-read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $u8-read)))
  (func (export "u8-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $u8-write)))
  (type $s8 (future s8))
  (core func $s8-new (canon future.new $s8))
  (core func $s8-read (canon future.read $s8 async (memory $m "memory")))
  (core func $s8-write (canon future.write $s8 async (memory $m "memory")))
  (func (export "s8-new") (result u64) (canon lift (core func $s8-new)))
  (func (export "s8-read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $s8-read)))
  (func (export "s8-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $s8-write)))
  (type $u16 (future u16))
  (core func $u16-new (canon future.new $u16))
  (core func $u16-read (canon future.read $u16 async (memory $m "memory")))
  (core func $u16-write (canon future.write $u16 async (memory $m "memory")))
  (func (export "u16-new") (result u64) (canon lift (core func $u16-new)))
  (func (export "u16-read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $u16-read)))
  (func (export "u16-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $u16-write)))
  (type $s16 (future s16))
  (core func $s16-new (canon future.new $s16))
  (core func $s16-read (canon future.read $s16 async (memory $m "memory")))
  (core func $s16-write (canon future.write $s16 async (memory $m "memory")))
  (func (export "s16-new") (result u64) (canon lift (core func $s16-new)))
  (func (export "s16-read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $s16-read)))
  (func (export "s16-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $s16-write)))
  (func (export "text") (param "at" u32) (param "length" u32) (result string)
    (canon lift (core func $m "text") (memory $m "memory"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "u8-new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i1 "u8-read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/same-instance does not hold
(assert_return (invoke $i1 "u8-write" (u32.const 2) (u32.const 0)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 64) (u32.const 2)) (str.const "a-"))

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "u8-new") (u64.const 0x4_00000003))

;; rule: future.write/pending does not hold
(assert_return (invoke $i1 "u8-write" (u32.const 4) (u32.const 8)) (u32.const 0xffff_ffff))

;; rule: future.read/same-instance does not hold
(assert_return (invoke $i1 "u8-read" (u32.const 3) (u32.const 80)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 80) (u32.const 1)) (str.const "i"))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i2 "s8-new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i2 "s8-read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/same-instance does not hold
(assert_return (invoke $i2 "s8-write" (u32.const 2) (u32.const 0)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "text" (u32.const 64) (u32.const 2)) (str.const "a-"))

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i2 "s8-new") (u64.const 0x4_00000003))

;; rule: future.write/pending does not hold
(assert_return (invoke $i2 "s8-write" (u32.const 4) (u32.const 8)) (u32.const 0xffff_ffff))

;; rule: future.read/same-instance does not hold
(assert_return (invoke $i2 "s8-read" (u32.const 3) (u32.const 80)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "text" (u32.const 80) (u32.const 1)) (str.const "i"))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i3 "u16-new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i3 "u16-read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/same-instance does not hold
(assert_return (invoke $i3 "u16-write" (u32.const 2) (u32.const 0)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i3 "text" (u32.const 64) (u32.const 3)) (str.const "ab-"))

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i3 "u16-new") (u64.const 0x4_00000003))

;; rule: future.write/pending does not hold
(assert_return (invoke $i3 "u16-write" (u32.const 4) (u32.const 8)) (u32.const 0xffff_ffff))

;; rule: future.read/same-instance does not hold
(assert_return (invoke $i3 "u16-read" (u32.const 3) (u32.const 80)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i3 "text" (u32.const 80) (u32.const 2)) (str.const "ij"))

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i4 "s16-new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i4 "s16-read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/same-instance does not hold
(assert_return (invoke $i4 "s16-write" (u32.const 2) (u32.const 0)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i4 "text" (u32.const 64) (u32.const 3)) (str.const "ab-"))

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i4 "s16-new") (u64.const 0x4_00000003))

;; rule: future.write/pending does not hold
(assert_return (invoke $i4 "s16-write" (u32.const 4) (u32.const 8)) (u32.const 0xffff_ffff))

;; rule: future.read/same-instance does not hold
(assert_return (invoke $i4 "s16-read" (u32.const 3) (u32.const 80)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i4 "text" (u32.const 80) (u32.const 2)) (str.const "ij"))
