;; Strings in UTF-8: length in bytes, at any address, within the memory, below 2^28 bytes, and well-formed.
;; Spec: CanonicalABI.md, "Loading".

;; text: Loading; `get` returns the string at an address, of a length in code units
(component definition $Strings
  (core module $m
    (memory (export "mem") 1)
    (data (i32.const 0x100) "\61\62\63") ;; abc
    (data (i32.const 0x120) "\c3\a9\e2\82\ac\f0\9f\98\80\df\bf\ef\bf\bf\f4\8f\bf\bf") ;; two, three and four bytes a character, and the last character of each length
    (data (i32.const 0x150) "\61\00\62") ;; a zero byte is a character like any other
    (data (i32.const 0xfffc) "\74\61\69\6c") ;; up to the end of the memory
    (data (i32.const 0x170) "\61\80\62") ;; a continuation byte with nothing before it
    (data (i32.const 0x190) "\61\62\c3") ;; a character of two bytes that stops after one
    (data (i32.const 0x1b0) "\61\e2\82") ;; a character of three bytes that stops after two
    (data (i32.const 0x1d0) "\f0\9f\98") ;; a character of four bytes that stops after three
    (data (i32.const 0x1f0) "\c3\61") ;; a lead byte and no continuation
    (data (i32.const 0x210) "\c0\af") ;; an overlong slash in two bytes
    (data (i32.const 0x230) "\e0\9f\bf") ;; an overlong character in three bytes
    (data (i32.const 0x250) "\f0\8f\bf\bf") ;; an overlong character in four bytes
    (data (i32.const 0x270) "\ed\a0\80") ;; the first surrogate
    (data (i32.const 0x290) "\ed\bf\bf") ;; the last surrogate
    (data (i32.const 0x2b0) "\f4\90\80\80") ;; the first number past the code points
    (data (i32.const 0x2d0) "\ff") ;; a byte that UTF-8 never has
    (data (i32.const 0x2f0) "\ed\9f\bf") ;; the last character before the surrogates
    (data (i32.const 0x310) "\ee\80\80") ;; the first character after the surrogates
    (func (export "get") (param $at i32) (param $length i32) (result i32)
      (i32.store (i32.const 0x80) (local.get $at))
      (i32.store offset=4 (i32.const 0x80) (local.get $length))
      (i32.const 0x80)))
  (core instance $i (instantiate $m))
  (func (export "get") (param "at" u32) (param "length" u32) (result string)
    (canon lift (core func $i "get") string-encoding=utf8 (memory $i "mem"))))

;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; the length is in bytes
;; rule: string.load/limit does not hold
;; rule: string.load/align does not hold
;; rule: string.load/bounds does not hold
;; rule: string.load/encoding does not hold
(assert_return (invoke "get" (u32.const 0x100) (u32.const 3)) (str.const "abc"))

;; text: Loading; a part of what is there
;; rule: string.load/encoding does not hold
(assert_return (invoke "get" (u32.const 0x100) (u32.const 2)) (str.const "ab"))

;; text: Loading; no bytes
;; rule: string.load/limit does not hold
;; rule: string.load/align does not hold
;; rule: string.load/bounds does not hold
;; rule: string.load/encoding does not hold
(assert_return (invoke "get" (u32.const 0x100) (u32.const 0)) (str.const ""))

;; text: Loading; an odd address is as good as any
;; rule: string.load/align does not hold
(assert_return (invoke "get" (u32.const 0x101) (u32.const 2)) (str.const "bc"))

;; text: Loading; characters of two, three and four bytes
;; rule: string.load/encoding does not hold
(assert_return (invoke "get" (u32.const 0x120) (u32.const 0x12)) (str.const "\u{e9}\u{20ac}\u{1f600}\u{7ff}\u{ffff}\u{10ffff}"))

;; text: Loading; zero bytes are kept
;; rule: string.load/encoding does not hold
(assert_return (invoke "get" (u32.const 0x150) (u32.const 3)) (str.const "a\u{0}b"))

;; text: Loading; the last character before the surrogates
;; rule: string.load/encoding does not hold
(assert_return (invoke "get" (u32.const 0x2f0) (u32.const 3)) (str.const "\u{d7ff}"))

;; text: Loading; the first character after the surrogates
;; rule: string.load/encoding does not hold
(assert_return (invoke "get" (u32.const 0x310) (u32.const 3)) (str.const "\u{e000}"))

;; text: Loading; a continuation byte with nothing before it
;; rule: string.load/encoding holds
;; rule: string.load/bounds does not hold
(assert_trap (invoke "get" (u32.const 0x170) (u32.const 3)) "string.load/encoding")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; a character of two bytes that stops after one
;; rule: string.load/encoding holds
;; rule: string.load/bounds does not hold
(assert_trap (invoke "get" (u32.const 0x190) (u32.const 3)) "string.load/encoding")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; a character of three bytes that stops after two
;; rule: string.load/encoding holds
;; rule: string.load/bounds does not hold
(assert_trap (invoke "get" (u32.const 0x1b0) (u32.const 3)) "string.load/encoding")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; a character of four bytes that stops after three
;; rule: string.load/encoding holds
;; rule: string.load/bounds does not hold
(assert_trap (invoke "get" (u32.const 0x1d0) (u32.const 3)) "string.load/encoding")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; a lead byte and no continuation
;; rule: string.load/encoding holds
;; rule: string.load/bounds does not hold
(assert_trap (invoke "get" (u32.const 0x1f0) (u32.const 2)) "string.load/encoding")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; an overlong slash in two bytes
;; rule: string.load/encoding holds
;; rule: string.load/bounds does not hold
(assert_trap (invoke "get" (u32.const 0x210) (u32.const 2)) "string.load/encoding")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; an overlong character in three bytes
;; rule: string.load/encoding holds
;; rule: string.load/bounds does not hold
(assert_trap (invoke "get" (u32.const 0x230) (u32.const 3)) "string.load/encoding")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; an overlong character in four bytes
;; rule: string.load/encoding holds
;; rule: string.load/bounds does not hold
(assert_trap (invoke "get" (u32.const 0x250) (u32.const 4)) "string.load/encoding")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; the first surrogate
;; rule: string.load/encoding holds
;; rule: string.load/bounds does not hold
(assert_trap (invoke "get" (u32.const 0x270) (u32.const 3)) "string.load/encoding")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; the last surrogate
;; rule: string.load/encoding holds
;; rule: string.load/bounds does not hold
(assert_trap (invoke "get" (u32.const 0x290) (u32.const 3)) "string.load/encoding")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; the first number past the code points
;; rule: string.load/encoding holds
;; rule: string.load/bounds does not hold
(assert_trap (invoke "get" (u32.const 0x2b0) (u32.const 4)) "string.load/encoding")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; a byte that UTF-8 never has
;; rule: string.load/encoding holds
;; rule: string.load/bounds does not hold
(assert_trap (invoke "get" (u32.const 0x2d0) (u32.const 1)) "string.load/encoding")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; the string ends where the memory ends
;; rule: string.load/bounds does not hold
(assert_return (invoke "get" (u32.const 0xfffc) (u32.const 4)) (str.const "tail"))

;; text: Loading; no bytes at the very end of the memory
;; rule: string.load/bounds does not hold
(assert_return (invoke "get" (u32.const 0x10000) (u32.const 0)) (str.const ""))

;; text: Loading; the string ends past the end of the memory
;; rule: string.load/bounds holds
;; rule: string.load/limit does not hold
(assert_trap (invoke "get" (u32.const 0xfffc) (u32.const 5)) "string.load/bounds")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; no bytes past the end of the memory
;; rule: string.load/bounds holds
;; rule: string.load/limit does not hold
(assert_trap (invoke "get" (u32.const 0x10001) (u32.const 0)) "string.load/bounds")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; the end of the string does not wrap around
;; rule: string.load/bounds holds
;; rule: string.load/limit does not hold
(assert_trap (invoke "get" (u32.const 0xffffffff) (u32.const 2)) "string.load/bounds")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; the longest string that may be, which this memory does not hold
;; rule: string.load/bounds holds
;; rule: string.load/limit does not hold
(assert_trap (invoke "get" (u32.const 0) (u32.const 0xfffffff)) "string.load/bounds")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; a byte more than a string may have
;; rule: string.load/limit holds
(assert_trap (invoke "get" (u32.const 0) (u32.const 0x10000000)) "string.load/limit")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; the longest length
;; rule: string.load/limit holds
(assert_trap (invoke "get" (u32.const 0) (u32.const 0xffffffff)) "string.load/limit")
