;; Where the cases of a variant put different core types in one place, the place has the type that
;; holds them all: floats travel as their bits, 32-bit values in the low half of 64 bits.
;; Spec: CanonicalABI.md, "Flattening" (join), "Flat Lifting", "Flat Lowering".

;; text: Flat Lowering; the core values of variants whose cases differ, as the callee receives them
(component
  (type $i32-f32' (variant (case "i" s32) (case "f" f32)))
  (export $i32-f32 "i32-f32" (type $i32-f32'))
  (type $i32-i64' (variant (case "i" s32) (case "l" s64)))
  (export $i32-i64 "i32-i64" (type $i32-i64'))
  (type $f32-f64' (variant (case "f" f32) (case "d" f64)))
  (export $f32-f64 "f32-f64" (type $f32-f64'))
  (type $i32-f64' (variant (case "i" s32) (case "d" f64)))
  (export $i32-f64 "i32-f64" (type $i32-f64'))
  (type $f32-i64' (variant (case "f" f32) (case "l" s64)))
  (export $f32-i64 "f32-i64" (type $f32-i64'))
  (type $f64-i64' (variant (case "d" f64) (case "l" s64)))
  (export $f64-i64 "f64-i64" (type $f64-i64'))
  (type $f32-f32' (variant (case "a" f32) (case "b" f32)))
  (export $f32-f32 "f32-f32" (type $f32-f32'))
  (type $longer' (variant (case "one" s32) (case "two" (tuple f32 f64))))
  (export $longer "longer" (type $longer'))
  (core module $m
    (func (export "i32") (param i32 i32) (result i64) (i64.extend_i32_u (local.get 1)))
    (func (export "i64") (param i32 i64) (result i64) (local.get 1))
    (func (export "f32") (param i32 f32) (result i64)
      (i64.extend_i32_u (i32.reinterpret_f32 (local.get 1))))
    (func (export "first") (param i32 i32 f64) (result i64) (i64.extend_i32_u (local.get 1)))
    (func (export "second") (param i32 i32 f64) (result i64) (i64.reinterpret_f64 (local.get 2))))
  (core instance $i (instantiate $m))
  (func (export "lower-i32-f32") (param "x" $i32-f32) (result u64) (canon lift (core func $i "i32")))
  (func (export "lower-i32-i64") (param "x" $i32-i64) (result u64) (canon lift (core func $i "i64")))
  (func (export "lower-f32-f64") (param "x" $f32-f64) (result u64) (canon lift (core func $i "i64")))
  (func (export "lower-i32-f64") (param "x" $i32-f64) (result u64) (canon lift (core func $i "i64")))
  (func (export "lower-f32-i64") (param "x" $f32-i64) (result u64) (canon lift (core func $i "i64")))
  (func (export "lower-f64-i64") (param "x" $f64-i64) (result u64) (canon lift (core func $i "i64")))
  (func (export "lower-f32-f32") (param "x" $f32-f32) (result u64) (canon lift (core func $i "f32")))
  (func (export "first") (param "x" $longer) (result u64) (canon lift (core func $i "first")))
  (func (export "second") (param "x" $longer) (result u64) (canon lift (core func $i "second"))))

;; text: Flat Lowering; an integer keeps its 32 bits
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "lower-i32-f32" (variant.const "i" (s32.const -1))) (u64.const 0xffffffff))
;; text: Flat Lowering; a 32-bit float beside a 32-bit integer is its bits
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "lower-i32-f32" (variant.const "f" (f32.const -0.5))) (u64.const 0xbf000000))
;; text: Flat Lowering; a negative 32-bit integer beside a 64-bit one is extended by zeros
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "lower-i32-i64" (variant.const "i" (s32.const -1))) (u64.const 0xffffffff))
;; text: Flat Lowering; a 64-bit integer is itself
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "lower-i32-i64" (variant.const "l" (s64.const -1))) (u64.const 0xffffffffffffffff))
;; text: Flat Lowering; a 32-bit float beside a 64-bit one is its bits in the low half
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "lower-f32-f64" (variant.const "f" (f32.const -0.5))) (u64.const 0xbf000000))
;; text: Flat Lowering; a 64-bit float beside a 32-bit one is its bits
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "lower-f32-f64" (variant.const "d" (f64.const -0.5))) (u64.const 0xbfe0000000000000))
;; text: Flat Lowering; a 32-bit integer beside a 64-bit float is extended by zeros
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "lower-i32-f64" (variant.const "i" (s32.const -2))) (u64.const 0xfffffffe))
;; text: Flat Lowering; a 64-bit float beside an integer is its bits
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "lower-i32-f64" (variant.const "d" (f64.const -0.5))) (u64.const 0xbfe0000000000000))
;; text: Flat Lowering; a 32-bit float beside a 64-bit integer is its bits in the low half
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "lower-f32-i64" (variant.const "f" (f32.const -0.5))) (u64.const 0xbf000000))
;; text: Flat Lowering; a 64-bit float beside a 64-bit integer is its bits
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "lower-f64-i64" (variant.const "d" (f64.const -0.5))) (u64.const 0xbfe0000000000000))
;; text: Flat Lowering; floats of one width stay floats
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "lower-f32-f32" (variant.const "b" (f32.const -0.5))) (u64.const 0xbf000000))
;; text: Flat Lowering; the first place is shared by both cases
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "first" (variant.const "one" (s32.const -3))) (u64.const 0xfffffffd))
;; text: Flat Lowering; the first place is shared by both cases
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "first" (variant.const "two" (tuple.const (f32.const -0.5) (f64.const 1)))) (u64.const 0xbf000000))
;; text: Flat Lowering; the second place belongs to one case, so it keeps its type
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "second" (variant.const "two" (tuple.const (f32.const -0.5) (f64.const -0.5)))) (u64.const 0xbfe0000000000000))
;; text: Flat Lowering; the second place is zero in the other case
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "second" (variant.const "one" (s32.const -3))) (u64.const 0x0))

;; text: Flat Lifting; `send` calls the component with any core values; the answer is the payload's bits
(component
  (component $Callee
    (type $i32-f32' (variant (case "i" s32) (case "f" f32)))
    (export $i32-f32 "i32-f32" (type $i32-f32'))
    (type $i32-i64' (variant (case "i" s32) (case "l" s64)))
    (export $i32-i64 "i32-i64" (type $i32-i64'))
    (type $f32-f64' (variant (case "f" f32) (case "d" f64)))
    (export $f32-f64 "f32-f64" (type $f32-f64'))
    (type $i32-f64' (variant (case "i" s32) (case "d" f64)))
    (export $i32-f64 "i32-f64" (type $i32-f64'))
    (type $f32-i64' (variant (case "f" f32) (case "l" s64)))
    (export $f32-i64 "f32-i64" (type $f32-i64'))
    (type $f64-i64' (variant (case "d" f64) (case "l" s64)))
    (export $f64-i64 "f64-i64" (type $f64-i64'))
    (core module $m
      (func (export "i32") (param i32 i32) (result i64) (i64.extend_i32_u (local.get 1)))
      (func (export "i64") (param i32 i64) (result i64) (local.get 1)))
    (core instance $i (instantiate $m))
    (func (export "take-i32-f32") (param "x" $i32-f32) (result u64) (canon lift (core func $i "i32")))
    (func (export "take-i32-i64") (param "x" $i32-i64) (result u64) (canon lift (core func $i "i64")))
    (func (export "take-f32-f64") (param "x" $f32-f64) (result u64) (canon lift (core func $i "i64")))
    (func (export "take-i32-f64") (param "x" $i32-f64) (result u64) (canon lift (core func $i "i64")))
    (func (export "take-f32-i64") (param "x" $f32-i64) (result u64) (canon lift (core func $i "i64")))
    (func (export "take-f64-i64") (param "x" $f64-i64) (result u64) (canon lift (core func $i "i64"))))
  (component $Caller
    (type $i32-f32' (variant (case "i" s32) (case "f" f32)))
    (import "i32-f32" (type $i32-f32 (eq $i32-f32')))
    (import "take-i32-f32" (func $take-i32-f32 (param "x" $i32-f32) (result u64)))
    (core func $take-i32-f32' (canon lower (func $take-i32-f32)))
    (type $i32-i64' (variant (case "i" s32) (case "l" s64)))
    (import "i32-i64" (type $i32-i64 (eq $i32-i64')))
    (import "take-i32-i64" (func $take-i32-i64 (param "x" $i32-i64) (result u64)))
    (core func $take-i32-i64' (canon lower (func $take-i32-i64)))
    (type $f32-f64' (variant (case "f" f32) (case "d" f64)))
    (import "f32-f64" (type $f32-f64 (eq $f32-f64')))
    (import "take-f32-f64" (func $take-f32-f64 (param "x" $f32-f64) (result u64)))
    (core func $take-f32-f64' (canon lower (func $take-f32-f64)))
    (type $i32-f64' (variant (case "i" s32) (case "d" f64)))
    (import "i32-f64" (type $i32-f64 (eq $i32-f64')))
    (import "take-i32-f64" (func $take-i32-f64 (param "x" $i32-f64) (result u64)))
    (core func $take-i32-f64' (canon lower (func $take-i32-f64)))
    (type $f32-i64' (variant (case "f" f32) (case "l" s64)))
    (import "f32-i64" (type $f32-i64 (eq $f32-i64')))
    (import "take-f32-i64" (func $take-f32-i64 (param "x" $f32-i64) (result u64)))
    (core func $take-f32-i64' (canon lower (func $take-f32-i64)))
    (type $f64-i64' (variant (case "d" f64) (case "l" s64)))
    (import "f64-i64" (type $f64-i64 (eq $f64-i64')))
    (import "take-f64-i64" (func $take-f64-i64 (param "x" $f64-i64) (result u64)))
    (core func $take-f64-i64' (canon lower (func $take-f64-i64)))
    (func (export "send-i32-f32") (param "case" u32) (param "payload" u32) (result u64)
      (canon lift (core func $take-i32-f32')))
    (func (export "send-i32-i64") (param "case" u32) (param "payload" u64) (result u64)
      (canon lift (core func $take-i32-i64')))
    (func (export "send-f32-f64") (param "case" u32) (param "payload" u64) (result u64)
      (canon lift (core func $take-f32-f64')))
    (func (export "send-i32-f64") (param "case" u32) (param "payload" u64) (result u64)
      (canon lift (core func $take-i32-f64')))
    (func (export "send-f32-i64") (param "case" u32) (param "payload" u64) (result u64)
      (canon lift (core func $take-f32-i64')))
    (func (export "send-f64-i64") (param "case" u32) (param "payload" u64) (result u64)
      (canon lift (core func $take-f64-i64'))))
  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller
    (with "i32-f32" (type $callee "i32-f32")) (with "take-i32-f32" (func $callee "take-i32-f32"))
    (with "i32-i64" (type $callee "i32-i64")) (with "take-i32-i64" (func $callee "take-i32-i64"))
    (with "f32-f64" (type $callee "f32-f64")) (with "take-f32-f64" (func $callee "take-f32-f64"))
    (with "i32-f64" (type $callee "i32-f64")) (with "take-i32-f64" (func $callee "take-i32-f64"))
    (with "f32-i64" (type $callee "f32-i64")) (with "take-f32-i64" (func $callee "take-f32-i64"))
    (with "f64-i64" (type $callee "f64-i64")) (with "take-f64-i64" (func $callee "take-f64-i64"))))
  (export "send-i32-f32" (func $caller "send-i32-f32"))
  (export "send-i32-i64" (func $caller "send-i32-i64"))
  (export "send-f32-f64" (func $caller "send-f32-f64"))
  (export "send-i32-f64" (func $caller "send-i32-f64"))
  (export "send-f32-i64" (func $caller "send-f32-i64"))
  (export "send-f64-i64" (func $caller "send-f64-i64")))

;; text: Flat Lifting; bits that become a 32-bit float and bits again
;; rule: variant.lift-flat/payload holds
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "send-i32-f32" (u32.const 1) (u32.const 0xbf000000)) (u64.const 0xbf000000))
;; text: Flat Lifting; the upper half of 64 bits is dropped for a 32-bit integer
;; rule: variant.lift-flat/payload holds
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "send-i32-i64" (u32.const 0) (u64.const 0xdeadbeefffffffff)) (u64.const 0xffffffff))
;; text: Flat Lifting; a 64-bit integer keeps all its bits
;; rule: variant.lift-flat/payload holds
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "send-i32-i64" (u32.const 1) (u64.const 0xdeadbeefffffffff)) (u64.const 0xdeadbeefffffffff))
;; text: Flat Lifting; the upper half of 64 bits is dropped for a 32-bit float
;; rule: variant.lift-flat/payload holds
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "send-f32-f64" (u32.const 0) (u64.const 0xdeadbeefbf000000)) (u64.const 0xbf000000))
;; text: Flat Lifting; bits that become a 64-bit float and bits again
;; rule: variant.lift-flat/payload holds
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "send-f32-f64" (u32.const 1) (u64.const 0xbfe0000000000000)) (u64.const 0xbfe0000000000000))
;; text: Flat Lifting; the upper half of 64 bits is dropped for a 32-bit integer
;; rule: variant.lift-flat/payload holds
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "send-i32-f64" (u32.const 0) (u64.const 0xdeadbeef00000001)) (u64.const 0x1))
;; text: Flat Lifting; bits that become a 64-bit float and bits again
;; rule: variant.lift-flat/payload holds
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "send-i32-f64" (u32.const 1) (u64.const 0xbfe0000000000000)) (u64.const 0xbfe0000000000000))
;; text: Flat Lifting; the upper half of 64 bits is dropped for a 32-bit float
;; rule: variant.lift-flat/payload holds
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "send-f32-i64" (u32.const 0) (u64.const 0xdeadbeefbf000000)) (u64.const 0xbf000000))
;; text: Flat Lifting; bits that become a 64-bit float and bits again
;; rule: variant.lift-flat/payload holds
;; rule: variant.lower-flat/payload holds
(assert_return (invoke "send-f64-i64" (u32.const 0) (u64.const 0xbfe0000000000000)) (u64.const 0xbfe0000000000000))
