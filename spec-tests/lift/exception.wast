;; A core exception cannot cross a component function: where the Canonical ABI
;; called the core function that threw it, it becomes a trap, which no handler
;; of the caller catches.
;; Text: CanonicalABI.md, "canon lift" (`call_and_trap_on_throw`).

;; In C, `throws` throws, `catches` throws and catches, `after` and
;; `reallocates` throw in `post-return` and `realloc`. User calls each
;; inside a handler for everything, and answers 1 when it has caught something.
;; text: canon lift: a caller with a handler, and a callee that throws
(component definition $P
  (component $C
    (core module $M
      (memory (export "memory") 1)
      (tag $oops (param i32))
      (func (export "throws") (throw $oops (i32.const 1)))
      (func (export "catches") (result i32)
        (block $caught (result i32)
          (try_table (result i32) (catch $oops $caught)
            (throw $oops (i32.const 6)))))
      (func (export "quiet"))
      (func (export "after") (throw $oops (i32.const 2)))
      (func (export "take") (param i32 i32))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (throw $oops (i32.const 3))))
    (core instance $m (instantiate $M))
    (func (export "throws") (canon lift (core func $m "throws")))
    (func (export "catches") (result u32) (canon lift (core func $m "catches")))
    (func (export "after") (canon lift (core func $m "quiet")
      (post-return (func $m "after"))))
    (func (export "reallocates") (param "s" string) (canon lift (core func $m "take")
      (memory $m "memory") (realloc (func $m "realloc")))))
  (instance $c (instantiate $C))
  (component $User
    (import "c" (instance $c
      (export "throws" (func))
      (export "catches" (func (result u32)))
      (export "after" (func))
      (export "reallocates" (func (param "s" string)))))
    (core module $Memory (memory (export "memory") 1))
    (core instance $memory (instantiate $Memory))
    (core func $throws (canon lower (func $c "throws")))
    (core func $catches (canon lower (func $c "catches")))
    (core func $after (canon lower (func $c "after")))
    (core func $reallocates (canon lower (func $c "reallocates") (memory $memory "memory")))
    (core module $M
      (import "" "throws" (func $throws))
      (import "" "catches" (func $catches (result i32)))
      (import "" "after" (func $after))
      (import "" "reallocates" (func $reallocates (param i32 i32)))
      (func (export "throws") (result i32)
        (block $caught
          (try_table (catch_all $caught) (call $throws))
          (return (i32.const 0)))
        (i32.const 1))
      (func (export "catches") (result i32)
        (block $caught
          (try_table (catch_all $caught) (return (call $catches))))
        (i32.const 1))
      (func (export "after") (result i32)
        (block $caught
          (try_table (catch_all $caught) (call $after))
          (return (i32.const 0)))
        (i32.const 1))
      (func (export "reallocates") (result i32)
        (block $caught
          (try_table (catch_all $caught) (call $reallocates (i32.const 0) (i32.const 1)))
          (return (i32.const 0)))
        (i32.const 1)))
    (core instance $m (instantiate $M (with "" (instance
      (export "throws" (func $throws)) (export "catches" (func $catches))
      (export "after" (func $after)) (export "reallocates" (func $reallocates))))))
    (func (export "throws") (result u32) (canon lift (core func $m "throws")))
    (func (export "catches") (result u32) (canon lift (core func $m "catches")))
    (func (export "after") (result u32) (canon lift (core func $m "after")))
    (func (export "reallocates") (result u32) (canon lift (core func $m "reallocates"))))
  (instance $user (instantiate $User (with "c" (instance $c))))
  (export "throws" (func $user "throws"))
  (export "catches" (func $user "catches"))
  (export "after" (func $user "after"))
  (export "reallocates" (func $user "reallocates"))
  (export "c-throws" (func $c "throws")))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; Inside a component, exceptions are core WebAssembly's own matter.
;; rule: lift/exception does not hold
(assert_return (invoke $p "catches") (u32.const 6))

;; rule: lift/exception holds
(assert_trap (invoke $p "throws") "lift/exception")

;; text: Instance Definitions: a fresh instance
(component instance $p2 $P)

;; In `post-return`.
;; rule: lift/exception holds
(assert_trap (invoke $p2 "after") "lift/exception")

;; text: Instance Definitions: a fresh instance
(component instance $p3 $P)

;; In `realloc`.
;; rule: lift/exception holds
(assert_trap (invoke $p3 "reallocates") "lift/exception")

;; text: Instance Definitions: a fresh instance
(component instance $p4 $P)

;; Called by the host.
;; rule: lift/exception holds
(assert_trap (invoke $p4 "c-throws") "lift/exception")
