;; 🐘 A caller whose memory has 64-bit addresses, and a callee whose memory has not,
;; and the other way round: each side's pointers are of its own memory.
;; Text: CanonicalABI.md, "Flattening", "canon lower".

;; Each caller has 17 numbers in its memory and gets back a pair in memory: the last
;; of the numbers, and that plus 1000. It answers 10000 × the first + the second.
;; text: canon lower: two components with different memories
(component definition $P
  (component $Callee32
    (core module $M
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 512))
      (func (export "f") (param $p i32) (result i32)
        (i32.store (i32.const 16) (i32.load offset=64 (local.get $p)))
        (i32.store (i32.const 20)
          (i32.add (i32.load (i32.const 16)) (i32.const 1000)))
        (i32.const 16)))
    (core instance $m (instantiate $M))
    (func (export "f") (param "l" (tuple u32 u32 u32 u32 u32 u32 u32 u32 u32
        u32 u32 u32 u32 u32 u32 u32 u32)) (result (tuple u32 u32))
      (canon lift (core func $m "f") (memory $m "memory") (realloc (func $m "realloc")))))
  (component $Callee64
    (core module $M
      (memory (export "memory") i64 1)
      (func (export "realloc") (param i64 i64 i64 i64) (result i64) (i64.const 512))
      (func (export "f") (param $p i64) (result i64)
        (i32.store (i64.const 16) (i32.load offset=64 (local.get $p)))
        (i32.store (i64.const 20)
          (i32.add (i32.load (i64.const 16)) (i32.const 1000)))
        (i64.const 16)))
    (core instance $m (instantiate $M))
    (func (export "f") (param "l" (tuple u32 u32 u32 u32 u32 u32 u32 u32 u32
        u32 u32 u32 u32 u32 u32 u32 u32)) (result (tuple u32 u32))
      (canon lift (core func $m "f") (memory $m "memory") (realloc (func $m "realloc")))))
  (component $Caller32
    (import "f" (func $f (param "l" (tuple u32 u32 u32 u32 u32 u32 u32 u32 u32
        u32 u32 u32 u32 u32 u32 u32 u32)) (result (tuple u32 u32))))
    (core module $Libc
      (memory (export "memory") 1)
      (data (i32.const 192) "\11\00\00\00"))
    (core instance $libc (instantiate $Libc))
    (core func $f (canon lower (func $f) (memory $libc "memory")))
    (core module $M
      (import "" "memory" (memory 1))
      (import "" "f" (func $f (param i32 i32)))
      (func (export "run") (result i32)
        (call $f (i32.const 128) (i32.const 64))
        (i32.add
          (i32.mul (i32.load (i32.const 64)) (i32.const 10000))
          (i32.load (i32.const 68)))))
    (core instance $m (instantiate $M (with "" (instance
      (export "memory" (memory $libc "memory")) (export "f" (func $f))))))
    (func (export "run") (result u32) (canon lift (core func $m "run"))))
  (component $Caller64
    (import "f" (func $f (param "l" (tuple u32 u32 u32 u32 u32 u32 u32 u32 u32
        u32 u32 u32 u32 u32 u32 u32 u32)) (result (tuple u32 u32))))
    (core module $Libc
      (memory (export "memory") i64 1)
      (data (i64.const 192) "\11\00\00\00"))
    (core instance $libc (instantiate $Libc))
    (core func $f (canon lower (func $f) (memory $libc "memory")))
    (core module $M
      (import "" "memory" (memory i64 1))
      (import "" "f" (func $f (param i64 i64)))
      (func (export "run") (result i32)
        (call $f (i64.const 128) (i64.const 64))
        (i32.add
          (i32.mul (i32.load (i64.const 64)) (i32.const 10000))
          (i32.load (i64.const 68)))))
    (core instance $m (instantiate $M (with "" (instance
      (export "memory" (memory $libc "memory")) (export "f" (func $f))))))
    (func (export "run") (result u32) (canon lift (core func $m "run"))))
  (instance $c32 (instantiate $Callee32))
  (instance $c64 (instantiate $Callee64))
  (instance $from32 (instantiate $Caller32 (with "f" (func $c64 "f"))))
  (instance $from64 (instantiate $Caller64 (with "f" (func $c32 "f"))))
  (instance $both64 (instantiate $Caller64 (with "f" (func $c64 "f"))))
  (export "from32-to64" (func $from32 "run"))
  (export "from64-to32" (func $from64 "run"))
  (export "from64-to64" (func $both64 "run")))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; rule: values.lift/spill holds
;; rule: values.lower/out-param holds
;; rule: values.lower/out-param does not hold
(assert_return (invoke $p "from32-to64") (u32.const 171017))

;; rule: values.lift/spill holds
;; rule: values.lower/out-param holds
(assert_return (invoke $p "from64-to32") (u32.const 171017))

;; rule: values.lift/spill holds
;; rule: values.lower/out-param holds
(assert_return (invoke $p "from64-to64") (u32.const 171017))
