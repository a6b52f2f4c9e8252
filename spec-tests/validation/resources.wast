;; Where the built-ins of resources can be defined, and which destructors can be.
;; Text: CanonicalABI.md, "canon resource.new", "canon resource.drop", "canon
;; resource.rep"; Explainer.md, "Type Definitions".

;; text: canon resource.new, resource.rep: for a type that the component defines
(component definition
  (type $R (resource (rep i32)))
  (core func (canon resource.new $R))
  (core func (canon resource.rep $R))
  (core func (canon resource.drop $R)))

;; text: canon resource.new: not for an imported type
(assert_invalid
  (component
    (import "r" (type $R (sub resource)))
    (core func (canon resource.new $R)))
  "not a local resource")

;; text: canon resource.rep: not for an imported type
(assert_invalid
  (component
    (import "r" (type $R (sub resource)))
    (core func (canon resource.rep $R)))
  "not a local resource")

;; text: canon resource.drop: for an imported type as well
(component definition
  (import "r" (type $R (sub resource)))
  (core func (canon resource.drop $R)))

;; text: canon resource.new: not for a type that a child defines
(assert_invalid
  (component
    (component $C (type $R (resource (rep i32))) (export "r" (type $R)))
    (instance $c (instantiate $C))
    (alias export $c "r" (type $R))
    (core func (canon resource.new $R)))
  "not a local resource")

;; text: canon resource.drop: not for another kind of type
(assert_invalid
  (component
    (type $T (tuple u32))
    (core func (canon resource.drop $T)))
  "not a resource type")

;; text: canon resource.new: not for a type that is not there
(assert_invalid
  (component
    (core func (canon resource.new 0)))
  "type index out of bounds")

;; text: Type Definitions: a destructor that takes the representation
(component definition
  (core module $M (func (export "d") (param i32)))
  (core instance $m (instantiate $M))
  (type (resource (rep i32) (dtor (core func $m "d")))))

;; text: Type Definitions: a destructor that takes nothing
(assert_invalid
  (component
    (core module $M (func (export "d")))
    (core instance $m (instantiate $M))
    (type (resource (rep i32) (dtor (core func $m "d")))))
  "wrong signature for a destructor")

;; text: Type Definitions: a destructor that returns something
(assert_invalid
  (component
    (core module $M (func (export "d") (param i32) (result i32) (unreachable)))
    (core instance $m (instantiate $M))
    (type (resource (rep i32) (dtor (core func $m "d")))))
  "wrong signature for a destructor")

;; text: Type Definitions: a representation that is neither `i32` nor `i64`
(assert_invalid
  (component
    (type (resource (rep f32))))
  "resources can only be represented by")
