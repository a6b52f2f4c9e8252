;; A map is passed as the list of its entries, each a tuple of key and value; order and repeated keys
;; are kept.
;; Spec: CanonicalABI.md, "Despecialization"; Explainer.md, "Type Definitions".

;; text: Despecialization; `send` has the caller pass entries of its memory, the answer is the callee's
;; calls of `realloc`, then the map's address and length
(component definition $Maps
  (component $Callee
    (core module $m
      (memory (export "mem") 1)
      (global $calls (mut i32) (i32.const 0))
      (global $map (mut i32) (i32.const 0))
      (func (export "realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
        (local $log i32)
        (local.set $log (i32.add (i32.const 0x100) (i32.mul (global.get $calls) (i32.const 16))))
        (i32.store (local.get $log) (local.get $old))
        (i32.store offset=4 (local.get $log) (local.get $old-size))
        (i32.store offset=8 (local.get $log) (local.get $align))
        (i32.store offset=12 (local.get $log) (local.get $size))
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        ;; 0x1000, 0x2000, …
        (i32.mul (global.get $calls) (i32.const 0x1000)))
      (func (export "take") (param $ptr i32) (param $len i32) (result i32)
        (local $log i32)
        (local.set $log (i32.add (i32.const 0x100) (i32.mul (global.get $calls) (i32.const 16))))
        (i32.store (local.get $log) (local.get $ptr))
        (i32.store offset=4 (local.get $log) (local.get $len))
        (global.set $map (local.get $ptr))
        (i32.store (i32.const 0x80) (i32.const 0x100))
        (i32.store (i32.const 0x84) (i32.add (i32.const 2) (i32.mul (global.get $calls) (i32.const 4))))
        (global.set $calls (i32.const 0))
        (i32.const 0x80))
      (func (export "words") (param $n i32) (result i32)
        (i32.store (i32.const 0x80) (global.get $map))
        (i32.store (i32.const 0x84) (local.get $n))
        (i32.const 0x80)))
    (core instance $i (instantiate $m))
    (func (export "numbers") (param "x" (map u8 u32)) (result (list u32))
      (canon lift (core func $i "take") (memory $i "mem") (realloc (func $i "realloc"))))
    (func (export "names") (param "x" (map string u8)) (result (list u32))
      (canon lift (core func $i "take") (memory $i "mem") (realloc (func $i "realloc"))))
    ;; the first words of the map that was received last
    (func (export "words") (param "n" u32) (result (list u32))
      (canon lift (core func $i "words") (memory $i "mem"))))
  (component $Caller
    (import "numbers" (func $numbers (param "x" (map u8 u32)) (result (list u32))))
    (import "names" (func $names (param "x" (map string u8)) (result (list u32))))
    (core module $memory
      (memory (export "mem") 1)
      ;; 2 to 20, 1 to 10, 2 to 30: neither in order nor without a repeated key
      (data (i32.const 0x100) "\02\ff\ff\ff\14\00\00\00\01\ff\ff\ff\0a\00\00\00\02\ff\ff\ff\1e\00\00\00")
      ;; "ab" to 7, "" to 8
      (data (i32.const 0x200) "\00\03\00\00\02\00\00\00\07\ff\ff\ff\00\00\00\00\00\00\00\00\08\ff\ff\ff")
      (data (i32.const 0x300) "ab")
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0x8000)))
    (core instance $mem (instantiate $memory))
    (core func $numbers' (canon lower (func $numbers) (memory $mem "mem") (realloc (func $mem "realloc"))))
    (core func $names' (canon lower (func $names) (memory $mem "mem") (realloc (func $mem "realloc"))))
    (core module $m
      (import "" "numbers" (func $numbers (param i32 i32 i32)))
      (import "" "names" (func $names (param i32 i32 i32)))
      (func (export "numbers") (param i32 i32) (result i32)
        (call $numbers (local.get 0) (local.get 1) (i32.const 0x4000))
        (i32.const 0x4000))
      (func (export "names") (param i32 i32) (result i32)
        (call $names (local.get 0) (local.get 1) (i32.const 0x4000))
        (i32.const 0x4000)))
    (core instance $i (instantiate $m (with "" (instance
      (export "numbers" (func $numbers')) (export "names" (func $names'))))))
    (func (export "numbers") (param "at" u32) (param "length" u32) (result (list u32))
      (canon lift (core func $i "numbers") (memory $mem "mem")))
    (func (export "names") (param "at" u32) (param "length" u32) (result (list u32))
      (canon lift (core func $i "names") (memory $mem "mem"))))
  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller
    (with "numbers" (func $callee "numbers")) (with "names" (func $callee "names"))))
  (export "numbers" (func $caller "numbers"))
  (export "names" (func $caller "names"))
  (export "words" (func $callee "words")))

;; text: Storing; a fresh instance
(component instance $i $Maps)
;; text: Storing; one range for the entries, of a tuple each
;; rule: list.load/bounds does not hold
;; rule: list.store/align does not hold
;; rule: list.store/bounds does not hold
(assert_return (invoke "numbers" (u32.const 0x100) (u32.const 2))
  (list.const (u32.const 0) (u32.const 0) (u32.const 4) (u32.const 16) (u32.const 0x1000) (u32.const 2)))
;; text: Storing; the entries keep their order (a key's padding is left out: the memory was zero)
(assert_return (invoke "words" (u32.const 4))
  (list.const (u32.const 2) (u32.const 20) (u32.const 1) (u32.const 10)))
;; text: Storing; a key that is there twice stays so
(assert_return (invoke "numbers" (u32.const 0x100) (u32.const 3))
  (list.const (u32.const 0) (u32.const 0) (u32.const 4) (u32.const 24) (u32.const 0x1000) (u32.const 3)))
;; text: Storing; a key that is there twice stays so
(assert_return (invoke "words" (u32.const 6))
  (list.const (u32.const 2) (u32.const 20) (u32.const 1) (u32.const 10) (u32.const 2) (u32.const 30)))
;; text: Storing; no entries: `realloc` is called all the same
(assert_return (invoke "numbers" (u32.const 0x100) (u32.const 0))
  (list.const (u32.const 0) (u32.const 0) (u32.const 4) (u32.const 0) (u32.const 0x1000) (u32.const 0)))
;; text: Storing; first the entries, then each key's string
(assert_return (invoke "names" (u32.const 0x200) (u32.const 2))
  (list.const (u32.const 0) (u32.const 0) (u32.const 4) (u32.const 24)
    (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 2)
    (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 0)
    (u32.const 0x1000) (u32.const 2)))
;; text: Storing; the second key's string is empty, its address that of the third call
(assert_return (invoke "words" (u32.const 5))
  (list.const (u32.const 0x2000) (u32.const 2) (u32.const 7) (u32.const 0x3000) (u32.const 0)))

;; text: Loading; a map is aligned as its entries are
;; rule: list.load/align holds
(assert_trap (invoke "numbers" (u32.const 0x102) (u32.const 1)) "list.load/align")
;; text: Loading; a fresh instance
(component instance $i $Maps)
;; text: Loading; the entries end past the end of the memory
;; rule: list.load/bounds holds
;; rule: list.load/align does not hold
(assert_trap (invoke "numbers" (u32.const 0xfffc) (u32.const 1)) "list.load/bounds")
;; text: Loading; a fresh instance
(component instance $i $Maps)
;; text: Loading; as many entries of eight bytes as a list may have, which this memory does not hold
;; rule: list.load/bounds holds
;; rule: list.load/limit does not hold
(assert_trap (invoke "numbers" (u32.const 0) (u32.const 0x1ffffff)) "list.load/bounds")
;; text: Loading; a fresh instance
(component instance $i $Maps)
;; text: Loading; an entry of eight bytes more than a list may have
;; rule: list.load/limit holds
(assert_trap (invoke "numbers" (u32.const 0) (u32.const 0x2000000)) "list.load/limit")

;; text: Explainer.md, Type Definitions; every type that a key may have
(component definition
  (type (map bool u8)) (type (map s8 u8)) (type (map u8 u8)) (type (map s16 u8)) (type (map u16 u8))
  (type (map s32 u8)) (type (map u32 u8)) (type (map s64 u8)) (type (map u64 u8))
  (type (map char u8)) (type (map string u8)))
;; text: Explainer.md, Type Definitions; a float is no key
(assert_invalid (component (type (map f32 u8))) "map key")
;; text: Explainer.md, Type Definitions; a float is no key
(assert_invalid (component (type (map f64 u8))) "map key")
;; text: Explainer.md, Type Definitions; a list is no key
(assert_invalid (component (type $l (list u8)) (type (map $l u8))) "map key")
