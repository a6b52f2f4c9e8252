;; With a 64-bit memory, addresses and lengths are 64-bit core values, and nothing else is.
;; Spec: CanonicalABI.md, "Flattening".

;; text: Flattening; a string is an address and a length
(component definition
  (import "f" (func $f (param "p0" string)))
  (core module $memory
    (memory (export "mem") i64 1)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (param i64 i64))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f')))))))
;; text: Flattening; a string is an address and a length
(assert_invalid (component
  (import "f" (func $f (param "p0" string)))
  (core module $memory
    (memory (export "mem") i64 1)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (param i32 i32))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f'))))))) "type mismatch")
;; text: Flattening; the parts of a tuple keep their types
(component definition
  (import "f" (func $f (param "p0" (tuple u8 (list u8) char))))
  (core module $memory
    (memory (export "mem") i64 1)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (param i32 i64 i64 i32))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f')))))))
;; text: Flattening; the parts of a tuple keep their types
(assert_invalid (component
  (import "f" (func $f (param "p0" (tuple u8 (list u8) char))))
  (core module $memory
    (memory (export "mem") i64 1)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (param i64 i64 i64 i64))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f'))))))) "type mismatch")
;; text: Flattening; a discriminant is 32 bits, whatever the payload
(component definition
  (import "f" (func $f (param "p0" (option string))))
  (core module $memory
    (memory (export "mem") i64 1)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (param i32 i64 i64))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f')))))))
;; text: Flattening; a discriminant is 32 bits, whatever the payload
(assert_invalid (component
  (import "f" (func $f (param "p0" (option string))))
  (core module $memory
    (memory (export "mem") i64 1)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (param i64 i64 i64))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f'))))))) "type mismatch")
;; text: Flattening; an address beside an integer is 64 bits wide for both
(component definition
  (import "f" (func $f (param "p0" (result u32 (error string)))))
  (core module $memory
    (memory (export "mem") i64 1)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (param i32 i64 i64))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f')))))))
;; text: Flattening; an address beside an integer is 64 bits wide for both
(assert_invalid (component
  (import "f" (func $f (param "p0" (result u32 (error string)))))
  (core module $memory
    (memory (export "mem") i64 1)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (param i32 i32 i64))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f'))))))) "type mismatch")
;; text: Flattening; seventeen core values are an address
(component definition
  (import "f" (func $f (param "p0" string) (param "p1" string) (param "p2" string) (param "p3" string) (param "p4" string) (param "p5" string) (param "p6" string) (param "p7" string) (param "p8" u8)))
  (core module $memory
    (memory (export "mem") i64 1)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (param i64))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f')))))))
;; text: Flattening; seventeen core values are an address
(assert_invalid (component
  (import "f" (func $f (param "p0" string) (param "p1" string) (param "p2" string) (param "p3" string) (param "p4" string) (param "p5" string) (param "p6" string) (param "p7" string) (param "p8" u8)))
  (core module $memory
    (memory (export "mem") i64 1)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (param i32))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f'))))))) "type mismatch")
;; text: Flattening; two core values are stored where one more parameter says
(component definition
  (import "f" (func $f (result (tuple u8 u8))))
  (core module $memory
    (memory (export "mem") i64 1)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (param i64))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f')))))))
;; text: Flattening; two core values are stored where one more parameter says
(assert_invalid (component
  (import "f" (func $f (result (tuple u8 u8))))
  (core module $memory
    (memory (export "mem") i64 1)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) unreachable))
  (core instance $mem (instantiate $memory))
  (core func $f' (canon lower (func $f) (memory $mem "mem") (realloc (func $mem "realloc"))))
  (core module $m (import "" "f" (func (param i32))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $f'))))))) "type mismatch")
