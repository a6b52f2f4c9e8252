;; From UTF-8 to latin1+utf16.
;; `realloc` is first asked for one byte a code unit, at an even address; a character past Latin-1 asks for
;; the worst case of UTF-16, and what is left unused is given back at the end.
;; Spec: CanonicalABI.md, "Storing".

;; text: Storing; `send` plans the addresses that the callee's `realloc` gives, then sends a string of
;; the caller's memory; the result is what each call of `realloc` was given (the old address and
;; size, the alignment, the new size), then the string's address and length
(component definition $Strings
  (component $Callee
    (core module $m
      (memory (export "mem") 1)
      (global $calls (mut i32) (i32.const 0))
      (global $string (mut i32) (i32.const 0))
      (func (export "plan") (param i32 i32 i32)
        (i32.store (i32.const 0) (local.get 0))
        (i32.store (i32.const 4) (local.get 1))
        (i32.store (i32.const 8) (local.get 2))
        (global.set $calls (i32.const 0)))
      ;; logs its arguments from 0x100 on, gives the planned address, and moves what was there
      ;; before as long as both addresses are in the lower half of the memory
      (func (export "realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
        (local $log i32) (local $new i32)
        (local.set $log (i32.add (i32.const 0x100) (i32.mul (global.get $calls) (i32.const 16))))
        (i32.store (local.get $log) (local.get $old))
        (i32.store offset=4 (local.get $log) (local.get $old-size))
        (i32.store offset=8 (local.get $log) (local.get $align))
        (i32.store offset=12 (local.get $log) (local.get $size))
        (local.set $new (i32.load (i32.mul (global.get $calls) (i32.const 4))))
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (if (i32.and
              (i32.lt_u (local.get $old) (i32.const 0x8000))
              (i32.lt_u (local.get $new) (i32.const 0x8000)))
          (then (memory.copy (local.get $new) (local.get $old)
            (select (local.get $old-size) (local.get $size)
              (i32.lt_u (local.get $old-size) (local.get $size))))))
        (local.get $new))
      (func (export "take") (param $ptr i32) (param $len i32) (result i32)
        (local $log i32)
        (local.set $log (i32.add (i32.const 0x100) (i32.mul (global.get $calls) (i32.const 16))))
        (i32.store (local.get $log) (local.get $ptr))
        (i32.store offset=4 (local.get $log) (local.get $len))
        (global.set $string (local.get $ptr))
        (i32.store (i32.const 0x80) (i32.const 0x100))
        (i32.store offset=4 (i32.const 0x80) (i32.add (i32.const 2) (i32.mul (global.get $calls) (i32.const 4))))
        (i32.const 0x80))
      (func (export "bytes") (param $n i32) (result i32)
        (i32.store (i32.const 0x80) (global.get $string))
        (i32.store offset=4 (i32.const 0x80) (local.get $n))
        (i32.const 0x80)))
    (core instance $i (instantiate $m))
    (func (export "plan") (param "first" u32) (param "second" u32) (param "third" u32)
      (canon lift (core func $i "plan")))
    (func (export "take") (param "s" string) (result (list u32))
      (canon lift (core func $i "take")
        string-encoding=latin1+utf16 (memory $i "mem") (realloc (func $i "realloc"))))
    ;; the first bytes of the string that was received last
    (func (export "bytes") (param "n" u32) (result (list u8))
      (canon lift (core func $i "bytes") (memory $i "mem"))))
  (component $Caller
    (import "plan" (func $plan (param "first" u32) (param "second" u32) (param "third" u32)))
    (import "take" (func $take (param "s" string) (result (list u32))))
    (core module $memory
      (memory (export "mem") 1)
      (data (i32.const 0x110) "\61\62\63") ;; "abc" in UTF-8
      (data (i32.const 0x130) "\61\c3\a9\c3\bf") ;; "aéÿ" in UTF-8
      (data (i32.const 0x150) "\e2\82\ac") ;; "€" in UTF-8
      (data (i32.const 0x170) "\61\62\c3\a9\e2\82\ac\f0\9f\98\80") ;; "abé€😀" in UTF-8
      (data (i32.const 0x190) "\c3\bf\c4\80") ;; "ÿĀ" in UTF-8
      (data (i32.const 0x1b0) "\61\62\63\64") ;; "abcd" in UTF-8
      (data (i32.const 0x1d0) "\61\e2\82\ac") ;; "a€" in UTF-8
      (data (i32.const 0x1f0) "\c3\a9\61") ;; "éa" in UTF-8
      (data (i32.const 0x210) "\c3\a9\c3\a9\c3\a9") ;; "ééé" in UTF-8
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0x8000)))
    (core instance $mem (instantiate $memory))
    (core func $plan' (canon lower (func $plan)))
    (core func $take' (canon lower (func $take)
      string-encoding=utf8 (memory $mem "mem") (realloc (func $mem "realloc"))))
    (core module $m
      (import "" "plan" (func $plan (param i32 i32 i32)))
      (import "" "take" (func $take (param i32 i32 i32)))
      (func (export "send") (param $at i32) (param $len i32) (param i32 i32 i32) (result i32)
        (call $plan (local.get 2) (local.get 3) (local.get 4))
        (call $take (local.get $at) (local.get $len) (i32.const 0x4000))
        (i32.const 0x4000)))
    (core instance $i (instantiate $m (with "" (instance
      (export "plan" (func $plan')) (export "take" (func $take'))))))
    (func (export "send") (param "at" u32) (param "length" u32)
        (param "first" u32) (param "second" u32) (param "third" u32) (result (list u32))
      (canon lift (core func $i "send") (memory $mem "mem"))))
  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller (with "plan" (func $callee "plan")) (with "take" (func $callee "take"))))
  (export "send" (func $caller "send"))
  (export "bytes" (func $callee "bytes")))

;; text: Storing; a fresh instance
(component instance $i $Strings)

;; text: Storing; no characters, no second call
;; rule: string.store-latin1/align does not hold
;; rule: string.store-latin1/bounds does not hold
;; rule: string.store-latin1/shrink does not hold
(assert_return (invoke "send" (u32.const 0x100) (u32.const 0) (u32.const 0x1000) (u32.const 0) (u32.const 0))
  (list.const (u32.const 0) (u32.const 0) (u32.const 2) (u32.const 0)
    (u32.const 0x1000) (u32.const 0)))

;; text: Storing; ASCII takes what was first asked for
;; rule: string.store-latin1/align does not hold
;; rule: string.store-latin1/bounds does not hold
;; rule: string.store-latin1/fits holds
;; rule: string.store-latin1/shrink does not hold
(assert_return (invoke "send" (u32.const 0x110) (u32.const 3) (u32.const 0x1000) (u32.const 0) (u32.const 0))
  (list.const (u32.const 0) (u32.const 0) (u32.const 2) (u32.const 3)
    (u32.const 0x1000) (u32.const 3)))
;; text: Storing; the bytes of that string
(assert_return (invoke "bytes" (u32.const 3))
  (list.const (u8.const 0x61) (u8.const 0x62) (u8.const 0x63)))

;; text: Storing; Latin-1 takes less than UTF-8, so the rest is given back
;; rule: string.store-latin1/fits holds
;; rule: string.store-latin1/shrink holds
;; rule: string.store-latin1/shrink-align does not hold
;; rule: string.store-latin1/shrink-bounds does not hold
(assert_return (invoke "send" (u32.const 0x130) (u32.const 5) (u32.const 0x1000) (u32.const 0x2000) (u32.const 0))
  (list.const (u32.const 0) (u32.const 0) (u32.const 2) (u32.const 5)
    (u32.const 0x1000) (u32.const 5) (u32.const 2) (u32.const 3) (u32.const 0x2000) (u32.const 3)))
;; text: Storing; the bytes of that string
(assert_return (invoke "bytes" (u32.const 3))
  (list.const (u8.const 0x61) (u8.const 0xe9) (u8.const 0xff)))

;; text: Storing; a character past Latin-1 at once: the worst case of UTF-16, and the end gives back the rest
;; rule: string.store-latin1/fits does not hold
;; rule: string.store-latin1/grow-align does not hold
;; rule: string.store-latin1/grow-bounds does not hold
;; rule: string.store-latin1/wide-shrink holds
;; rule: string.store-latin1/wide-shrink-align does not hold
;; rule: string.store-latin1/wide-shrink-bounds does not hold
(assert_return (invoke "send" (u32.const 0x150) (u32.const 3) (u32.const 0x1000) (u32.const 0x2000) (u32.const 0x3000))
  (list.const (u32.const 0) (u32.const 0) (u32.const 2) (u32.const 3)
    (u32.const 0x1000) (u32.const 3) (u32.const 2) (u32.const 6)
    (u32.const 0x2000) (u32.const 6) (u32.const 2) (u32.const 2)
    (u32.const 0x3000) (u32.const 0x80000001)))
;; text: Storing; the bytes of that string
(assert_return (invoke "bytes" (u32.const 2))
  (list.const (u8.const 0xac) (u8.const 0x20)))

;; text: Storing; what was stored as Latin-1 before is widened
;; rule: string.store-latin1/fits does not hold
;; rule: string.store-latin1/fits holds
;; rule: string.store-latin1/wide-shrink holds
(assert_return (invoke "send" (u32.const 0x170) (u32.const 0xb) (u32.const 0x1000) (u32.const 0x2000) (u32.const 0x3000))
  (list.const (u32.const 0) (u32.const 0) (u32.const 2) (u32.const 0xb)
    (u32.const 0x1000) (u32.const 0xb) (u32.const 2) (u32.const 0x16)
    (u32.const 0x2000) (u32.const 0x16) (u32.const 2) (u32.const 0xc)
    (u32.const 0x3000) (u32.const 0x80000006)))
;; text: Storing; the bytes of that string
(assert_return (invoke "bytes" (u32.const 0xc))
  (list.const (u8.const 0x61) (u8.const 0x00) (u8.const 0x62) (u8.const 0x00) (u8.const 0xe9)
    (u8.const 0x00) (u8.const 0xac) (u8.const 0x20) (u8.const 0x3d) (u8.const 0xd8) (u8.const 0x00)
    (u8.const 0xde)))

;; text: Storing; the first character past Latin-1
;; rule: string.store-latin1/fits does not hold
;; rule: string.store-latin1/fits holds
;; rule: string.store-latin1/wide-shrink holds
(assert_return (invoke "send" (u32.const 0x190) (u32.const 4) (u32.const 0x1000) (u32.const 0x2000) (u32.const 0x3000))
  (list.const (u32.const 0) (u32.const 0) (u32.const 2) (u32.const 4)
    (u32.const 0x1000) (u32.const 4) (u32.const 2) (u32.const 8)
    (u32.const 0x2000) (u32.const 8) (u32.const 2) (u32.const 4)
    (u32.const 0x3000) (u32.const 0x80000002)))
;; text: Storing; the bytes of that string
(assert_return (invoke "bytes" (u32.const 4))
  (list.const (u8.const 0xff) (u8.const 0x00) (u8.const 0x00) (u8.const 0x01)))

;; text: Storing; an odd address is not aligned, although the bytes are Latin-1
;; rule: string.store-latin1/align holds
(assert_trap (invoke "send" (u32.const 0x110) (u32.const 3) (u32.const 0x1001) (u32.const 0) (u32.const 0)) "string.store-latin1/align")
;; text: Storing; a fresh instance
(component instance $i $Strings)

;; text: Storing; the first range ends past the end of the memory
;; rule: string.store-latin1/bounds holds
(assert_trap (invoke "send" (u32.const 0x1b0) (u32.const 4) (u32.const 0xfffe) (u32.const 0) (u32.const 0)) "string.store-latin1/bounds")
;; text: Storing; a fresh instance
(component instance $i $Strings)

;; text: Storing; the first range ends where the memory ends
;; rule: string.store-latin1/bounds does not hold
(assert_return (invoke "send" (u32.const 0x1b0) (u32.const 4) (u32.const 0xfffc) (u32.const 0) (u32.const 0))
  (list.const (u32.const 0) (u32.const 0) (u32.const 2) (u32.const 4)
    (u32.const 0xfffc) (u32.const 4)))
;; text: Storing; the bytes of that string
(assert_return (invoke "bytes" (u32.const 4))
  (list.const (u8.const 0x61) (u8.const 0x62) (u8.const 0x63) (u8.const 0x64)))

;; text: Storing; an odd address of the larger range is not aligned
;; rule: string.store-latin1/grow-align holds
(assert_trap (invoke "send" (u32.const 0x150) (u32.const 3) (u32.const 0x1000) (u32.const 0x2001) (u32.const 0)) "string.store-latin1/grow-align")
;; text: Storing; a fresh instance
(component instance $i $Strings)

;; text: Storing; the larger range ends where the memory ends
;; rule: string.store-latin1/grow-bounds does not hold
(assert_return (invoke "send" (u32.const 0x1d0) (u32.const 4) (u32.const 0x1000) (u32.const 0xfff8) (u32.const 0x3000))
  (list.const (u32.const 0) (u32.const 0) (u32.const 2) (u32.const 4)
    (u32.const 0x1000) (u32.const 4) (u32.const 2) (u32.const 8)
    (u32.const 0xfff8) (u32.const 8) (u32.const 2) (u32.const 4)
    (u32.const 0x3000) (u32.const 0x80000002)))
;; text: Storing; the bytes of that string
(assert_return (invoke "bytes" (u32.const 4))
  (list.const (u8.const 0x00) (u8.const 0x00) (u8.const 0x00) (u8.const 0x00)))

;; text: Storing; the larger range ends past the end of the memory
;; rule: string.store-latin1/grow-bounds holds
(assert_trap (invoke "send" (u32.const 0x1d0) (u32.const 4) (u32.const 0x1000) (u32.const 0xfffa) (u32.const 0x3000)) "string.store-latin1/grow-bounds")
;; text: Storing; a fresh instance
(component instance $i $Strings)

;; text: Storing; an odd address of the smaller UTF-16 range is not aligned
;; rule: string.store-latin1/wide-shrink-align holds
(assert_trap (invoke "send" (u32.const 0x1d0) (u32.const 4) (u32.const 0x1000) (u32.const 0x2000) (u32.const 0x3001)) "string.store-latin1/wide-shrink-align")
;; text: Storing; a fresh instance
(component instance $i $Strings)

;; text: Storing; the smaller UTF-16 range ends where the memory ends
;; rule: string.store-latin1/wide-shrink-bounds does not hold
(assert_return (invoke "send" (u32.const 0x1d0) (u32.const 4) (u32.const 0x1000) (u32.const 0x2000) (u32.const 0xfffc))
  (list.const (u32.const 0) (u32.const 0) (u32.const 2) (u32.const 4)
    (u32.const 0x1000) (u32.const 4) (u32.const 2) (u32.const 8)
    (u32.const 0x2000) (u32.const 8) (u32.const 2) (u32.const 4)
    (u32.const 0xfffc) (u32.const 0x80000002)))
;; text: Storing; the bytes of that string
(assert_return (invoke "bytes" (u32.const 4))
  (list.const (u8.const 0x00) (u8.const 0x00) (u8.const 0x00) (u8.const 0x00)))

;; text: Storing; the smaller UTF-16 range ends past the end of the memory
;; rule: string.store-latin1/wide-shrink-bounds holds
(assert_trap (invoke "send" (u32.const 0x1d0) (u32.const 4) (u32.const 0x1000) (u32.const 0x2000) (u32.const 0xfffe)) "string.store-latin1/wide-shrink-bounds")
;; text: Storing; a fresh instance
(component instance $i $Strings)

;; text: Storing; an odd address of the smaller Latin-1 range is not aligned
;; rule: string.store-latin1/shrink-align holds
(assert_trap (invoke "send" (u32.const 0x1f0) (u32.const 3) (u32.const 0x1000) (u32.const 0x2001) (u32.const 0)) "string.store-latin1/shrink-align")
;; text: Storing; a fresh instance
(component instance $i $Strings)

;; text: Storing; the smaller Latin-1 range ends where the memory ends
;; rule: string.store-latin1/shrink-bounds does not hold
(assert_return (invoke "send" (u32.const 0x1f0) (u32.const 3) (u32.const 0x1000) (u32.const 0xfffe) (u32.const 0))
  (list.const (u32.const 0) (u32.const 0) (u32.const 2) (u32.const 3)
    (u32.const 0x1000) (u32.const 3) (u32.const 2) (u32.const 2) (u32.const 0xfffe) (u32.const 2)))
;; text: Storing; the bytes of that string
(assert_return (invoke "bytes" (u32.const 2))
  (list.const (u8.const 0x00) (u8.const 0x00)))

;; text: Storing; the smaller Latin-1 range ends past the end of the memory
;; rule: string.store-latin1/shrink-bounds holds
(assert_trap (invoke "send" (u32.const 0x210) (u32.const 6) (u32.const 0x1000) (u32.const 0xfffe) (u32.const 0)) "string.store-latin1/shrink-bounds")
