;; A cancellation needs the right end of a stream of the right type.
;; Text: CanonicalABI.md, "canon {stream,future}.cancel-{read,write}", "Table State".

;; `fill` makes a `stream<u8>`, a `stream<u16>` and a `future<u8>` (ends 1 and 2, 3 and 4, 5 and
;; 6), a waitable set (7) and a resource (8). The built-ins whose names begin with `same-`
;; are those of another definition of `stream<u8>`, which is the same type.
;; text: canon {stream,future}.cancel-{read,write}: the built-ins of a `stream<u8>`, called by the script
(component definition $D
  (core module $Memory (memory (export "memory") 1))
  (core instance $m (instantiate $Memory))
  (type $T (stream u8))
  (type $Same (stream u8))
  (type $Other (stream u16))
  (type $Unlike (future u8))
  (core func $new (canon stream.new $T))
  (core func $other-new (canon stream.new $Other))
  (core func $unlike-new (canon future.new $Unlike))
  (core func $read (canon stream.read $T async (memory $m "memory")))
  (core func $write (canon stream.write $T async (memory $m "memory")))
  (core func $cancel-read-async (canon stream.cancel-read $T async))
  (core func $cancel-write-async (canon stream.cancel-write $T async))
  (func (export "read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $read)))
  (func (export "write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $write)))
  (func (export "cancel-read-async") (param "end" u32) (result u32)
    (canon lift (core func $cancel-read-async)))
  (func (export "cancel-write-async") (param "end" u32) (result u32)
    (canon lift (core func $cancel-write-async)))
  (core func $same-read (canon stream.read $Same async (memory $m "memory")))
  (core func $same-write (canon stream.write $Same async (memory $m "memory")))
  (core func $same-cancel-read-async (canon stream.cancel-read $Same async))
  (core func $same-cancel-write-async (canon stream.cancel-write $Same async))
  (func (export "same-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $same-read)))
  (func (export "same-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $same-write)))
  (func (export "same-cancel-read-async") (param "end" u32) (result u32)
    (canon lift (core func $same-cancel-read-async)))
  (func (export "same-cancel-write-async") (param "end" u32) (result u32)
    (canon lift (core func $same-cancel-write-async)))
  (core func $other-read (canon stream.read $Other async (memory $m "memory")))
  (core func $other-write (canon stream.write $Other async (memory $m "memory")))
  (func (export "other-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $other-read)))
  (func (export "other-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $other-write)))
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

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "fill"))

;; rule: stream.read/kind does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 0) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.cancel-read/kind does not hold
;; rule: stream.cancel-read/type does not hold
(assert_return (invoke $i1 "same-cancel-read-async" (u32.const 1)) (u32.const 0x2))

;; rule: stream.write/kind does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.cancel-write/kind does not hold
;; rule: stream.cancel-write/type does not hold
(assert_return (invoke $i1 "cancel-write-async" (u32.const 2)) (u32.const 0x2))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; `stream.cancel-read` of what is not the readable end of a stream.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "fill"))

;; The other end.
;; rule: stream.cancel-read/kind holds
(assert_trap (invoke $i2 "cancel-read-async" (u32.const 2)) "stream.cancel-read/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i3 "fill"))

;; The same end of a future.
;; rule: stream.cancel-read/kind holds
(assert_trap (invoke $i3 "cancel-read-async" (u32.const 5)) "stream.cancel-read/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i4 "fill"))

;; A waitable set.
;; rule: stream.cancel-read/kind holds
(assert_trap (invoke $i4 "cancel-read-async" (u32.const 7)) "stream.cancel-read/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i5 "fill"))

;; A resource.
;; rule: stream.cancel-read/kind holds
(assert_trap (invoke $i5 "cancel-read-async" (u32.const 8)) "stream.cancel-read/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i6 "fill"))

;; rule: stream.read/type does not hold
(assert_return (invoke $i6 "other-read" (u32.const 3) (u32.const 0) (u32.const 1))
  (u32.const 0xffff_ffff))

;; Of a stream of another type, although it copies.
;; rule: stream.cancel-read/type holds
(assert_trap (invoke $i6 "cancel-read-async" (u32.const 3)) "stream.cancel-read/type")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i7 "fill"))

;; Nothing is ever at 0.
;; rule: table.get/empty holds
(assert_trap (invoke $i7 "cancel-read-async" (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i8 "fill"))

;; The first index past the table.
;; rule: table.get/bounds holds
(assert_trap (invoke $i8 "cancel-read-async" (u32.const 9)) "table.get/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; While copies are under way, the wrong end is still wrong.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i9 "fill"))

;; rule: stream.write/kind does not hold
(assert_return (invoke $i9 "write" (u32.const 2) (u32.const 0) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.cancel-read/kind holds
(assert_trap (invoke $i9 "cancel-read-async" (u32.const 2)) "stream.cancel-read/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; `stream.cancel-write` of what is not the writable end of a stream.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i10 "fill"))

;; The other end.
;; rule: stream.cancel-write/kind holds
(assert_trap (invoke $i10 "cancel-write-async" (u32.const 1)) "stream.cancel-write/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i11 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i11 "fill"))

;; The same end of a future.
;; rule: stream.cancel-write/kind holds
(assert_trap (invoke $i11 "cancel-write-async" (u32.const 6)) "stream.cancel-write/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i12 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i12 "fill"))

;; A waitable set.
;; rule: stream.cancel-write/kind holds
(assert_trap (invoke $i12 "cancel-write-async" (u32.const 7)) "stream.cancel-write/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i13 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i13 "fill"))

;; A resource.
;; rule: stream.cancel-write/kind holds
(assert_trap (invoke $i13 "cancel-write-async" (u32.const 8)) "stream.cancel-write/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i14 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i14 "fill"))

;; rule: stream.write/type does not hold
(assert_return (invoke $i14 "other-write" (u32.const 4) (u32.const 0) (u32.const 1))
  (u32.const 0xffff_ffff))

;; Of a stream of another type, although it copies.
;; rule: stream.cancel-write/type holds
(assert_trap (invoke $i14 "cancel-write-async" (u32.const 4)) "stream.cancel-write/type")

;; text: Instance Definitions: a fresh instance
(component instance $i15 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i15 "fill"))

;; Nothing is ever at 0.
;; rule: table.get/empty holds
(assert_trap (invoke $i15 "cancel-write-async" (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i16 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i16 "fill"))

;; The first index past the table.
;; rule: table.get/bounds holds
(assert_trap (invoke $i16 "cancel-write-async" (u32.const 9)) "table.get/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i17 $D)

;; While copies are under way, the wrong end is still wrong.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i17 "fill"))

;; rule: stream.read/kind does not hold
(assert_return (invoke $i17 "read" (u32.const 1) (u32.const 0) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.cancel-write/kind holds
(assert_trap (invoke $i17 "cancel-write-async" (u32.const 1)) "stream.cancel-write/kind")
