;; A handle that is not there, passed as an argument: at 0, freed, past the end.
;; Text: CanonicalABI.md, "Table State", "Loading" (`lift_own`, `lift_borrow`).

;; In `User`, `make-two` puts two handles at 1 and 2. `give` and `lend` pass the
;; handle at an index to `Impl`, as `own` and as `borrow`; that drops what it owns
;; and answers the representation of what it is lent.
;; text: Table State: a table that the host can drive
(component definition $D
  (component $Impl
    (type $R (resource (rep i32)))
    (core func $new (canon resource.new $R))
    (core func $drop (canon resource.drop $R))
    (core module $M (func (export "same") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $M))
    (export $R' "r" (type $R))
    (func (export "make") (param "rep" u32) (result (own $R')) (canon lift (core func $new)))
    (func (export "give") (param "r" (own $R')) (canon lift (core func $drop)))
    (func (export "lend") (param "r" (borrow $R')) (result u32)
      (canon lift (core func $m "same"))))
  (instance $impl (instantiate $Impl))
  (component $User
    (import "impl" (instance $impl
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))
      (export "give" (func (param "r" (own $r))))
      (export "lend" (func (param "r" (borrow $r)) (result u32)))))
    (alias export $impl "r" (type $R))
    (type $L (resource (rep i32)))
    (core func $make (canon lower (func $impl "make")))
    (core func $give (canon lower (func $impl "give")))
    (core func $lend (canon lower (func $impl "lend")))
    (core func $drop (canon resource.drop $R))
    (core func $local-rep (canon resource.rep $L))
    (core module $M
      (import "" "make" (func $make (param i32) (result i32)))
      (func (export "make-two")
        (if (i32.ne (call $make (i32.const 70)) (i32.const 1)) (then (unreachable)))
        (if (i32.ne (call $make (i32.const 71)) (i32.const 2)) (then (unreachable)))))
    (core instance $m (instantiate $M (with "" (instance (export "make" (func $make))))))
    (func (export "make-two") (canon lift (core func $m "make-two")))
    (func (export "give") (param "index" u32) (canon lift (core func $give)))
    (func (export "lend") (param "index" u32) (result u32) (canon lift (core func $lend)))
    (func (export "drop") (param "index" u32) (canon lift (core func $drop)))
    (func (export "rep") (param "index" u32) (result u32) (canon lift (core func $local-rep))))
  (instance $user (instantiate $User (with "impl" (instance $impl))))
  (export "make-two" (func $user "make-two"))
  (export "give" (func $user "give"))
  (export "lend" (func $user "lend"))
  (export "drop" (func $user "drop"))
  (export "rep" (func $user "rep")))

;; text: Instance Definitions: a fresh instance
(component instance $t11 $D)

;; rule: table.add/limit does not hold
(invoke $t11 "make-two")

;; Lifting an `own` at 0.
;; rule: table.get/empty holds
(assert_trap (invoke $t11 "give" (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $t12 $D)

;; rule: table.add/limit does not hold
(invoke $t12 "make-two")

;; Lifting an `own` one past the end.
;; rule: table.get/bounds holds
(assert_trap (invoke $t12 "give" (u32.const 3)) "table.get/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $t13 $D)

;; rule: table.add/limit does not hold
(invoke $t13 "make-two")

;; Lifting an `own` far past the end.
;; rule: table.get/bounds holds
(assert_trap (invoke $t13 "give" (u32.const 4294967295)) "table.get/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $t14 $D)

;; rule: table.add/limit does not hold
(invoke $t14 "make-two")

;; rule: table.get/empty does not hold
(invoke $t14 "drop" (u32.const 2))

;; Lifting an `own` of a handle that was dropped.
;; rule: table.get/empty holds
(assert_trap (invoke $t14 "give" (u32.const 2)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $t15 $D)

;; rule: table.add/limit does not hold
(invoke $t15 "make-two")

;; rule: table.get/empty does not hold
(invoke $t15 "give" (u32.const 1))

;; Lifting an `own` of a handle that was given away.
;; rule: table.get/empty holds
(assert_trap (invoke $t15 "give" (u32.const 1)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $t16 $D)

;; rule: table.add/limit does not hold
(invoke $t16 "make-two")

;; Lifting a `borrow` at 0.
;; rule: table.get/empty holds
(assert_trap (invoke $t16 "lend" (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $t17 $D)

;; rule: table.add/limit does not hold
(invoke $t17 "make-two")

;; Lifting a `borrow` one past the end.
;; rule: table.get/bounds holds
(assert_trap (invoke $t17 "lend" (u32.const 3)) "table.get/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $t18 $D)

;; rule: table.add/limit does not hold
(invoke $t18 "make-two")

;; Lifting a `borrow` far past the end.
;; rule: table.get/bounds holds
(assert_trap (invoke $t18 "lend" (u32.const 4294967295)) "table.get/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $t19 $D)

;; rule: table.add/limit does not hold
(invoke $t19 "make-two")

;; rule: table.get/empty does not hold
(invoke $t19 "drop" (u32.const 2))

;; Lifting a `borrow` of a handle that was dropped.
;; rule: table.get/empty holds
(assert_trap (invoke $t19 "lend" (u32.const 2)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $t20 $D)

;; rule: table.add/limit does not hold
(invoke $t20 "make-two")

;; rule: table.get/empty does not hold
(invoke $t20 "give" (u32.const 1))

;; Lifting a `borrow` of a handle that was given away.
;; rule: table.get/empty holds
(assert_trap (invoke $t20 "lend" (u32.const 1)) "table.get/empty")
