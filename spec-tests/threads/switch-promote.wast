;; `thread.suspend-then-promote` and `thread.yield-then-promote` run another thread at
;; once if that is ready; if it is not, they are plain `thread.suspend` and
;; `thread.yield`.
;; Text: CanonicalABI.md, "canon thread.suspend-then-promote", "canon
;; thread.yield-then-promote", "Threads".

;; text: canon thread.suspend-then-promote: threads that are ready and that are not
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
  (core func $yield (canon thread.yield))
  (core func $suspend-promote (canon thread.suspend-then-promote))
  (core func $yield-promote (canon thread.yield-then-promote))
  (core module $M
    (import "" "index" (func $index (result i32)))
    (import "" "new-thread" (func $new-thread (param i32 i32) (result i32)))
    (import "" "suspend" (func $suspend (result i32)))
    (import "" "resume-later" (func $resume-later (param i32)))
    (import "" "yield" (func $yield (result i32)))
    (import "" "suspend-promote" (func $suspend-promote (param i32) (result i32)))
    (import "" "yield-promote" (func $yield-promote (param i32) (result i32)))
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
    (func $notes (param i32) (call $log (local.get 0)))
    (func $wakes (param i32)
      (call $log (local.get 0))
      (call $resume-later (global.get $me)))
    (elem (table 0) (i32.const 0) func $notes $wakes)
    (func $new (param i32 i32) (result i32)
      (global.set $me (call $index))
      (call $new-thread (local.get 0) (local.get 1)))
    (func $ready (param i32 i32) (result i32) (local $t i32)
      (local.set $t (call $new (local.get 0) (local.get 1)))
      (call $resume-later (local.get $t))
      (local.get $t))
    ;; The last of three ready threads is promoted; it runs before the others, which run
    ;; in any order, both with the same number.
    (func (export "suspend") (result i32)
      (drop (call $ready (i32.const 0) (i32.const 20)))
      (drop (call $ready (i32.const 0) (i32.const 20)))
      (call $log (call $suspend-promote (call $ready (i32.const 1) (i32.const 21))))
      (call $logged-first))
    (func (export "yield") (result i32)
      (drop (call $ready (i32.const 0) (i32.const 20)))
      (drop (call $ready (i32.const 0) (i32.const 20)))
      (drop (call $yield-promote (call $ready (i32.const 0) (i32.const 22))))
      (call $logged-first))
    ;; Only the first number is certain.
    (func $logged-first (result i32)
      (i32.load (i32.const 1024)))
    (func (export "suspend-to-suspended")
      (drop (call $suspend-promote (call $new (i32.const 1) (i32.const 23)))))
    (func (export "yield-to-suspended") (result i32)
      (call $log (call $yield-promote (call $new (i32.const 1) (i32.const 24))))
      (call $log (i32.const 25))
      (call $logged))
    (func (export "suspend-while-woken") (result i32)
      ;; The thread named is suspended, another lets this one go on.
      (drop (call $ready (i32.const 1) (i32.const 26)))
      (call $log (call $suspend-promote (call $new (i32.const 0) (i32.const 27))))
      (call $logged))
    (func (export "suspend-to") (param i32) (drop (call $suspend-promote (local.get 0))))
    (func (export "yield-to") (param i32) (result i32) (call $yield-promote (local.get 0))))
  (core instance $m (instantiate $M
    (with "libc" (instance $libc))
    (with "" (instance
      (export "index" (func $index)) (export "new-thread" (func $new-thread))
        (export "suspend" (func $suspend)) (export "resume-later" (func $resume-later))
        (export "yield" (func $yield)) (export "suspend-promote" (func $suspend-promote))
        (export "yield-promote" (func $yield-promote))))))
  (func (export "suspend") (result u32) (canon lift (core func $m "suspend")))
  (func (export "yield") (result u32) (canon lift (core func $m "yield")))
  (func (export "suspend-to-suspended") (canon lift (core func $m "suspend-to-suspended")))
  (func (export "yield-to-suspended") (result (list u32))
    (canon lift (core func $m "yield-to-suspended") (memory $libc "memory")))
  (func (export "suspend-while-woken") (result (list u32))
    (canon lift (core func $m "suspend-while-woken") (memory $libc "memory")))
  (func (export "suspend-to") (param "thread" u32) (canon lift (core func $m "suspend-to")))
  (func (export "yield-to") (param "thread" u32) (result u32)
    (canon lift (core func $m "yield-to"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: thread/promote-ready holds
;; rule: thread.suspend-then-promote/may-leave does not hold
(assert_return (invoke $i1 "suspend") (u32.const 21))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: thread/promote-ready holds
;; rule: thread.yield-then-promote/may-leave does not hold
(assert_return (invoke $i2 "yield") (u32.const 22))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; Neither is ever ready.
;; rule: lift/blocked holds
;; rule: thread/promote-ready does not hold
(assert_trap (invoke $i3 "suspend-to-suspended") "lift/blocked")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; The other thread never runs.
;; rule: thread/promote-ready does not hold
(assert_return (invoke $i4 "yield-to-suspended") (list.const (u32.const 0) (u32.const 25)))

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: thread/promote-ready does not hold
(assert_return (invoke $i5 "suspend-while-woken") (list.const (u32.const 26) (u32.const 0)))

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; A thread can name itself, which is not ready, since it runs.
;; rule: lift/blocked holds
;; rule: thread/promote-ready does not hold
(assert_trap (invoke $i6 "suspend-to" (u32.const 1)) "lift/blocked")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: thread/promote-ready does not hold
(assert_return (invoke $i7 "yield-to" (u32.const 1)) (u32.const 0))

;; rule: table.get/empty holds
(assert_trap (invoke $i7 "yield-to" (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: table.get/bounds holds
(assert_trap (invoke $i8 "yield-to" (u32.const 2)) "table.get/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; rule: table.get/empty holds
(assert_trap (invoke $i9 "suspend-to" (u32.const 0)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; rule: table.get/bounds holds
(assert_trap (invoke $i10 "suspend-to" (u32.const 2)) "table.get/bounds")
