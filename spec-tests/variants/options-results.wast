;; Options and results are variants: `none` and `ok` are case 0, `some` and `error` case 1.
;; Spec: CanonicalABI.md, "Despecialization", "Loading", "Storing", "Flat Lifting", "Flat Lowering".

;; text: Despecialization; options and results out of core values, as core values, and in memory
(component definition $D
  (core module $m
    (memory (export "mem") 1)
    (data (i32.const 0x100) "\00\ff\ff\ff\ff\ff\ff\ff")
    (data (i32.const 0x110) "\01\ff\ff\ff\07\00\00\00")
    (data (i32.const 0x120) "\02\ff\ff\ff\07\00\00\00")
    ;; an outer `some` and an inner `none`, then both `some`
    (data (i32.const 0x130) "\01\00\ff\00")
    (data (i32.const 0x140) "\01\01\05\00")
    (func (export "id") (param i32) (result i32) local.get 0)
    (func (export "pair") (param i32 i32) (result i64)
      (i64.or (i64.shl (i64.extend_i32_u (local.get 0)) (i64.const 32)) (i64.extend_i32_u (local.get 1))))
    (func (export "triple") (param i32 i32 i32) (result i32)
      (i32.or (local.get 2)
        (i32.or (i32.shl (local.get 1) (i32.const 8)) (i32.shl (local.get 0) (i32.const 16))))))
  (core instance $i (instantiate $m))
  (type $nested (option (option u8)))
  (func (export "load-option") (param "at" u32) (result (option u32))
    (canon lift (core func $i "id") (memory $i "mem")))
  (func (export "load-nested") (param "at" u32) (result $nested)
    (canon lift (core func $i "id") (memory $i "mem")))
  (func (export "load-result") (param "at" u32) (result (result u32 (error s8)))
    (canon lift (core func $i "id") (memory $i "mem")))
  (func (export "lift-result") (param "x" u32) (result (result)) (canon lift (core func $i "id")))
  (func (export "lower-option") (param "x" (option u32)) (result u64) (canon lift (core func $i "pair")))
  (func (export "lower-nested") (param "x" $nested) (result u32) (canon lift (core func $i "triple")))
  (func (export "lower-result") (param "x" (result u32)) (result u64) (canon lift (core func $i "pair")))
  (func (export "lower-error") (param "x" (result (error u32))) (result u64) (canon lift (core func $i "pair")))
  (func (export "lower-empty") (param "x" (result)) (result u32) (canon lift (core func $i "id"))))

;; text: Loading; a fresh instance
(component instance $i $D)
;; text: Loading; `none` is case 0
;; rule: variant.load/payload does not hold
(assert_return (invoke "load-option" (u32.const 0x100)) (option.none))
;; text: Loading; `some` is case 1
;; rule: variant.load/payload holds
(assert_return (invoke "load-option" (u32.const 0x110)) (option.some (u32.const 7)))
;; text: Loading; an option of an option has two discriminants
;; rule: variant.load/payload holds
;; rule: variant.load/payload does not hold
(assert_return (invoke "load-nested" (u32.const 0x130)) (option.some (option.none)))
;; text: Loading; an option of an option has two discriminants
;; rule: variant.load/payload holds
(assert_return (invoke "load-nested" (u32.const 0x140)) (option.some (option.some (u8.const 5))))
;; text: Loading; `ok` is case 0
;; rule: variant.load/payload holds
(assert_return (invoke "load-result" (u32.const 0x100)) (result.ok (u32.const 0xffffffff)))
;; text: Loading; `error` is case 1, and its payload has its own type at the same place
;; rule: variant.load/payload holds
(assert_return (invoke "load-result" (u32.const 0x110)) (result.err (s8.const 7)))
;; text: Flat Lifting; a result without payloads is its discriminant
;; rule: variant.lift-flat/payload does not hold
(assert_return (invoke "lift-result" (u32.const 0)) (result.ok))
;; text: Flat Lifting; a result without payloads is its discriminant
;; rule: variant.lift-flat/payload does not hold
(assert_return (invoke "lift-result" (u32.const 1)) (result.err))

;; text: Flat Lowering; `none` and nothing
;; rule: variant.lower-flat/payload does not hold
(assert_return (invoke "lower-option" (option.none)) (u64.const 0))
;; text: Flat Lowering; `some` and its payload
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "lower-option" (option.some (u32.const 9))) (u64.const 0x1_0000_0009))
;; text: Flat Lowering; the outer `none` fills two places with zeros
;; rule: variant.lower-flat/payload does not hold
(assert_return (invoke "lower-nested" (option.none)) (u32.const 0))
;; text: Flat Lowering; the inner `none` fills one
;; rule: variant.lower-flat/payload holds
;; rule: variant.lower-flat/payload does not hold
(assert_return (invoke "lower-nested" (option.some (option.none))) (u32.const 0x010000))
;; text: Flat Lowering; both discriminants and the payload
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "lower-nested" (option.some (option.some (u8.const 5)))) (u32.const 0x010105))
;; text: Flat Lowering; `ok` and its payload
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "lower-result" (result.ok (u32.const 9))) (u64.const 9))
;; text: Flat Lowering; `error` without a payload
;; rule: variant.lower-flat/payload does not hold
(assert_return (invoke "lower-result" (result.err)) (u64.const 0x1_0000_0000))
;; text: Flat Lowering; `ok` without a payload
;; rule: variant.lower-flat/payload does not hold
(assert_return (invoke "lower-error" (result.ok)) (u64.const 0))
;; text: Flat Lowering; `error` and its payload
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "lower-error" (result.err (u32.const 9))) (u64.const 0x1_0000_0009))
;; text: Flat Lowering; a result without payloads is its discriminant
;; rule: variant.lower-flat/payload does not hold
(assert_return (invoke "lower-empty" (result.err)) (u32.const 1))

;; text: Loading; the first index past the cases of an option
;; rule: variant.load/case holds
(assert_trap (invoke "load-option" (u32.const 0x120)) "variant.load/case")
;; text: Loading; a fresh instance
(component instance $i $D)
;; text: Loading; the first index past the cases of a result
;; rule: variant.load/case holds
(assert_trap (invoke "load-result" (u32.const 0x120)) "variant.load/case")
;; text: Loading; a fresh instance
(component instance $i $D)
;; text: Flat Lifting; the first index past the cases of a result
;; rule: variant.lift-flat/case holds
(assert_trap (invoke "lift-result" (u32.const 2)) "variant.lift-flat/case")
