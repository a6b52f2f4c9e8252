;; A subtask can be dropped once its caller has been told that it has resolved: by an event
;; or by `subtask.cancel`. It leaves the waitable set that it is in.
;; Text: CanonicalABI.md, "canon subtask.drop", "Subtask State" (`drop`), "Waitable State".

;; text: canon subtask.drop: a component that drops subtasks
(component definition $T
  (component $C
    (core module $Libc
      (memory (export "memory") 1)
      (table (export "table") 8 funcref))
    (core instance $libc (instantiate $Libc))
    (core func $cancel-t (canon task.cancel))
    (core type $start (func (param i32)))
    (core func $return-u32 (canon task.return (result u32)))
    (core func $index (canon thread.index))
    (core func $suspend (canon thread.suspend))
    (core func $wait-c (canon waitable-set.wait cancellable (memory $libc "memory")))
    (core func $set-new (canon waitable-set.new))
    (core func $yield-resume (canon thread.yield-then-resume))
    (core func $new-thread (canon thread.new-indirect $start (core table $libc "table")))
    (core func $resume-later (canon thread.resume-later))
    (core module $M
      (import "" "return-u32" (func $return-u32 (param i32)))
      (import "" "cancel-t" (func $cancel-t))
      (import "" "index" (func $index (result i32)))
      (import "" "suspend" (func $suspend (result i32)))
      (import "" "wait-c" (func $wait-c (param i32 i32) (result i32)))
      (import "" "set-new" (func $set-new (result i32)))
      (import "" "yield-resume" (func $yield-resume (param i32) (result i32)))
      (import "" "new-thread" (func $new-thread (param i32 i32) (result i32)))
      (import "" "resume-later" (func $resume-later (param i32)))
      (import "libc" "memory" (memory 1))
      (import "libc" "table" (table 8 funcref))
      ;; Blocks in every schedule, and is woken by a thread of its own.
      (func $waker (param i32) (call $resume-later (local.get 0)))
      (func $block
        (call $resume-later (call $new-thread (i32.const 7) (call $index)))
        (drop (call $suspend)))
      (elem (table 0) (i32.const 7) func $waker)
      ;; `held` blocks until `poke`, which lets it run at once.
      (global $held (mut i32) (i32.const 0))
      (func $hold
        (global.set $held (call $index))
        (drop (call $suspend)))
      (func (export "poke") (drop (call $yield-resume (global.get $held))))

      (func (export "held") (call $hold) (call $return-u32 (i32.const 7)))
      ;; Blocks until there is a request to cancel.
      (func $until-asked (drop (call $wait-c (call $set-new) (i32.const 32))))
      ;; Cancels some time after it is asked.
      (func (export "slow") (call $until-asked) (call $block) (call $cancel-t))
      (func (export "quick") (call $until-asked) (call $cancel-t))
      (func (export "returns") (call $until-asked) (call $return-u32 (i32.const 8))))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "return-u32" (func $return-u32)) (export "cancel-t" (func $cancel-t))
          (export "index" (func $index)) (export "suspend" (func $suspend))
          (export "wait-c" (func $wait-c)) (export "set-new" (func $set-new))
          (export "yield-resume" (func $yield-resume)) (export "new-thread" (func $new-thread))
          (export "resume-later" (func $resume-later))))))
    (func (export "poke") (canon lift (core func $m "poke")))
    (func (export "held") async (result u32)
      (canon lift (core func $m "held") async))
    (func (export "slow") async (result u32)
      (canon lift (core func $m "slow") async))
    (func (export "quick") async (result u32)
      (canon lift (core func $m "quick") async))
    (func (export "returns") async (result u32)
      (canon lift (core func $m "returns") async)))
  (instance $c (instantiate $C))
  (component $D
    (import "c" (instance $c
      (export "poke" (func))
      (export "held" (func async (result u32)))
      (export "slow" (func async (result u32)))
      (export "quick" (func async (result u32)))
      (export "returns" (func async (result u32)))))
    (core module $Libc
      (memory (export "memory") 1))
    (core instance $libc (instantiate $Libc))
    (core func $held (canon lower (func $c "held") async (memory $libc "memory")))
    (core func $poke (canon lower (func $c "poke")))
    (core func $set-new (canon waitable-set.new))
    (core func $poll (canon waitable-set.poll (memory $libc "memory")))
    (core func $join (canon waitable.join))
    (core func $set-drop (canon waitable-set.drop))
    (core func $subtask-drop (canon subtask.drop))
    (core module $M
      (import "" "set-new" (func $set-new (result i32)))
      (import "" "poll" (func $poll (param i32 i32) (result i32)))
      (import "" "join" (func $join (param i32 i32)))
      (import "" "set-drop" (func $set-drop (param i32)))
      (import "" "subtask-drop" (func $subtask-drop (param i32)))
      (import "" "held" (func $held (param i32) (result i32)))
      (import "" "poke" (func $poke))
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
      ;; Polls the set, and notes the event.
      (func $log-poll (param $set i32)
        (call $log (call $poll (local.get $set) (i32.const 32)))
        (call $log (i32.load (i32.const 32)))
        (call $log (i32.load (i32.const 36))))
      (func $call (result i32) (call $handle (call $held (i32.const 64))))
      (func (export "told") (result i32) (local $r i32) (local $s i32)
        (local.set $s (call $set-new))
        (local.set $r (call $call))
        (call $join (local.get $r) (local.get $s))
        (call $poke)
        (call $log-poll (local.get $s))
        (call $subtask-drop (local.get $r))
        ;; The set is empty, so that it can be dropped.
        (call $set-drop (local.get $s))
        (call $log (call $set-new))
        (call $log (call $set-new))
        (call $logged))
      (func (export "started") (call $subtask-drop (call $call)))
      (func (export "resolved") (local $r i32)
        (local.set $r (call $call))
        (call $poke)
        (call $subtask-drop (local.get $r)))
      (func (export "twice") (local $r i32) (local $s i32)
        (local.set $s (call $set-new))
        (local.set $r (call $call))
        (call $join (local.get $r) (local.get $s))
        (call $poke)
        (drop (call $poll (local.get $s) (i32.const 32)))
        (call $subtask-drop (local.get $r))
        (call $subtask-drop (local.get $r)))
      (func (export "kind") (call $subtask-drop (call $set-new))))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "set-new" (func $set-new)) (export "poll" (func $poll))
          (export "join" (func $join)) (export "set-drop" (func $set-drop))
          (export "subtask-drop" (func $subtask-drop)) (export "held" (func $held))
          (export "poke" (func $poke))))))
    (func (export "told") async (result (list u32))
      (canon lift (core func $m "told") (memory $libc "memory")))
    (func (export "started") async (canon lift (core func $m "started")))
    (func (export "resolved") async (canon lift (core func $m "resolved")))
    (func (export "twice") async (canon lift (core func $m "twice")))
    (func (export "kind") async (canon lift (core func $m "kind"))))
  (instance $d (instantiate $D (with "c" (instance $c))))
  (export "told" (func $d "told"))
  (export "started" (func $d "started"))
  (export "resolved" (func $d "resolved"))
  (export "twice" (func $d "twice"))
  (export "kind" (func $d "kind")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $T)

;; The set was at 1, the subtask at 2: both are free, the later one first.
;; rule: subtask.drop/undelivered does not hold
;; rule: waitable-set.drop/elements does not hold
;; rule: table.add/free holds
(assert_return (invoke $i1 "told")
  (list.const (u32.const 1) (u32.const 2) (u32.const 2) (u32.const 1) (u32.const 2)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $T)

;; rule: subtask.drop/undelivered holds
(assert_trap (invoke $i2 "started") "subtask.drop/undelivered")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $T)

;; It has resolved, but its caller has not been told.
;; rule: subtask.drop/undelivered holds
(assert_trap (invoke $i3 "resolved") "subtask.drop/undelivered")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $T)

;; rule: table.get/empty holds
(assert_trap (invoke $i4 "twice") "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $T)

;; rule: subtask.drop/kind holds
(assert_trap (invoke $i5 "kind") "subtask.drop/kind")
