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
  (type $bool (stream bool))
  (core func $bool-new (canon stream.new $bool))
  (core func $bool-read (canon stream.read $bool async (memory $m "memory")))
  (core func $bool-write (canon stream.write $bool async (memory $m "memory")))
  (core func $bool-cancel-read-async (canon stream.cancel-read $bool async))
  (core func $bool-cancel-write-async (canon stream.cancel-write $bool async))
  (core func $bool-drop-readable (canon stream.drop-readable $bool))
  (func (export "bool-new") (result u64) (canon lift (core func $bool-new)))
  (func (export "bool-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $bool-read)))
  (func (export "bool-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $bool-write)))
  (func (export "bool-cancel-read-async") (param "end" u32) (result u32)
    (canon lift (core func $bool-cancel-read-async)))
  (func (export "bool-cancel-write-async") (param "end" u32) (result u32)
    (canon lift (core func $bool-cancel-write-async)))
  (func (export "bool-drop-readable") (param "end" u32)
    (canon lift (core func $bool-drop-readable)))
  (type $enum-type (enum "a" "b"))
  (export $enum-element "enum-element" (type $enum-type))
  (type $enum (stream $enum-element))
  (core func $enum-new (canon stream.new $enum))
  (core func $enum-read (canon stream.read $enum async (memory $m "memory")))
  (core func $enum-write (canon stream.write $enum async (memory $m "memory")))
  (func (export "enum-new") (result u64) (canon lift (core func $enum-new)))
  (func (export "enum-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $enum-read)))
  (func (export "enum-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $enum-write)))
  (type $flags-type (flags "a"))
  (export $flags-element "flags-element" (type $flags-type))
  (type $flags (stream $flags-element))
  (core func $flags-new (canon stream.new $flags))
  (core func $flags-read (canon stream.read $flags async (memory $m "memory")))
  (core func $flags-write (canon stream.write $flags async (memory $m "memory")))
  (func (export "flags-new") (result u64) (canon lift (core func $flags-new)))
  (func (export "flags-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $flags-read)))
  (func (export "flags-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $flags-write))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; The end that comes first may wait, and be cancelled, and the other be dropped.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "bool-new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i1 "bool-read" (u32.const 1) (u32.const 64) (u32.const 2))
  (u32.const 0xffff_ffff))

;; rule: stream.cancel-read/state does not hold
(assert_return (invoke $i1 "bool-cancel-read-async" (u32.const 1)) (u32.const 0x2))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i1 "bool-write" (u32.const 2) (u32.const 64) (u32.const 2))
  (u32.const 0xffff_ffff))

;; rule: stream.cancel-write/state does not hold
(assert_return (invoke $i1 "bool-cancel-write-async" (u32.const 2)) (u32.const 0x2))

;; rule: channel.drop/pending does not hold
(assert_return (invoke $i1 "bool-drop-readable" (u32.const 1)))

;; rule: stream.write/dropped holds
(assert_return (invoke $i1 "bool-write" (u32.const 2) (u32.const 64) (u32.const 2))
  (u32.const 0x1))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "bool-new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i2 "bool-read" (u32.const 1) (u32.const 64) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.write/same-instance holds
(assert_trap (invoke $i2 "bool-write" (u32.const 2) (u32.const 0) (u32.const 1))
  "stream.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i3 "bool-new") (u64.const 0x2_00000001))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i3 "bool-write" (u32.const 2) (u32.const 0) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.read/same-instance holds
(assert_trap (invoke $i3 "bool-read" (u32.const 1) (u32.const 64) (u32.const 1))
  "stream.read/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i4 "enum-new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i4 "enum-read" (u32.const 1) (u32.const 64) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.write/same-instance holds
(assert_trap (invoke $i4 "enum-write" (u32.const 2) (u32.const 0) (u32.const 1))
  "stream.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i5 "enum-new") (u64.const 0x2_00000001))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i5 "enum-write" (u32.const 2) (u32.const 0) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.read/same-instance holds
(assert_trap (invoke $i5 "enum-read" (u32.const 1) (u32.const 64) (u32.const 1))
  "stream.read/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i6 "flags-new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i6 "flags-read" (u32.const 1) (u32.const 64) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.write/same-instance holds
(assert_trap (invoke $i6 "flags-write" (u32.const 2) (u32.const 0) (u32.const 1))
  "stream.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i7 "flags-new") (u64.const 0x2_00000001))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i7 "flags-write" (u32.const 2) (u32.const 0) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.read/same-instance holds
(assert_trap (invoke $i7 "flags-read" (u32.const 1) (u32.const 64) (u32.const 1))
  "stream.read/same-instance")
