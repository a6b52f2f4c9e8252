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
  (type $bool (future bool))
  (core func $bool-new (canon future.new $bool))
  (core func $bool-read (canon future.read $bool async (memory $m "memory")))
  (core func $bool-write (canon future.write $bool async (memory $m "memory")))
  (core func $bool-cancel-read-async (canon future.cancel-read $bool async))
  (core func $bool-cancel-write-async (canon future.cancel-write $bool async))
  (core func $bool-drop-readable (canon future.drop-readable $bool))
  (func (export "bool-new") (result u64) (canon lift (core func $bool-new)))
  (func (export "bool-read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $bool-read)))
  (func (export "bool-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $bool-write)))
  (func (export "bool-cancel-read-async") (param "end" u32) (result u32)
    (canon lift (core func $bool-cancel-read-async)))
  (func (export "bool-cancel-write-async") (param "end" u32) (result u32)
    (canon lift (core func $bool-cancel-write-async)))
  (func (export "bool-drop-readable") (param "end" u32)
    (canon lift (core func $bool-drop-readable)))
  (type $char (future char))
  (core func $char-new (canon future.new $char))
  (core func $char-read (canon future.read $char async (memory $m "memory")))
  (core func $char-write (canon future.write $char async (memory $m "memory")))
  (func (export "char-new") (result u64) (canon lift (core func $char-new)))
  (func (export "char-read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $char-read)))
  (func (export "char-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $char-write)))
  (type $enum-type (enum "a" "b"))
  (export $enum-element "enum-element" (type $enum-type))
  (type $enum (future $enum-element))
  (core func $enum-new (canon future.new $enum))
  (core func $enum-read (canon future.read $enum async (memory $m "memory")))
  (core func $enum-write (canon future.write $enum async (memory $m "memory")))
  (func (export "enum-new") (result u64) (canon lift (core func $enum-new)))
  (func (export "enum-read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $enum-read)))
  (func (export "enum-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $enum-write)))
  (type $flags-type (flags "a"))
  (export $flags-element "flags-element" (type $flags-type))
  (type $flags (future $flags-element))
  (core func $flags-new (canon future.new $flags))
  (core func $flags-read (canon future.read $flags async (memory $m "memory")))
  (core func $flags-write (canon future.write $flags async (memory $m "memory")))
  (func (export "flags-new") (result u64) (canon lift (core func $flags-new)))
  (func (export "flags-read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $flags-read)))
  (func (export "flags-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $flags-write))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; The end that comes first may wait, and be cancelled, and the other be dropped.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "bool-new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i1 "bool-read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.cancel-read/state does not hold
(assert_return (invoke $i1 "bool-cancel-read-async" (u32.const 1)) (u32.const 0x2))

;; rule: future.write/pending does not hold
(assert_return (invoke $i1 "bool-write" (u32.const 2) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.cancel-write/state does not hold
(assert_return (invoke $i1 "bool-cancel-write-async" (u32.const 2)) (u32.const 0x2))

;; rule: channel.drop/pending does not hold
(assert_return (invoke $i1 "bool-drop-readable" (u32.const 1)))

;; rule: future.write/dropped holds
(assert_return (invoke $i1 "bool-write" (u32.const 2) (u32.const 64)) (u32.const 0x1))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i2 "bool-new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i2 "bool-read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/same-instance holds
(assert_trap (invoke $i2 "bool-write" (u32.const 2) (u32.const 0)) "future.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i3 "bool-new") (u64.const 0x2_00000001))

;; rule: future.write/pending does not hold
(assert_return (invoke $i3 "bool-write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.read/same-instance holds
(assert_trap (invoke $i3 "bool-read" (u32.const 1) (u32.const 64)) "future.read/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i4 "char-new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i4 "char-read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/same-instance holds
(assert_trap (invoke $i4 "char-write" (u32.const 2) (u32.const 0)) "future.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i5 "char-new") (u64.const 0x2_00000001))

;; rule: future.write/pending does not hold
(assert_return (invoke $i5 "char-write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.read/same-instance holds
(assert_trap (invoke $i5 "char-read" (u32.const 1) (u32.const 64)) "future.read/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i6 "enum-new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i6 "enum-read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/same-instance holds
(assert_trap (invoke $i6 "enum-write" (u32.const 2) (u32.const 0)) "future.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i7 "enum-new") (u64.const 0x2_00000001))

;; rule: future.write/pending does not hold
(assert_return (invoke $i7 "enum-write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.read/same-instance holds
(assert_trap (invoke $i7 "enum-read" (u32.const 1) (u32.const 64)) "future.read/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i8 "flags-new") (u64.const 0x2_00000001))

;; rule: future.read/pending does not hold
(assert_return (invoke $i8 "flags-read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/same-instance holds
(assert_trap (invoke $i8 "flags-write" (u32.const 2) (u32.const 0)) "future.write/same-instance")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i9 "flags-new") (u64.const 0x2_00000001))

;; rule: future.write/pending does not hold
(assert_return (invoke $i9 "flags-write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.read/same-instance holds
(assert_trap (invoke $i9 "flags-read" (u32.const 1) (u32.const 64)) "future.read/same-instance")
