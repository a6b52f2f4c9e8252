;; One table for all resource types of an instance, and one table for each
;; instance: a handle that moves is freed here and gets a new index there.
;; Text: CanonicalABI.md, "Component Instances", "Table State".

;; `A` makes handles of two resource types, and `take` answers the index at which
;; it received a handle, without dropping it. `User` passes them on.
;; text: Table State: two instances with a table each
(component definition $P
  (component $A
    (type $R (resource (rep i32)))
    (type $S (resource (rep i32)))
    (core func $new-r (canon resource.new $R))
    (core func $new-s (canon resource.new $S))
    (core module $M (func (export "same") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $M))
    (export $R' "r" (type $R))
    (export $S' "s" (type $S))
    (func (export "new-r") (param "rep" u32) (result u32) (canon lift (core func $new-r)))
    (func (export "make-r") (param "rep" u32) (result (own $R')) (canon lift (core func $new-r)))
    (func (export "make-s") (param "rep" u32) (result (own $S')) (canon lift (core func $new-s)))
    (func (export "take-r") (param "r" (own $R')) (result u32) (canon lift (core func $m "same")))
    (func (export "take-s") (param "s" (own $S')) (result u32) (canon lift (core func $m "same"))))
  (instance $a (instantiate $A))
  (component $User
    (import "a" (instance $a
      (export "r" (type $r (sub resource)))
      (export "s" (type $s (sub resource)))
      (export "make-r" (func (param "rep" u32) (result (own $r))))
      (export "make-s" (func (param "rep" u32) (result (own $s))))
      (export "take-r" (func (param "r" (own $r)) (result u32)))
      (export "take-s" (func (param "s" (own $s)) (result u32)))))
    (core func $make-r (canon lower (func $a "make-r")))
    (core func $make-s (canon lower (func $a "make-s")))
    (core func $take-r (canon lower (func $a "take-r")))
    (core func $take-s (canon lower (func $a "take-s")))
    (func (export "make-r") (param "rep" u32) (result u32) (canon lift (core func $make-r)))
    (func (export "make-s") (param "rep" u32) (result u32) (canon lift (core func $make-s)))
    (func (export "take-r") (param "index" u32) (result u32) (canon lift (core func $take-r)))
    (func (export "take-s") (param "index" u32) (result u32) (canon lift (core func $take-s))))
  (instance $user (instantiate $User (with "a" (instance $a))))
  (export "make-r" (func $user "make-r"))
  (export "make-s" (func $user "make-s"))
  (export "take-r" (func $user "take-r"))
  (export "take-s" (func $user "take-s"))
  (export "a-new-r" (func $a "new-r")))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; A handle that stays in A occupies index 1 there.
;; rule: table.add/free does not hold
(assert_return (invoke $p "a-new-r" (u32.const 5)) (u32.const 1))

;; The indices of User count both types together, and not the handle in A.
;; rule: table.add/free does not hold
(assert_return (invoke $p "make-r" (u32.const 10)) (u32.const 1))

;; rule: table.add/free holds
(assert_return (invoke $p "make-s" (u32.const 11)) (u32.const 2))

;; rule: table.add/free holds
(assert_return (invoke $p "make-r" (u32.const 12)) (u32.const 3))

;; In A, each `resource.new` used index 2, which returning the handle freed.
;; rule: table.add/free holds
(assert_return (invoke $p "take-s" (u32.const 2)) (u32.const 2))

;; rule: table.add/free does not hold
(assert_return (invoke $p "take-r" (u32.const 1)) (u32.const 3))

;; User freed 2 and then 1, so 1 comes next.
;; rule: table.add/free holds
(assert_return (invoke $p "make-r" (u32.const 13)) (u32.const 1))

;; rule: table.add/free holds
(assert_return (invoke $p "make-s" (u32.const 14)) (u32.const 2))

;; rule: table.add/free does not hold
(assert_return (invoke $p "make-s" (u32.const 15)) (u32.const 4))
