;; 🐘 With a 64-bit memory, `post-return` is given a 64-bit pointer.
;; Text: CanonicalABI.md, "canon lift", "Flattening".

;; text: canon lift: a result in a 64-bit memory
(component definition $D
  (core module $M
    (memory (export "memory") i64 1)
    (global $last (mut i64) (i64.const 0))
    (data (i64.const 128) "\c8\00\00\00\00\00\00\00\02\00\00\00\00\00\00\00")
    (data (i64.const 200) "ok")
    (func (export "a-string") (result i64) (i64.const 128))
    (func (export "after") (param i64)
      (i64.store (i64.const 128) (i64.const -1))
      (global.set $last (local.get 0)))
    (func (export "last") (result i64) (global.get $last)))
  (core instance $m (instantiate $M))
  (func (export "a-string") (result string) (canon lift (core func $m "a-string")
    (memory $m "memory") (post-return (func $m "after"))))
  (func (export "last") (result u64) (canon lift (core func $m "last"))))

;; text: Instance Definitions: a fresh instance
(component instance $d $D)

;; rule: lift/post-return holds
(assert_return (invoke $d "a-string") (str.const "ok"))

;; rule: lift/post-return does not hold
(assert_return (invoke $d "last") (u64.const 128))
