;; A synchronous call of a function that returns without blocking does not give other
;; threads a chance to run, whatever its type.
;; Text: CanonicalABI.md, "canon lower", "canon lift".

;; text: canon lower: calls with another thread ready
(component definition $T
  (component $C
    (core func $return (canon task.return))
    (core module $M
      (import "" "return" (func $return))
      (func (export "plain"))
      (func (export "stackful") (call $return))
      (func (export "callback-start") (result i32) (call $return) (i32.const 0))
      (func (export "callback") (param i32 i32 i32) (result i32) (unreachable)))
    (core instance $m (instantiate $M
      (with "" (instance
        (export "return" (func $return))))))
    (func (export "plain") (canon lift (core func $m "plain")))
    (func (export "plain-async") async (canon lift (core func $m "plain")))
    (func (export "stackful") async (canon lift (core func $m "stackful") async))
    (func (export "callback") async
      (canon lift (core func $m "callback-start") async (callback (func $m "callback")))))
  (instance $c (instantiate $C))
  (component $D
    (import "c" (instance $c
      (export "plain" (func))
      (export "plain-async" (func async))
      (export "stackful" (func async))
      (export "callback" (func async))))
    (core module $Libc
      (memory (export "memory") 1)
      (table (export "table") 8 funcref))
    (core instance $libc (instantiate $Libc))
    (core func $plain (canon lower (func $c "plain")))
    (core func $plain-async (canon lower (func $c "plain-async")))
    (core func $stackful (canon lower (func $c "stackful")))
    (core func $callback (canon lower (func $c "callback")))
    (core type $start (func (param i32)))
    (core func $new-thread (canon thread.new-indirect $start (core table $libc "table")))
    (core func $resume-later (canon thread.resume-later))
    (core module $M
      (import "" "new-thread" (func $new-thread (param i32 i32) (result i32)))
      (import "" "resume-later" (func $resume-later (param i32)))
      (import "" "plain" (func $plain))
      (import "" "plain-async" (func $plain-async))
      (import "" "stackful" (func $stackful))
      (import "" "callback" (func $callback))
      (import "libc" "memory" (memory 1))
      (import "libc" "table" (table 8 funcref))
      (global $ran (mut i32) (i32.const 0))
      (func $runs (param i32) (global.set $ran (i32.const 1)))
      (elem (table 0) (i32.const 0) func $runs)
      (func $ready (call $resume-later (call $new-thread (i32.const 0) (i32.const 0))))
      (func (export "plain") (result i32) (call $ready) (call $plain) (global.get $ran))
      (func (export "plain-async") (result i32) (call $ready) (call $plain-async) (global.get $ran))
      (func (export "stackful") (result i32) (call $ready) (call $stackful) (global.get $ran))
      (func (export "callback") (result i32) (call $ready) (call $callback) (global.get $ran)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "new-thread" (func $new-thread)) (export "resume-later" (func $resume-later))
          (export "plain" (func $plain)) (export "plain-async" (func $plain-async))
          (export "stackful" (func $stackful)) (export "callback" (func $callback))))))
    (func (export "plain") (result u32) (canon lift (core func $m "plain")))
    (func (export "plain-from-async") async (result u32) (canon lift (core func $m "plain")))
    (func (export "plain-async") (result u32) (canon lift (core func $m "plain-async")))
    (func (export "plain-async-from-async") async (result u32) (canon lift (core func $m "plain-async")))
    (func (export "stackful") (result u32) (canon lift (core func $m "stackful")))
    (func (export "stackful-from-async") async (result u32) (canon lift (core func $m "stackful")))
    (func (export "callback") (result u32) (canon lift (core func $m "callback")))
    (func (export "callback-from-async") async (result u32) (canon lift (core func $m "callback"))))
  (instance $d (instantiate $D (with "c" (instance $c))))
  (export "plain" (func $d "plain"))
  (export "plain-from-async" (func $d "plain-from-async"))
  (export "plain-async" (func $d "plain-async"))
  (export "plain-async-from-async" (func $d "plain-async-from-async"))
  (export "stackful" (func $d "stackful"))
  (export "stackful-from-async" (func $d "stackful-from-async"))
  (export "callback" (func $d "callback"))
  (export "callback-from-async" (func $d "callback-from-async")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $T)

;; rule: lower/resolved holds
(assert_return (invoke $i1 "plain") (u32.const 0))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $T)

;; rule: lower/resolved holds
(assert_return (invoke $i2 "plain-from-async") (u32.const 0))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $T)

;; rule: lower/resolved holds
(assert_return (invoke $i3 "plain-async") (u32.const 0))

;; text: Instance Definitions: a fresh instance
(component instance $i4 $T)

;; rule: lower/resolved holds
(assert_return (invoke $i4 "plain-async-from-async") (u32.const 0))

;; text: Instance Definitions: a fresh instance
(component instance $i5 $T)

;; rule: lower/resolved holds
(assert_return (invoke $i5 "stackful") (u32.const 0))

;; text: Instance Definitions: a fresh instance
(component instance $i6 $T)

;; rule: lower/resolved holds
(assert_return (invoke $i6 "stackful-from-async") (u32.const 0))

;; text: Instance Definitions: a fresh instance
(component instance $i7 $T)

;; rule: lower/resolved holds
(assert_return (invoke $i7 "callback") (u32.const 0))

;; text: Instance Definitions: a fresh instance
(component instance $i8 $T)

;; rule: lower/resolved holds
(assert_return (invoke $i8 "callback-from-async") (u32.const 0))
