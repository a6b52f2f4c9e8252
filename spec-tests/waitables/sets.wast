;; A waitable set gives each event of its elements once. A waitable is in one set at most,
;; and takes its event along when it joins another or leaves.
;; Text: CanonicalABI.md, "Waitable State", "canon waitable-set.new", "canon
;; waitable-set.wait", "canon waitable-set.poll", "canon waitable.join".

;; text: Waitable State: a component that waits for its own futures
(component definition $D
  (core module $Libc
    (memory (export "memory") 1))
  (core instance $libc (instantiate $Libc))
  (type $F (future))
  (core func $future-new (canon future.new $F))
  (core func $future-read (canon future.read $F async))
  (core func $future-write (canon future.write $F async))
  (core func $drop-readable (canon future.drop-readable $F))
  (core func $set-new (canon waitable-set.new))
  (core func $wait (canon waitable-set.wait (memory $libc "memory")))
  (core func $poll (canon waitable-set.poll (memory $libc "memory")))
  (core func $join (canon waitable.join))
  (core func $set-drop (canon waitable-set.drop))
  (core module $M
    (import "" "set-new" (func $set-new (result i32)))
    (import "" "wait" (func $wait (param i32 i32) (result i32)))
    (import "" "poll" (func $poll (param i32 i32) (result i32)))
    (import "" "join" (func $join (param i32 i32)))
    (import "" "set-drop" (func $set-drop (param i32)))
    (import "" "future-new" (func $future-new (result i64)))
    (import "" "future-read" (func $future-read (param i32 i32) (result i32)))
    (import "" "future-write" (func $future-write (param i32 i32) (result i32)))
    (import "" "drop-readable" (func $drop-readable (param i32)))
    (import "libc" "memory" (memory 1))
    (global $end (mut i32) (i32.const 1024))
    (func $log (param i32)
      (i32.store (global.get $end) (local.get 0))
      (global.set $end (i32.add (global.get $end) (i32.const 4))))
    (func $logged (result i32)
      (i32.store (i32.const 16) (i32.const 1024))
      (i32.store (i32.const 20)
        (i32.shr_u (i32.sub (global.get $end) (i32.const 1024)) (i32.const 2)))
      (i32.const 16))
    ;; A new future: its readable end at the index returned, its writable end after it.
    (func $new (result i32) (i32.wrap_i64 (call $future-new)))
    ;; Reads the future at `end`, so that writing it is an event of the readable end.
    (func $read (param $end i32) (drop (call $future-read (local.get $end) (i32.const 0))))
    (func $write (param $end i32)
      (drop (call $future-write (i32.add (local.get $end) (i32.const 1)) (i32.const 0))))
    (func $log-at (param $code i32) (param $ptr i32)
      (call $log (local.get $code))
      (call $log (i32.load (local.get $ptr)))
      (call $log (i32.load (i32.add (local.get $ptr) (i32.const 4)))))
    (func (export "poll") (result i32) (local $s i32) (local $e i32)
      (local.set $s (call $set-new))
      (call $log (local.get $s))
      (local.set $e (call $new))
      (call $log (local.get $e))
      ;; Something is there for the event of nothing to replace.
      (i32.store (i32.const 32) (i32.const -1))
      (i32.store (i32.const 36) (i32.const -1))
      (call $log-at (call $poll (local.get $s) (i32.const 32)) (i32.const 32))
      (call $read (local.get $e))
      (call $join (local.get $e) (local.get $s))
      (call $log-at (call $poll (local.get $s) (i32.const 32)) (i32.const 32))
      (call $write (local.get $e))
      (i32.store (i32.const 36) (i32.const -1))
      (call $log-at (call $poll (local.get $s) (i32.const 32)) (i32.const 32))
      (call $log-at (call $poll (local.get $s) (i32.const 32)) (i32.const 32))
      (call $logged))
    (func (export "wait") (result i32) (local $s i32) (local $e i32)
      (local.set $s (call $set-new))
      (local.set $e (call $new))
      (call $read (local.get $e))
      (call $write (local.get $e))
      ;; The event is there before the waitable joins.
      (call $join (local.get $e) (local.get $s))
      ;; The last place in memory.
      (call $log-at (call $wait (local.get $s) (i32.const 65528)) (i32.const 65528))
      (call $log-at (call $poll (local.get $s) (i32.const 65528)) (i32.const 65528))
      (call $logged))
    (func (export "two") (result i32) (local $s i32) (local $e i32) (local $f i32) (local $sum i32)
      (local.set $s (call $set-new))
      (local.set $e (call $new))
      (local.set $f (call $new))
      (call $join (local.get $e) (local.get $s))
      (call $join (local.get $f) (local.get $s))
      (call $read (local.get $e))
      (call $read (local.get $f))
      (call $write (local.get $e))
      (call $write (local.get $f))
      ;; The two events come in any order.
      (call $log (call $wait (local.get $s) (i32.const 32)))
      (local.set $sum (i32.load (i32.const 32)))
      (call $log (call $wait (local.get $s) (i32.const 32)))
      (call $log (i32.add (local.get $sum) (i32.load (i32.const 32))))
      (call $log (call $poll (local.get $s) (i32.const 32)))
      (call $logged))
    (func (export "move") (result i32) (local $s i32) (local $t i32) (local $e i32)
      (local.set $s (call $set-new))
      (local.set $t (call $set-new))
      (local.set $e (call $new))
      (call $read (local.get $e))
      (call $write (local.get $e))
      (call $join (local.get $e) (local.get $s))
      (call $join (local.get $e) (local.get $t))
      (call $log (call $poll (local.get $s) (i32.const 32)))
      ;; The first set is empty.
      (call $set-drop (local.get $s))
      (call $join (local.get $e) (i32.const 0))
      (call $log (call $poll (local.get $t) (i32.const 32)))
      (call $join (local.get $e) (local.get $t))
      ;; Again, which changes nothing.
      (call $join (local.get $e) (local.get $t))
      (call $log-at (call $poll (local.get $t) (i32.const 32)) (i32.const 32))
      (call $join (local.get $e) (i32.const 0))
      (call $set-drop (local.get $t))
      (call $logged))
    (func (export "dropped") (result i32) (local $s i32) (local $e i32)
      (local.set $s (call $set-new))
      (local.set $e (call $new))
      (call $join (local.get $e) (local.get $s))
      (call $drop-readable (local.get $e))
      (call $set-drop (local.get $s))
      (call $log (call $set-new))
      (call $log (call $set-new))
      (call $logged)))
  (core instance $m (instantiate $M
    (with "libc" (instance $libc))
    (with "" (instance
      (export "set-new" (func $set-new)) (export "wait" (func $wait))
        (export "poll" (func $poll)) (export "join" (func $join))
        (export "set-drop" (func $set-drop)) (export "future-new" (func $future-new))
        (export "future-read" (func $future-read))
        (export "future-write" (func $future-write))
        (export "drop-readable" (func $drop-readable))))))
  (func (export "poll") async (result (list u32))
    (canon lift (core func $m "poll") (memory $libc "memory")))
  (func (export "wait") async (result (list u32))
    (canon lift (core func $m "wait") (memory $libc "memory")))
  (func (export "two") async (result (list u32))
    (canon lift (core func $m "two") (memory $libc "memory")))
  (func (export "move") async (result (list u32))
    (canon lift (core func $m "move") (memory $libc "memory")))
  (func (export "dropped") async (result (list u32))
    (canon lift (core func $m "dropped") (memory $libc "memory"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; The set at 1, the ends at 2 and 3. Event 4 of 2 (a future was read), completed (0).
;; rule: waitable-set.poll/event does not hold
;; rule: waitable-set.poll/event holds
;; rule: waitable-set.poll/kind does not hold
;; rule: waitable.join/leave does not hold
;; rule: waitable-set.wait/align does not hold
(assert_return (invoke $i1 "poll")
  (list.const (u32.const 1) (u32.const 2) (u32.const 0) (u32.const 0) (u32.const 0)
    (u32.const 0) (u32.const 0) (u32.const 0) (u32.const 4) (u32.const 2) (u32.const 0)
    (u32.const 0) (u32.const 0) (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: waitable-set/cancelled does not hold
;; rule: waitable-set.wait/kind does not hold
;; rule: waitable-set.wait/bounds does not hold
(assert_return (invoke $i2 "wait")
  (list.const (u32.const 4) (u32.const 2) (u32.const 0) (u32.const 0) (u32.const 0)
    (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; Of the ends at 2 and 4.
;; rule: waitable-set/cancelled does not hold
;; rule: waitable-set.poll/event does not hold
(assert_return (invoke $i3 "two")
  (list.const (u32.const 4) (u32.const 4) (u32.const 6) (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: waitable.join/leave holds
;; rule: waitable.join/leave does not hold
;; rule: waitable-set.drop/elements does not hold
(assert_return (invoke $i4 "move")
  (list.const (u32.const 0) (u32.const 0) (u32.const 4) (u32.const 3) (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; A waitable that is dropped leaves its set.
;; rule: waitable-set.drop/elements does not hold
(assert_return (invoke $i5 "dropped") (list.const (u32.const 1) (u32.const 2)))
