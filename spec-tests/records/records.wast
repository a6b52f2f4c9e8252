;; Records and tuples: each field at its alignment after the one before, padding untouched; as core
;; values the fields one after another.
;; Spec: CanonicalABI.md, "Loading", "Storing", "Flat Lifting", "Flat Lowering".

;; text: Loading, Storing, Flat Lowering; one record, loaded, stored and passed as core values
(component
  (type $r' (record (field "a" u8) (field "b" u32) (field "c" u16) (field "d" u64) (field "e" s8)))
  (export $r "r" (type $r'))
  (type $in' (record (field "p" $r) (field "q" u8)))
  (export $in "in" (type $in'))
  (type $one' (record (field "only" s8)))
  (export $one "single" (type $one'))
  (core module $m
    (memory (export "mem") 1)
    (data (i32.const 0x100)
      "\01\ff\ff\ff\02\03\04\05\06\07\ff\ff\ff\ff\ff\ff\08\09\0a\0b\0c\0d\0e\0f\f0\ff\ff\ff\ff\ff\ff\ff\11")
    (func (export "load") (param i32) (result i32) local.get 0)
    (func (export "list") (param i32 i32) (result i32) local.get 0)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (memory.fill (i32.const 0x800) (i32.const 0xff) (i32.const 0x28))
      i32.const 0x800)
    ;; the fields as digits of one number, which tells their order
    (func (export "flat") (param $a i32) (param $b i32) (param $c i32) (param $d i64) (param $e i32) (param $q i32) (result i64)
      (i64.add (i64.extend_i32_u (local.get $q))
      (i64.add (i64.mul (i64.const 10) (i64.extend_i32_u (local.get $e)))
      (i64.add (i64.mul (i64.const 100) (local.get $d))
      (i64.add (i64.mul (i64.const 1000) (i64.extend_i32_u (local.get $c)))
      (i64.add (i64.mul (i64.const 10000) (i64.extend_i32_u (local.get $b)))
        (i64.mul (i64.const 100000) (i64.extend_i32_u (local.get $a)))))))))
    (func (export "id") (param i32) (result i32) local.get 0))
  (core instance $i (instantiate $m))
  (func (export "load") (param "at" u32) (result $r)
    (canon lift (core func $i "load") (memory $i "mem")))
  (func (export "load-nested") (param "at" u32) (result $in)
    (canon lift (core func $i "load") (memory $i "mem")))
  (func (export "store") (param "x" (list $in)) (result (tuple u32 u32 u32 u32 u32 u32 u32 u32 u32))
    (canon lift (core func $i "list") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "flat") (param "x" $in) (result u64) (canon lift (core func $i "flat")))
  (func (export "one") (param "x" u32) (result $one) (canon lift (core func $i "id")))
  (func (export "one-tuple") (param "x" u32) (result (tuple s8)) (canon lift (core func $i "id"))))

;; text: Loading; fields at 0, 4, 8, 16 and 24, the gaps are not read
(assert_return (invoke "load" (u32.const 0x100))
  (record.const (field "a" u8.const 1) (field "b" u32.const 0x05040302) (field "c" u16.const 0x0706)
    (field "d" u64.const 0x0f0e0d0c0b0a0908) (field "e" s8.const -16)))
;; text: Loading; the field after a record comes after the record's padding
(assert_return (invoke "load-nested" (u32.const 0x100))
  (record.const
    (field "p" record.const (field "a" u8.const 1) (field "b" u32.const 0x05040302)
      (field "c" u16.const 0x0706) (field "d" u64.const 0x0f0e0d0c0b0a0908) (field "e" s8.const -16))
    (field "q" u8.const 0x11)))
;; text: Storing; each field in its place, and the bytes between them stay
(assert_return
  (invoke "store" (list.const (record.const
    (field "p" record.const (field "a" u8.const 1) (field "b" u32.const 0x05040302)
      (field "c" u16.const 0x0706) (field "d" u64.const 0x0f0e0d0c0b0a0908) (field "e" s8.const -16))
    (field "q" u8.const 0x11))))
  (tuple.const (u32.const 0xffffff01) (u32.const 0x05040302) (u32.const 0xffff0706) (u32.const 0xffffffff)
    (u32.const 0x0b0a0908) (u32.const 0x0f0e0d0c) (u32.const 0xfffffff0) (u32.const 0xffffffff)
    (u32.const 0xffffff11)))
;; text: Flat Lowering; the fields in order, those of the inner record first
;; rule: values.lower/spill does not hold
(assert_return
  (invoke "flat" (record.const
    (field "p" record.const (field "a" u8.const 1) (field "b" u32.const 2) (field "c" u16.const 3)
      (field "d" u64.const 4) (field "e" s8.const 5))
    (field "q" u8.const 6)))
  (u64.const 123456))
;; text: Flat Lifting; a record of one field is that field
;; rule: values.lift/spill does not hold
(assert_return (invoke "one" (u32.const 0x80)) (record.const (field "only" s8.const -128)))
;; text: Flat Lifting; so is a tuple of one
;; rule: values.lift/spill does not hold
(assert_return (invoke "one-tuple" (u32.const 0x80)) (tuple.const (s8.const -128)))
