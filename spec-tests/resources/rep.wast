;; `resource.new` keeps 32 bits and `resource.rep` gives them back, for handles
;; of the type that it names and no other.
;; Text: CanonicalABI.md, "canon resource.new", "canon resource.rep".

;; text: canon resource.rep: two resource types in one component
(component definition $D
  (type $R (resource (rep i32)))
  (type $S (resource (rep i32)))
  (core func $new-r (canon resource.new $R))
  (core func $new-s (canon resource.new $S))
  (core func $rep-r (canon resource.rep $R))
  (core func $rep-s (canon resource.rep $S))
  (core func $drop-r (canon resource.drop $R))
  (core func $drop-s (canon resource.drop $S))
  (func (export "new-r") (param "rep" u32) (result u32) (canon lift (core func $new-r)))
  (func (export "new-s") (param "rep" u32) (result u32) (canon lift (core func $new-s)))
  (func (export "rep-r") (param "index" u32) (result u32) (canon lift (core func $rep-r)))
  (func (export "rep-s") (param "index" u32) (result u32) (canon lift (core func $rep-s)))
  (func (export "drop-r") (param "index" u32) (canon lift (core func $drop-r)))
  (func (export "drop-s") (param "index" u32) (canon lift (core func $drop-s))))

;; text: Instance Definitions: a fresh instance
(component instance $d $D)

;; rule: resource.new/may-leave does not hold
(assert_return (invoke $d "new-r" (u32.const 0)) (u32.const 1))

;; rule: resource.new/may-leave does not hold
(assert_return (invoke $d "new-r" (u32.const 4294967295)) (u32.const 2))

;; rule: resource.new/may-leave does not hold
(assert_return (invoke $d "new-s" (u32.const 2147483648)) (u32.const 3))

;; Two handles may have the same representation; they stay two resources.
;; rule: resource.new/may-leave does not hold
(assert_return (invoke $d "new-s" (u32.const 2147483648)) (u32.const 4))

;; rule: resource.rep/kind does not hold
;; rule: resource.rep/type does not hold
(assert_return (invoke $d "rep-r" (u32.const 1)) (u32.const 0))

;; rule: resource.rep/type does not hold
(assert_return (invoke $d "rep-r" (u32.const 2)) (u32.const 4294967295))

;; rule: resource.rep/type does not hold
(assert_return (invoke $d "rep-s" (u32.const 3)) (u32.const 2147483648))

;; rule: resource.drop/type does not hold
;; rule: resource.drop/kind does not hold
;; rule: resource.drop/lends does not hold
;; rule: resource.drop/own holds
;; rule: resource.drop/dtor does not hold
(assert_return (invoke $d "drop-s" (u32.const 3)))

;; rule: resource.rep/type does not hold
(assert_return (invoke $d "rep-s" (u32.const 4)) (u32.const 2147483648))

;; `resource.rep` of the other type.
;; rule: resource.rep/type holds
(assert_trap (invoke $d "rep-s" (u32.const 1)) "resource.rep/type")

;; text: Instance Definitions: a fresh instance
(component instance $d2 $D)

;; rule: resource.new/may-leave does not hold
(invoke $d2 "new-s" (u32.const 5))

;; rule: resource.rep/type holds
(assert_trap (invoke $d2 "rep-r" (u32.const 1)) "resource.rep/type")

;; text: Instance Definitions: a fresh instance
(component instance $d3 $D)

;; rule: resource.new/may-leave does not hold
(invoke $d3 "new-s" (u32.const 5))

;; `resource.drop` of the other type.
;; rule: resource.drop/type holds
(assert_trap (invoke $d3 "drop-r" (u32.const 1)) "resource.drop/type")
