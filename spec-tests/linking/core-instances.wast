;; A core instance can be made of exports of others, under other names: functions,
;; memories, tables, globals and tags. What is shared is one and the same.
;; Text: Explainer.md, "Instance Definitions".

;; `Parts` owns one of each. `User` imports them through a synthesised instance,
;; which joins them with a function of another module, under new names.
;; text: Instance Definitions: a core instance that is put together
(component definition $D
  (core module $Parts
    (memory (export "memory") 1)
    (global (export "global") (mut i32) (i32.const 5))
    (table (export "table") 2 funcref)
    (tag $tag (export "tag") (param i32))
    (func $six (export "six") (result i32) (i32.const 6))
    (elem (i32.const 0) $six)
    (func (export "throw") (param i32) (throw $tag (local.get 0)))
    (func (export "global-now") (result i32) (global.get 0))
    (func (export "memory-now") (result i32) (i32.load (i32.const 8)))
    (func (export "called") (result i32) (call_indirect (result i32) (i32.const 1))))
  (core module $Other (func (export "f") (result i32) (i32.const 7)))
  (core instance $parts (instantiate $Parts))
  (core instance $other (instantiate $Other))
  (core instance $made
    (export "m" (memory $parts "memory"))
    (export "g" (global $parts "global"))
    (export "t" (table $parts "table"))
    (export "e" (tag $parts "tag"))
    (export "throw" (func $parts "throw"))
    (export "f" (func $other "f"))
    (export "f again" (func $other "f")))
  (core module $User
    (import "made" "m" (memory 1))
    (import "made" "g" (global $g (mut i32)))
    (import "made" "t" (table $t 2 funcref))
    (import "made" "e" (tag $tag (param i32)))
    (import "made" "throw" (func $throw (param i32)))
    (import "made" "f" (func $f (result i32)))
    (import "made" "f again" (func $f2 (result i32)))
    (import "" "f" (func $f3 (result i32)))
    (elem (table $t) (i32.const 1) func $f)
    (func (export "run") (result i32)
      (global.set $g (i32.add (global.get $g) (i32.const 1)))
      (i32.store (i32.const 8) (i32.const 88))
      (i32.add
        (i32.mul (call_indirect (result i32) (i32.const 0)) (i32.const 100))
        (i32.add (i32.add (call $f) (call $f2)) (call $f3))))
    (func (export "caught") (result i32)
      (block $caught (result i32)
        (try_table (catch $tag $caught) (call $throw (i32.const 42)))
        (i32.const 0))))
  (core instance $user (instantiate $User
    (with "made" (instance $made)) (with "" (instance $other))))
  (func (export "run") (result u32) (canon lift (core func $user "run")))
  (func (export "caught") (result u32) (canon lift (core func $user "caught")))
  (func (export "global") (result u32) (canon lift (core func $parts "global-now")))
  (func (export "memory") (result u32) (canon lift (core func $parts "memory-now")))
  (func (export "called") (result u32) (canon lift (core func $parts "called"))))

;; text: Instance Definitions: a fresh instance
(component instance $d $D)

;; Active segments were applied through the synthesised instance.
;; rule: instance/may-enter does not hold
(assert_return (invoke $d "called") (u32.const 7))

;; rule: instance/may-enter does not hold
(assert_return (invoke $d "run") (u32.const 621))

;; The writes are seen by the owner.
;; rule: instance/may-enter does not hold
(assert_return (invoke $d "global") (u32.const 6))

;; rule: instance/may-enter does not hold
(assert_return (invoke $d "memory") (u32.const 88))

;; The tag is the same tag.
;; rule: lift/exception does not hold
(assert_return (invoke $d "caught") (u32.const 42))

;; text: Instance Definitions: two exports of one name
(assert_invalid
  (component
    (core module $M (func (export "f")))
    (core instance $m (instantiate $M))
    (core instance (export "f" (func $m "f")) (export "f" (func $m "f"))))
  "export name `f` already defined")

;; text: Instance Definitions: an import that no argument answers
(assert_invalid
  (component
    (core module $M (import "a" "f" (func)))
    (core instance (instantiate $M)))
  "missing module instantiation argument")

;; text: Instance Definitions: an argument without the export that is asked for
(assert_invalid
  (component
    (core module $M (import "a" "f" (func)))
    (core instance $empty)
    (core instance (instantiate $M (with "a" (instance $empty)))))
  "no export named `f`")

;; text: Instance Definitions: an export of another type
(assert_invalid
  (component
    (core module $M (func (export "f") (param i32)))
    (core module $N (import "a" "f" (func)))
    (core instance $m (instantiate $M))
    (core instance (instantiate $N (with "a" (instance $m)))))
  "expected")

;; text: Instance Definitions: two arguments of one name
(assert_invalid
  (component
    (core module $M (import "a" "f" (func)))
    (core module $F (func (export "f")))
    (core instance $f (instantiate $F))
    (core instance (instantiate $M (with "a" (instance $f)) (with "a" (instance $f)))))
  "duplicate module instantiation argument")
