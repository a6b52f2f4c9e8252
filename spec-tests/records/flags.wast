;; Flags: one bit a label, the first label the lowest; bits past the last label are ignored when lifted
;; and zero when lowered. In memory one, two or four bytes.
;; Spec: CanonicalABI.md, "Loading", "Storing", "Flat Lifting", "Flat Lowering".

;; text: Flat Lifting, Flat Lowering, Loading, Storing; flags of 1, 8, 9, 16, 17 and 32 labels
(component
  (type $f1' (flags
    "l0"))
  (export $f1 "f1" (type $f1'))
  (type $f8' (flags
    "l0" "l1" "l2" "l3" "l4" "l5" "l6" "l7"))
  (export $f8 "f8" (type $f8'))
  (type $f9' (flags
    "l0" "l1" "l2" "l3" "l4" "l5" "l6" "l7" "l8"))
  (export $f9 "f9" (type $f9'))
  (type $f16' (flags
    "l0" "l1" "l2" "l3" "l4" "l5" "l6" "l7" "l8" "l9" "l10" "l11" "l12" "l13" "l14" "l15"))
  (export $f16 "f16" (type $f16'))
  (type $f17' (flags
    "l0" "l1" "l2" "l3" "l4" "l5" "l6" "l7" "l8" "l9" "l10" "l11" "l12" "l13" "l14" "l15" "l16"))
  (export $f17 "f17" (type $f17'))
  (type $f32' (flags
    "l0" "l1" "l2" "l3" "l4" "l5" "l6" "l7" "l8" "l9" "l10" "l11" "l12" "l13" "l14" "l15" "l16"
    "l17" "l18" "l19" "l20" "l21" "l22" "l23" "l24" "l25" "l26" "l27" "l28" "l29" "l30" "l31"))
  (export $f32 "f32" (type $f32'))
  (core module $m
    (memory (export "mem") 1)
    (func (export "id") (param i32) (result i32) local.get 0)
    ;; stores a long, and returns its address
    (func (export "long") (param i64) (result i32)
      (i64.store (i32.const 16) (local.get 0))
      i32.const 16)
    ;; the list's address: the result is loaded from there
    (func (export "list") (param i32 i32) (result i32) local.get 0)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (i64.store (i32.const 0x800) (i64.const -1))
      i32.const 0x800))
  (core instance $i (instantiate $m))
  (func (export "lift-1") (param "x" u32) (result $f1) (canon lift (core func $i "id")))
  (func (export "lower-1") (param "x" $f1) (result u32) (canon lift (core func $i "id")))
  (func (export "load-1") (param "long" u64) (result (tuple $f1 u8))
    (canon lift (core func $i "long") (memory $i "mem")))
  (func (export "store-1") (param "x" (list $f1)) (result (tuple u32 u32))
    (canon lift (core func $i "list") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "lift-8") (param "x" u32) (result $f8) (canon lift (core func $i "id")))
  (func (export "lower-8") (param "x" $f8) (result u32) (canon lift (core func $i "id")))
  (func (export "load-8") (param "long" u64) (result (tuple $f8 u8))
    (canon lift (core func $i "long") (memory $i "mem")))
  (func (export "store-8") (param "x" (list $f8)) (result (tuple u32 u32))
    (canon lift (core func $i "list") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "lift-9") (param "x" u32) (result $f9) (canon lift (core func $i "id")))
  (func (export "lower-9") (param "x" $f9) (result u32) (canon lift (core func $i "id")))
  (func (export "load-9") (param "long" u64) (result (tuple $f9 u8))
    (canon lift (core func $i "long") (memory $i "mem")))
  (func (export "store-9") (param "x" (list $f9)) (result (tuple u32 u32))
    (canon lift (core func $i "list") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "lift-16") (param "x" u32) (result $f16) (canon lift (core func $i "id")))
  (func (export "lower-16") (param "x" $f16) (result u32) (canon lift (core func $i "id")))
  (func (export "load-16") (param "long" u64) (result (tuple $f16 u8))
    (canon lift (core func $i "long") (memory $i "mem")))
  (func (export "store-16") (param "x" (list $f16)) (result (tuple u32 u32))
    (canon lift (core func $i "list") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "lift-17") (param "x" u32) (result $f17) (canon lift (core func $i "id")))
  (func (export "lower-17") (param "x" $f17) (result u32) (canon lift (core func $i "id")))
  (func (export "load-17") (param "long" u64) (result (tuple $f17 u8))
    (canon lift (core func $i "long") (memory $i "mem")))
  (func (export "store-17") (param "x" (list $f17)) (result (tuple u32 u32))
    (canon lift (core func $i "list") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "lift-32") (param "x" u32) (result $f32) (canon lift (core func $i "id")))
  (func (export "lower-32") (param "x" $f32) (result u32) (canon lift (core func $i "id")))
  (func (export "load-32") (param "long" u64) (result (tuple $f32 u8))
    (canon lift (core func $i "long") (memory $i "mem")))
  (func (export "store-32") (param "x" (list $f32)) (result (tuple u32 u32))
    (canon lift (core func $i "list") (memory $i "mem") (realloc (func $i "realloc")))))

;; text: Flat Lifting; 1 label: the bits past the last label are ignored
(assert_return (invoke "lift-1" (u32.const 0xffffffff)) (flags.const "l0"))
;; text: Flat Lowering; 1 label: all of them, and no other bit
(assert_return (invoke "lower-1"
  (flags.const "l0")) (u32.const 0x1))
;; text: Flat Lowering; 1 label: none
(assert_return (invoke "lower-1" (flags.const)) (u32.const 0))
;; text: Loading; 1 label in 1 byte: the next byte is the next field
(assert_return (invoke "load-1" (u64.const 0x7ff))
  (tuple.const (flags.const "l0") (u8.const 7)))
;; text: Storing; 1 label: what lies past the 1 byte stays
(assert_return (invoke "store-1" (list.const (flags.const "l0")))
  (tuple.const (u32.const 0xffffff01) (u32.const 0xffffffff)))

;; text: Flat Lifting; 8 labels: the bits past the last label are ignored
(assert_return (invoke "lift-8" (u32.const 0xffffff80)) (flags.const "l7"))
;; text: Flat Lifting; 8 labels: the lowest bit is the first label
(assert_return (invoke "lift-8" (u32.const 1)) (flags.const "l0"))
;; text: Flat Lowering; 8 labels: all of them, and no other bit
(assert_return (invoke "lower-8"
  (flags.const "l0" "l1" "l2" "l3" "l4" "l5" "l6" "l7")) (u32.const 0xff))
;; text: Flat Lowering; 8 labels: none
(assert_return (invoke "lower-8" (flags.const)) (u32.const 0))
;; text: Loading; 8 labels in 1 byte: the next byte is the next field
(assert_return (invoke "load-8" (u64.const 0x780))
  (tuple.const (flags.const "l7") (u8.const 7)))
;; text: Storing; 8 labels: what lies past the 1 byte stays
(assert_return (invoke "store-8" (list.const (flags.const "l7")))
  (tuple.const (u32.const 0xffffff80) (u32.const 0xffffffff)))

;; text: Flat Lifting; 9 labels: the bits past the last label are ignored
(assert_return (invoke "lift-9" (u32.const 0xffffff00)) (flags.const "l8"))
;; text: Flat Lifting; 9 labels: the lowest bit is the first label
(assert_return (invoke "lift-9" (u32.const 1)) (flags.const "l0"))
;; text: Flat Lowering; 9 labels: all of them, and no other bit
(assert_return (invoke "lower-9"
  (flags.const "l0" "l1" "l2" "l3" "l4" "l5" "l6" "l7" "l8")) (u32.const 0x1ff))
;; text: Flat Lowering; 9 labels: none
(assert_return (invoke "lower-9" (flags.const)) (u32.const 0))
;; text: Loading; 9 labels in 2 bytes: the next byte is the next field
(assert_return (invoke "load-9" (u64.const 0x7ff00))
  (tuple.const (flags.const "l8") (u8.const 7)))
;; text: Storing; 9 labels: what lies past the 2 bytes stays
(assert_return (invoke "store-9" (list.const (flags.const "l8")))
  (tuple.const (u32.const 0xffff0100) (u32.const 0xffffffff)))

;; text: Flat Lifting; 16 labels: the bits past the last label are ignored
(assert_return (invoke "lift-16" (u32.const 0xffff8000)) (flags.const "l15"))
;; text: Flat Lifting; 16 labels: the lowest bit is the first label
(assert_return (invoke "lift-16" (u32.const 1)) (flags.const "l0"))
;; text: Flat Lowering; 16 labels: all of them, and no other bit
(assert_return (invoke "lower-16"
  (flags.const "l0" "l1" "l2" "l3" "l4" "l5" "l6" "l7" "l8" "l9" "l10" "l11" "l12" "l13" "l14"
    "l15")) (u32.const 0xffff))
;; text: Flat Lowering; 16 labels: none
(assert_return (invoke "lower-16" (flags.const)) (u32.const 0))
;; text: Loading; 16 labels in 2 bytes: the next byte is the next field
(assert_return (invoke "load-16" (u64.const 0x78000))
  (tuple.const (flags.const "l15") (u8.const 7)))
;; text: Storing; 16 labels: what lies past the 2 bytes stays
(assert_return (invoke "store-16" (list.const (flags.const "l15")))
  (tuple.const (u32.const 0xffff8000) (u32.const 0xffffffff)))

;; text: Flat Lifting; 17 labels: the bits past the last label are ignored
(assert_return (invoke "lift-17" (u32.const 0xffff0000)) (flags.const "l16"))
;; text: Flat Lifting; 17 labels: the lowest bit is the first label
(assert_return (invoke "lift-17" (u32.const 1)) (flags.const "l0"))
;; text: Flat Lowering; 17 labels: all of them, and no other bit
(assert_return (invoke "lower-17"
  (flags.const "l0" "l1" "l2" "l3" "l4" "l5" "l6" "l7" "l8" "l9" "l10" "l11" "l12" "l13" "l14"
    "l15" "l16")) (u32.const 0x1ffff))
;; text: Flat Lowering; 17 labels: none
(assert_return (invoke "lower-17" (flags.const)) (u32.const 0))
;; text: Loading; 17 labels in 4 bytes: the next byte is the next field
(assert_return (invoke "load-17" (u64.const 0x7ffff0000))
  (tuple.const (flags.const "l16") (u8.const 7)))
;; text: Storing; 17 labels: what lies past the 4 bytes stays
(assert_return (invoke "store-17" (list.const (flags.const "l16")))
  (tuple.const (u32.const 0x10000) (u32.const 0xffffffff)))

;; text: Flat Lifting; 32 labels: the bits past the last label are ignored
(assert_return (invoke "lift-32" (u32.const 0x80000000)) (flags.const "l31"))
;; text: Flat Lifting; 32 labels: the lowest bit is the first label
(assert_return (invoke "lift-32" (u32.const 1)) (flags.const "l0"))
;; text: Flat Lowering; 32 labels: all of them, and no other bit
(assert_return (invoke "lower-32"
  (flags.const "l0" "l1" "l2" "l3" "l4" "l5" "l6" "l7" "l8" "l9" "l10" "l11" "l12" "l13" "l14"
    "l15" "l16" "l17" "l18" "l19" "l20" "l21" "l22" "l23" "l24" "l25" "l26" "l27" "l28"
    "l29" "l30" "l31")) (u32.const 0xffffffff))
;; text: Flat Lowering; 32 labels: none
(assert_return (invoke "lower-32" (flags.const)) (u32.const 0))
;; text: Loading; 32 labels in 4 bytes: the next byte is the next field
(assert_return (invoke "load-32" (u64.const 0x780000000))
  (tuple.const (flags.const "l31") (u8.const 7)))
;; text: Storing; 32 labels: what lies past the 4 bytes stays
(assert_return (invoke "store-32" (list.const (flags.const "l31")))
  (tuple.const (u32.const 0x80000000) (u32.const 0xffffffff)))

;; text: Element Size; more than 32 labels are not a type
(assert_invalid (component (type (flags
  "l0" "l1" "l2" "l3" "l4" "l5" "l6" "l7" "l8" "l9" "l10" "l11" "l12" "l13" "l14" "l15" "l16" "l17"
  "l18" "l19" "l20" "l21" "l22" "l23" "l24" "l25" "l26" "l27" "l28" "l29" "l30" "l31" "l32"))) "too many flags")
