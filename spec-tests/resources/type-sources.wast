;; A resource type can be defined here, imported, or taken from another
;; instance's exports, and one type can have several names. What counts at run
;; time is the definition that the type came from.
;; Text: Explainer.md, "Type Checking"; CanonicalABI.md, "Resource State".

;; A exports one type under two names, and B exports it under a third. User sends
;; a handle that A makes as `r1` to where `r2` is asked for, and to B.
;; text: Type Checking: one resource type under several names
(component definition $P
  (component $A
    (core module $Log
      (global $ended (mut i32) (i32.const 0))
      (func (export "dtor") (param i32) (global.set $ended (local.get 0)))
      (func (export "ended") (result i32) (global.get $ended))
      (func (export "same") (param i32) (result i32) (local.get 0)))
    (core instance $log (instantiate $Log))
    (type $R (resource (rep i32) (dtor (core func $log "dtor"))))
    (core func $new (canon resource.new $R))
    (core func $rep (canon resource.rep $R))
    (export $R1 "r1" (type $R))
    (export $R2 "r2" (type $R))
    (func (export "make") (param "rep" u32) (result (own $R1)) (canon lift (core func $new)))
    (func (export "look") (param "r" (borrow $R2)) (result u32)
      (canon lift (core func $log "same")))
    (func (export "ended") (result u32) (canon lift (core func $log "ended"))))
  (instance $a (instantiate $A))
  (alias export $a "r1" (type $R1))
  (alias export $a "r2" (type $R2))

  ;; Wraps the type that it imports: it can drop and pass on, and no more.
  (component $B
    (import "t" (type $T (sub resource)))
    (import "make" (func $make (param "rep" u32) (result (own $T))))
    (import "look" (func $look (param "r" (borrow $T)) (result u32)))
    (core func $make (canon lower (func $make)))
    (core func $look (canon lower (func $look)))
    (core func $drop (canon resource.drop $T))
    (core module $M
      (import "" "make" (func $make (param i32) (result i32)))
      (import "" "look" (func $look (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "again") (param i32) (result i32)
        (call $make (i32.add (local.get 0) (i32.const 1))))
      (func (export "look") (param $h i32) (result i32)
        (i32.add (i32.const 1000) (call $look (local.get $h)))
        (call $drop (local.get $h))))
    (core instance $m (instantiate $M (with "" (instance
      (export "make" (func $make)) (export "look" (func $look)) (export "drop" (func $drop))))))
    (export $T' "out" (type $T))
    (func (export "again") (param "rep" u32) (result (own $T'))
      (canon lift (core func $m "again")))
    (func (export "look") (param "r" (borrow $T')) (result u32)
      (canon lift (core func $m "look"))))
  (instance $b (instantiate $B
    (with "t" (type $R2)) (with "make" (func $a "make")) (with "look" (func $a "look"))))
  (alias export $b "out" (type $R3))

  (component $User
    (import "a" (instance $a
      (export "r1" (type $r1 (sub resource)))
      (export "r2" (type $r2 (eq $r1)))
      (export "make" (func (param "rep" u32) (result (own $r1))))
      (export "look" (func (param "r" (borrow $r2)) (result u32)))))
    (alias export $a "r1" (type $R1))
    (alias export $a "r2" (type $R2))
    (import "b" (instance $b
      (alias outer $User $R1 (type $r))
      (export "out" (type $out (eq $r)))
      (export "again" (func (param "rep" u32) (result (own $out))))
      (export "look" (func (param "r" (borrow $out)) (result u32)))))
    (alias export $b "out" (type $R3))
    (core func $make (canon lower (func $a "make")))
    (core func $look (canon lower (func $a "look")))
    (core func $again (canon lower (func $b "again")))
    (core func $b-look (canon lower (func $b "look")))
    (core func $drop1 (canon resource.drop $R1))
    (core func $drop2 (canon resource.drop $R2))
    (core func $drop3 (canon resource.drop $R3))
    (func (export "make") (param "rep" u32) (result u32) (canon lift (core func $make)))
    (func (export "again") (param "rep" u32) (result u32) (canon lift (core func $again)))
    (func (export "look") (param "index" u32) (result u32) (canon lift (core func $look)))
    (func (export "b-look") (param "index" u32) (result u32) (canon lift (core func $b-look)))
    (func (export "drop1") (param "index" u32) (canon lift (core func $drop1)))
    (func (export "drop2") (param "index" u32) (canon lift (core func $drop2)))
    (func (export "drop3") (param "index" u32) (canon lift (core func $drop3))))
  (instance $user (instantiate $User (with "a" (instance $a)) (with "b" (instance $b))))
  (export "make" (func $user "make"))
  (export "again" (func $user "again"))
  (export "look" (func $user "look"))
  (export "b-look" (func $user "b-look"))
  (export "drop1" (func $user "drop1"))
  (export "drop2" (func $user "drop2"))
  (export "drop3" (func $user "drop3"))
  (export "ended" (func $a "ended")))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; rule: own.lift/type does not hold
(assert_return (invoke $p "make" (u32.const 50)) (u32.const 1))

;; rule: own.lift/type does not hold
(assert_return (invoke $p "again" (u32.const 50)) (u32.const 2))

;; rule: own.lift/type does not hold
(assert_return (invoke $p "make" (u32.const 52)) (u32.const 3))

;; Made as `r1`, lent as `r2`.
;; rule: borrow.lift/type does not hold
;; rule: borrow.lower/local holds
(assert_return (invoke $p "look" (u32.const 1)) (u32.const 50))

;; Made through B as `out`, lent as `r2`.
;; rule: borrow.lift/type does not hold
(assert_return (invoke $p "look" (u32.const 2)) (u32.const 51))

;; Made as `r1`, lent as `out` to B, which lends it as `t` to A.
;; rule: borrow.lift/type does not hold
;; rule: borrow.lower/local does not hold
(assert_return (invoke $p "b-look" (u32.const 1)) (u32.const 1050))

;; Each is dropped under another name than it was made under.
;; rule: resource.drop/type does not hold
;; rule: resource.drop/dtor holds
(assert_return (invoke $p "drop3" (u32.const 1)))

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "ended") (u32.const 50))

;; rule: resource.drop/type does not hold
(assert_return (invoke $p "drop1" (u32.const 2)))

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "ended") (u32.const 51))

;; rule: resource.drop/type does not hold
(assert_return (invoke $p "drop2" (u32.const 3)))

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "ended") (u32.const 52))
