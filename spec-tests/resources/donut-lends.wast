;; A handle that is lent, for as long as the call that borrows it runs, can be
;; neither dropped nor given away; after the call it can.
;; Text: CanonicalABI.md, "Subtask State", "canon resource.drop", "Loading".

;; `lend` passes the handle at `index` to C as a borrow; C calls the parent's
;; function `again` with `n`, then drops its handle. `again` does nothing for 0,
;; drops the handle at `n` for a number below 100, and gives the handle at
;; `n - 100` away for any other.
;; text: Subtask State: a parent that can act on a handle while it is lent
(component definition $P
  (component $A
    (type $R (resource (rep i32)))
    (core func $new (canon resource.new $R))
    (core func $drop (canon resource.drop $R))
    (export $R' "r" (type $R))
    (func (export "make") (param "rep" u32) (result (own $R')) (canon lift (core func $new)))
    (func (export "end") (param "r" (own $R')) (canon lift (core func $drop))))
  (instance $a (instantiate $A))
  (alias export $a "r" (type $R))
  (core func $make (canon lower (func $a "make")))
  (core func $end (canon lower (func $a "end")))
  (core func $drop (canon resource.drop $R))
  (core module $Again
    (import "" "drop" (func $drop (param i32)))
    (import "" "end" (func $end (param i32)))
    (func (export "again") (param $n i32)
      (if (i32.eqz (local.get $n)) (then (return)))
      (if (i32.lt_u (local.get $n) (i32.const 100))
        (then (call $drop (local.get $n)))
        (else (call $end (i32.sub (local.get $n) (i32.const 100)))))))
  (core instance $again (instantiate $Again (with "" (instance
    (export "drop" (func $drop)) (export "end" (func $end))))))
  (func $again (param "n" u32) (canon lift (core func $again "again")))

  (component $C
    (import "r" (type $R (sub resource)))
    (import "again" (func $again (param "n" u32)))
    (core func $again (canon lower (func $again)))
    (core func $drop (canon resource.drop $R))
    (core module $M
      (import "" "drop" (func $drop (param i32)))
      (import "" "again" (func $again (param i32)))
      (func (export "lend") (param $h i32) (param $n i32)
        (call $again (local.get $n))
        (call $drop (local.get $h))))
    (core instance $m (instantiate $M (with "" (instance
      (export "drop" (func $drop)) (export "again" (func $again))))))
    (func (export "lend") (param "r" (borrow $R)) (param "n" u32)
      (canon lift (core func $m "lend"))))
  (instance $c (instantiate $C (with "r" (type $R)) (with "again" (func $again))))
  (core func $lend (canon lower (func $c "lend")))

  (func (export "make") (param "rep" u32) (result u32) (canon lift (core func $make)))
  (func (export "drop") (param "index" u32) (canon lift (core func $drop)))
  (func (export "end") (param "index" u32) (canon lift (core func $end)))
  (func (export "lend") (param "index" u32) (param "n" u32) (canon lift (core func $lend))))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; rule: table.add/free does not hold
(assert_return (invoke $p "make" (u32.const 10)) (u32.const 1))

;; rule: table.add/free does not hold
(assert_return (invoke $p "make" (u32.const 11)) (u32.const 2))

;; rule: table.add/free does not hold
(assert_return (invoke $p "make" (u32.const 12)) (u32.const 3))

;; rule: borrow.lift/type does not hold
(assert_return (invoke $p "lend" (u32.const 1) (u32.const 0)))

;; While 1 is lent, 2 can be dropped and 3 given away.
;; rule: resource.drop/lends does not hold
(assert_return (invoke $p "lend" (u32.const 1) (u32.const 2)))

;; rule: own.lift/lends does not hold
(assert_return (invoke $p "lend" (u32.const 1) (u32.const 103)))

;; After three calls that lent it, 1 can be given away.
;; rule: own.lift/lends does not hold
(assert_return (invoke $p "end" (u32.const 1)))

;; text: Instance Definitions: a fresh instance
(component instance $q0 $P)

;; rule: table.add/free does not hold
(invoke $q0 "make" (u32.const 10))

;; The handle is dropped while it is lent.
;; rule: resource.drop/lends holds
(assert_trap (invoke $q0 "lend" (u32.const 1) (u32.const 1)) "resource.drop/lends")

;; text: Instance Definitions: a fresh instance
(component instance $q1 $P)

;; rule: table.add/free does not hold
(invoke $q1 "make" (u32.const 10))

;; The handle is given away while it is lent.
;; rule: own.lift/lends holds
(assert_trap (invoke $q1 "lend" (u32.const 1) (u32.const 101)) "own.lift/lends")
