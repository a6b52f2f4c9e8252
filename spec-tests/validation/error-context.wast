;; 📝 Which options the built-ins of error contexts need, and their core types.
;; Text: CanonicalABI.md, "canon error-context.new", "canon
;; error-context.debug-message", "canon error-context.drop".

;; text: canon error-context.new: its core type
(component definition
  (core module $M
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable)))
  (core instance $m (instantiate $M))
  (core func $f (canon error-context.new (memory $m "memory")))
  (core module $N (import "" "f" (func (param i32 i32) (result i32))))
  (core instance (instantiate $N (with "" (instance (export "f" (func $f)))))))

;; text: canon error-context.new: with an encoding
(component definition
  (core module $M
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable)))
  (core instance $m (instantiate $M))
  (core func $f (canon error-context.new (memory $m "memory") string-encoding=utf16))
  (core module $N (import "" "f" (func (param i32 i32) (result i32))))
  (core instance (instantiate $N (with "" (instance (export "f" (func $f)))))))

;; text: canon error-context.new: without `memory`
(assert_invalid
  (component
    (core module $M
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable)))
    (core instance $m (instantiate $M))
    (core func (canon error-context.new)))
  "memory")

;; text: canon error-context.new: with `async`
(assert_invalid
  (component
    (core module $M
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable)))
    (core instance $m (instantiate $M))
    (core func (canon error-context.new (memory $m "memory") async)))
  "async")

;; text: canon error-context.debug-message: its core type
(component definition
  (core module $M
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable)))
  (core instance $m (instantiate $M))
  (core func $f (canon error-context.debug-message
    (memory $m "memory") (realloc (func $m "realloc"))))
  (core module $N (import "" "f" (func (param i32 i32))))
  (core instance (instantiate $N (with "" (instance (export "f" (func $f)))))))

;; text: canon error-context.debug-message: without `realloc`
(assert_invalid
  (component
    (core module $M
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable)))
    (core instance $m (instantiate $M))
    (core func (canon error-context.debug-message (memory $m "memory"))))
  "realloc")

;; text: canon error-context.debug-message: without `memory`
(assert_invalid
  (component
    (core module $M
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable)))
    (core instance $m (instantiate $M))
    (core func (canon error-context.debug-message (realloc (func $m "realloc")))))
  "memory")

;; text: canon error-context.debug-message: with `async`
(assert_invalid
  (component
    (core module $M
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable)))
    (core instance $m (instantiate $M))
    (core func (canon error-context.debug-message
      (memory $m "memory") (realloc (func $m "realloc")) async)))
  "async")

;; text: canon error-context.drop: its core type
(component definition
  (core func $f (canon error-context.drop))
  (core module $N (import "" "f" (func (param i32))))
  (core instance (instantiate $N (with "" (instance (export "f" (func $f)))))))
