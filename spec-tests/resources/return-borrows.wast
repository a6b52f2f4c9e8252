;; A task may not return while it holds borrowed handles: each must have been
;; dropped before. A borrow that arrives as a representation is no handle.
;; Text: CanonicalABI.md, "Tasks" (`Task.return_`).

;; `two` of C drops as many of the two borrowed handles that it gets as `n` says,
;; the second first; `result` drops none. `look` of A gets representations.
;; text: Tasks: a component that keeps some of its borrowed handles
(component definition $P
  (component $A
    (type $R (resource (rep i32)))
    (core func $new (canon resource.new $R))
    (core module $M (func (export "same") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $M))
    (export $R' "r" (type $R))
    (func (export "make") (param "rep" u32) (result (own $R')) (canon lift (core func $new)))
    (func (export "look") (param "r" (borrow $R')) (result u32)
      (canon lift (core func $m "same"))))
  (instance $a (instantiate $A))
  (alias export $a "r" (type $R))
  (component $C
    (import "r" (type $R (sub resource)))
    (core func $drop (canon resource.drop $R))
    (core module $M
      (import "" "drop" (func $drop (param i32)))
      (func (export "two") (param $a i32) (param $b i32) (param $n i32)
        (if (i32.ge_u (local.get $n) (i32.const 1)) (then (call $drop (local.get $b))))
        (if (i32.ge_u (local.get $n) (i32.const 2)) (then (call $drop (local.get $a)))))
      (func (export "result") (param $a i32) (result i32) (local.get $a))
      ;; may leave nothing, and so cannot drop what was kept
      (func (export "after") (param i32)))
    (core instance $m (instantiate $M (with "" (instance (export "drop" (func $drop))))))
    (func (export "two") (param "a" (borrow $R)) (param "b" (borrow $R)) (param "n" u32)
      (canon lift (core func $m "two")))
    (func (export "result") (param "a" (borrow $R)) (result u32)
      (canon lift (core func $m "result") (post-return (func $m "after")))))
  (instance $c (instantiate $C (with "r" (type $R))))
  (component $User
    (import "a" (instance $a
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))
      (export "look" (func (param "r" (borrow $r)) (result u32)))))
    (alias export $a "r" (type $R))
    (import "c" (instance $c
      (alias outer $User $R (type $r))
      (export "two" (func (param "a" (borrow $r)) (param "b" (borrow $r)) (param "n" u32)))
      (export "result" (func (param "a" (borrow $r)) (result u32)))))
    (core func $make (canon lower (func $a "make")))
    (core func $look (canon lower (func $a "look")))
    (core func $two (canon lower (func $c "two")))
    (core func $result (canon lower (func $c "result")))
    (func (export "make") (param "rep" u32) (result u32) (canon lift (core func $make)))
    (func (export "look") (param "a" u32) (result u32) (canon lift (core func $look)))
    (func (export "two") (param "a" u32) (param "b" u32) (param "n" u32)
      (canon lift (core func $two)))
    (func (export "result") (param "a" u32) (result u32) (canon lift (core func $result))))
  (instance $user (instantiate $User (with "a" (instance $a)) (with "c" (instance $c))))
  (export "make" (func $user "make"))
  (export "look" (func $user "look"))
  (export "two" (func $user "two"))
  (export "result" (func $user "result")))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; rule: table.add/free does not hold
(assert_return (invoke $p "make" (u32.const 90)) (u32.const 1))

;; rule: table.add/free does not hold
(assert_return (invoke $p "make" (u32.const 91)) (u32.const 2))

;; Both are dropped.
;; rule: task.return/borrows does not hold
(assert_return (invoke $p "two" (u32.const 1) (u32.const 2) (u32.const 2)))

;; The type is the receiver's own: nothing to drop.
;; rule: borrow.lower/local holds
;; rule: task.return/borrows does not hold
(assert_return (invoke $p "look" (u32.const 2)) (u32.const 91))

;; One of two is kept.
;; rule: task.return/borrows holds
(assert_trap (invoke $p "two" (u32.const 1) (u32.const 2) (u32.const 1)) "task.return/borrows")

;; text: Instance Definitions: a fresh instance
(component instance $p2 $P)

;; rule: table.add/free does not hold
(invoke $p2 "make" (u32.const 90))

;; Both are kept, and they came of one owning handle.
;; rule: task.return/borrows holds
(assert_trap (invoke $p2 "two" (u32.const 1) (u32.const 1) (u32.const 0)) "task.return/borrows")

;; text: Instance Definitions: a fresh instance
(component instance $p3 $P)

;; rule: table.add/free does not hold
(invoke $p3 "make" (u32.const 90))

;; It is kept by a function that has a result and a `post-return`.
;; rule: task.return/borrows holds
(assert_trap (invoke $p3 "result" (u32.const 1)) "task.return/borrows")
