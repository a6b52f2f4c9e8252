;; `instantiate` gives a component what it imports: functions, instances, core
;; modules, components and types, in any order, with more than is asked for.
;; Text: Explainer.md, "Instance Definitions", "Type Checking".

;; `digits` of C calls a function that it imports, one of an instance, and one of
;; a core module that it instantiates: they answer 1, 2 and 3. The component that
;; it instantiates answers 4.
;; text: Instance Definitions: an argument of each sort
(component definition $P
  (core module $One (func (export "f") (result i32) (i32.const 1)))
  (core module $Two (func (export "f") (result i32) (i32.const 2))
    (func (export "more") (result i32) (i32.const 0)))
  (core module $Three (func (export "f") (result i32) (i32.const 3))
    (memory (export "more") 1))
  (component $Functions
    (core instance $one (instantiate $One))
    (core instance $two (instantiate $Two))
    (func (export "f1") (result u32) (canon lift (core func $one "f")))
    (func (export "f2") (result u32) (canon lift (core func $two "f")))
    (func (export "more") (result u32) (canon lift (core func $two "more"))))
  (instance $functions (instantiate $Functions))
  (component $Four
    (core module $M (func (export "f") (result i32) (i32.const 4)))
    (core instance $m (instantiate $M))
    (func (export "f") (result u32) (canon lift (core func $m "f")))
    (func (export "more") (result u32) (canon lift (core func $m "f"))))
  (type $Pair (tuple u32 u32))

  (component $C
    (import "f" (func $f (result u32)))
    (import "i" (instance $i (export "f" (func (result u32)))))
    (import "m" (core module $M (export "f" (func (result i32)))))
    (import "c" (component $C (export "f" (func (result u32)))))
    (type $Expected (tuple u32 u32))
    (import "t" (type $T (eq $Expected)))
    (core instance $m (instantiate $M))
    (instance $c (instantiate $C))
    (core func $f1 (canon lower (func $f)))
    (core func $f2 (canon lower (func $i "f")))
    (core module $Main
      (import "" "f1" (func $f1 (result i32)))
      (import "" "f2" (func $f2 (result i32)))
      (import "m" "f" (func $f3 (result i32)))
      (memory (export "memory") 1)
      (func (export "digits") (result i32)
        (i32.add
          (i32.add
            (i32.mul (call $f1) (i32.const 100))
            (i32.mul (call $f2) (i32.const 10)))
          (call $f3)))
      (func (export "pair") (result i32)
        (i32.store (i32.const 16) (call $f1))
        (i32.store (i32.const 20) (call $f2))
        (i32.const 16)))
    (core instance $main (instantiate $Main
      (with "m" (instance $m))
      (with "" (instance
        (export "f1" (func $f1)) (export "f2" (func $f2))))))
    (export "four" (func $c "f"))
    (func (export "digits") (result u32) (canon lift (core func $main "digits")))
    (func (export "pair") (result $T)
      (canon lift (core func $main "pair") (memory $main "memory"))))

  ;; the arguments stand in another order than the imports, and there is one too many
  (instance $c (instantiate $C
    (with "t" (type $Pair))
    (with "c" (component $Four))
    (with "m" (core module $Three))
    (with "i" (instance
      (export "more" (func $functions "more")) (export "f" (func $functions "f2"))))
    (with "f" (func $functions "f1"))
    (with "unasked" (func $functions "more"))))
  (export "digits" (func $c "digits"))
  (export "four" (func $c "four"))
  (export "pair" (func $c "pair")))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "digits") (u32.const 123))

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "four") (u32.const 4))

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "pair") (tuple.const (u32.const 1) (u32.const 2)))

;; A component may be given where one that imports more and exports less is asked.
;; text: Type Checking: subtyping of components
(component definition $Q
  (component $Given
    (import "a" (func $a (result u32)))
    (export "x" (func $a))
    (export "y" (func $a)))
  (component $User
    (import "c" (component $C
      (import "a" (func (result u32)))
      (import "b" (func (result u32)))
      (export "x" (func (result u32)))))
    (import "a" (func $a (result u32)))
    (instance $c (instantiate $C (with "a" (func $a)) (with "b" (func $a))))
    (export "x" (func $c "x")))
  (core module $M (func (export "f") (result i32) (i32.const 7)))
  (core instance $m (instantiate $M))
  (func $f (result u32) (canon lift (core func $m "f")))
  (instance $user (instantiate $User (with "c" (component $Given)) (with "a" (func $f))))
  (export "x" (func $user "x")))

;; text: Instance Definitions: a fresh instance
(component instance $q $Q)

;; rule: instance/may-enter does not hold
(assert_return (invoke $q "x") (u32.const 7))
