;; A fixed-length list is laid out like a tuple of its elements, without pointer and length.
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
  (type $t-list-8 (list u8 3))
  (func (export "list-8") (param "x" (list $t-list-8)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $t-list-16 (list u16 5))
  (func (export "list-16") (param "x" (list $t-list-16)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $t-list-64 (list u64 1))
  (func (export "list-64") (param "x" (list $t-list-64)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))
  (type $t-list-tuple (list $inner 2))
  (func (export "list-tuple") (param "x" (list $t-list-tuple)) (result u64)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))

;; text: Alignment, Element Size; aligned to 1, 3 bytes each
(assert_return (invoke "list-8" (list.const (list.const (u8.const 1) (u8.const 2) (u8.const 3)) (list.const (u8.const 1) (u8.const 2) (u8.const 3)))) (u64.const 0x00000001_00000006))
;; text: Alignment, Element Size; aligned to 2, 10 bytes each
(assert_return (invoke "list-16" (list.const (list.const (u16.const 0) (u16.const 1) (u16.const 2) (u16.const 3) (u16.const 4)) (list.const (u16.const 0) (u16.const 1) (u16.const 2) (u16.const 3) (u16.const 4)))) (u64.const 0x00000002_00000014))
;; text: Alignment, Element Size; aligned to 8, 8 bytes each
(assert_return (invoke "list-64" (list.const (list.const (u64.const 1)) (list.const (u64.const 1)))) (u64.const 0x00000008_00000010))
;; text: Alignment, Element Size; aligned to 2, 8 bytes each
(assert_return (invoke "list-tuple" (list.const (list.const (tuple.const (u16.const 1) (u8.const 2)) (tuple.const (u16.const 3) (u8.const 4))) (list.const (tuple.const (u16.const 1) (u8.const 2)) (tuple.const (u16.const 3) (u8.const 4))))) (u64.const 0x00000002_00000010))
;; text: Alignment; the alignment of an empty list is that of its elements too
(assert_return (invoke "list-8" (list.const)) (u64.const 0x00000001_00000000))
