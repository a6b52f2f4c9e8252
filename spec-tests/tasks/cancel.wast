;; `task.cancel` is for tasks of an `async` lift that have been told of a request to cancel,
;; and only once; a request that is still pending does not count.
;; Text: CanonicalABI.md, "canon task.cancel", "Tasks" (`cancel`).

;; text: canon task.cancel: functions that cancel rightly and wrongly
(component definition $T
  (component $C
    (core module $Libc
      (memory (export "memory") 1))
    (core instance $libc (instantiate $Libc))
    (core func $return (canon task.return))
    (core func $cancel (canon task.cancel))
    (core func $index (canon thread.index))
    (core func $suspend (canon thread.suspend))
    (core func $wait-c (canon waitable-set.wait cancellable (memory $libc "memory")))
    (core func $set-new (canon waitable-set.new))
    (core func $yield-resume (canon thread.yield-then-resume))
    (core module $M
      (import "" "return" (func $return))
      (import "" "cancel" (func $cancel))
      (import "" "index" (func $index (result i32)))
      (import "" "suspend" (func $suspend (result i32)))
      (import "" "wait-c" (func $wait-c (param i32 i32) (result i32)))
      (import "" "set-new" (func $set-new (result i32)))
      (import "" "yield-resume" (func $yield-resume (param i32) (result i32)))
      (import "libc" "memory" (memory 1))
      ;; `held` blocks until `poke`, which lets it run at once.
      (global $held (mut i32) (i32.const 0))
      (func $hold
        (global.set $held (call $index))
        (drop (call $suspend)))
      (func (export "poke") (drop (call $yield-resume (global.get $held))))

      ;; Blocks until there is a request to cancel.
      (func $until-asked (drop (call $wait-c (call $set-new) (i32.const 32))))
      (func (export "unasked") (call $cancel))
      (func (export "after-return") (call $return) (call $cancel))
      (func (export "sync") (call $cancel))
      (func (export "pending") (call $hold) (call $cancel))
      (func (export "twice") (call $until-asked) (call $cancel) (call $cancel))
      (func (export "then-returns") (call $until-asked) (call $cancel) (call $return))
      (func (export "cancel-after-return") (call $until-asked) (call $return) (call $cancel))
      (func (export "never") (call $until-asked))
      (func (export "goes-on") (call $until-asked) (call $cancel) (global.set $held (i32.const 77)))
      (func (export "held") (result i32) (global.get $held)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "return" (func $return)) (export "cancel" (func $cancel))
          (export "index" (func $index)) (export "suspend" (func $suspend))
          (export "wait-c" (func $wait-c)) (export "set-new" (func $set-new))
          (export "yield-resume" (func $yield-resume))))))
    (func (export "poke") (canon lift (core func $m "poke")))
    (func (export "held") (result u32) (canon lift (core func $m "held")))
    (func (export "unasked") async (canon lift (core func $m "unasked") async))
    (func (export "after-return") async (canon lift (core func $m "after-return") async))
    (func (export "pending") async (canon lift (core func $m "pending") async))
    (func (export "twice") async (canon lift (core func $m "twice") async))
    (func (export "then-returns") async (canon lift (core func $m "then-returns") async))
    (func (export "cancel-after-return") async (canon lift (core func $m "cancel-after-return") async))
    (func (export "never") async (canon lift (core func $m "never") async))
    (func (export "goes-on") async (canon lift (core func $m "goes-on") async))
    (func (export "sync") (canon lift (core func $m "sync")))
    (func (export "sync-of-async") async (canon lift (core func $m "sync"))))
  (instance $c (instantiate $C))
  (component $D
    (import "c" (instance $c
      (export "unasked" (func async))
      (export "after-return" (func async))
      (export "pending" (func async))
      (export "twice" (func async))
      (export "then-returns" (func async))
      (export "cancel-after-return" (func async))
      (export "never" (func async))
      (export "goes-on" (func async))
      (export "poke" (func))))
    (core module $Libc
      (memory (export "memory") 1))
    (core instance $libc (instantiate $Libc))
    (core func $pending (canon lower (func $c "pending") async (memory $libc "memory")))
    (core func $twice (canon lower (func $c "twice") async (memory $libc "memory")))
    (core func $then-returns (canon lower (func $c "then-returns") async (memory $libc "memory")))
    (core func $cancel-after-return (canon lower (func $c "cancel-after-return") async (memory $libc "memory")))
    (core func $never (canon lower (func $c "never") async (memory $libc "memory")))
    (core func $goes-on (canon lower (func $c "goes-on") async (memory $libc "memory")))
    (core func $poke (canon lower (func $c "poke")))
    (core func $subtask-cancel-a (canon subtask.cancel async))
    (core module $M
      (import "" "subtask-cancel-a" (func $subtask-cancel-a (param i32) (result i32)))
      (import "" "pending" (func $pending (result i32)))
      (import "" "twice" (func $twice (result i32)))
      (import "" "then-returns" (func $then-returns (result i32)))
      (import "" "cancel-after-return" (func $cancel-after-return (result i32)))
      (import "" "never" (func $never (result i32)))
      (import "" "goes-on" (func $goes-on (result i32)))
      (import "" "poke" (func $poke))
      (import "libc" "memory" (memory 1))
      ;; The index in what an asynchronous call returned.
      (func $handle (param i32) (result i32) (i32.shr_u (local.get 0) (i32.const 4)))
      (func $ask (param $r i32) (result i32) (call $subtask-cancel-a (call $handle (local.get $r))))
      (func (export "twice") (result i32) (call $ask (call $twice)))
      (func (export "then-returns") (result i32) (call $ask (call $then-returns)))
      (func (export "cancel-after-return") (result i32) (call $ask (call $cancel-after-return)))
      (func (export "never") (result i32) (call $ask (call $never)))
      (func (export "goes-on") (result i32) (call $ask (call $goes-on)))
      (func (export "pending") (result i32)
        (if (i32.ne (call $ask (call $pending)) (i32.const -1)) (then (unreachable)))
        (call $poke)
        (i32.const 0)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "subtask-cancel-a" (func $subtask-cancel-a)) (export "pending" (func $pending))
          (export "twice" (func $twice)) (export "then-returns" (func $then-returns))
          (export "cancel-after-return" (func $cancel-after-return))
          (export "never" (func $never)) (export "goes-on" (func $goes-on))
          (export "poke" (func $poke))))))
    (func (export "pending") async (result u32) (canon lift (core func $m "pending")))
    (func (export "twice") async (result u32) (canon lift (core func $m "twice")))
    (func (export "then-returns") async (result u32) (canon lift (core func $m "then-returns")))
    (func (export "cancel-after-return") async (result u32) (canon lift (core func $m "cancel-after-return")))
    (func (export "never") async (result u32) (canon lift (core func $m "never")))
    (func (export "goes-on") async (result u32) (canon lift (core func $m "goes-on"))))
  (instance $d (instantiate $D (with "c" (instance $c))))
  (export "pending" (func $d "pending"))
  (export "twice" (func $d "twice"))
  (export "then-returns" (func $d "then-returns"))
  (export "cancel-after-return" (func $d "cancel-after-return"))
  (export "never" (func $d "never"))
  (export "goes-on" (func $d "goes-on"))
  (export "unasked" (func $c "unasked"))
  (export "after-return" (func $c "after-return"))
  (export "sync" (func $c "sync"))
  (export "sync-of-async" (func $c "sync-of-async"))
  (export "held" (func $c "held")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $T)

;; rule: task.cancel/state holds
(assert_trap (invoke $i1 "unasked") "task.cancel/state")

;; text: Instance Definitions: a fresh instance
(component instance $i2 $T)

;; rule: task.cancel/state holds
(assert_trap (invoke $i2 "after-return") "task.cancel/state")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $T)

;; rule: task.cancel/sync holds
(assert_trap (invoke $i3 "sync") "task.cancel/sync")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $T)

;; The function's type is `async`, but not its lift.
;; rule: task.cancel/sync holds
(assert_trap (invoke $i4 "sync-of-async") "task.cancel/sync")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $T)

;; There is a request, of which the task has not been told.
;; rule: task.cancel/state holds
(assert_trap (invoke $i5 "pending") "task.cancel/state")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $T)

;; rule: task.cancel/state holds
(assert_trap (invoke $i6 "twice") "task.cancel/state")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $T)

;; rule: task.return/resolved holds
(assert_trap (invoke $i7 "then-returns") "task.return/resolved")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $T)

;; rule: task.cancel/state holds
(assert_trap (invoke $i8 "cancel-after-return") "task.cancel/state")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $T)

;; It is told and ends.
;; rule: task.exit/unresolved holds
(assert_trap (invoke $i9 "never") "task.exit/unresolved")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $T)

;; rule: task.cancel/sync does not hold
;; rule: task.cancel/state does not hold
;; rule: task.cancel/borrows does not hold
;; rule: task.exit/unresolved does not hold
(assert_return (invoke $i10 "goes-on") (u32.const 4))

;; What stands after `task.cancel` was done.
;; rule: lift/async does not hold
(assert_return (invoke $i10 "held") (u32.const 77))
