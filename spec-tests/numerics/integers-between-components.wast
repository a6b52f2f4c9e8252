;; An integer that one component lowers out of a core value with stray high bits arrives in another
;; component in canonical form: lifted by the caller, lowered again for the callee. The caller has
;; no code of its own: it lifts the lowered import under a type of plain `u32`s.
;; Spec: CanonicalABI.md, "Flat Lifting", "Flat Lowering".

;; text: Flat Lifting, Flat Lowering; `Raw` tells which core value it received and returns a raw one
(component
  (component $Raw
    (core module $m (func (export "id") (param i32) (result i32) local.get 0))
    (core instance $i (instantiate $m))
    (func (export "u8") (param "x" u8) (result u32) (canon lift (core func $i "id")))
    (func (export "s8") (param "x" s8) (result u32) (canon lift (core func $i "id")))
    (func (export "u16") (param "x" u16) (result u32) (canon lift (core func $i "id")))
    (func (export "s16") (param "x" s16) (result u32) (canon lift (core func $i "id")))
    (func (export "bool") (param "x" bool) (result u32) (canon lift (core func $i "id")))
    (func (export "back-u8") (param "x" u32) (result u8) (canon lift (core func $i "id")))
    (func (export "back-s8") (param "x" u32) (result s8) (canon lift (core func $i "id")))
    (func (export "back-u16") (param "x" u32) (result u16) (canon lift (core func $i "id")))
    (func (export "back-s16") (param "x" u32) (result s16) (canon lift (core func $i "id")))
    (func (export "back-bool") (param "x" u32) (result bool) (canon lift (core func $i "id"))))
  (component $Caller
    (import "u8" (func $u8 (param "x" u8) (result u32)))
    (import "s8" (func $s8 (param "x" s8) (result u32)))
    (import "u16" (func $u16 (param "x" u16) (result u32)))
    (import "s16" (func $s16 (param "x" s16) (result u32)))
    (import "bool" (func $bool (param "x" bool) (result u32)))
    (import "back-u8" (func $back-u8 (param "x" u32) (result u8)))
    (import "back-s8" (func $back-s8 (param "x" u32) (result s8)))
    (import "back-u16" (func $back-u16 (param "x" u32) (result u16)))
    (import "back-s16" (func $back-s16 (param "x" u32) (result s16)))
    (import "back-bool" (func $back-bool (param "x" u32) (result bool)))
    (core func $l-u8 (canon lower (func $u8)))
    (core func $l-s8 (canon lower (func $s8)))
    (core func $l-u16 (canon lower (func $u16)))
    (core func $l-s16 (canon lower (func $s16)))
    (core func $l-bool (canon lower (func $bool)))
    (core func $l-back-u8 (canon lower (func $back-u8)))
    (core func $l-back-s8 (canon lower (func $back-s8)))
    (core func $l-back-u16 (canon lower (func $back-u16)))
    (core func $l-back-s16 (canon lower (func $back-s16)))
    (core func $l-back-bool (canon lower (func $back-bool)))
    (func (export "u8") (param "x" u32) (result u32) (canon lift (core func $l-u8)))
    (func (export "s8") (param "x" u32) (result u32) (canon lift (core func $l-s8)))
    (func (export "u16") (param "x" u32) (result u32) (canon lift (core func $l-u16)))
    (func (export "s16") (param "x" u32) (result u32) (canon lift (core func $l-s16)))
    (func (export "bool") (param "x" u32) (result u32) (canon lift (core func $l-bool)))
    (func (export "back-u8") (param "x" u32) (result u32) (canon lift (core func $l-back-u8)))
    (func (export "back-s8") (param "x" u32) (result u32) (canon lift (core func $l-back-s8)))
    (func (export "back-u16") (param "x" u32) (result u32) (canon lift (core func $l-back-u16)))
    (func (export "back-s16") (param "x" u32) (result u32) (canon lift (core func $l-back-s16)))
    (func (export "back-bool") (param "x" u32) (result u32) (canon lift (core func $l-back-bool))))
  (instance $raw (instantiate $Raw))
  (instance $caller (instantiate $Caller
    (with "u8" (func $raw "u8"))
    (with "s8" (func $raw "s8"))
    (with "u16" (func $raw "u16"))
    (with "s16" (func $raw "s16"))
    (with "bool" (func $raw "bool"))
    (with "back-u8" (func $raw "back-u8"))
    (with "back-s8" (func $raw "back-s8"))
    (with "back-u16" (func $raw "back-u16"))
    (with "back-s16" (func $raw "back-s16"))
    (with "back-bool" (func $raw "back-bool"))))
  (export "u8" (func $caller "u8"))
  (export "s8" (func $caller "s8"))
  (export "u16" (func $caller "u16"))
  (export "s16" (func $caller "s16"))
  (export "bool" (func $caller "bool"))
  (export "back-u8" (func $caller "back-u8"))
  (export "back-s8" (func $caller "back-s8"))
  (export "back-u16" (func $caller "back-u16"))
  (export "back-s16" (func $caller "back-s16"))
  (export "back-bool" (func $caller "back-bool")))

;; text: Flat Lifting; an argument's high bits do not reach the callee
(assert_return (invoke "u8" (u32.const 0xabcdef81)) (u32.const 0x81))
;; text: Flat Lowering; the callee's core value is sign-extended
(assert_return (invoke "s8" (u32.const 0x00000081)) (u32.const 0xffffff81))
;; text: Flat Lowering; the callee's core value is sign-extended from the width of the type
(assert_return (invoke "s8" (u32.const 0xffffff01)) (u32.const 0x00000001))
;; text: Flat Lifting; an argument's high bits do not reach the callee
(assert_return (invoke "u16" (u32.const 0xabcd8001)) (u32.const 0x8001))
;; text: Flat Lowering; the callee's core value is sign-extended
(assert_return (invoke "s16" (u32.const 0x00008001)) (u32.const 0xffff8001))
;; text: Flat Lifting; every nonzero core value is true, and true is lowered as 1
(assert_return (invoke "bool" (u32.const 0x100)) (u32.const 1))
;; text: Flat Lifting; zero is false
(assert_return (invoke "bool" (u32.const 0)) (u32.const 0))

;; text: Flat Lifting; a result's high bits do not reach the caller
(assert_return (invoke "back-u8" (u32.const 0xabcdef81)) (u32.const 0x81))
;; text: Flat Lowering; the caller's core value is sign-extended
(assert_return (invoke "back-s8" (u32.const 0x00000081)) (u32.const 0xffffff81))
;; text: Flat Lifting; a result's high bits do not reach the caller
(assert_return (invoke "back-u16" (u32.const 0xabcd8001)) (u32.const 0x8001))
;; text: Flat Lowering; the caller's core value is sign-extended
(assert_return (invoke "back-s16" (u32.const 0x00008001)) (u32.const 0xffff8001))
;; text: Flat Lifting; every nonzero core value is true, and true is lowered as 1
(assert_return (invoke "back-bool" (u32.const 0x80000000)) (u32.const 1))
