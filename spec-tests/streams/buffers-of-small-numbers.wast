;; The buffer of a copy must be aligned for its elements and lie in memory, unless it is
;; of length zero.
;;     Text: CanonicalABI.md, "Buffer State" (`BufferGuestImpl`), "Alignment", "Element Size".

;; Memory has 65536 bytes. A `tuple<u8, u16, u8>` takes 6 bytes and is aligned to 2, an
;; `option<u64>` takes 16 and is aligned to 8.
;; text: canon stream.{read,write}: the built-ins of streams of types of several sizes and alignments
(component definition $D
      (core module $Memory (memory (export "memory") 1))
      (core instance $m (instantiate $Memory))
  (type $u8 (stream u8))
  (core func $u8-new (canon stream.new $u8))
  (core func $u8-read (canon stream.read $u8 async (memory $m "memory")))
  (core func $u8-write (canon stream.write $u8 async (memory $m "memory")))
  (func (export "u8-new") (result u64) (canon lift (core func $u8-new)))
  (func (export "u8-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $u8-read)))
  (func (export "u8-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $u8-write)))
  (type $u16 (stream u16))
  (core func $u16-new (canon stream.new $u16))
  (core func $u16-read (canon stream.read $u16 async (memory $m "memory")))
  (core func $u16-write (canon stream.write $u16 async (memory $m "memory")))
  (func (export "u16-new") (result u64) (canon lift (core func $u16-new)))
  (func (export "u16-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $u16-read)))
  (func (export "u16-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $u16-write)))
  (type $u32 (stream u32))
  (core func $u32-new (canon stream.new $u32))
  (core func $u32-read (canon stream.read $u32 async (memory $m "memory")))
  (core func $u32-write (canon stream.write $u32 async (memory $m "memory")))
  (func (export "u32-new") (result u64) (canon lift (core func $u32-new)))
  (func (export "u32-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $u32-read)))
  (func (export "u32-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $u32-write))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; `u8`: the last place, and the least alignment.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "u8-new") (u64.const 0x2_00000001))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i1 "u8-read" (u32.const 1) (u32.const 65533) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "u8-new") (u64.const 0x4_00000003))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i1 "u8-write" (u32.const 4) (u32.const 65533) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "u8-new") (u64.const 0x6_00000005))

;; Of length zero: anywhere.
;; rule: stream.read/pending does not hold
(assert_return (invoke $i1 "u8-read" (u32.const 5) (u32.const 0xffff_ffff) (u32.const 0))
  (u32.const 0xffff_ffff))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "u8-new") (u64.const 0x2_00000001))

;; One step further.
;; rule: buffer/bounds holds
(assert_trap (invoke $i2 "u8-read" (u32.const 1) (u32.const 65534) (u32.const 3)) "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i3 "u8-new") (u64.const 0x2_00000001))

;; rule: buffer/bounds holds
(assert_trap (invoke $i3 "u8-write" (u32.const 2) (u32.const 65534) (u32.const 3))
  "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; `u16`: the last place, and the least alignment.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i4 "u16-new") (u64.const 0x2_00000001))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i4 "u16-read" (u32.const 1) (u32.const 65530) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i4 "u16-new") (u64.const 0x4_00000003))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i4 "u16-write" (u32.const 4) (u32.const 65530) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i4 "u16-new") (u64.const 0x6_00000005))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i4 "u16-read" (u32.const 5) (u32.const 2) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i4 "u16-new") (u64.const 0x8_00000007))

;; Of length zero: anywhere.
;; rule: stream.read/pending does not hold
(assert_return (invoke $i4 "u16-read" (u32.const 7) (u32.const 0xffff_ffff) (u32.const 0))
  (u32.const 0xffff_ffff))

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i5 "u16-new") (u64.const 0x2_00000001))

;; One step further.
;; rule: buffer/bounds holds
(assert_trap (invoke $i5 "u16-read" (u32.const 1) (u32.const 65532) (u32.const 3))
  "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i6 "u16-new") (u64.const 0x2_00000001))

;; rule: buffer/bounds holds
(assert_trap (invoke $i6 "u16-write" (u32.const 2) (u32.const 65532) (u32.const 3))
  "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i7 "u16-new") (u64.const 0x2_00000001))

;; Not aligned.
;; rule: buffer/align holds
(assert_trap (invoke $i7 "u16-read" (u32.const 1) (u32.const 1) (u32.const 3)) "buffer/align")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i8 "u16-new") (u64.const 0x2_00000001))

;; rule: buffer/align holds
(assert_trap (invoke $i8 "u16-write" (u32.const 2) (u32.const 3) (u32.const 3)) "buffer/align")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; `u32`: the last place, and the least alignment.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i9 "u32-new") (u64.const 0x2_00000001))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i9 "u32-read" (u32.const 1) (u32.const 65524) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i9 "u32-new") (u64.const 0x4_00000003))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i9 "u32-write" (u32.const 4) (u32.const 65524) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i9 "u32-new") (u64.const 0x6_00000005))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i9 "u32-read" (u32.const 5) (u32.const 4) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i9 "u32-new") (u64.const 0x8_00000007))

;; Of length zero: anywhere.
;; rule: stream.read/pending does not hold
(assert_return (invoke $i9 "u32-read" (u32.const 7) (u32.const 0xffff_ffff) (u32.const 0))
  (u32.const 0xffff_ffff))

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i10 "u32-new") (u64.const 0x2_00000001))

;; One step further.
;; rule: buffer/bounds holds
(assert_trap (invoke $i10 "u32-read" (u32.const 1) (u32.const 65528) (u32.const 3))
  "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i11 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i11 "u32-new") (u64.const 0x2_00000001))

;; rule: buffer/bounds holds
(assert_trap (invoke $i11 "u32-write" (u32.const 2) (u32.const 65528) (u32.const 3))
  "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i12 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i12 "u32-new") (u64.const 0x2_00000001))

;; Not aligned.
;; rule: buffer/align holds
(assert_trap (invoke $i12 "u32-read" (u32.const 1) (u32.const 2) (u32.const 3)) "buffer/align")

;; text: Instance Definitions: a fresh instance
(component instance $i13 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i13 "u32-new") (u64.const 0x2_00000001))

;; rule: buffer/align holds
(assert_trap (invoke $i13 "u32-write" (u32.const 2) (u32.const 5) (u32.const 3)) "buffer/align")

;; text: Instance Definitions: a fresh instance
(component instance $i14 $D)

;; The end of the buffer is not taken modulo 2^32.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i14 "u32-new") (u64.const 0x2_00000001))

;; rule: buffer/bounds holds
(assert_trap (invoke $i14 "u32-read" (u32.const 1) (u32.const 0xfffffffc) (u32.const 1))
  "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i15 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i15 "u32-new") (u64.const 0x2_00000001))

;; rule: buffer/bounds holds
;; rule: buffer/limit does not hold
(assert_trap (invoke $i15 "u32-write" (u32.const 2) (u32.const 8) (u32.const 268435455))
  "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i16 $D)

;; The limit on the length comes first, whatever the elements.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i16 "u16-new") (u64.const 0x2_00000001))

;; rule: buffer/limit holds
(assert_trap (invoke $i16 "u16-read" (u32.const 1) (u32.const 1) (u32.const 268435456))
  "buffer/limit")

;; text: Instance Definitions: a fresh instance
(component instance $i17 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i17 "u16-new") (u64.const 0x2_00000001))

;; rule: buffer/limit holds
(assert_trap (invoke $i17 "u16-write" (u32.const 2) (u32.const 1) (u32.const 268435456))
  "buffer/limit")

;; text: Instance Definitions: a fresh instance
(component instance $i18 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i18 "u16-new") (u64.const 0x2_00000001))

;; rule: buffer/align holds
;; rule: buffer/limit does not hold
(assert_trap (invoke $i18 "u16-write" (u32.const 2) (u32.const 1) (u32.const 268435455))
  "buffer/align")
