;; In a 64-bit memory the place for an event is an `i64`; the event is two 32-bit values all
;; the same.
;; Text: CanonicalABI.md, "canon waitable-set.wait" (`unpack_event`), "canon
;; waitable-set.poll".

;; text: canon waitable-set.wait: a component with a 64-bit memory
(component definition $D
  (core module $Libc (memory (export "memory") i64 1))
  (core instance $libc (instantiate $Libc))
  (type $F (future))
  (core func $future-new (canon future.new $F))
  (core func $future-read (canon future.read $F async))
  (core func $future-write (canon future.write $F async))
  (core func $set-new (canon waitable-set.new))
  (core func $join (canon waitable.join))
  (core func $wait (canon waitable-set.wait (memory $libc "memory")))
  (core func $poll (canon waitable-set.poll (memory $libc "memory")))
  (core module $M
    (import "libc" "memory" (memory i64 1))
    (import "" "future-new" (func $future-new (result i64)))
    (import "" "future-read" (func $future-read (param i32 i32) (result i32)))
    (import "" "future-write" (func $future-write (param i32 i32) (result i32)))
    (import "" "set-new" (func $set-new (result i32)))
    (import "" "join" (func $join (param i32 i32)))
    (import "" "wait" (func $wait (param i32 i64) (result i32)))
    (import "" "poll" (func $poll (param i32 i64) (result i32)))
    ;; A set with an event of the end at 2, which is one of 3.
    (func $set (result i32) (local $s i32)
      (local.set $s (call $set-new))
      (drop (call $future-new))
      (drop (call $future-read (i32.const 2) (i32.const 0)))
      (drop (call $future-write (i32.const 3) (i32.const 0)))
      (call $join (i32.const 2) (local.get $s))
      (local.get $s))
    ;; The code of the event, and 10 times its first payload.
    (func (export "wait") (param i64) (result i32)
      (i32.add (call $wait (call $set) (local.get 0))
        (i32.mul (i32.load (local.get 0)) (i32.const 10))))
    (func (export "poll") (param i64) (result i32)
      (i32.add (call $poll (call $set) (local.get 0))
        (i32.mul (i32.load (local.get 0)) (i32.const 10)))))
  (core instance $m (instantiate $M
    (with "libc" (instance $libc))
    (with "" (instance
      (export "future-new" (func $future-new)) (export "future-read" (func $future-read))
      (export "future-write" (func $future-write)) (export "set-new" (func $set-new))
      (export "join" (func $join)) (export "wait" (func $wait)) (export "poll" (func $poll))))))
  (func (export "wait") async (param "ptr" u64) (result u32)
    (canon lift (core func $m "wait")))
  (func (export "poll") (param "ptr" u64) (result u32) (canon lift (core func $m "poll"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; Event 4 of the end at 2.
;; rule: waitable-set.wait/bounds does not hold
(assert_return (invoke $i1 "wait" (u64.const 65528)) (u32.const 24))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: waitable-set.wait/bounds holds
(assert_trap (invoke $i2 "wait" (u64.const 65532)) "waitable-set.wait/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; The lower 32 bits would be in bounds.
;; rule: waitable-set.wait/bounds holds
(assert_trap (invoke $i3 "wait" (u64.const 4294967296)) "waitable-set.wait/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; No address is after the last one.
;; rule: waitable-set.wait/bounds holds
(assert_trap (invoke $i4 "wait" (u64.const 18446744073709551608)) "waitable-set.wait/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: waitable-set.wait/align holds
(assert_trap (invoke $i5 "wait" (u64.const 2)) "waitable-set.wait/align")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; Event 4 of the end at 2.
;; rule: waitable-set.wait/bounds does not hold
(assert_return (invoke $i6 "poll" (u64.const 65528)) (u32.const 24))

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: waitable-set.wait/bounds holds
(assert_trap (invoke $i7 "poll" (u64.const 65532)) "waitable-set.wait/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; The lower 32 bits would be in bounds.
;; rule: waitable-set.wait/bounds holds
(assert_trap (invoke $i8 "poll" (u64.const 4294967296)) "waitable-set.wait/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; No address is after the last one.
;; rule: waitable-set.wait/bounds holds
(assert_trap (invoke $i9 "poll" (u64.const 18446744073709551608)) "waitable-set.wait/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; rule: waitable-set.wait/align holds
(assert_trap (invoke $i10 "poll" (u64.const 2)) "waitable-set.wait/align")
