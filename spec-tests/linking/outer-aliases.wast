;; A nested component may use core modules, components and types of the
;; components around it, and each use instantiates them anew.
;; Text: Explainer.md, "Alias Definitions".

;; text: Alias Definitions: outer aliases over two levels, written out and implied
(component definition $P
  (core module $Counter
    (global $n (mut i32) (i32.const 0))
    (func (export "next") (result i32)
      (global.set $n (i32.add (global.get $n) (i32.const 1)))
      (global.get $n)))
  (core type $Unused (func (param i32)))
  (type $Answer (tuple u32 u32))
  (component $Leaf
    (core module $M (func (export "f") (result i32) (i32.const 77)))
    (core instance $m (instantiate $M))
    (func (export "f") (result u32) (canon lift (core func $m "f"))))

  (component $Middle
    (component $Inner
      ;; written out, by name and by number
      (alias outer $P $Counter (core module $Counter))
      (alias outer 2 $Leaf (component $L))
      (alias outer $P $Answer (type $Answer))
      (core instance $counter (instantiate $Counter))
      (instance $leaf (instantiate $L))
      (core module $M
        (import "" "next" (func $next (result i32)))
        (memory (export "memory") 1)
        (func (export "f") (result i32)
          (i32.store (i32.const 16) (call $next))
          (i32.store (i32.const 20) (i32.const 30))
          (i32.const 16)))
      (core instance $m (instantiate $M (with "" (instance
        (export "next" (func $counter "next"))))))
      (export "leaf" (func $leaf "f"))
      (func (export "f") (result $Answer)
        (canon lift (core func $m "f") (memory $m "memory"))))
    (instance $x (instantiate $Inner))
    ;; implied by the use of an outer name
    (core instance $mine (instantiate $Counter))
    (export "inner" (func $x "f"))
    (export "leaf" (func $x "leaf"))
    (func (export "next") (result u32) (canon lift (core func $mine "next"))))
  (instance $m1 (instantiate $Middle))
  (instance $m2 (instantiate $Middle))
  ;; an alias of what is in the component itself
  (alias outer 0 $Counter (core module $Same))
  (core instance $own (instantiate $Same))
  (func (export "own") (result u32) (canon lift (core func $own "next")))
  (export "inner1" (func $m1 "inner"))
  (export "inner2" (func $m2 "inner"))
  (export "leaf1" (func $m1 "leaf"))
  (export "next1" (func $m1 "next")))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; Each counter is a core instance of its own.
;; rule: instance/may-enter does not hold
(assert_return (invoke $p "inner1") (tuple.const (u32.const 1) (u32.const 30)))

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "inner1") (tuple.const (u32.const 2) (u32.const 30)))

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "inner2") (tuple.const (u32.const 1) (u32.const 30)))

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "leaf1") (u32.const 77))

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "next1") (u32.const 1))

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "own") (u32.const 1))

;; text: Alias Definitions: a type that refers to a resource cannot be aliased into another component
(assert_invalid
  (component $P
    (type $R (resource (rep i32)))
    (component (alias outer $P $R (type))))
  "resource")

;; text: Alias Definitions: neither can one that refers to it indirectly
(assert_invalid
  (component $P
    (type $R (resource (rep i32)))
    (type $L (list (own $R)))
    (component (alias outer $P $L (type))))
  "resource")

;; A type, as opposed to a component, may.
;; text: Alias Definitions: within the component that defines it, a type may refer to it
(component definition $Q
  (type $R (resource (rep i32)))
  (type $L (list (own $R)))
  (type (component
    (alias outer $Q $R (type $R))
    (alias outer $Q $L (type $L))
    (type (func (param "r" (borrow $R)) (result $L))))))

;; text: Alias Definitions: an alias further out than there are components
(assert_invalid
  (component (component (alias outer 2 0 (type))))
  "invalid outer alias count")

;; text: Alias Definitions: an alias of what comes later
(assert_invalid
  (component $P
    (component (alias outer 1 0 (core module)))
    (core module $M))
  "unknown module")

;; text: Alias Definitions: an export that is not there
(assert_invalid
  (component
    (import "i" (instance $i (export "a" (func))))
    (alias export $i "b" (func)))
  "no export")

;; text: Alias Definitions: an export of another sort
(assert_invalid
  (component
    (import "i" (instance $i (export "a" (func))))
    (alias export $i "a" (instance)))
  "not an instance")

;; text: Alias Definitions: a core export that is not there
(assert_invalid
  (component
    (core module $M (func (export "a")))
    (core instance $m (instantiate $M))
    (alias core export $m "b" (core func)))
  "no export")
