;; Which types can be defined.
;; Text: Explainer.md, "Type Definitions"; Binary.md, "Type Definitions".

;; text: Type Definitions: one of each
(component definition
  (type (record (field "a" u8)))
  (type (variant (case "a")))
  (type (tuple u8))
  (type (flags "a"))
  (type (enum "a"))
  (type (option u8))
  (type (result))
  (type (result (error u8)))
  (type (list u8))
  (type (func))
  (type (func (param "a" u8) (result u8)))
  (type (resource (rep i32)))
  (type (instance))
  (type (component)))

;; text: Type Definitions: 32 flags
(component definition
  (type (flags "f1" "f2" "f3" "f4" "f5" "f6" "f7" "f8" "f9" "f10" "f11" "f12" "f13" "f14" "f15" "f16" "f17" "f18" "f19" "f20" "f21" "f22" "f23" "f24" "f25" "f26" "f27" "f28" "f29" "f30" "f31" "f32")))

;; text: Type Definitions: 33 flags
(assert_invalid
  (component
    (type (flags "f1" "f2" "f3" "f4" "f5" "f6" "f7" "f8" "f9" "f10" "f11" "f12" "f13" "f14" "f15" "f16" "f17" "f18" "f19" "f20" "f21" "f22" "f23" "f24" "f25" "f26" "f27" "f28" "f29" "f30" "f31" "f32" "f33")))
  "cannot have more than 32 flags")

;; text: Type Definitions: a record without fields
(assert_invalid
  (component
    (type (record)))
  "record type must have at least one field")

;; text: Type Definitions: a variant without cases
(assert_invalid
  (component
    (type (variant)))
  "variant type must have at least one case")

;; text: Type Definitions: a tuple without elements
(assert_invalid
  (component
    (type (tuple)))
  "tuple type must have at least one type")

;; text: Type Definitions: flags without labels
(assert_invalid
  (component
    (type (flags)))
  "flags must have at least one entry")

;; text: Type Definitions: an enum without labels
(assert_invalid
  (component
    (type (enum)))
  "enum type must have at least one variant")

;; text: Type Definitions: two fields of one name
(assert_invalid
  (component
    (type (record (field "a" u8) (field "a" u8))))
  "conflicts with previous field name")

;; text: Type Definitions: two fields whose names differ in case alone
(assert_invalid
  (component
    (type (record (field "a-b" u8) (field "A-b" u8))))
  "conflicts with previous field name")

;; text: Type Definitions: two cases of one name
(assert_invalid
  (component
    (type (variant (case "a") (case "A"))))
  "conflicts with previous case name")

;; text: Type Definitions: two labels of one name in an enum
(assert_invalid
  (component
    (type (enum "a" "A")))
  "conflicts with previous tag name")

;; text: Type Definitions: two labels of one name in flags
(assert_invalid
  (component
    (type (flags "a" "A")))
  "conflicts with previous flag name")

;; text: Type Definitions: two parameters of one name
(assert_invalid
  (component
    (type (func (param "a" u8) (param "A" u8))))
  "conflicts with previous parameter name")

;; text: Type Definitions: a field name that is no label
(assert_invalid
  (component
    (type (record (field "a_b" u8))))
  "not in kebab case")

;; text: Type Definitions: a parameter name that is no label
(assert_invalid
  (component
    (type (func (param "1" u8))))
  "not in kebab case")

;; text: Type Definitions: an empty label
(assert_invalid
  (component
    (type (enum "")))
  "name cannot be empty")

;; text: Type Definitions: a function type as a value type
(assert_invalid
  (component
    (type $F (func))
    (type (list $F)))
  "not a defined type")

;; text: Type Definitions: a resource type as a value type
(assert_invalid
  (component
    (type $R (resource (rep i32)))
    (type (list $R)))
  "not a defined type")

;; text: Type Definitions: an `own` of something else than a resource
(assert_invalid
  (component
    (type $T (tuple u8))
    (type (own $T)))
  "not a resource type")

;; text: Type Definitions: a `borrow` of something else than a resource
(assert_invalid
  (component
    (type $T (func))
    (type (borrow $T)))
  "not a resource type")

;; text: Type Definitions: a type that comes later
(assert_invalid
  (component
    (type (list 1))
    (type u8))
  "type index out of bounds")

;; text: Type Definitions: itself
(assert_invalid
  (component
    (type (list 0)))
  "type index out of bounds")

;; text: Type Definitions: a `borrow` as a parameter
(component definition
  (type $R (resource (rep i32)))
  (type (func (param "r" (borrow $R)) (param "l" (list (borrow $R))))))

;; text: Type Definitions: a `borrow` as a result
(assert_invalid
  (component
    (type $R (resource (rep i32)))
    (type (func (result (borrow $R)))))
  "function result cannot contain a `borrow` type")

;; text: Type Definitions: a `borrow` inside a result
(assert_invalid
  (component
    (type $R (resource (rep i32)))
    (type $B (borrow $R))
    (type $L (list (option $B)))
    (type (func (result (result $L)))))
  "function result cannot contain a `borrow` type")

;; text: Type Definitions: a resource defined in an instance type
(assert_invalid
  (component
    (type (instance (type (resource (rep i32))))))
  "resources can only be defined within a concrete component")

;; text: Type Definitions: a resource defined in a component type
(assert_invalid
  (component
    (type (component (type (resource (rep i32))))))
  "resources can only be defined within a concrete component")

;; text: Type Definitions: a bound that is no type of the sort
(assert_invalid
  (component
    (type $F (func))
    (import "i" (instance (type $F))))
  "not an instance type")

;; text: Type Definitions: an `eq` bound to a type that is not there
(assert_invalid
  (component
    (import "t" (type (eq 0))))
  "type index out of bounds")

;; text: Type Definitions: module types with types of their own
(component definition
  (core type $F (func (param i32)))
  (core type (module
    (alias outer 1 $F (type $F))
    (type $G (func (result i32)))
    (import "a" "b" (func (type $F)))
    (export "c" (func (type $G))))))

;; text: Type Definitions: two imports of one name in a module type
(assert_invalid
  (component
    (core type (module (import "a" "b" (func)) (import "a" "b" (func)))))
  "duplicate import name")

;; text: Type Definitions: two exports of one name in a module type
(assert_invalid
  (component
    (core type (module (export "a" (func)) (export "a" (func)))))
  "already defined")
