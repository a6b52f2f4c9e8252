;; The core type of a lifted function follows from its type alone: these are accepted with the right
;; core type and refused with one that is next to it.
;; Spec: CanonicalABI.md, "Flattening".

;; text: Flattening; primitives
(component definition
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32 i32 i32 i32 i32 i32 i32 i64 i64 f32 f64 i32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" bool) (param "p1" u8) (param "p2" s8) (param "p3" u16) (param "p4" s16) (param "p5" u32) (param "p6" s32) (param "p7" u64) (param "p8" s64) (param "p9" f32) (param "p10" f64) (param "p11" char)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))
;; text: Flattening; primitives
(assert_invalid (component
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32 i32 i32 i32 i32 i32 i32 i64 i32 f32 f64 i32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" bool) (param "p1" u8) (param "p2" s8) (param "p3" u16) (param "p4" s16) (param "p5" u32) (param "p6" s32) (param "p7" u64) (param "p8" s64) (param "p9" f32) (param "p10" f64) (param "p11" char)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))) "type mismatch")
;; text: Flattening; a string is an address and a length
(component definition
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32 i32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" string)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))
;; text: Flattening; a string is an address and a length
(assert_invalid (component
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" string)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))) "type mismatch")
;; text: Flattening; a list is an address and a length
(component definition
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32 i32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" (list u64))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))
;; text: Flattening; a list is an address and a length
(assert_invalid (component
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32 i32 i32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" (list u64))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))) "type mismatch")
;; text: Flattening; a tuple is its fields
(component definition
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32 i64 f32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" (tuple u8 (tuple s64 f32)))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))
;; text: Flattening; a tuple is its fields
(assert_invalid (component
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i64 i32 f32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" (tuple u8 (tuple s64 f32)))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))) "type mismatch")
;; text: Flattening; an option is a discriminant and a payload
(component definition
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32 f64) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" (option f64))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))
;; text: Flattening; an option is a discriminant and a payload
(assert_invalid (component
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param f64) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" (option f64))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))) "type mismatch")
;; text: Flattening; a result of 32-bit integer and float has an integer payload
(component definition
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32 i32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" (result f32 (error u32)))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))
;; text: Flattening; a result of 32-bit integer and float has an integer payload
(assert_invalid (component
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32 f32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" (result f32 (error u32)))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))) "type mismatch")
;; text: Flattening; a result of two 32-bit floats has a float payload
(component definition
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32 f32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" (result f32 (error f32)))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))
;; text: Flattening; a result of two 32-bit floats has a float payload
(assert_invalid (component
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32 i32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" (result f32 (error f32)))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))) "type mismatch")
;; text: Flattening; a result of 32-bit and 64-bit float has a 64-bit integer payload
(component definition
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32 i64) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" (result f32 (error f64)))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))
;; text: Flattening; a result of 32-bit and 64-bit float has a 64-bit integer payload
(assert_invalid (component
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32 f64) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" (result f32 (error f64)))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))) "type mismatch")
;; text: Flattening; a result of 32-bit integer and 64-bit float has a 64-bit integer payload
(component definition
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32 i64) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" (result u32 (error f64)))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))
;; text: Flattening; a result of 32-bit integer and 64-bit float has a 64-bit integer payload
(assert_invalid (component
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32 f64) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" (result u32 (error f64)))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))) "type mismatch")
;; text: Flattening; a result of 32-bit and 64-bit integer has a 64-bit integer payload
(component definition
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32 i64) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" (result u32 (error u64)))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))
;; text: Flattening; a result of 32-bit and 64-bit integer has a 64-bit integer payload
(assert_invalid (component
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32 i32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" (result u32 (error u64)))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))) "type mismatch")
;; text: Flattening; places that one case has alone keep their type
(component definition
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32 i32 f64) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" (result u32 (error (tuple f32 f64))))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))
;; text: Flattening; places that one case has alone keep their type
(assert_invalid (component
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32 i32 i64) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" (result u32 (error (tuple f32 f64))))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))) "type mismatch")
;; text: Flattening; sixteen core values are sixteen parameters
(component definition
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" string) (param "p1" string) (param "p2" string) (param "p3" string) (param "p4" string) (param "p5" string) (param "p6" string) (param "p7" string)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))
;; text: Flattening; sixteen core values are sixteen parameters
(assert_invalid (component
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" string) (param "p1" string) (param "p2" string) (param "p3" string) (param "p4" string) (param "p5" string) (param "p6" string) (param "p7" string)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))) "type mismatch")
;; text: Flattening; seventeen core values are an address
(component definition
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" string) (param "p1" string) (param "p2" string) (param "p3" string) (param "p4" string) (param "p5" string) (param "p6" string) (param "p7" string) (param "p8" u8)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))
;; text: Flattening; seventeen core values are an address
(assert_invalid (component
  (core module $m (memory (export "mem") 1)
    (func (export "f") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (param "p0" string) (param "p1" string) (param "p2" string) (param "p3" string) (param "p4" string) (param "p5" string) (param "p6" string) (param "p7" string) (param "p8" u8)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))) "type mismatch")
;; text: Flattening; no result
(component definition
  (core module $m (memory (export "mem") 1)
    (func (export "f") unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))
;; text: Flattening; no result
(assert_invalid (component
  (core module $m (memory (export "mem") 1)
    (func (export "f") (result i32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))) "type mismatch")
;; text: Flattening; one core value is the result
(component definition
  (core module $m (memory (export "mem") 1)
    (func (export "f") (result f64) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (result (tuple f64))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))
;; text: Flattening; one core value is the result
(assert_invalid (component
  (core module $m (memory (export "mem") 1)
    (func (export "f") (result i32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (result (tuple f64))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))) "type mismatch")
;; text: Flattening; two core values are an address
(component definition
  (core module $m (memory (export "mem") 1)
    (func (export "f") (result i32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (result (tuple f64 f64))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))
;; text: Flattening; two core values are an address
(assert_invalid (component
  (core module $m (memory (export "mem") 1)
    (func (export "f") (result f64 f64) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (result (tuple f64 f64))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))) "type mismatch")
;; text: Flattening; a string is two core values
(component definition
  (core module $m (memory (export "mem") 1)
    (func (export "f") (result i32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (result string)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))
;; text: Flattening; a string is two core values
(assert_invalid (component
  (core module $m (memory (export "mem") 1)
    (func (export "f") (result i32 i32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (result string)
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))) "type mismatch")
;; text: Flattening; an option is two core values
(component definition
  (core module $m (memory (export "mem") 1)
    (func (export "f") (result i32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (result (option u8))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))
;; text: Flattening; an option is two core values
(assert_invalid (component
  (core module $m (memory (export "mem") 1)
    (func (export "f") unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (result (option u8))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))) "type mismatch")
;; text: Flattening; a result of two empty cases is one core value
(component definition
  (core module $m (memory (export "mem") 1)
    (func (export "f") (result i32) unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (result (result))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc")))))
;; text: Flattening; a result of two empty cases is one core value
(assert_invalid (component
  (core module $m (memory (export "mem") 1)
    (func (export "f") unreachable)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func (result (result))
    (canon lift (core func $i "f") (memory $i "mem") (realloc (func $i "realloc"))))) "type mismatch")
