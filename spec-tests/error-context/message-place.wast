;; 📝 Where `error-context.debug-message` puts its result: a pointer and a length,
;; 8 bytes at a multiple of 4.
;; Text: CanonicalABI.md, "canon error-context.debug-message", "Storing".

;; text: canon error-context.debug-message: a memory of one page, and a place that the host chooses
(component definition $D
  (core module $Libc
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 256)))
  (core instance $libc (instantiate $Libc))
  (core func $new (canon error-context.new (memory $libc "memory")))
  (core func $message (canon error-context.debug-message
    (memory $libc "memory") (realloc (func $libc "realloc"))))
  (core module $M
    (import "" "new" (func $new (param i32 i32) (result i32)))
    (import "" "message" (func $message (param i32 i32)))
    (func (export "message") (param i32)
      (call $message (call $new (i32.const 0) (i32.const 0)) (local.get 0))))
  (core instance $m (instantiate $M (with "" (instance
    (export "new" (func $new)) (export "message" (func $message))))))
  (func (export "message") (param "at" u32) (canon lift (core func $m "message"))))

;; text: Instance Definitions: a fresh instance
(component instance $d $D)

;; rule: error-context.debug-message/align does not hold
;; rule: error-context.debug-message/bounds does not hold
(assert_return (invoke $d "message" (u32.const 4)))

;; The last place that is legal.
;; rule: error-context.debug-message/bounds does not hold
(assert_return (invoke $d "message" (u32.const 65528)))

;; text: Instance Definitions: a fresh instance
(component instance $t0 $D)

;; One element further, the result ends past the end.
;; rule: error-context.debug-message/bounds holds
(assert_trap (invoke $t0 "message" (u32.const 65532)) "error-context.debug-message/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $t1 $D)

;; At the end.
;; rule: error-context.debug-message/bounds holds
(assert_trap (invoke $t1 "message" (u32.const 65536)) "error-context.debug-message/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $t2 $D)

;; Near the end of the address space.
;; rule: error-context.debug-message/bounds holds
(assert_trap (invoke $t2 "message" (u32.const 4294967292)) "error-context.debug-message/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $t3 $D)

;; Half way to the next multiple.
;; rule: error-context.debug-message/align holds
(assert_trap (invoke $t3 "message" (u32.const 2)) "error-context.debug-message/align")
