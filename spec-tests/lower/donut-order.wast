;; In which order a synchronous call goes: the caller's arguments are lowered
;; into the callee (its `realloc`), the callee runs, its result is lowered into
;; the caller (the caller's `realloc`), and then `post-return` runs.
;; Text: CanonicalABI.md, "canon lift", "canon lower".

;; A component that calls its own function, so that one log sees both sides. Each
;; step adds a digit: 1 the callee's `realloc`, 2 the callee, 3 the caller's
;; `realloc`, 4 `post-return`, 5 the return to the caller. `sizes` answers the
;; sizes that the two `realloc`s were asked for.
;; text: canon lower: one component on both sides of a call
(component definition $D
  (core module $M
    (type $echo (func (param i32 i32 i32)))
    (memory (export "memory") 1)
    (table (export "slot") 1 funcref)
    (data (i32.const 40) "echo")
    (global $log (mut i32) (i32.const 0))
    (global $sizes (mut i32) (i32.const 0))
    (func $step (param i32)
      (global.set $log (i32.add (i32.mul (global.get $log) (i32.const 10)) (local.get 0))))
    (func $size (param i32)
      (global.set $sizes
        (i32.add (i32.mul (global.get $sizes) (i32.const 10)) (local.get 0))))
    (func (export "callee-realloc") (param i32 i32 i32 i32) (result i32)
      (call $step (i32.const 1)) (call $size (local.get 3)) (i32.const 100))
    (func (export "caller-realloc") (param i32 i32 i32 i32) (result i32)
      (call $step (i32.const 3)) (call $size (local.get 3)) (i32.const 200))
    ;; answers the string without its first byte, in place: (pointer, length) at 16
    (func (export "tail") (param $p i32) (param $n i32) (result i32)
      (call $step (i32.const 2))
      (i32.store (i32.const 16) (i32.add (local.get $p) (i32.const 1)))
      (i32.store (i32.const 20) (i32.sub (local.get $n) (i32.const 1)))
      (i32.const 16))
    (func (export "after") (param i32) (call $step (i32.const 4)))
    (func (export "run") (result i32)
      (call_indirect (type $echo)
        (i32.const 40) (i32.const 4) (i32.const 24) (i32.const 0))
      (call $step (i32.const 5))
      ;; the result: three bytes at 200, the last of them an `o`
      (if (i32.ne (i32.load (i32.const 24)) (i32.const 200)) (then (unreachable)))
      (if (i32.ne (i32.load (i32.const 28)) (i32.const 3)) (then (unreachable)))
      (if (i32.ne (i32.load8_u (i32.const 202)) (i32.const 0x6f)) (then (unreachable)))
      (global.get $log))
    (func (export "sizes") (result i32) (global.get $sizes)))
  (core instance $m (instantiate $M))
  (func $tail (param "s" string) (result string)
    (canon lift (core func $m "tail") (memory $m "memory")
      (realloc (func $m "callee-realloc")) (post-return (func $m "after"))))
  (core func $lowered (canon lower (func $tail) (memory $m "memory")
    (realloc (func $m "caller-realloc"))))
  (core module $Fill
    (import "" "slot" (table 1 funcref))
    (import "" "f" (func $f (param i32 i32 i32)))
    (elem (i32.const 0) $f))
  (core instance (instantiate $Fill (with "" (instance
    (export "slot" (table $m "slot")) (export "f" (func $lowered))))))
  (func (export "run") (result u32) (canon lift (core func $m "run")))
  (func (export "sizes") (result u32) (canon lift (core func $m "sizes"))))

;; text: Instance Definitions: a fresh instance
(component instance $d $D)

;; rule: lift/post-return holds
;; rule: lower/may-leave does not hold
;; rule: instance/may-enter does not hold
(assert_return (invoke $d "run") (u32.const 12345))

;; rule: lift/post-return does not hold
(assert_return (invoke $d "sizes") (u32.const 43))
