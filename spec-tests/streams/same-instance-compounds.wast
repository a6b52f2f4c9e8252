;; Both ends of a stream of anything but numbers may not copy in one instance, for now. The
;;     end that comes second traps, even if nothing would be copied.
;;     Text: CanonicalABI.md, "Stream State" (`none_or_number_type`), "Stream State".

;; text: canon stream.{read,write}: the built-ins of streams of many types, called by the script
(component definition $D
      (core module $Memory
        (memory (export "memory") 1)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 256)))
      (core instance $m (instantiate $Memory))
      (type $R (resource (rep i32)))
  (type $tuple (stream (tuple u8 u8)))
  (core func $tuple-new (canon stream.new $tuple))
  (core func $tuple-read (canon stream.read $tuple async (memory $m "memory")))
  (core func $tuple-write (canon stream.write $tuple async (memory $m "memory")))
  (func (export "tuple-new") (result u64) (canon lift (core func $tuple-new)))
  (func (export "tuple-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $tuple-read)))
  (func (export "tuple-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $tuple-write)))
  (type $record-type (record (field "a" u32)))
  (export $record-element "record-element" (type $record-type))
  (type $record (stream $record-element))
  (core func $record-new (canon stream.new $record))
  (core func $record-read (canon stream.read $record async (memory $m "memory")))
  (core func $record-write (canon stream.write $record async (memory $m "memory")))
  (func (export "record-new") (result u64) (canon lift (core func $record-new)))
  (func (export "record-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $record-read)))
  (func (export "record-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $record-write)))
  (type $variant-type (variant (case "a" u8)))
  (export $variant-element "variant-element" (type $variant-type))
  (type $variant (stream $variant-element))
  (core func $variant-new (canon stream.new $variant))
  (core func $variant-read (canon stream.read $variant async (memory $m "memory")))
  (core func $variant-write (canon stream.write $variant async (memory $m "memory")))
  (func (export "variant-new") (result u64) (canon lift (core func $variant-new)))
  (func (export "variant-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $variant-read)))
  (func (export "variant-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $variant-write)))
  (type $option (stream (option u8)))
  (core func $option-new (canon stream.new $option))
  (core func $option-read (canon stream.read $option async (memory $m "memory")))
  (core func $option-write (canon stream.write $option async (memory $m "memory")))
  (func (export "option-new") (result u64) (canon lift (core func $option-new)))
  (func (export "option-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $option-read)))
  (func (export "option-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $option-write)))
  (type $result (stream (result u8)))
  (core func $result-new (canon stream.new $result))
  (core func $result-read (canon stream.read $result async (memory $m "memory")))
  (core func $result-write (canon stream.write $result async (memory $m "memory")))
  (func (export "result-new") (result u64) (canon lift (core func $result-new)))
  (func (export "result-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $result-read)))
  (func (export "result-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $result-write))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "tuple-new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i1 "tuple-read" (u32.const 1) (u32.const 64) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.write/same-instance holds
(assert_trap (invoke $i1 "tuple-write" (u32.const 2) (u32.const 0) (u32.const 1))
  "stream.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "tuple-new") (u64.const 0x2_00000001))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i2 "tuple-write" (u32.const 2) (u32.const 0) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.read/same-instance holds
(assert_trap (invoke $i2 "tuple-read" (u32.const 1) (u32.const 64) (u32.const 1))
  "stream.read/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i3 "record-new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i3 "record-read" (u32.const 1) (u32.const 64) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.write/same-instance holds
(assert_trap (invoke $i3 "record-write" (u32.const 2) (u32.const 0) (u32.const 1))
  "stream.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i4 "record-new") (u64.const 0x2_00000001))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i4 "record-write" (u32.const 2) (u32.const 0) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.read/same-instance holds
(assert_trap (invoke $i4 "record-read" (u32.const 1) (u32.const 64) (u32.const 1))
  "stream.read/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i5 "variant-new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i5 "variant-read" (u32.const 1) (u32.const 64) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.write/same-instance holds
(assert_trap (invoke $i5 "variant-write" (u32.const 2) (u32.const 0) (u32.const 1))
  "stream.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i6 "variant-new") (u64.const 0x2_00000001))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i6 "variant-write" (u32.const 2) (u32.const 0) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.read/same-instance holds
(assert_trap (invoke $i6 "variant-read" (u32.const 1) (u32.const 64) (u32.const 1))
  "stream.read/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i7 "option-new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i7 "option-read" (u32.const 1) (u32.const 64) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.write/same-instance holds
(assert_trap (invoke $i7 "option-write" (u32.const 2) (u32.const 0) (u32.const 1))
  "stream.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i8 "option-new") (u64.const 0x2_00000001))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i8 "option-write" (u32.const 2) (u32.const 0) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.read/same-instance holds
(assert_trap (invoke $i8 "option-read" (u32.const 1) (u32.const 64) (u32.const 1))
  "stream.read/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i9 "result-new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i9 "result-read" (u32.const 1) (u32.const 64) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.write/same-instance holds
(assert_trap (invoke $i9 "result-write" (u32.const 2) (u32.const 0) (u32.const 1))
  "stream.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i10 "result-new") (u64.const 0x2_00000001))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i10 "result-write" (u32.const 2) (u32.const 0) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.read/same-instance holds
(assert_trap (invoke $i10 "result-read" (u32.const 1) (u32.const 64) (u32.const 1))
  "stream.read/same-instance")
