;; With 64-bit memories: a lowered import of more than sixteen core values takes the 64-bit address of a
;; tuple; with more than one core value of a result, the caller gives the 64-bit address to store at.
;; Spec: CanonicalABI.md, "Flattening", "Lifting and Lowering Values".

;; text: Flattening; the callee adds parameters up, and gives results, by flat values and by memory
(component definition $Imports
  (component $Callee
    (core module $m
      (memory (export "mem") i64 1)
      (data (i64.const 0x100) "\01\00\00\00\02\00\00\00")
      (func (export "realloc") (param i64 i64 i64 i64) (result i64) (i64.const 0x800))
      (func (export "seventeen") (param i64) (result i32)
        (i32.add (i32.mul (i32.load (local.get 0)) (i32.const 100)) (i32.load offset=64 (local.get 0))))
      (func (export "two") (result i64) (i64.const 0x100)))
    (core instance $i (instantiate $m))
    (func (export "seventeen")
      (param "p0" u32) (param "p1" u32) (param "p2" u32) (param "p3" u32) (param "p4" u32)
      (param "p5" u32) (param "p6" u32) (param "p7" u32) (param "p8" u32) (param "p9" u32)
      (param "p10" u32) (param "p11" u32) (param "p12" u32) (param "p13" u32)
      (param "p14" u32) (param "p15" u32) (param "p16" u32)
      (result u32)
      (canon lift (core func $i "seventeen") (memory $i "mem") (realloc (func $i "realloc"))))
    (func (export "two") (result (tuple u32 u32)) (canon lift (core func $i "two") (memory $i "mem"))))
  (component $Caller
    (import "seventeen" (func $seventeen
      (param "p0" u32) (param "p1" u32) (param "p2" u32) (param "p3" u32) (param "p4" u32)
      (param "p5" u32) (param "p6" u32) (param "p7" u32) (param "p8" u32) (param "p9" u32)
      (param "p10" u32) (param "p11" u32) (param "p12" u32) (param "p13" u32)
      (param "p14" u32) (param "p15" u32) (param "p16" u32)
      (result u32)))
    (import "two" (func $two (result (tuple u32 u32))))
    (core module $memory
      (memory (export "mem") i64 1)
      ;; seventeen words count up from 1 at 0x100, and others end where the memory ends
      (data (i64.const 0x100) "\01\00\00\00\02\00\00\00\03\00\00\00\04\00\00\00\05\00\00\00\06\00\00\00\07\00\00\00\08\00\00\00\09\00\00\00\0a\00\00\00\0b\00\00\00\0c\00\00\00\0d\00\00\00\0e\00\00\00\0f\00\00\00\10\00\00\00\11\00\00\00")
      (data (i64.const 0xffbc) "\03\00\00\00")
      (data (i64.const 0xfffc) "\07\00\00\00"))
    (core instance $mem (instantiate $memory))
    (core func $seventeen' (canon lower (func $seventeen) (memory $mem "mem")))
    (core func $two' (canon lower (func $two) (memory $mem "mem")))
    (core module $m
      (import "" "mem" (memory i64 1))
      (import "" "two" (func $two (param i64)))
      ;; the two words at the address that was given
      (func (export "two") (param i64) (result i64)
        (call $two (local.get 0))
        (i64.load (local.get 0))))
    (core instance $i (instantiate $m (with "" (instance
      (export "mem" (memory $mem "mem")) (export "two" (func $two'))))))
    (func (export "seventeen") (param "at" u64) (result u32) (canon lift (core func $seventeen')))
    (func (export "two") (param "at" u64) (result u64) (canon lift (core func $i "two"))))
  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller
    (with "seventeen" (func $callee "seventeen"))
    (with "two" (func $callee "two"))))
  (export "seventeen" (func $caller "seventeen"))
  (export "two" (func $caller "two")))

;; text: Lifting and Lowering Values; a fresh instance
(component instance $i $Imports)
;; text: Lifting and Lowering Values; seventeen lie in the caller's memory
;; rule: values.lift/spill holds
;; rule: values.lift/align does not hold
;; rule: values.lift/bounds does not hold
(assert_return (invoke "seventeen" (u64.const 0x100)) (u32.const 117))
;; text: Lifting and Lowering Values; the tuple ends where the memory ends
;; rule: values.lift/bounds does not hold
(assert_return (invoke "seventeen" (u64.const 0xffbc)) (u32.const 307))
;; text: Lifting and Lowering Values; the results are stored where the caller wants them
;; rule: values.lower/spill holds
;; rule: values.lower/out-param holds
;; rule: values.lower/align does not hold
;; rule: values.lower/bounds does not hold
(assert_return (invoke "two" (u64.const 0x804)) (u64.const 0x2_0000_0001))
;; text: Lifting and Lowering Values; the tuple of the results ends where the memory ends
;; rule: values.lower/out-param holds
;; rule: values.lower/bounds does not hold
(assert_return (invoke "two" (u64.const 0xfff8)) (u64.const 0x2_0000_0001))

;; text: Lifting and Lowering Values; the address of the parameters is not aligned
;; rule: values.lift/align holds
;; rule: values.lift/spill holds
(assert_trap (invoke "seventeen" (u64.const 0x102)) "values.lift/align")

;; text: Lifting and Lowering Values; a fresh instance
(component instance $i $Imports)
;; text: Lifting and Lowering Values; the parameters end past the end of the memory
;; rule: values.lift/bounds holds
;; rule: values.lift/spill holds
(assert_trap (invoke "seventeen" (u64.const 0xffc0)) "values.lift/bounds")

;; text: Lifting and Lowering Values; a fresh instance
(component instance $i $Imports)
;; text: Lifting and Lowering Values; the end of the parameters does not wrap around
;; rule: values.lift/bounds holds
;; rule: values.lift/spill holds
(assert_trap (invoke "seventeen" (u64.const 0xfffffffffffffffc)) "values.lift/bounds")

;; text: Lifting and Lowering Values; a fresh instance
(component instance $i $Imports)
;; text: Lifting and Lowering Values; the address for the results is not aligned
;; rule: values.lower/align holds
;; rule: values.lower/out-param holds
(assert_trap (invoke "two" (u64.const 0x802)) "values.lower/align")

;; text: Lifting and Lowering Values; a fresh instance
(component instance $i $Imports)
;; text: Lifting and Lowering Values; the results end past the end of the memory
;; rule: values.lower/bounds holds
;; rule: values.lower/out-param holds
(assert_trap (invoke "two" (u64.const 0xfffc)) "values.lower/bounds")

;; text: Lifting and Lowering Values; a fresh instance
(component instance $i $Imports)
;; text: Lifting and Lowering Values; the end of the results does not wrap around
;; rule: values.lower/bounds holds
;; rule: values.lower/out-param holds
(assert_trap (invoke "two" (u64.const 0xfffffffffffffffc)) "values.lower/bounds")

;; text: Lifting and Lowering Values; a fresh instance
(component instance $i $Imports)
;; text: Lifting and Lowering Values; an address past 2^32 is not cut to 32 bits
;; rule: values.lift/bounds holds
;; rule: values.lift/spill holds
(assert_trap (invoke "seventeen" (u64.const 0x1_0000_0100)) "values.lift/bounds")

;; text: Lifting and Lowering Values; a fresh instance
(component instance $i $Imports)
;; text: Lifting and Lowering Values; an address past 2^32 is not cut to 32 bits
;; rule: values.lower/bounds holds
;; rule: values.lower/out-param holds
(assert_trap (invoke "two" (u64.const 0x1_0000_0100)) "values.lower/bounds")
