;; `thread.suspend-then-resume` and `thread.yield-then-resume` run another thread, which
;; must be suspended, at once. The first leaves the calling thread suspended, the
;; second leaves it ready.
;; Text: CanonicalABI.md, "canon thread.suspend-then-resume", "canon
;; thread.yield-then-resume", "Threads".

;; text: canon thread.suspend-then-resume: threads that switch to each other
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
  (core func $suspend-resume (canon thread.suspend-then-resume))
  (core func $yield-resume (canon thread.yield-then-resume))
  (core module $M
    (import "" "index" (func $index (result i32)))
    (import "" "new-thread" (func $new-thread (param i32 i32) (result i32)))
    (import "" "suspend" (func $suspend (result i32)))
    (import "" "resume-later" (func $resume-later (param i32)))
    (import "" "suspend-resume" (func $suspend-resume (param i32) (result i32)))
    (import "" "yield-resume" (func $yield-resume (param i32) (result i32)))
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
    ;; Notes its argument, and lets the first thread go on.
    (func $wakes (param i32)
      (call $log (local.get 0))
      (call $resume-later (global.get $me)))
    (func $notes (param i32) (call $log (local.get 0)))
    ;; Switches back at once: the first thread is suspended.
    (func $back (param i32)
      (call $log (local.get 0))
      (call $log (call $suspend-resume (global.get $me)))
      (unreachable))
    (elem (table 0) (i32.const 0) func $wakes $notes $back)
    (func $new (param i32 i32) (result i32)
      (global.set $me (call $index))
      (call $new-thread (local.get 0) (local.get 1)))
    (func (export "suspend") (result i32)
      (call $log (call $suspend-resume (call $new (i32.const 0) (i32.const 11))))
      (call $log (call $suspend-resume (call $new (i32.const 2) (i32.const 12))))
      (call $logged))
    (func (export "suspend-forever")
      (drop (call $suspend-resume (call $new (i32.const 1) (i32.const 13)))))
    (func (export "yield") (result i32)
      (call $log (call $yield-resume (call $new (i32.const 1) (i32.const 14))))
      (call $log (i32.const 15))
      (call $logged))
    (func (export "yield-wakes")
      (drop (call $yield-resume (call $new (i32.const 0) (i32.const 16)))))
    (func (export "suspend-to") (param i32) (drop (call $suspend-resume (local.get 0))))
    (func (export "yield-to") (param i32) (drop (call $yield-resume (local.get 0))))
    (func $ready (result i32) (local $t i32)
      (local.set $t (call $new (i32.const 1) (i32.const 17)))
      (call $resume-later (local.get $t))
      (local.get $t))
    (func (export "suspend-to-ready") (drop (call $suspend-resume (call $ready))))
    (func (export "yield-to-ready") (drop (call $yield-resume (call $ready)))))
  (core instance $m (instantiate $M
    (with "libc" (instance $libc))
    (with "" (instance
      (export "index" (func $index)) (export "new-thread" (func $new-thread))
        (export "suspend" (func $suspend)) (export "resume-later" (func $resume-later))
        (export "suspend-resume" (func $suspend-resume))
        (export "yield-resume" (func $yield-resume))))))
  (func (export "suspend") (result (list u32))
    (canon lift (core func $m "suspend") (memory $libc "memory")))
  (func (export "suspend-forever") (canon lift (core func $m "suspend-forever")))
  (func (export "yield") (result (list u32))
    (canon lift (core func $m "yield") (memory $libc "memory")))
  (func (export "yield-wakes") (canon lift (core func $m "yield-wakes")))
  (func (export "suspend-to") (param "thread" u32) (canon lift (core func $m "suspend-to")))
  (func (export "yield-to") (param "thread" u32) (canon lift (core func $m "yield-to")))
  (func (export "suspend-to-ready") (canon lift (core func $m "suspend-to-ready")))
  (func (export "yield-to-ready") (canon lift (core func $m "yield-to-ready"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; The second thread is switched to and switches back, and is never gone on with.
;; rule: thread.suspend-then-resume/may-leave does not hold
;; rule: thread.suspend-then-resume/suspended does not hold
(assert_return (invoke $i1 "suspend")
  (list.const (u32.const 11) (u32.const 0) (u32.const 12) (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; It is ready by itself when the other ends.
;; rule: thread.yield-then-resume/may-leave does not hold
;; rule: thread.yield-then-resume/suspended does not hold
;; rule: lift/resolved does not hold
(assert_return (invoke $i2 "yield") (list.const (u32.const 14) (u32.const 0) (u32.const 15)))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; Nobody lets the first thread go on.
;; rule: lift/blocked holds
(assert_trap (invoke $i3 "suspend-forever") "lift/blocked")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; The first thread is ready, and so not suspended, when the other would let it go on.
;; rule: thread.resume-later/suspended holds
(assert_trap (invoke $i4 "yield-wakes") "thread.resume-later/suspended")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; It is the thread that runs.
;; rule: thread.suspend-then-resume/suspended holds
(assert_trap (invoke $i5 "suspend-to" (u32.const 1)) "thread.suspend-then-resume/suspended")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: thread.suspend-then-resume/suspended holds
(assert_trap (invoke $i6 "suspend-to-ready") "thread.suspend-then-resume/suspended")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: table.get/empty holds
(assert_trap (invoke $i7 "suspend-to" (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: table.get/bounds holds
(assert_trap (invoke $i8 "suspend-to" (u32.const 2)) "table.get/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; It is the thread that runs.
;; rule: thread.yield-then-resume/suspended holds
(assert_trap (invoke $i9 "yield-to" (u32.const 1)) "thread.yield-then-resume/suspended")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; rule: thread.yield-then-resume/suspended holds
(assert_trap (invoke $i10 "yield-to-ready") "thread.yield-then-resume/suspended")

;; text: Instance Definitions: a fresh instance
(component instance $i11 $D)

;; rule: table.get/empty holds
(assert_trap (invoke $i11 "yield-to" (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i12 $D)

;; rule: table.get/bounds holds
(assert_trap (invoke $i12 "yield-to" (u32.const 2)) "table.get/bounds")
