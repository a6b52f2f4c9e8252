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
  (type $u32 (future u32))
  (core func $u32-new (canon future.new $u32))
  (core func $u32-read (canon future.read $u32 async (memory $m "memory")))
  (core func $u32-write (canon future.write $u32 async (memory $m "memory")))
  (func (export "u32-new") (result u64) (canon lift (core func $u32-new)))
  (func (export "u32-read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $u32-read)))
  (func (export "u32-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $u32-write)))
  (type $s32 (future s32))
  (core func $s32-new (canon future.new $s32))
  (core func $s32-read (canon future.read $s32 async (memory $m "memory")))
  (core func $s32-write (canon future.write $s32 async (memory $m "memory")))
  (func (export "s32-new") (result u64) (canon lift (core func $s32-new)))
  (func (export "s32-read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $s32-read)))
  (func (export "s32-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $s32-write)))
  (type $u64 (future u64))
  (core func $u64-new (canon future.new $u64))
  (core func $u64-read (canon future.read $u64 async (memory $m "memory")))
  (core func $u64-write (canon future.write $u64 async (memory $m "memory")))
  (func (export "u64-new") (result u64) (canon lift (core func $u64-new)))
  (func (export "u64-read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $u64-read)))
  (func (export "u64-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $u64-write)))
  (type $s64 (future s64))
  (core func $s64-new (canon future.new $s64))
  (core func $s64-read (canon future.read $s64 async (memory $m "memory")))
  (core func $s64-write (canon future.write $s64 async (memory $m "memory")))
  (func (export "s64-new") (result u64) (canon lift (core func $s64-new)))
  (func (export "s64-read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $s64-read)))
  (func (export "s64-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $s64-write)))
  (func (export "text") (param "at" u32) (param "length" u32) (result string)
    (canon lift (core func $m "text") (memory $m "memory"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "u32-new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i1 "u32-read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/same-instance does not hold
(assert_return (invoke $i1 "u32-write" (u32.const 2) (u32.const 0)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 64) (u32.const 5)) (str.const "abcd-"))

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "u32-new") (u64.const 0x4_00000003))

;; rule: future.write/pending does not hold
(assert_return (invoke $i1 "u32-write" (u32.const 4) (u32.const 8)) (u32.const 0xffff_ffff))

;; rule: future.read/same-instance does not hold
(assert_return (invoke $i1 "u32-read" (u32.const 3) (u32.const 80)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 80) (u32.const 4)) (str.const "ijkl"))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i2 "s32-new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i2 "s32-read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/same-instance does not hold
(assert_return (invoke $i2 "s32-write" (u32.const 2) (u32.const 0)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "text" (u32.const 64) (u32.const 5)) (str.const "abcd-"))

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i2 "s32-new") (u64.const 0x4_00000003))

;; rule: future.write/pending does not hold
(assert_return (invoke $i2 "s32-write" (u32.const 4) (u32.const 8)) (u32.const 0xffff_ffff))

;; rule: future.read/same-instance does not hold
(assert_return (invoke $i2 "s32-read" (u32.const 3) (u32.const 80)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "text" (u32.const 80) (u32.const 4)) (str.const "ijkl"))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i3 "u64-new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i3 "u64-read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/same-instance does not hold
(assert_return (invoke $i3 "u64-write" (u32.const 2) (u32.const 0)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i3 "text" (u32.const 64) (u32.const 9)) (str.const "abcdefgh-"))

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i3 "u64-new") (u64.const 0x4_00000003))

;; rule: future.write/pending does not hold
(assert_return (invoke $i3 "u64-write" (u32.const 4) (u32.const 8)) (u32.const 0xffff_ffff))

;; rule: future.read/same-instance does not hold
(assert_return (invoke $i3 "u64-read" (u32.const 3) (u32.const 80)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i3 "text" (u32.const 80) (u32.const 8)) (str.const "ijklmnop"))

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i4 "s64-new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i4 "s64-read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/same-instance does not hold
(assert_return (invoke $i4 "s64-write" (u32.const 2) (u32.const 0)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i4 "text" (u32.const 64) (u32.const 9)) (str.const "abcdefgh-"))

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i4 "s64-new") (u64.const 0x4_00000003))

;; rule: future.write/pending does not hold
(assert_return (invoke $i4 "s64-write" (u32.const 4) (u32.const 8)) (u32.const 0xffff_ffff))

;; rule: future.read/same-instance does not hold
(assert_return (invoke $i4 "s64-read" (u32.const 3) (u32.const 80)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i4 "text" (u32.const 80) (u32.const 8)) (str.const "ijklmnop"))
