;; A borrowed resource reaches the instance that defined it as its
;; representation, with no handle; any other instance gets a handle of its own,
;; in the order of the arguments, flat or in memory.
;; Text: CanonicalABI.md, "Storing" (`lower_borrow`), "Loading" (`lift_borrow`).

;; `A` defines the type, `B` imports it. Each takes two borrows flat (`pair`), or
;; two in a list (`listed`), and answers 100 × first + second of what it received.
;; text: Storing: a type, the instance that defined it, and another instance
(component definition $P
  (component $A
    (core module $M
      (memory (export "memory") 1)
      (func (export "pair") (param i32 i32) (result i32)
        (i32.add (i32.mul (local.get 0) (i32.const 100)) (local.get 1)))
      (func (export "listed") (param $p i32) (param $n i32) (result i32)
        (i32.add
          (i32.mul (i32.load (local.get $p)) (i32.const 100))
          (i32.load offset=4 (local.get $p))))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64)))
    (core instance $m (instantiate $M))
    (type $R (resource (rep i32)))
    (core func $new (canon resource.new $R))
    (export $R' "r" (type $R))
    (func (export "make") (param "rep" u32) (result (own $R')) (canon lift (core func $new)))
    (func (export "pair") (param "a" (borrow $R')) (param "b" (borrow $R')) (result u32)
      (canon lift (core func $m "pair")))
    (func (export "listed") (param "l" (list (borrow $R'))) (result u32)
      (canon lift (core func $m "listed")
        (memory $m "memory") (realloc (func $m "realloc")))))
  (instance $a (instantiate $A))
  (alias export $a "r" (type $R))

  (component $B
    (import "r" (type $R (sub resource)))
    (core func $drop (canon resource.drop $R))
    (core module $M
      (import "" "drop" (func $drop (param i32)))
      (memory (export "memory") 1)
      (func $both (export "pair") (param i32 i32) (result i32)
        (call $drop (local.get 0))
        (call $drop (local.get 1))
        (i32.add (i32.mul (local.get 0) (i32.const 100)) (local.get 1)))
      (func (export "listed") (param $p i32) (param $n i32) (result i32)
        (call $both (i32.load (local.get $p)) (i32.load offset=4 (local.get $p))))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64)))
    (core instance $m (instantiate $M (with "" (instance (export "drop" (func $drop))))))
    (func (export "pair") (param "a" (borrow $R)) (param "b" (borrow $R)) (result u32)
      (canon lift (core func $m "pair")))
    (func (export "listed") (param "l" (list (borrow $R))) (result u32)
      (canon lift (core func $m "listed")
        (memory $m "memory") (realloc (func $m "realloc")))))
  (instance $b (instantiate $B (with "r" (type $R))))

  (component $User
    (import "a" (instance $a
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))
      (export "pair" (func (param "a" (borrow $r)) (param "b" (borrow $r)) (result u32)))
      (export "listed" (func (param "l" (list (borrow $r))) (result u32)))))
    (alias export $a "r" (type $R))
    (import "b" (instance $b
      (alias outer $User $R (type $r))
      (export "pair" (func (param "a" (borrow $r)) (param "b" (borrow $r)) (result u32)))
      (export "listed" (func (param "l" (list (borrow $r))) (result u32)))))
    (core module $Memory
      (memory (export "memory") 1)
      (data (i32.const 32) "\02\00\00\00\01\00\00\00"))
    (core instance $memory (instantiate $Memory))
    (core func $make (canon lower (func $a "make")))
    (core func $drop (canon resource.drop $R))
    (core func $a-pair (canon lower (func $a "pair")))
    (core func $b-pair (canon lower (func $b "pair")))
    (core func $a-listed (canon lower (func $a "listed") (memory $memory "memory")))
    (core func $b-listed (canon lower (func $b "listed") (memory $memory "memory")))
    (core module $M
      (import "" "a-listed" (func $a (param i32 i32) (result i32)))
      (import "" "b-listed" (func $b (param i32 i32) (result i32)))
      ;; the list is at 32: the handles 2 and 1
      (func (export "a-listed") (result i32) (call $a (i32.const 32) (i32.const 2)))
      (func (export "b-listed") (result i32) (call $b (i32.const 32) (i32.const 2))))
    (core instance $m (instantiate $M (with "" (instance
      (export "a-listed" (func $a-listed)) (export "b-listed" (func $b-listed))))))
    (func (export "make") (param "rep" u32) (result u32) (canon lift (core func $make)))
    (func (export "drop") (param "index" u32) (canon lift (core func $drop)))
    (func (export "a-pair") (param "a" u32) (param "b" u32) (result u32)
      (canon lift (core func $a-pair)))
    (func (export "b-pair") (param "a" u32) (param "b" u32) (result u32)
      (canon lift (core func $b-pair)))
    (func (export "a-listed") (result u32) (canon lift (core func $m "a-listed")))
    (func (export "b-listed") (result u32) (canon lift (core func $m "b-listed"))))
  (instance $user (instantiate $User (with "a" (instance $a)) (with "b" (instance $b))))
  (export "make" (func $user "make"))
  (export "drop" (func $user "drop"))
  (export "a-pair" (func $user "a-pair"))
  (export "b-pair" (func $user "b-pair"))
  (export "a-listed" (func $user "a-listed"))
  (export "b-listed" (func $user "b-listed")))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; rule: table.add/free does not hold
(assert_return (invoke $p "make" (u32.const 41)) (u32.const 1))

;; rule: table.add/free does not hold
(assert_return (invoke $p "make" (u32.const 52)) (u32.const 2))

;; The defining instance gets representations, and adds no handle.
;; rule: borrow.lower/local holds
;; rule: borrow.lift/kind does not hold
;; rule: borrow.lift/type does not hold
;; rule: task.return/borrows does not hold
(assert_return (invoke $p "a-pair" (u32.const 1) (u32.const 2)) (u32.const 4152))

;; rule: borrow.lower/local holds
(assert_return (invoke $p "a-listed") (u32.const 5241))

;; Another instance gets the handles 1 and 2 of its own table.
;; rule: borrow.lower/local does not hold
;; rule: task.return/borrows does not hold
(assert_return (invoke $p "b-pair" (u32.const 2) (u32.const 1)) (u32.const 102))

;; It dropped 1 and then 2, so 2 is used first.
;; rule: borrow.lower/local does not hold
(assert_return (invoke $p "b-listed") (u32.const 201))

;; One handle may be lent twice in one call: two borrowed handles come of it.
;; rule: borrow.lift/type does not hold
(assert_return (invoke $p "b-pair" (u32.const 1) (u32.const 1)) (u32.const 102))

;; After the calls nothing is lent any more.
;; rule: resource.drop/lends does not hold
(assert_return (invoke $p "drop" (u32.const 1)))

;; rule: resource.drop/lends does not hold
(assert_return (invoke $p "drop" (u32.const 2)))
