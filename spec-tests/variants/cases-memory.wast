;; Variants in memory: a discriminant that must name a case, then the payload at the alignment of the
;; most aligned case, then unused bytes, which are not read.
;; Spec: CanonicalABI.md, "Loading", "Storing".

;; text: Loading, Storing; `load` returns the variant at an address, `stored` the bytes of a stored one
(component definition $Variants
  (type $v' (variant (case "none") (case "byte" u8) (case "wide" u64) (case "half" u16)))
  (export $v "v" (type $v'))
  (core module $m
    (memory (export "mem") 1)
    (data (i32.const 0x100) "\00\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff")
    (data (i32.const 0x110) "\01\ff\ff\ff\ff\ff\ff\ff\05\ff\ff\ff\ff\ff\ff\ff")
    (data (i32.const 0x120) "\02\ff\ff\ff\ff\ff\ff\ff\01\02\03\04\05\06\07\08")
    (data (i32.const 0x130) "\03\ff\ff\ff\ff\ff\ff\ff\01\02\ff\ff\ff\ff\ff\ff")
    (data (i32.const 0x140) "\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
    (data (i32.const 0x150) "\ff\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
    (func (export "load") (param i32) (result i32) local.get 0)
    (func (export "store") (param i32 i32) (result i32) local.get 0)
    ;; what is stored lies among bytes that were all ones
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (memory.fill (i32.const 0x800) (i32.const 0xff) (i32.const 0x100))
      i32.const 0x800))
  (core instance $i (instantiate $m))
  (func (export "load") (param "at" u32) (result $v)
    (canon lift (core func $i "load") (memory $i "mem")))
  ;; the byte of the discriminant, then the eight bytes that a payload may take
  (func (export "stored") (param "x" (list $v)) (result (tuple u8 u64))
    (canon lift (core func $i "store") (memory $i "mem") (realloc (func $i "realloc")))))

;; text: Loading; a fresh instance
(component instance $i $Variants)
;; text: Loading; without a payload nothing more is read
;; rule: variant.load/case does not hold
;; rule: variant.load/payload does not hold
(assert_return (invoke "load" (u32.const 0x100)) (variant.const "none"))
;; text: Loading; a payload of one byte stands where the widest payload would
;; rule: variant.load/case does not hold
;; rule: variant.load/payload holds
(assert_return (invoke "load" (u32.const 0x110)) (variant.const "byte" (u8.const 5)))
;; text: Loading; the widest payload
;; rule: variant.load/payload holds
(assert_return (invoke "load" (u32.const 0x120)) (variant.const "wide" (u64.const 0x0807060504030201)))
;; text: Loading; the last case
;; rule: variant.load/case does not hold
;; rule: variant.load/payload holds
(assert_return (invoke "load" (u32.const 0x130)) (variant.const "half" (u16.const 0x0201)))

;; text: Storing; without a payload only the discriminant is stored
;; rule: variant.store/payload does not hold
(assert_return (invoke "stored" (list.const (variant.const "none")))
  (tuple.const (u8.const 0) (u64.const 0xffffffffffffffff)))
;; text: Storing; only the bytes of the payload are stored
;; rule: variant.store/payload holds
(assert_return (invoke "stored" (list.const (variant.const "byte" (u8.const 5))))
  (tuple.const (u8.const 1) (u64.const 0xffffffffffffff05)))
;; text: Storing; the widest payload
;; rule: variant.store/payload holds
(assert_return (invoke "stored" (list.const (variant.const "wide" (u64.const 0x0807060504030201))))
  (tuple.const (u8.const 2) (u64.const 0x0807060504030201)))
;; text: Storing; the last case
;; rule: variant.store/payload holds
(assert_return (invoke "stored" (list.const (variant.const "half" (u16.const 0x0201))))
  (tuple.const (u8.const 3) (u64.const 0xffffffffffff0201)))

;; text: Loading; the first index that names no case
;; rule: variant.load/case holds
(assert_trap (invoke "load" (u32.const 0x140)) "variant.load/case")
;; text: Loading; a fresh instance
(component instance $i $Variants)
;; text: Loading; the highest index
;; rule: variant.load/case holds
(assert_trap (invoke "load" (u32.const 0x150)) "variant.load/case")
