;; No string of 2^28 bytes or more, even where the memories on both sides hold it.
;; Spec: CanonicalABI.md, "Loading" (MAX_STRING_BYTE_LENGTH).

;; text: Loading; memories of a page more than 2^28 bytes, all zero; the callee tells the length it got
(component definition $Strings
  (component $Callee
    (core module $m
      (memory (export "mem") 4097)
      (func (export "length") (param i32 i32) (result i32) (local.get 1))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0x100)))
    (core instance $i (instantiate $m))
    (func (export "utf8") (param "s" string) (result u32)
      (canon lift (core func $i "length") string-encoding=utf8 (memory $i "mem") (realloc (func $i "realloc"))))
    (func (export "utf16") (param "s" string) (result u32)
      (canon lift (core func $i "length") string-encoding=utf16 (memory $i "mem") (realloc (func $i "realloc"))))
    (func (export "latin1") (param "s" string) (result u32)
      (canon lift (core func $i "length")
        string-encoding=latin1+utf16 (memory $i "mem") (realloc (func $i "realloc")))))
  (component $Caller
    (import "utf8" (func $utf8 (param "s" string) (result u32)))
    (import "utf16" (func $utf16 (param "s" string) (result u32)))
    (import "latin1" (func $latin1 (param "s" string) (result u32)))
    (core module $memory (memory (export "mem") 4097))
    (core instance $mem (instantiate $memory))
    (core func $utf8' (canon lower (func $utf8) string-encoding=utf8 (memory $mem "mem")))
    (core func $utf16' (canon lower (func $utf16) string-encoding=utf16 (memory $mem "mem")))
    (core func $latin1' (canon lower (func $latin1) string-encoding=latin1+utf16 (memory $mem "mem")))
    (func (export "utf8") (param "at" u32) (param "length" u32) (result u32) (canon lift (core func $utf8')))
    (func (export "utf16") (param "at" u32) (param "length" u32) (result u32) (canon lift (core func $utf16')))
    (func (export "latin1") (param "at" u32) (param "length" u32) (result u32) (canon lift (core func $latin1'))))
  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller
    (with "utf8" (func $callee "utf8"))
    (with "utf16" (func $callee "utf16"))
    (with "latin1" (func $callee "latin1"))))
  (export "utf8" (func $caller "utf8"))
  (export "utf16" (func $caller "utf16"))
  (export "latin1" (func $caller "latin1")))

;; text: Loading; a fresh instance
(component instance $i $Strings)
;; text: Loading; a short string of the same memory
;; rule: string.load/limit does not hold
(assert_return (invoke "utf8" (u32.const 0x100) (u32.const 3)) (u32.const 3))
;; text: Loading; 2^28 bytes of UTF-8
;; rule: string.load/limit holds
(assert_trap (invoke "utf8" (u32.const 0x100) (u32.const 0x10000000)) "string.load/limit")
;; text: Loading; a fresh instance
(component instance $i $Strings)
;; text: Loading; 2^27 code units of UTF-16
;; rule: string.load/limit holds
(assert_trap (invoke "utf16" (u32.const 0x100) (u32.const 0x8000000)) "string.load/limit")
;; text: Loading; a fresh instance
(component instance $i $Strings)
;; text: Loading; 2^28 bytes of Latin-1
;; rule: string.load/limit holds
;; rule: string.load/utf16-tag does not hold
(assert_trap (invoke "latin1" (u32.const 0x100) (u32.const 0x10000000)) "string.load/limit")
;; text: Loading; a fresh instance
(component instance $i $Strings)
;; text: Loading; 2^27 code units of UTF-16 in latin1+utf16
;; rule: string.load/limit holds
;; rule: string.load/utf16-tag holds
(assert_trap (invoke "latin1" (u32.const 0x100) (u32.const 0x88000000)) "string.load/limit")
