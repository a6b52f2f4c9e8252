;; Strings in latin1+utf16: the top bit of the length tells UTF-16 from Latin-1; the address is even for
;; both.
;; Spec: CanonicalABI.md, "Loading".

;; text: Loading; `get` returns the string at an address, of a length in code units; the host calls a
;; component with a 32-bit memory, which has the string from one with a 64-bit memory
(component definition $Strings
  (component $Wide
    (core module $m
      (memory (export "mem") i64 1)
      (data (i64.const 0x100) "\61\e9\ff") ;; Latin-1
      (data (i64.const 0x120) "\80\9f\a0") ;; bytes that are control characters, and not what Windows makes of them
      (data (i64.const 0x140) "\61\00\ac\20\3d\d8\00\de") ;; UTF-16
      (data (i64.const 0x160) "\61\00\3d\d8") ;; a high surrogate at the end
      (data (i64.const 0xfffc) "\74\61\69\6c") ;; up to the end of the memory
      (func (export "get") (param $at i64) (param $length i64) (result i64)
        (i64.store (i64.const 0x80) (local.get $at))
        (i64.store offset=8 (i64.const 0x80) (local.get $length))
        (i64.const 0x80)))
    (core instance $i (instantiate $m))
    (func (export "get") (param "at" u64) (param "length" u64) (result string)
      (canon lift (core func $i "get") string-encoding=latin1+utf16 (memory $i "mem"))))
  (component $Narrow
    (import "get" (func $get (param "at" u64) (param "length" u64) (result string)))
    (core module $memory
      (memory (export "mem") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0x800)))
    (core instance $mem (instantiate $memory))
    (core func $get' (canon lower (func $get) (memory $mem "mem") (realloc (func $mem "realloc"))))
    (core module $m
      (import "" "get" (func $get (param i64 i64 i32)))
      (func (export "get") (param i64 i64) (result i32)
        (call $get (local.get 0) (local.get 1) (i32.const 0x80))
        (i32.const 0x80)))
    (core instance $i (instantiate $m (with "" (instance (export "get" (func $get'))))))
    (func (export "get") (param "at" u64) (param "length" u64) (result string)
      (canon lift (core func $i "get") (memory $mem "mem"))))
  (instance $wide (instantiate $Wide))
  (instance $narrow (instantiate $Narrow (with "get" (func $wide "get"))))
  (export "get" (func $narrow "get")))

;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; without the tag, the length is in bytes of Latin-1
;; rule: string.load/utf16-tag does not hold
;; rule: string.load/limit does not hold
;; rule: string.load/align does not hold
;; rule: string.load/bounds does not hold
;; rule: string.load/encoding does not hold
(assert_return (invoke "get" (u64.const 0x100) (u64.const 3)) (str.const "a\u{e9}\u{ff}"))

;; text: Loading; every byte is the character of its number
;; rule: string.load/utf16-tag does not hold
;; rule: string.load/encoding does not hold
(assert_return (invoke "get" (u64.const 0x120) (u64.const 3)) (str.const "\u{80}\u{9f}\u{a0}"))

;; text: Loading; bytes that would be no UTF-8 and no UTF-16
;; rule: string.load/utf16-tag does not hold
;; rule: string.load/encoding does not hold
(assert_return (invoke "get" (u64.const 0x160) (u64.const 4)) (str.const "a\u{0}=\u{d8}"))

;; text: Loading; no bytes
;; rule: string.load/utf16-tag does not hold
;; rule: string.load/limit does not hold
;; rule: string.load/align does not hold
;; rule: string.load/bounds does not hold
;; rule: string.load/encoding does not hold
(assert_return (invoke "get" (u64.const 0x100) (u64.const 0)) (str.const ""))

;; text: Loading; with the tag, the length is in code units of UTF-16
;; rule: string.load/utf16-tag holds
;; rule: string.load/limit does not hold
;; rule: string.load/align does not hold
;; rule: string.load/bounds does not hold
;; rule: string.load/encoding does not hold
(assert_return (invoke "get" (u64.const 0x140) (u64.const 0x8000000000000004)) (str.const "a\u{20ac}\u{1f600}"))

;; text: Loading; with the tag, no code units
;; rule: string.load/utf16-tag holds
;; rule: string.load/limit does not hold
;; rule: string.load/align does not hold
;; rule: string.load/bounds does not hold
;; rule: string.load/encoding does not hold
(assert_return (invoke "get" (u64.const 0x140) (u64.const 0x8000000000000000)) (str.const ""))

;; text: Loading; the tag of a 32-bit memory is part of a length here
;; rule: string.load/limit holds
;; rule: string.load/utf16-tag does not hold
(assert_trap (invoke "get" (u64.const 0) (u64.const 0x80000000)) "string.load/limit")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; with the tag, a surrogate without its pair
;; rule: string.load/encoding holds
;; rule: string.load/utf16-tag holds
;; rule: string.load/bounds does not hold
(assert_trap (invoke "get" (u64.const 0x160) (u64.const 0x8000000000000002)) "string.load/encoding")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; without the tag, an odd address is not aligned either
;; rule: string.load/align holds
;; rule: string.load/limit does not hold
;; rule: string.load/utf16-tag does not hold
(assert_trap (invoke "get" (u64.const 0x101) (u64.const 1)) "string.load/align")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; with the tag, an odd address is not aligned
;; rule: string.load/align holds
;; rule: string.load/limit does not hold
;; rule: string.load/utf16-tag holds
(assert_trap (invoke "get" (u64.const 0x101) (u64.const 0x8000000000000001)) "string.load/align")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; without the tag, the string ends where the memory ends
;; rule: string.load/bounds does not hold
;; rule: string.load/utf16-tag does not hold
(assert_return (invoke "get" (u64.const 0xfffc) (u64.const 4)) (str.const "tail"))

;; text: Loading; with the tag, the string ends where the memory ends
;; rule: string.load/bounds does not hold
;; rule: string.load/utf16-tag holds
(assert_return (invoke "get" (u64.const 0xfffc) (u64.const 0x8000000000000002)) (str.const "\u{6174}\u{6c69}"))

;; text: Loading; without the tag, the string ends past the end of the memory
;; rule: string.load/bounds holds
;; rule: string.load/align does not hold
;; rule: string.load/utf16-tag does not hold
(assert_trap (invoke "get" (u64.const 0xfffc) (u64.const 5)) "string.load/bounds")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; with the tag, the string ends past the end of the memory
;; rule: string.load/bounds holds
;; rule: string.load/align does not hold
;; rule: string.load/utf16-tag holds
(assert_trap (invoke "get" (u64.const 0xfffc) (u64.const 0x8000000000000003)) "string.load/bounds")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; without the tag, the longest string that may be, which this memory does not hold
;; rule: string.load/bounds holds
;; rule: string.load/limit does not hold
;; rule: string.load/utf16-tag does not hold
(assert_trap (invoke "get" (u64.const 0) (u64.const 0xfffffff)) "string.load/bounds")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; with the tag, the longest string that may be
;; rule: string.load/bounds holds
;; rule: string.load/limit does not hold
;; rule: string.load/utf16-tag holds
(assert_trap (invoke "get" (u64.const 0) (u64.const 0x8000000007ffffff)) "string.load/bounds")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; without the tag, a byte more than a string may have
;; rule: string.load/limit holds
;; rule: string.load/utf16-tag does not hold
(assert_trap (invoke "get" (u64.const 0) (u64.const 0x10000000)) "string.load/limit")
;; text: Loading; a fresh instance
(component instance $i $Strings)

;; text: Loading; with the tag, a code unit more than a string may have
;; rule: string.load/limit holds
;; rule: string.load/utf16-tag holds
(assert_trap (invoke "get" (u64.const 0) (u64.const 0x8000000008000000)) "string.load/limit")
