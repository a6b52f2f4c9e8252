;; Floats keep every bit that is not a NaN's: the sign of zero, subnormals, infinities. A NaN stays
;; a NaN; its sign and payload are not kept, and which ones a guest receives is left open.
;; Spec: CanonicalABI.md, "Loading", "Storing", "Flat Lifting", "Flat Lowering".

;; text: Loading, Storing, Flat Lifting, Flat Lowering; bits in, floats out, and back, flat and in memory
(component
  (core module $m
    (memory (export "mem") 1)
    (func (export "to-f32") (param i32) (result f32) (f32.reinterpret_i32 (local.get 0)))
    (func (export "to-f64") (param i64) (result f64) (f64.reinterpret_i64 (local.get 0)))
    (func (export "of-f32") (param f32) (result i32) (i32.reinterpret_f32 (local.get 0)))
    (func (export "of-f64") (param f64) (result i64) (i64.reinterpret_f64 (local.get 0)))
    ;; whether the float differs from itself, as only a NaN does
    (func (export "nan-f32") (param f32) (result i32) (f32.ne (local.get 0) (local.get 0)))
    (func (export "nan-f64") (param f64) (result i32) (f64.ne (local.get 0) (local.get 0)))
    ;; stores the bits where the result, a tuple of two floats, is loaded from
    (func (export "load") (param i32 i64) (result i32)
      (i32.store (i32.const 16) (local.get 0))
      (i64.store (i32.const 24) (local.get 1))
      i32.const 16)
    ;; the list's first element as it was stored: the result is loaded from there
    (func (export "first") (param i32 i32) (result i32) local.get 0)
    (func (export "first-nan") (param i32 i32) (result i32)
      (i32.and
        (f32.ne (f32.load (local.get 0)) (f32.load (local.get 0)))
        (f64.ne (f64.load offset=8 (local.get 0)) (f64.load offset=8 (local.get 0)))))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 0x800))
  (core instance $i (instantiate $m))
  (func (export "to-f32") (param "x" u32) (result f32) (canon lift (core func $i "to-f32")))
  (func (export "to-f64") (param "x" u64) (result f64) (canon lift (core func $i "to-f64")))
  (func (export "of-f32") (param "x" f32) (result u32) (canon lift (core func $i "of-f32")))
  (func (export "of-f64") (param "x" f64) (result u64) (canon lift (core func $i "of-f64")))
  (func (export "nan-f32") (param "x" f32) (result bool) (canon lift (core func $i "nan-f32")))
  (func (export "nan-f64") (param "x" f64) (result bool) (canon lift (core func $i "nan-f64")))
  (func (export "load") (param "x" u32) (param "y" u64) (result (tuple f32 f64))
    (canon lift (core func $i "load") (memory $i "mem")))
  (func (export "store") (param "x" (list (tuple f32 f64))) (result (tuple u32 u64))
    (canon lift (core func $i "first") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "store-nan") (param "x" (list (tuple f32 f64))) (result bool)
    (canon lift (core func $i "first-nan") (memory $i "mem") (realloc (func $i "realloc")))))

;; text: Flat Lifting; the lowest subnormal
(assert_return (invoke "to-f32" (u32.const 0x00000001)) (f32.const 0x1p-149))
;; text: Flat Lowering; the lowest subnormal
(assert_return (invoke "of-f32" (f32.const 0x1p-149)) (u32.const 0x00000001))
;; text: Flat Lifting; the lowest subnormal
(assert_return (invoke "to-f64" (u64.const 0x0000000000000001)) (f64.const 0x1p-1074))
;; text: Flat Lowering; the lowest subnormal
(assert_return (invoke "of-f64" (f64.const 0x1p-1074)) (u64.const 0x0000000000000001))
;; text: Loading; the lowest subnormal
(assert_return (invoke "load" (u32.const 0x00000001) (u64.const 0x0000000000000001))
  (tuple.const (f32.const 0x1p-149) (f64.const 0x1p-1074)))
;; text: Storing; the lowest subnormal
(assert_return (invoke "store" (list.const (tuple.const (f32.const 0x1p-149) (f64.const 0x1p-1074))))
  (tuple.const (u32.const 0x00000001) (u64.const 0x0000000000000001)))

;; text: Flat Lifting; negative zero
(assert_return (invoke "to-f32" (u32.const 0x80000000)) (f32.const -0))
;; text: Flat Lowering; negative zero
(assert_return (invoke "of-f32" (f32.const -0)) (u32.const 0x80000000))
;; text: Flat Lifting; negative zero
(assert_return (invoke "to-f64" (u64.const 0x8000000000000000)) (f64.const -0))
;; text: Flat Lowering; negative zero
(assert_return (invoke "of-f64" (f64.const -0)) (u64.const 0x8000000000000000))
;; text: Loading; negative zero
(assert_return (invoke "load" (u32.const 0x80000000) (u64.const 0x8000000000000000))
  (tuple.const (f32.const -0) (f64.const -0)))
;; text: Storing; negative zero
(assert_return (invoke "store" (list.const (tuple.const (f32.const -0) (f64.const -0))))
  (tuple.const (u32.const 0x80000000) (u64.const 0x8000000000000000)))

;; text: Flat Lifting; the lowest normal number
(assert_return (invoke "to-f32" (u32.const 0x00800000)) (f32.const 0x1p-126))
;; text: Flat Lowering; the lowest normal number
(assert_return (invoke "of-f32" (f32.const 0x1p-126)) (u32.const 0x00800000))
;; text: Flat Lifting; the lowest normal number
(assert_return (invoke "to-f64" (u64.const 0x0010000000000000)) (f64.const 0x1p-1022))
;; text: Flat Lowering; the lowest normal number
(assert_return (invoke "of-f64" (f64.const 0x1p-1022)) (u64.const 0x0010000000000000))
;; text: Loading; the lowest normal number
(assert_return (invoke "load" (u32.const 0x00800000) (u64.const 0x0010000000000000))
  (tuple.const (f32.const 0x1p-126) (f64.const 0x1p-1022)))
;; text: Storing; the lowest normal number
(assert_return (invoke "store" (list.const (tuple.const (f32.const 0x1p-126) (f64.const 0x1p-1022))))
  (tuple.const (u32.const 0x00800000) (u64.const 0x0010000000000000)))

;; text: Flat Lifting; the highest finite number
(assert_return (invoke "to-f32" (u32.const 0x7f7fffff)) (f32.const 0x1.fffffep+127))
;; text: Flat Lowering; the highest finite number
(assert_return (invoke "of-f32" (f32.const 0x1.fffffep+127)) (u32.const 0x7f7fffff))
;; text: Flat Lifting; the highest finite number
(assert_return (invoke "to-f64" (u64.const 0x7fefffffffffffff)) (f64.const 0x1.fffffffffffffp+1023))
;; text: Flat Lowering; the highest finite number
(assert_return (invoke "of-f64" (f64.const 0x1.fffffffffffffp+1023)) (u64.const 0x7fefffffffffffff))
;; text: Loading; the highest finite number
(assert_return (invoke "load" (u32.const 0x7f7fffff) (u64.const 0x7fefffffffffffff))
  (tuple.const (f32.const 0x1.fffffep+127) (f64.const 0x1.fffffffffffffp+1023)))
;; text: Storing; the highest finite number
(assert_return (invoke "store" (list.const (tuple.const (f32.const 0x1.fffffep+127) (f64.const 0x1.fffffffffffffp+1023))))
  (tuple.const (u32.const 0x7f7fffff) (u64.const 0x7fefffffffffffff)))

;; text: Flat Lifting; infinity
(assert_return (invoke "to-f32" (u32.const 0x7f800000)) (f32.const inf))
;; text: Flat Lowering; infinity
(assert_return (invoke "of-f32" (f32.const inf)) (u32.const 0x7f800000))
;; text: Flat Lifting; infinity
(assert_return (invoke "to-f64" (u64.const 0x7ff0000000000000)) (f64.const inf))
;; text: Flat Lowering; infinity
(assert_return (invoke "of-f64" (f64.const inf)) (u64.const 0x7ff0000000000000))
;; text: Loading; infinity
(assert_return (invoke "load" (u32.const 0x7f800000) (u64.const 0x7ff0000000000000))
  (tuple.const (f32.const inf) (f64.const inf)))
;; text: Storing; infinity
(assert_return (invoke "store" (list.const (tuple.const (f32.const inf) (f64.const inf))))
  (tuple.const (u32.const 0x7f800000) (u64.const 0x7ff0000000000000)))

;; text: Flat Lifting; negative infinity
(assert_return (invoke "to-f32" (u32.const 0xff800000)) (f32.const -inf))
;; text: Flat Lowering; negative infinity
(assert_return (invoke "of-f32" (f32.const -inf)) (u32.const 0xff800000))
;; text: Flat Lifting; negative infinity
(assert_return (invoke "to-f64" (u64.const 0xfff0000000000000)) (f64.const -inf))
;; text: Flat Lowering; negative infinity
(assert_return (invoke "of-f64" (f64.const -inf)) (u64.const 0xfff0000000000000))
;; text: Loading; negative infinity
(assert_return (invoke "load" (u32.const 0xff800000) (u64.const 0xfff0000000000000))
  (tuple.const (f32.const -inf) (f64.const -inf)))
;; text: Storing; negative infinity
(assert_return (invoke "store" (list.const (tuple.const (f32.const -inf) (f64.const -inf))))
  (tuple.const (u32.const 0xff800000) (u64.const 0xfff0000000000000)))

;; text: Flat Lifting; a fraction
(assert_return (invoke "to-f32" (u32.const 0xbf000000)) (f32.const -0.5))
;; text: Flat Lowering; a fraction
(assert_return (invoke "of-f32" (f32.const -0.5)) (u32.const 0xbf000000))
;; text: Flat Lifting; a fraction
(assert_return (invoke "to-f64" (u64.const 0x3fb999999999999a)) (f64.const 0.1))
;; text: Flat Lowering; a fraction
(assert_return (invoke "of-f64" (f64.const 0.1)) (u64.const 0x3fb999999999999a))
;; text: Loading; a fraction
(assert_return (invoke "load" (u32.const 0xbf000000) (u64.const 0x3fb999999999999a))
  (tuple.const (f32.const -0.5) (f64.const 0.1)))
;; text: Storing; a fraction
(assert_return (invoke "store" (list.const (tuple.const (f32.const -0.5) (f64.const 0.1))))
  (tuple.const (u32.const 0xbf000000) (u64.const 0x3fb999999999999a)))

;; text: Flat Lifting; the canonical NaN is lifted as the one NaN there is
(assert_return (invoke "to-f32" (u32.const 0x7fc00000)) (f32.const nan))
;; text: Flat Lifting; the canonical NaN is lifted as the one NaN there is
(assert_return (invoke "to-f64" (u64.const 0x7ff8000000000000)) (f64.const nan))
;; text: Loading; the canonical NaN is loaded as the one NaN there is
(assert_return (invoke "load" (u32.const 0x7fc00000) (u64.const 0x7ff8000000000000))
  (tuple.const (f32.const nan) (f64.const nan)))

;; text: Flat Lifting; a signalling NaN is lifted as the one NaN there is
(assert_return (invoke "to-f32" (u32.const 0x7f800001)) (f32.const nan))
;; text: Flat Lifting; a signalling NaN is lifted as the one NaN there is
(assert_return (invoke "to-f64" (u64.const 0x7ff0000000000001)) (f64.const nan))
;; text: Loading; a signalling NaN is loaded as the one NaN there is
(assert_return (invoke "load" (u32.const 0x7f800001) (u64.const 0x7ff0000000000001))
  (tuple.const (f32.const nan) (f64.const nan)))

;; text: Flat Lifting; a negative NaN with every payload bit is lifted as the one NaN there is
(assert_return (invoke "to-f32" (u32.const 0xffffffff)) (f32.const nan))
;; text: Flat Lifting; a negative NaN with every payload bit is lifted as the one NaN there is
(assert_return (invoke "to-f64" (u64.const 0xffffffffffffffff)) (f64.const nan))
;; text: Loading; a negative NaN with every payload bit is loaded as the one NaN there is
(assert_return (invoke "load" (u32.const 0xffffffff) (u64.const 0xffffffffffffffff))
  (tuple.const (f32.const nan) (f64.const nan)))

;; text: Flat Lowering; a NaN is lowered as some NaN
(assert_return (invoke "nan-f32" (f32.const nan)) (bool.const true))
;; text: Flat Lowering; a NaN is lowered as some NaN
(assert_return (invoke "nan-f64" (f64.const nan)) (bool.const true))
;; text: Storing; a NaN is stored as some NaN
(assert_return (invoke "store-nan" (list.const (tuple.const (f32.const nan) (f64.const nan)))) (bool.const true))
