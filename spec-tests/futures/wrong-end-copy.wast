;; A copy needs the right end of a future of the right type.
;; Text: CanonicalABI.md, "canon future.{read,write}" (`future_copy`), "Table State".

;; `fill` makes a `future<u8>`, a `future<u16>` and a `stream<u8>` (ends 1 and 2, 3 and 4, 5 and
;; 6), a waitable set (7) and a resource (8). The built-ins whose names begin with `same-`
;; are those of another definition of `future<u8>`, which is the same type.
;; text: canon future.{read,write}: the built-ins of a `future<u8>`, called by the script
(component definition $D
  (core module $Memory (memory (export "memory") 1))
  (core instance $m (instantiate $Memory))
  (type $T (future u8))
  (type $Same (future u8))
  (type $Other (future u16))
  (type $Unlike (stream u8))
  (core func $new (canon future.new $T))
  (core func $other-new (canon future.new $Other))
  (core func $unlike-new (canon stream.new $Unlike))
  (core func $read (canon future.read $T async (memory $m "memory")))
  (core func $write (canon future.write $T async (memory $m "memory")))
  (func (export "read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $read)))
  (func (export "write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $write)))
  (core func $same-read (canon future.read $Same async (memory $m "memory")))
  (core func $same-write (canon future.write $Same async (memory $m "memory")))
  (func (export "same-read") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $same-read)))
  (func (export "same-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $same-write)))

  (type $R (resource (rep i32)))
  (core func $resource (canon resource.new $R))
  (core func $new-set (canon waitable-set.new))
  (core module $Fill
    (import "" "new" (func $new (result i64)))
    (import "" "other" (func $other (result i64)))
    (import "" "unlike" (func $unlike (result i64)))
    (import "" "set" (func $set (result i32)))
    (import "" "resource" (func $resource (param i32) (result i32)))
    (func (export "fill")
      (drop (call $new)) (drop (call $other)) (drop (call $unlike))
      (drop (call $set)) (drop (call $resource (i32.const 7)))))
  (core instance $f (instantiate $Fill (with "" (instance
    (export "new" (func $new)) (export "other" (func $other-new))
    (export "unlike" (func $unlike-new)) (export "set" (func $new-set))
    (export "resource" (func $resource))))))
  (func (export "fill") (canon lift (core func $f "fill"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "fill"))

;; rule: future.read/kind does not hold
;; rule: future.read/type does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.write/kind does not hold
;; rule: future.write/type does not hold
(assert_return (invoke $i1 "same-write" (u32.const 2) (u32.const 0)) (u32.const 0))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; `future.read` of what is not the readable end of a future.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i2 "fill"))

;; The other end.
;; rule: future.read/kind holds
(assert_trap (invoke $i2 "read" (u32.const 2) (u32.const 0)) "future.read/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i3 "fill"))

;; The same end of a stream.
;; rule: future.read/kind holds
(assert_trap (invoke $i3 "read" (u32.const 5) (u32.const 0)) "future.read/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i4 "fill"))

;; A waitable set.
;; rule: future.read/kind holds
(assert_trap (invoke $i4 "read" (u32.const 7) (u32.const 0)) "future.read/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i5 "fill"))

;; A resource.
;; rule: future.read/kind holds
(assert_trap (invoke $i5 "read" (u32.const 8) (u32.const 0)) "future.read/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i6 "fill"))

;; Of a future of another type.
;; rule: future.read/type holds
(assert_trap (invoke $i6 "read" (u32.const 3) (u32.const 0)) "future.read/type")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i7 "fill"))

;; Nothing is ever at 0.
;; rule: table.get/empty holds
(assert_trap (invoke $i7 "read" (u32.const 0) (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i8 "fill"))

;; The first index past the table.
;; rule: table.get/bounds holds
(assert_trap (invoke $i8 "read" (u32.const 9) (u32.const 0)) "table.get/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; `future.write` of what is not the writable end of a future.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i9 "fill"))

;; The other end.
;; rule: future.write/kind holds
(assert_trap (invoke $i9 "write" (u32.const 1) (u32.const 0)) "future.write/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i10 "fill"))

;; The same end of a stream.
;; rule: future.write/kind holds
(assert_trap (invoke $i10 "write" (u32.const 6) (u32.const 0)) "future.write/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i11 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i11 "fill"))

;; A waitable set.
;; rule: future.write/kind holds
(assert_trap (invoke $i11 "write" (u32.const 7) (u32.const 0)) "future.write/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i12 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i12 "fill"))

;; A resource.
;; rule: future.write/kind holds
(assert_trap (invoke $i12 "write" (u32.const 8) (u32.const 0)) "future.write/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i13 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i13 "fill"))

;; Of a future of another type.
;; rule: future.write/type holds
(assert_trap (invoke $i13 "write" (u32.const 4) (u32.const 0)) "future.write/type")

;; text: Instance Definitions: a fresh instance
(component instance $i14 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i14 "fill"))

;; Nothing is ever at 0.
;; rule: table.get/empty holds
(assert_trap (invoke $i14 "write" (u32.const 0) (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i15 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i15 "fill"))

;; The first index past the table.
;; rule: table.get/bounds holds
(assert_trap (invoke $i15 "write" (u32.const 9) (u32.const 0)) "table.get/bounds")
