;; `thread.resume-later` takes a thread that is suspended: not one that runs, that is
;; ready already, or that waits for something else.
;; Text: CanonicalABI.md, "canon thread.resume-later", "Threads", "Table State".

;; text: canon thread.resume-later: threads in each of their states
(component definition $D
  (core module $Libc
    (memory (export "memory") 1)
    (table (export "table") 8 funcref))
  (core instance $libc (instantiate $Libc))
  (core type $start (func (param i32)))
  (core func $index (canon thread.index))
  (core func $new-thread (canon thread.new-indirect $start (core table $libc "table")))
  (core func $suspend (canon thread.suspend))
  (core func $resume-later (canon thread.resume-later))
  (core func $set-new (canon waitable-set.new))
  (core func $wait (canon waitable-set.wait (memory $libc "memory")))
  (core func $suspend-resume (canon thread.suspend-then-resume))
  (core module $M
    (import "" "index" (func $index (result i32)))
    (import "" "new-thread" (func $new-thread (param i32 i32) (result i32)))
    (import "" "suspend" (func $suspend (result i32)))
    (import "" "resume-later" (func $resume-later (param i32)))
    (import "" "set-new" (func $set-new (result i32)))
    (import "" "wait" (func $wait (param i32 i32) (result i32)))
    (import "" "suspend-resume" (func $suspend-resume (param i32) (result i32)))
    (import "libc" "memory" (memory 1))
    (import "libc" "table" (table 8 funcref))
    (global $end (mut i32) (i32.const 1024))
    (func $log (param i32)
      (i32.store (global.get $end) (local.get 0))
      (global.set $end (i32.add (global.get $end) (i32.const 4))))
    (func $logged (result i32)
      (i32.store (i32.const 16) (i32.const 1024))
      (i32.store (i32.const 20)
        (i32.shr_u (i32.sub (global.get $end) (i32.const 1024)) (i32.const 2)))
      (i32.const 16))
    (global $me (mut i32) (i32.const 0))
    (func $note (param i32)
      (call $log (local.get 0))
      (call $resume-later (global.get $me)))
    (func $waits (param i32)
      (call $resume-later (global.get $me))
      (drop (call $wait (call $set-new) (i32.const 0))))
    (elem (table 0) (i32.const 0) func $note $waits)
    (func (export "once") (result i32)
      (global.set $me (call $index))
      (call $resume-later (call $new-thread (i32.const 0) (i32.const 42)))
      (call $log (i32.const 1))
      (call $log (call $suspend))
      (call $logged))
    (func (export "twice") (local $t i32)
      (local.set $t (call $new-thread (i32.const 0) (i32.const 0)))
      (call $resume-later (local.get $t))
      (call $resume-later (local.get $t)))
    (func (export "running") (call $resume-later (call $index)))
    (func (export "waiting") (local $t i32)
      (global.set $me (call $index))
      (local.set $t (call $new-thread (i32.const 1) (i32.const 0)))
      (drop (call $suspend-resume (local.get $t)))
      (call $resume-later (local.get $t)))
    (func (export "other") (param i32) (call $resume-later (local.get 0))))
  (core instance $m (instantiate $M
    (with "libc" (instance $libc))
    (with "" (instance
      (export "index" (func $index)) (export "new-thread" (func $new-thread))
        (export "suspend" (func $suspend)) (export "resume-later" (func $resume-later))
        (export "set-new" (func $set-new)) (export "wait" (func $wait))
        (export "suspend-resume" (func $suspend-resume))))))
  (func (export "once") async (result (list u32))
    (canon lift (core func $m "once") (memory $libc "memory")))
  (func (export "twice") (canon lift (core func $m "twice")))
  (func (export "running") (canon lift (core func $m "running")))
  (func (export "waiting") (canon lift (core func $m "waiting")))
  (func (export "other") (param "thread" u32) (canon lift (core func $m "other"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; It does not run until the first thread blocks.
;; rule: thread.resume-later/suspended does not hold
;; rule: thread.suspend/may-leave does not hold
(assert_return (invoke $i1 "once") (list.const (u32.const 1) (u32.const 42) (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; After the first time, it waits to run.
;; rule: thread.resume-later/suspended holds
(assert_trap (invoke $i2 "twice") "thread.resume-later/suspended")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: thread.resume-later/suspended holds
(assert_trap (invoke $i3 "running") "thread.resume-later/suspended")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; It waits for an event.
;; rule: thread.resume-later/suspended holds
(assert_trap (invoke $i4 "waiting") "thread.resume-later/suspended")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; Index 0 is never used.
;; rule: table.get/empty holds
(assert_trap (invoke $i5 "other" (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; The first thread is at 1.
;; rule: table.get/bounds holds
(assert_trap (invoke $i6 "other" (u32.const 2)) "table.get/bounds")
