;; From UTF-16 in a 32-bit memory to UTF-8 in a 64-bit memory: `realloc` has the
;; width of the memory that is stored to.
;; Spec: CanonicalABI.md, "Storing".

;; text: Storing; `send` plans the addresses that the callee's `realloc` gives, then sends a string of
;; the caller's memory; the result is what each call of `realloc` was given (the old address and
;; size, the alignment, the new size), then the string's address and length
(component definition $Strings
  (component $Callee
    (core module $m
      (memory (export "mem") i64 1)
      (global $calls (mut i64) (i64.const 0))
      (global $string (mut i64) (i64.const 0))
      (func (export "plan") (param i64 i64 i64)
        (i64.store (i64.const 0) (local.get 0))
        (i64.store (i64.const 8) (local.get 1))
        (i64.store (i64.const 16) (local.get 2))
        (global.set $calls (i64.const 0)))
      ;; logs its arguments from 0x100 on, gives the planned address, and moves what was there
      ;; before as long as both addresses are in the lower half of the memory
      (func (export "realloc") (param $old i64) (param $old-size i64) (param $align i64) (param $size i64) (result i64)
        (local $log i64) (local $new i64)
        (local.set $log (i64.add (i64.const 0x100) (i64.mul (global.get $calls) (i64.const 32))))
        (i64.store (local.get $log) (local.get $old))
        (i64.store offset=8 (local.get $log) (local.get $old-size))
        (i64.store offset=16 (local.get $log) (local.get $align))
        (i64.store offset=24 (local.get $log) (local.get $size))
        (local.set $new (i64.load (i64.mul (global.get $calls) (i64.const 8))))
        (global.set $calls (i64.add (global.get $calls) (i64.const 1)))
        (if (i32.and
              (i64.lt_u (local.get $old) (i64.const 0x8000))
              (i64.lt_u (local.get $new) (i64.const 0x8000)))
          (then (memory.copy (local.get $new) (local.get $old)
            (select (local.get $old-size) (local.get $size)
              (i64.lt_u (local.get $old-size) (local.get $size))))))
        (local.get $new))
      (func (export "take") (param $ptr i64) (param $len i64) (result i64)
        (local $log i64)
        (local.set $log (i64.add (i64.const 0x100) (i64.mul (global.get $calls) (i64.const 32))))
        (i64.store (local.get $log) (local.get $ptr))
        (i64.store offset=8 (local.get $log) (local.get $len))
        (global.set $string (local.get $ptr))
        (i64.store (i64.const 0x80) (i64.const 0x100))
        (i64.store offset=8 (i64.const 0x80) (i64.add (i64.const 2) (i64.mul (global.get $calls) (i64.const 4))))
        (i64.const 0x80))
      (func (export "bytes") (param $at i64) (param $n i64) (result i64)
        (local $unused i64)
        (local.set $unused (i64.sub (i64.const 64) (i64.mul (local.get $n) (i64.const 8))))
        (i64.shr_u
          (i64.shl (i64.load (i64.add (global.get $string) (local.get $at))) (local.get $unused))
          (local.get $unused))))
    (core instance $i (instantiate $m))
    (func (export "plan") (param "first" u64) (param "second" u64) (param "third" u64)
      (canon lift (core func $i "plan")))
    (func (export "take") (param "s" string) (result (list u64))
      (canon lift (core func $i "take")
        string-encoding=utf8 (memory $i "mem") (realloc (func $i "realloc"))))
    ;; up to eight bytes of the string that was received last, from an offset on, the lowest first
    (func (export "bytes") (param "at" u64) (param "n" u64) (result u64) (canon lift (core func $i "bytes"))))
  (component $Caller
    (import "plan" (func $plan (param "first" u64) (param "second" u64) (param "third" u64)))
    (import "take" (func $take (param "s" string) (result (list u64))))
    (core module $memory
      (memory (export "mem") 1)
      (data (i32.const 0x100) "\61\00\62\00\63\00") ;; "abc" in UTF-16
      (data (i32.const 0x120) "\61\00\62\00\e9\00") ;; "abé" in UTF-16
      (data (i32.const 0x140) "\61\00\e9\00") ;; "aé" in UTF-16
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0x8000)))
    (core instance $mem (instantiate $memory))
    (core func $plan' (canon lower (func $plan)))
    (core func $take' (canon lower (func $take)
      string-encoding=utf16 (memory $mem "mem") (realloc (func $mem "realloc"))))
    (core module $m
      (import "" "plan" (func $plan (param i64 i64 i64)))
      (import "" "take" (func $take (param i32 i32 i32)))
      (func (export "send") (param $at i32) (param $len i32) (param i64 i64 i64) (result i32)
        (call $plan (local.get 2) (local.get 3) (local.get 4))
        (call $take (local.get $at) (local.get $len) (i32.const 0x4000))
        (i32.const 0x4000)))
    (core instance $i (instantiate $m (with "" (instance
      (export "plan" (func $plan')) (export "take" (func $take'))))))
    (func (export "send") (param "at" u32) (param "length" u32)
        (param "first" u64) (param "second" u64) (param "third" u64) (result (list u64))
      (canon lift (core func $i "send") (memory $mem "mem"))))
  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller (with "plan" (func $callee "plan")) (with "take" (func $callee "take"))))
  (export "send" (func $caller "send"))
  (export "bytes" (func $callee "bytes")))

;; text: Storing; a fresh instance
(component instance $i $Strings)

;; text: Storing; ASCII takes what was first asked for
;; rule: string.store-utf8/ascii holds
(assert_return (invoke "send" (u32.const 0x100) (u32.const 3) (u64.const 0x1000) (u64.const 0) (u64.const 0))
  (list.const (u64.const 0) (u64.const 0) (u64.const 1) (u64.const 3)
    (u64.const 0x1000) (u64.const 3)))
;; text: Storing; the bytes of that string
(assert_return (invoke "bytes" (u64.const 0) (u64.const 3)) (u64.const 0x636261))

;; text: Storing; the worst case, and what is left of it
;; rule: string.store-utf8/ascii does not hold
;; rule: string.store-utf8/ascii holds
;; rule: string.store-utf8/shrink holds
(assert_return (invoke "send" (u32.const 0x120) (u32.const 3) (u64.const 0x1000) (u64.const 0x2000) (u64.const 0x3000))
  (list.const (u64.const 0) (u64.const 0) (u64.const 1) (u64.const 3)
    (u64.const 0x1000) (u64.const 3) (u64.const 1) (u64.const 9)
    (u64.const 0x2000) (u64.const 9) (u64.const 1) (u64.const 4) (u64.const 0x3000) (u64.const 4)))
;; text: Storing; the bytes of that string
(assert_return (invoke "bytes" (u64.const 0) (u64.const 4)) (u64.const 0xa9c36261))

;; text: Storing; the larger range ends past the end of the memory
;; rule: string.store-utf8/grow-bounds holds
(assert_trap (invoke "send" (u32.const 0x140) (u32.const 2) (u64.const 0x1000) (u64.const 0xffff) (u64.const 0)) "string.store-utf8/grow-bounds")
