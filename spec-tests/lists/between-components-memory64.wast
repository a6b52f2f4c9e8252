;; Lists from one 64-bit memory to another: no address, length or size is cut to 32 bits.
;; Spec: CanonicalABI.md, "Loading", "Storing".

;; text: Loading, Storing; `send` plans the address that the callee's `realloc` gives and passes a list of the
;; caller's memory; the result is the alignment and the size that `realloc` was asked for, and the first
;; eight bytes of the list that came out
(component definition $Lists
  (component $Callee
    (core module $m
      (memory (export "mem") i64 1)
      (global $next (mut i64) (i64.const 0))
      (global $align (mut i64) (i64.const 0))
      (global $size (mut i64) (i64.const 0))
      (func (export "plan") (param i64) (global.set $next (local.get 0)))
      (func (export "realloc") (param i64 i64 i64 i64) (result i64)
        (global.set $align (local.get 2))
        (global.set $size (local.get 3))
        (global.get $next))
      (func (export "take") (param i64 i64) (result i64)
        (if (result i64) (i64.eqz (local.get 1))
          (then (i64.const 0))
          (else (i64.load (local.get 0)))))
      (func (export "align") (result i64) (global.get $align))
      (func (export "size") (result i64) (global.get $size)))
    (core instance $i (instantiate $m))
    (func (export "plan") (param "address" u64) (canon lift (core func $i "plan")))
    (func (export "align") (result u64) (canon lift (core func $i "align")))
    (func (export "size") (result u64) (canon lift (core func $i "size")))
    (func (export "u8") (param "x" (list u8)) (result u64)
      (canon lift (core func $i "take") (memory $i "mem") (realloc (func $i "realloc"))))
    (func (export "u64") (param "x" (list u64)) (result u64)
      (canon lift (core func $i "take") (memory $i "mem") (realloc (func $i "realloc"))))
    (func (export "bool") (param "x" (list bool)) (result u64)
      (canon lift (core func $i "take") (memory $i "mem") (realloc (func $i "realloc"))))
    (func (export "char") (param "x" (list char)) (result u64)
      (canon lift (core func $i "take") (memory $i "mem") (realloc (func $i "realloc"))))
    (func (export "option") (param "x" (list (option u16))) (result u64)
      (canon lift (core func $i "take") (memory $i "mem") (realloc (func $i "realloc")))))
  (component $Caller
    (import "u8" (func $u8 (param "x" (list u8)) (result u64)))
    (import "u64" (func $u64 (param "x" (list u64)) (result u64)))
    (import "bool" (func $bool (param "x" (list bool)) (result u64)))
    (import "char" (func $char (param "x" (list char)) (result u64)))
    (import "option" (func $option (param "x" (list (option u16))) (result u64)))
    (core module $memory
      (memory (export "mem") i64 1)
      (data (i64.const 0x100) "\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f\10")
      (data (i64.const 0x200) "\00\01\02\80\ff\00\00\00")
      ;; the highest character and the first after the surrogates, then the last surrogate
      (data (i64.const 0x300) "\ff\ff\10\00\00\e0\00\00\ff\df\00\00")
      ;; an option with stray bytes around it, then one of no case
      (data (i64.const 0x400) "\01\ff\05\00\00\ff\ff\ff\02\00\00\00"))
    (core instance $mem (instantiate $memory))
    (core func $u8' (canon lower (func $u8) (memory $mem "mem")))
    (core func $u64' (canon lower (func $u64) (memory $mem "mem")))
    (core func $bool' (canon lower (func $bool) (memory $mem "mem")))
    (core func $char' (canon lower (func $char) (memory $mem "mem")))
    (core func $option' (canon lower (func $option) (memory $mem "mem")))
    (func (export "u8") (param "at" u64) (param "length" u64) (result u64) (canon lift (core func $u8')))
    (func (export "u64") (param "at" u64) (param "length" u64) (result u64) (canon lift (core func $u64')))
    (func (export "bool") (param "at" u64) (param "length" u64) (result u64) (canon lift (core func $bool')))
    (func (export "char") (param "at" u64) (param "length" u64) (result u64) (canon lift (core func $char')))
    (func (export "option") (param "at" u64) (param "length" u64) (result u64) (canon lift (core func $option'))))
  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller
    (with "u8" (func $callee "u8"))
    (with "u64" (func $callee "u64"))
    (with "bool" (func $callee "bool"))
    (with "char" (func $callee "char"))
    (with "option" (func $callee "option"))))
  (export "plan" (func $callee "plan"))
  (export "align" (func $callee "align"))
  (export "size" (func $callee "size"))
  (export "u8" (func $caller "u8"))
  (export "u64" (func $caller "u64"))
  (export "bool" (func $caller "bool"))
  (export "char" (func $caller "char"))
  (export "option" (func $caller "option")))

;; text: Loading; a fresh instance
(component instance $i $Lists)
;; text: Storing; the address to give
(invoke "plan" (u64.const 0x1001))
;; text: Storing; bytes are copied, from an odd address to an odd address
;; rule: list.load/limit does not hold
;; rule: list.load/align does not hold
;; rule: list.load/bounds does not hold
;; rule: list.store/align does not hold
;; rule: list.store/bounds does not hold
(assert_return (invoke "u8" (u64.const 0x101) (u64.const 8)) (u64.const 0x908070605040302))
;; text: Storing; what `realloc` was asked for
(assert_return (invoke "align") (u64.const 1))
;; text: Storing; what `realloc` was asked for
(assert_return (invoke "size") (u64.const 8))
;; text: Storing; the address to give
(invoke "plan" (u64.const 0x1008))
;; text: Storing; longs are copied
;; rule: list.load/limit does not hold
;; rule: list.load/align does not hold
;; rule: list.load/bounds does not hold
;; rule: list.store/align does not hold
;; rule: list.store/bounds does not hold
(assert_return (invoke "u64" (u64.const 0x108) (u64.const 1)) (u64.const 0x100f0e0d0c0b0a09))
;; text: Storing; what `realloc` was asked for
(assert_return (invoke "align") (u64.const 8))
;; text: Storing; what `realloc` was asked for
(assert_return (invoke "size") (u64.const 8))
;; text: Storing; no elements: `realloc` is called all the same
(assert_return (invoke "u64" (u64.const 0x100) (u64.const 0)) (u64.const 0x0))
;; text: Storing; what `realloc` was asked for
(assert_return (invoke "align") (u64.const 8))
;; text: Storing; what `realloc` was asked for
(assert_return (invoke "size") (u64.const 0))
;; text: Storing; every byte but zero is true, and true is stored as 1
(assert_return (invoke "bool" (u64.const 0x200) (u64.const 8)) (u64.const 0x101010100))
;; text: Storing; characters are copied
;; rule: char/range does not hold
;; rule: char/surrogate does not hold
(assert_return (invoke "char" (u64.const 0x300) (u64.const 2)) (u64.const 0xe0000010ffff))
;; text: Storing; the byte between the parts of an option stays what it was, and what follows it too
;; rule: variant.load/payload holds
;; rule: variant.store/payload holds
(assert_return (invoke "option" (u64.const 0x400) (u64.const 1)) (u64.const 0xe0000005ff01))
;; text: Storing; the address to give
(invoke "plan" (u64.const 0xfff8))
;; text: Storing; the list ends where the memory ends
;; rule: list.load/bounds does not hold
;; rule: list.store/bounds does not hold
(assert_return (invoke "u64" (u64.const 0xfff8) (u64.const 1)) (u64.const 0x0))

;; text: Storing; the address to give
(invoke "plan" (u64.const 0x1000))
;; text: Loading; the caller's list is not aligned
;; rule: list.load/align holds
(assert_trap (invoke "u64" (u64.const 0x104) (u64.const 0x1)) "list.load/align")

;; text: Loading; a fresh instance
(component instance $i $Lists)
;; text: Storing; the address to give
(invoke "plan" (u64.const 0x1000))
;; text: Loading; the caller's list ends past the end of its memory
;; rule: list.load/bounds holds
(assert_trap (invoke "u8" (u64.const 0xfff9) (u64.const 0x8)) "list.load/bounds")

;; text: Loading; a fresh instance
(component instance $i $Lists)
;; text: Storing; the address to give
(invoke "plan" (u64.const 0x1000))
;; text: Loading; the end of the caller's list does not wrap around
;; rule: list.load/bounds holds
(assert_trap (invoke "u8" (u64.const 0xffffffffffffffff) (u64.const 0x2)) "list.load/bounds")

;; text: Loading; a fresh instance
(component instance $i $Lists)
;; text: Storing; the address to give
(invoke "plan" (u64.const 0x1004))
;; text: Storing; the callee's range is not aligned
;; rule: list.store/align holds
(assert_trap (invoke "u64" (u64.const 0x100) (u64.const 0x1)) "list.store/align")

;; text: Loading; a fresh instance
(component instance $i $Lists)
;; text: Storing; the address to give
(invoke "plan" (u64.const 0x1004))
;; text: Storing; the callee's range is not aligned, even for no elements
;; rule: list.store/align holds
(assert_trap (invoke "u64" (u64.const 0x100) (u64.const 0x0)) "list.store/align")

;; text: Loading; a fresh instance
(component instance $i $Lists)
;; text: Storing; the address to give
(invoke "plan" (u64.const 0xfff9))
;; text: Storing; the callee's range ends past the end of its memory
;; rule: list.store/bounds holds
(assert_trap (invoke "u8" (u64.const 0x100) (u64.const 0x8)) "list.store/bounds")

;; text: Loading; a fresh instance
(component instance $i $Lists)
;; text: Storing; the address to give
(invoke "plan" (u64.const 0xffffffffffffffff))
;; text: Storing; the end of the callee's range does not wrap around
;; rule: list.store/bounds holds
(assert_trap (invoke "u8" (u64.const 0x100) (u64.const 0x8)) "list.store/bounds")

;; text: Loading; a fresh instance
(component instance $i $Lists)
;; text: Storing; the address to give
(invoke "plan" (u64.const 0x1000))
;; text: Loading; a list holds a surrogate
;; rule: char/surrogate holds
(assert_trap (invoke "char" (u64.const 0x304) (u64.const 0x2)) "char/surrogate")

;; text: Loading; a fresh instance
(component instance $i $Lists)
;; text: Storing; the address to give
(invoke "plan" (u64.const 0x1000))
;; text: Loading; a list holds what is no code point
;; rule: char/range holds
(assert_trap (invoke "char" (u64.const 0x100) (u64.const 0x1)) "char/range")

;; text: Loading; a fresh instance
(component instance $i $Lists)
;; text: Storing; the address to give
(invoke "plan" (u64.const 0x1000))
;; text: Loading; a list holds a discriminant of no case
;; rule: variant.load/case holds
(assert_trap (invoke "option" (u64.const 0x408) (u64.const 0x1)) "variant.load/case")

;; text: Loading; a fresh instance
(component instance $i $Lists)
;; text: Storing; the address to give
(invoke "plan" (u64.const 0x1000))
;; text: Loading; an address past 2^32 is not cut to 32 bits
;; rule: list.load/bounds holds
(assert_trap (invoke "u8" (u64.const 0x100000100) (u64.const 0x8)) "list.load/bounds")

;; text: Loading; a fresh instance
(component instance $i $Lists)
;; text: Storing; the address to give
(invoke "plan" (u64.const 0x1000))
;; text: Loading; a length past 2^32 is not cut to 32 bits
;; rule: list.load/limit holds
(assert_trap (invoke "u8" (u64.const 0x100) (u64.const 0x100000000)) "list.load/limit")

;; text: Loading; a fresh instance
(component instance $i $Lists)
;; text: Storing; the address to give
(invoke "plan" (u64.const 0x1000))
;; text: Loading; length times size is not cut to 64 bits
;; rule: list.load/limit holds
(assert_trap (invoke "u64" (u64.const 0x100) (u64.const 0x2000000000000000)) "list.load/limit")

;; text: Loading; a fresh instance
(component instance $i $Lists)
;; text: Storing; the address to give
(invoke "plan" (u64.const 0x100001000))
;; text: Storing; the callee's address is not cut to 32 bits
;; rule: list.store/bounds holds
(assert_trap (invoke "u8" (u64.const 0x100) (u64.const 0x8)) "list.store/bounds")
