;; While a function whose type is not `async` has no value and cannot go on, other threads
;; of its instance run, those of other tasks too; but not the implicit thread of a task that
;; is alone at the moment.
;; Text: CanonicalABI.md, "canon lift".

;; text: canon lift: a function that waits for the task of an earlier call
(component definition $T
  (component $C
    (core module $Libc
      (memory (export "memory") 1))
    (core instance $libc (instantiate $Libc))
    (core func $return (canon task.return))
    (core func $index (canon thread.index))
    (core func $suspend (canon thread.suspend))
    (core func $resume-later (canon thread.resume-later))
    (core module $M
      (import "" "return" (func $return))
      (import "" "index" (func $index (result i32)))
      (import "" "suspend" (func $suspend (result i32)))
      (import "" "resume-later" (func $resume-later (param i32)))
      (import "libc" "memory" (memory 1))
      (global $end (mut i32) (i32.const 1024))
      (func $log (param i32)
        (i32.store (global.get $end) (local.get 0))
        (global.set $end (i32.add (global.get $end) (i32.const 4))))
      (func $logged (result i32)
        (i32.store (i32.const 16) (i32.const 1024))
        (i32.store (i32.const 20)
          (i32.shr_u (i32.sub (global.get $end) (i32.const 1024)) (i32.const 2)))
        (i32.const 16))
      (global $held (mut i32) (i32.const 0))
      (global $me (mut i32) (i32.const 0))
      (func $hold
        (global.set $held (call $index))
        (drop (call $suspend))
        (call $log (i32.const 1))
        (if (global.get $me) (then (call $resume-later (global.get $me)))))
      (func (export "free") (call $hold) (call $return))
      (func (export "alone") (call $hold))
      ;; Lets the held thread go on, and is woken by it.
      (func (export "sync") (result i32)
        (global.set $me (call $index))
        (call $resume-later (global.get $held))
        (call $log (i32.const 2))
        (call $log (call $suspend))
        (call $logged)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "return" (func $return)) (export "index" (func $index))
          (export "suspend" (func $suspend)) (export "resume-later" (func $resume-later))))))
    (func (export "free") async (canon lift (core func $m "free") async))
    (func (export "alone") async (canon lift (core func $m "alone")))
    (func (export "sync") (result (list u32))
      (canon lift (core func $m "sync") (memory $libc "memory"))))
  (instance $c (instantiate $C))
  (component $D
    (import "c" (instance $c
      (export "free" (func async))
      (export "alone" (func async))))
    (core module $Libc
      (memory (export "memory") 1))
    (core instance $libc (instantiate $Libc))
    (core func $free (canon lower (func $c "free") async (memory $libc "memory")))
    (core func $alone (canon lower (func $c "alone") async (memory $libc "memory")))
    (core module $M
      (import "" "free" (func $free (result i32)))
      (import "" "alone" (func $alone (result i32)))
      (import "libc" "memory" (memory 1))
      (func (export "free") (result i32) (call $free))
      (func (export "alone") (result i32) (call $alone)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "free" (func $free)) (export "alone" (func $alone))))))
    (func (export "free") (result u32) (canon lift (core func $m "free")))
    (func (export "alone") (result u32) (canon lift (core func $m "alone"))))
  (instance $d (instantiate $D (with "c" (instance $c))))
  (export "free" (func $d "free"))
  (export "alone" (func $d "alone"))
  (export "sync" (func $c "sync")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $T)

;; It has started and is held, and the call ends.
;; rule: lower/async-resolved does not hold
(assert_return (invoke $i1 "free") (u32.const 17))

;; The held thread runs after the synchronous one blocks.
;; rule: lift/resolved does not hold
;; rule: lift/blocked does not hold
(assert_return (invoke $i1 "sync") (list.const (u32.const 2) (u32.const 1) (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $T)

;; rule: task.enter/exclusive holds
(assert_return (invoke $i2 "alone") (u32.const 17))

;; The held thread is ready, but it excludes others.
;; rule: lift/blocked holds
(assert_trap (invoke $i2 "sync") "lift/blocked")
