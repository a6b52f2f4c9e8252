;; An index at which there is nothing: 0, one that was never given out, one that
;; was freed, and one past the end.
;; Text: CanonicalABI.md, "Table State".

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
(component instance $d $D)

;; rule: table.add/limit does not hold
(assert_return (invoke $d "make-two"))

;; The last index of the table.
;; rule: table.get/bounds does not hold
;; rule: table.get/empty does not hold
(assert_return (invoke $d "lend" (u32.const 2)) (u32.const 71))

;; rule: table.get/bounds does not hold
(assert_return (invoke $d "give" (u32.const 2)))

;; rule: table.get/bounds does not hold
(assert_return (invoke $d "drop" (u32.const 1)))

;; text: Instance Definitions: a fresh instance
(component instance $t1 $D)

;; rule: table.add/limit does not hold
(invoke $t1 "make-two")

;; `resource.rep` at 0.
;; rule: table.get/empty holds
(assert_trap (invoke $t1 "rep" (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $t2 $D)

;; rule: table.add/limit does not hold
(invoke $t2 "make-two")

;; `resource.rep` one past the end.
;; rule: table.get/bounds holds
(assert_trap (invoke $t2 "rep" (u32.const 3)) "table.get/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $t3 $D)

;; rule: table.add/limit does not hold
(invoke $t3 "make-two")

;; `resource.rep` far past the end.
;; rule: table.get/bounds holds
(assert_trap (invoke $t3 "rep" (u32.const 4294967295)) "table.get/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $t4 $D)

;; rule: table.add/limit does not hold
(invoke $t4 "make-two")

;; rule: table.get/empty does not hold
(invoke $t4 "drop" (u32.const 2))

;; `resource.rep` of a handle that was dropped.
;; rule: table.get/empty holds
(assert_trap (invoke $t4 "rep" (u32.const 2)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $t5 $D)

;; rule: table.add/limit does not hold
(invoke $t5 "make-two")

;; rule: table.get/empty does not hold
(invoke $t5 "give" (u32.const 1))

;; `resource.rep` of a handle that was given away.
;; rule: table.get/empty holds
(assert_trap (invoke $t5 "rep" (u32.const 1)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $t6 $D)

;; rule: table.add/limit does not hold
(invoke $t6 "make-two")

;; `resource.drop` at 0.
;; rule: table.get/empty holds
(assert_trap (invoke $t6 "drop" (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $t7 $D)

;; rule: table.add/limit does not hold
(invoke $t7 "make-two")

;; `resource.drop` one past the end.
;; rule: table.get/bounds holds
(assert_trap (invoke $t7 "drop" (u32.const 3)) "table.get/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $t8 $D)

;; rule: table.add/limit does not hold
(invoke $t8 "make-two")

;; `resource.drop` far past the end.
;; rule: table.get/bounds holds
(assert_trap (invoke $t8 "drop" (u32.const 4294967295)) "table.get/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $t9 $D)

;; rule: table.add/limit does not hold
(invoke $t9 "make-two")

;; rule: table.get/empty does not hold
(invoke $t9 "drop" (u32.const 2))

;; `resource.drop` of a handle that was dropped.
;; rule: table.get/empty holds
(assert_trap (invoke $t9 "drop" (u32.const 2)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $t10 $D)

;; rule: table.add/limit does not hold
(invoke $t10 "make-two")

;; rule: table.get/empty does not hold
(invoke $t10 "give" (u32.const 1))

;; `resource.drop` of a handle that was given away.
;; rule: table.get/empty holds
(assert_trap (invoke $t10 "drop" (u32.const 1)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $e $D)

;; Before anything was added, there is index 0 and nothing else.
;; rule: table.get/empty holds
(assert_trap (invoke $e "rep" (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $e2 $D)

;; rule: table.get/bounds holds
(assert_trap (invoke $e2 "rep" (u32.const 1)) "table.get/bounds")
