;; Up to sixteen core values are parameters of the core function; more are stored as a tuple in memory
;; that `realloc` gives, and the core function receives its address.
;; Spec: CanonicalABI.md, "Flattening", "Lifting and Lowering Values".

;; text: Flattening; sixteen, seventeen, and a few parameters that are seventeen core values or not
(component definition $Params
  (core module $m
    (memory (export "mem") 1)
    (global $next (mut i32) (i32.const 0x1000))
    (func (export "plan") (param i32) (global.set $next (local.get 0)))
    ;; logs its arguments at 0x20
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (i32.store (i32.const 0x20) (local.get 0))
      (i32.store (i32.const 0x24) (local.get 1))
      (i32.store (i32.const 0x28) (local.get 2))
      (i32.store (i32.const 0x2c) (local.get 3))
      (global.get $next))
    (func (export "call") (result i32) (i32.const 0x20))
    (func (export "sixteen")
      (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
      (result i32)
      (i32.add (i32.mul (local.get 0) (i32.const 100)) (local.get 15)))
    ;; the first and the last of seventeen words in memory
    (func (export "seventeen") (param i32) (result i32)
      (i32.add (i32.mul (i32.load (local.get 0)) (i32.const 100)) (i32.load offset=64 (local.get 0))))
    ;; a byte, a long eight bytes on, and the last byte: of fifteen more
    (func (export "mixed") (param i32) (result i64)
      (i64.add (i64.load offset=8 (local.get 0))
        (i64.add
          (i64.mul (i64.load8_u (local.get 0)) (i64.const 10000))
          (i64.mul (i64.load8_u offset=30 (local.get 0)) (i64.const 100))))))
  (core instance $i (instantiate $m))
  (func (export "plan") (param "address" u32) (canon lift (core func $i "plan")))
  (func (export "call") (result (tuple u32 u32 u32 u32)) (canon lift (core func $i "call") (memory $i "mem")))
  (func (export "sixteen")
    (param "p0" u32) (param "p1" u32) (param "p2" u32) (param "p3" u32) (param "p4" u32)
    (param "p5" u32) (param "p6" u32) (param "p7" u32) (param "p8" u32) (param "p9" u32)
    (param "p10" u32) (param "p11" u32) (param "p12" u32) (param "p13" u32)
    (param "p14" u32) (param "p15" u32)
    (result u32) (canon lift (core func $i "sixteen")))
  (func (export "seventeen")
    (param "p0" u32) (param "p1" u32) (param "p2" u32) (param "p3" u32) (param "p4" u32)
    (param "p5" u32) (param "p6" u32) (param "p7" u32) (param "p8" u32) (param "p9" u32)
    (param "p10" u32) (param "p11" u32) (param "p12" u32) (param "p13" u32)
    (param "p14" u32) (param "p15" u32) (param "p16" u32)
    (result u32)
    (canon lift (core func $i "seventeen") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "mixed") (param "byte" u8) (param "long" u64) (param "rest" (tuple u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8))
    (result u64)
    (canon lift (core func $i "mixed") (memory $i "mem") (realloc (func $i "realloc")))))

;; text: Lifting and Lowering Values; a fresh instance
(component instance $i $Params)
;; text: Lifting and Lowering Values; sixteen core values are passed as they are
;; rule: values.lower/spill does not hold
(assert_return (invoke "sixteen"
  (u32.const 1) (u32.const 2) (u32.const 3) (u32.const 4) (u32.const 5) (u32.const 6)
  (u32.const 7) (u32.const 8) (u32.const 9) (u32.const 10) (u32.const 11) (u32.const 12)
  (u32.const 13) (u32.const 14) (u32.const 15) (u32.const 16)) (u32.const 116))
;; text: Lifting and Lowering Values; seventeen lie in memory
;; rule: values.lower/spill holds
;; rule: values.lower/out-param does not hold
;; rule: values.lower/align does not hold
;; rule: values.lower/bounds does not hold
(assert_return (invoke "seventeen"
  (u32.const 1) (u32.const 2) (u32.const 3) (u32.const 4) (u32.const 5) (u32.const 6)
  (u32.const 7) (u32.const 8) (u32.const 9) (u32.const 10) (u32.const 11) (u32.const 12)
  (u32.const 13) (u32.const 14) (u32.const 15) (u32.const 16) (u32.const 17)) (u32.const 117))
;; text: Lifting and Lowering Values; `realloc` was asked for the tuple's size at its alignment
;; rule: values.lift/spill holds
(assert_return (invoke "call") (tuple.const (u32.const 0) (u32.const 0) (u32.const 4) (u32.const 68)))
;; text: Lifting and Lowering Values; three parameters of seventeen core values are in memory too
;; rule: values.lower/spill holds
(assert_return (invoke "mixed" (u8.const 1) (u64.const 2)
  (tuple.const (u8.const 3) (u8.const 4) (u8.const 5) (u8.const 6) (u8.const 7) (u8.const 8) (u8.const 9)
    (u8.const 10) (u8.const 11) (u8.const 12) (u8.const 13) (u8.const 14) (u8.const 15) (u8.const 16) (u8.const 17)))
  (u64.const 11702))
;; text: Lifting and Lowering Values; the tuple of the parameters is aligned as its longest field, and ends with padding
(assert_return (invoke "call") (tuple.const (u32.const 0) (u32.const 0) (u32.const 8) (u32.const 32)))
;; text: Lifting and Lowering Values; the address to give
(invoke "plan" (u32.const 0xffbc))
;; text: Lifting and Lowering Values; the tuple ends where the memory ends
;; rule: values.lower/bounds does not hold
(assert_return (invoke "seventeen"
  (u32.const 1) (u32.const 2) (u32.const 3) (u32.const 4) (u32.const 5) (u32.const 6)
  (u32.const 7) (u32.const 8) (u32.const 9) (u32.const 10) (u32.const 11) (u32.const 12)
  (u32.const 13) (u32.const 14) (u32.const 15) (u32.const 16) (u32.const 17)) (u32.const 117))

;; text: Lifting and Lowering Values; the address to give
(invoke "plan" (u32.const 0x1002))
;; text: Lifting and Lowering Values; an address of two bytes' alignment is not aligned for words
;; rule: values.lower/align holds
;; rule: values.lower/out-param does not hold
(assert_trap (invoke "seventeen"
  (u32.const 1) (u32.const 2) (u32.const 3) (u32.const 4) (u32.const 5) (u32.const 6)
  (u32.const 7) (u32.const 8) (u32.const 9) (u32.const 10) (u32.const 11) (u32.const 12)
  (u32.const 13) (u32.const 14) (u32.const 15) (u32.const 16) (u32.const 17)) "values.lower/align")

;; text: Lifting and Lowering Values; a fresh instance
(component instance $i $Params)
;; text: Lifting and Lowering Values; the address to give
(invoke "plan" (u32.const 0xffc0))
;; text: Lifting and Lowering Values; the tuple ends past the end of the memory
;; rule: values.lower/bounds holds
;; rule: values.lower/out-param does not hold
(assert_trap (invoke "seventeen"
  (u32.const 1) (u32.const 2) (u32.const 3) (u32.const 4) (u32.const 5) (u32.const 6)
  (u32.const 7) (u32.const 8) (u32.const 9) (u32.const 10) (u32.const 11) (u32.const 12)
  (u32.const 13) (u32.const 14) (u32.const 15) (u32.const 16) (u32.const 17)) "values.lower/bounds")

;; text: Lifting and Lowering Values; a fresh instance
(component instance $i $Params)
;; text: Lifting and Lowering Values; the address to give
(invoke "plan" (u32.const 0xfffffffc))
;; text: Lifting and Lowering Values; the end of the tuple does not wrap around
;; rule: values.lower/bounds holds
;; rule: values.lower/out-param does not hold
(assert_trap (invoke "seventeen"
  (u32.const 1) (u32.const 2) (u32.const 3) (u32.const 4) (u32.const 5) (u32.const 6)
  (u32.const 7) (u32.const 8) (u32.const 9) (u32.const 10) (u32.const 11) (u32.const 12)
  (u32.const 13) (u32.const 14) (u32.const 15) (u32.const 16) (u32.const 17)) "values.lower/bounds")
