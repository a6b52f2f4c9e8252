;; One core value is the result of the core function; more are loaded as a tuple from the address that
;; the core function returns.
;; Spec: CanonicalABI.md, "Flattening", "Lifting and Lowering Values".

;; text: Flattening; one core value, two core values, and an address to load them from
(component definition $Results
  (core module $m
    (memory (export "mem") 1)
    (data (i32.const 0x100) "\01\00\00\00\02\00\00\00\03\00\00\00\00\00\00\00")
    (data (i32.const 0xfff8) "\05\00\00\00\06\00\00\00")
    (func (export "id") (param i32) (result i32) (local.get 0)))
  (core instance $i (instantiate $m))
  (func (export "one") (param "x" u32) (result (tuple u32)) (canon lift (core func $i "id")))
  (func (export "two") (param "at" u32) (result (tuple u32 u32))
    (canon lift (core func $i "id") (memory $i "mem")))
  (func (export "long") (param "at" u32) (result (tuple u32 u64))
    (canon lift (core func $i "id") (memory $i "mem")))
  (func (export "bytes") (param "at" u32) (result (tuple u8 u8))
    (canon lift (core func $i "id") (memory $i "mem"))))

;; text: Lifting and Lowering Values; a fresh instance
(component instance $i $Results)
;; text: Lifting and Lowering Values; one core value is the result
;; rule: values.lift/spill does not hold
(assert_return (invoke "one" (u32.const 0x102)) (tuple.const (u32.const 0x102)))
;; text: Lifting and Lowering Values; two core values are in memory
;; rule: values.lift/spill holds
;; rule: values.lift/align does not hold
;; rule: values.lift/bounds does not hold
(assert_return (invoke "two" (u32.const 0x100)) (tuple.const (u32.const 1) (u32.const 2)))
;; text: Lifting and Lowering Values; an address of four bytes' alignment is enough for words
;; rule: values.lift/align does not hold
(assert_return (invoke "two" (u32.const 0x104)) (tuple.const (u32.const 2) (u32.const 3)))
;; text: Lifting and Lowering Values; bytes may be anywhere
;; rule: values.lift/align does not hold
(assert_return (invoke "bytes" (u32.const 0x103)) (tuple.const (u8.const 0) (u8.const 2)))
;; text: Lifting and Lowering Values; the second field at its own alignment
;; rule: values.lift/align does not hold
(assert_return (invoke "long" (u32.const 0x100)) (tuple.const (u32.const 1) (u64.const 3)))
;; text: Lifting and Lowering Values; the tuple ends where the memory ends
;; rule: values.lift/bounds does not hold
(assert_return (invoke "two" (u32.const 0xfff8)) (tuple.const (u32.const 5) (u32.const 6)))

;; text: Lifting and Lowering Values; an address of two bytes' alignment is not aligned for words
;; rule: values.lift/align holds
(assert_trap (invoke "two" (u32.const 0x102)) "values.lift/align")

;; text: Lifting and Lowering Values; a fresh instance
(component instance $i $Results)
;; text: Lifting and Lowering Values; one long asks for eight bytes' alignment of the whole tuple
;; rule: values.lift/align holds
(assert_trap (invoke "long" (u32.const 0x104)) "values.lift/align")

;; text: Lifting and Lowering Values; a fresh instance
(component instance $i $Results)
;; text: Lifting and Lowering Values; the tuple ends past the end of the memory
;; rule: values.lift/bounds holds
;; rule: values.lift/align does not hold
(assert_trap (invoke "two" (u32.const 0xfffc)) "values.lift/bounds")

;; text: Lifting and Lowering Values; a fresh instance
(component instance $i $Results)
;; text: Lifting and Lowering Values; the padding counts
;; rule: values.lift/bounds holds
;; rule: values.lift/align does not hold
(assert_trap (invoke "long" (u32.const 0xfff8)) "values.lift/bounds")

;; text: Lifting and Lowering Values; a fresh instance
(component instance $i $Results)
;; text: Lifting and Lowering Values; the end of the tuple does not wrap around
;; rule: values.lift/bounds holds
;; rule: values.lift/align does not hold
(assert_trap (invoke "two" (u32.const 0xfffffffc)) "values.lift/bounds")

;; text: Lifting and Lowering Values; a fresh instance
(component instance $i $Results)
;; text: Lifting and Lowering Values; the tuple ends past the end of the memory
;; rule: values.lift/bounds holds
;; rule: values.lift/align does not hold
(assert_trap (invoke "bytes" (u32.const 0xffff)) "values.lift/bounds")
