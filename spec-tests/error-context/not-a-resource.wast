;; 📝 An error context is in the same table as the resources, and is no resource.
;; Text: CanonicalABI.md, "Loading", "canon resource.drop", "canon resource.rep",
;; "canon error-context.debug-message", "canon error-context.drop".

;; In `User`, `setup` puts an error context at index 1 and a resource of `A` at 2.
;; text: canon error-context.new: a table with an error context and a resource
(component definition $D
  (component $A
    (type $R (resource (rep i32)))
    (core func $new (canon resource.new $R))
    (core func $drop (canon resource.drop $R))
    (core module $M (func (export "same") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $M))
    (export $R' "r" (type $R))
    (func (export "make") (param "rep" u32) (result (own $R')) (canon lift (core func $new)))
    (func (export "end") (param "r" (own $R')) (canon lift (core func $drop)))
    (func (export "look") (param "r" (borrow $R')) (result u32)
      (canon lift (core func $m "same")))
    (core func $drop-error (canon error-context.drop))
    (func (export "take") (param "e" error-context) (canon lift (core func $drop-error))))
  (instance $a (instantiate $A))
  (component $User
    (import "a" (instance $a
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))
      (export "end" (func (param "r" (own $r))))
      (export "look" (func (param "r" (borrow $r)) (result u32)))
      (export "take" (func (param "e" error-context)))))
    (alias export $a "r" (type $R))
    (type $L (resource (rep i32)))
    (core module $Libc
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 256)))
    (core instance $libc (instantiate $Libc))
    (core func $error-new (canon error-context.new (memory $libc "memory")))
    (core func $message (canon error-context.debug-message
      (memory $libc "memory") (realloc (func $libc "realloc"))))
    (core func $error-drop (canon error-context.drop))
    (core func $make (canon lower (func $a "make")))
    (core func $end (canon lower (func $a "end")))
    (core func $look (canon lower (func $a "look")))
    (core func $take (canon lower (func $a "take")))
    (core func $drop (canon resource.drop $R))
    (core func $rep (canon resource.rep $L))
    (core module $M
      (import "" "new" (func $new (param i32 i32) (result i32)))
      (import "" "make" (func $make (param i32) (result i32)))
      (import "" "message" (func $message (param i32 i32)))
      (func (export "setup") (result i32)
        (i32.add
          (i32.mul (call $new (i32.const 0) (i32.const 0)) (i32.const 10))
          (call $make (i32.const 77))))
      (func (export "message") (param i32) (call $message (local.get 0) (i32.const 16))))
    (core instance $m (instantiate $M (with "" (instance
      (export "new" (func $error-new)) (export "make" (func $make))
      (export "message" (func $message))))))
    (func (export "setup") (result u32) (canon lift (core func $m "setup")))
    (func (export "message") (param "index" u32) (canon lift (core func $m "message")))
    (func (export "error-drop") (param "index" u32) (canon lift (core func $error-drop)))
    (func (export "take") (param "index" u32) (canon lift (core func $take)))
    (func (export "end") (param "index" u32) (canon lift (core func $end)))
    (func (export "look") (param "index" u32) (result u32) (canon lift (core func $look)))
    (func (export "drop") (param "index" u32) (canon lift (core func $drop)))
    (func (export "rep") (param "index" u32) (result u32) (canon lift (core func $rep))))
  (instance $user (instantiate $User (with "a" (instance $a))))
  (export "setup" (func $user "setup"))
  (export "message" (func $user "message"))
  (export "error-drop" (func $user "error-drop"))
  (export "take" (func $user "take"))
  (export "end" (func $user "end"))
  (export "look" (func $user "look"))
  (export "drop" (func $user "drop"))
  (export "rep" (func $user "rep")))

;; text: Instance Definitions: a fresh instance
(component instance $d $D)

;; rule: error-context.new/may-leave does not hold
;; rule: table.add/free does not hold
(assert_return (invoke $d "setup") (u32.const 12))

;; rule: error-context.debug-message/kind does not hold
;; rule: error-context.debug-message/may-leave does not hold
(assert_return (invoke $d "message" (u32.const 1)))

;; rule: error-context.lift/kind does not hold
(assert_return (invoke $d "take" (u32.const 1)))

;; Passing it on left it where it was.
;; rule: error-context.drop/kind does not hold
;; rule: error-context.drop/may-leave does not hold
(assert_return (invoke $d "error-drop" (u32.const 1)))

;; rule: borrow.lift/kind does not hold
(assert_return (invoke $d "look" (u32.const 2)) (u32.const 77))

;; rule: own.lift/kind does not hold
(assert_return (invoke $d "end" (u32.const 2)))

;; text: Instance Definitions: a fresh instance
(component instance $t0 $D)

;; rule: table.add/free does not hold
(assert_return (invoke $t0 "setup") (u32.const 12))

;; `resource.rep` of an error context.
;; rule: resource.rep/kind holds
(assert_trap (invoke $t0 "rep" (u32.const 1)) "resource.rep/kind")

;; text: Instance Definitions: a fresh instance
(component instance $t1 $D)

;; rule: table.add/free does not hold
(assert_return (invoke $t1 "setup") (u32.const 12))

;; `resource.drop` of an error context.
;; rule: resource.drop/kind holds
(assert_trap (invoke $t1 "drop" (u32.const 1)) "resource.drop/kind")

;; text: Instance Definitions: a fresh instance
(component instance $t2 $D)

;; rule: table.add/free does not hold
(assert_return (invoke $t2 "setup") (u32.const 12))

;; An error context as an `own`.
;; rule: own.lift/kind holds
(assert_trap (invoke $t2 "end" (u32.const 1)) "own.lift/kind")

;; text: Instance Definitions: a fresh instance
(component instance $t3 $D)

;; rule: table.add/free does not hold
(assert_return (invoke $t3 "setup") (u32.const 12))

;; An error context as a `borrow`.
;; rule: borrow.lift/kind holds
(assert_trap (invoke $t3 "look" (u32.const 1)) "borrow.lift/kind")

;; text: Instance Definitions: a fresh instance
(component instance $t4 $D)

;; rule: table.add/free does not hold
(assert_return (invoke $t4 "setup") (u32.const 12))

;; A resource as an error context.
;; rule: error-context.lift/kind holds
(assert_trap (invoke $t4 "take" (u32.const 2)) "error-context.lift/kind")

;; text: Instance Definitions: a fresh instance
(component instance $t5 $D)

;; rule: table.add/free does not hold
(assert_return (invoke $t5 "setup") (u32.const 12))

;; `error-context.debug-message` of a resource.
;; rule: error-context.debug-message/kind holds
(assert_trap (invoke $t5 "message" (u32.const 2)) "error-context.debug-message/kind")

;; text: Instance Definitions: a fresh instance
(component instance $t6 $D)

;; rule: table.add/free does not hold
(assert_return (invoke $t6 "setup") (u32.const 12))

;; `error-context.drop` of a resource.
;; rule: error-context.drop/kind holds
(assert_trap (invoke $t6 "error-drop" (u32.const 2)) "error-context.drop/kind")

;; text: Instance Definitions: a fresh instance
(component instance $t7 $D)

;; rule: table.add/free does not hold
(assert_return (invoke $t7 "setup") (u32.const 12))

;; `error-context.drop` at index 0.
;; rule: table.get/empty holds
(assert_trap (invoke $t7 "error-drop" (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $t8 $D)

;; rule: table.add/free does not hold
(assert_return (invoke $t8 "setup") (u32.const 12))

;; `error-context.debug-message` past the end.
;; rule: table.get/bounds holds
(assert_trap (invoke $t8 "message" (u32.const 3)) "table.get/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $t9 $D)

;; rule: table.add/free does not hold
(assert_return (invoke $t9 "setup") (u32.const 12))

;; An error context past the end.
;; rule: table.get/bounds holds
(assert_trap (invoke $t9 "take" (u32.const 3)) "table.get/bounds")
