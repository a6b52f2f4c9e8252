;; With a 64-bit memory, the pointer of a copy is 64-bit; one end may have a
;; 64-bit memory and the other a 32-bit one.
;; Text: CanonicalABI.md, "canon future.{read,write}", "Buffer State".

;; Both memories have letters at 0 and room at 64. The built-ins with `-32` use the 32-bit one.
;; text: canon future.{read,write}: the built-ins of a `future<u16>` with memories of both kinds, called by the script
(component definition $D
  (core module $Memory
    (memory (export "memory") i64 1)
    (data (i64.const 0) "abcdefghijklmnopqrstuvwxyz")
    (data (i64.const 64) "--------------------------------")
    (func (export "text") (param i64 i64) (result i64)
      (i64.store (i64.const 128) (local.get 0))
      (i64.store (i64.const 136) (local.get 1))
      (i64.const 128)))
  (core instance $m (instantiate $Memory))
  (core module $Memory32
    (memory (export "memory") 1)
    (data (i32.const 0) "abcdefghijklmnopqrstuvwxyz")
    (data (i32.const 64) "--------------------------------")
    (func (export "text") (param i32 i32) (result i32)
      (i32.store (i32.const 128) (local.get 0))
      (i32.store (i32.const 132) (local.get 1))
      (i32.const 128)))
  (core instance $n (instantiate $Memory32))
  (type $T (future u16))
  (core func $new (canon future.new $T))
  (core func $cancel-read-async (canon future.cancel-read $T async))
  (core func $cancel-write-async (canon future.cancel-write $T async))
  (func (export "new") (result u64) (canon lift (core func $new)))
  (func (export "cancel-read-async") (param "end" u32) (result u32)
    (canon lift (core func $cancel-read-async)))
  (func (export "cancel-write-async") (param "end" u32) (result u32)
    (canon lift (core func $cancel-write-async)))
  (core func $read (canon future.read $T async (memory $m "memory")))
  (func (export "read") (param "end" u32) (param "at" u64) (result u32)
    (canon lift (core func $read)))
  (core func $write (canon future.write $T async (memory $m "memory")))
  (func (export "write") (param "end" u32) (param "at" u64) (result u32)
    (canon lift (core func $write)))
  (core func $read-32 (canon future.read $T async (memory $n "memory")))
  (func (export "read-32") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $read-32)))
  (core func $write-32 (canon future.write $T async (memory $n "memory")))
  (func (export "write-32") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $write-32)))
  (func (export "text") (param "at" u64) (param "length" u64) (result string)
    (canon lift (core func $m "text") (memory $m "memory")))
  (func (export "text-32") (param "at" u32) (param "length" u32) (result string)
    (canon lift (core func $n "text") (memory $n "memory"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u64.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/pending holds
(assert_return (invoke $i1 "write" (u32.const 2) (u64.const 0)) (u32.const 0))

;; rule: cancel-copy/completed holds
(assert_return (invoke $i1 "cancel-read-async" (u32.const 1)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u64.const 64) (u64.const 6)) (str.const "ab----"))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; From 64 bits to 32, and back.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i2 "read-32" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/pending holds
(assert_return (invoke $i2 "write" (u32.const 2) (u64.const 2)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "text-32" (u32.const 64) (u32.const 6)) (str.const "cd----"))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i3 "new") (u64.const 0x2_00000001))

;; rule: future.write/pending does not hold
(assert_return (invoke $i3 "write-32" (u32.const 2) (u32.const 4)) (u32.const 0xffff_ffff))

;; rule: future.read/pending holds
(assert_return (invoke $i3 "read" (u32.const 1) (u64.const 64)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i3 "text" (u64.const 64) (u64.const 6)) (str.const "ef----"))

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; Alignment and bounds, on both sides of both; nothing is taken modulo 2^32 or 2^64.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i4 "new") (u64.const 0x2_00000001))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i4 "read" (u32.const 1) (u64.const 65534)) (u32.const 0xffff_ffff))

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i5 "new") (u64.const 0x2_00000001))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i5 "write" (u32.const 2) (u64.const 65534)) (u32.const 0xffff_ffff))

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i6 "new") (u64.const 0x2_00000001))

;; rule: buffer/bounds holds
(assert_trap (invoke $i6 "read" (u32.const 1) (u64.const 65536)) "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i7 "new") (u64.const 0x2_00000001))

;; rule: buffer/align holds
(assert_trap (invoke $i7 "read" (u32.const 1) (u64.const 65)) "buffer/align")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i8 "new") (u64.const 0x2_00000001))

;; rule: buffer/bounds holds
(assert_trap (invoke $i8 "read" (u32.const 1) (u64.const 4294967360)) "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i9 "new") (u64.const 0x2_00000001))

;; rule: buffer/bounds holds
(assert_trap (invoke $i9 "read" (u32.const 1) (u64.const 18446744073709551614)) "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i10 "new") (u64.const 0x2_00000001))

;; rule: buffer/bounds holds
(assert_trap (invoke $i10 "write" (u32.const 2) (u64.const 65536)) "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i11 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i11 "new") (u64.const 0x2_00000001))

;; rule: buffer/align holds
(assert_trap (invoke $i11 "write" (u32.const 2) (u64.const 65)) "buffer/align")

;; text: Instance Definitions: a fresh instance
(component instance $i12 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i12 "new") (u64.const 0x2_00000001))

;; rule: buffer/bounds holds
(assert_trap (invoke $i12 "write" (u32.const 2) (u64.const 4294967360)) "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i13 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i13 "new") (u64.const 0x2_00000001))

;; rule: buffer/bounds holds
(assert_trap (invoke $i13 "write" (u32.const 2) (u64.const 18446744073709551614)) "buffer/bounds")
