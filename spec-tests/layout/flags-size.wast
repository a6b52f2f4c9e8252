;; Flags take one, two or four bytes: up to 8, up to 16, up to 32 labels.
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
  (type $def-flags-1 (flags "l0"))
  (export $t-flags-1 "t-flags-1" (type $def-flags-1))
  (func (export "flags-1") (param "x" (list $t-flags-1)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $def-flags-8 (flags "l0" "l1" "l2" "l3" "l4" "l5" "l6" "l7"))
  (export $t-flags-8 "t-flags-8" (type $def-flags-8))
  (func (export "flags-8") (param "x" (list $t-flags-8)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $def-flags-9 (flags "l0" "l1" "l2" "l3" "l4" "l5" "l6" "l7" "l8"))
  (export $t-flags-9 "t-flags-9" (type $def-flags-9))
  (func (export "flags-9") (param "x" (list $t-flags-9)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $def-flags-16 (flags "l0" "l1" "l2" "l3" "l4" "l5" "l6" "l7" "l8" "l9" "l10" "l11" "l12" "l13" "l14" "l15"))
  (export $t-flags-16 "t-flags-16" (type $def-flags-16))
  (func (export "flags-16") (param "x" (list $t-flags-16)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $def-flags-17 (flags "l0" "l1" "l2" "l3" "l4" "l5" "l6" "l7" "l8" "l9" "l10" "l11" "l12" "l13" "l14" "l15" "l16"))
  (export $t-flags-17 "t-flags-17" (type $def-flags-17))
  (func (export "flags-17") (param "x" (list $t-flags-17)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $def-flags-32 (flags "l0" "l1" "l2" "l3" "l4" "l5" "l6" "l7" "l8" "l9" "l10" "l11" "l12" "l13" "l14" "l15" "l16" "l17" "l18" "l19" "l20" "l21" "l22" "l23" "l24" "l25" "l26" "l27" "l28" "l29" "l30" "l31"))
  (export $t-flags-32 "t-flags-32" (type $def-flags-32))
  (func (export "flags-32") (param "x" (list $t-flags-32)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))

;; text: Alignment, Element Size; aligned to 1, 1 byte each
(assert_return (invoke "flags-1" (list.const (flags.const "l0") (flags.const "l0"))) (u64.const 0x00000001_00000002))
;; text: Alignment, Element Size; aligned to 1, 1 byte each
(assert_return (invoke "flags-8" (list.const (flags.const "l0" "l7") (flags.const "l0" "l7"))) (u64.const 0x00000001_00000002))
;; text: Alignment, Element Size; aligned to 2, 2 bytes each
(assert_return (invoke "flags-9" (list.const (flags.const "l0" "l8") (flags.const "l0" "l8"))) (u64.const 0x00000002_00000004))
;; text: Alignment, Element Size; aligned to 2, 2 bytes each
(assert_return (invoke "flags-16" (list.const (flags.const "l0" "l15") (flags.const "l0" "l15"))) (u64.const 0x00000002_00000004))
;; text: Alignment, Element Size; aligned to 4, 4 bytes each
(assert_return (invoke "flags-17" (list.const (flags.const "l0" "l16") (flags.const "l0" "l16"))) (u64.const 0x00000004_00000008))
;; text: Alignment, Element Size; aligned to 4, 4 bytes each
(assert_return (invoke "flags-32" (list.const (flags.const "l0" "l31") (flags.const "l0" "l31"))) (u64.const 0x00000004_00000008))
;; text: Alignment; the alignment of an empty list is that of its elements too
(assert_return (invoke "flags-1" (list.const)) (u64.const 0x00000001_00000000))
