;; Booleans as core values: every nonzero `i32` is true, true is lowered as 1 and false as 0.
;; Spec: CanonicalABI.md, "Flat Lifting", "Flat Lowering".

;; text: Flat Lifting, Flat Lowering; a core identity function between `bool` and `u32`
(component
  (core module $m (func (export "id") (param i32) (result i32) local.get 0))
  (core instance $i (instantiate $m))
  (func (export "lift") (param "x" u32) (result bool) (canon lift (core func $i "id")))
  (func (export "lower") (param "x" bool) (result u32) (canon lift (core func $i "id"))))

;; text: Flat Lifting; zero is false
(assert_return (invoke "lift" (u32.const 0)) (bool.const false))
;; text: Flat Lifting; one is true
(assert_return (invoke "lift" (u32.const 1)) (bool.const true))
;; text: Flat Lifting; every other value is true too
(assert_return (invoke "lift" (u32.const 2)) (bool.const true))
;; text: Flat Lifting; the whole core value counts, not its low byte
(assert_return (invoke "lift" (u32.const 0x100)) (bool.const true))
;; text: Flat Lifting; the top bit counts
(assert_return (invoke "lift" (u32.const 0x80000000)) (bool.const true))
;; text: Flat Lowering; false is 0
(assert_return (invoke "lower" (bool.const false)) (u32.const 0))
;; text: Flat Lowering; true is 1
(assert_return (invoke "lower" (bool.const true)) (u32.const 1))
