;; Variants as core values: the discriminant must name a case; a case without a payload ignores the
;; values that follow, and lowers them as zeros.
;; Spec: CanonicalABI.md, "Flat Lifting", "Flat Lowering".

;; text: Flat Lifting, Flat Lowering; `lower` tells the two core values of a variant
(component definition $Variants
  (type $v' (variant (case "none") (case "num" u32) (case "flag" bool)))
  (export $v "v" (type $v'))
  (type $one' (variant (case "only" u32)))
  (export $one "one" (type $one'))
  (core module $m
    ;; the discriminant in the upper half, the payload in the lower
    (func (export "join") (param i32 i32) (result i64)
      (i64.or
        (i64.shl (i64.extend_i32_u (local.get 0)) (i64.const 32))
        (i64.extend_i32_u (local.get 1)))))
  (core instance $i (instantiate $m))
  (func (export "lower") (param "x" $v) (result u64) (canon lift (core func $i "join")))
  (func (export "lower-one") (param "x" $one) (result u64) (canon lift (core func $i "join"))))

;; text: Flat Lowering; a fresh instance
(component instance $i $Variants)
;; text: Flat Lowering; a case without a payload has a zero in its place
;; rule: variant.lower-flat/payload does not hold
(assert_return (invoke "lower" (variant.const "none")) (u64.const 0))
;; text: Flat Lowering; a payload follows the case's index
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "lower" (variant.const "num" (u32.const 0xffffffff))) (u64.const 0x1_ffff_ffff))
;; text: Flat Lowering; the last case
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "lower" (variant.const "flag" (bool.const true))) (u64.const 0x2_0000_0001))
;; text: Flat Lowering; the only case of a variant still has its index
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "lower-one" (variant.const "only" (u32.const 7))) (u64.const 7))

;; text: Flat Lifting; `send` calls the component that receives a variant with any two core values
(component definition $Calls
  (component $Callee
    (type $v' (variant (case "none") (case "num" u32) (case "flag" bool)))
    (export $v "v" (type $v'))
    (core module $m
      (func (export "join") (param i32 i32) (result i64)
        (i64.or
          (i64.shl (i64.extend_i32_u (local.get 0)) (i64.const 32))
          (i64.extend_i32_u (local.get 1)))))
    (core instance $i (instantiate $m))
    (func (export "take") (param "x" $v) (result u64) (canon lift (core func $i "join"))))
  (component $Caller
    (type $v' (variant (case "none") (case "num" u32) (case "flag" bool)))
    (import "v" (type $v (eq $v')))
    (import "take" (func $take (param "x" $v) (result u64)))
    (core func $take' (canon lower (func $take)))
    (func (export "send") (param "case" u32) (param "payload" u32) (result u64)
      (canon lift (core func $take'))))
  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller
    (with "v" (type $callee "v")) (with "take" (func $callee "take"))))
  (export "send" (func $caller "send")))

;; text: Flat Lifting; a fresh instance
(component instance $i $Calls)
;; text: Flat Lifting; what follows a case without a payload is ignored, and is zero for the callee
;; rule: variant.lift-flat/case does not hold
;; rule: variant.lift-flat/payload does not hold
;; rule: variant.lower-flat/payload does not hold
(assert_return (invoke "send" (u32.const 0) (u32.const 0xdeadbeef)) (u64.const 0))
;; text: Flat Lifting; a case with a payload
;; rule: variant.lift-flat/case does not hold
;; rule: variant.lift-flat/payload holds
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "send" (u32.const 1) (u32.const 0xdeadbeef)) (u64.const 0x1_dead_beef))
;; text: Flat Lifting; the last case, whose payload is lifted by its own type
;; rule: variant.lift-flat/case does not hold
;; rule: variant.lift-flat/payload holds
(assert_return (invoke "send" (u32.const 2) (u32.const 0xdeadbeef)) (u64.const 0x2_0000_0001))
;; text: Flat Lifting; the first index that names no case
;; rule: variant.lift-flat/case holds
(assert_trap (invoke "send" (u32.const 3) (u32.const 0)) "variant.lift-flat/case")
;; text: Flat Lifting; a fresh instance
(component instance $i $Calls)
;; text: Flat Lifting; the whole core value is the index, not its low byte
;; rule: variant.lift-flat/case holds
(assert_trap (invoke "send" (u32.const 0x100) (u32.const 0)) "variant.lift-flat/case")
;; text: Flat Lifting; a fresh instance
(component instance $i $Calls)
;; text: Flat Lifting; the index is not negative
;; rule: variant.lift-flat/case holds
(assert_trap (invoke "send" (u32.const 0xffffffff) (u32.const 0)) "variant.lift-flat/case")
