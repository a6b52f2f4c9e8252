;; While the Canonical ABI calls `realloc` or `post-return`, the instance may not
;; be left: a lowered import, `resource.new` and `resource.drop` trap. What leaves
;; nothing, such as `resource.rep`, works.
;; Text: CanonicalABI.md, "Lifting and Lowering Context", "canon lift",
;; "canon lower", "canon resource.new", "canon resource.drop".

;; `choose` sets what `$leave` does: 0 nothing, 1 calls an import, 2 calls
;; `resource.new`, 3 calls `resource.drop`, 4 calls `resource.rep`. It is done
;; by `realloc` (for the argument of `take`, and for the result that `fetch`
;; gets from `Other`), by the post-return function of `give`, and by `direct`.
;; text: Lifting and Lowering Context: a component whose realloc and post-return try to leave
(component definition $D
  (component $Other
    (core module $M
      (memory (export "memory") 1)
      (data (i32.const 0) "\08\00\00\00\03\00\00\00abc")
      (func (export "nothing"))
      (func (export "text") (result i32) (i32.const 0)))
    (core instance $m (instantiate $M))
    (func (export "nothing") (canon lift (core func $m "nothing")))
    (func (export "text") (result string)
      (canon lift (core func $m "text") (memory $m "memory"))))
  (instance $other (instantiate $Other))
  (component $User
    (import "other" (instance $other
      (export "nothing" (func))
      (export "text" (func (result string)))))
    (core func $nothing (canon lower (func $other "nothing")))
    (type $R (resource (rep i32)))
    (core func $new (canon resource.new $R))
    (core func $drop (canon resource.drop $R))
    (core func $rep (canon resource.rep $R))

    (core module $Libc
      (import "" "nothing" (func $nothing))
      (import "" "new" (func $new (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (import "" "rep" (func $rep (param i32) (result i32)))
      (memory (export "memory") 1)
      (global $what (mut i32) (i32.const 0))
      (global $handle (mut i32) (i32.const 0))
      (func (export "choose") (param i32)
        (global.set $handle (call $new (i32.const 77)))
        (global.set $what (local.get 0)))
      (func $leave (export "leave")
        (if (i32.eq (global.get $what) (i32.const 1)) (then (call $nothing)))
        (if (i32.eq (global.get $what) (i32.const 2))
          (then (drop (call $new (i32.const 1)))))
        (if (i32.eq (global.get $what) (i32.const 3))
          (then (call $drop (global.get $handle))))
        (if (i32.eq (global.get $what) (i32.const 4))
          (then
            (if (i32.ne (call $rep (global.get $handle)) (i32.const 77))
              (then (unreachable))))))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (call $leave)
        (i32.const 256))
      (func (export "after") (param i32) (call $leave)))
    (core instance $libc (instantiate $Libc (with "" (instance
      (export "nothing" (func $nothing))
      (export "new" (func $new)) (export "drop" (func $drop)) (export "rep" (func $rep))))))

    (core func $text (canon lower (func $other "text")
      (memory $libc "memory") (realloc (func $libc "realloc"))))
    (core module $Main
      (import "" "memory" (memory 1))
      (import "" "text" (func $text (param i32)))
      (func (export "take") (param i32 i32) (result i32) (local.get 1))
      (func (export "fetch") (result i32)
        (call $text (i32.const 16))
        (i32.load (i32.const 20)))
      (func (export "give") (result i32) (i32.const 9)))
    (core instance $main (instantiate $Main (with "" (instance
      (export "memory" (memory $libc "memory")) (export "text" (func $text))))))

    (func (export "choose") (param "what" u32) (canon lift (core func $libc "choose")))
    (func (export "direct") (canon lift (core func $libc "leave")))
    (func (export "take") (param "s" string) (result u32)
      (canon lift (core func $main "take")
        (memory $libc "memory") (realloc (func $libc "realloc"))))
    (func (export "fetch") (result u32) (canon lift (core func $main "fetch")))
    (func (export "give") (result u32)
      (canon lift (core func $main "give") (post-return (func $libc "after")))))
  (instance $user (instantiate $User (with "other" (instance $other))))
  (export "choose" (func $user "choose"))
  (export "direct" (func $user "direct"))
  (export "take" (func $user "take"))
  (export "fetch" (func $user "fetch"))
  (export "give" (func $user "give")))

;; text: Instance Definitions: a fresh instance
(component instance $d $D)

;; Nothing is tried.
;; rule: lift/post-return does not hold
(assert_return (invoke $d "take" (str.const "hello")) (u32.const 5))

;; rule: lower/may-leave does not hold
(assert_return (invoke $d "fetch") (u32.const 3))

;; rule: lift/post-return holds
(assert_return (invoke $d "give") (u32.const 9))

;; In the function itself, everything is allowed, also after `realloc` has run.
;; rule: resource.new/may-leave does not hold
(invoke $d "choose" (u32.const 1))

;; rule: lower/may-leave does not hold
(assert_return (invoke $d "direct"))

;; rule: resource.new/may-leave does not hold
(invoke $d "choose" (u32.const 2))

;; rule: resource.new/may-leave does not hold
(assert_return (invoke $d "direct"))

;; rule: resource.new/may-leave does not hold
(invoke $d "choose" (u32.const 3))

;; rule: resource.drop/may-leave does not hold
(assert_return (invoke $d "direct"))

;; `resource.rep` asks for no leave: it works in all four places.
;; rule: resource.new/may-leave does not hold
(invoke $d "choose" (u32.const 4))

;; rule: resource.rep/kind does not hold
(assert_return (invoke $d "direct"))

;; rule: resource.rep/kind does not hold
(assert_return (invoke $d "take" (str.const "hello")) (u32.const 5))

;; rule: resource.rep/kind does not hold
(assert_return (invoke $d "fetch") (u32.const 3))

;; rule: resource.rep/kind does not hold
(assert_return (invoke $d "give") (u32.const 9))

;; text: Instance Definitions: a fresh instance
(component instance $take1 $D)

;; rule: resource.new/may-leave does not hold
(invoke $take1 "choose" (u32.const 1))

;; `realloc` for an argument calls an import.
;; rule: lower/may-leave holds
(assert_trap (invoke $take1 "take" (str.const "hello")) "lower/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $take2 $D)

;; rule: resource.new/may-leave does not hold
(invoke $take2 "choose" (u32.const 2))

;; `realloc` for an argument calls `resource.new`.
;; rule: resource.new/may-leave holds
(assert_trap (invoke $take2 "take" (str.const "hello")) "resource.new/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $take3 $D)

;; rule: resource.new/may-leave does not hold
(invoke $take3 "choose" (u32.const 3))

;; `realloc` for an argument calls `resource.drop`.
;; rule: resource.drop/may-leave holds
(assert_trap (invoke $take3 "take" (str.const "hello")) "resource.drop/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $fetch1 $D)

;; rule: resource.new/may-leave does not hold
(invoke $fetch1 "choose" (u32.const 1))

;; `realloc` for the result of an import calls an import.
;; rule: lower/may-leave holds
(assert_trap (invoke $fetch1 "fetch") "lower/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $fetch2 $D)

;; rule: resource.new/may-leave does not hold
(invoke $fetch2 "choose" (u32.const 2))

;; `realloc` for the result of an import calls `resource.new`.
;; rule: resource.new/may-leave holds
(assert_trap (invoke $fetch2 "fetch") "resource.new/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $fetch3 $D)

;; rule: resource.new/may-leave does not hold
(invoke $fetch3 "choose" (u32.const 3))

;; `realloc` for the result of an import calls `resource.drop`.
;; rule: resource.drop/may-leave holds
(assert_trap (invoke $fetch3 "fetch") "resource.drop/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $give1 $D)

;; rule: resource.new/may-leave does not hold
(invoke $give1 "choose" (u32.const 1))

;; `post-return` calls an import.
;; rule: lower/may-leave holds
(assert_trap (invoke $give1 "give") "lower/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $give2 $D)

;; rule: resource.new/may-leave does not hold
(invoke $give2 "choose" (u32.const 2))

;; `post-return` calls `resource.new`.
;; rule: resource.new/may-leave holds
(assert_trap (invoke $give2 "give") "resource.new/may-leave")

;; text: Instance Definitions: a fresh instance
(component instance $give3 $D)

;; rule: resource.new/may-leave does not hold
(invoke $give3 "choose" (u32.const 3))

;; `post-return` calls `resource.drop`.
;; rule: resource.drop/may-leave holds
(assert_trap (invoke $give3 "give") "resource.drop/may-leave")
