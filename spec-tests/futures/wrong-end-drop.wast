;; A drop needs the right end of a future of the right type.
;; Text: CanonicalABI.md, "canon {stream,future}.drop-{readable,writable}", "Table State".

;; `fill` makes a `future<u8>`, a `future<u16>` and a `stream<u8>` (ends 1 and 2, 3 and 4, 5 and
;; 6), a waitable set (7) and a resource (8). The built-ins whose names begin with `same-`
;; are those of another definition of `future<u8>`, which is the same type.
;; text: canon {stream,future}.drop-{readable,writable}: the built-ins of a `future<u8>`, called by the script
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
  (core func $write (canon future.write $T async (memory $m "memory")))
  (core func $drop-readable (canon future.drop-readable $T))
  (core func $drop-writable (canon future.drop-writable $T))
  (func (export "write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $write)))
  (func (export "drop-readable") (param "end" u32) (canon lift (core func $drop-readable)))
  (func (export "drop-writable") (param "end" u32) (canon lift (core func $drop-writable)))
  (core func $same-write (canon future.write $Same async (memory $m "memory")))
  (core func $same-drop-readable (canon future.drop-readable $Same))
  (core func $same-drop-writable (canon future.drop-writable $Same))
  (func (export "same-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $same-write)))
  (func (export "same-drop-readable") (param "end" u32)
    (canon lift (core func $same-drop-readable)))
  (func (export "same-drop-writable") (param "end" u32)
    (canon lift (core func $same-drop-writable)))
  (core func $other-write (canon future.write $Other async (memory $m "memory")))
  (core func $other-drop-readable (canon future.drop-readable $Other))
  (func (export "other-write") (param "end" u32) (param "at" u32) (result u32)
    (canon lift (core func $other-write)))
  (func (export "other-drop-readable") (param "end" u32)
    (canon lift (core func $other-drop-readable)))
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

;; rule: future.drop-readable/kind does not hold
;; rule: future.drop-readable/type does not hold
(assert_return (invoke $i1 "drop-readable" (u32.const 1)))

;; rule: future.write/dropped holds
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0)) (u32.const 1))

;; rule: future.drop-writable/kind does not hold
;; rule: future.drop-writable/type does not hold
(assert_return (invoke $i1 "same-drop-writable" (u32.const 2)))

;; It is dropped.
;; rule: table.get/empty holds
(assert_trap (invoke $i1 "drop-writable" (u32.const 2)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; `future.drop-readable` of what is not the readable end of a future.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i2 "fill"))

;; The other end.
;; rule: future.drop-readable/kind holds
(assert_trap (invoke $i2 "drop-readable" (u32.const 2)) "future.drop-readable/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i3 "fill"))

;; The same end of a stream.
;; rule: future.drop-readable/kind holds
(assert_trap (invoke $i3 "drop-readable" (u32.const 5)) "future.drop-readable/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i4 "fill"))

;; A waitable set.
;; rule: future.drop-readable/kind holds
(assert_trap (invoke $i4 "drop-readable" (u32.const 7)) "future.drop-readable/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i5 "fill"))

;; A resource.
;; rule: future.drop-readable/kind holds
(assert_trap (invoke $i5 "drop-readable" (u32.const 8)) "future.drop-readable/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i6 "fill"))

;; Of a future of another type.
;; rule: future.drop-readable/type holds
(assert_trap (invoke $i6 "drop-readable" (u32.const 3)) "future.drop-readable/type")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i7 "fill"))

;; Nothing is ever at 0.
;; rule: table.get/empty holds
(assert_trap (invoke $i7 "drop-readable" (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i8 "fill"))

;; The first index past the table.
;; rule: table.get/bounds holds
(assert_trap (invoke $i8 "drop-readable" (u32.const 9)) "table.get/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; `future.drop-writable` of what is not the writable end of a future.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i9 "fill"))

;; The other end.
;; rule: future.drop-writable/kind holds
(assert_trap (invoke $i9 "drop-writable" (u32.const 1)) "future.drop-writable/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i10 "fill"))

;; The same end of a stream.
;; rule: future.drop-writable/kind holds
(assert_trap (invoke $i10 "drop-writable" (u32.const 6)) "future.drop-writable/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i11 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i11 "fill"))

;; A waitable set.
;; rule: future.drop-writable/kind holds
(assert_trap (invoke $i11 "drop-writable" (u32.const 7)) "future.drop-writable/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i12 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i12 "fill"))

;; A resource.
;; rule: future.drop-writable/kind holds
(assert_trap (invoke $i12 "drop-writable" (u32.const 8)) "future.drop-writable/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i13 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i13 "fill"))

;; rule: channel.drop/copying does not hold
(assert_return (invoke $i13 "other-drop-readable" (u32.const 3)))

;; rule: future.write/dropped holds
(assert_return (invoke $i13 "other-write" (u32.const 4) (u32.const 0)) (u32.const 1))

;; Of a future of another type.
;; rule: future.drop-writable/type holds
(assert_trap (invoke $i13 "drop-writable" (u32.const 4)) "future.drop-writable/type")

;; text: Instance Definitions: a fresh instance
(component instance $i14 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i14 "fill"))

;; Nothing is ever at 0.
;; rule: table.get/empty holds
(assert_trap (invoke $i14 "drop-writable" (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i15 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i15 "fill"))

;; The first index past the table.
;; rule: table.get/bounds holds
(assert_trap (invoke $i15 "drop-writable" (u32.const 9)) "table.get/bounds")
