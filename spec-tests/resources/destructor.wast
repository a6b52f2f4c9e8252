;; Dropping an owning handle calls the destructor, once, with the representation,
;; in the instance that defined the type, whoever drops. Dropping a borrowed
;; handle, and giving an owning one away, calls nothing.
;; Text: CanonicalABI.md, "canon resource.drop".

;; `log` answers the representations whose destructor has run, as decimal digits:
;; each call of the destructor multiplies the number by ten and adds. A `rep` of
;; 20 or more is a resource that holds the one at index `rep - 20`, which its
;; destructor drops.
;; text: canon resource.drop: a resource with a destructor, used at home and abroad
(component definition $D
  (component $Impl
    (core module $Log
      (import "" "slot" (table 1 funcref))
      (type $drop (func (param i32)))
      (global $log (mut i32) (i32.const 0))
      (func (export "dtor") (param $rep i32)
        (if (i32.ge_u (local.get $rep) (i32.const 20))
          (then
            (call_indirect (type $drop)
              (i32.sub (local.get $rep) (i32.const 20)) (i32.const 0)))
          (else
            (global.set $log
              (i32.add
                (i32.mul (global.get $log) (i32.const 10))
                (local.get $rep))))))
      (func (export "log") (result i32) (global.get $log)))
    (core module $Slot (table (export "slot") 1 funcref))
    (core instance $slot (instantiate $Slot))
    (core instance $log (instantiate $Log (with "" (instance $slot))))
    (type $R (resource (rep i32) (dtor (core func $log "dtor"))))
    (core func $new (canon resource.new $R))
    (core func $drop (canon resource.drop $R))
    (core module $M
      (import "" "slot" (table 1 funcref))
      (import "" "drop" (func $drop (param i32)))
      (import "" "new" (func $new (param i32) (result i32)))
      (elem (i32.const 0) $drop)
      (func (export "at-home") (param $rep i32)
        (call $drop (call $new (local.get $rep))))
      (func (export "nested") (param $rep i32)
        ;; the outer resource's representation names the inner one's handle
        (call $drop
          (call $new (i32.add (call $new (local.get $rep)) (i32.const 20)))))
      (func (export "same") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $M (with "" (instance
      (export "slot" (table $slot "slot"))
      (export "new" (func $new)) (export "drop" (func $drop))))))
    (export $R' "r" (type $R))
    (func (export "make") (param "rep" u32) (result (own $R')) (canon lift (core func $new)))
    (func (export "end") (param "r" (own $R')) (canon lift (core func $drop)))
    (func (export "look") (param "r" (borrow $R')) (result u32)
      (canon lift (core func $m "same")))
    (func (export "keep") (param "r" (own $R')) (result u32)
      (canon lift (core func $m "same")))
    (func (export "at-home") (param "rep" u32) (canon lift (core func $m "at-home")))
    (func (export "nested") (param "rep" u32) (canon lift (core func $m "nested")))
    (func (export "log") (result u32) (canon lift (core func $log "log"))))
  (instance $impl (instantiate $Impl))
  (alias export $impl "r" (type $R))

  ;; Borrows: drops the borrowed handle that it gets.
  (component $Reader
    (import "r" (type $R (sub resource)))
    (core func $drop (canon resource.drop $R))
    (func (export "look") (param "r" (borrow $R)) (canon lift (core func $drop)))
    (func (export "end") (param "r" (own $R)) (canon lift (core func $drop))))
  (instance $reader (instantiate $Reader (with "r" (type $R))))

  (component $User
    (import "impl" (instance $impl
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))
      (export "end" (func (param "r" (own $r))))
      (export "look" (func (param "r" (borrow $r)) (result u32)))
      (export "keep" (func (param "r" (own $r)) (result u32)))))
    (alias export $impl "r" (type $R))
    (import "reader" (instance $reader
      (alias outer $User $R (type $r))
      (export "look" (func (param "r" (borrow $r))))
      (export "end" (func (param "r" (own $r))))))
    (core func $make (canon lower (func $impl "make")))
    (core func $end (canon lower (func $impl "end")))
    (core func $keep (canon lower (func $impl "keep")))
    (core func $look (canon lower (func $impl "look")))
    (core func $reader-look (canon lower (func $reader "look")))
    (core func $reader-end (canon lower (func $reader "end")))
    (core func $drop (canon resource.drop $R))
    (func (export "make") (param "rep" u32) (result u32) (canon lift (core func $make)))
    (func (export "end") (param "index" u32) (canon lift (core func $end)))
    (func (export "keep") (param "index" u32) (result u32) (canon lift (core func $keep)))
    (func (export "look") (param "index" u32) (result u32) (canon lift (core func $look)))
    (func (export "reader-look") (param "index" u32) (canon lift (core func $reader-look)))
    (func (export "reader-end") (param "index" u32) (canon lift (core func $reader-end)))
    (func (export "drop") (param "index" u32) (canon lift (core func $drop))))
  (instance $user (instantiate $User (with "impl" (instance $impl)) (with "reader" (instance $reader))))
  (export "make" (func $user "make"))
  (export "end" (func $user "end"))
  (export "keep" (func $user "keep"))
  (export "look" (func $user "look"))
  (export "reader-look" (func $user "reader-look"))
  (export "reader-end" (func $user "reader-end"))
  (export "drop" (func $user "drop"))
  (export "at-home" (func $impl "at-home"))
  (export "nested" (func $impl "nested"))
  (export "log" (func $impl "log")))

;; text: Instance Definitions: a fresh instance
(component instance $d $D)

;; The instance drops its own resource while it is entered.
;; rule: resource.drop/own holds
;; rule: resource.drop/dtor holds
;; rule: instance/may-enter does not hold
(assert_return (invoke $d "at-home" (u32.const 1)))

;; rule: instance/may-enter does not hold
(assert_return (invoke $d "log") (u32.const 1))

;; The destructor drops another resource of the same type.
;; rule: resource.drop/dtor holds
(assert_return (invoke $d "nested" (u32.const 2)))

;; rule: instance/may-enter does not hold
(assert_return (invoke $d "log") (u32.const 12))

;; rule: table.add/free does not hold
(assert_return (invoke $d "make" (u32.const 3)) (u32.const 1))

;; Lending calls no destructor, and a borrowed handle's drop does not either.
;; rule: borrow.lower/local holds
(assert_return (invoke $d "look" (u32.const 1)) (u32.const 3))

;; rule: borrow.lower/local does not hold
;; rule: resource.drop/own does not hold
(assert_return (invoke $d "reader-look" (u32.const 1)))

;; rule: instance/may-enter does not hold
(assert_return (invoke $d "log") (u32.const 12))

;; User drops: the destructor runs in the instance that defined the type.
;; rule: resource.drop/own holds
;; rule: resource.drop/dtor holds
;; rule: instance/may-enter does not hold
(assert_return (invoke $d "drop" (u32.const 1)))

;; rule: instance/may-enter does not hold
(assert_return (invoke $d "log") (u32.const 123))

;; rule: table.add/free holds
(assert_return (invoke $d "make" (u32.const 4)) (u32.const 1))

;; A third instance drops what it was given.
;; rule: resource.drop/dtor holds
(assert_return (invoke $d "reader-end" (u32.const 1)))

;; rule: instance/may-enter does not hold
(assert_return (invoke $d "log") (u32.const 1234))

;; rule: table.add/free holds
(assert_return (invoke $d "make" (u32.const 5)) (u32.const 1))

;; The defining instance drops what it was given back.
;; rule: resource.drop/dtor holds
(assert_return (invoke $d "end" (u32.const 1)))

;; rule: instance/may-enter does not hold
(assert_return (invoke $d "log") (u32.const 12345))

;; rule: table.add/free holds
(assert_return (invoke $d "make" (u32.const 6)) (u32.const 1))

;; A handle that is only moved ends nothing.
;; rule: own.lift/owned does not hold
(assert_return (invoke $d "keep" (u32.const 1)) (u32.const 1))

;; rule: instance/may-enter does not hold
(assert_return (invoke $d "log") (u32.const 12345))
