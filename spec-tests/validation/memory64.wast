;; 🐘 With a 64-bit memory, the Canonical ABI's pointers and lengths are `i64`: in
;; `realloc`, in strings, lists, and in the pointers that stand for many values.
;; Text: CanonicalABI.md, "canonopt Validation", "Flattening".

;; text: canonopt Validation: a `realloc` of 64-bit addresses
(component definition
  (core module $M
    (memory (export "memory") i64 1)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) (unreachable))
    (func (export "f") (param i64 i64) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "s" string) (canon lift (core func $m "f") (memory $m "memory") (realloc (func $m "realloc")))))

;; text: canonopt Validation: a `realloc` of 32-bit addresses
(assert_invalid
  (component
    (core module $M
      (memory (export "memory") i64 1)
      (func (export "realloc32") (param i32 i32 i32 i32) (result i32) (unreachable))
      (func (export "f") (param i64 i64) (unreachable)))
    (core instance $m (instantiate $M))
    (func (param "s" string) (canon lift (core func $m "f")
      (memory $m "memory") (realloc (func $m "realloc32")))))
  "realloc")

;; text: Flattening: a string is not two `i32`
(assert_invalid
  (component
    (core module $M
      (memory (export "memory") i64 1)
      (func (export "realloc") (param i64 i64 i64 i64) (result i64) (unreachable))
      (func (export "f") (param i32 i32) (unreachable)))
    (core instance $m (instantiate $M))
    (func (param "s" string) (canon lift (core func $m "f") (memory $m "memory") (realloc (func $m "realloc")))))
  "type")

;; text: Flattening: a list, and one pointer as the result
(component definition
  (core module $M
    (memory (export "memory") i64 1)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) (unreachable))
    (func (export "f") (param i64 i64) (result i64) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "l" (list u8)) (result (list u8)) (canon lift (core func $m "f") (memory $m "memory") (realloc (func $m "realloc")))))

;; text: Flattening: the pointer to a result is no `i32`
(assert_invalid
  (component
    (core module $M
      (memory (export "memory") i64 1)
      (func (export "realloc") (param i64 i64 i64 i64) (result i64) (unreachable))
      (func (export "f") (result i32) (unreachable)))
    (core instance $m (instantiate $M))
    (func (result string) (canon lift (core func $m "f") (memory $m "memory") (realloc (func $m "realloc")))))
  "type")

;; text: Flattening: a pointer to 17 values
(component definition
  (core module $M
    (memory (export "memory") i64 1)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) (unreachable))
    (func (export "f") (param i64) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "p" (tuple u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32)) (canon lift (core func $m "f") (memory $m "memory") (realloc (func $m "realloc")))))

;; text: Flattening: a pointer to 17 values is no `i32`
(assert_invalid
  (component
    (core module $M
      (memory (export "memory") i64 1)
      (func (export "realloc") (param i64 i64 i64 i64) (result i64) (unreachable))
      (func (export "f") (param i32) (unreachable)))
    (core instance $m (instantiate $M))
    (func (param "p" (tuple u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32)) (canon lift (core func $m "f") (memory $m "memory") (realloc (func $m "realloc")))))
  "type")

;; text: Flattening: handles stay `i32`
(component definition
  (core module $M
    (memory (export "memory") i64 1)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) (unreachable))
    (func (export "f") (param i32) (unreachable)))
  (core instance $m (instantiate $M))
  (import "r" (type $R (sub resource)))
  (func (param "r" (own $R)) (canon lift (core func $m "f") (memory $m "memory") (realloc (func $m "realloc")))))

;; text: Flattening: a string joins `i64` and `i32` to `i64`
(component definition
  (core module $M
    (memory (export "memory") i64 1)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) (unreachable))
    (func (export "f") (param i32 i64 i64) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "s" (result string (error u32))) (canon lift (core func $m "f") (memory $m "memory") (realloc (func $m "realloc")))))

;; text: canon lift: a `post-return` that takes a 64-bit pointer
(component definition
  (core module $M
    (memory (export "memory") i64 1)
    (func (export "f") (param i64) (unreachable)))
  (core instance $m (instantiate $M))
  (core module $N (func (export "g") (result i64) (unreachable)))
  (core instance $n (instantiate $N))
  (func (result string) (canon lift (core func $n "g")
    (memory $m "memory") (post-return (func $m "f")))))
