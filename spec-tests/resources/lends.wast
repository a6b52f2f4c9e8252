;; A handle that one argument lends cannot be given away by another argument of
;; the same call. After the call it can be, and it can be dropped.
;; Text: CanonicalABI.md, "Subtask State", "canon resource.drop", "Loading".

;; `lend-give` lends the handle at its first index and gives away the one at its
;; second, `give-lend` the other way round.
;; text: Subtask State: functions that lend and take
(component definition $P
  (component $A
    (type $R (resource (rep i32)))
    (core func $new (canon resource.new $R))
    (core func $drop (canon resource.drop $R))
    (core module $M
      (import "" "drop" (func $drop (param i32)))
      (func (export "same") (param i32) (result i32) (local.get 0))
      (func (export "give-lend") (param i32 i32) (call $drop (local.get 0)))
      (func (export "lend-give") (param i32 i32) (call $drop (local.get 1))))
    (core instance $m (instantiate $M (with "" (instance (export "drop" (func $drop))))))
    (export $R' "r" (type $R))
    (func (export "make") (param "rep" u32) (result (own $R')) (canon lift (core func $new)))
    (func (export "end") (param "r" (own $R')) (canon lift (core func $drop)))
    (func (export "look") (param "r" (borrow $R')) (result u32)
      (canon lift (core func $m "same")))
    (func (export "give-lend") (param "a" (own $R')) (param "b" (borrow $R'))
      (canon lift (core func $m "give-lend")))
    (func (export "lend-give") (param "a" (borrow $R')) (param "b" (own $R'))
      (canon lift (core func $m "lend-give"))))
  (instance $a (instantiate $A))
  (component $User
    (import "a" (instance $a
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))
      (export "end" (func (param "r" (own $r))))
      (export "look" (func (param "r" (borrow $r)) (result u32)))
      (export "give-lend" (func (param "a" (own $r)) (param "b" (borrow $r))))
      (export "lend-give" (func (param "a" (borrow $r)) (param "b" (own $r))))))
    (alias export $a "r" (type $R))
    (core func $make (canon lower (func $a "make")))
    (core func $end (canon lower (func $a "end")))
    (core func $look (canon lower (func $a "look")))
    (core func $give-lend (canon lower (func $a "give-lend")))
    (core func $lend-give (canon lower (func $a "lend-give")))
    (core func $drop (canon resource.drop $R))
    (func (export "make") (param "rep" u32) (result u32) (canon lift (core func $make)))
    (func (export "drop") (param "index" u32) (canon lift (core func $drop)))
    (func (export "end") (param "index" u32) (canon lift (core func $end)))
    (func (export "look") (param "index" u32) (result u32) (canon lift (core func $look)))
    (func (export "give-lend") (param "a" u32) (param "b" u32)
      (canon lift (core func $give-lend)))
    (func (export "lend-give") (param "a" u32) (param "b" u32)
      (canon lift (core func $lend-give))))
  (instance $user (instantiate $User (with "a" (instance $a))))
  (export "make" (func $user "make"))
  (export "drop" (func $user "drop"))
  (export "end" (func $user "end"))
  (export "look" (func $user "look"))
  (export "give-lend" (func $user "give-lend"))
  (export "lend-give" (func $user "lend-give")))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; rule: table.add/free does not hold
(assert_return (invoke $p "make" (u32.const 10)) (u32.const 1))

;; rule: table.add/free does not hold
(assert_return (invoke $p "make" (u32.const 11)) (u32.const 2))

;; rule: borrow.lift/type does not hold
(assert_return (invoke $p "look" (u32.const 1)) (u32.const 10))

;; Two different handles.
;; rule: own.lift/lends does not hold
(assert_return (invoke $p "lend-give" (u32.const 1) (u32.const 2)))

;; rule: table.add/free holds
(assert_return (invoke $p "make" (u32.const 12)) (u32.const 2))

;; rule: own.lift/lends does not hold
(assert_return (invoke $p "give-lend" (u32.const 2) (u32.const 1)))

;; After three calls that lent it, the first can be given away.
;; rule: own.lift/lends does not hold
(assert_return (invoke $p "end" (u32.const 1)))

;; rule: table.add/free holds
(assert_return (invoke $p "make" (u32.const 13)) (u32.const 1))

;; rule: borrow.lift/type does not hold
(assert_return (invoke $p "look" (u32.const 1)) (u32.const 13))

;; And one that was lent can be dropped.
;; rule: resource.drop/lends does not hold
(assert_return (invoke $p "drop" (u32.const 1)))

;; text: Instance Definitions: a fresh instance
(component instance $p2 $P)

;; rule: table.add/free does not hold
(assert_return (invoke $p2 "make" (u32.const 10)) (u32.const 1))

;; One handle is lent, and then given.
;; rule: own.lift/lends holds
(assert_trap (invoke $p2 "lend-give" (u32.const 1) (u32.const 1)) "own.lift/lends")

;; text: Instance Definitions: a fresh instance
(component instance $p3 $P)

;; rule: table.add/free does not hold
(assert_return (invoke $p3 "make" (u32.const 10)) (u32.const 1))

;; Given first, it is gone when it would be lent.
;; rule: table.get/empty holds
(assert_trap (invoke $p3 "give-lend" (u32.const 1) (u32.const 1)) "table.get/empty")
