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
  (type $BytesStream (stream u8))
  (type $BytesFuture (future u8))
  (type $list (stream (list u8)))
  (core func $list-new (canon stream.new $list))
  (core func $list-read (canon stream.read $list async (memory $m "memory") (realloc (func $m "realloc"))))
  (core func $list-write (canon stream.write $list async (memory $m "memory")))
  (func (export "list-new") (result u64) (canon lift (core func $list-new)))
  (func (export "list-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $list-read)))
  (func (export "list-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $list-write)))
  (type $string (stream string))
  (core func $string-new (canon stream.new $string))
  (core func $string-read (canon stream.read $string async (memory $m "memory") (realloc (func $m "realloc"))))
  (core func $string-write (canon stream.write $string async (memory $m "memory")))
  (func (export "string-new") (result u64) (canon lift (core func $string-new)))
  (func (export "string-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $string-read)))
  (func (export "string-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $string-write)))
  (type $own (stream (own $R)))
  (core func $own-new (canon stream.new $own))
  (core func $own-read (canon stream.read $own async (memory $m "memory")))
  (core func $own-write (canon stream.write $own async (memory $m "memory")))
  (func (export "own-new") (result u64) (canon lift (core func $own-new)))
  (func (export "own-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $own-read)))
  (func (export "own-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $own-write)))
  (type $stream (stream $BytesStream))
  (core func $stream-new (canon stream.new $stream))
  (core func $stream-read (canon stream.read $stream async (memory $m "memory")))
  (core func $stream-write (canon stream.write $stream async (memory $m "memory")))
  (func (export "stream-new") (result u64) (canon lift (core func $stream-new)))
  (func (export "stream-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $stream-read)))
  (func (export "stream-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $stream-write)))
  (type $future (stream $BytesFuture))
  (core func $future-new (canon stream.new $future))
  (core func $future-read (canon stream.read $future async (memory $m "memory")))
  (core func $future-write (canon stream.write $future async (memory $m "memory")))
  (func (export "future-new") (result u64) (canon lift (core func $future-new)))
  (func (export "future-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $future-read)))
  (func (export "future-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $future-write))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "list-new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i1 "list-read" (u32.const 1) (u32.const 64) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.write/same-instance holds
(assert_trap (invoke $i1 "list-write" (u32.const 2) (u32.const 0) (u32.const 1))
  "stream.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "list-new") (u64.const 0x2_00000001))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i2 "list-write" (u32.const 2) (u32.const 0) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.read/same-instance holds
(assert_trap (invoke $i2 "list-read" (u32.const 1) (u32.const 64) (u32.const 1))
  "stream.read/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i3 "string-new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i3 "string-read" (u32.const 1) (u32.const 64) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.write/same-instance holds
(assert_trap (invoke $i3 "string-write" (u32.const 2) (u32.const 0) (u32.const 1))
  "stream.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i4 "string-new") (u64.const 0x2_00000001))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i4 "string-write" (u32.const 2) (u32.const 0) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.read/same-instance holds
(assert_trap (invoke $i4 "string-read" (u32.const 1) (u32.const 64) (u32.const 1))
  "stream.read/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i5 "own-new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i5 "own-read" (u32.const 1) (u32.const 64) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.write/same-instance holds
(assert_trap (invoke $i5 "own-write" (u32.const 2) (u32.const 0) (u32.const 1))
  "stream.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i6 "own-new") (u64.const 0x2_00000001))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i6 "own-write" (u32.const 2) (u32.const 0) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.read/same-instance holds
(assert_trap (invoke $i6 "own-read" (u32.const 1) (u32.const 64) (u32.const 1))
  "stream.read/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i7 "stream-new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i7 "stream-read" (u32.const 1) (u32.const 64) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.write/same-instance holds
(assert_trap (invoke $i7 "stream-write" (u32.const 2) (u32.const 0) (u32.const 1))
  "stream.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i8 "stream-new") (u64.const 0x2_00000001))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i8 "stream-write" (u32.const 2) (u32.const 0) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.read/same-instance holds
(assert_trap (invoke $i8 "stream-read" (u32.const 1) (u32.const 64) (u32.const 1))
  "stream.read/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i9 "future-new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i9 "future-read" (u32.const 1) (u32.const 64) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.write/same-instance holds
(assert_trap (invoke $i9 "future-write" (u32.const 2) (u32.const 0) (u32.const 1))
  "stream.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i10 "future-new") (u64.const 0x2_00000001))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i10 "future-write" (u32.const 2) (u32.const 0) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.read/same-instance holds
(assert_trap (invoke $i10 "future-read" (u32.const 1) (u32.const 64) (u32.const 1))
  "stream.read/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i11 $D)

;; Where nothing would be copied.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i11 "string-new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i11 "string-read" (u32.const 1) (u32.const 64) (u32.const 0))
  (u32.const 0xffff_ffff))

;; rule: stream.write/same-instance holds
(assert_trap (invoke $i11 "string-write" (u32.const 2) (u32.const 0) (u32.const 0))
  "stream.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i12 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i12 "string-new") (u64.const 0x2_00000001))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i12 "string-write" (u32.const 2) (u32.const 64) (u32.const 0))
  (u32.const 0xffff_ffff))

;; rule: stream.read/same-instance holds
(assert_trap (invoke $i12 "string-read" (u32.const 1) (u32.const 0) (u32.const 0))
  "stream.read/same-instance")
