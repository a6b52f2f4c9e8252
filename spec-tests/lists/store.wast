;; Lists into memory: one call of `realloc` for exactly the elements, then the elements in turn, each
;; with what it holds; the address must be aligned and the range within the memory.
;; Spec: CanonicalABI.md, "Storing".

;; text: Storing; `plan` says which addresses `realloc` gives, the other functions return its calls: old
;; address and size, alignment and new size, then the list's address and length
(component definition $Lists
  (core module $m
    (memory (export "mem") 1)
    (global $calls (mut i32) (i32.const 0))
    (global $list (mut i32) (i32.const 0))
    (func (export "plan") (param i32 i32 i32)
      (i32.store (i32.const 0) (local.get 0))
      (i32.store (i32.const 4) (local.get 1))
      (i32.store (i32.const 8) (local.get 2))
      (global.set $calls (i32.const 0)))
    (func (export "realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
      (local $log i32)
      (local.set $log (i32.add (i32.const 0x100) (i32.mul (global.get $calls) (i32.const 16))))
      (i32.store (local.get $log) (local.get $old))
      (i32.store offset=4 (local.get $log) (local.get $old-size))
      (i32.store offset=8 (local.get $log) (local.get $align))
      (i32.store offset=12 (local.get $log) (local.get $size))
      (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (i32.load (i32.mul (i32.sub (global.get $calls) (i32.const 1)) (i32.const 4))))
    (func (export "take") (param $ptr i32) (param $len i32) (result i32)
      (local $log i32)
      (local.set $log (i32.add (i32.const 0x100) (i32.mul (global.get $calls) (i32.const 16))))
      (i32.store (local.get $log) (local.get $ptr))
      (i32.store offset=4 (local.get $log) (local.get $len))
      (global.set $list (local.get $ptr))
      (i32.store (i32.const 0x80) (i32.const 0x100))
      (i32.store (i32.const 0x84) (i32.add (i32.const 2) (i32.mul (global.get $calls) (i32.const 4))))
      (i32.const 0x80))
    (func (export "words") (param $n i32) (result i32)
      (i32.store (i32.const 0x80) (global.get $list))
      (i32.store (i32.const 0x84) (local.get $n))
      (i32.const 0x80)))
  (core instance $i (instantiate $m))
  (func (export "plan") (param "first" u32) (param "second" u32) (param "third" u32)
    (canon lift (core func $i "plan")))
  (func (export "u8") (param "x" (list u8)) (result (list u32))
    (canon lift (core func $i "take") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "u16") (param "x" (list u16)) (result (list u32))
    (canon lift (core func $i "take") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "u64") (param "x" (list u64)) (result (list u32))
    (canon lift (core func $i "take") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "u16s") (param "x" (list (list u16))) (result (list u32))
    (canon lift (core func $i "take") (memory $i "mem") (realloc (func $i "realloc"))))
  ;; the first words of the list that was received last
  (func (export "words") (param "n" u32) (result (list u32))
    (canon lift (core func $i "words") (memory $i "mem"))))

;; text: Storing; a fresh instance
(component instance $i $Lists)

;; text: Storing; the addresses to give
(invoke "plan" (u32.const 0x1001) (u32.const 0) (u32.const 0))
;; text: Storing; bytes may be anywhere
;; rule: list.store/align does not hold
;; rule: list.store/bounds does not hold
(assert_return (invoke "u8" (list.const (u8.const 1) (u8.const 2) (u8.const 3) (u8.const 4)))
  (list.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 4)
    (u32.const 0x1001) (u32.const 4)))

;; text: Storing; the addresses to give
(invoke "plan" (u32.const 0x1000) (u32.const 0) (u32.const 0))
;; text: Storing; the bytes are those of the elements
;; rule: list.store/align does not hold
;; rule: list.store/bounds does not hold
(assert_return (invoke "u8" (list.const (u8.const 1) (u8.const 2) (u8.const 3) (u8.const 4)))
  (list.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 4)
    (u32.const 0x1000) (u32.const 4)))
;; text: Storing; what is there now
(assert_return (invoke "words" (u32.const 1)) (list.const (u32.const 0x4030201)))

;; text: Storing; the addresses to give
(invoke "plan" (u32.const 0x1000) (u32.const 0) (u32.const 0))
;; text: Storing; no elements: `realloc` is called all the same
;; rule: list.store/align does not hold
;; rule: list.store/bounds does not hold
(assert_return (invoke "u64" (list.const))
  (list.const (u32.const 0) (u32.const 0) (u32.const 8) (u32.const 0)
    (u32.const 0x1000) (u32.const 0)))

;; text: Storing; the addresses to give
(invoke "plan" (u32.const 0x1002) (u32.const 0) (u32.const 0))
;; text: Storing; two bytes an element
;; rule: list.store/align does not hold
;; rule: list.store/bounds does not hold
(assert_return (invoke "u16" (list.const (u16.const 1) (u16.const 2) (u16.const 3)))
  (list.const (u32.const 0) (u32.const 0) (u32.const 2) (u32.const 6)
    (u32.const 0x1002) (u32.const 3)))

;; text: Storing; the addresses to give
(invoke "plan" (u32.const 0x1008) (u32.const 0) (u32.const 0))
;; text: Storing; eight bytes an element
;; rule: list.store/align does not hold
;; rule: list.store/bounds does not hold
(assert_return (invoke "u64" (list.const (u64.const 0x0807060504030201) (u64.const 9)))
  (list.const (u32.const 0) (u32.const 0) (u32.const 8) (u32.const 0x10)
    (u32.const 0x1008) (u32.const 2)))
;; text: Storing; what is there now
(assert_return (invoke "words" (u32.const 4)) (list.const (u32.const 0x4030201) (u32.const 0x8070605) (u32.const 9) (u32.const 0)))

;; text: Storing; the addresses to give
(invoke "plan" (u32.const 0xfffc) (u32.const 0) (u32.const 0))
;; text: Storing; the list ends where the memory ends
;; rule: list.store/bounds does not hold
(assert_return (invoke "u8" (list.const (u8.const 1) (u8.const 2) (u8.const 3) (u8.const 4)))
  (list.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 4)
    (u32.const 0xfffc) (u32.const 4)))
;; text: Storing; what is there now
(assert_return (invoke "words" (u32.const 1)) (list.const (u32.const 0x4030201)))

;; text: Storing; the addresses to give
(invoke "plan" (u32.const 0x10000) (u32.const 0) (u32.const 0))
;; text: Storing; no elements at the very end of the memory
;; rule: list.store/bounds does not hold
(assert_return (invoke "u64" (list.const))
  (list.const (u32.const 0) (u32.const 0) (u32.const 8) (u32.const 0)
    (u32.const 0x10000) (u32.const 0)))

;; text: Storing; the addresses to give
(invoke "plan" (u32.const 0x1000) (u32.const 0x2000) (u32.const 0x3000))
;; text: Storing; first the list itself, then what each element holds
;; rule: list.store/align does not hold
;; rule: list.store/bounds does not hold
(assert_return (invoke "u16s" (list.const
    (list.const (u16.const 1) (u16.const 2)) (list.const (u16.const 3))))
  (list.const (u32.const 0) (u32.const 0) (u32.const 4) (u32.const 0x10)
    (u32.const 0) (u32.const 0) (u32.const 2) (u32.const 4)
    (u32.const 0) (u32.const 0) (u32.const 2) (u32.const 2)
    (u32.const 0x1000) (u32.const 2)))
;; text: Storing; what is there now
(assert_return (invoke "words" (u32.const 4)) (list.const (u32.const 0x2000) (u32.const 2) (u32.const 0x3000) (u32.const 1)))

;; text: Storing; the addresses to give
(invoke "plan" (u32.const 0x1001) (u32.const 0) (u32.const 0))
;; text: Storing; two bytes an element: an odd address is not aligned
;; rule: list.store/align holds
(assert_trap (invoke "u16" (list.const (u16.const 1))) "list.store/align")

;; text: Storing; a fresh instance
(component instance $i $Lists)

;; text: Storing; the addresses to give
(invoke "plan" (u32.const 0x1001) (u32.const 0) (u32.const 0))
;; text: Storing; an address is not aligned, even for no elements
;; rule: list.store/align holds
(assert_trap (invoke "u16" (list.const)) "list.store/align")

;; text: Storing; a fresh instance
(component instance $i $Lists)

;; text: Storing; the addresses to give
(invoke "plan" (u32.const 0x1004) (u32.const 0) (u32.const 0))
;; text: Storing; eight bytes an element: four is not enough
;; rule: list.store/align holds
(assert_trap (invoke "u64" (list.const (u64.const 1))) "list.store/align")

;; text: Storing; a fresh instance
(component instance $i $Lists)

;; text: Storing; the addresses to give
(invoke "plan" (u32.const 0xfffd) (u32.const 0) (u32.const 0))
;; text: Storing; the list ends past the end of the memory
;; rule: list.store/bounds holds
;; rule: list.store/align does not hold
(assert_trap (invoke "u8" (list.const (u8.const 1) (u8.const 2) (u8.const 3) (u8.const 4))) "list.store/bounds")

;; text: Storing; a fresh instance
(component instance $i $Lists)

;; text: Storing; the addresses to give
(invoke "plan" (u32.const 0x10001) (u32.const 0) (u32.const 0))
;; text: Storing; no elements past the end of the memory
;; rule: list.store/bounds holds
;; rule: list.store/align does not hold
(assert_trap (invoke "u8" (list.const)) "list.store/bounds")

;; text: Storing; a fresh instance
(component instance $i $Lists)

;; text: Storing; the addresses to give
(invoke "plan" (u32.const 0xfff8) (u32.const 0) (u32.const 0))
;; text: Storing; the size of the elements counts
;; rule: list.store/bounds holds
;; rule: list.store/align does not hold
(assert_trap (invoke "u64" (list.const (u64.const 1) (u64.const 2))) "list.store/bounds")

;; text: Storing; a fresh instance
(component instance $i $Lists)

;; text: Storing; the addresses to give
(invoke "plan" (u32.const 0xfffffffe) (u32.const 0) (u32.const 0))
;; text: Storing; the end of the list does not wrap around
;; rule: list.store/bounds holds
;; rule: list.store/align does not hold
(assert_trap (invoke "u16" (list.const (u16.const 1) (u16.const 2))) "list.store/bounds")

;; text: Storing; a fresh instance
(component instance $i $Lists)

;; text: Storing; the addresses to give
(invoke "plan" (u32.const 0x1000) (u32.const 0x2001) (u32.const 0))
;; text: Storing; an inner list is checked as well
;; rule: list.store/align holds
(assert_trap (invoke "u16s" (list.const (list.const (u16.const 1)))) "list.store/align")

;; text: Storing; a fresh instance
(component instance $i $Lists)

;; text: Storing; the addresses to give
(invoke "plan" (u32.const 0x1000) (u32.const 0xfffe) (u32.const 0))
;; text: Storing; an inner list is checked as well
;; rule: list.store/bounds holds
(assert_trap (invoke "u16s" (list.const (list.const (u16.const 1) (u16.const 2)))) "list.store/bounds")
