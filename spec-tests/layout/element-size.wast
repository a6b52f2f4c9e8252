;; The alignment and the size of every kind of value type, as `realloc` is asked for when a list of
;; them is stored: the result has the alignment in its upper half and the size of two in its lower.
;; Spec: CanonicalABI.md, "Alignment", "Element Size".

;; text: Alignment, Element Size; each function receives a list and returns what `realloc` was asked for:
;; the alignment of the element type, and the bytes of the whole list
(component
  (core module $m
    (memory (export "mem") 1)
    (func (export "realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
      ;; the list comes first; what its elements hold is allocated later
      (if (i32.eqz (i32.load (i32.const 0x10)))
        (then
          (i32.store (i32.const 0x10) (local.get $align))
          (i32.store (i32.const 0x18) (local.get $size))))
      (i32.const 0x800))
    (func (export "f") (param i32 i32) (result i64)
      (local $both i64)
      (local.set $both (i64.or
        (i64.shl (i64.load32_u (i32.const 0x10)) (i64.const 32))
        (i64.load32_u (i32.const 0x18))))
      (i32.store (i32.const 0x10) (i32.const 0))
      (local.get $both)))
  (core instance $i (instantiate $m))
  (type $inner (tuple u16 u8))
  (type $three (tuple u8 u8 u8))
  (func (export "bool") (param "x" (list bool)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "u8") (param "x" (list u8)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "s8") (param "x" (list s8)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "u16") (param "x" (list u16)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "s16") (param "x" (list s16)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "u32") (param "x" (list u32)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "s32") (param "x" (list s32)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "u64") (param "x" (list u64)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "s64") (param "x" (list s64)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "f32") (param "x" (list f32)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "f64") (param "x" (list f64)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "char") (param "x" (list char)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "string") (param "x" (list string)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $t-list (list u8))
  (func (export "list") (param "x" (list $t-list)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $t-tuple-packed (tuple u8 u8 u16))
  (func (export "tuple-packed") (param "x" (list $t-tuple-packed)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $t-tuple-gap (tuple u8 u32))
  (func (export "tuple-gap") (param "x" (list $t-tuple-gap)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $t-tuple-tail (tuple u32 u8))
  (func (export "tuple-tail") (param "x" (list $t-tuple-tail)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $t-tuple-wide (tuple u8 u64 u8))
  (func (export "tuple-wide") (param "x" (list $t-tuple-wide)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $t-tuple-pointers (tuple u8 string))
  (func (export "tuple-pointers") (param "x" (list $t-tuple-pointers)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $t-nested (tuple u8 $inner u8))
  (func (export "nested") (param "x" (list $t-nested)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $t-option-u8 (option u8))
  (func (export "option-u8") (param "x" (list $t-option-u8)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $t-option-u64 (option u64))
  (func (export "option-u64") (param "x" (list $t-option-u64)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $t-option-string (option string))
  (func (export "option-string") (param "x" (list $t-option-string)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $t-result-empty (result))
  (func (export "result-empty") (param "x" (list $t-result-empty)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $t-result-ok (result u32))
  (func (export "result-ok") (param "x" (list $t-result-ok)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $t-result-both (result u8 (error u16)))
  (func (export "result-both") (param "x" (list $t-result-both)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $def-variant-empty (variant (case "a") (case "b")))
  (export $t-variant-empty "t-variant-empty" (type $def-variant-empty))
  (func (export "variant-empty") (param "x" (list $t-variant-empty)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $def-variant-mixed (variant (case "a") (case "b" u16) (case "c" u8)))
  (export $t-variant-mixed "t-variant-mixed" (type $def-variant-mixed))
  (func (export "variant-mixed") (param "x" (list $t-variant-mixed)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $def-variant-payloads (variant (case "a" $three) (case "b" u16)))
  (export $t-variant-payloads "t-variant-payloads" (type $def-variant-payloads))
  (func (export "variant-payloads") (param "x" (list $t-variant-payloads)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $def-enum-1 (enum "a"))
  (export $t-enum-1 "t-enum-1" (type $def-enum-1))
  (func (export "enum-1") (param "x" (list $t-enum-1)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))

;; text: Alignment, Element Size; aligned to 1, 1 byte each
(assert_return (invoke "bool" (list.const (bool.const true) (bool.const true))) (u64.const 0x00000001_00000002))
;; text: Alignment, Element Size; aligned to 1, 1 byte each
(assert_return (invoke "u8" (list.const (u8.const 1) (u8.const 1))) (u64.const 0x00000001_00000002))
;; text: Alignment, Element Size; aligned to 1, 1 byte each
(assert_return (invoke "s8" (list.const (s8.const 1) (s8.const 1))) (u64.const 0x00000001_00000002))
;; text: Alignment, Element Size; aligned to 2, 2 bytes each
(assert_return (invoke "u16" (list.const (u16.const 1) (u16.const 1))) (u64.const 0x00000002_00000004))
;; text: Alignment, Element Size; aligned to 2, 2 bytes each
(assert_return (invoke "s16" (list.const (s16.const 1) (s16.const 1))) (u64.const 0x00000002_00000004))
;; text: Alignment, Element Size; aligned to 4, 4 bytes each
(assert_return (invoke "u32" (list.const (u32.const 1) (u32.const 1))) (u64.const 0x00000004_00000008))
;; text: Alignment, Element Size; aligned to 4, 4 bytes each
(assert_return (invoke "s32" (list.const (s32.const 1) (s32.const 1))) (u64.const 0x00000004_00000008))
;; text: Alignment, Element Size; aligned to 8, 8 bytes each
(assert_return (invoke "u64" (list.const (u64.const 1) (u64.const 1))) (u64.const 0x00000008_00000010))
;; text: Alignment, Element Size; aligned to 8, 8 bytes each
(assert_return (invoke "s64" (list.const (s64.const 1) (s64.const 1))) (u64.const 0x00000008_00000010))
;; text: Alignment, Element Size; aligned to 4, 4 bytes each
(assert_return (invoke "f32" (list.const (f32.const 1) (f32.const 1))) (u64.const 0x00000004_00000008))
;; text: Alignment, Element Size; aligned to 8, 8 bytes each
(assert_return (invoke "f64" (list.const (f64.const 1) (f64.const 1))) (u64.const 0x00000008_00000010))
;; text: Alignment, Element Size; aligned to 4, 4 bytes each
(assert_return (invoke "char" (list.const (char.const "x") (char.const "x"))) (u64.const 0x00000004_00000008))
;; text: Alignment, Element Size; aligned to 4, 8 bytes each
(assert_return (invoke "string" (list.const (str.const "") (str.const ""))) (u64.const 0x00000004_00000010))
;; text: Alignment, Element Size; aligned to 4, 8 bytes each
(assert_return (invoke "list" (list.const (list.const) (list.const))) (u64.const 0x00000004_00000010))
;; text: Alignment, Element Size; aligned to 2, 4 bytes each
(assert_return (invoke "tuple-packed" (list.const (tuple.const (u8.const 1) (u8.const 2) (u16.const 3)) (tuple.const (u8.const 1) (u8.const 2) (u16.const 3)))) (u64.const 0x00000002_00000008))
;; text: Alignment, Element Size; aligned to 4, 8 bytes each
(assert_return (invoke "tuple-gap" (list.const (tuple.const (u8.const 1) (u32.const 2)) (tuple.const (u8.const 1) (u32.const 2)))) (u64.const 0x00000004_00000010))
;; text: Alignment, Element Size; aligned to 4, 8 bytes each
(assert_return (invoke "tuple-tail" (list.const (tuple.const (u32.const 1) (u8.const 2)) (tuple.const (u32.const 1) (u8.const 2)))) (u64.const 0x00000004_00000010))
;; text: Alignment, Element Size; aligned to 8, 24 bytes each
(assert_return (invoke "tuple-wide" (list.const (tuple.const (u8.const 1) (u64.const 2) (u8.const 3)) (tuple.const (u8.const 1) (u64.const 2) (u8.const 3)))) (u64.const 0x00000008_00000030))
;; text: Alignment, Element Size; aligned to 4, 12 bytes each
(assert_return (invoke "tuple-pointers" (list.const (tuple.const (u8.const 1) (str.const "")) (tuple.const (u8.const 1) (str.const "")))) (u64.const 0x00000004_00000018))
;; text: Alignment, Element Size; aligned to 2, 8 bytes each
(assert_return (invoke "nested" (list.const (tuple.const (u8.const 1) (tuple.const (u16.const 2) (u8.const 3)) (u8.const 4)) (tuple.const (u8.const 1) (tuple.const (u16.const 2) (u8.const 3)) (u8.const 4)))) (u64.const 0x00000002_00000010))
;; text: Alignment, Element Size; aligned to 1, 2 bytes each
(assert_return (invoke "option-u8" (list.const (option.none) (option.none))) (u64.const 0x00000001_00000004))
;; text: Alignment, Element Size; aligned to 8, 16 bytes each
(assert_return (invoke "option-u64" (list.const (option.none) (option.none))) (u64.const 0x00000008_00000020))
;; text: Alignment, Element Size; aligned to 4, 12 bytes each
(assert_return (invoke "option-string" (list.const (option.none) (option.none))) (u64.const 0x00000004_00000018))
;; text: Alignment, Element Size; aligned to 1, 1 byte each
(assert_return (invoke "result-empty" (list.const (result.ok) (result.ok))) (u64.const 0x00000001_00000002))
;; text: Alignment, Element Size; aligned to 4, 8 bytes each
(assert_return (invoke "result-ok" (list.const (result.ok (u32.const 1)) (result.ok (u32.const 1)))) (u64.const 0x00000004_00000010))
;; text: Alignment, Element Size; aligned to 2, 4 bytes each
(assert_return (invoke "result-both" (list.const (result.ok (u8.const 1)) (result.ok (u8.const 1)))) (u64.const 0x00000002_00000008))
;; text: Alignment, Element Size; aligned to 1, 1 byte each
(assert_return (invoke "variant-empty" (list.const (variant.const "a") (variant.const "a"))) (u64.const 0x00000001_00000002))
;; text: Alignment, Element Size; aligned to 2, 4 bytes each
(assert_return (invoke "variant-mixed" (list.const (variant.const "c" (u8.const 1)) (variant.const "c" (u8.const 1)))) (u64.const 0x00000002_00000008))
;; text: Alignment, Element Size; aligned to 2, 6 bytes each
(assert_return (invoke "variant-payloads" (list.const (variant.const "b" (u16.const 1)) (variant.const "b" (u16.const 1)))) (u64.const 0x00000002_0000000c))
;; text: Alignment, Element Size; aligned to 1, 1 byte each
(assert_return (invoke "enum-1" (list.const (enum.const "a") (enum.const "a"))) (u64.const 0x00000001_00000002))
;; text: Alignment; the alignment of an empty list is that of its elements too
(assert_return (invoke "bool" (list.const)) (u64.const 0x00000001_00000000))
