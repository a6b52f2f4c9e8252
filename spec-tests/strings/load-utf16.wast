;; Strings in UTF-16: length in code units, at an even address, within the memory, below 2^28 bytes, and
;; with every surrogate in a pair.
;; Spec: CanonicalABI.md, "Loading".

;; text: Loading; `get` returns the string at an address, of a length in code units
(component definition $Strings
  (core module $m
    (memory (export "mem") 1)
    (data (i32.const 0x100) "\61\00\62\00\63\00") ;; abc
    (data (i32.const 0x120) "\e9\00\ac\20\3d\d8\00\de\ff\d7\00\e0\ff\db\ff\df") ;; characters of one and two code units, and those next to the surrogates
    (data (i32.const 0xfff8) "\74\00\61\00\69\00\6c\00") ;; up to the end of the memory
    (data (i32.const 0x140) "\61\00\3d\d8") ;; a high surrogate at the end
    (data (i32.const 0x160) "\3d\d8\61\00") ;; a high surrogate and another character
    (data (i32.const 0x180) "\00\de\61\00") ;; a low surrogate at the start
    (data (i32.const 0x1a0) "\00\de\3d\d8") ;; a low surrogate before the high one
    (data (i32.const 0x1c0) "\3d\d8\3d\d8\00\de") ;; two high surrogates
    (func (export "get") (param $at i32) (param $length i32) (result i32)
      (i32.store (i32.const 0x80) (local.get $at))
      (i32.store offset=4 (i32.const 0x80) (local.get $length))
      (i32.const 0x80)))
  (core instance $i (instantiate $m))
  (func (export "get") (param "at" u32) (param "length" u32) (result string)
    (canon lift (core func $i "get") string-encoding=utf16 (memory $i "mem"))))

;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; the length is in code units of two bytes
;; rule: string.load/limit does not hold
;; rule: string.load/align does not hold
;; rule: string.load/bounds does not hold
;; rule: string.load/encoding does not hold
(assert_return (invoke "get" (u32.const 0x100) (u32.const 3)) (str.const "abc"))

;; text: Loading; no code units
;; rule: string.load/limit does not hold
;; rule: string.load/align does not hold
;; rule: string.load/bounds does not hold
;; rule: string.load/encoding does not hold
(assert_return (invoke "get" (u32.const 0x100) (u32.const 0)) (str.const ""))

;; text: Loading; characters of one and two code units
;; rule: string.load/encoding does not hold
(assert_return (invoke "get" (u32.const 0x120) (u32.const 8)) (str.const "\u{e9}\u{20ac}\u{1f600}\u{d7ff}\u{e000}\u{10ffff}"))

;; text: Loading; a high surrogate at the end
;; rule: string.load/encoding holds
;; rule: string.load/bounds does not hold
(assert_trap (invoke "get" (u32.const 0x140) (u32.const 2)) "string.load/encoding")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; a high surrogate and another character
;; rule: string.load/encoding holds
;; rule: string.load/bounds does not hold
(assert_trap (invoke "get" (u32.const 0x160) (u32.const 2)) "string.load/encoding")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; a low surrogate at the start
;; rule: string.load/encoding holds
;; rule: string.load/bounds does not hold
(assert_trap (invoke "get" (u32.const 0x180) (u32.const 2)) "string.load/encoding")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; a low surrogate before the high one
;; rule: string.load/encoding holds
;; rule: string.load/bounds does not hold
(assert_trap (invoke "get" (u32.const 0x1a0) (u32.const 2)) "string.load/encoding")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; two high surrogates
;; rule: string.load/encoding holds
;; rule: string.load/bounds does not hold
(assert_trap (invoke "get" (u32.const 0x1c0) (u32.const 3)) "string.load/encoding")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; an odd address is not aligned
;; rule: string.load/align holds
;; rule: string.load/limit does not hold
(assert_trap (invoke "get" (u32.const 0x101) (u32.const 1)) "string.load/align")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; an odd address is not aligned, even for no code units
;; rule: string.load/align holds
;; rule: string.load/limit does not hold
(assert_trap (invoke "get" (u32.const 0x101) (u32.const 0)) "string.load/align")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; the string ends where the memory ends
;; rule: string.load/bounds does not hold
(assert_return (invoke "get" (u32.const 0xfff8) (u32.const 4)) (str.const "tail"))

;; text: Loading; no code units at the very end of the memory
;; rule: string.load/bounds does not hold
(assert_return (invoke "get" (u32.const 0x10000) (u32.const 0)) (str.const ""))

;; text: Loading; the string ends past the end of the memory
;; rule: string.load/bounds holds
;; rule: string.load/align does not hold
(assert_trap (invoke "get" (u32.const 0xfff8) (u32.const 5)) "string.load/bounds")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; no code units past the end of the memory
;; rule: string.load/bounds holds
;; rule: string.load/align does not hold
(assert_trap (invoke "get" (u32.const 0x10002) (u32.const 0)) "string.load/bounds")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; the end of the string does not wrap around
;; rule: string.load/bounds holds
;; rule: string.load/align does not hold
(assert_trap (invoke "get" (u32.const 0xfffffffe) (u32.const 2)) "string.load/bounds")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; the longest string that may be, which this memory does not hold
;; rule: string.load/bounds holds
;; rule: string.load/limit does not hold
(assert_trap (invoke "get" (u32.const 0) (u32.const 0x7ffffff)) "string.load/bounds")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; a code unit more than a string may have
;; rule: string.load/limit holds
(assert_trap (invoke "get" (u32.const 0) (u32.const 0x8000000)) "string.load/limit")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; twice the length is not cut to the width of a pointer
;; rule: string.load/limit holds
(assert_trap (invoke "get" (u32.const 0x100) (u32.const 0x80000000)) "string.load/limit")
