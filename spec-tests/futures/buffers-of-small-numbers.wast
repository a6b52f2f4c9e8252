;; The buffer of a copy must be aligned for its elements and lie in memory.
;;     Text: CanonicalABI.md, "Buffer State" (`BufferGuestImpl`), "Alignment", "Element Size".

;; Memory has 65536 bytes. A `tuple<u8, u16, u8>` takes 6 bytes and is aligned to 2, an
;; `option<u64>` takes 16 and is aligned to 8.
;; text: canon future.{read,write}: the built-ins of futures of types of several sizes and alignments
(component definition $D
      (core module $Memory (memory (export "memory") 1))
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
  (type $u16 (future u16))
  (core func $u16-new (canon future.new $u16))
  (core func $u16-read (canon future.read $u16 async (memory $m "memory")))
  (core func $u16-write (canon future.write $u16 async (memory $m "memory")))
  (func (export "u16-new") (result u64) (canon lift (core func $u16-new)))
  (func (export "u16-read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $u16-read)))
  (func (export "u16-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $u16-write)))
  (type $u32 (future u32))
  (core func $u32-new (canon future.new $u32))
  (core func $u32-read (canon future.read $u32 async (memory $m "memory")))
  (core func $u32-write (canon future.write $u32 async (memory $m "memory")))
  (func (export "u32-new") (result u64) (canon lift (core func $u32-new)))
  (func (export "u32-read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $u32-read)))
  (func (export "u32-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $u32-write))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; `u8`: the last place, and the least alignment.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "u8-new") (u64.const 0x2_00000001))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i1 "u8-read" (u32.const 1) (u32.const 65535)) (u32.const 0xffff_ffff))

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "u8-new") (u64.const 0x4_00000003))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i1 "u8-write" (u32.const 4) (u32.const 65535)) (u32.const 0xffff_ffff))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i2 "u8-new") (u64.const 0x2_00000001))

;; One step further.
;; rule: buffer/bounds holds
(assert_trap (invoke $i2 "u8-read" (u32.const 1) (u32.const 65536)) "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i3 "u8-new") (u64.const 0x2_00000001))

;; rule: buffer/bounds holds
(assert_trap (invoke $i3 "u8-write" (u32.const 2) (u32.const 65536)) "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; `u16`: the last place, and the least alignment.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i4 "u16-new") (u64.const 0x2_00000001))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i4 "u16-read" (u32.const 1) (u32.const 65534)) (u32.const 0xffff_ffff))

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i4 "u16-new") (u64.const 0x4_00000003))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i4 "u16-write" (u32.const 4) (u32.const 65534)) (u32.const 0xffff_ffff))

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i4 "u16-new") (u64.const 0x6_00000005))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i4 "u16-read" (u32.const 5) (u32.const 2)) (u32.const 0xffff_ffff))

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i5 "u16-new") (u64.const 0x2_00000001))

;; One step further.
;; rule: buffer/bounds holds
(assert_trap (invoke $i5 "u16-read" (u32.const 1) (u32.const 65536)) "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i6 "u16-new") (u64.const 0x2_00000001))

;; rule: buffer/bounds holds
(assert_trap (invoke $i6 "u16-write" (u32.const 2) (u32.const 65536)) "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i7 "u16-new") (u64.const 0x2_00000001))

;; Not aligned.
;; rule: buffer/align holds
(assert_trap (invoke $i7 "u16-read" (u32.const 1) (u32.const 1)) "buffer/align")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i8 "u16-new") (u64.const 0x2_00000001))

;; rule: buffer/align holds
(assert_trap (invoke $i8 "u16-write" (u32.const 2) (u32.const 3)) "buffer/align")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; `u32`: the last place, and the least alignment.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i9 "u32-new") (u64.const 0x2_00000001))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i9 "u32-read" (u32.const 1) (u32.const 65532)) (u32.const 0xffff_ffff))

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i9 "u32-new") (u64.const 0x4_00000003))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i9 "u32-write" (u32.const 4) (u32.const 65532)) (u32.const 0xffff_ffff))

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i9 "u32-new") (u64.const 0x6_00000005))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i9 "u32-read" (u32.const 5) (u32.const 4)) (u32.const 0xffff_ffff))

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i10 "u32-new") (u64.const 0x2_00000001))

;; One step further.
;; rule: buffer/bounds holds
(assert_trap (invoke $i10 "u32-read" (u32.const 1) (u32.const 65536)) "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i11 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i11 "u32-new") (u64.const 0x2_00000001))

;; rule: buffer/bounds holds
(assert_trap (invoke $i11 "u32-write" (u32.const 2) (u32.const 65536)) "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i12 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i12 "u32-new") (u64.const 0x2_00000001))

;; Not aligned.
;; rule: buffer/align holds
(assert_trap (invoke $i12 "u32-read" (u32.const 1) (u32.const 2)) "buffer/align")

;; text: Instance Definitions: a fresh instance
(component instance $i13 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i13 "u32-new") (u64.const 0x2_00000001))

;; rule: buffer/align holds
(assert_trap (invoke $i13 "u32-write" (u32.const 2) (u32.const 5)) "buffer/align")

;; text: Instance Definitions: a fresh instance
(component instance $i14 $D)

;; The end of the buffer is not taken modulo 2^32.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i14 "u32-new") (u64.const 0x2_00000001))

;; rule: buffer/bounds holds
(assert_trap (invoke $i14 "u32-read" (u32.const 1) (u32.const 0xfffffffc)) "buffer/bounds")
