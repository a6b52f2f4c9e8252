;; The alignment and the size of every kind of value type, as `realloc` is asked for when a list of
;; them is stored: the result has the alignment in its upper half and the size of two in its lower.
;; In a 64-bit memory, pointers and lengths take eight bytes.
;; Spec: CanonicalABI.md, "Alignment", "Element Size".

;; text: Alignment, Element Size; each function receives a list and returns what `realloc` was asked for:
;; the alignment of the element type, and the bytes of the whole list; the host calls a component with a
;; 32-bit memory, which passes the list on
(component
  (component $Wide
    (core module $m
      (memory (export "mem") i64 1)
      (func (export "realloc") (param $old i64) (param $old-size i64) (param $align i64) (param $size i64) (result i64)
        ;; the list comes first; what its elements hold is allocated later
        (if (i64.eqz (i64.load (i64.const 0x10)))
          (then
            (i64.store (i64.const 0x10) (local.get $align))
            (i64.store (i64.const 0x18) (local.get $size))))
        (i64.const 0x800))
      (func (export "f") (param i64 i64) (result i64)
        (local $both i64)
        (local.set $both (i64.or
          (i64.shl (i64.load (i64.const 0x10)) (i64.const 32))
          (i64.load (i64.const 0x18))))
        (i64.store (i64.const 0x10) (i64.const 0))
        (local.get $both)))
    (core instance $i (instantiate $m))
    (func (export "u8") (param "x" (list u8)) (result u64)
      (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
    (func (export "u64") (param "x" (list u64)) (result u64)
      (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
    (func (export "string") (param "x" (list string)) (result u64)
      (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
    (type $t-list (list u8))
    (func (export "list") (param "x" (list $t-list)) (result u64)
      (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
    (type $t-tuple-gap (tuple u8 u32))
    (func (export "tuple-gap") (param "x" (list $t-tuple-gap)) (result u64)
      (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
    (type $t-tuple-pointers (tuple u8 string))
    (func (export "tuple-pointers") (param "x" (list $t-tuple-pointers)) (result u64)
      (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
    (type $t-option-u64 (option u64))
    (func (export "option-u64") (param "x" (list $t-option-u64)) (result u64)
      (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
    (type $t-option-string (option string))
    (func (export "option-string") (param "x" (list $t-option-string)) (result u64)
      (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
    (type $t-result-both (result u8 (error u16)))
    (func (export "result-both") (param "x" (list $t-result-both)) (result u64)
      (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))
  (instance $wide (instantiate $Wide))
  (component $Narrow
    (core module $m
      (memory (export "mem") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0x800)))
    (core instance $i (instantiate $m))
    (import "u8" (func $u8 (param "x" (list u8)) (result u64)))
    (core func $l-u8 (canon lower (func $u8) (memory $i "mem")))
    (func (export "call-u8") (param "x" (list u8)) (result u64)
      (canon lift (core func $l-u8) (memory $i "mem") (realloc (func $i "realloc"))))
    (import "u64" (func $u64 (param "x" (list u64)) (result u64)))
    (core func $l-u64 (canon lower (func $u64) (memory $i "mem")))
    (func (export "call-u64") (param "x" (list u64)) (result u64)
      (canon lift (core func $l-u64) (memory $i "mem") (realloc (func $i "realloc"))))
    (import "string" (func $string (param "x" (list string)) (result u64)))
    (core func $l-string (canon lower (func $string) (memory $i "mem")))
    (func (export "call-string") (param "x" (list string)) (result u64)
      (canon lift (core func $l-string) (memory $i "mem") (realloc (func $i "realloc"))))
    (type $t-list (list u8))
    (import "list" (func $list (param "x" (list $t-list)) (result u64)))
    (core func $l-list (canon lower (func $list) (memory $i "mem")))
    (func (export "call-list") (param "x" (list $t-list)) (result u64)
      (canon lift (core func $l-list) (memory $i "mem") (realloc (func $i "realloc"))))
    (type $t-tuple-gap (tuple u8 u32))
    (import "tuple-gap" (func $tuple-gap (param "x" (list $t-tuple-gap)) (result u64)))
    (core func $l-tuple-gap (canon lower (func $tuple-gap) (memory $i "mem")))
    (func (export "call-tuple-gap") (param "x" (list $t-tuple-gap)) (result u64)
      (canon lift (core func $l-tuple-gap) (memory $i "mem") (realloc (func $i "realloc"))))
    (type $t-tuple-pointers (tuple u8 string))
    (import "tuple-pointers" (func $tuple-pointers (param "x" (list $t-tuple-pointers)) (result u64)))
    (core func $l-tuple-pointers (canon lower (func $tuple-pointers) (memory $i "mem")))
    (func (export "call-tuple-pointers") (param "x" (list $t-tuple-pointers)) (result u64)
      (canon lift (core func $l-tuple-pointers) (memory $i "mem") (realloc (func $i "realloc"))))
    (type $t-option-u64 (option u64))
    (import "option-u64" (func $option-u64 (param "x" (list $t-option-u64)) (result u64)))
    (core func $l-option-u64 (canon lower (func $option-u64) (memory $i "mem")))
    (func (export "call-option-u64") (param "x" (list $t-option-u64)) (result u64)
      (canon lift (core func $l-option-u64) (memory $i "mem") (realloc (func $i "realloc"))))
    (type $t-option-string (option string))
    (import "option-string" (func $option-string (param "x" (list $t-option-string)) (result u64)))
    (core func $l-option-string (canon lower (func $option-string) (memory $i "mem")))
    (func (export "call-option-string") (param "x" (list $t-option-string)) (result u64)
      (canon lift (core func $l-option-string) (memory $i "mem") (realloc (func $i "realloc"))))
    (type $t-result-both (result u8 (error u16)))
    (import "result-both" (func $result-both (param "x" (list $t-result-both)) (result u64)))
    (core func $l-result-both (canon lower (func $result-both) (memory $i "mem")))
    (func (export "call-result-both") (param "x" (list $t-result-both)) (result u64)
      (canon lift (core func $l-result-both) (memory $i "mem") (realloc (func $i "realloc")))))
  (instance $narrow (instantiate $Narrow
    (with "u8" (func $wide "u8"))
    (with "u64" (func $wide "u64"))
    (with "string" (func $wide "string"))
    (with "list" (func $wide "list"))
    (with "tuple-gap" (func $wide "tuple-gap"))
    (with "tuple-pointers" (func $wide "tuple-pointers"))
    (with "option-u64" (func $wide "option-u64"))
    (with "option-string" (func $wide "option-string"))
    (with "result-both" (func $wide "result-both"))))
  (export "u8" (func $narrow "call-u8"))
  (export "u64" (func $narrow "call-u64"))
  (export "string" (func $narrow "call-string"))
  (export "list" (func $narrow "call-list"))
  (export "tuple-gap" (func $narrow "call-tuple-gap"))
  (export "tuple-pointers" (func $narrow "call-tuple-pointers"))
  (export "option-u64" (func $narrow "call-option-u64"))
  (export "option-string" (func $narrow "call-option-string"))
  (export "result-both" (func $narrow "call-result-both")))

;; text: Alignment, Element Size; aligned to 1, 1 byte each
(assert_return (invoke "u8" (list.const (u8.const 1) (u8.const 1))) (u64.const 0x00000001_00000002))
;; text: Alignment, Element Size; aligned to 8, 8 bytes each
(assert_return (invoke "u64" (list.const (u64.const 1) (u64.const 1))) (u64.const 0x00000008_00000010))
;; text: Alignment, Element Size; aligned to 8, 16 bytes each
(assert_return (invoke "string" (list.const (str.const "") (str.const ""))) (u64.const 0x00000008_00000020))
;; text: Alignment, Element Size; aligned to 8, 16 bytes each
(assert_return (invoke "list" (list.const (list.const) (list.const))) (u64.const 0x00000008_00000020))
;; text: Alignment, Element Size; aligned to 4, 8 bytes each
(assert_return (invoke "tuple-gap" (list.const (tuple.const (u8.const 1) (u32.const 2)) (tuple.const (u8.const 1) (u32.const 2)))) (u64.const 0x00000004_00000010))
;; text: Alignment, Element Size; aligned to 8, 24 bytes each
(assert_return (invoke "tuple-pointers" (list.const (tuple.const (u8.const 1) (str.const "")) (tuple.const (u8.const 1) (str.const "")))) (u64.const 0x00000008_00000030))
;; text: Alignment, Element Size; aligned to 8, 16 bytes each
(assert_return (invoke "option-u64" (list.const (option.none) (option.none))) (u64.const 0x00000008_00000020))
;; text: Alignment, Element Size; aligned to 8, 24 bytes each
(assert_return (invoke "option-string" (list.const (option.none) (option.none))) (u64.const 0x00000008_00000030))
;; text: Alignment, Element Size; aligned to 2, 4 bytes each
(assert_return (invoke "result-both" (list.const (result.ok (u8.const 1)) (result.ok (u8.const 1)))) (u64.const 0x00000002_00000008))
;; text: Alignment; the alignment of an empty list is that of its elements too
(assert_return (invoke "u8" (list.const)) (u64.const 0x00000001_00000000))
