;; 📝 What an error context says is up to the runtime, but it says the same each
;; time, in every instance that it is passed to, under each of its indices.
;; Text: CanonicalABI.md, "canon error-context.new", "canon
;; error-context.debug-message"; Explainer.md, "Error Context type".

;; `same` reads the messages of two handles, to 16 and to 24 (a pointer and a
;; length each), and compares them. `two` of C does so with two handles that it is
;; given, and `back` of C returns the one that it is given.
;; text: canon error-context.debug-message: a maker and a receiver of an error context
(component definition $P
  (core module $Libc
    (memory (export "memory") 1)
    (data (i32.const 100) "went wrong")
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param $old i32) (param $old-size i32) (param $align i32)
        (param $size i32) (result i32)
      (local $at i32)
      (local.set $at (global.get $next))
      (memory.copy (local.get $at) (local.get $old) (local.get $old-size))
      (global.set $next (i32.add (global.get $next) (i32.add (local.get $size) (i32.const 8))))
      (local.get $at)))
  (core module $Compare
    (import "libc" "memory" (memory 1))
    ;; whether the strings whose pointers and lengths are at 16 and 24 are equal
    (func (export "same") (result i32)
      (local $i i32) (local $n i32)
      (local.set $n (i32.load (i32.const 20)))
      (if (i32.ne (local.get $n) (i32.load (i32.const 28))) (then (return (i32.const 0))))
      (loop $more
        (if (i32.lt_u (local.get $i) (local.get $n))
          (then
            (if (i32.ne
                  (i32.load8_u (i32.add (i32.load (i32.const 16)) (local.get $i)))
                  (i32.load8_u (i32.add (i32.load (i32.const 24)) (local.get $i))))
              (then (return (i32.const 0))))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br $more))))
      (i32.const 1)))
  (component $C
    (import "libc" (core module $Libc
      (export "memory" (memory 1))
      (export "realloc" (func (param i32 i32 i32 i32) (result i32)))))
    (import "compare" (core module $Compare
      (import "libc" "memory" (memory 1))
      (export "same" (func (result i32)))))
    (core instance $libc (instantiate $Libc))
    (core instance $compare (instantiate $Compare (with "libc" (instance $libc))))
    (core func $message (canon error-context.debug-message
      (memory $libc "memory") (realloc (func $libc "realloc"))))
    (core func $drop (canon error-context.drop))
    (core module $M
      (import "" "message" (func $message (param i32 i32)))
      (import "" "same" (func $same (result i32)))
      (import "" "drop" (func $drop (param i32)))
      ;; two handles of one error context: 100 × first + 10 × second + equal
      (func (export "two") (param $a i32) (param $b i32) (result i32)
        (call $message (local.get $a) (i32.const 16))
        (call $message (local.get $b) (i32.const 24))
        (call $drop (local.get $a))
        (i32.add
          (i32.add
            (i32.mul (local.get $a) (i32.const 100))
            (i32.mul (local.get $b) (i32.const 10)))
          (call $same)))
      (func (export "back") (param $a i32) (result i32) (local.get $a)))
    (core instance $m (instantiate $M (with "" (instance
      (export "message" (func $message)) (export "same" (func $compare "same"))
      (export "drop" (func $drop))))))
    (func (export "two") (param "a" error-context) (param "b" error-context) (result u32)
      (canon lift (core func $m "two")))
    (func (export "back") (param "a" error-context) (result error-context)
      (canon lift (core func $m "back"))))
  (instance $c (instantiate $C
    (with "libc" (core module $Libc)) (with "compare" (core module $Compare))))

  (component $User
    (import "libc" (core module $Libc
      (export "memory" (memory 1))
      (export "realloc" (func (param i32 i32 i32 i32) (result i32)))))
    (import "compare" (core module $Compare
      (import "libc" "memory" (memory 1))
      (export "same" (func (result i32)))))
    (import "c" (instance $c
      (export "two" (func (param "a" error-context) (param "b" error-context) (result u32)))
      (export "back" (func (param "a" error-context) (result error-context)))))
    (core instance $libc (instantiate $Libc))
    (core instance $compare (instantiate $Compare (with "libc" (instance $libc))))
    (core func $new (canon error-context.new (memory $libc "memory")))
    (core func $message (canon error-context.debug-message
      (memory $libc "memory") (realloc (func $libc "realloc"))))
    (core func $drop (canon error-context.drop))
    (core func $two (canon lower (func $c "two")))
    (core func $back (canon lower (func $c "back")))
    (core module $M
      (import "" "new" (func $new (param i32 i32) (result i32)))
      (import "" "message" (func $message (param i32 i32)))
      (import "" "same" (func $same (result i32)))
      (func (export "new") (result i32) (call $new (i32.const 100) (i32.const 10)))
      (func (export "same") (param $a i32) (param $b i32) (result i32)
        (call $message (local.get $a) (i32.const 16))
        (call $message (local.get $b) (i32.const 24))
        (call $same)))
    (core instance $m (instantiate $M (with "" (instance
      (export "new" (func $new)) (export "message" (func $message))
      (export "same" (func $compare "same"))))))
    (func (export "new") (result u32) (canon lift (core func $m "new")))
    (func (export "drop") (param "index" u32) (canon lift (core func $drop)))
    (func (export "same") (param "a" u32) (param "b" u32) (result bool)
      (canon lift (core func $m "same")))
    (func (export "two") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $two)))
    (func (export "back") (param "a" u32) (result u32) (canon lift (core func $back))))
  (instance $user (instantiate $User
    (with "libc" (core module $Libc)) (with "compare" (core module $Compare))
    (with "c" (instance $c))))
  (export "new" (func $user "new"))
  (export "drop" (func $user "drop"))
  (export "same" (func $user "same"))
  (export "two" (func $user "two"))
  (export "back" (func $user "back")))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; rule: error-context.new/may-leave does not hold
;; rule: table.add/free does not hold
(assert_return (invoke $p "new") (u32.const 1))

;; Asked twice, it says the same.
;; rule: error-context.debug-message/kind does not hold
(assert_return (invoke $p "same" (u32.const 1) (u32.const 1)) (bool.const true))

;; Passed twice in one call, it arrives as two handles that say the same.
;; rule: error-context.lift/kind does not hold
(assert_return (invoke $p "two" (u32.const 1) (u32.const 1)) (u32.const 121))

;; Handed there and back, it is at a new index here and still at the old one.
;; rule: error-context.lift/kind does not hold
;; rule: table.add/free does not hold
(assert_return (invoke $p "back" (u32.const 1)) (u32.const 2))

;; rule: error-context.debug-message/kind does not hold
(assert_return (invoke $p "same" (u32.const 1) (u32.const 2)) (bool.const true))

;; One handle dropped, the other remains.
;; rule: error-context.drop/kind does not hold
(assert_return (invoke $p "drop" (u32.const 1)))

;; rule: error-context.debug-message/kind does not hold
(assert_return (invoke $p "same" (u32.const 2) (u32.const 2)) (bool.const true))

;; Its index is free for the next.
;; rule: table.add/free holds
(assert_return (invoke $p "new") (u32.const 1))

;; rule: error-context.drop/kind does not hold
(assert_return (invoke $p "drop" (u32.const 1)))

;; rule: table.get/empty holds
(assert_trap (invoke $p "drop" (u32.const 1)) "table.get/empty")
