;; Which options canonical definitions take, how often, and of which types.
;; Text: CanonicalABI.md, "canonopt Validation", "canon lift" (`post-return`).

;; text: canonopt Validation: every option that `canon lift` takes, in any order
(component definition
  (core module $M
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable))
    (func (export "i") (param i32))
    (func (export "lift") (param i32 i32) (result i32) (unreachable)))
  (core instance $m (instantiate $M))
  (func (param "s" string) (result string)
    (canon lift (core func $m "lift")
      (post-return (func $m "i")) (realloc (func $m "realloc")) string-encoding=utf16
      (memory $m "memory"))))

;; text: canonopt Validation: `string-encoding` twice, utf8 and utf8
(assert_invalid
  (component
    (core module $M
      (func (export "nothing")))
    (core instance $m (instantiate $M))
    (func (canon lift (core func $m "nothing")
      string-encoding=utf8 string-encoding=utf8)))
  "specified more than once")

;; text: canonopt Validation: `string-encoding` twice, utf8 and utf16
(assert_invalid
  (component
    (core module $M
      (func (export "nothing")))
    (core instance $m (instantiate $M))
    (func (canon lift (core func $m "nothing")
      string-encoding=utf8 string-encoding=utf16)))
  "conflicts with option")

;; text: canonopt Validation: `string-encoding` twice, latin1+utf16 and latin1+utf16
(assert_invalid
  (component
    (core module $M
      (func (export "nothing")))
    (core instance $m (instantiate $M))
    (func (canon lift (core func $m "nothing")
      string-encoding=latin1+utf16 string-encoding=latin1+utf16)))
  "specified more than once")

;; text: canonopt Validation: `memory` twice
(assert_invalid
  (component
    (core module $M
      (memory (export "memory") 1)
      (func (export "nothing")))
    (core instance $m (instantiate $M))
    (func (canon lift (core func $m "nothing")
      (memory $m "memory") (memory $m "memory"))))
  "specified more than once")

;; text: canonopt Validation: `realloc` twice
(assert_invalid
  (component
    (core module $M
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable))
      (func (export "nothing")))
    (core instance $m (instantiate $M))
    (func (canon lift (core func $m "nothing")
      (memory $m "memory") (realloc (func $m "realloc")) (realloc (func $m "realloc")))))
  "specified more than once")

;; text: canonopt Validation: `post-return` twice
(assert_invalid
  (component
    (core module $M
      (func (export "nothing")))
    (core instance $m (instantiate $M))
    (func (canon lift (core func $m "nothing")
      (post-return (func $m "nothing")) (post-return (func $m "nothing")))))
  "specified more than once")

;; text: canonopt Validation: `realloc` without `memory`
(assert_invalid
  (component
    (core module $M
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable))
      (func (export "nothing")))
    (core instance $m (instantiate $M))
    (func (canon lift (core func $m "nothing") (realloc (func $m "realloc")))))
  "memory")

;; text: canonopt Validation: `realloc` of another type
(assert_invalid
  (component
    (core module $M
      (memory (export "memory") 1)
      (func (export "short") (param i32 i32 i32) (result i32) (unreachable))
      (func (export "nothing")))
    (core instance $m (instantiate $M))
    (func (canon lift (core func $m "nothing")
      (memory $m "memory") (realloc (func $m "short")))))
  "realloc")

;; text: canonopt Validation: options that are not needed may be there
(component definition
  (core module $M
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable))
    (func (export "nothing")))
  (core instance $m (instantiate $M))
  (func (canon lift (core func $m "nothing")
    (memory $m "memory") (realloc (func $m "realloc")) string-encoding=latin1+utf16
    (post-return (func $m "nothing")))))

;; text: canonopt Validation: `post-return` with `canon lower`
(assert_invalid
  (component
    (core module $M
      (func (export "nothing")))
    (core instance $m (instantiate $M))
    (import "f" (func $f))
    (core func (canon lower (func $f) (post-return (func $m "nothing")))))
  "post-return")

;; text: canon lift: a `post-return` that takes the core result
(component definition
  (core module $M
    (func (export "i") (param i32))
    (func (export "r") (result i32) (unreachable)))
  (core instance $m (instantiate $M))
  (func (result u32) (canon lift (core func $m "r") (post-return (func $m "i")))))

;; text: canon lift: a `post-return` that takes no core result
(assert_invalid
  (component
    (core module $M
      (func (export "nothing"))
      (func (export "r") (result i32) (unreachable)))
    (core instance $m (instantiate $M))
    (func (result u32) (canon lift (core func $m "r") (post-return (func $m "nothing")))))
  "post-return")

;; text: canon lift: a `post-return` that takes a core result that there is not
(assert_invalid
  (component
    (core module $M
      (func (export "nothing"))
      (func (export "i") (param i32)))
    (core instance $m (instantiate $M))
    (func (canon lift (core func $m "nothing") (post-return (func $m "i")))))
  "post-return")

;; text: canon lift: a `post-return` that returns something
(assert_invalid
  (component
    (core module $M
      (func (export "r") (result i32) (unreachable))
      (func (export "ir") (param i32) (result i32) (unreachable)))
    (core instance $m (instantiate $M))
    (func (result u32) (canon lift (core func $m "r") (post-return (func $m "ir")))))
  "post-return")
