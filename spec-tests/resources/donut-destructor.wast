;; Dropping an owned handle enters the instance that defined the type, even when
;; there is no destructor; so that instance must not be on the stack, unless the
;; one that drops is inside it.
;; Text: CanonicalABI.md, "canon resource.drop".

;; A defines `r` (with a destructor) and `s` (without). `run` of A calls back to
;; P, which has B (a sibling) drop a handle, drops it itself, or does nothing:
;; the argument is 0 nothing, 1 P drops an `r`, 2 P drops an `s`, 3 B drops an
;; `r`, 4 B drops an `s`, 5 A drops an `r` itself, 6 A drops an `s` itself.
;; text: canon resource.drop: handles dropped while their defining instance is on the stack
(component definition $P
  (core module $Back
    (type $f (func (param i32)))
    (table (export "slots") 7 funcref)
    (elem (i32.const 0) $nothing)
    (func $nothing (param i32))
    ;; handles of `r` come first and so have index 1, those of `s` have 2
    (func (export "back") (param $n i32)
      (call_indirect (type $f)
        (select (i32.const 1) (i32.const 2) (i32.and (local.get $n) (i32.const 1)))
        (local.get $n))))
  (core instance $back (instantiate $Back))
  (func $back (param "n" u32) (canon lift (core func $back "back")))

  (component $A
    (import "back" (func $back (param "n" u32)))
    (core func $back (canon lower (func $back)))
    (core module $Dtor (func (export "dtor") (param i32)))
    (core instance $dtor (instantiate $Dtor))
    (type $R (resource (rep i32) (dtor (core func $dtor "dtor"))))
    (type $S (resource (rep i32)))
    (core func $new-r (canon resource.new $R))
    (core func $new-s (canon resource.new $S))
    (core func $drop-r (canon resource.drop $R))
    (core func $drop-s (canon resource.drop $S))
    (core module $M
      (import "" "back" (func $back (param i32)))
      (import "" "new-r" (func $new-r (param i32) (result i32)))
      (import "" "new-s" (func $new-s (param i32) (result i32)))
      (import "" "drop-r" (func $drop-r (param i32)))
      (import "" "drop-s" (func $drop-s (param i32)))
      (func (export "run") (param $n i32)
        (if (i32.eq (local.get $n) (i32.const 5))
          (then (call $drop-r (call $new-r (i32.const 9))) (return)))
        (if (i32.eq (local.get $n) (i32.const 6))
          (then (call $drop-s (call $new-s (i32.const 9))) (return)))
        (call $back (local.get $n))))
    (core instance $m (instantiate $M (with "" (instance
      (export "back" (func $back))
      (export "new-r" (func $new-r)) (export "new-s" (func $new-s))
      (export "drop-r" (func $drop-r)) (export "drop-s" (func $drop-s))))))
    (export $R' "r" (type $R))
    (export $S' "s" (type $S))
    (func (export "make-r") (param "rep" u32) (result (own $R')) (canon lift (core func $new-r)))
    (func (export "make-s") (param "rep" u32) (result (own $S')) (canon lift (core func $new-s)))
    (func (export "run") (param "n" u32) (canon lift (core func $m "run"))))
  (instance $a (instantiate $A (with "back" (func $back))))
  (alias export $a "r" (type $R))
  (alias export $a "s" (type $S))

  (component $B
    (import "r" (type $R (sub resource)))
    (import "s" (type $S (sub resource)))
    (core func $drop-r (canon resource.drop $R))
    (core func $drop-s (canon resource.drop $S))
    (func (export "drop-r") (param "r" (own $R)) (canon lift (core func $drop-r)))
    (func (export "drop-s") (param "s" (own $S)) (canon lift (core func $drop-s))))
  (instance $b (instantiate $B (with "r" (type $R)) (with "s" (type $S))))

  (core func $make-r (canon lower (func $a "make-r")))
  (core func $make-s (canon lower (func $a "make-s")))
  (core func $run (canon lower (func $a "run")))
  (core func $b-drop-r (canon lower (func $b "drop-r")))
  (core func $b-drop-s (canon lower (func $b "drop-s")))
  (core func $drop-r (canon resource.drop $R))
  (core func $drop-s (canon resource.drop $S))
  (core module $Front
    (import "" "slots" (table 7 funcref))
    (import "" "make-r" (func $make-r (param i32) (result i32)))
    (import "" "make-s" (func $make-s (param i32) (result i32)))
    (import "" "run" (func $run (param i32)))
    (import "" "drop-r" (func $drop-r (param i32)))
    (import "" "drop-s" (func $drop-s (param i32)))
    (import "" "b-drop-r" (func $b-drop-r (param i32)))
    (import "" "b-drop-s" (func $b-drop-s (param i32)))
    (elem (i32.const 1) $drop-r $drop-s $b-drop-r $b-drop-s)
    (func $make
      (drop (call $make-r (i32.const 7)))
      (drop (call $make-s (i32.const 8))))
    (func (export "inside") (param i32) (call $make) (call $run (local.get 0)))
    (func (export "outside")
      (call $make)
      (call $drop-r (i32.const 1)) (call $drop-s (i32.const 2))
      (call $make)
      (call $b-drop-r (i32.const 2)) (call $b-drop-s (i32.const 1))))
  (core instance $front (instantiate $Front (with "" (instance
    (export "slots" (table $back "slots"))
    (export "make-r" (func $make-r)) (export "make-s" (func $make-s))
    (export "run" (func $run))
    (export "drop-r" (func $drop-r)) (export "drop-s" (func $drop-s))
    (export "b-drop-r" (func $b-drop-r)) (export "b-drop-s" (func $b-drop-s))))))
  (func (export "inside") (param "n" u32) (canon lift (core func $front "inside")))
  (func (export "outside") (canon lift (core func $front "outside"))))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; A is not on the stack.
;; rule: instance/may-enter does not hold
;; rule: resource.drop/dtor holds
;; rule: resource.drop/dtor does not hold
(assert_return (invoke $p "outside"))

;; text: Instance Definitions: a fresh instance
(component instance $p0 $P)

;; rule: instance/may-enter does not hold
(assert_return (invoke $p0 "inside" (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $p5 $P)

;; A drops its own resources.
;; rule: instance/may-enter does not hold
;; rule: resource.drop/dtor holds
(assert_return (invoke $p5 "inside" (u32.const 5)))

;; rule: instance/may-enter does not hold
;; rule: resource.drop/dtor does not hold
(assert_return (invoke $p5 "inside" (u32.const 6)))

;; text: Instance Definitions: a fresh instance
(component instance $p1 $P)

;; P drops a resource with a destructor.
;; rule: instance/may-enter holds
(assert_trap (invoke $p1 "inside" (u32.const 1)) "instance/may-enter")

;; text: Instance Definitions: a fresh instance
(component instance $p2 $P)

;; P drops a resource without a destructor: it enters A all the same.
;; rule: instance/may-enter holds
(assert_trap (invoke $p2 "inside" (u32.const 2)) "instance/may-enter")

;; text: Instance Definitions: a fresh instance
(component instance $p3 $P)

;; B drops a resource with a destructor.
;; rule: instance/may-enter holds
(assert_trap (invoke $p3 "inside" (u32.const 3)) "instance/may-enter")

;; text: Instance Definitions: a fresh instance
(component instance $p4 $P)

;; B drops a resource without a destructor.
;; rule: instance/may-enter holds
(assert_trap (invoke $p4 "inside" (u32.const 4)) "instance/may-enter")
