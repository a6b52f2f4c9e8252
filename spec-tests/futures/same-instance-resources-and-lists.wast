;; Both ends of a future of anything but numbers may not copy in one instance, for now. The
;;     end that comes second traps.
;;     Text: CanonicalABI.md, "Stream State" (`none_or_number_type`), "Future State".

;; text: canon future.{read,write}: the built-ins of futures of many types, called by the script
(component definition $D
      (core module $Memory
        (memory (export "memory") 1)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 256)))
      (core instance $m (instantiate $Memory))
      (type $R (resource (rep i32)))
  (type $BytesStream (stream u8))
  (type $BytesFuture (future u8))
  (type $list (future (list u8)))
  (core func $list-new (canon future.new $list))
  (core func $list-read (canon future.read $list async (memory $m "memory") (realloc (func $m "realloc"))))
  (core func $list-write (canon future.write $list async (memory $m "memory")))
  (func (export "list-new") (result u64) (canon lift (core func $list-new)))
  (func (export "list-read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $list-read)))
  (func (export "list-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $list-write)))
  (type $string (future string))
  (core func $string-new (canon future.new $string))
  (core func $string-read (canon future.read $string async (memory $m "memory") (realloc (func $m "realloc"))))
  (core func $string-write (canon future.write $string async (memory $m "memory")))
  (func (export "string-new") (result u64) (canon lift (core func $string-new)))
  (func (export "string-read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $string-read)))
  (func (export "string-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $string-write)))
  (type $own (future (own $R)))
  (core func $own-new (canon future.new $own))
  (core func $own-read (canon future.read $own async (memory $m "memory")))
  (core func $own-write (canon future.write $own async (memory $m "memory")))
  (func (export "own-new") (result u64) (canon lift (core func $own-new)))
  (func (export "own-read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $own-read)))
  (func (export "own-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $own-write)))
  (type $stream (future $BytesStream))
  (core func $stream-new (canon future.new $stream))
  (core func $stream-read (canon future.read $stream async (memory $m "memory")))
  (core func $stream-write (canon future.write $stream async (memory $m "memory")))
  (func (export "stream-new") (result u64) (canon lift (core func $stream-new)))
  (func (export "stream-read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $stream-read)))
  (func (export "stream-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $stream-write)))
  (type $future (future $BytesFuture))
  (core func $future-new (canon future.new $future))
  (core func $future-read (canon future.read $future async (memory $m "memory")))
  (core func $future-write (canon future.write $future async (memory $m "memory")))
  (func (export "future-new") (result u64) (canon lift (core func $future-new)))
  (func (export "future-read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $future-read)))
  (func (export "future-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $future-write))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "list-new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i1 "list-read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/same-instance holds
(assert_trap (invoke $i1 "list-write" (u32.const 2) (u32.const 0)) "future.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i2 "list-new") (u64.const 0x2_00000001))

;; rule: future.write/pending does not hold
(assert_return (invoke $i2 "list-write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.read/same-instance holds
(assert_trap (invoke $i2 "list-read" (u32.const 1) (u32.const 64)) "future.read/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i3 "string-new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i3 "string-read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/same-instance holds
(assert_trap (invoke $i3 "string-write" (u32.const 2) (u32.const 0)) "future.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i4 "string-new") (u64.const 0x2_00000001))

;; rule: future.write/pending does not hold
(assert_return (invoke $i4 "string-write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.read/same-instance holds
(assert_trap (invoke $i4 "string-read" (u32.const 1) (u32.const 64)) "future.read/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i5 "own-new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i5 "own-read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/same-instance holds
(assert_trap (invoke $i5 "own-write" (u32.const 2) (u32.const 0)) "future.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i6 "own-new") (u64.const 0x2_00000001))

;; rule: future.write/pending does not hold
(assert_return (invoke $i6 "own-write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.read/same-instance holds
(assert_trap (invoke $i6 "own-read" (u32.const 1) (u32.const 64)) "future.read/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i7 "stream-new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i7 "stream-read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/same-instance holds
(assert_trap (invoke $i7 "stream-write" (u32.const 2) (u32.const 0)) "future.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i8 "stream-new") (u64.const 0x2_00000001))

;; rule: future.write/pending does not hold
(assert_return (invoke $i8 "stream-write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.read/same-instance holds
(assert_trap (invoke $i8 "stream-read" (u32.const 1) (u32.const 64)) "future.read/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i9 "future-new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i9 "future-read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/same-instance holds
(assert_trap (invoke $i9 "future-write" (u32.const 2) (u32.const 0)) "future.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i10 "future-new") (u64.const 0x2_00000001))

;; rule: future.write/pending does not hold
(assert_return (invoke $i10 "future-write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.read/same-instance holds
(assert_trap (invoke $i10 "future-read" (u32.const 1) (u32.const 64)) "future.read/same-instance")
