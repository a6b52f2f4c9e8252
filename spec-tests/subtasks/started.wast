;; An event that tells that a subtask has started is not its end: it cannot be dropped, its
;; borrowed handles are still lent, and it can be cancelled. The event that tells of its end
;; gives the handles back.
;; Text: CanonicalABI.md, "canon lower" (`subtask_event`), "Subtask State".

;; text: canon lower: a component that lends a handle to a call that is held
(component definition $T
  (component $C
    (type $R (resource (rep i32)))
    (core func $new (canon resource.new $R))
    (export $R' "r" (type $R))
    (func (export "make") (param "rep" u32) (result (own $R')) (canon lift (core func $new)))
    (core func $return (canon task.return))
    (core func $index (canon thread.index))
    (core func $suspend (canon thread.suspend))
    (core func $yield-resume (canon thread.yield-then-resume))
    (core func $inc (canon backpressure.inc))
    (core func $dec (canon backpressure.dec))
    (core module $M
      (import "" "return" (func $return))
      (import "" "index" (func $index (result i32)))
      (import "" "suspend" (func $suspend (result i32)))
      (import "" "yield-resume" (func $yield-resume (param i32) (result i32)))
      (import "" "inc" (func $inc))
      (import "" "dec" (func $dec))
      ;; `held` blocks until `poke`, which lets it run at once.
      (global $held (mut i32) (i32.const 0))
      (func $hold
        (global.set $held (call $index))
        (drop (call $suspend)))
      (func (export "poke") (drop (call $yield-resume (global.get $held))))

      (func (export "held") (param i32) (call $hold) (call $return))
      (func (export "inc") (call $inc))
      (func (export "dec") (call $dec)))
    (core instance $m (instantiate $M
      (with "" (instance
        (export "return" (func $return)) (export "index" (func $index))
          (export "suspend" (func $suspend)) (export "yield-resume" (func $yield-resume))
          (export "inc" (func $inc)) (export "dec" (func $dec))))))
    (func (export "poke") (canon lift (core func $m "poke")))
    (func (export "inc") (canon lift (core func $m "inc")))
    (func (export "dec") (canon lift (core func $m "dec")))
    (func (export "held") async (param "r" (borrow $R'))
      (canon lift (core func $m "held") async)))
  (instance $c (instantiate $C))
  (component $D
    (import "c" (instance $c
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))
      (export "poke" (func))
      (export "inc" (func))
      (export "dec" (func))
      (export "held" (func async (param "r" (borrow $r))))))
    (core module $Libc
      (memory (export "memory") 1))
    (core instance $libc (instantiate $Libc))
    (alias export $c "r" (type $R))
    (core func $dropr (canon resource.drop $R))
    (core func $make (canon lower (func $c "make")))
    (core func $poke (canon lower (func $c "poke")))
    (core func $inc (canon lower (func $c "inc")))
    (core func $dec (canon lower (func $c "dec")))
    (core func $held (canon lower (func $c "held") async (memory $libc "memory")))
    (core func $set-new (canon waitable-set.new))
    (core func $wait (canon waitable-set.wait (memory $libc "memory")))
    (core func $poll (canon waitable-set.poll (memory $libc "memory")))
    (core func $join (canon waitable.join))
    (core func $subtask-drop (canon subtask.drop))
    (core func $subtask-cancel-a (canon subtask.cancel async))
    (core module $M
      (import "" "set-new" (func $set-new (result i32)))
      (import "" "wait" (func $wait (param i32 i32) (result i32)))
      (import "" "poll" (func $poll (param i32 i32) (result i32)))
      (import "" "join" (func $join (param i32 i32)))
      (import "" "subtask-drop" (func $subtask-drop (param i32)))
      (import "" "subtask-cancel-a" (func $subtask-cancel-a (param i32) (result i32)))
      (import "" "make" (func $make (param i32) (result i32)))
      (import "" "poke" (func $poke))
      (import "" "inc" (func $inc))
      (import "" "dec" (func $dec))
      (import "" "held" (func $held (param i32) (result i32)))
      (import "" "dropr" (func $dropr (param i32)))
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
      ;; The index in what an asynchronous call returned.
      (func $handle (param i32) (result i32) (i32.shr_u (local.get 0) (i32.const 4)))
      ;; Waits for an event of the set, and notes its code, index and payload.
      (func $log-event (param $set i32)
        (call $log (call $wait (local.get $set) (i32.const 32)))
        (call $log (i32.load (i32.const 32)))
        (call $log (i32.load (i32.const 36))))
      (global $q (mut i32) (i32.const 0))
      (global $s (mut i32) (i32.const 0))
      (func $told (result i32) (local $r i32)
        (global.set $s (call $set-new))
        (global.set $q (call $make (i32.const 9)))
        (call $inc)
        (local.set $r (call $handle (call $held (global.get $q))))
        (call $join (local.get $r) (global.get $s))
        (call $dec)
        (call $log-event (global.get $s))
        (local.get $r))
      (func (export "drop") (call $subtask-drop (call $told)))
      (func (export "lent") (drop (call $told)) (call $dropr (global.get $q)))
      (func (export "lent-resolved") (drop (call $told)) (call $poke) (call $dropr (global.get $q)))
      (func (export "cancel") (result i32)
        (call $log (call $subtask-cancel-a (call $told)))
        (call $logged))
      (func (export "ends") (result i32) (local $r i32)
        (local.set $r (call $told))
        (call $poke)
        (call $log-event (global.get $s))
        (call $dropr (global.get $q))
        (call $subtask-drop (local.get $r))
        (call $logged)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "set-new" (func $set-new)) (export "wait" (func $wait))
          (export "poll" (func $poll)) (export "join" (func $join))
          (export "subtask-drop" (func $subtask-drop))
          (export "subtask-cancel-a" (func $subtask-cancel-a)) (export "make" (func $make))
          (export "poke" (func $poke)) (export "inc" (func $inc)) (export "dec" (func $dec))
          (export "held" (func $held)) (export "dropr" (func $dropr))))))
    (func (export "drop") async (canon lift (core func $m "drop")))
    (func (export "lent") async (canon lift (core func $m "lent")))
    (func (export "lent-resolved") async (canon lift (core func $m "lent-resolved")))
    (func (export "cancel") async (result (list u32))
      (canon lift (core func $m "cancel") (memory $libc "memory")))
    (func (export "ends") async (result (list u32))
      (canon lift (core func $m "ends") (memory $libc "memory"))))
  (instance $d (instantiate $D (with "c" (instance $c))))
  (export "drop" (func $d "drop"))
  (export "lent" (func $d "lent"))
  (export "lent-resolved" (func $d "lent-resolved"))
  (export "cancel" (func $d "cancel"))
  (export "ends" (func $d "ends")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $T)

;; rule: subtask.drop/undelivered holds
(assert_trap (invoke $i1 "drop") "subtask.drop/undelivered")

;; text: Instance Definitions: a fresh instance
(component instance $i2 $T)

;; rule: resource.drop/lends holds
(assert_trap (invoke $i2 "lent") "resource.drop/lends")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $T)

;; It has ended, but its caller has not been told.
;; rule: resource.drop/lends holds
(assert_trap (invoke $i3 "lent-resolved") "resource.drop/lends")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $T)

;; rule: lower/event-resolved does not hold
;; rule: subtask.cancel/delivered does not hold
(assert_return (invoke $i4 "cancel")
  (list.const (u32.const 1) (u32.const 3) (u32.const 1) (u32.const 4294967295)))

;; text: Instance Definitions: a fresh instance
(component instance $i5 $T)

;; rule: lower/event-resolved holds
;; rule: subtask.drop/undelivered does not hold
(assert_return (invoke $i5 "ends")
  (list.const (u32.const 1) (u32.const 3) (u32.const 1) (u32.const 1) (u32.const 3)
    (u32.const 2)))
