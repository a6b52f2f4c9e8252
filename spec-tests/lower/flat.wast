;; The core function that `canon lower` makes takes up to 16 core values, or one
;; pointer; and it gives one core value, or takes one more pointer, to where the
;; result goes. The core modules here declare those types, so that a wrong
;; signature would be a linking error.
;; Text: CanonicalABI.md, "Flattening", "canon lower".

;; C answers its last argument, or all of a pair, which its memory holds.
;; text: canon lower: functions at the limits of flattening
(component definition $P
  (component $C
    (core module $M
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 512))
      (func (export "sixteen") (param i32 i32 i32 i32 i32 i32 i32 i32)
        (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32) (local.get 15))
      (func (export "seventeen") (param i32) (result i32)
        (i32.load offset=64 (local.get 0)))
      (func (export "pair") (param i32 i64) (result i32)
        (i32.store (i32.const 16) (local.get 0))
        (i64.store (i32.const 24) (local.get 1))
        (i32.const 16))
      (func (export "none")))
    (core instance $m (instantiate $M))
    (func (export "sixteen")
      (param "p1" u32) (param "p2" u32) (param "p3" u32) (param "p4" u32)
      (param "p5" u32) (param "p6" u32) (param "p7" u32) (param "p8" u32)
      (param "p9" u32) (param "p10" u32) (param "p11" u32) (param "p12" u32)
      (param "p13" u32) (param "p14" u32) (param "p15" u32) (param "p16" u32)
      (result u32) (canon lift (core func $m "sixteen")))
    (func (export "seventeen")
      (param "p1" u32) (param "p2" u32) (param "p3" u32) (param "p4" u32)
      (param "p5" u32) (param "p6" u32) (param "p7" u32) (param "p8" u32)
      (param "p9" u32) (param "p10" u32) (param "p11" u32) (param "p12" u32)
      (param "p13" u32) (param "p14" u32) (param "p15" u32) (param "p16" u32)
      (param "p17" u32) (result u32)
      (canon lift (core func $m "seventeen") (memory $m "memory")
        (realloc (func $m "realloc"))))
    (func (export "pair") (param "a" u32) (param "b" u64) (result (tuple u32 u64))
      (canon lift (core func $m "pair") (memory $m "memory")))
    (func (export "none") (canon lift (core func $m "none"))))
  (instance $c (instantiate $C))
  (component $User
    (import "c" (instance $c
      (export "sixteen" (func
          (param "p1" u32) (param "p2" u32) (param "p3" u32) (param "p4" u32)
          (param "p5" u32) (param "p6" u32) (param "p7" u32) (param "p8" u32)
          (param "p9" u32) (param "p10" u32) (param "p11" u32) (param "p12" u32)
          (param "p13" u32) (param "p14" u32) (param "p15" u32) (param "p16" u32)
          (result u32)))
      (export "seventeen" (func
          (param "p1" u32) (param "p2" u32) (param "p3" u32) (param "p4" u32)
          (param "p5" u32) (param "p6" u32) (param "p7" u32) (param "p8" u32)
          (param "p9" u32) (param "p10" u32) (param "p11" u32) (param "p12" u32)
          (param "p13" u32) (param "p14" u32) (param "p15" u32) (param "p16" u32)
          (param "p17" u32) (result u32)))
      (export "pair" (func (param "a" u32) (param "b" u64) (result (tuple u32 u64))))
      (export "none" (func))))
    (core module $Libc
      (memory (export "memory") 1)
      ;; the seventeenth of 17 numbers at 128
      (data (i32.const 192) "\11\00\00\00"))
    (core instance $libc (instantiate $Libc))
    (core func $sixteen (canon lower (func $c "sixteen")))
    (core func $seventeen (canon lower (func $c "seventeen") (memory $libc "memory")))
    (core func $pair (canon lower (func $c "pair") (memory $libc "memory")))
    (core func $none (canon lower (func $c "none")))
    (core module $M
      (import "" "memory" (memory 1))
      (import "" "sixteen" (func $sixteen (param i32 i32 i32 i32 i32 i32 i32 i32)
        (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
      (import "" "seventeen" (func $seventeen (param i32) (result i32)))
      (import "" "pair" (func $pair (param i32 i64 i32)))
      (import "" "none" (func $none))
      (func (export "sixteen") (result i32)
        (call $sixteen
          (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4)
          (i32.const 5) (i32.const 6) (i32.const 7) (i32.const 8)
          (i32.const 9) (i32.const 10) (i32.const 11) (i32.const 12)
          (i32.const 13) (i32.const 14) (i32.const 15) (i32.const 16)))
      (func (export "seventeen") (result i32) (call $seventeen (i32.const 128)))
      (func (export "pair") (result i64)
        (call $pair (i32.const 5) (i64.const 1000) (i32.const 64))
        (i64.add (i64.load32_u (i32.const 64)) (i64.load (i32.const 72))))
      (func (export "none") (call $none)))
    (core instance $m (instantiate $M (with "" (instance
      (export "memory" (memory $libc "memory"))
      (export "sixteen" (func $sixteen)) (export "seventeen" (func $seventeen))
      (export "pair" (func $pair)) (export "none" (func $none))))))
    (func (export "sixteen") (result u32) (canon lift (core func $m "sixteen")))
    (func (export "seventeen") (result u32) (canon lift (core func $m "seventeen")))
    (func (export "pair") (result u64) (canon lift (core func $m "pair")))
    (func (export "none") (canon lift (core func $m "none"))))
  (instance $user (instantiate $User (with "c" (instance $c))))
  (export "sixteen" (func $user "sixteen"))
  (export "seventeen" (func $user "seventeen"))
  (export "pair" (func $user "pair"))
  (export "none" (func $user "none")))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; rule: lower/may-leave does not hold
;; rule: values.lift/spill does not hold
(assert_return (invoke $p "sixteen") (u32.const 16))

;; rule: values.lift/spill holds
;; rule: values.lower/spill holds
;; rule: values.lower/out-param does not hold
(assert_return (invoke $p "seventeen") (u32.const 17))

;; rule: values.lower/spill holds
;; rule: values.lower/out-param holds
(assert_return (invoke $p "pair") (u64.const 1005))

;; rule: lower/may-leave does not hold
(assert_return (invoke $p "none"))
