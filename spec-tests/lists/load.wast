;; Lists out of memory: aligned as their elements are, within the memory, below 2^28 bytes.
;; Spec: CanonicalABI.md, "Loading".

;; text: Loading; each function returns the list at an address, of a length
(component definition $Lists
  (core module $m
    (memory (export "mem") 1)
    (data (i32.const 0x100) "\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f\10")
    (data (i32.const 0xfffc) "\01\02\03\04")
    ;; two strings: three bytes at 0x200 and two at 0x203
    (data (i32.const 0x110) "\00\02\00\00\03\00\00\00\03\02\00\00\02\00\00\00")
    (data (i32.const 0x200) "abcde")
    (func (export "get") (param $at i32) (param $length i32) (result i32)
      (i32.store (i32.const 0x80) (local.get $at))
      (i32.store (i32.const 0x84) (local.get $length))
      (i32.const 0x80)))
  (core instance $i (instantiate $m))
  (func (export "u8") (param "at" u32) (param "length" u32) (result (list u8))
    (canon lift (core func $i "get") (memory $i "mem")))
  (func (export "u16") (param "at" u32) (param "length" u32) (result (list u16))
    (canon lift (core func $i "get") (memory $i "mem")))
  (func (export "u64") (param "at" u32) (param "length" u32) (result (list u64))
    (canon lift (core func $i "get") (memory $i "mem")))
  (func (export "tuple") (param "at" u32) (param "length" u32) (result (list (tuple u16 u8)))
    (canon lift (core func $i "get") (memory $i "mem")))
  (func (export "string") (param "at" u32) (param "length" u32) (result (list string))
    (canon lift (core func $i "get") (memory $i "mem"))))

;; text: Loading; a fresh instance
(component instance $i $Lists)
;; text: Loading; bytes, at an odd address
;; rule: list.load/limit does not hold
;; rule: list.load/align does not hold
;; rule: list.load/bounds does not hold
(assert_return (invoke "u8" (u32.const 0x101) (u32.const 3))
  (list.const (u8.const 2) (u8.const 3) (u8.const 4)))
;; text: Loading; no elements
;; rule: list.load/limit does not hold
;; rule: list.load/align does not hold
;; rule: list.load/bounds does not hold
(assert_return (invoke "u64" (u32.const 0x100) (u32.const 0))
  (list.const))
;; text: Loading; two bytes an element
;; rule: list.load/limit does not hold
;; rule: list.load/align does not hold
;; rule: list.load/bounds does not hold
(assert_return (invoke "u16" (u32.const 0x102) (u32.const 2))
  (list.const (u16.const 0x0403) (u16.const 0x0605)))
;; text: Loading; eight bytes an element
;; rule: list.load/limit does not hold
;; rule: list.load/align does not hold
;; rule: list.load/bounds does not hold
(assert_return (invoke "u64" (u32.const 0x100) (u32.const 2))
  (list.const (u64.const 0x0807060504030201) (u64.const 0x100f0e0d0c0b0a09)))
;; text: Loading; elements of three bytes lie four bytes apart
;; rule: list.load/limit does not hold
;; rule: list.load/align does not hold
;; rule: list.load/bounds does not hold
(assert_return (invoke "tuple" (u32.const 0x100) (u32.const 2))
  (list.const
    (tuple.const (u16.const 0x0201) (u8.const 3))
    (tuple.const (u16.const 0x0605) (u8.const 7))))
;; text: Loading; the elements are loaded in turn
;; rule: list.load/limit does not hold
;; rule: list.load/align does not hold
;; rule: list.load/bounds does not hold
(assert_return (invoke "string" (u32.const 0x110) (u32.const 2))
  (list.const (str.const "abc") (str.const "de")))
;; text: Loading; the list ends where the memory ends
;; rule: list.load/bounds does not hold
(assert_return (invoke "u8" (u32.const 0xfffc) (u32.const 4))
  (list.const (u8.const 1) (u8.const 2) (u8.const 3) (u8.const 4)))
;; text: Loading; no elements at the very end of the memory
;; rule: list.load/bounds does not hold
(assert_return (invoke "u64" (u32.const 0x10000) (u32.const 0))
  (list.const))

;; text: Loading; two bytes an element: an odd address is not aligned
;; rule: list.load/align holds
;; rule: list.load/limit does not hold
(assert_trap (invoke "u16" (u32.const 0x101) (u32.const 1)) "list.load/align")

;; text: Loading; a fresh instance
(component instance $i $Lists)

;; text: Loading; an address is not aligned, even for no elements
;; rule: list.load/align holds
;; rule: list.load/limit does not hold
(assert_trap (invoke "u16" (u32.const 0x101) (u32.const 0)) "list.load/align")

;; text: Loading; a fresh instance
(component instance $i $Lists)

;; text: Loading; eight bytes an element: four is not enough
;; rule: list.load/align holds
(assert_trap (invoke "u64" (u32.const 0x104) (u32.const 1)) "list.load/align")

;; text: Loading; a fresh instance
(component instance $i $Lists)

;; text: Loading; a tuple is aligned as its most aligned field
;; rule: list.load/align holds
(assert_trap (invoke "tuple" (u32.const 0x101) (u32.const 1)) "list.load/align")

;; text: Loading; a fresh instance
(component instance $i $Lists)

;; text: Loading; a list of strings is aligned as a pointer is
;; rule: list.load/align holds
(assert_trap (invoke "string" (u32.const 0x112) (u32.const 1)) "list.load/align")

;; text: Loading; a fresh instance
(component instance $i $Lists)

;; text: Loading; the list ends past the end of the memory
;; rule: list.load/bounds holds
;; rule: list.load/limit does not hold
;; rule: list.load/align does not hold
(assert_trap (invoke "u8" (u32.const 0xfffc) (u32.const 5)) "list.load/bounds")

;; text: Loading; a fresh instance
(component instance $i $Lists)

;; text: Loading; no elements past the end of the memory
;; rule: list.load/bounds holds
;; rule: list.load/limit does not hold
;; rule: list.load/align does not hold
(assert_trap (invoke "u8" (u32.const 0x10001) (u32.const 0)) "list.load/bounds")

;; text: Loading; a fresh instance
(component instance $i $Lists)

;; text: Loading; the size of the elements counts
;; rule: list.load/bounds holds
(assert_trap (invoke "u64" (u32.const 0xfff8) (u32.const 2)) "list.load/bounds")

;; text: Loading; a fresh instance
(component instance $i $Lists)

;; text: Loading; the padding of the last element counts
;; rule: list.load/bounds holds
(assert_trap (invoke "tuple" (u32.const 0xfffe) (u32.const 1)) "list.load/bounds")

;; text: Loading; a fresh instance
(component instance $i $Lists)

;; text: Loading; the end of the list does not wrap around
;; rule: list.load/bounds holds
;; rule: list.load/align does not hold
(assert_trap (invoke "u16" (u32.const 0xfffffffe) (u32.const 2)) "list.load/bounds")

;; text: Loading; a fresh instance
(component instance $i $Lists)

;; text: Loading; as many bytes as a list may have, which this memory does not hold
;; rule: list.load/bounds holds
;; rule: list.load/limit does not hold
(assert_trap (invoke "u8" (u32.const 0x0) (u32.const 0xfffffff)) "list.load/bounds")

;; text: Loading; a fresh instance
(component instance $i $Lists)

;; text: Loading; a byte more than a list may have
;; rule: list.load/limit holds
(assert_trap (invoke "u8" (u32.const 0x0) (u32.const 0x10000000)) "list.load/limit")

;; text: Loading; a fresh instance
(component instance $i $Lists)

;; text: Loading; as many elements of eight bytes as a list may have
;; rule: list.load/bounds holds
;; rule: list.load/limit does not hold
(assert_trap (invoke "u64" (u32.const 0x0) (u32.const 0x1ffffff)) "list.load/bounds")

;; text: Loading; a fresh instance
(component instance $i $Lists)

;; text: Loading; an element of eight bytes more than a list may have
;; rule: list.load/limit holds
(assert_trap (invoke "u64" (u32.const 0x0) (u32.const 0x2000000)) "list.load/limit")

;; text: Loading; a fresh instance
(component instance $i $Lists)

;; text: Loading; as many elements of four bytes as a list may have
;; rule: list.load/bounds holds
;; rule: list.load/limit does not hold
(assert_trap (invoke "tuple" (u32.const 0x0) (u32.const 0x3ffffff)) "list.load/bounds")

;; text: Loading; a fresh instance
(component instance $i $Lists)

;; text: Loading; an element of four bytes more than a list may have
;; rule: list.load/limit holds
(assert_trap (invoke "tuple" (u32.const 0x0) (u32.const 0x4000000)) "list.load/limit")

;; text: Loading; a fresh instance
(component instance $i $Lists)

;; text: Loading; length times size is not cut to 32 bits
;; rule: list.load/limit holds
(assert_trap (invoke "u64" (u32.const 0x100) (u32.const 0x20000000)) "list.load/limit")
