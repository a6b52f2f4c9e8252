;; The buffer of a copy must be aligned for its elements and lie in memory, unless it is
;; of length zero.
;;     Text: CanonicalABI.md, "Buffer State" (`BufferGuestImpl`), "Alignment", "Element Size".

;; Memory has 65536 bytes. A `tuple<u8, u16, u8>` takes 6 bytes and is aligned to 2, an
;; `option<u64>` takes 16 and is aligned to 8.
;; text: canon stream.{read,write}: the built-ins of streams of types of several sizes and alignments
(component definition $D
      (core module $Memory (memory (export "memory") 1))
      (core instance $m (instantiate $Memory))
  (type $f64 (stream f64))
  (core func $f64-new (canon stream.new $f64))
  (core func $f64-read (canon stream.read $f64 async (memory $m "memory")))
  (core func $f64-write (canon stream.write $f64 async (memory $m "memory")))
  (func (export "f64-new") (result u64) (canon lift (core func $f64-new)))
  (func (export "f64-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $f64-read)))
  (func (export "f64-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $f64-write)))
  (type $tuple (stream (tuple u8 u16 u8)))
  (core func $tuple-new (canon stream.new $tuple))
  (core func $tuple-read (canon stream.read $tuple async (memory $m "memory")))
  (core func $tuple-write (canon stream.write $tuple async (memory $m "memory")))
  (func (export "tuple-new") (result u64) (canon lift (core func $tuple-new)))
  (func (export "tuple-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $tuple-read)))
  (func (export "tuple-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $tuple-write)))
  (type $option (stream (option u64)))
  (core func $option-new (canon stream.new $option))
  (core func $option-read (canon stream.read $option async (memory $m "memory")))
  (core func $option-write (canon stream.write $option async (memory $m "memory")))
  (func (export "option-new") (result u64) (canon lift (core func $option-new)))
  (func (export "option-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $option-read)))
  (func (export "option-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $option-write))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; `f64`: the last place, and the least alignment.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "f64-new") (u64.const 0x2_00000001))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i1 "f64-read" (u32.const 1) (u32.const 65512) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "f64-new") (u64.const 0x4_00000003))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i1 "f64-write" (u32.const 4) (u32.const 65512) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "f64-new") (u64.const 0x6_00000005))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i1 "f64-read" (u32.const 5) (u32.const 8) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "f64-new") (u64.const 0x8_00000007))

;; Of length zero: anywhere.
;; rule: stream.read/pending does not hold
(assert_return (invoke $i1 "f64-read" (u32.const 7) (u32.const 0xffff_ffff) (u32.const 0))
  (u32.const 0xffff_ffff))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "f64-new") (u64.const 0x2_00000001))

;; One step further.
;; rule: buffer/bounds holds
(assert_trap (invoke $i2 "f64-read" (u32.const 1) (u32.const 65520) (u32.const 3))
  "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i3 "f64-new") (u64.const 0x2_00000001))

;; rule: buffer/bounds holds
(assert_trap (invoke $i3 "f64-write" (u32.const 2) (u32.const 65520) (u32.const 3))
  "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i4 "f64-new") (u64.const 0x2_00000001))

;; Not aligned.
;; rule: buffer/align holds
(assert_trap (invoke $i4 "f64-read" (u32.const 1) (u32.const 4) (u32.const 3)) "buffer/align")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i5 "f64-new") (u64.const 0x2_00000001))

;; rule: buffer/align holds
(assert_trap (invoke $i5 "f64-write" (u32.const 2) (u32.const 9) (u32.const 3)) "buffer/align")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; `tuple`: the last place, and the least alignment.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i6 "tuple-new") (u64.const 0x2_00000001))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i6 "tuple-read" (u32.const 1) (u32.const 65518) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i6 "tuple-new") (u64.const 0x4_00000003))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i6 "tuple-write" (u32.const 4) (u32.const 65518) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i6 "tuple-new") (u64.const 0x6_00000005))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i6 "tuple-read" (u32.const 5) (u32.const 2) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i6 "tuple-new") (u64.const 0x8_00000007))

;; Of length zero: anywhere.
;; rule: stream.read/pending does not hold
(assert_return (invoke $i6 "tuple-read" (u32.const 7) (u32.const 0xffff_ffff) (u32.const 0))
  (u32.const 0xffff_ffff))

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i7 "tuple-new") (u64.const 0x2_00000001))

;; One step further.
;; rule: buffer/bounds holds
(assert_trap (invoke $i7 "tuple-read" (u32.const 1) (u32.const 65520) (u32.const 3))
  "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i8 "tuple-new") (u64.const 0x2_00000001))

;; rule: buffer/bounds holds
(assert_trap (invoke $i8 "tuple-write" (u32.const 2) (u32.const 65520) (u32.const 3))
  "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i9 "tuple-new") (u64.const 0x2_00000001))

;; Not aligned.
;; rule: buffer/align holds
(assert_trap (invoke $i9 "tuple-read" (u32.const 1) (u32.const 1) (u32.const 3)) "buffer/align")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i10 "tuple-new") (u64.const 0x2_00000001))

;; rule: buffer/align holds
(assert_trap (invoke $i10 "tuple-write" (u32.const 2) (u32.const 3) (u32.const 3)) "buffer/align")

;; text: Instance Definitions: a fresh instance
(component instance $i11 $D)

;; `option`: the last place, and the least alignment.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i11 "option-new") (u64.const 0x2_00000001))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i11 "option-read" (u32.const 1) (u32.const 65488) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i11 "option-new") (u64.const 0x4_00000003))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i11 "option-write" (u32.const 4) (u32.const 65488) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i11 "option-new") (u64.const 0x6_00000005))

;; rule: buffer/bounds does not hold
;; rule: buffer/align does not hold
(assert_return (invoke $i11 "option-read" (u32.const 5) (u32.const 8) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i11 "option-new") (u64.const 0x8_00000007))

;; Of length zero: anywhere.
;; rule: stream.read/pending does not hold
(assert_return (invoke $i11 "option-read" (u32.const 7) (u32.const 0xffff_ffff) (u32.const 0))
  (u32.const 0xffff_ffff))

;; text: Instance Definitions: a fresh instance
(component instance $i12 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i12 "option-new") (u64.const 0x2_00000001))

;; One step further.
;; rule: buffer/bounds holds
(assert_trap (invoke $i12 "option-read" (u32.const 1) (u32.const 65496) (u32.const 3))
  "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i13 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i13 "option-new") (u64.const 0x2_00000001))

;; rule: buffer/bounds holds
(assert_trap (invoke $i13 "option-write" (u32.const 2) (u32.const 65496) (u32.const 3))
  "buffer/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i14 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i14 "option-new") (u64.const 0x2_00000001))

;; Not aligned.
;; rule: buffer/align holds
(assert_trap (invoke $i14 "option-read" (u32.const 1) (u32.const 4) (u32.const 3)) "buffer/align")

;; text: Instance Definitions: a fresh instance
(component instance $i15 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i15 "option-new") (u64.const 0x2_00000001))

;; rule: buffer/align holds
(assert_trap (invoke $i15 "option-write" (u32.const 2) (u32.const 9) (u32.const 3))
  "buffer/align")
