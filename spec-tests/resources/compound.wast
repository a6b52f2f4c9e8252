;; Handles inside other values: each is lifted and lowered where it stands, in the
;; order of the fields, and only in the case that a variant has.
;; Text: CanonicalABI.md, "Loading", "Storing", "Flat Lifting", "Flat Lowering".

;; User has a memory with two handle indices at 0 and 4, which `put` writes. It
;; passes them in one value to `A`, whose answer says what it received: 100 × first
;; + second, where an owned handle is its index there, a borrowed one its
;; representation.
;; text: Loading: handles in lists, records, options and results
(component definition $P
  (component $A
    (core module $M
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 512))
      (func $flat (export "flat") (param i32 i32) (result i32)
        (i32.add (i32.mul (local.get 0) (i32.const 100)) (local.get 1)))
      (func (export "listed") (param $p i32) (param $n i32) (result i32)
        (call $flat (i32.load (local.get $p)) (i32.load offset=4 (local.get $p))))
      ;; a result's discriminant, and the payload of either case
      (func (export "either") (param $case i32) (param i32) (result i32)
        (call $flat (local.get $case) (local.get 1))))
    (core instance $m (instantiate $M))
    (type $R (resource (rep i32)))
    (core func $new (canon resource.new $R))
    (export $R' "r" (type $R))
    (func (export "make") (param "rep" u32) (result (own $R')) (canon lift (core func $new)))
    (func (export "owns") (param "l" (list (own $R'))) (result u32)
      (canon lift (core func $m "listed")
        (memory $m "memory") (realloc (func $m "realloc"))))
    (func (export "both") (param "t" (tuple (own $R') (borrow $R'))) (result u32)
      (canon lift (core func $m "flat")))
    (func (export "either") (param "v" (result (own $R') (error u32))) (result u32)
      (canon lift (core func $m "either")))
    (func (export "maybe") (param "v" (option (borrow $R'))) (result u32)
      (canon lift (core func $m "either"))))
  (instance $a (instantiate $A))
  (component $User
    (import "a" (instance $a
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))
      (export "owns" (func (param "l" (list (own $r))) (result u32)))
      (export "both" (func (param "t" (tuple (own $r) (borrow $r))) (result u32)))
      (export "either" (func (param "v" (result (own $r) (error u32))) (result u32)))
      (export "maybe" (func (param "v" (option (borrow $r))) (result u32)))))
    (core module $Libc
      (memory (export "memory") 1)
      (func (export "put") (param i32 i32)
        (i32.store (i32.const 0) (local.get 0))
        (i32.store (i32.const 4) (local.get 1))))
    (core instance $libc (instantiate $Libc))
    (core func $make (canon lower (func $a "make")))
    (core func $owns (canon lower (func $a "owns") (memory $libc "memory")))
    (core func $both (canon lower (func $a "both")))
    (core func $either (canon lower (func $a "either")))
    (core func $maybe (canon lower (func $a "maybe")))
    (core module $M
      (import "" "owns" (func $owns (param i32 i32) (result i32)))
      (func (export "owns") (param $n i32) (result i32)
        (call $owns (i32.const 0) (local.get $n))))
    (core instance $m (instantiate $M (with "" (instance (export "owns" (func $owns))))))
    (func (export "make") (param "rep" u32) (result u32) (canon lift (core func $make)))
    (func (export "put") (param "a" u32) (param "b" u32) (canon lift (core func $libc "put")))
    (func (export "owns") (param "n" u32) (result u32) (canon lift (core func $m "owns")))
    (func (export "both") (param "a" u32) (param "b" u32) (result u32)
      (canon lift (core func $both)))
    (func (export "either") (param "case" u32) (param "v" u32) (result u32)
      (canon lift (core func $either)))
    (func (export "maybe") (param "case" u32) (param "v" u32) (result u32)
      (canon lift (core func $maybe))))
  (instance $user (instantiate $User (with "a" (instance $a))))
  (export "make" (func $user "make"))
  (export "put" (func $user "put"))
  (export "owns" (func $user "owns"))
  (export "both" (func $user "both"))
  (export "either" (func $user "either"))
  (export "maybe" (func $user "maybe")))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; rule: table.add/free does not hold
(assert_return (invoke $p "make" (u32.const 61)) (u32.const 1))

;; rule: table.add/free does not hold
(assert_return (invoke $p "make" (u32.const 62)) (u32.const 2))

;; rule: table.add/free does not hold
(assert_return (invoke $p "make" (u32.const 63)) (u32.const 3))

;; text: Loading: the list is the handles 2 and 1
(invoke $p "put" (u32.const 2) (u32.const 1))

;; They arrive as 1 and 2: the index that `make` used three times over is free.
;; rule: own.lift/owned does not hold
;; rule: table.add/free holds
(assert_return (invoke $p "owns" (u32.const 2)) (u32.const 102))

;; The first of the two freed indices, 2, is used last.
;; rule: table.add/free holds
(assert_return (invoke $p "make" (u32.const 64)) (u32.const 1))

;; An owned handle and a borrowed one.
;; rule: own.lift/lends does not hold
;; rule: borrow.lower/local holds
(assert_return (invoke $p "both" (u32.const 1) (u32.const 3)) (u32.const 363))

;; The error case holds a number that is no handle, and is not looked up.
;; rule: variant.lift-flat/payload holds
(assert_return (invoke $p "either" (u32.const 1) (u32.const 77)) (u32.const 177))

;; The case without a payload: what stands in its place is not looked up.
;; rule: variant.lift-flat/payload does not hold
(assert_return (invoke $p "maybe" (u32.const 0) (u32.const 77)) (u32.const 0))

;; rule: borrow.lower/local holds
(assert_return (invoke $p "maybe" (u32.const 1) (u32.const 3)) (u32.const 163))

;; rule: own.lift/owned does not hold
(assert_return (invoke $p "either" (u32.const 0) (u32.const 3)) (u32.const 4))

;; The same as before, but now 3 was given away.
;; rule: table.get/empty holds
(assert_trap (invoke $p "maybe" (u32.const 1) (u32.const 3)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $p2 $P)

;; rule: table.add/free does not hold
(invoke $p2 "make" (u32.const 61))

;; text: Loading: the list is the handle 1, twice
(invoke $p2 "put" (u32.const 1) (u32.const 1))

;; One handle cannot be given away twice.
;; rule: table.get/empty holds
(assert_trap (invoke $p2 "owns" (u32.const 2)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $p3 $P)

;; rule: table.add/free does not hold
(invoke $p3 "make" (u32.const 61))

;; It cannot be lent after it was given away in the same value.
;; rule: table.get/empty holds
(assert_trap (invoke $p3 "both" (u32.const 1) (u32.const 1)) "table.get/empty")
