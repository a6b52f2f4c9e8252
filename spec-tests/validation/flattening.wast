;; The core types of the functions that `canon lift` takes.
;; Text: CanonicalABI.md, "Flattening", "canon lift".

;; text: Flattening: nothing becomes nothing
(component definition
  (core module $M
    (func (export "f")  (unreachable)))
  (core instance $m (instantiate $M))
  (func  (canon lift (core func $m "f"))))

;; text: Flattening: a core parameter too many
(assert_invalid
  (component
    (core module $M
      (func (export "f") (param i32) (unreachable)))
    (core instance $m (instantiate $M))
    (func  (canon lift (core func $m "f"))))
  "type")

;; text: Flattening: a core result too many
(assert_invalid
  (component
    (core module $M
      (func (export "f") (result i32) (unreachable)))
    (core instance $m (instantiate $M))
    (func  (canon lift (core func $m "f"))))
  "type")

;; text: Flattening: `bool` is an `i32`
(component definition
  (core module $M
    (func (export "f") (param i32) (result i32) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "x" bool) (result bool) (canon lift (core func $m "f"))))

;; text: Flattening: `s8` is an `i32`
(component definition
  (core module $M
    (func (export "f") (param i32) (result i32) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "x" s8) (result s8) (canon lift (core func $m "f"))))

;; text: Flattening: `u8` is an `i32`
(component definition
  (core module $M
    (func (export "f") (param i32) (result i32) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "x" u8) (result u8) (canon lift (core func $m "f"))))

;; text: Flattening: `s16` is an `i32`
(component definition
  (core module $M
    (func (export "f") (param i32) (result i32) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "x" s16) (result s16) (canon lift (core func $m "f"))))

;; text: Flattening: `u16` is an `i32`
(component definition
  (core module $M
    (func (export "f") (param i32) (result i32) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "x" u16) (result u16) (canon lift (core func $m "f"))))

;; text: Flattening: `s32` is an `i32`
(component definition
  (core module $M
    (func (export "f") (param i32) (result i32) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "x" s32) (result s32) (canon lift (core func $m "f"))))

;; text: Flattening: `u32` is an `i32`
(component definition
  (core module $M
    (func (export "f") (param i32) (result i32) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "x" u32) (result u32) (canon lift (core func $m "f"))))

;; text: Flattening: `s64` is an `i64`
(component definition
  (core module $M
    (func (export "f") (param i64) (result i64) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "x" s64) (result s64) (canon lift (core func $m "f"))))

;; text: Flattening: `u64` is an `i64`
(component definition
  (core module $M
    (func (export "f") (param i64) (result i64) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "x" u64) (result u64) (canon lift (core func $m "f"))))

;; text: Flattening: `f32` is an `f32`
(component definition
  (core module $M
    (func (export "f") (param f32) (result f32) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "x" f32) (result f32) (canon lift (core func $m "f"))))

;; text: Flattening: `f64` is an `f64`
(component definition
  (core module $M
    (func (export "f") (param f64) (result f64) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "x" f64) (result f64) (canon lift (core func $m "f"))))

;; text: Flattening: `char` is an `i32`
(component definition
  (core module $M
    (func (export "f") (param i32) (result i32) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "x" char) (result char) (canon lift (core func $m "f"))))

;; text: Flattening: `u32` is no `i64`
(assert_invalid
  (component
    (core module $M
      (func (export "f") (param i64) (unreachable)))
    (core instance $m (instantiate $M))
    (func (param "x" u32) (canon lift (core func $m "f"))))
  "type")

;; text: Flattening: `f32` is no `i32`
(assert_invalid
  (component
    (core module $M
      (func (export "f") (param i32) (unreachable)))
    (core instance $m (instantiate $M))
    (func (param "x" f32) (canon lift (core func $m "f"))))
  "type")

;; text: Flattening: a string is two core parameters, and one pointer as a result
(component definition
  (core module $M
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable))
    (func (export "f") (param i32 i32) (result i32) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "s" string) (result string) (canon lift (core func $m "f") (memory $m "memory") (realloc (func $m "realloc")))))

;; text: Flattening: a string is not two core results
(assert_invalid
  (component
    (core module $M
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable))
      (func (export "f") (param i32 i32) (result i32 i32) (unreachable)))
    (core instance $m (instantiate $M))
    (func (param "s" string) (result string) (canon lift (core func $m "f") (memory $m "memory") (realloc (func $m "realloc")))))
  "type")

;; text: Flattening: tuples in a row
(component definition
  (core module $M
    (func (export "f") (param i32 i64 f32) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "r" (tuple u8 (tuple u64 f32))) (canon lift (core func $m "f"))))

;; text: Flattening: the one case of a variant keeps its core type
(assert_invalid
  (component
    (core module $M
      (func (export "f") (param i32 i32) (unreachable)))
    (core instance $m (instantiate $M))
    (func (param "o" (option f32)) (canon lift (core func $m "f"))))
  "type")

;; text: Flattening: a discriminant and a payload
(component definition
  (core module $M
    (func (export "f") (param i32 f32) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "o" (option f32)) (canon lift (core func $m "f"))))

;; text: Flattening: `i32` and `f32` join to `i32`
(component definition
  (core module $M
    (func (export "f") (param i32 i32) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "o" (result u32 (error f32))) (canon lift (core func $m "f"))))

;; text: Flattening: `i32` and `i64` join to `i64`
(component definition
  (core module $M
    (func (export "f") (param i32 i64) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "o" (result u32 (error u64))) (canon lift (core func $m "f"))))

;; text: Flattening: `f64` and `f32` join to `i64`
(component definition
  (core module $M
    (func (export "f") (param i32 i64) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "o" (result f64 (error f32))) (canon lift (core func $m "f"))))

;; text: Flattening: `f64` and `i64` do not join to `f64`
(assert_invalid
  (component
    (core module $M
      (func (export "f") (param i32 f64) (unreachable)))
    (core instance $m (instantiate $M))
    (func (param "o" (result f64 (error u64))) (canon lift (core func $m "f"))))
  "type")

;; text: Flattening: the longest case counts, position for position
(component definition
  (core module $M
    (func (export "f") (param i32 i32 i64) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "o" (result (tuple u32 u64) (error u8))) (canon lift (core func $m "f"))))

;; text: Flattening: 16 core parameters
(component definition
  (core module $M
    (func (export "f") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "p" (tuple u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32)) (canon lift (core func $m "f"))))

;; text: Flattening: 16 core parameters are not a pointer
(assert_invalid
  (component
    (core module $M
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable))
      (func (export "f") (param i32) (unreachable)))
    (core instance $m (instantiate $M))
    (func (param "p" (tuple u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32)) (canon lift (core func $m "f") (memory $m "memory") (realloc (func $m "realloc")))))
  "type")

;; text: Flattening: 17 core parameters are a pointer
(assert_invalid
  (component
    (core module $M
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable))
      (func (export "f") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (unreachable)))
    (core instance $m (instantiate $M))
    (func (param "p" (tuple u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32)) (canon lift (core func $m "f") (memory $m "memory") (realloc (func $m "realloc")))))
  "type")

;; text: Flattening: a pointer for 17
(component definition
  (core module $M
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable))
    (func (export "f") (param i32) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "p" (tuple u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32)) (canon lift (core func $m "f") (memory $m "memory") (realloc (func $m "realloc")))))

;; text: Flattening: the parameters are counted together
(component definition
  (core module $M
    (func (export "f") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "a" u32) (param "p" (tuple u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32)) (canon lift (core func $m "f"))))
