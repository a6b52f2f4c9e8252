;; DISPUTED: this file follows the text; the tests that stand beside the text want the
;; opposite. While a function whose type is not `async` waits, the text excludes only the
;; thread that is alone at the moment. A task that waits between two calls of its callback
;; is not alone, so it may run.
;; Text: CanonicalABI.md, "canon lift".

;; text: canon lift: a function that waits for the callback of an earlier call
(component definition $T
  (component $C
    (core module $Libc
      (memory (export "memory") 1))
    (core instance $libc (instantiate $Libc))
    (type $F (future))
    (core func $future-new (canon future.new $F))
    (core func $future-read (canon future.read $F async))
    (core func $future-write (canon future.write $F async))
    (core func $return (canon task.return))
    (core func $index (canon thread.index))
    (core func $suspend (canon thread.suspend))
    (core func $resume-later (canon thread.resume-later))
    (core func $set-new (canon waitable-set.new))
    (core func $join (canon waitable.join))
    (core module $M
      (import "" "return" (func $return))
      (import "" "index" (func $index (result i32)))
      (import "" "suspend" (func $suspend (result i32)))
      (import "" "resume-later" (func $resume-later (param i32)))
      (import "" "set-new" (func $set-new (result i32)))
      (import "" "join" (func $join (param i32 i32)))
      (import "" "future-new" (func $future-new (result i64)))
      (import "" "future-read" (func $future-read (param i32 i32) (result i32)))
      (import "" "future-write" (func $future-write (param i32 i32) (result i32)))
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
      (global $future (mut i64) (i64.const 0))
      (global $me (mut i32) (i32.const 0))
      (func (export "waits") (result i32) (local $end i32) (local $s i32)
        (global.set $future (call $future-new))
        (local.set $end (i32.wrap_i64 (global.get $future)))
        (local.set $s (call $set-new))
        (call $join (local.get $end) (local.get $s))
        (drop (call $future-read (local.get $end) (i32.const 0)))
        (i32.or (i32.const 2) (i32.shl (local.get $s) (i32.const 4))))
      (func (export "callback") (param i32 i32 i32) (result i32)
        (call $log (local.get 0))
        (call $resume-later (global.get $me))
        (call $return)
        (i32.const 0))
      (func (export "sync") (result i32)
        (global.set $me (call $index))
        (drop (call $future-write
          (i32.wrap_i64 (i64.shr_u (global.get $future) (i64.const 32))) (i32.const 0)))
        (call $log (i32.const 100))
        (call $log (call $suspend))
        (call $logged)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "return" (func $return)) (export "index" (func $index))
          (export "suspend" (func $suspend)) (export "resume-later" (func $resume-later))
          (export "set-new" (func $set-new)) (export "join" (func $join))
          (export "future-new" (func $future-new)) (export "future-read" (func $future-read))
          (export "future-write" (func $future-write))))))
    (func (export "waits") async
      (canon lift (core func $m "waits") async (callback (func $m "callback"))))
    (func (export "sync") (result (list u32))
      (canon lift (core func $m "sync") (memory $libc "memory"))))
  (instance $c (instantiate $C))
  (component $D
    (import "c" (instance $c
      (export "waits" (func async))))
    (core module $Libc
      (memory (export "memory") 1))
    (core instance $libc (instantiate $Libc))
    (core func $waits (canon lower (func $c "waits") async (memory $libc "memory")))
    (core module $M
      (import "" "waits" (func $waits (result i32)))
      (import "libc" "memory" (memory 1))
      (func (export "waits") (result i32) (call $waits)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "waits" (func $waits))))))
    (func (export "waits") (result u32) (canon lift (core func $m "waits"))))
  (instance $d (instantiate $D (with "c" (instance $c))))
  (export "waits" (func $d "waits"))
  (export "sync" (func $c "sync")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $T)

;; rule: callback/yield does not hold
(assert_return (invoke $i1 "waits") (u32.const 17))

;; rule: lift/blocked does not hold
;; rule: lift/resolved does not hold
(assert_return (invoke $i1 "sync") (list.const (u32.const 100) (u32.const 4) (u32.const 0)))
