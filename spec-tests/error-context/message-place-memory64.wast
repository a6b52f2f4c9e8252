;; 🐘 📝 Where `error-context.debug-message` puts its result: a pointer and a length,
;; 16 bytes at a multiple of 8, with a 64-bit memory.
;; Text: CanonicalABI.md, "canon error-context.debug-message", "Storing".

;; text: canon error-context.debug-message: a memory of one page, and a place that the host chooses
(component definition $D
  (core module $Libc
    (memory (export "memory") i64 1)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) (i64.const 256)))
  (core instance $libc (instantiate $Libc))
  (core func $new (canon error-context.new (memory $libc "memory")))
  (core func $message (canon error-context.debug-message
    (memory $libc "memory") (realloc (func $libc "realloc"))))
  (core module $M
    (import "" "new" (func $new (param i64 i64) (result i32)))
    (import "" "message" (func $message (param i32 i64)))
    (func (export "message") (param i64)
      (call $message (call $new (i64.const 0) (i64.const 0)) (local.get 0))))
  (core instance $m (instantiate $M (with "" (instance
    (export "new" (func $new)) (export "message" (func $message))))))
  (func (export "message") (param "at" u64) (canon lift (core func $m "message"))))

;; text: Instance Definitions: a fresh instance
(component instance $d $D)

;; rule: error-context.debug-message/align does not hold
;; rule: error-context.debug-message/bounds does not hold
(assert_return (invoke $d "message" (u64.const 8)))

;; The last place that is legal.
;; rule: error-context.debug-message/bounds does not hold
(assert_return (invoke $d "message" (u64.const 65520)))

;; text: Instance Definitions: a fresh instance
(component instance $t0 $D)

;; One element further, the result ends past the end.
;; rule: error-context.debug-message/bounds holds
(assert_trap (invoke $t0 "message" (u64.const 65528)) "error-context.debug-message/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $t3 $D)

;; Half way to the next multiple.
;; rule: error-context.debug-message/align holds
(assert_trap (invoke $t3 "message" (u64.const 4)) "error-context.debug-message/align")
