;; DISPUTED: this file follows the text; the tests that stand beside the text want the
;; opposite. A task that needs to be alone waits while another is, even if that one is ready
;; to go on, and its caller goes on.
;; Text: CanonicalABI.md, "Tasks" (`enter_implicit_thread`).

;; text: Tasks: calls of functions that need to be alone
(component definition $T
  (component $C
    (core module $Libc
      (memory (export "memory") 1))
    (core instance $libc (instantiate $Libc))
    (core func $index (canon thread.index))
    (core func $suspend (canon thread.suspend))
    (core func $resume-later (canon thread.resume-later))
    (core module $M
      (import "" "index" (func $index (result i32)))
      (import "" "suspend" (func $suspend (result i32)))
      (import "" "resume-later" (func $resume-later (param i32)))
      (import "libc" "memory" (memory 1))
      (global $held (mut i32) (i32.const 0))
      (global $ran (mut i32) (i32.const 0))
      (func (export "alone")
        (global.set $held (call $index))
        (drop (call $suspend))
        (global.set $ran (i32.const 1)))
      (func (export "wake") (call $resume-later (global.get $held)))
      (func (export "ran") (result i32) (global.get $ran))
      (func (export "now")))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "index" (func $index)) (export "suspend" (func $suspend))
          (export "resume-later" (func $resume-later))))))
    (func (export "alone") async (canon lift (core func $m "alone")))
    (func (export "wake") (canon lift (core func $m "wake")))
    (func (export "ran") (result u32) (canon lift (core func $m "ran")))
    (func (export "now") async (canon lift (core func $m "now"))))
  (instance $c (instantiate $C))
  (component $D
    (import "c" (instance $c
      (export "alone" (func async))
      (export "wake" (func))
      (export "ran" (func (result u32)))
      (export "now" (func async))))
    (core module $Libc
      (memory (export "memory") 1))
    (core instance $libc (instantiate $Libc))
    (core func $alone (canon lower (func $c "alone") async (memory $libc "memory")))
    (core func $wake (canon lower (func $c "wake")))
    (core func $now (canon lower (func $c "now") async (memory $libc "memory")))
    (core func $ran (canon lower (func $c "ran")))
    (core module $M
      (import "" "alone" (func $alone (result i32)))
      (import "" "wake" (func $wake))
      (import "" "now" (func $now (result i32)))
      (import "" "ran" (func $ran (result i32)))
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
      (func (export "run") (result i32)
        (call $log (call $alone))
        (call $wake)
        (call $log (call $now))
        (call $log (call $ran))
        (call $logged)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "alone" (func $alone)) (export "wake" (func $wake)) (export "now" (func $now))
          (export "ran" (func $ran))))))
    (func (export "run") async (result (list u32))
      (canon lift (core func $m "run") (memory $libc "memory"))))
  (instance $d (instantiate $D (with "c" (instance $c))))
  (export "run" (func $d "run")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $T)

;; The first has started (1), the second is starting (0), and the first has not gone on.
;; rule: task.enter/backpressure holds
(assert_return (invoke $i1 "run") (list.const (u32.const 17) (u32.const 32) (u32.const 0)))
