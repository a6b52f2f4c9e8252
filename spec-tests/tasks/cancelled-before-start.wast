;; A task that waits to enter its instance is cancelled at once, and no guest code of it
;; runs: it never takes its arguments, so an owned handle stays with the caller, and a lent
;; one is no longer lent.
;; Text: CanonicalABI.md, "Tasks" (`request_cancellation`), "canon lift", "canon lower",
;; "canon subtask.cancel".

;; text: canon subtask.cancel: calls that are cancelled while they wait
(component definition $T
  (component $C
    (type $R (resource (rep i32)))
    (core func $new (canon resource.new $R))
    (core func $dropr (canon resource.drop $R))
    (core func $return-u32 (canon task.return (result u32)))
    (core func $inc (canon backpressure.inc))
    (core func $dec (canon backpressure.dec))
    (core module $M
      (import "" "return-u32" (func $return-u32 (param i32)))
      (import "" "inc" (func $inc))
      (import "" "dec" (func $dec))
      (import "" "dropr" (func $dropr (param i32)))
      (func (export "same") (param i32) (result i32) (local.get 0))
      (func (export "give") (param i32) (call $dropr (local.get 0)) (call $return-u32 (i32.const 7)))
      (func (export "lend") (param i32) (call $return-u32 (local.get 0)))
      (func (export "inc") (call $inc))
      (func (export "dec") (call $dec)))
    (core instance $m (instantiate $M
      (with "" (instance
        (export "return-u32" (func $return-u32)) (export "inc" (func $inc))
          (export "dec" (func $dec)) (export "dropr" (func $dropr))))))
    (export $R' "r" (type $R))
    (func (export "make") (param "rep" u32) (result (own $R')) (canon lift (core func $new)))
    (func (export "look") (param "r" (borrow $R')) (result u32)
      (canon lift (core func $m "same")))
    (func (export "give") async (param "r" (own $R')) (result u32)
      (canon lift (core func $m "give") async))
    (func (export "lend") async (param "r" (borrow $R')) (result u32)
      (canon lift (core func $m "lend") async))
    (func (export "inc") (canon lift (core func $m "inc")))
    (func (export "dec") (canon lift (core func $m "dec"))))
  (instance $c (instantiate $C))
  (component $D
    (import "c" (instance $c
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))
      (export "look" (func (param "r" (borrow $r)) (result u32)))
      (export "give" (func async (param "r" (own $r)) (result u32)))
      (export "lend" (func async (param "r" (borrow $r)) (result u32)))
      (export "inc" (func))
      (export "dec" (func))))
    (core module $Libc
      (memory (export "memory") 1))
    (core instance $libc (instantiate $Libc))
    (alias export $c "r" (type $R))
    (core func $dropr (canon resource.drop $R))
    (core func $make (canon lower (func $c "make")))
    (core func $look (canon lower (func $c "look")))
    (core func $give (canon lower (func $c "give") async (memory $libc "memory")))
    (core func $lend (canon lower (func $c "lend") async (memory $libc "memory")))
    (core func $inc (canon lower (func $c "inc")))
    (core func $dec (canon lower (func $c "dec")))
    (core func $subtask-cancel (canon subtask.cancel))
    (core func $subtask-cancel-a (canon subtask.cancel async))
    (core func $subtask-drop (canon subtask.drop))
    (core module $M
      (import "" "subtask-cancel" (func $subtask-cancel (param i32) (result i32)))
      (import "" "subtask-cancel-a" (func $subtask-cancel-a (param i32) (result i32)))
      (import "" "subtask-drop" (func $subtask-drop (param i32)))
      (import "" "make" (func $make (param i32) (result i32)))
      (import "" "look" (func $look (param i32) (result i32)))
      (import "" "give" (func $give (param i32 i32) (result i32)))
      (import "" "lend" (func $lend (param i32 i32) (result i32)))
      (import "" "inc" (func $inc))
      (import "" "dec" (func $dec))
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
      (func (export "own") (result i32) (local $r i32) (local $q i32)
        (local.set $q (call $make (i32.const 100)))
        (call $log (local.get $q))
        (call $inc)
        (local.set $r (call $give (local.get $q) (i32.const 64)))
        (call $log (local.get $r))
        (call $log (call $subtask-cancel (call $handle (local.get $r))))
        (call $log (call $look (local.get $q)))
        (call $subtask-drop (call $handle (local.get $r)))
        (call $dec)
        ;; Nobody waits any more, and the handle can be given.
        (call $log (call $give (local.get $q) (i32.const 64)))
        (call $log (i32.load (i32.const 64)))
        (call $logged))
      (func (export "borrow") (result i32) (local $r i32) (local $q i32)
        (local.set $q (call $make (i32.const 200)))
        (call $inc)
        (local.set $r (call $lend (local.get $q) (i32.const 64)))
        (call $log (local.get $r))
        (call $log (call $subtask-cancel-a (call $handle (local.get $r))))
        (call $dropr (local.get $q))
        (call $logged)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "subtask-cancel" (func $subtask-cancel))
          (export "subtask-cancel-a" (func $subtask-cancel-a))
          (export "subtask-drop" (func $subtask-drop)) (export "make" (func $make))
          (export "look" (func $look)) (export "give" (func $give)) (export "lend" (func $lend))
          (export "inc" (func $inc)) (export "dec" (func $dec)) (export "dropr" (func $dropr))))))
    (func (export "own") async (result (list u32))
      (canon lift (core func $m "own") (memory $libc "memory")))
    (func (export "borrow") async (result (list u32))
      (canon lift (core func $m "borrow") (memory $libc "memory"))))
  (instance $d (instantiate $D (with "c" (instance $c))))
  (export "own" (func $d "own"))
  (export "borrow" (func $d "borrow")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $T)

;; rule: task.request-cancellation/initial holds
;; rule: task.enter/cancelled holds
;; rule: lower/cancelled-before-started holds
;; rule: subtask.cancel/at-once holds
(assert_return (invoke $i1 "own")
  (list.const (u32.const 1) (u32.const 32) (u32.const 3) (u32.const 100) (u32.const 2)
    (u32.const 7)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $T)

;; rule: task.request-cancellation/initial holds
;; rule: lower/cancelled-before-started holds
(assert_return (invoke $i2 "borrow") (list.const (u32.const 32) (u32.const 3)))
