;; Characters, flags and floats that one component passes to another as core values: checked or brought
;; into form on the way.
;; Spec: CanonicalABI.md, "Loading" (characters, NaNs), "Flat Lifting", "Flat Lowering".

;; text: Flat Lifting, Flat Lowering; the caller passes any core value, the callee tells what it received
(component definition $Values
  (component $Callee
    (type $flags' (flags "a" "b" "c"))
    (export $flags "flags" (type $flags'))
    (core module $m
      (func (export "id") (param i32) (result i32) (local.get 0))
      (func (export "f32") (param f32) (result i32) (i32.reinterpret_f32 (local.get 0)))
      (func (export "nan") (param f32) (result i32) (f32.ne (local.get 0) (local.get 0))))
    (core instance $i (instantiate $m))
    (func (export "char") (param "x" char) (result u32) (canon lift (core func $i "id")))
    (func (export "three") (param "x" $flags) (result u32) (canon lift (core func $i "id")))
    (func (export "f32") (param "x" f32) (result u32) (canon lift (core func $i "f32")))
    (func (export "nan") (param "x" f32) (result bool) (canon lift (core func $i "nan")))
    (func (export "back-char") (param "x" u32) (result char) (canon lift (core func $i "id")))
    (func (export "back-three") (param "x" u32) (result $flags) (canon lift (core func $i "id"))))
  (component $Caller
    (type $flags' (flags "a" "b" "c"))
    (import "flags" (type $flags (eq $flags')))
    (import "char" (func $char (param "x" char) (result u32)))
    (import "three" (func $three (param "x" $flags) (result u32)))
    (import "f32" (func $f32 (param "x" f32) (result u32)))
    (import "nan" (func $nan (param "x" f32) (result bool)))
    (import "back-char" (func $back-char (param "x" u32) (result char)))
    (import "back-three" (func $back-three (param "x" u32) (result $flags)))
    (core func $char' (canon lower (func $char)))
    (core func $three' (canon lower (func $three)))
    (core func $f32' (canon lower (func $f32)))
    (core func $nan' (canon lower (func $nan)))
    (core func $back-char' (canon lower (func $back-char)))
    (core func $back-three' (canon lower (func $back-three)))
    (core module $m
      (import "" "f32" (func $f32 (param f32) (result i32)))
      (import "" "nan" (func $nan (param f32) (result i32)))
      (func (export "f32") (param i32) (result i32) (call $f32 (f32.reinterpret_i32 (local.get 0))))
      (func (export "nan") (param i32) (result i32) (call $nan (f32.reinterpret_i32 (local.get 0)))))
    (core instance $i (instantiate $m (with "" (instance
      (export "f32" (func $f32')) (export "nan" (func $nan'))))))
    (func (export "char") (param "x" u32) (result u32) (canon lift (core func $char')))
    (func (export "three") (param "x" u32) (result u32) (canon lift (core func $three')))
    (func (export "f32") (param "x" u32) (result u32) (canon lift (core func $i "f32")))
    (func (export "nan") (param "x" u32) (result bool) (canon lift (core func $i "nan")))
    (func (export "back-char") (param "x" u32) (result u32) (canon lift (core func $back-char')))
    (func (export "back-three") (param "x" u32) (result u32) (canon lift (core func $back-three'))))
  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller
    (with "flags" (type $callee "flags"))
    (with "char" (func $callee "char"))
    (with "three" (func $callee "three"))
    (with "f32" (func $callee "f32"))
    (with "nan" (func $callee "nan"))
    (with "back-char" (func $callee "back-char"))
    (with "back-three" (func $callee "back-three"))))
  (export "char" (func $caller "char"))
  (export "three" (func $caller "three"))
  (export "f32" (func $caller "f32"))
  (export "nan" (func $caller "nan"))
  (export "back-char" (func $caller "back-char"))
  (export "back-three" (func $caller "back-three")))

;; text: Flat Lifting; a fresh instance
(component instance $i $Values)
;; text: Flat Lifting; the highest character, as an argument
;; rule: char/range does not hold
;; rule: char/surrogate does not hold
(assert_return (invoke "char" (u32.const 0x10ffff)) (u32.const 0x10ffff))
;; text: Flat Lifting; the last character before the surrogates, as an argument
;; rule: char/range does not hold
;; rule: char/surrogate does not hold
(assert_return (invoke "char" (u32.const 0xd7ff)) (u32.const 0xd7ff))
;; text: Flat Lifting; the first character after the surrogates, as a result
;; rule: char/range does not hold
;; rule: char/surrogate does not hold
(assert_return (invoke "back-char" (u32.const 0xe000)) (u32.const 0xe000))
;; text: Flat Lifting; the bits past the last label do not reach the callee
(assert_return (invoke "three" (u32.const 0xfffffffd)) (u32.const 0x5))
;; text: Flat Lifting; the bits past the last label do not reach the caller
(assert_return (invoke "back-three" (u32.const 0xfffffffa)) (u32.const 0x2))
;; text: Flat Lifting; a float keeps its bits
(assert_return (invoke "f32" (u32.const 0x80000001)) (u32.const 0x80000001))
;; text: Flat Lifting; an infinity keeps its bits
(assert_return (invoke "f32" (u32.const 0xff800000)) (u32.const 0xff800000))
;; text: Flat Lifting; a NaN is a NaN on the other side
(assert_return (invoke "nan" (u32.const 0x7f800001)) (bool.const true))
;; text: Flat Lifting; a NaN is a NaN on the other side
(assert_return (invoke "nan" (u32.const 0xffc00001)) (bool.const true))
;; text: Flat Lifting; an infinity is none
(assert_return (invoke "nan" (u32.const 0x7f800000)) (bool.const false))

;; text: Flat Lifting; a surrogate as an argument
;; rule: char/surrogate holds
(assert_trap (invoke "char" (u32.const 0xd800)) "char/surrogate")

;; text: Flat Lifting; a fresh instance
(component instance $i $Values)
;; text: Flat Lifting; no code point as an argument
;; rule: char/range holds
(assert_trap (invoke "char" (u32.const 0x110000)) "char/range")

;; text: Flat Lifting; a fresh instance
(component instance $i $Values)
;; text: Flat Lifting; a surrogate as a result
;; rule: char/surrogate holds
(assert_trap (invoke "back-char" (u32.const 0xdfff)) "char/surrogate")

;; text: Flat Lifting; a fresh instance
(component instance $i $Values)
;; text: Flat Lifting; no code point as a result
;; rule: char/range holds
(assert_trap (invoke "back-char" (u32.const 0xffffffff)) "char/range")
