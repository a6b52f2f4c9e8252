;; Integers as core values: lifting looks only at the low bits of the core value and at the sign
;; of the type, lowering gives the value extended to the whole core value.
;; Spec: CanonicalABI.md, "Flat Lifting", "Flat Lowering".

;; text: Flat Lifting, Flat Lowering; one core identity function is lifted under many types
(component
  (core module $m
    (func (export "i32") (param i32) (result i32) local.get 0)
    (func (export "i64") (param i64) (result i64) local.get 0))
  (core instance $i (instantiate $m))
  (func (export "lift-u8") (param "x" u32) (result u8) (canon lift (core func $i "i32")))
  (func (export "lift-s8") (param "x" u32) (result s8) (canon lift (core func $i "i32")))
  (func (export "lift-u16") (param "x" u32) (result u16) (canon lift (core func $i "i32")))
  (func (export "lift-s16") (param "x" u32) (result s16) (canon lift (core func $i "i32")))
  (func (export "lift-u32") (param "x" s32) (result u32) (canon lift (core func $i "i32")))
  (func (export "lift-s32") (param "x" u32) (result s32) (canon lift (core func $i "i32")))
  (func (export "lift-u64") (param "x" s64) (result u64) (canon lift (core func $i "i64")))
  (func (export "lift-s64") (param "x" u64) (result s64) (canon lift (core func $i "i64")))
  (func (export "lower-u8") (param "x" u8) (result u32) (canon lift (core func $i "i32")))
  (func (export "lower-s8") (param "x" s8) (result u32) (canon lift (core func $i "i32")))
  (func (export "lower-u16") (param "x" u16) (result u32) (canon lift (core func $i "i32")))
  (func (export "lower-s16") (param "x" s16) (result u32) (canon lift (core func $i "i32")))
  (func (export "lower-s32") (param "x" s32) (result u32) (canon lift (core func $i "i32")))
  (func (export "lower-s64") (param "x" s64) (result u64) (canon lift (core func $i "i64"))))

;; text: Flat Lifting; an unsigned integer is the low bits of the core value
(assert_return (invoke "lift-u8" (u32.const 0xff)) (u8.const 255))
;; text: Flat Lifting; the bits above the width are ignored
(assert_return (invoke "lift-u8" (u32.const 0x100)) (u8.const 0))
;; text: Flat Lifting; the bits above the width are ignored
(assert_return (invoke "lift-u8" (u32.const 0xffffff7f)) (u8.const 127))
;; text: Flat Lifting; the top bit inside the width is the sign
(assert_return (invoke "lift-s8" (u32.const 0x7f)) (s8.const 127))
;; text: Flat Lifting; the top bit inside the width is the sign
(assert_return (invoke "lift-s8" (u32.const 0x80)) (s8.const -128))
;; text: Flat Lifting; the bits above the width are ignored, so this is not negative
(assert_return (invoke "lift-s8" (u32.const 0xffffff01)) (s8.const 1))
;; text: Flat Lifting; the bits above the width are ignored
(assert_return (invoke "lift-u16" (u32.const 0x1ffff)) (u16.const 65535))
;; text: Flat Lifting; the bits above the width are ignored
(assert_return (invoke "lift-u16" (u32.const 0xabcd0000)) (u16.const 0))
;; text: Flat Lifting; the top bit inside the width is the sign
(assert_return (invoke "lift-s16" (u32.const 0x7fff)) (s16.const 32767))
;; text: Flat Lifting; the top bit inside the width is the sign
(assert_return (invoke "lift-s16" (u32.const 0x8000)) (s16.const -32768))
;; text: Flat Lifting; the bits above the width are ignored, so this is not negative
(assert_return (invoke "lift-s16" (u32.const 0xffff0002)) (s16.const 2))
;; text: Flat Lifting; all 32 bits, unsigned
(assert_return (invoke "lift-u32" (s32.const -1)) (u32.const 4294967295))
;; text: Flat Lifting; all 32 bits, signed
(assert_return (invoke "lift-s32" (u32.const 0x80000000)) (s32.const -2147483648))
;; text: Flat Lifting; all 32 bits, signed
(assert_return (invoke "lift-s32" (u32.const 0x7fffffff)) (s32.const 2147483647))
;; text: Flat Lifting; all 64 bits, unsigned
(assert_return (invoke "lift-u64" (s64.const -1)) (u64.const 18446744073709551615))
;; text: Flat Lifting; all 64 bits, signed
(assert_return (invoke "lift-s64" (u64.const 0x8000000000000000)) (s64.const -9223372036854775808))
;; text: Flat Lifting; all 64 bits, signed
(assert_return (invoke "lift-s64" (u64.const 0x7fffffffffffffff)) (s64.const 9223372036854775807))

;; text: Flat Lowering; an unsigned integer is itself, the bits above are zero
(assert_return (invoke "lower-u8" (u8.const 255)) (u32.const 0xff))
;; text: Flat Lowering; a negative integer is its two's complement over the whole core value
(assert_return (invoke "lower-s8" (s8.const -1)) (u32.const 0xffffffff))
;; text: Flat Lowering; a negative integer is its two's complement over the whole core value
(assert_return (invoke "lower-s8" (s8.const -128)) (u32.const 0xffffff80))
;; text: Flat Lowering; a non-negative integer is itself
(assert_return (invoke "lower-s8" (s8.const 127)) (u32.const 0x7f))
;; text: Flat Lowering; an unsigned integer is itself, the bits above are zero
(assert_return (invoke "lower-u16" (u16.const 65535)) (u32.const 0xffff))
;; text: Flat Lowering; a negative integer is its two's complement over the whole core value
(assert_return (invoke "lower-s16" (s16.const -32768)) (u32.const 0xffff8000))
;; text: Flat Lowering; a negative integer is its two's complement over the whole core value
(assert_return (invoke "lower-s32" (s32.const -2)) (u32.const 0xfffffffe))
;; text: Flat Lowering; a negative integer is its two's complement over the whole core value
(assert_return (invoke "lower-s64" (s64.const -2)) (u64.const 0xfffffffffffffffe))
