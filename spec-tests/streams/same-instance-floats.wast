;; Both ends of a stream may copy in one instance if it has no elements, or if they are numbers:
;;     integers and floating-point numbers of any size.
;;     Text: CanonicalABI.md, "Stream State" (`none_or_number_type`), "Stream State".

;; At 0 are the letters to write, at 64 there is room to read into.
;; text: canon stream.{read,write}: the built-ins of streams of every number type, called by the script
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
  (type $f32 (stream f32))
  (core func $f32-new (canon stream.new $f32))
  (core func $f32-read (canon stream.read $f32 async (memory $m "memory")))
  (core func $f32-write (canon stream.write $f32 async (memory $m "memory")))
  (func (export "f32-new") (result u64) (canon lift (core func $f32-new)))
  (func (export "f32-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $f32-read)))
  (func (export "f32-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $f32-write)))
  (type $f64 (stream f64))
  (core func $f64-new (canon stream.new $f64))
  (core func $f64-read (canon stream.read $f64 async (memory $m "memory")))
  (core func $f64-write (canon stream.write $f64 async (memory $m "memory")))
  (func (export "f64-new") (result u64) (canon lift (core func $f64-new)))
  (func (export "f64-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $f64-read)))
  (func (export "f64-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $f64-write)))
  (type $none (stream))
  (core func $none-new (canon stream.new $none))
  (core func $none-read (canon stream.read $none async))
  (core func $none-write (canon stream.write $none async))
  (func (export "none-new") (result u64) (canon lift (core func $none-new)))
  (func (export "none-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $none-read)))
  (func (export "none-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $none-write)))
  (func (export "text") (param "at" u32) (param "length" u32) (result string)
    (canon lift (core func $m "text") (memory $m "memory"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "f32-new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i1 "f32-read" (u32.const 1) (u32.const 64) (u32.const 2))
  (u32.const 0xffff_ffff))

;; rule: stream.write/same-instance does not hold
(assert_return (invoke $i1 "f32-write" (u32.const 2) (u32.const 0) (u32.const 2))
  (u32.const 0x20))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 64) (u32.const 9)) (str.const "abcdefgh-"))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "f32-new") (u64.const 0x4_00000003))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i1 "f32-write" (u32.const 4) (u32.const 8) (u32.const 2))
  (u32.const 0xffff_ffff))

;; rule: stream.read/same-instance does not hold
(assert_return (invoke $i1 "f32-read" (u32.const 3) (u32.const 80) (u32.const 2))
  (u32.const 0x20))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 80) (u32.const 8)) (str.const "ijklmnop"))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "f64-new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i2 "f64-read" (u32.const 1) (u32.const 64) (u32.const 2))
  (u32.const 0xffff_ffff))

;; rule: stream.write/same-instance does not hold
(assert_return (invoke $i2 "f64-write" (u32.const 2) (u32.const 0) (u32.const 2))
  (u32.const 0x20))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "text" (u32.const 64) (u32.const 17)) (str.const "abcdefghijklmnop-"))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "f64-new") (u64.const 0x4_00000003))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i2 "f64-write" (u32.const 4) (u32.const 8) (u32.const 2))
  (u32.const 0xffff_ffff))

;; rule: stream.read/same-instance does not hold
(assert_return (invoke $i2 "f64-read" (u32.const 3) (u32.const 80) (u32.const 2))
  (u32.const 0x20))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "text" (u32.const 80) (u32.const 16)) (str.const "ijklmnopqrstuvwx"))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i3 "none-new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i3 "none-read" (u32.const 1) (u32.const 64) (u32.const 2))
  (u32.const 0xffff_ffff))

;; rule: stream.write/same-instance does not hold
(assert_return (invoke $i3 "none-write" (u32.const 2) (u32.const 64) (u32.const 2))
  (u32.const 0x20))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i3 "none-new") (u64.const 0x4_00000003))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i3 "none-write" (u32.const 4) (u32.const 64) (u32.const 2))
  (u32.const 0xffff_ffff))

;; rule: stream.read/same-instance does not hold
(assert_return (invoke $i3 "none-read" (u32.const 3) (u32.const 64) (u32.const 2))
  (u32.const 0x20))

;; text: Buffer State: what is in memory
(assert_return (invoke $i3 "text" (u32.const 64) (u32.const 1)) (str.const "-"))
