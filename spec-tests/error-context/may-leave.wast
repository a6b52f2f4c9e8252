;; 📝 The built-ins of error contexts trap while the instance may not be left.
;; Text: CanonicalABI.md, "canon error-context.new", "canon
;; error-context.debug-message", "canon error-context.drop".

;; `choose` sets what `$leave` does: 1 makes an error context, 2 reads the message
;; of one, 3 drops one. It is done by `realloc` for the argument of `take`, by the
;; post-return function of `give`, and by `direct`.
;; text: Lifting and Lowering Context: a component whose realloc and post-return use error contexts
(component definition $D
  ;; The memory, and a `realloc` that calls what the table holds.
  (core module $Libc
    (type $f (func))
    (table (export "leave") 1 funcref)
    (memory (export "memory") 1)
    (global $quiet (export "quiet") (mut i32) (i32.const 0))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (if (i32.eqz (global.get $quiet))
        (then (call_indirect (type $f) (i32.const 0))))
      (i32.const 256)))
  (core instance $libc (instantiate $Libc))
  (core func $new (canon error-context.new (memory $libc "memory")))
  (core func $message (canon error-context.debug-message
    (memory $libc "memory") (realloc (func $libc "realloc"))))
  (core func $drop (canon error-context.drop))
  (core module $M
    (import "" "leave" (table 1 funcref))
    (import "" "quiet" (global $quiet (mut i32)))
    (import "" "new" (func $new (param i32 i32) (result i32)))
    (import "" "message" (func $message (param i32 i32)))
    (import "" "drop" (func $drop (param i32)))
    (global $what (mut i32) (i32.const 0))
    (global $handle (mut i32) (i32.const 0))
    (elem (i32.const 0) $leave)
    (func (export "choose") (param i32)
      (global.set $handle (call $new (i32.const 0) (i32.const 0)))
      (global.set $what (local.get 0)))
    (func $leave
      (if (i32.eq (global.get $what) (i32.const 1))
        (then (drop (call $new (i32.const 0) (i32.const 0)))))
      (if (i32.eq (global.get $what) (i32.const 2))
        (then (call $message (global.get $handle) (i32.const 16))))
      (if (i32.eq (global.get $what) (i32.const 3))
        (then (call $drop (global.get $handle)))))
    ;; a message that is read here calls `realloc` as well, which then does nothing
    (func (export "direct")
      (global.set $quiet (i32.const 1))
      (call $leave)
      (global.set $quiet (i32.const 0)))
    (func (export "take") (param i32 i32) (result i32) (local.get 1))
    (func (export "give") (result i32) (i32.const 9))
    (func (export "after") (param i32) (call $leave)))
  (core instance $m (instantiate $M (with "" (instance
    (export "leave" (table $libc "leave")) (export "quiet" (global $libc "quiet"))
    (export "new" (func $new)) (export "message" (func $message))
    (export "drop" (func $drop))))))
  (func (export "choose") (param "what" u32) (canon lift (core func $m "choose")))
  (func (export "direct") (canon lift (core func $m "direct")))
  (func (export "take") (param "s" string) (result u32)
    (canon lift (core func $m "take")
      (memory $libc "memory") (realloc (func $libc "realloc"))))
  (func (export "give") (result u32)
    (canon lift (core func $m "give") (post-return (func $m "after")))))

;; text: Instance Definitions: a fresh instance
(component instance $d $D)

;; rule: lift/post-return does not hold
(assert_return (invoke $d "take" (str.const "hello")) (u32.const 5))

;; rule: lift/post-return holds
(assert_return (invoke $d "give") (u32.const 9))

;; rule: error-context.new/may-leave does not hold
(invoke $d "choose" (u32.const 1))

;; rule: error-context.new/may-leave does not hold
(assert_return (invoke $d "direct"))

;; rule: error-context.new/may-leave does not hold
(invoke $d "choose" (u32.const 2))

;; rule: error-context.debug-message/may-leave does not hold
(assert_return (invoke $d "direct"))

;; rule: error-context.new/may-leave does not hold
(invoke $d "choose" (u32.const 3))

;; rule: error-context.drop/may-leave does not hold
(assert_return (invoke $d "direct"))

;; text: Instance Definitions: a fresh instance
(component instance $take1 $D)

;; rule: error-context.new/may-leave does not hold
(invoke $take1 "choose" (u32.const 1))

;; In `realloc`.
;; rule: error-context.new/may-leave holds
(assert_trap (invoke $take1 "take" (str.const "hello")) "error-context.new/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $take2 $D)

;; rule: error-context.new/may-leave does not hold
(invoke $take2 "choose" (u32.const 2))

;; In `realloc`.
;; rule: error-context.debug-message/may-leave holds
(assert_trap (invoke $take2 "take" (str.const "hello")) "error-context.debug-message/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $take3 $D)

;; rule: error-context.new/may-leave does not hold
(invoke $take3 "choose" (u32.const 3))

;; In `realloc`.
;; rule: error-context.drop/may-leave holds
(assert_trap (invoke $take3 "take" (str.const "hello")) "error-context.drop/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $give1 $D)

;; rule: error-context.new/may-leave does not hold
(invoke $give1 "choose" (u32.const 1))

;; In `post-return`.
;; rule: error-context.new/may-leave holds
(assert_trap (invoke $give1 "give") "error-context.new/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $give2 $D)

;; rule: error-context.new/may-leave does not hold
(invoke $give2 "choose" (u32.const 2))

;; In `post-return`.
;; rule: error-context.debug-message/may-leave holds
(assert_trap (invoke $give2 "give") "error-context.debug-message/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $give3 $D)

;; rule: error-context.new/may-leave does not hold
(invoke $give3 "choose" (u32.const 3))

;; In `post-return`.
;; rule: error-context.drop/may-leave holds
(assert_trap (invoke $give3 "give") "error-context.drop/may-leave")
