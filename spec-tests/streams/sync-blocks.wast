;; A synchronous copy blocks its task until there is an event, which is its result. Meanwhile the
;; end is copying, and nobody may cancel that: only asynchronous copies can be cancelled.
;; Text: CanonicalABI.md, "canon stream.{read,write}" (`wait_for_pending_event`),
;; "canon {stream,future}.cancel-{read,write}" (`has_sync_waiter`).

;; The driver's `start-read` and `start-write` call the synchronous copy of the reader's end 1 to
;; 64, and of the writer's end 2 from 0, as subtasks, and return their state: STARTED (1) and
;; the index 1 (times 16). `wait` waits for that subtask, and returns the event, and then the
;; result of the copy. All else calls the built-ins.
;; text: canon stream.{read,write}: a stream between two instances, and a third that calls their synchronous copies
(component definition $D
  (component $Writer
    (core module $Memory
      (memory (export "memory") 1)
      (data (i32.const 0) "abcdefghijklmnopqrstuvwxyz")
      (data (i32.const 64) "--------------------------------")
      (func (export "same") (param i32) (result i32) (local.get 0))
      (func (export "text") (param i32 i32) (result i32)
        (i32.store (i32.const 128) (local.get 0))
        (i32.store (i32.const 132) (local.get 1))
        (i32.const 128)))
    (core instance $m (instantiate $Memory))
    (type $T (stream u8))
    (core func $new (canon stream.new $T))
    (core func $write (canon stream.write $T async (memory $m "memory")))
    (core func $write-sync (canon stream.write $T (memory $m "memory")))
    (core func $cancel-write-async (canon stream.cancel-write $T async))
    (core func $drop-writable (canon stream.drop-writable $T))
    (func (export "new") (result u64) (canon lift (core func $new)))
    (func (export "write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
      (canon lift (core func $write)))
    (func (export "write-sync") async (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
      (canon lift (core func $write-sync)))
    (func (export "cancel-write-async") (param "end" u32) (result u32)
      (canon lift (core func $cancel-write-async)))
    (func (export "drop-writable") (param "end" u32) (canon lift (core func $drop-writable)))
    (func (export "send") (param "end" u32) (result $T) (canon lift (core func $m "same"))))
  (instance $w (instantiate $Writer))
  (component $Reader
    (core module $Memory
      (memory (export "memory") 1)
      (data (i32.const 0) "abcdefghijklmnopqrstuvwxyz")
      (data (i32.const 64) "--------------------------------")
      (func (export "same") (param i32) (result i32) (local.get 0))
      (func (export "text") (param i32 i32) (result i32)
        (i32.store (i32.const 128) (local.get 0))
        (i32.store (i32.const 132) (local.get 1))
        (i32.const 128)))
    (core instance $m (instantiate $Memory))
    (type $T (stream u8))
    (import "send" (func $send (param "end" u32) (result $T)))
    (core func $fetch (canon lower (func $send)))
    (core func $read (canon stream.read $T async (memory $m "memory")))
    (core func $read-sync (canon stream.read $T (memory $m "memory")))
    (core func $cancel-read-async (canon stream.cancel-read $T async))
    (core func $drop-readable (canon stream.drop-readable $T))
    (func (export "read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
      (canon lift (core func $read)))
    (func (export "read-sync") async (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
      (canon lift (core func $read-sync)))
    (func (export "cancel-read-async") (param "end" u32) (result u32)
      (canon lift (core func $cancel-read-async)))
    (func (export "drop-readable") (param "end" u32) (canon lift (core func $drop-readable)))
    (func (export "fetch") (param "end" u32) (result u32) (canon lift (core func $fetch)))
    (func (export "text") (param "at" u32) (param "length" u32) (result string)
      (canon lift (core func $m "text") (memory $m "memory"))))
  (instance $r (instantiate $Reader (with "send" (func $w "send"))))
  (component $Driver
    (core module $Memory (memory (export "memory") 1))
    (core instance $m (instantiate $Memory))
    (import "write-sync" (func $write-sync async (param "end" u32) (param "at" u32) (param "n" u32) (result u32)))
    (core func $write-sync (canon lower (func $write-sync) async (memory $m "memory")))
    (import "read-sync" (func $read-sync async (param "end" u32) (param "at" u32) (param "n" u32) (result u32)))
    (core func $read-sync (canon lower (func $read-sync) async (memory $m "memory")))
    (core func $set (canon waitable-set.new))
    (core func $join (canon waitable.join))
    (core func $wait (canon waitable-set.wait (memory $m "memory")))
    (core module $Driver
      (import "" "memory" (memory 1))
      (import "" "write-sync" (func $write-sync (param i32 i32 i32 i32) (result i32)))
      (import "" "read-sync" (func $read-sync (param i32 i32 i32 i32) (result i32)))
      (import "" "set" (func $set (result i32)))
      (import "" "join" (func $join (param i32 i32)))
      (import "" "wait" (func $wait (param i32 i32) (result i32)))
      (func (export "start-read") (param i32) (result i32)
        (call $read-sync (i32.const 1) (i32.const 64) (local.get 0) (i32.const 16)))
      (func (export "start-write") (param i32) (result i32)
        (call $write-sync (i32.const 2) (i32.const 0) (local.get 0) (i32.const 16)))
      (func (export "wait") (result i32)
        (local $wset i32)
        (local.set $wset (call $set))
        (call $join (i32.const 1) (local.get $wset))
        (i32.store (i32.const 4) (call $wait (local.get $wset) (i32.const 8)))
        (i32.const 4)))
    (core instance $d (instantiate $Driver (with "" (instance
      (export "memory" (memory $m "memory"))
      (export "write-sync" (func $write-sync)) (export "read-sync" (func $read-sync))
      (export "set" (func $set)) (export "join" (func $join)) (export "wait" (func $wait))))))
    (func (export "start-read") (param "n" u32) (result u32)
      (canon lift (core func $d "start-read")))
    (func (export "start-write") (param "n" u32) (result u32)
      (canon lift (core func $d "start-write")))
    (func (export "wait") async (result (tuple u32 u32 u32 u32))
      (canon lift (core func $d "wait") (memory $m "memory"))))
  (instance $d (instantiate $Driver
    (with "write-sync" (func $w "write-sync")) (with "read-sync" (func $r "read-sync"))))
  (export "new" (func $w "new"))
  (export "fetch" (func $r "fetch"))
  (export "start-read" (func $d "start-read"))
  (export "start-write" (func $d "start-write"))
  (export "wait" (func $d "wait"))
  (export "read" (func $r "read"))
  (export "write" (func $w "write"))
  (export "cancel-read" (func $r "cancel-read-async"))
  (export "cancel-write" (func $w "cancel-write-async"))
  (export "drop-readable" (func $r "drop-readable"))
  (export "drop-writable" (func $w "drop-writable"))
  (export "text" (func $r "text")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: stream.lift/state does not hold
(assert_return (invoke $i1 "fetch" (u32.const 1)) (u32.const 1))

;; rule: copy/at-once does not hold
;; rule: copy/blocks holds
(assert_return (invoke $i1 "start-read" (u32.const 4)) (u32.const 0x11))

;; rule: stream.write/pending holds
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0) (u32.const 3)) (u32.const 0x30))

;; The event is RETURNED (2) of the subtask 1.
;; rule: waitable-set.wait/kind does not hold
;; rule: lower/event-resolved holds
(assert_return (invoke $i1 "wait")
  (tuple.const (u32.const 1) (u32.const 1) (u32.const 2) (u32.const 0x30)))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 64) (u32.const 4)) (str.const "abc-"))

;; The end is idle again.
;; rule: stream.read/state does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64) (u32.const 2))
  (u32.const 0xffff_ffff))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: stream.lift/state does not hold
(assert_return (invoke $i2 "fetch" (u32.const 1)) (u32.const 1))

;; rule: copy/at-once does not hold
;; rule: copy/blocks holds
(assert_return (invoke $i2 "start-write" (u32.const 4)) (u32.const 0x11))

;; rule: stream.read/pending holds
(assert_return (invoke $i2 "read" (u32.const 1) (u32.const 64) (u32.const 3)) (u32.const 0x30))

;; rule: waitable-set.wait/kind does not hold
;; rule: lower/event-resolved holds
(assert_return (invoke $i2 "wait")
  (tuple.const (u32.const 1) (u32.const 1) (u32.const 2) (u32.const 0x30)))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "text" (u32.const 64) (u32.const 4)) (str.const "abc-"))

;; rule: stream.write/state does not hold
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 64) (u32.const 2))
  (u32.const 0xffff_ffff))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; The other end is dropped.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i3 "new") (u64.const 0x2_00000001))

;; rule: stream.lift/state does not hold
(assert_return (invoke $i3 "fetch" (u32.const 1)) (u32.const 1))

;; rule: copy/at-once does not hold
;; rule: copy/blocks holds
(assert_return (invoke $i3 "start-read" (u32.const 4)) (u32.const 0x11))

;; rule: channel.drop/pending holds
(assert_return (invoke $i3 "drop-writable" (u32.const 2)))

;; rule: waitable-set.wait/kind does not hold
;; rule: lower/event-resolved holds
(assert_return (invoke $i3 "wait")
  (tuple.const (u32.const 1) (u32.const 1) (u32.const 2) (u32.const 0x1)))

;; rule: stream.read/state holds
(assert_trap (invoke $i3 "read" (u32.const 1) (u32.const 64) (u32.const 1)) "stream.read/state")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i4 "new") (u64.const 0x2_00000001))

;; rule: stream.lift/state does not hold
(assert_return (invoke $i4 "fetch" (u32.const 1)) (u32.const 1))

;; rule: copy/at-once does not hold
;; rule: copy/blocks holds
(assert_return (invoke $i4 "start-write" (u32.const 4)) (u32.const 0x11))

;; rule: channel.drop/pending holds
(assert_return (invoke $i4 "drop-readable" (u32.const 1)))

;; rule: waitable-set.wait/kind does not hold
;; rule: lower/event-resolved holds
(assert_return (invoke $i4 "wait")
  (tuple.const (u32.const 1) (u32.const 1) (u32.const 2) (u32.const 0x1)))

;; rule: stream.write/state holds
(assert_trap (invoke $i4 "write" (u32.const 2) (u32.const 64) (u32.const 1)) "stream.write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; While it blocks, the end can neither copy, nor be cancelled or dropped.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i5 "new") (u64.const 0x2_00000001))

;; rule: stream.lift/state does not hold
(assert_return (invoke $i5 "fetch" (u32.const 1)) (u32.const 1))

;; rule: copy/at-once does not hold
;; rule: copy/blocks holds
(assert_return (invoke $i5 "start-read" (u32.const 4)) (u32.const 0x11))

;; rule: stream.read/state holds
(assert_trap (invoke $i5 "read" (u32.const 1) (u32.const 0) (u32.const 1)) "stream.read/state")

;; text: Instance Definitions: a fresh instance
(component instance $i6 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i6 "new") (u64.const 0x2_00000001))

;; rule: stream.lift/state does not hold
(assert_return (invoke $i6 "fetch" (u32.const 1)) (u32.const 1))

;; rule: copy/at-once does not hold
;; rule: copy/blocks holds
(assert_return (invoke $i6 "start-read" (u32.const 4)) (u32.const 0x11))

;; rule: stream.cancel-read/state holds
(assert_trap (invoke $i6 "cancel-read" (u32.const 1)) "stream.cancel-read/state")

;; text: Instance Definitions: a fresh instance
(component instance $i7 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i7 "new") (u64.const 0x2_00000001))

;; rule: stream.lift/state does not hold
(assert_return (invoke $i7 "fetch" (u32.const 1)) (u32.const 1))

;; rule: copy/at-once does not hold
;; rule: copy/blocks holds
(assert_return (invoke $i7 "start-read" (u32.const 4)) (u32.const 0x11))

;; rule: channel.drop/copying holds
(assert_trap (invoke $i7 "drop-readable" (u32.const 1)) "channel.drop/copying")

;; text: Instance Definitions: a fresh instance
(component instance $i8 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i8 "new") (u64.const 0x2_00000001))

;; rule: stream.lift/state does not hold
(assert_return (invoke $i8 "fetch" (u32.const 1)) (u32.const 1))

;; rule: copy/at-once does not hold
;; rule: copy/blocks holds
(assert_return (invoke $i8 "start-write" (u32.const 4)) (u32.const 0x11))

;; rule: stream.write/state holds
(assert_trap (invoke $i8 "write" (u32.const 2) (u32.const 0) (u32.const 1)) "stream.write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i9 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i9 "new") (u64.const 0x2_00000001))

;; rule: stream.lift/state does not hold
(assert_return (invoke $i9 "fetch" (u32.const 1)) (u32.const 1))

;; rule: copy/at-once does not hold
;; rule: copy/blocks holds
(assert_return (invoke $i9 "start-write" (u32.const 4)) (u32.const 0x11))

;; rule: stream.cancel-write/state holds
(assert_trap (invoke $i9 "cancel-write" (u32.const 2)) "stream.cancel-write/state")

;; text: Instance Definitions: a fresh instance
(component instance $i10 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i10 "new") (u64.const 0x2_00000001))

;; rule: stream.lift/state does not hold
(assert_return (invoke $i10 "fetch" (u32.const 1)) (u32.const 1))

;; rule: copy/at-once does not hold
;; rule: copy/blocks holds
(assert_return (invoke $i10 "start-write" (u32.const 4)) (u32.const 0x11))

;; rule: channel.drop/copying holds
(assert_trap (invoke $i10 "drop-writable" (u32.const 2)) "channel.drop/copying")
