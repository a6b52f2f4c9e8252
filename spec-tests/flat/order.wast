;; What a call allocates, in order: the tuple of the parameters if they are too many, then each parameter
;; in turn, an outer list before what its elements hold.
;; Spec: CanonicalABI.md, "Lifting and Lowering Values", "Storing".

;; text: Storing; each call of `realloc` is a byte of the result: the size that it was asked for
(component
  (core module $m
    (memory (export "mem") 1)
    (global $sizes (mut i64) (i64.const 0))
    (global $next (mut i32) (i32.const 0x1000))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.set $sizes (i64.or
        (i64.shl (global.get $sizes) (i64.const 8))
        (i64.extend_i32_u (local.get 3))))
      (global.set $next (i32.add (global.get $next) (i32.const 0x100)))
      (global.get $next))
    (func $sizes (result i64)
      (local $sizes i64)
      (local.set $sizes (global.get $sizes))
      (global.set $sizes (i64.const 0))
      (local.get $sizes))
    (func (export "flat") (param i32 i32 i32 i32 i32 i32) (result i64) (call $sizes))
    (func (export "spilled") (param i32) (result i64) (call $sizes)))
  (core instance $i (instantiate $m))
  (func (export "flat") (param "a" (list u8)) (param "b" (list (list u16))) (param "c" (list u32)) (result u64)
    (canon lift (core func $i "flat") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "spilled") (param "a" (list u8))
      (param "b" (tuple u64 u64 u64 u64 u64 u64 u64 u64 u64 u64 u64 u64 u64 u64))
      (param "c" (list u16)) (result u64)
    (canon lift (core func $i "spilled") (memory $i "mem") (realloc (func $i "realloc")))))

;; text: Storing; one byte, two lists of eight bytes each, two bytes and four in them, then twelve
(assert_return
  (invoke "flat" (list.const (u8.const 1))
    (list.const (list.const (u16.const 1)) (list.const (u16.const 1) (u16.const 2)))
    (list.const (u32.const 1) (u32.const 2) (u32.const 3)))
  (u64.const 0x01_10_02_04_0c))
;; text: Storing; the parameters' tuple of 128 bytes, then three bytes, then two
;; rule: values.lower/spill holds
(assert_return
  (invoke "spilled" (list.const (u8.const 1) (u8.const 2) (u8.const 3))
    (tuple.const (u64.const 1) (u64.const 2) (u64.const 3) (u64.const 4) (u64.const 5) (u64.const 6)
      (u64.const 7) (u64.const 8) (u64.const 9) (u64.const 10) (u64.const 11) (u64.const 12)
      (u64.const 13) (u64.const 14))
    (list.const (u16.const 1)))
  (u64.const 0x80_03_02))
