;; The core type of a lowered function follows from its type alone: these are accepted where a module
;; imports the right core type, and refused where it imports one that is next to it.
;; Spec: CanonicalABI.md, "Flattening".

;; text: Flattening; sixteen core values are sixteen parameters
(component definition
  (import "f" (func $f (param "p0" string) (param "p1" string) (param "p2" string) (param "p3" string) (param "p4" string) (param "p5" string) (param "p6" string) (param "p7" string)))
  (core module $memory
    (memory (export "mem") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f')))))))
;; text: Flattening; sixteen core values are sixteen parameters
(assert_invalid (component
  (import "f" (func $f (param "p0" string) (param "p1" string) (param "p2" string) (param "p3" string) (param "p4" string) (param "p5" string) (param "p6" string) (param "p7" string)))
  (core module $memory
    (memory (export "mem") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (param i32))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f'))))))) "type mismatch")
;; text: Flattening; seventeen core values are an address
(component definition
  (import "f" (func $f (param "p0" string) (param "p1" string) (param "p2" string) (param "p3" string) (param "p4" string) (param "p5" string) (param "p6" string) (param "p7" string) (param "p8" u8)))
  (core module $memory
    (memory (export "mem") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (param i32))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f')))))))
;; text: Flattening; seventeen core values are an address
(assert_invalid (component
  (import "f" (func $f (param "p0" string) (param "p1" string) (param "p2" string) (param "p3" string) (param "p4" string) (param "p5" string) (param "p6" string) (param "p7" string) (param "p8" u8)))
  (core module $memory
    (memory (export "mem") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f'))))))) "type mismatch")
;; text: Flattening; one core value is the result
(component definition
  (import "f" (func $f (result u64)))
  (core module $memory
    (memory (export "mem") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (result i64))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f')))))))
;; text: Flattening; one core value is the result
(assert_invalid (component
  (import "f" (func $f (result u64)))
  (core module $memory
    (memory (export "mem") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (param i32))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f'))))))) "type mismatch")
;; text: Flattening; two core values are stored where one more parameter says
(component definition
  (import "f" (func $f (result (tuple u8 u8))))
  (core module $memory
    (memory (export "mem") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (param i32))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f')))))))
;; text: Flattening; two core values are stored where one more parameter says
(assert_invalid (component
  (import "f" (func $f (result (tuple u8 u8))))
  (core module $memory
    (memory (export "mem") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (result i32))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f'))))))) "type mismatch")
;; text: Flattening; the address of the result comes after sixteen parameters, and is not counted among them
(component definition
  (import "f" (func $f (param "p0" string) (param "p1" string) (param "p2" string) (param "p3" string) (param "p4" string) (param "p5" string) (param "p6" string) (param "p7" string) (result string)))
  (core module $memory
    (memory (export "mem") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f')))))))
;; text: Flattening; the address of the result comes after sixteen parameters, and is not counted among them
(assert_invalid (component
  (import "f" (func $f (param "p0" string) (param "p1" string) (param "p2" string) (param "p3" string) (param "p4" string) (param "p5" string) (param "p6" string) (param "p7" string) (result string)))
  (core module $memory
    (memory (export "mem") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (param i32 i32))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f'))))))) "type mismatch")
;; text: Flattening; an address for the parameters and one for the result
(component definition
  (import "f" (func $f (param "p0" string) (param "p1" string) (param "p2" string) (param "p3" string) (param "p4" string) (param "p5" string) (param "p6" string) (param "p7" string) (param "p8" u8) (result string)))
  (core module $memory
    (memory (export "mem") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (param i32 i32))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f')))))))
;; text: Flattening; an address for the parameters and one for the result
(assert_invalid (component
  (import "f" (func $f (param "p0" string) (param "p1" string) (param "p2" string) (param "p3" string) (param "p4" string) (param "p5" string) (param "p6" string) (param "p7" string) (param "p8" u8) (result string)))
  (core module $memory
    (memory (export "mem") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (param i32) (result i32))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f'))))))) "type mismatch")
