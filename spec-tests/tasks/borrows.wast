;; A task that was lent a handle must drop it before it returns or cancels. When its caller
;; is told, the handle is no longer lent.
;; Text: CanonicalABI.md, "Tasks" (`return_`, `cancel`), "Subtask State"
;; (`deliver_resolve`), "canon subtask.cancel".

;; text: Tasks: functions that keep and that drop what they were lent
(component definition $T
  (component $A
    (type $R (resource (rep i32)))
    (core func $new (canon resource.new $R))
    (export $R' "r" (type $R))
    (func (export "make") (param "rep" u32) (result (own $R')) (canon lift (core func $new))))
  (instance $r (instantiate $A))
  (component $C
    (import "r" (instance $r
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))))
    (alias export $r "r" (type $R))
    (core module $Libc
      (memory (export "memory") 1))
    (core instance $libc (instantiate $Libc))
    (core func $dropr (canon resource.drop $R))
    (core func $return (canon task.return))
    (core func $cancel (canon task.cancel))
    (core func $wait-c (canon waitable-set.wait cancellable (memory $libc "memory")))
    (core func $set-new (canon waitable-set.new))
    (core module $M
      (import "" "return" (func $return))
      (import "" "cancel" (func $cancel))
      (import "" "wait-c" (func $wait-c (param i32 i32) (result i32)))
      (import "" "set-new" (func $set-new (result i32)))
      (import "" "dropr" (func $dropr (param i32)))
      (import "libc" "memory" (memory 1))
      ;; Blocks until there is a request to cancel.
      (func $until-asked (drop (call $wait-c (call $set-new) (i32.const 32))))
      (func (export "cancel-keep") (param i32) (call $until-asked) (call $cancel))
      (func (export "cancel-drop") (param i32)
        (call $until-asked)
        (call $dropr (local.get 0))
        (call $cancel))
      (func (export "return-keep") (param i32) (call $return))
      (func (export "return-drop") (param i32) (call $dropr (local.get 0)) (call $return)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "return" (func $return)) (export "cancel" (func $cancel))
          (export "wait-c" (func $wait-c)) (export "set-new" (func $set-new))
          (export "dropr" (func $dropr))))))
    (func (export "cancel-keep") async (param "r" (borrow $R))
      (canon lift (core func $m "cancel-keep") async))
    (func (export "cancel-drop") async (param "r" (borrow $R))
      (canon lift (core func $m "cancel-drop") async))
    (func (export "return-keep") async (param "r" (borrow $R))
      (canon lift (core func $m "return-keep") async))
    (func (export "return-drop") async (param "r" (borrow $R))
      (canon lift (core func $m "return-drop") async)))
  (instance $c (instantiate $C (with "r" (instance $r))))
  (component $D
    (import "r" (instance $r
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))))
    (alias export $r "r" (type $R))
    (import "c" (instance $c
      (export "cancel-keep" (func async (param "r" (borrow $R))))
      (export "cancel-drop" (func async (param "r" (borrow $R))))
      (export "return-keep" (func async (param "r" (borrow $R))))
      (export "return-drop" (func async (param "r" (borrow $R))))))
    (core module $Libc
      (memory (export "memory") 1))
    (core instance $libc (instantiate $Libc))
    (core func $make (canon lower (func $r "make")))
    (core func $dropr (canon resource.drop $R))
    (core func $cancel-keep (canon lower (func $c "cancel-keep") async (memory $libc "memory")))
    (core func $cancel-drop (canon lower (func $c "cancel-drop") async (memory $libc "memory")))
    (core func $return-keep (canon lower (func $c "return-keep") async (memory $libc "memory")))
    (core func $return-drop (canon lower (func $c "return-drop") async (memory $libc "memory")))
    (core func $subtask-cancel (canon subtask.cancel))
    (core module $M
      (import "" "subtask-cancel" (func $subtask-cancel (param i32) (result i32)))
      (import "" "make" (func $make (param i32) (result i32)))
      (import "" "cancel-keep" (func $cancel-keep (param i32) (result i32)))
      (import "" "cancel-drop" (func $cancel-drop (param i32) (result i32)))
      (import "" "return-keep" (func $return-keep (param i32) (result i32)))
      (import "" "return-drop" (func $return-drop (param i32) (result i32)))
      (import "" "dropr" (func $dropr (param i32)))
      (import "libc" "memory" (memory 1))
      ;; The index in what an asynchronous call returned.
      (func $handle (param i32) (result i32) (i32.shr_u (local.get 0) (i32.const 4)))
      (func $lent (result i32) (call $make (i32.const 5)))
      (func (export "cancel-keep") (result i32)
        (call $subtask-cancel (call $handle (call $cancel-keep (call $lent)))))
      (func (export "cancel-drop") (param $too-soon i32) (result i32) (local $q i32) (local $r i32)
        (local.set $q (call $lent))
        (local.set $r (call $cancel-drop (local.get $q)))
        (if (local.get $too-soon) (then (call $dropr (local.get $q))))
        (local.set $r (call $subtask-cancel (call $handle (local.get $r))))
        (call $dropr (local.get $q))
        (local.get $r))
      (func (export "return-keep") (result i32) (call $return-keep (call $lent)))
      (func (export "return-drop") (result i32) (local $q i32) (local $r i32)
        (local.set $q (call $lent))
        (local.set $r (call $return-drop (local.get $q)))
        (call $dropr (local.get $q))
        (local.get $r)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "subtask-cancel" (func $subtask-cancel)) (export "make" (func $make))
          (export "cancel-keep" (func $cancel-keep)) (export "cancel-drop" (func $cancel-drop))
          (export "return-keep" (func $return-keep)) (export "return-drop" (func $return-drop))
          (export "dropr" (func $dropr))))))
    (func (export "cancel-keep") async (result u32) (canon lift (core func $m "cancel-keep")))
    (func (export "cancel-drop") async (param "too-soon" u32) (result u32)
      (canon lift (core func $m "cancel-drop")))
    (func (export "return-keep") async (result u32) (canon lift (core func $m "return-keep")))
    (func (export "return-drop") async (result u32) (canon lift (core func $m "return-drop"))))
  (instance $d (instantiate $D (with "r" (instance $r)) (with "c" (instance $c))))
  (export "cancel-keep" (func $d "cancel-keep"))
  (export "cancel-drop" (func $d "cancel-drop"))
  (export "return-keep" (func $d "return-keep"))
  (export "return-drop" (func $d "return-drop")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $T)

;; rule: task.cancel/borrows holds
(assert_trap (invoke $i1 "cancel-keep") "task.cancel/borrows")

;; text: Instance Definitions: a fresh instance
(component instance $i2 $T)

;; rule: task.cancel/borrows does not hold
(assert_return (invoke $i2 "cancel-drop" (u32.const 0)) (u32.const 4))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $T)

;; Not cancelled yet, the handle is lent.
;; rule: resource.drop/lends holds
(assert_trap (invoke $i3 "cancel-drop" (u32.const 1)) "resource.drop/lends")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $T)

;; rule: task.return/borrows holds
(assert_trap (invoke $i4 "return-keep") "task.return/borrows")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $T)

;; rule: task.return/borrows does not hold
(assert_return (invoke $i5 "return-drop") (u32.const 2))
