;; While `realloc` or a post-return function runs, the instance may not be left: every
;; built-in of futures traps.
;; Text: CanonicalABI.md, "canon future.{read,write}", "canon {stream,future}.new",
;; "canon {stream,future}.cancel-{read,write}", "canon {stream,future}.drop-{readable,writable}".

;; `do` does what its number says: 1 new, 2 read from end 1, 3 write to end 2, 4 cancel the
;; read, 5 cancel the write, 6 drop end 1, 7 drop end 2. `do-after` does it in its post-return
;; function, and `take` in `realloc`, once `choose` has chosen.
;; text: Lifting and Lowering Context: a component whose realloc and post-return function try to leave
(component definition $D
  (core module $Memory (memory (export "memory") 1))
  (core instance $m (instantiate $Memory))
  (type $T (future u8))
  (core func $new (canon future.new $T))
  (core func $read (canon future.read $T async (memory $m "memory")))
  (core func $write (canon future.write $T async (memory $m "memory")))
  (core func $cancel-read (canon future.cancel-read $T async))
  (core func $cancel-write (canon future.cancel-write $T async))
  (core func $drop-readable (canon future.drop-readable $T))
  (core func $drop-writable (canon future.drop-writable $T))
  (core module $M
    (import "" "new" (func $new (result i64)))
    (import "" "read" (func $read (param i32 i32) (result i32)))
    (import "" "write" (func $write (param i32 i32) (result i32)))
    (import "" "cancel-read" (func $cancel-read (param i32) (result i32)))
    (import "" "cancel-write" (func $cancel-write (param i32) (result i32)))
    (import "" "drop-readable" (func $drop-readable (param i32)))
    (import "" "drop-writable" (func $drop-writable (param i32)))
    (global $what (mut i32) (i32.const 0))
    (func $do (export "do") (param $what i32)
      (if (i32.eq (local.get $what) (i32.const 1)) (then (drop (call $new))))
      (if (i32.eq (local.get $what) (i32.const 2)) (then (drop (call $read (i32.const 1) (i32.const 8)))))
      (if (i32.eq (local.get $what) (i32.const 3)) (then (drop (call $write (i32.const 2) (i32.const 8)))))
      (if (i32.eq (local.get $what) (i32.const 4)) (then (drop (call $cancel-read (i32.const 1)))))
      (if (i32.eq (local.get $what) (i32.const 5)) (then (drop (call $cancel-write (i32.const 2)))))
      (if (i32.eq (local.get $what) (i32.const 6)) (then (call $drop-readable (i32.const 1))))
      (if (i32.eq (local.get $what) (i32.const 7)) (then (call $drop-writable (i32.const 2)))))
    (func (export "same") (param i32) (result i32) (local.get 0))
    (func (export "take") (param i32 i32) (global.set $what (local.get 1)))
    (func (export "choose") (param i32) (global.set $what (local.get 0)))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (call $do (global.get $what))
      (i32.const 16)))
  (core instance $i (instantiate $M (with "" (instance
    (export "new" (func $new)) (export "read" (func $read)) (export "write" (func $write))
    (export "cancel-read" (func $cancel-read)) (export "cancel-write" (func $cancel-write))
    (export "drop-readable" (func $drop-readable))
    (export "drop-writable" (func $drop-writable))))))
  (func (export "do") (param "what" u32) (canon lift (core func $i "do")))
  (func (export "choose") (param "what" u32) (canon lift (core func $i "choose")))
  (func (export "do-after") (param "what" u32) (result u32)
    (canon lift (core func $i "same") (post-return (func $i "do"))))
  (func (export "take") (param "bytes" (list u8))
    (canon lift (core func $i "take") (memory $m "memory") (realloc (func $i "realloc")))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; In the function itself, everything is allowed.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "do" (u32.const 1)))

;; rule: future.read/may-leave does not hold
(assert_return (invoke $i1 "do" (u32.const 2)))

;; rule: future.cancel-read/may-leave does not hold
(assert_return (invoke $i1 "do" (u32.const 4)))

;; rule: future.write/may-leave does not hold
(assert_return (invoke $i1 "do" (u32.const 3)))

;; rule: future.cancel-write/may-leave does not hold
(assert_return (invoke $i1 "do" (u32.const 5)))

;; rule: future.drop-readable/may-leave does not hold
(assert_return (invoke $i1 "do" (u32.const 6)))

;; rule: future.write/may-leave does not hold
(assert_return (invoke $i1 "do" (u32.const 3)))

;; rule: future.drop-writable/may-leave does not hold
(assert_return (invoke $i1 "do" (u32.const 7)))

;; rule: lift/post-return holds
(assert_return (invoke $i1 "do-after" (u32.const 0)) (u32.const 0))

;; rule: list.store/bounds does not hold
(assert_return (invoke $i1 "take" (list.const (u8.const 1) (u8.const 2))))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; In a post-return function, none is.
;; rule: future.new/may-leave holds
(assert_trap (invoke $i2 "do-after" (u32.const 1)) "future.new/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i3 "do" (u32.const 1)))

;; rule: future.read/may-leave holds
(assert_trap (invoke $i3 "do-after" (u32.const 2)) "future.read/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i4 "do" (u32.const 1)))

;; rule: future.write/may-leave holds
(assert_trap (invoke $i4 "do-after" (u32.const 3)) "future.write/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i5 "do" (u32.const 1)))

;; rule: future.read/may-leave does not hold
(assert_return (invoke $i5 "do" (u32.const 2)))

;; rule: future.cancel-read/may-leave holds
(assert_trap (invoke $i5 "do-after" (u32.const 4)) "future.cancel-read/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i6 "do" (u32.const 1)))

;; rule: future.write/may-leave does not hold
(assert_return (invoke $i6 "do" (u32.const 3)))

;; rule: future.cancel-write/may-leave holds
(assert_trap (invoke $i6 "do-after" (u32.const 5)) "future.cancel-write/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i7 "do" (u32.const 1)))

;; rule: future.drop-readable/may-leave holds
(assert_trap (invoke $i7 "do-after" (u32.const 6)) "future.drop-readable/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i8 "do" (u32.const 1)))

;; rule: future.drop-readable/may-leave does not hold
(assert_return (invoke $i8 "do" (u32.const 6)))

;; rule: future.write/may-leave does not hold
(assert_return (invoke $i8 "do" (u32.const 3)))

;; rule: future.drop-writable/may-leave holds
(assert_trap (invoke $i8 "do-after" (u32.const 7)) "future.drop-writable/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; In `realloc`, none is.
;; text: Lifting and Lowering Context: what `realloc` will do
(assert_return (invoke $i9 "choose" (u32.const 1)))

;; rule: future.new/may-leave holds
(assert_trap (invoke $i9 "take" (list.const (u8.const 1) (u8.const 2))) "future.new/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i10 "do" (u32.const 1)))

;; text: Lifting and Lowering Context: what `realloc` will do
(assert_return (invoke $i10 "choose" (u32.const 2)))

;; rule: future.read/may-leave holds
(assert_trap (invoke $i10 "take" (list.const (u8.const 1) (u8.const 2))) "future.read/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i11 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i11 "do" (u32.const 1)))

;; text: Lifting and Lowering Context: what `realloc` will do
(assert_return (invoke $i11 "choose" (u32.const 3)))

;; rule: future.write/may-leave holds
(assert_trap (invoke $i11 "take" (list.const (u8.const 1) (u8.const 2))) "future.write/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i12 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i12 "do" (u32.const 1)))

;; rule: future.read/may-leave does not hold
(assert_return (invoke $i12 "do" (u32.const 2)))

;; text: Lifting and Lowering Context: what `realloc` will do
(assert_return (invoke $i12 "choose" (u32.const 4)))

;; rule: future.cancel-read/may-leave holds
(assert_trap (invoke $i12 "take" (list.const (u8.const 1) (u8.const 2)))
  "future.cancel-read/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i13 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i13 "do" (u32.const 1)))

;; rule: future.write/may-leave does not hold
(assert_return (invoke $i13 "do" (u32.const 3)))

;; text: Lifting and Lowering Context: what `realloc` will do
(assert_return (invoke $i13 "choose" (u32.const 5)))

;; rule: future.cancel-write/may-leave holds
(assert_trap (invoke $i13 "take" (list.const (u8.const 1) (u8.const 2)))
  "future.cancel-write/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i14 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i14 "do" (u32.const 1)))

;; text: Lifting and Lowering Context: what `realloc` will do
(assert_return (invoke $i14 "choose" (u32.const 6)))

;; rule: future.drop-readable/may-leave holds
(assert_trap (invoke $i14 "take" (list.const (u8.const 1) (u8.const 2)))
  "future.drop-readable/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $i15 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i15 "do" (u32.const 1)))

;; rule: future.drop-readable/may-leave does not hold
(assert_return (invoke $i15 "do" (u32.const 6)))

;; rule: future.write/may-leave does not hold
(assert_return (invoke $i15 "do" (u32.const 3)))

;; text: Lifting and Lowering Context: what `realloc` will do
(assert_return (invoke $i15 "choose" (u32.const 7)))

;; rule: future.drop-writable/may-leave holds
(assert_trap (invoke $i15 "take" (list.const (u8.const 1) (u8.const 2)))
  "future.drop-writable/may-leave")
