;; The host itself lifts from and lowers into a 64-bit memory: addresses and lengths are eight bytes
;; each, in `realloc`'s parameters and in memory.
;; Spec: CanonicalABI.md, "Loading", "Storing", "Lifting and Lowering Values".

;; text: Lifting and Lowering Values; a list and many parameters in, a string and a tuple out
(component
  (core module $m
    (memory (export "mem") i64 1)
    (data (i64.const 0x100) "\20\01\00\00\00\00\00\00\05\00\00\00\00\00\00\00")
    (data (i64.const 0x120) "hello")
    (global $size (mut i64) (i64.const 0))
    (func (export "realloc") (param i64 i64 i64 i64) (result i64)
      (global.set $size (local.get 3))
      (i64.const 0x800))
    (func (export "at") (param i64) (result i64) (local.get 0))
    (func (export "sum") (param i64 i64) (result i64)
      (i64.add (i64.mul (global.get $size) (i64.const 100)) (i64.load8_u (local.get 0))))
    (func (export "size") (param i64) (result i64) (global.get $size)))
  (core instance $i (instantiate $m))
  (func (export "string") (param "at" u64) (result string) (canon lift (core func $i "at") (memory $i "mem")))
  (func (export "tuple") (param "at" u64) (result (tuple u64 u32))
    (canon lift (core func $i "at") (memory $i "mem")))
  (func (export "list") (param "x" (list u16)) (result u64)
    (canon lift (core func $i "sum") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "many") (param "x" (list u64 17)) (result u64)
    (canon lift (core func $i "size") (memory $i "mem") (realloc (func $i "realloc")))))

;; text: Loading; a string's address and length are eight bytes each
;; rule: values.lift/spill holds
(assert_return (invoke "string" (u64.const 0x100)) (str.const "hello"))
;; text: Loading; a tuple's fields are as wide as ever
;; rule: values.lift/spill holds
(assert_return (invoke "tuple" (u64.const 0x100)) (tuple.const (u64.const 0x120) (u32.const 5)))
;; text: Storing; `realloc` is asked for the bytes of the list with 64-bit parameters
;; rule: list.store/bounds does not hold
(assert_return (invoke "list" (list.const (u16.const 7) (u16.const 8))) (u64.const 407))
;; text: Lifting and Lowering Values; seventeen core values are stored where `realloc` says
;; rule: values.lower/spill holds
;; rule: values.lower/out-param does not hold
(assert_return
  (invoke "many" (list.const (u64.const 1) (u64.const 2) (u64.const 3) (u64.const 4) (u64.const 5)
    (u64.const 6) (u64.const 7) (u64.const 8) (u64.const 9) (u64.const 10) (u64.const 11) (u64.const 12)
    (u64.const 13) (u64.const 14) (u64.const 15) (u64.const 16) (u64.const 17)))
  (u64.const 136))
