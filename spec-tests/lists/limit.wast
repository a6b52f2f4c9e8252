;; No list of 2^28 bytes or more, even where the memory holds it.
;; Spec: CanonicalABI.md, "Loading" (MAX_LIST_BYTE_LENGTH).

;; text: Loading; a memory of one page more than 2^28 bytes, all zero; the callee only counts
(component definition $Lists
  (component $Callee
    (core module $m
      (memory (export "mem") 4097)
      (func (export "count") (param i32 i32) (result i32) (local.get 1))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0)))
    (core instance $i (instantiate $m))
    (func (export "u64") (param "x" (list u64)) (result u32)
      (canon lift (core func $i "count") (memory $i "mem") (realloc (func $i "realloc")))))
  (component $Caller
    (import "u64" (func $u64 (param "x" (list u64)) (result u32)))
    (core module $memory (memory (export "mem") 4097))
    (core instance $mem (instantiate $memory))
    (core func $u64' (canon lower (func $u64) (memory $mem "mem")))
    (func (export "u64") (param "at" u32) (param "length" u32) (result u32) (canon lift (core func $u64'))))
  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller (with "u64" (func $callee "u64"))))
  (export "u64" (func $caller "u64")))

;; text: Loading; a fresh instance
(component instance $i $Lists)
;; text: Loading; a short list of the same memory
;; rule: list.load/limit does not hold
(assert_return (invoke "u64" (u32.const 0x100) (u32.const 2)) (u32.const 2))
;; text: Loading; 2^25 elements of eight bytes
;; rule: list.load/limit holds
(assert_trap (invoke "u64" (u32.const 0x100) (u32.const 0x2000000)) "list.load/limit")
