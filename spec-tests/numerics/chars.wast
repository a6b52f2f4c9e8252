;; A `char` is a Unicode scalar value: lifting an `i32` traps above 0x10FFFF and in the range of the
;; surrogates, as a core value and in memory.
;; Spec: CanonicalABI.md, "Loading", "Flat Lifting".

;; text: Loading, Flat Lifting; a core value as a char, a char as a core value, chars in memory
(component definition $Chars
  (core module $m
    (memory (export "mem") 1)
    (func (export "id") (param i32) (result i32) local.get 0)
    ;; stores the two numbers where the result is loaded from
    (func (export "pair") (param i32 i32) (result i32)
      (i32.store (i32.const 16) (local.get 0))
      (i32.store (i32.const 20) (local.get 1))
      i32.const 16))
  (core instance $i (instantiate $m))
  (func (export "lift") (param "x" u32) (result char) (canon lift (core func $i "id")))
  (func (export "lower") (param "x" char) (result u32) (canon lift (core func $i "id")))
  (func (export "load") (param "x" u32) (param "y" u32) (result (tuple char char))
    (canon lift (core func $i "pair") (memory $i "mem"))))

;; text: Loading; a fresh instance
(component instance $i $Chars)
;; text: Flat Lifting; the lowest scalar value
;; rule: char/range does not hold
;; rule: char/surrogate does not hold
(assert_return (invoke "lift" (u32.const 0x0)) (char.const "\u{0}"))
;; text: Flat Lowering; the number of the scalar value
(assert_return (invoke "lower" (char.const "\u{0}")) (u32.const 0x0))
;; text: Loading; the lowest scalar value
;; rule: char/range does not hold
;; rule: char/surrogate does not hold
(assert_return (invoke "load" (u32.const 0x61) (u32.const 0x0)) (tuple.const (char.const "a") (char.const "\u{0}")))
;; text: Flat Lifting; the last before the surrogates
;; rule: char/range does not hold
;; rule: char/surrogate does not hold
(assert_return (invoke "lift" (u32.const 0xd7ff)) (char.const "\u{d7ff}"))
;; text: Flat Lowering; the number of the scalar value
(assert_return (invoke "lower" (char.const "\u{d7ff}")) (u32.const 0xd7ff))
;; text: Loading; the last before the surrogates
;; rule: char/range does not hold
;; rule: char/surrogate does not hold
(assert_return (invoke "load" (u32.const 0x61) (u32.const 0xd7ff)) (tuple.const (char.const "a") (char.const "\u{d7ff}")))
;; text: Flat Lifting; the first after the surrogates
;; rule: char/range does not hold
;; rule: char/surrogate does not hold
(assert_return (invoke "lift" (u32.const 0xe000)) (char.const "\u{e000}"))
;; text: Flat Lowering; the number of the scalar value
(assert_return (invoke "lower" (char.const "\u{e000}")) (u32.const 0xe000))
;; text: Loading; the first after the surrogates
;; rule: char/range does not hold
;; rule: char/surrogate does not hold
(assert_return (invoke "load" (u32.const 0x61) (u32.const 0xe000)) (tuple.const (char.const "a") (char.const "\u{e000}")))
;; text: Flat Lifting; the highest scalar value
;; rule: char/range does not hold
;; rule: char/surrogate does not hold
(assert_return (invoke "lift" (u32.const 0x10ffff)) (char.const "\u{10ffff}"))
;; text: Flat Lowering; the number of the scalar value
(assert_return (invoke "lower" (char.const "\u{10ffff}")) (u32.const 0x10ffff))
;; text: Loading; the highest scalar value
;; rule: char/range does not hold
;; rule: char/surrogate does not hold
(assert_return (invoke "load" (u32.const 0x61) (u32.const 0x10ffff)) (tuple.const (char.const "a") (char.const "\u{10ffff}")))

;; text: Loading; a fresh instance
(component instance $i $Chars)
;; text: Flat Lifting; the first surrogate
;; rule: char/range does not hold
;; rule: char/surrogate holds
(assert_trap (invoke "lift" (u32.const 0xd800)) "char/surrogate")
;; text: Loading; a fresh instance
(component instance $i $Chars)
;; text: Loading; the first surrogate
;; rule: char/range does not hold
;; rule: char/surrogate holds
(assert_trap (invoke "load" (u32.const 0x61) (u32.const 0xd800)) "char/surrogate")

;; text: Loading; a fresh instance
(component instance $i $Chars)
;; text: Flat Lifting; the last high surrogate
;; rule: char/range does not hold
;; rule: char/surrogate holds
(assert_trap (invoke "lift" (u32.const 0xdbff)) "char/surrogate")
;; text: Loading; a fresh instance
(component instance $i $Chars)
;; text: Loading; the last high surrogate
;; rule: char/range does not hold
;; rule: char/surrogate holds
(assert_trap (invoke "load" (u32.const 0x61) (u32.const 0xdbff)) "char/surrogate")

;; text: Loading; a fresh instance
(component instance $i $Chars)
;; text: Flat Lifting; the first low surrogate
;; rule: char/range does not hold
;; rule: char/surrogate holds
(assert_trap (invoke "lift" (u32.const 0xdc00)) "char/surrogate")
;; text: Loading; a fresh instance
(component instance $i $Chars)
;; text: Loading; the first low surrogate
;; rule: char/range does not hold
;; rule: char/surrogate holds
(assert_trap (invoke "load" (u32.const 0x61) (u32.const 0xdc00)) "char/surrogate")

;; text: Loading; a fresh instance
(component instance $i $Chars)
;; text: Flat Lifting; the last surrogate
;; rule: char/range does not hold
;; rule: char/surrogate holds
(assert_trap (invoke "lift" (u32.const 0xdfff)) "char/surrogate")
;; text: Loading; a fresh instance
(component instance $i $Chars)
;; text: Loading; the last surrogate
;; rule: char/range does not hold
;; rule: char/surrogate holds
(assert_trap (invoke "load" (u32.const 0x61) (u32.const 0xdfff)) "char/surrogate")

;; text: Loading; a fresh instance
(component instance $i $Chars)
;; text: Flat Lifting; the first number past the code points
;; rule: char/range holds
(assert_trap (invoke "lift" (u32.const 0x110000)) "char/range")
;; text: Loading; a fresh instance
(component instance $i $Chars)
;; text: Loading; the first number past the code points
;; rule: char/range holds
(assert_trap (invoke "load" (u32.const 0x61) (u32.const 0x110000)) "char/range")

;; text: Loading; a fresh instance
(component instance $i $Chars)
;; text: Flat Lifting; the highest core value, which is not negative
;; rule: char/range holds
(assert_trap (invoke "lift" (u32.const 0xffffffff)) "char/range")
;; text: Loading; a fresh instance
(component instance $i $Chars)
;; text: Loading; the highest core value, which is not negative
;; rule: char/range holds
(assert_trap (invoke "load" (u32.const 0x61) (u32.const 0xffffffff)) "char/range")
