;; Fixed-length lists are passed like tuples: their elements are core values, or lie in memory one
;; after another, without pointer and length.
;; Spec: CanonicalABI.md, "Loading", "Storing", "Flattening", "Flat Lifting", "Flat Lowering".

;; text: Flattening, Loading, Storing; fixed-length lists as core values and in memory
(component
  (type $three (list u8 3))
  (type $two (list $three 2))
  (type $one (list s8 1))
  (type $sixteen (list u8 16))
  (type $seventeen (list u8 17))
  (core module $m
    (memory (export "mem") 1)
    (data (i32.const 0x100) "\01\02\03\04\05\06\07\08")
    (func (export "id") (param i32) (result i32) local.get 0)
    (func (export "first") (param i32 i32) (result i32) local.get 0)
    (func (export "three") (param i32 i32 i32) (result i32)
      (i32.or (local.get 0)
        (i32.or (i32.shl (local.get 1) (i32.const 8)) (i32.shl (local.get 2) (i32.const 16)))))
    (func (export "sixteen")
      (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
      (i32.or (i32.shl (local.get 0) (i32.const 8)) (local.get 15)))
    (func (export "seventeen") (param i32) (result i32)
      (i32.or (i32.shl (i32.load8_u (local.get 0)) (i32.const 8)) (i32.load8_u offset=16 (local.get 0))))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (i64.store (i32.const 0x800) (i64.const -1))
      i32.const 0x800))
  (core instance $i (instantiate $m))
  (func (export "lift-one") (param "x" u32) (result $one) (canon lift (core func $i "id")))
  (func (export "load-three") (param "at" u32) (result $three)
    (canon lift (core func $i "id") (memory $i "mem")))
  (func (export "load-two") (param "at" u32) (result $two)
    (canon lift (core func $i "id") (memory $i "mem")))
  (func (export "lower-three") (param "x" $three) (result u32) (canon lift (core func $i "three")))
  (func (export "lower-sixteen") (param "x" $sixteen) (result u32) (canon lift (core func $i "sixteen")))
  (func (export "lower-seventeen") (param "x" $seventeen) (result u32)
    (canon lift (core func $i "seventeen") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "store-two") (param "x" (list $two)) (result (tuple u32 u32))
    (canon lift (core func $i "first") (memory $i "mem") (realloc (func $i "realloc")))))

;; text: Flat Lifting; one element is one core value
;; rule: values.lift/spill does not hold
(assert_return (invoke "lift-one" (u32.const 0x80)) (list.const (s8.const -128)))
;; text: Loading; more than one core value is too much for a result, so the elements are in memory
;; rule: values.lift/spill holds
(assert_return (invoke "load-three" (u32.const 0x100)) (list.const (u8.const 1) (u8.const 2) (u8.const 3)))
;; text: Loading; a list of lists has nothing between them, and may be anywhere when its elements may
;; rule: values.lift/align does not hold
(assert_return (invoke "load-two" (u32.const 0x101))
  (list.const (list.const (u8.const 2) (u8.const 3) (u8.const 4)) (list.const (u8.const 5) (u8.const 6) (u8.const 7))))
;; text: Flat Lowering; each element is one core value
;; rule: values.lower/spill does not hold
(assert_return (invoke "lower-three" (list.const (u8.const 1) (u8.const 2) (u8.const 3))) (u32.const 0x030201))
;; text: Flattening; sixteen elements are sixteen parameters
;; rule: values.lower/spill does not hold
(assert_return
  (invoke "lower-sixteen" (list.const (u8.const 1) (u8.const 2) (u8.const 3) (u8.const 4) (u8.const 5)
    (u8.const 6) (u8.const 7) (u8.const 8) (u8.const 9) (u8.const 10) (u8.const 11) (u8.const 12)
    (u8.const 13) (u8.const 14) (u8.const 15) (u8.const 16)))
  (u32.const 0x0110))
;; text: Flattening; seventeen elements are in memory
;; rule: values.lower/spill holds
(assert_return
  (invoke "lower-seventeen" (list.const (u8.const 1) (u8.const 2) (u8.const 3) (u8.const 4) (u8.const 5)
    (u8.const 6) (u8.const 7) (u8.const 8) (u8.const 9) (u8.const 10) (u8.const 11) (u8.const 12)
    (u8.const 13) (u8.const 14) (u8.const 15) (u8.const 16) (u8.const 17)))
  (u32.const 0x0111))
;; text: Storing; six bytes, and what follows them stays
;; rule: list.store/align does not hold
(assert_return
  (invoke "store-two" (list.const (list.const (list.const (u8.const 1) (u8.const 2) (u8.const 3))
    (list.const (u8.const 4) (u8.const 5) (u8.const 6)))))
  (tuple.const (u32.const 0x04030201) (u32.const 0xffff0605)))
;; text: Binary.md, Type Definitions; a list of no elements has no fixed length
(assert_invalid (component (type (list u8 0))) "fixed-length lists cannot be empty")
