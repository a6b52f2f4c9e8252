;; `post-return` is called once after each call, with the core results of the
;; function as its parameters, when the result has already been read. A function
;; without one has nothing called.
;; Text: CanonicalABI.md, "canon lift".

;; `log` answers what `post-return` was last given and how often it was called.
;; text: canon lift: functions with each kind of core result
(component definition $D
  (core module $M
    (memory (export "memory") 1)
    (global $calls (mut i32) (i32.const 0))
    (global $last (mut i64) (i64.const 0))
    (func $note (param i64)
      (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (global.set $last (local.get 0)))
    ;; (calls: u32, last: u64), at 64
    (func (export "log") (result i32)
      (i32.store (i32.const 64) (global.get $calls))
      (i64.store (i32.const 72) (global.get $last))
      (i32.const 64))
    (func (export "nothing"))
    (func (export "after-nothing") (call $note (i64.const 0)))
    (func (export "a-u32") (param i32) (result i32) (local.get 0))
    (func (export "after-i32") (param i32) (call $note (i64.extend_i32_u (local.get 0))))
    (func (export "a-u64") (param i64) (result i64) (local.get 0))
    (func (export "after-i64") (param i64) (call $note (local.get 0)))
    (func (export "a-f32") (param f32) (result f32) (local.get 0))
    (func (export "after-f32") (param f32)
      (call $note (i64.extend_i32_u (i32.reinterpret_f32 (local.get 0)))))
    (func (export "a-f64") (param f64) (result f64) (local.get 0))
    (func (export "after-f64") (param f64)
      (call $note (i64.reinterpret_f64 (local.get 0))))
    ;; the string is at 200, its pointer and length at 128
    (func (export "a-string") (result i32)
      (i32.store (i32.const 128) (i32.const 200))
      (i32.store (i32.const 132) (i32.const 2))
      (i32.store16 (i32.const 200) (i32.const 0x6b6f))
      (i32.const 128))
    ;; the result has been read: to wipe it changes nothing
    (func (export "after-string") (param i32)
      (i32.store16 (i32.const 200) (i32.const 0xffff))
      (i64.store (i32.const 128) (i64.const -1))
      (call $note (i64.extend_i32_u (local.get 0))))
    ;; a core result whose upper bits the component's type does not keep
    (func (export "a-u8") (result i32) (i32.const 0x12ff)))
  (core instance $m (instantiate $M))
  (func (export "log") (result (tuple u32 u64))
    (canon lift (core func $m "log") (memory $m "memory")))
  (func (export "nothing") (canon lift (core func $m "nothing")
    (post-return (func $m "after-nothing"))))
  (func (export "a-u32") (param "v" u32) (result u32) (canon lift (core func $m "a-u32")
    (post-return (func $m "after-i32"))))
  (func (export "a-u32-plain") (param "v" u32) (result u32) (canon lift (core func $m "a-u32")))
  (func (export "a-u64") (param "v" u64) (result u64) (canon lift (core func $m "a-u64")
    (post-return (func $m "after-i64"))))
  (func (export "a-f32") (param "v" f32) (result f32) (canon lift (core func $m "a-f32")
    (post-return (func $m "after-f32"))))
  (func (export "a-f64") (param "v" f64) (result f64) (canon lift (core func $m "a-f64")
    (post-return (func $m "after-f64"))))
  (func (export "a-string") (result string) (canon lift (core func $m "a-string")
    (memory $m "memory") (post-return (func $m "after-string"))))
  (func (export "a-u8") (result u8) (canon lift (core func $m "a-u8")
    (post-return (func $m "after-i32")))))

;; text: Instance Definitions: a fresh instance
(component instance $d $D)

;; rule: lift/post-return does not hold
(assert_return (invoke $d "a-u32-plain" (u32.const 5)) (u32.const 5))

;; rule: lift/post-return does not hold
(assert_return (invoke $d "log") (tuple.const (u32.const 0) (u64.const 0)))

;; rule: lift/post-return holds
(assert_return (invoke $d "nothing"))

;; rule: lift/post-return does not hold
(assert_return (invoke $d "log") (tuple.const (u32.const 1) (u64.const 0)))

;; rule: lift/post-return holds
(assert_return (invoke $d "a-u32" (u32.const 4294967295)) (u32.const 4294967295))

;; rule: lift/post-return does not hold
(assert_return (invoke $d "log") (tuple.const (u32.const 2) (u64.const 4294967295)))

;; rule: lift/post-return holds
(assert_return (invoke $d "a-u64" (u64.const 0x8000000000000001)) (u64.const 0x8000000000000001))

;; rule: lift/post-return does not hold
(assert_return (invoke $d "log") (tuple.const (u32.const 3) (u64.const 0x8000000000000001)))

;; rule: lift/post-return holds
(assert_return (invoke $d "a-f32" (f32.const 1.5)) (f32.const 1.5))

;; rule: lift/post-return does not hold
(assert_return (invoke $d "log") (tuple.const (u32.const 4) (u64.const 0x3fc00000)))

;; rule: lift/post-return holds
(assert_return (invoke $d "a-f64" (f64.const -2)) (f64.const -2))

;; rule: lift/post-return does not hold
(assert_return (invoke $d "log") (tuple.const (u32.const 5) (u64.const 0xc000000000000000)))

;; What is in memory is given as the pointer to it.
;; rule: lift/post-return holds
(assert_return (invoke $d "a-string") (str.const "ok"))

;; rule: lift/post-return does not hold
(assert_return (invoke $d "log") (tuple.const (u32.const 6) (u64.const 128)))

;; The core result, not the value that it stands for.
;; rule: lift/post-return holds
(assert_return (invoke $d "a-u8") (u8.const 255))

;; rule: lift/post-return does not hold
(assert_return (invoke $d "log") (tuple.const (u32.const 7) (u64.const 0x12ff)))
