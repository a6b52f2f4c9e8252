;; Which options `canon lift` and `canon lower` need for which types.
;; Text: CanonicalABI.md, "canonopt Validation", "canon lift", "canon lower".

;; text: canon lift: a string parameter with `memory` and `realloc`
(component definition
  (core module $M
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable))
    (func (export "ii") (param i32 i32)))
  (core instance $m (instantiate $M))
  (func (param "s" string) (canon lift (core func $m "ii")
    (memory $m "memory") (realloc (func $m "realloc")))))

;; text: canon lift: a string parameter without `realloc`
(assert_invalid
  (component
    (core module $M
      (memory (export "memory") 1)
      (func (export "ii") (param i32 i32)))
    (core instance $m (instantiate $M))
    (func (param "s" string) (canon lift (core func $m "ii") (memory $m "memory"))))
  "realloc")

;; text: canon lift: a list parameter without `realloc`
(assert_invalid
  (component
    (core module $M
      (memory (export "memory") 1)
      (func (export "ii") (param i32 i32)))
    (core instance $m (instantiate $M))
    (func (param "s" (list u8)) (canon lift (core func $m "ii") (memory $m "memory"))))
  "realloc")

;; text: canon lift: a string parameter without `memory`
(assert_invalid
  (component
    (core module $M
      (func (export "ii") (param i32 i32)))
    (core instance $m (instantiate $M))
    (func (param "s" string) (canon lift (core func $m "ii"))))
  "memory")

;; text: canon lift: a string result with `memory` alone
(component definition
  (core module $M
    (memory (export "memory") 1)
    (func (export "r") (result i32) (unreachable)))
  (core instance $m (instantiate $M))
  (func (result string) (canon lift (core func $m "r") (memory $m "memory"))))

;; text: canon lift: a string result without `memory`
(assert_invalid
  (component
    (core module $M
      (func (export "r") (result i32) (unreachable)))
    (core instance $m (instantiate $M))
    (func (result string) (canon lift (core func $m "r"))))
  "memory")

;; text: canon lift: a result of one core value needs no `memory`
(component definition
  (core module $M
    (func (export "r") (result i32) (unreachable)))
  (core instance $m (instantiate $M))
  (func (result (tuple (tuple u32))) (canon lift (core func $m "r"))))

;; text: canon lift: a result of two core values without `memory`
(assert_invalid
  (component
    (core module $M
      (func (export "r") (result i32) (unreachable)))
    (core instance $m (instantiate $M))
    (func (result (tuple u32 u32)) (canon lift (core func $m "r"))))
  "memory")

;; text: canon lift: a string hidden in a variant, without `realloc`
(assert_invalid
  (component
    (core module $M
      (memory (export "memory") 1)
      (func (export "short") (param i32 i32 i32) (result i32) (unreachable)))
    (core instance $m (instantiate $M))
    (func (param "o" (option string)) (canon lift (core func $m "short") (memory $m "memory"))))
  "realloc")

;; text: canon lower: a string parameter with `memory` alone
(component definition
  (core module $M
    (memory (export "memory") 1))
  (core instance $m (instantiate $M))
  (import "f" (func $f (param "s" string)))
  (core func (canon lower (func $f) (memory $m "memory"))))

;; text: canon lower: a string parameter without `memory`
(assert_invalid
  (component
    (import "f" (func $f (param "s" string)))
    (core func (canon lower (func $f))))
  "memory")

;; text: canon lower: a string result with `memory` and `realloc`
(component definition
  (core module $M
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable)))
  (core instance $m (instantiate $M))
  (import "f" (func $f (result string)))
  (core func (canon lower (func $f) (memory $m "memory") (realloc (func $m "realloc")))))

;; text: canon lower: a string result without `realloc`
(assert_invalid
  (component
    (core module $M
      (memory (export "memory") 1))
    (core instance $m (instantiate $M))
    (import "f" (func $f (result string)))
    (core func (canon lower (func $f) (memory $m "memory"))))
  "realloc")

;; text: canon lower: a list result without `realloc`
(assert_invalid
  (component
    (core module $M
      (memory (export "memory") 1))
    (core instance $m (instantiate $M))
    (import "f" (func $f (result (list u8))))
    (core func (canon lower (func $f) (memory $m "memory"))))
  "realloc")

;; text: canon lower: a string result without `memory`
(assert_invalid
  (component
    (import "f" (func $f (result string)))
    (core func (canon lower (func $f))))
  "memory")

;; text: canon lower: a result of one core value
(component definition
  (import "f" (func $f (result (tuple u32))))
  (core func (canon lower (func $f))))

;; text: canon lower: a result of two core values without `memory`
(assert_invalid
  (component
    (import "f" (func $f (result (tuple u32 u32))))
    (core func (canon lower (func $f))))
  "memory")

;; text: canon lower: a result of two core values needs no `realloc`, since the caller gives the place
(component definition
  (core module $M
    (memory (export "memory") 1))
  (core instance $m (instantiate $M))
  (import "f" (func $f (result (tuple u32 u32))))
  (core func (canon lower (func $f) (memory $m "memory"))))

;; text: canon lower: 16 core parameters need no `memory`
(component definition
  (import "f" (func $f (param "p" (tuple u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32))))
  (core func (canon lower (func $f))))

;; text: canon lower: 17 core parameters without `memory`
(assert_invalid
  (component
    (import "f" (func $f (param "p" (tuple u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32))))
    (core func (canon lower (func $f))))
  "memory")

;; text: canon lower: 17 core parameters need no `realloc`, since the caller has them in memory
(component definition
  (core module $M
    (memory (export "memory") 1))
  (core instance $m (instantiate $M))
  (import "f" (func $f (param "p" (tuple u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32))))
  (core func (canon lower (func $f) (memory $m "memory"))))

;; text: canon lift: 17 core parameters with `realloc`
(component definition
  (core module $M
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable))
    (func (export "i") (param i32)))
  (core instance $m (instantiate $M))
  (func (param "p" (tuple u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32)) (canon lift (core func $m "i")
    (memory $m "memory") (realloc (func $m "realloc")))))

;; text: canon lift: 17 core parameters without `realloc`
(assert_invalid
  (component
    (core module $M
      (memory (export "memory") 1)
      (func (export "i") (param i32)))
    (core instance $m (instantiate $M))
    (func (param "p" (tuple u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32)) (canon lift (core func $m "i")
      (memory $m "memory"))))
  "realloc")
