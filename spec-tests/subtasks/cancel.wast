;; `subtask.cancel` returns how the subtask ended: at once if it has ended or ends when it
;; is asked; later if the call is synchronous; and -1 if it is asynchronous, when the end
;; is an event like others.
;; Text: CanonicalABI.md, "canon subtask.cancel", "Subtask State", "Waitable State".

;; text: canon subtask.cancel: a component that cancels calls of another
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
    (core func $slow (canon lower (func $c "slow") async (memory $libc "memory")))
    (core func $quick (canon lower (func $c "quick") async (memory $libc "memory")))
    (core func $returns (canon lower (func $c "returns") async (memory $libc "memory")))
    (core func $poke (canon lower (func $c "poke")))
    (core func $set-new (canon waitable-set.new))
    (core func $wait (canon waitable-set.wait (memory $libc "memory")))
    (core func $poll (canon waitable-set.poll (memory $libc "memory")))
    (core func $join (canon waitable.join))
    (core func $subtask-cancel (canon subtask.cancel))
    (core func $subtask-cancel-a (canon subtask.cancel async))
    (core func $subtask-drop (canon subtask.drop))
    (core module $M
      (import "" "set-new" (func $set-new (result i32)))
      (import "" "wait" (func $wait (param i32 i32) (result i32)))
      (import "" "poll" (func $poll (param i32 i32) (result i32)))
      (import "" "join" (func $join (param i32 i32)))
      (import "" "subtask-cancel" (func $subtask-cancel (param i32) (result i32)))
      (import "" "subtask-cancel-a" (func $subtask-cancel-a (param i32) (result i32)))
      (import "" "subtask-drop" (func $subtask-drop (param i32)))
      (import "" "held" (func $held (param i32) (result i32)))
      (import "" "slow" (func $slow (param i32) (result i32)))
      (import "" "quick" (func $quick (param i32) (result i32)))
      (import "" "returns" (func $returns (param i32) (result i32)))
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
      ;; Waits for an event of the set, and notes its code, index and payload.
      (func $log-event (param $set i32)
        (call $log (call $wait (local.get $set) (i32.const 32)))
        (call $log (i32.load (i32.const 32)))
        (call $log (i32.load (i32.const 36))))
      ;; Polls the set, and notes the event.
      (func $log-poll (param $set i32)
        (call $log (call $poll (local.get $set) (i32.const 32)))
        (call $log (i32.load (i32.const 32)))
        (call $log (i32.load (i32.const 36))))
      (func (export "at-once") (result i32) (local $r i32)
        (local.set $r (call $handle (call $quick (i32.const 64))))
        (call $log (call $subtask-cancel (local.get $r)))
        (call $subtask-drop (local.get $r))
        (local.set $r (call $handle (call $quick (i32.const 64))))
        (call $log (call $subtask-cancel-a (local.get $r)))
        (call $subtask-drop (local.get $r))
        ;; It returns all the same, and the result is there.
        (local.set $r (call $handle (call $returns (i32.const 64))))
        (call $log (call $subtask-cancel (local.get $r)))
        (call $log (i32.load (i32.const 64)))
        (call $subtask-drop (local.get $r))
        (call $logged))
      (func (export "blocks") (result i32) (local $r i32)
        (local.set $r (call $handle (call $slow (i32.const 64))))
        (call $log (call $subtask-cancel (local.get $r)))
        (call $subtask-drop (local.get $r))
        (call $logged))
      (func (export "later") (result i32) (local $r i32) (local $s i32)
        (local.set $r (call $handle (call $slow (i32.const 64))))
        (local.set $s (call $set-new))
        (call $join (local.get $r) (local.get $s))
        (call $log (call $subtask-cancel-a (local.get $r)))
        (call $log-event (local.get $s))
        (call $subtask-drop (local.get $r))
        (call $logged))
      ;; It has resolved before it is asked, which its caller does not know.
      (func (export "resolved") (result i32) (local $r i32) (local $s i32)
        (local.set $s (call $set-new))
        (local.set $r (call $handle (call $held (i32.const 64))))
        (call $poke)
        (call $log (call $subtask-cancel (local.get $r)))
        (call $log (i32.load (i32.const 64)))
        ;; Which was the event.
        (call $join (local.get $r) (local.get $s))
        (call $log-poll (local.get $s))
        (call $subtask-drop (local.get $r))
        (local.set $r (call $handle (call $held (i32.const 64))))
        (call $poke)
        (call $log (call $subtask-cancel-a (local.get $r)))
        (call $subtask-drop (local.get $r))
        (call $logged))
      (func (export "in-set") (param $async i32) (result i32) (local $r i32)
        (local.set $r (call $handle (call $quick (i32.const 64))))
        (call $join (local.get $r) (call $set-new))
        (if (result i32) (local.get $async)
          (then (call $subtask-cancel-a (local.get $r)))
          (else (call $subtask-cancel (local.get $r)))))
      (func (export "twice") (local $r i32)
        (local.set $r (call $handle (call $held (i32.const 64))))
        (drop (call $subtask-cancel-a (local.get $r)))
        (drop (call $subtask-cancel-a (local.get $r))))
      (func (export "twice-resolved") (local $r i32)
        (local.set $r (call $handle (call $held (i32.const 64))))
        (drop (call $subtask-cancel-a (local.get $r)))
        (call $poke)
        (drop (call $subtask-cancel-a (local.get $r))))
      (func (export "delivered") (local $r i32)
        (local.set $r (call $handle (call $quick (i32.const 64))))
        (drop (call $subtask-cancel-a (local.get $r)))
        (drop (call $subtask-cancel-a (local.get $r))))
      (func (export "kind") (drop (call $subtask-cancel (call $set-new))))
      (func (export "missing") (param i32) (drop (call $subtask-cancel-a (local.get 0)))))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "set-new" (func $set-new)) (export "wait" (func $wait))
          (export "poll" (func $poll)) (export "join" (func $join))
          (export "subtask-cancel" (func $subtask-cancel))
          (export "subtask-cancel-a" (func $subtask-cancel-a))
          (export "subtask-drop" (func $subtask-drop)) (export "held" (func $held))
          (export "slow" (func $slow)) (export "quick" (func $quick))
          (export "returns" (func $returns)) (export "poke" (func $poke))))))
    (func (export "at-once") async (result (list u32))
      (canon lift (core func $m "at-once") (memory $libc "memory")))
    (func (export "blocks") async (result (list u32))
      (canon lift (core func $m "blocks") (memory $libc "memory")))
    (func (export "later") async (result (list u32))
      (canon lift (core func $m "later") (memory $libc "memory")))
    (func (export "resolved") async (result (list u32))
      (canon lift (core func $m "resolved") (memory $libc "memory")))
    (func (export "in-set") async (param "async" u32) (result u32)
      (canon lift (core func $m "in-set")))
    (func (export "twice") async (canon lift (core func $m "twice")))
    (func (export "twice-resolved") async (canon lift (core func $m "twice-resolved")))
    (func (export "delivered") async (canon lift (core func $m "delivered")))
    (func (export "kind") async (canon lift (core func $m "kind")))
    (func (export "missing") async (param "index" u32) (canon lift (core func $m "missing"))))
  (instance $d (instantiate $D (with "c" (instance $c))))
  (export "at-once" (func $d "at-once"))
  (export "blocks" (func $d "blocks"))
  (export "later" (func $d "later"))
  (export "resolved" (func $d "resolved"))
  (export "in-set" (func $d "in-set"))
  (export "twice" (func $d "twice"))
  (export "twice-resolved" (func $d "twice-resolved"))
  (export "delivered" (func $d "delivered"))
  (export "kind" (func $d "kind"))
  (export "missing" (func $d "missing")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $T)

;; rule: subtask.cancel/at-once holds
;; rule: subtask.cancel/resolved does not hold
;; rule: subtask.cancel/kind does not hold
;; rule: subtask.cancel/delivered does not hold
;; rule: subtask.cancel/twice does not hold
;; rule: subtask.drop/kind does not hold
(assert_return (invoke $i1 "at-once")
  (list.const (u32.const 4) (u32.const 4) (u32.const 2) (u32.const 8)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $T)

;; rule: subtask.cancel/blocks holds
;; rule: subtask.cancel/at-once does not hold
(assert_return (invoke $i2 "blocks") (list.const (u32.const 4)))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $T)

;; rule: subtask.cancel/blocks does not hold
;; rule: subtask.cancel/in-set does not hold
(assert_return (invoke $i3 "later")
  (list.const (u32.const 4294967295) (u32.const 1) (u32.const 1) (u32.const 4)))

;; text: Instance Definitions: a fresh instance
(component instance $i4 $T)

;; rule: subtask.cancel/resolved holds
(assert_return (invoke $i4 "resolved")
  (list.const (u32.const 2) (u32.const 7) (u32.const 0) (u32.const 0) (u32.const 0)
    (u32.const 2)))

;; text: Instance Definitions: a fresh instance
(component instance $i5 $T)

;; rule: subtask.cancel/in-set does not hold
(assert_return (invoke $i5 "in-set" (u32.const 1)) (u32.const 4))

;; rule: subtask.cancel/in-set holds
(assert_trap (invoke $i5 "in-set" (u32.const 0)) "subtask.cancel/in-set")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $T)

;; rule: subtask.cancel/twice holds
(assert_trap (invoke $i6 "twice") "subtask.cancel/twice")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $T)

;; Though it has resolved meanwhile.
;; rule: subtask.cancel/twice holds
(assert_trap (invoke $i7 "twice-resolved") "subtask.cancel/twice")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $T)

;; The first call told of the end.
;; rule: subtask.cancel/delivered holds
(assert_trap (invoke $i8 "delivered") "subtask.cancel/delivered")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $T)

;; rule: subtask.cancel/kind holds
(assert_trap (invoke $i9 "kind") "subtask.cancel/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $T)

;; rule: table.get/empty holds
(assert_trap (invoke $i10 "missing" (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i11 $T)

;; rule: table.get/bounds holds
(assert_trap (invoke $i11 "missing" (u32.const 1)) "table.get/bounds")
