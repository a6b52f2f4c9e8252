;; Each instance of a component that defines a resource type has a type of its
;; own, and only that instance's functions take its handles.
;; Text: Explainer.md, "Type Checking"; CanonicalABI.md, "Resource State".

;; text: Type Checking: two instances of one component that defines a type
(component definition $P
  (component $A
    (type $R (resource (rep i32)))
    (core func $new (canon resource.new $R))
    (core func $drop (canon resource.drop $R))
    (core module $M (func (export "same") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $M))
    (export $R' "r" (type $R))
    (func (export "make") (param "rep" u32) (result (own $R')) (canon lift (core func $new)))
    (func (export "end") (param "r" (own $R')) (canon lift (core func $drop)))
    (func (export "look") (param "r" (borrow $R')) (result u32)
      (canon lift (core func $m "same"))))
  (instance $x (instantiate $A))
  (instance $y (instantiate $A))
  (component $User
    (import "x" (instance $x
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))
      (export "end" (func (param "r" (own $r))))
      (export "look" (func (param "r" (borrow $r)) (result u32)))))
    (import "y" (instance $y
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))
      (export "end" (func (param "r" (own $r))))
      (export "look" (func (param "r" (borrow $r)) (result u32)))))
    (alias export $x "r" (type $X))
    (alias export $y "r" (type $Y))
    (core func $make-x (canon lower (func $x "make")))
    (core func $make-y (canon lower (func $y "make")))
    (core func $look-x (canon lower (func $x "look")))
    (core func $end-y (canon lower (func $y "end")))
    (core func $drop-x (canon resource.drop $X))
    (core func $drop-y (canon resource.drop $Y))
    (func (export "make-x") (param "rep" u32) (result u32) (canon lift (core func $make-x)))
    (func (export "make-y") (param "rep" u32) (result u32) (canon lift (core func $make-y)))
    (func (export "look-x") (param "index" u32) (result u32) (canon lift (core func $look-x)))
    (func (export "end-y") (param "index" u32) (canon lift (core func $end-y)))
    (func (export "drop-x") (param "index" u32) (canon lift (core func $drop-x)))
    (func (export "drop-y") (param "index" u32) (canon lift (core func $drop-y))))
  (instance $user (instantiate $User (with "x" (instance $x)) (with "y" (instance $y))))
  (export "make-x" (func $user "make-x"))
  (export "make-y" (func $user "make-y"))
  (export "look-x" (func $user "look-x"))
  (export "end-y" (func $user "end-y"))
  (export "drop-x" (func $user "drop-x"))
  (export "drop-y" (func $user "drop-y")))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; rule: table.add/free does not hold
(assert_return (invoke $p "make-x" (u32.const 1)) (u32.const 1))

;; rule: table.add/free does not hold
(assert_return (invoke $p "make-y" (u32.const 2)) (u32.const 2))

;; rule: borrow.lift/type does not hold
(assert_return (invoke $p "look-x" (u32.const 1)) (u32.const 1))

;; rule: own.lift/type does not hold
(assert_return (invoke $p "end-y" (u32.const 2)))

;; rule: resource.drop/type does not hold
(assert_return (invoke $p "drop-x" (u32.const 1)))

;; text: Type Checking: the two types are two for validation as well
(assert_invalid
  (component
    (component $A
      (type $R (resource (rep i32)))
      (core func $new (canon resource.new $R))
      (core func $drop (canon resource.drop $R))
      (export $R' "r" (type $R))
      (func (export "make") (param "rep" u32) (result (own $R')) (canon lift (core func $new)))
      (func (export "end") (param "r" (own $R')) (canon lift (core func $drop))))
    (component $B
      (import "r" (type $R (sub resource)))
      (import "end" (func (param "r" (own $R)))))
    (instance $x (instantiate $A))
    (instance $y (instantiate $A))
    (instance (instantiate $B (with "r" (type $x "r")) (with "end" (func $y "end")))))
  "type mismatch")

;; text: Instance Definitions: a fresh instance
(component instance $q0 $P)

;; rule: table.add/free does not hold
(assert_return (invoke $q0 "make-x" (u32.const 1)) (u32.const 1))

;; rule: table.add/free does not hold
(assert_return (invoke $q0 "make-y" (u32.const 2)) (u32.const 2))

;; A handle of the second instance, lent to the first.
;; rule: borrow.lift/type holds
(assert_trap (invoke $q0 "look-x" (u32.const 2)) "borrow.lift/type")

;; text: Instance Definitions: a fresh instance
(component instance $q1 $P)

;; rule: table.add/free does not hold
(assert_return (invoke $q1 "make-x" (u32.const 1)) (u32.const 1))

;; rule: table.add/free does not hold
(assert_return (invoke $q1 "make-y" (u32.const 2)) (u32.const 2))

;; A handle of the first instance, given to the second.
;; rule: own.lift/type holds
(assert_trap (invoke $q1 "end-y" (u32.const 1)) "own.lift/type")

;; text: Instance Definitions: a fresh instance
(component instance $q2 $P)

;; rule: table.add/free does not hold
(assert_return (invoke $q2 "make-x" (u32.const 1)) (u32.const 1))

;; rule: table.add/free does not hold
(assert_return (invoke $q2 "make-y" (u32.const 2)) (u32.const 2))

;; A handle of the first instance, dropped as the second's.
;; rule: resource.drop/type holds
(assert_trap (invoke $q2 "drop-y" (u32.const 1)) "resource.drop/type")
