;; Integers and booleans in memory: little-endian, as wide as the type, signed by the type; every
;; nonzero byte is true, and true is stored as 1.
;; Spec: CanonicalABI.md, "Loading", "Storing".

;; text: Loading, Storing; `load` gives what is at an address, `store` shows what was stored, in words
(component
  (core module $m
    (memory (export "mem") 1)
    ;; every byte 0xff
    (data (i32.const 0x100) "\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff")
    ;; the bytes count up
    (data (i32.const 0x200) "\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f\10\11\12\13\14\15\16\17\18\19\1a\1b\1c\1d\1e\1f\20")
    ;; booleans
    (data (i32.const 0x300) "\00\01\02\80\ff\00")
    (func (export "load") (param i32) (result i32) local.get 0)
    ;; a list<u32> over the bytes of the list that was received
    (func (export "store") (param $ptr i32) (param $len i32) (result i32)
      (i32.store (i32.const 0x20) (local.get $ptr))
      (i32.store (i32.const 0x24) (i32.const 8))
      i32.const 0x20)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 0x800))
  (core instance $i (instantiate $m))
  (func (export "load") (param "at" u32) (result (tuple u8 s8 u16 s16 u32 s32 u64 s64))
    (canon lift (core func $i "load") (memory $i "mem")))
  (func (export "load-bools") (param "at" u32) (result (tuple bool bool bool bool bool bool))
    (canon lift (core func $i "load") (memory $i "mem")))
  (func (export "store") (param "x" (list (tuple u8 s8 u16 s16 u32 s32 u64 s64))) (result (list u32))
    (canon lift (core func $i "store") (memory $i "mem") (realloc (func $i "realloc"))))
  (func (export "store-bools") (param "x" (list bool)) (result (list u32))
    (canon lift (core func $i "store") (memory $i "mem") (realloc (func $i "realloc")))))

;; text: Loading; the top bit of a signed type is its sign
(assert_return (invoke "load" (u32.const 0x100))
  (tuple.const (u8.const 255) (s8.const -1) (u16.const 65535) (s16.const -1)
    (u32.const 4294967295) (s32.const -1) (u64.const 18446744073709551615) (s64.const -1)))
;; text: Loading; the lowest address holds the lowest byte
(assert_return (invoke "load" (u32.const 0x200))
  (tuple.const (u8.const 1) (s8.const 2) (u16.const 0x0403) (s16.const 0x0605)
    (u32.const 0x0c0b0a09) (s32.const 0x100f0e0d)
    (u64.const 0x1817161514131211) (s64.const 0x201f1e1d1c1b1a19)))
;; text: Loading; zero is false, every other byte is true
(assert_return (invoke "load-bools" (u32.const 0x300))
  (tuple.const (bool.const false) (bool.const true) (bool.const true) (bool.const true)
    (bool.const true) (bool.const false)))
;; text: Storing; the lowest address holds the lowest byte
(assert_return
  (invoke "store" (list.const (tuple.const (u8.const 1) (s8.const 2) (u16.const 0x0403)
    (s16.const 0x0605) (u32.const 0x0c0b0a09) (s32.const 0x100f0e0d)
    (u64.const 0x1817161514131211) (s64.const 0x201f1e1d1c1b1a19))))
  (list.const (u32.const 0x04030201) (u32.const 0x00000605) (u32.const 0x0c0b0a09)
    (u32.const 0x100f0e0d) (u32.const 0x14131211) (u32.const 0x18171615) (u32.const 0x1c1b1a19)
    (u32.const 0x201f1e1d)))
;; text: Storing; a negative integer is stored as its two's complement in its own width
(assert_return
  (invoke "store" (list.const (tuple.const (u8.const 255) (s8.const -128) (u16.const 65535)
    (s16.const -32768) (u32.const 4294967295) (s32.const -2147483648)
    (u64.const 1) (s64.const -9223372036854775808))))
  (list.const (u32.const 0xffff80ff) (u32.const 0x00008000) (u32.const 0xffffffff)
    (u32.const 0x80000000) (u32.const 1) (u32.const 0) (u32.const 0) (u32.const 0x80000000)))
;; text: Storing; a boolean is the byte 0 or 1, and the bytes around it stay
(assert_return
  (invoke "store-bools" (list.const (bool.const true) (bool.const false) (bool.const true)))
  (list.const (u32.const 0xff010001) (u32.const 0x00008000) (u32.const 0xffffffff)
    (u32.const 0x80000000) (u32.const 1) (u32.const 0) (u32.const 0) (u32.const 0x80000000)))
