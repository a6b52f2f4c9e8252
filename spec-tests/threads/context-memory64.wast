;; The storage of a thread can hold `i64`s, in two slots that are apart.
;; Text: CanonicalABI.md, "canon context.get", "canon context.set", "Threads".

;; text: canon context.get: a component whose storage is of 64 bits
(component definition $D
  (core func $get0 (canon context.get i64 0))
  (core func $get1 (canon context.get i64 1))
  (core func $set0 (canon context.set i64 0))
  (core func $set1 (canon context.set i64 1))
  (core module $M
    (import "" "get0" (func $get0 (result i64)))
    (import "" "get1" (func $get1 (result i64)))
    (import "" "set0" (func $set0 (param i64)))
    (import "" "set1" (func $set1 (param i64)))
    (func (export "fresh") (result i64) (i64.or (call $get0) (call $get1)))
    (func (export "difference") (param i64 i64) (result i64)
      (call $set0 (local.get 0))
      (call $set1 (local.get 1))
      (i64.sub (call $get0) (call $get1))))
  (core instance $m (instantiate $M (with "" (instance
    (export "get0" (func $get0)) (export "get1" (func $get1))
    (export "set0" (func $set0)) (export "set1" (func $set1))))))
  (func (export "fresh") (result u64) (canon lift (core func $m "fresh")))
  (func (export "difference") (param "a" u64) (param "b" u64) (result u64)
    (canon lift (core func $m "difference"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; text: Threads: a new thread has zeros
(assert_return (invoke $i1 "fresh") (u64.const 0))

;; text: canon context.set: all 64 bits are kept
(assert_return (invoke $i1 "difference" (u64.const 9223372036854775813) (u64.const 4294967296)) (u64.const 9223372032559808517))

;; text: Threads: the next call has a thread of its own
(assert_return (invoke $i1 "fresh") (u64.const 0))
