;; What the built-ins of waitable sets do not accept: handles of other kinds, places in
;; memory that are not aligned or past the end, a set that is dropped with elements or while
;; a thread waits for it.
;; Text: CanonicalABI.md, "canon waitable-set.wait" (`unpack_event`), "canon
;; waitable-set.poll", "canon waitable-set.drop", "canon waitable.join", "Waitable State".

;; text: Waitable State: a component with sets and futures
(component definition $D
  (core module $Libc
    (memory (export "memory") 1)
    (table (export "table") 8 funcref))
  (core instance $libc (instantiate $Libc))
  (type $F (future))
  (core func $future-new (canon future.new $F))
  (core func $future-read (canon future.read $F async))
  (core func $future-write (canon future.write $F async))
  (core func $drop-readable (canon future.drop-readable $F))
  (core type $start (func (param i32)))
  (core func $set-new (canon waitable-set.new))
  (core func $wait (canon waitable-set.wait (memory $libc "memory")))
  (core func $poll (canon waitable-set.poll (memory $libc "memory")))
  (core func $join (canon waitable.join))
  (core func $set-drop (canon waitable-set.drop))
  (core func $new-thread (canon thread.new-indirect $start (core table $libc "table")))
  (core func $yield-resume (canon thread.yield-then-resume))
  (core module $M
    (import "" "set-new" (func $set-new (result i32)))
    (import "" "wait" (func $wait (param i32 i32) (result i32)))
    (import "" "poll" (func $poll (param i32 i32) (result i32)))
    (import "" "join" (func $join (param i32 i32)))
    (import "" "set-drop" (func $set-drop (param i32)))
    (import "" "new-thread" (func $new-thread (param i32 i32) (result i32)))
    (import "" "yield-resume" (func $yield-resume (param i32) (result i32)))
    (import "" "future-new" (func $future-new (result i64)))
    (import "" "future-read" (func $future-read (param i32 i32) (result i32)))
    (import "" "future-write" (func $future-write (param i32 i32) (result i32)))
    (import "" "drop-readable" (func $drop-readable (param i32)))
    (import "libc" "memory" (memory 1))
    (import "libc" "table" (table 8 funcref))
    ;; A new future: its readable end at the index returned, its writable end after it.
    (func $new (result i32) (i32.wrap_i64 (call $future-new)))
    ;; Reads the future at `end`, so that writing it is an event of the readable end.
    (func $read (param $end i32) (drop (call $future-read (local.get $end) (i32.const 0))))
    (func $write (param $end i32)
      (drop (call $future-write (i32.add (local.get $end) (i32.const 1)) (i32.const 0))))

    ;; A set with an event.
    (func $set (result i32) (local $s i32) (local $e i32)
      (local.set $s (call $set-new))
      (local.set $e (call $new))
      (call $read (local.get $e))
      (call $write (local.get $e))
      (call $join (local.get $e) (local.get $s))
      (local.get $s))
    (func $waits (param $s i32) (drop (call $wait (local.get $s) (i32.const 0))))
    (elem (table 0) (i32.const 0) func $waits)
    (func (export "wait-at") (param i32) (result i32) (call $wait (call $set) (local.get 0)))
    (func (export "poll-at") (param i32) (result i32) (call $poll (call $set) (local.get 0)))
    ;; For no event, the place counts too.
    (func (export "poll-none-at") (param i32) (result i32)
      (call $poll (call $set-new) (local.get 0)))
    (func (export "wait") (param i32) (drop (call $wait (local.get 0) (i32.const 0))))
    (func (export "poll") (param i32) (drop (call $poll (local.get 0) (i32.const 0))))
    (func (export "drop") (param i32) (call $set-drop (local.get 0)))
    (func (export "join") (param i32 i32) (call $join (local.get 0) (local.get 1)))
    (func (export "set") (result i32) (call $set-new))
    (func (export "future") (result i32) (call $new))
    (func (export "drop-waiting") (local $s i32)
      (local.set $s (call $set-new))
      (drop (call $yield-resume (call $new-thread (i32.const 0) (local.get $s))))
      (call $set-drop (local.get $s)))
    (func (export "drop-waited") (local $s i32)
      (local.set $s (call $set))
      (drop (call $wait (local.get $s) (i32.const 0)))
      (call $join (i32.load (i32.const 0)) (i32.const 0))
      (call $set-drop (local.get $s))))
  (core instance $m (instantiate $M
    (with "libc" (instance $libc))
    (with "" (instance
      (export "set-new" (func $set-new)) (export "wait" (func $wait))
        (export "poll" (func $poll)) (export "join" (func $join))
        (export "set-drop" (func $set-drop)) (export "new-thread" (func $new-thread))
        (export "yield-resume" (func $yield-resume)) (export "future-new" (func $future-new))
        (export "future-read" (func $future-read))
        (export "future-write" (func $future-write))
        (export "drop-readable" (func $drop-readable))))))
  (func (export "wait-at") async (param "ptr" u32) (result u32)
    (canon lift (core func $m "wait-at")))
  (func (export "poll-at") (param "ptr" u32) (result u32)
    (canon lift (core func $m "poll-at")))
  (func (export "poll-none-at") (param "ptr" u32) (result u32)
    (canon lift (core func $m "poll-none-at")))
  (func (export "wait") async (param "set" u32) (canon lift (core func $m "wait")))
  (func (export "poll") (param "set" u32) (canon lift (core func $m "poll")))
  (func (export "drop") (param "set" u32) (canon lift (core func $m "drop")))
  (func (export "join") (param "waitable" u32) (param "set" u32)
    (canon lift (core func $m "join")))
  (func (export "set") (result u32) (canon lift (core func $m "set")))
  (func (export "future") (result u32) (canon lift (core func $m "future")))
  (func (export "drop-waiting") async (canon lift (core func $m "drop-waiting")))
  (func (export "drop-waited") async (canon lift (core func $m "drop-waited"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: waitable-set.wait/align does not hold
;; rule: waitable-set.wait/bounds does not hold
(assert_return (invoke $i1 "wait-at" (u32.const 65528)) (u32.const 4))

;; rule: waitable-set.wait/bounds holds
(assert_trap (invoke $i1 "wait-at" (u32.const 65532)) "waitable-set.wait/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: waitable-set.wait/bounds holds
(assert_trap (invoke $i2 "wait-at" (u32.const 65536)) "waitable-set.wait/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: waitable-set.wait/align holds
(assert_trap (invoke $i3 "wait-at" (u32.const 2)) "waitable-set.wait/align")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: waitable-set.wait/align does not hold
;; rule: waitable-set.wait/bounds does not hold
(assert_return (invoke $i4 "poll-at" (u32.const 65528)) (u32.const 4))

;; rule: waitable-set.wait/bounds holds
(assert_trap (invoke $i4 "poll-at" (u32.const 65532)) "waitable-set.wait/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: waitable-set.wait/bounds holds
(assert_trap (invoke $i5 "poll-at" (u32.const 65536)) "waitable-set.wait/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: waitable-set.wait/align holds
(assert_trap (invoke $i6 "poll-at" (u32.const 2)) "waitable-set.wait/align")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: waitable-set.wait/align does not hold
;; rule: waitable-set.wait/bounds does not hold
(assert_return (invoke $i7 "poll-none-at" (u32.const 65528)) (u32.const 0))

;; rule: waitable-set.wait/bounds holds
(assert_trap (invoke $i7 "poll-none-at" (u32.const 65532)) "waitable-set.wait/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: waitable-set.wait/bounds holds
(assert_trap (invoke $i8 "poll-none-at" (u32.const 65536)) "waitable-set.wait/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; rule: waitable-set.wait/align holds
(assert_trap (invoke $i9 "poll-none-at" (u32.const 2)) "waitable-set.wait/align")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i10 "future") (u32.const 1))

;; rule: waitable-set.wait/kind holds
(assert_trap (invoke $i10 "wait" (u32.const 1)) "waitable-set.wait/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i11 $D)

;; rule: table.get/empty holds
(assert_trap (invoke $i11 "wait" (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i12 $D)

;; rule: table.get/bounds holds
(assert_trap (invoke $i12 "wait" (u32.const 1)) "table.get/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i13 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i13 "future") (u32.const 1))

;; rule: waitable-set.poll/kind holds
(assert_trap (invoke $i13 "poll" (u32.const 1)) "waitable-set.poll/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i14 $D)

;; rule: table.get/empty holds
(assert_trap (invoke $i14 "poll" (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i15 $D)

;; rule: table.get/bounds holds
(assert_trap (invoke $i15 "poll" (u32.const 1)) "table.get/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i16 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i16 "future") (u32.const 1))

;; rule: waitable-set.drop/kind holds
(assert_trap (invoke $i16 "drop" (u32.const 1)) "waitable-set.drop/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i17 $D)

;; rule: table.get/empty holds
(assert_trap (invoke $i17 "drop" (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i18 $D)

;; rule: table.get/bounds holds
(assert_trap (invoke $i18 "drop" (u32.const 1)) "table.get/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i19 $D)

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i19 "set") (u32.const 1))

;; rule: waitable-set.drop/elements does not hold
(assert_return (invoke $i19 "drop" (u32.const 1)))

;; It is gone.
;; rule: table.get/empty holds
(assert_trap (invoke $i19 "drop" (u32.const 1)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i20 $D)

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i20 "set") (u32.const 1))

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i20 "future") (u32.const 2))

;; rule: waitable.join/kind does not hold
;; rule: waitable.join/set-kind does not hold
;; rule: waitable.join/sync-waiter does not hold
(assert_return (invoke $i20 "join" (u32.const 3) (u32.const 1)))

;; rule: waitable-set.drop/elements holds
(assert_trap (invoke $i20 "drop" (u32.const 1)) "waitable-set.drop/elements")

;; text: Instance Definitions: a fresh instance
(component instance $i21 $D)

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i21 "set") (u32.const 1))

;; A set is no waitable.
;; rule: waitable.join/kind holds
(assert_trap (invoke $i21 "join" (u32.const 1) (u32.const 0)) "waitable.join/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i22 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i22 "future") (u32.const 1))

;; A future is no set.
;; rule: waitable.join/set-kind holds
(assert_trap (invoke $i22 "join" (u32.const 1) (u32.const 2)) "waitable.join/set-kind")

;; text: Instance Definitions: a fresh instance
(component instance $i23 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i23 "future") (u32.const 1))

;; A waitable that is in no set may leave it.
;; rule: waitable.join/leave holds
(assert_return (invoke $i23 "join" (u32.const 1) (u32.const 0)))

;; rule: table.get/bounds holds
(assert_trap (invoke $i23 "join" (u32.const 1) (u32.const 3)) "table.get/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i24 $D)

;; rule: table.get/empty holds
(assert_trap (invoke $i24 "join" (u32.const 0) (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i25 $D)

;; rule: table.get/bounds holds
(assert_trap (invoke $i25 "join" (u32.const 1) (u32.const 0)) "table.get/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i26 $D)

;; rule: waitable-set.drop/waiting holds
(assert_trap (invoke $i26 "drop-waiting") "waitable-set.drop/waiting")

;; text: Instance Definitions: a fresh instance
(component instance $i27 $D)

;; The wait is over.
;; rule: waitable-set.drop/waiting does not hold
(assert_return (invoke $i27 "drop-waited"))
