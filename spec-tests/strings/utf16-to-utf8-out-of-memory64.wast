;; From UTF-16 in a 64-bit memory to UTF-8 in a 32-bit memory: `realloc` has the
;; width of the memory that is stored to.
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
        string-encoding=utf8 (memory $i "mem") (realloc (func $i "realloc"))))
    ;; the first bytes of the string that was received last
    (func (export "bytes") (param "n" u32) (result (list u8))
      (canon lift (core func $i "bytes") (memory $i "mem"))))
  (component $Caller
    (import "plan" (func $plan (param "first" u32) (param "second" u32) (param "third" u32)))
    (import "take" (func $take (param "s" string) (result (list u32))))
    (core module $memory
      (memory (export "mem") i64 1)
      (data (i64.const 0x100) "\61\00\62\00\63\00") ;; "abc" in UTF-16
      (data (i64.const 0x120) "\61\00\62\00\e9\00") ;; "abé" in UTF-16
      (data (i64.const 0x140) "\61\00\e9\00") ;; "aé" in UTF-16
      (func (export "realloc") (param i64 i64 i64 i64) (result i64) (i64.const 0x8000)))
    (core instance $mem (instantiate $memory))
    (core func $plan' (canon lower (func $plan)))
    (core func $take' (canon lower (func $take)
      string-encoding=utf16 (memory $mem "mem") (realloc (func $mem "realloc"))))
    (core module $m
      (import "" "plan" (func $plan (param i32 i32 i32)))
      (import "" "take" (func $take (param i64 i64 i64)))
      (func (export "send") (param $at i64) (param $len i64) (param i32 i32 i32) (result i64)
        (call $plan (local.get 2) (local.get 3) (local.get 4))
        (call $take (local.get $at) (local.get $len) (i64.const 0x4000))
        (i64.const 0x4000)))
    (core instance $i (instantiate $m (with "" (instance
      (export "plan" (func $plan')) (export "take" (func $take'))))))
    (func (export "send") (param "at" u64) (param "length" u64)
        (param "first" u32) (param "second" u32) (param "third" u32) (result (list u32))
      (canon lift (core func $i "send") (memory $mem "mem"))))
  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller (with "plan" (func $callee "plan")) (with "take" (func $callee "take"))))
  ;; a component with a 32-bit memory stands between the caller and the host
  (component $Front
    (import "send" (func $send (param "at" u64) (param "length" u64)
      (param "first" u32) (param "second" u32) (param "third" u32) (result (list u32))))
    (core module $memory
      (memory (export "mem") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0x800)))
    (core instance $mem (instantiate $memory))
    (core func $send' (canon lower (func $send) (memory $mem "mem") (realloc (func $mem "realloc"))))
    (core module $m
      (import "" "send" (func $send (param i64 i64 i32 i32 i32 i32)))
      (func (export "send") (param i64 i64 i32 i32 i32) (result i32)
        (call $send (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (i32.const 0x80))
        (i32.const 0x80)))
    (core instance $i (instantiate $m (with "" (instance (export "send" (func $send'))))))
    (func (export "send") (param "at" u64) (param "length" u64)
        (param "first" u32) (param "second" u32) (param "third" u32) (result (list u32))
      (canon lift (core func $i "send") (memory $mem "mem"))))
  (instance $front (instantiate $Front (with "send" (func $caller "send"))))
  (export "send" (func $front "send"))
  (export "bytes" (func $callee "bytes")))

;; text: Storing; a fresh instance
(component instance $i $Strings)

;; text: Storing; ASCII takes what was first asked for
;; rule: string.store-utf8/ascii holds
(assert_return (invoke "send" (u64.const 0x100) (u64.const 3) (u32.const 0x1000) (u32.const 0) (u32.const 0))
  (list.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 3)
    (u32.const 0x1000) (u32.const 3)))
;; text: Storing; the bytes of that string
(assert_return (invoke "bytes" (u32.const 3))
  (list.const (u8.const 0x61) (u8.const 0x62) (u8.const 0x63)))

;; text: Storing; the worst case, and what is left of it
;; rule: string.store-utf8/ascii does not hold
;; rule: string.store-utf8/ascii holds
;; rule: string.store-utf8/shrink holds
(assert_return (invoke "send" (u64.const 0x120) (u64.const 3) (u32.const 0x1000) (u32.const 0x2000) (u32.const 0x3000))
  (list.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 3)
    (u32.const 0x1000) (u32.const 3) (u32.const 1) (u32.const 9)
    (u32.const 0x2000) (u32.const 9) (u32.const 1) (u32.const 4) (u32.const 0x3000) (u32.const 4)))
;; text: Storing; the bytes of that string
(assert_return (invoke "bytes" (u32.const 4))
  (list.const (u8.const 0x61) (u8.const 0x62) (u8.const 0xc3) (u8.const 0xa9)))

;; text: Storing; the larger range ends past the end of the memory
;; rule: string.store-utf8/grow-bounds holds
(assert_trap (invoke "send" (u64.const 0x140) (u64.const 2) (u32.const 0x1000) (u32.const 0xffff) (u32.const 0)) "string.store-utf8/grow-bounds")
