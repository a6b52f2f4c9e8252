;; Lifting an `own` takes the handle out of the table; it must own its resource
;; and be of the very type. Lifting a `borrow` leaves it, and need not own.
;; Text: CanonicalABI.md, "Loading" (`lift_own`, `lift_borrow`).

;; `User` has two types, `r` and `s`, from two instances of one component, which makes
;; them two types. C gets a borrow of an `r` and passes its handle on: as its
;; result (0), as an `own` argument (1), as a `borrow` argument (2).
;; text: Loading: handles passed where another kind or type is expected
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
  (instance $a1 (instantiate $A))
  (instance $a2 (instantiate $A))
  (alias export $a1 "r" (type $R))
  (alias export $a2 "r" (type $S))

  (component $C
    (import "r" (type $R (sub resource)))
    (import "end" (func $end (param "r" (own $R))))
    (import "look" (func $look (param "r" (borrow $R)) (result u32)))
    (core func $end (canon lower (func $end)))
    (core func $look (canon lower (func $look)))
    (core func $drop (canon resource.drop $R))
    (core module $M
      (import "" "end" (func $end (param i32)))
      (import "" "look" (func $look (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "returns") (param $h i32) (result i32) (local.get $h))
      (func (export "gives") (param $h i32) (call $end (local.get $h)))
      (func (export "lends") (param $h i32) (result i32)
        (call $look (local.get $h))
        (call $drop (local.get $h))))
    (core instance $m (instantiate $M (with "" (instance
      (export "end" (func $end)) (export "look" (func $look)) (export "drop" (func $drop))))))
    (func (export "returns") (param "r" (borrow $R)) (result (own $R))
      (canon lift (core func $m "returns")))
    (func (export "passes") (param "r" (own $R)) (result (own $R))
      (canon lift (core func $m "returns")))
    (func (export "gives") (param "r" (borrow $R)) (canon lift (core func $m "gives")))
    (func (export "lends") (param "r" (borrow $R)) (result u32)
      (canon lift (core func $m "lends"))))
  (instance $c (instantiate $C (with "r" (type $R))
    (with "end" (func $a1 "end")) (with "look" (func $a1 "look"))))

  (component $User
    (import "a1" (instance $a1
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))
      (export "end" (func (param "r" (own $r))))
      (export "look" (func (param "r" (borrow $r)) (result u32)))))
    (import "a2" (instance $a2
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))
      (export "end" (func (param "r" (own $r))))
      (export "look" (func (param "r" (borrow $r)) (result u32)))))
    (alias export $a1 "r" (type $R))
    (alias export $a2 "r" (type $S))
    (import "c" (instance $c
      (alias outer $User $R (type $r))
      (export "returns" (func (param "r" (borrow $r)) (result (own $r))))
      (export "passes" (func (param "r" (own $r)) (result (own $r))))
      (export "gives" (func (param "r" (borrow $r))))
      (export "lends" (func (param "r" (borrow $r)) (result u32)))))
    (core func $make-r (canon lower (func $a1 "make")))
    (core func $make-s (canon lower (func $a2 "make")))
    (core func $end-r (canon lower (func $a1 "end")))
    (core func $end-s (canon lower (func $a2 "end")))
    (core func $look-r (canon lower (func $a1 "look")))
    (core func $look-s (canon lower (func $a2 "look")))
    (core func $drop-s (canon resource.drop $S))
    (core func $returns (canon lower (func $c "returns")))
    (core func $passes (canon lower (func $c "passes")))
    (core func $gives (canon lower (func $c "gives")))
    (core func $lends (canon lower (func $c "lends")))
    (func (export "make-r") (param "rep" u32) (result u32) (canon lift (core func $make-r)))
    (func (export "make-s") (param "rep" u32) (result u32) (canon lift (core func $make-s)))
    (func (export "end-r") (param "index" u32) (canon lift (core func $end-r)))
    (func (export "end-s") (param "index" u32) (canon lift (core func $end-s)))
    (func (export "look-r") (param "index" u32) (result u32) (canon lift (core func $look-r)))
    (func (export "look-s") (param "index" u32) (result u32) (canon lift (core func $look-s)))
    (func (export "drop-s") (param "index" u32) (canon lift (core func $drop-s)))
    (func (export "returns") (param "index" u32) (result u32) (canon lift (core func $returns)))
    (func (export "passes") (param "index" u32) (result u32) (canon lift (core func $passes)))
    (func (export "gives") (param "index" u32) (canon lift (core func $gives)))
    (func (export "lends") (param "index" u32) (result u32) (canon lift (core func $lends))))
  (instance $user (instantiate $User (with "a1" (instance $a1)) (with "a2" (instance $a2)) (with "c" (instance $c))))
  (export "make-r" (func $user "make-r"))
  (export "make-s" (func $user "make-s"))
  (export "end-r" (func $user "end-r"))
  (export "end-s" (func $user "end-s"))
  (export "look-r" (func $user "look-r"))
  (export "look-s" (func $user "look-s"))
  (export "drop-s" (func $user "drop-s"))
  (export "returns" (func $user "returns"))
  (export "passes" (func $user "passes"))
  (export "gives" (func $user "gives"))
  (export "lends" (func $user "lends")))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; rule: own.lift/kind does not hold
;; rule: own.lift/type does not hold
;; rule: own.lift/lends does not hold
;; rule: own.lift/owned does not hold
(assert_return (invoke $p "make-r" (u32.const 31)) (u32.const 1))

;; rule: own.lift/type does not hold
(assert_return (invoke $p "make-s" (u32.const 32)) (u32.const 2))

;; rule: borrow.lift/kind does not hold
;; rule: borrow.lift/type does not hold
(assert_return (invoke $p "look-r" (u32.const 1)) (u32.const 31))

;; rule: borrow.lift/type does not hold
(assert_return (invoke $p "look-s" (u32.const 2)) (u32.const 32))

;; A borrowed handle may be lent on.
;; rule: borrow.lift/kind does not hold
;; rule: borrow.lift/type does not hold
(assert_return (invoke $p "lends" (u32.const 1)) (u32.const 31))

;; An owned one goes there and back, through index 1 of C.
;; rule: own.lift/owned does not hold
(assert_return (invoke $p "passes" (u32.const 1)) (u32.const 1))

;; rule: borrow.lift/type does not hold
(assert_return (invoke $p "look-r" (u32.const 1)) (u32.const 31))

;; rule: own.lift/type does not hold
(assert_return (invoke $p "end-s" (u32.const 2)))

;; rule: own.lift/type does not hold
(assert_return (invoke $p "end-r" (u32.const 1)))

;; text: Instance Definitions: a fresh instance
(component instance $q0 $P)

;; rule: table.add/free does not hold
(assert_return (invoke $q0 "make-r" (u32.const 31)) (u32.const 1))

;; rule: table.add/free does not hold
(assert_return (invoke $q0 "make-s" (u32.const 32)) (u32.const 2))

;; An `s` where an own `r` is expected.
;; rule: own.lift/type holds
(assert_trap (invoke $q0 "end-r" (u32.const 2)) "own.lift/type")

;; text: Instance Definitions: a fresh instance
(component instance $q1 $P)

;; rule: table.add/free does not hold
(assert_return (invoke $q1 "make-r" (u32.const 31)) (u32.const 1))

;; rule: table.add/free does not hold
(assert_return (invoke $q1 "make-s" (u32.const 32)) (u32.const 2))

;; An `r` where an own `s` is expected.
;; rule: own.lift/type holds
(assert_trap (invoke $q1 "end-s" (u32.const 1)) "own.lift/type")

;; text: Instance Definitions: a fresh instance
(component instance $q2 $P)

;; rule: table.add/free does not hold
(assert_return (invoke $q2 "make-r" (u32.const 31)) (u32.const 1))

;; rule: table.add/free does not hold
(assert_return (invoke $q2 "make-s" (u32.const 32)) (u32.const 2))

;; An `s` where a borrowed `r` is expected.
;; rule: borrow.lift/type holds
(assert_trap (invoke $q2 "look-r" (u32.const 2)) "borrow.lift/type")

;; text: Instance Definitions: a fresh instance
(component instance $q3 $P)

;; rule: table.add/free does not hold
(assert_return (invoke $q3 "make-r" (u32.const 31)) (u32.const 1))

;; rule: table.add/free does not hold
(assert_return (invoke $q3 "make-s" (u32.const 32)) (u32.const 2))

;; An `r` where a borrowed `s` is expected.
;; rule: borrow.lift/type holds
(assert_trap (invoke $q3 "look-s" (u32.const 1)) "borrow.lift/type")

;; text: Instance Definitions: a fresh instance
(component instance $q4 $P)

;; rule: table.add/free does not hold
(assert_return (invoke $q4 "make-r" (u32.const 31)) (u32.const 1))

;; rule: table.add/free does not hold
(assert_return (invoke $q4 "make-s" (u32.const 32)) (u32.const 2))

;; An `r` dropped as an `s`.
;; rule: resource.drop/type holds
(assert_trap (invoke $q4 "drop-s" (u32.const 1)) "resource.drop/type")

;; text: Instance Definitions: a fresh instance
(component instance $q5 $P)

;; rule: table.add/free does not hold
(assert_return (invoke $q5 "make-r" (u32.const 31)) (u32.const 1))

;; rule: table.add/free does not hold
(assert_return (invoke $q5 "make-s" (u32.const 32)) (u32.const 2))

;; A borrowed handle as an own result.
;; rule: own.lift/owned holds
(assert_trap (invoke $q5 "returns" (u32.const 1)) "own.lift/owned")

;; text: Instance Definitions: a fresh instance
(component instance $q6 $P)

;; rule: table.add/free does not hold
(assert_return (invoke $q6 "make-r" (u32.const 31)) (u32.const 1))

;; rule: table.add/free does not hold
(assert_return (invoke $q6 "make-s" (u32.const 32)) (u32.const 2))

;; A borrowed handle as an own argument.
;; rule: own.lift/owned holds
(assert_trap (invoke $q6 "gives" (u32.const 1)) "own.lift/owned")
