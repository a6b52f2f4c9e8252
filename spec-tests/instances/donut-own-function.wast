;; A component may lower a function that it lifted itself and call it: the set
;; of instances that such a call enters is empty.
;; Text: CanonicalABI.md, "Component Instances".

;; Each level of the recursion goes through `canon lower` and `canon lift`.
;; text: Component Instances: a component that calls its own component function
(component definition $D
  (core module $Slot
    (type $f (func (param i32) (result i32)))
    (table (export "slot") 1 funcref)
    (global $depth (export "depth") (mut i32) (i32.const 0))
    (func (export "factorial") (param $n i32) (result i32)
      (global.set $depth (i32.add (global.get $depth) (i32.const 1)))
      (if (result i32) (i32.eqz (local.get $n))
        (then (i32.const 1))
        (else
          (i32.mul
            (local.get $n)
            (call_indirect (type $f)
              (i32.sub (local.get $n) (i32.const 1))
              (i32.const 0))))))
    (func (export "depth-reached") (result i32) (global.get $depth)))
  (core instance $slot (instantiate $Slot))
  (func $factorial (export "factorial") (param "n" u32) (result u32)
    (canon lift (core func $slot "factorial")))
  (core func $lowered (canon lower (func $factorial)))
  (core module $Fill
    (import "" "slot" (table 1 funcref))
    (import "" "f" (func $f (param i32) (result i32)))
    (elem (i32.const 0) $f))
  (core instance (instantiate $Fill (with "" (instance
    (export "slot" (table $slot "slot")) (export "f" (func $lowered))))))
  (func (export "depth") (result u32) (canon lift (core func $slot "depth-reached"))))

;; text: Instance Definitions: a fresh instance
(component instance $d $D)

;; rule: instance/may-enter does not hold
(assert_return (invoke $d "factorial" (u32.const 5)) (u32.const 120))

;; Six calls: 5, 4, 3, 2, 1, 0.
;; rule: instance/may-enter does not hold
(assert_return (invoke $d "depth") (u32.const 6))
