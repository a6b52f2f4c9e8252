;; While a thread is blocked in a synchronous `subtask.cancel`, the subtask can join no
;; waitable set; afterwards it can.
;; Text: CanonicalABI.md, "canon waitable.join", "canon subtask.cancel", "Waitable State".

;; text: canon waitable.join: a thread that is blocked on a subtask, and another
(component definition $T
  (component $C
    (core func $return (canon task.return))
    (core func $index (canon thread.index))
    (core func $suspend (canon thread.suspend))
    (core func $yield-resume (canon thread.yield-then-resume))
    (core module $M
      (import "" "return" (func $return))
      (import "" "index" (func $index (result i32)))
      (import "" "suspend" (func $suspend (result i32)))
      (import "" "yield-resume" (func $yield-resume (param i32) (result i32)))
      ;; `held` blocks until `poke`, which lets it run at once.
      (global $held (mut i32) (i32.const 0))
      (func $hold
        (global.set $held (call $index))
        (drop (call $suspend)))
      (func (export "poke") (drop (call $yield-resume (global.get $held))))
      (func (export "held") (call $hold) (call $return)))
    (core instance $m (instantiate $M
      (with "" (instance
        (export "return" (func $return)) (export "index" (func $index))
          (export "suspend" (func $suspend)) (export "yield-resume" (func $yield-resume))))))
    (func (export "poke") (canon lift (core func $m "poke")))
    (func (export "held") async (canon lift (core func $m "held") async)))
  (instance $c (instantiate $C))
  (component $D
    (import "c" (instance $c
      (export "poke" (func))
      (export "held" (func async))))
    (core module $Libc
      (memory (export "memory") 1)
      (table (export "table") 8 funcref))
    (core instance $libc (instantiate $Libc))
    (core func $held (canon lower (func $c "held") async (memory $libc "memory")))
    (core func $poke (canon lower (func $c "poke")))
    (core type $start (func (param i32)))
    (core func $set-new (canon waitable-set.new))
    (core func $join (canon waitable.join))
    (core func $poll (canon waitable-set.poll (memory $libc "memory")))
    (core func $subtask-cancel (canon subtask.cancel))
    (core func $subtask-drop (canon subtask.drop))
    (core func $new-thread (canon thread.new-indirect $start (core table $libc "table")))
    (core func $index (canon thread.index))
    (core func $yield-resume (canon thread.yield-then-resume))
    (core func $suspend-resume (canon thread.suspend-then-resume))
    (core func $resume-later (canon thread.resume-later))
    (core func $suspend (canon thread.suspend))
    (core module $M
      (import "" "set-new" (func $set-new (result i32)))
      (import "" "join" (func $join (param i32 i32)))
      (import "" "poll" (func $poll (param i32 i32) (result i32)))
      (import "" "subtask-cancel" (func $subtask-cancel (param i32) (result i32)))
      (import "" "subtask-drop" (func $subtask-drop (param i32)))
      (import "" "new-thread" (func $new-thread (param i32 i32) (result i32)))
      (import "" "index" (func $index (result i32)))
      (import "" "yield-resume" (func $yield-resume (param i32) (result i32)))
      (import "" "suspend-resume" (func $suspend-resume (param i32) (result i32)))
      (import "" "resume-later" (func $resume-later (param i32)))
      (import "" "suspend" (func $suspend (result i32)))
      (import "" "held" (func $held (result i32)))
      (import "" "poke" (func $poke))
      (import "libc" "memory" (memory 1))
      (import "libc" "table" (table 8 funcref))
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
      (global $waiting (mut i32) (i32.const 0))
      (global $ended (mut i32) (i32.const 0))
      (func $cancels (param $r i32)
        (call $log (call $subtask-cancel (local.get $r)))
        (global.set $ended (i32.const 1))
        (if (global.get $waiting) (then (call $resume-later (global.get $waiting)))))
      (elem (table 0) (i32.const 0) func $cancels)
      (func (export "join") (param $to-set i32) (local $s i32) (local $r i32)
        (local.set $s (call $set-new))
        (local.set $r (call $handle (call $held)))
        (drop (call $yield-resume (call $new-thread (i32.const 0) (local.get $r))))
        (call $join (local.get $r)
          (select (local.get $s) (i32.const 0) (local.get $to-set))))
      (func (export "after") (result i32) (local $s i32) (local $r i32)
        (local.set $s (call $set-new))
        (local.set $r (call $handle (call $held)))
        (drop (call $yield-resume (call $new-thread (i32.const 0) (local.get $r))))
        (call $poke)
        (if (i32.eqz (global.get $ended))
          (then
            (global.set $waiting (call $index))
            (drop (call $suspend))))
        (call $join (local.get $r) (local.get $s))
        (call $log (call $poll (local.get $s) (i32.const 32)))
        (call $subtask-drop (local.get $r))
        (call $logged)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "set-new" (func $set-new)) (export "join" (func $join))
          (export "poll" (func $poll)) (export "subtask-cancel" (func $subtask-cancel))
          (export "subtask-drop" (func $subtask-drop)) (export "new-thread" (func $new-thread))
          (export "index" (func $index)) (export "yield-resume" (func $yield-resume))
          (export "suspend-resume" (func $suspend-resume))
          (export "resume-later" (func $resume-later)) (export "suspend" (func $suspend))
          (export "held" (func $held)) (export "poke" (func $poke))))))
    (func (export "join") async (param "to-set" u32) (canon lift (core func $m "join")))
    (func (export "after") async (result (list u32))
      (canon lift (core func $m "after") (memory $libc "memory"))))
  (instance $d (instantiate $D (with "c" (instance $c))))
  (export "join" (func $d "join"))
  (export "after" (func $d "after")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $T)

;; rule: waitable.join/sync-waiter holds
(assert_trap (invoke $i1 "join" (u32.const 1)) "waitable.join/sync-waiter")

;; text: Instance Definitions: a fresh instance
(component instance $i2 $T)

;; It may not leave either.
;; rule: waitable.join/sync-waiter holds
(assert_trap (invoke $i2 "join" (u32.const 0)) "waitable.join/sync-waiter")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $T)

;; The blocked call took the event.
;; rule: waitable.join/sync-waiter does not hold
;; rule: subtask.cancel/blocks holds
(assert_return (invoke $i3 "after") (list.const (u32.const 2) (u32.const 0)))
