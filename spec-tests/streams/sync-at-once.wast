;; The synchronous built-ins block only where there is no event yet. A synchronous task, which
;; may not block, may therefore use them as long as they are over at once.
;; Text: CanonicalABI.md, "canon stream.{read,write}", "canon {stream,future}.cancel-{read,write}":
;; a thread waits only `if not e.has_pending_event()`.

;; The script calls the built-ins one by one: at 0 are the letters to write, at 64 there
;; is room to read into. `new` packs the two indices: the readable end in the low half.
;; text: canon stream.{read,write}: the built-ins of a `stream<u8>`, called by the script, through synchronous functions only
(component definition $D
  (core module $Memory
    (memory (export "memory") 1)
    (data (i32.const 0) "abcdefghijklmnopqrstuvwxyz")
    (data (i32.const 64) "--------------------------------")
    (func (export "text") (param i32 i32) (result i32)
      (i32.store (i32.const 128) (local.get 0))
      (i32.store (i32.const 132) (local.get 1))
      (i32.const 128)))
  (core instance $m (instantiate $Memory))
  (type $T (stream u8))
  (core func $new (canon stream.new $T))
  (core func $read (canon stream.read $T async (memory $m "memory")))
  (core func $write (canon stream.write $T async (memory $m "memory")))
  (core func $read-sync (canon stream.read $T (memory $m "memory")))
  (core func $write-sync (canon stream.write $T (memory $m "memory")))
  (core func $cancel-read (canon stream.cancel-read $T))
  (core func $cancel-write (canon stream.cancel-write $T))
  (core func $drop-readable (canon stream.drop-readable $T))
  (core func $drop-writable (canon stream.drop-writable $T))
  (func (export "new") (result u64) (canon lift (core func $new)))
  (func (export "read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $read)))
  (func (export "write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $write)))
  (func (export "read-sync") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $read-sync)))
  (func (export "write-sync") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $write-sync)))
  (func (export "cancel-read") (param "end" u32) (result u32)
    (canon lift (core func $cancel-read)))
  (func (export "cancel-write") (param "end" u32) (result u32)
    (canon lift (core func $cancel-write)))
  (func (export "drop-readable") (param "end" u32) (canon lift (core func $drop-readable)))
  (func (export "drop-writable") (param "end" u32) (canon lift (core func $drop-writable)))
  (func (export "text") (param "at" u32) (param "length" u32) (result string)
    (canon lift (core func $m "text") (memory $m "memory"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: copy/at-once does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: copy/at-once holds
(assert_return (invoke $i1 "read-sync" (u32.const 1) (u32.const 64) (u32.const 3))
  (u32.const 0x30))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 64) (u32.const 4)) (str.const "abc-"))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: copy/at-once does not hold
(assert_return (invoke $i2 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: copy/at-once holds
(assert_return (invoke $i2 "write-sync" (u32.const 2) (u32.const 0) (u32.const 5))
  (u32.const 0x40))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "text" (u32.const 64) (u32.const 5)) (str.const "abcd-"))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i3 "new") (u64.const 0x2_00000001))

;; rule: copy/at-once does not hold
(assert_return (invoke $i3 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: cancel-copy/completed does not hold
;; rule: copy/at-once holds
(assert_return (invoke $i3 "cancel-read" (u32.const 1)) (u32.const 0x2))

;; rule: copy/at-once does not hold
(assert_return (invoke $i3 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: cancel-copy/completed does not hold
;; rule: copy/at-once holds
(assert_return (invoke $i3 "cancel-write" (u32.const 2)) (u32.const 0x2))

;; rule: channel.drop/copying does not hold
(assert_return (invoke $i3 "drop-readable" (u32.const 1)))

;; rule: stream.write/dropped holds
;; rule: copy/at-once holds
(assert_return (invoke $i3 "write-sync" (u32.const 2) (u32.const 0) (u32.const 5))
  (u32.const 0x1))

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; Where there is no event, the task would block, and nobody could end that.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i4 "new") (u64.const 0x2_00000001))

;; rule: lift/blocked holds
;; rule: copy/blocks holds
(assert_trap (invoke $i4 "read-sync" (u32.const 1) (u32.const 64) (u32.const 4)) "lift/blocked")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i5 "new") (u64.const 0x2_00000001))

;; rule: lift/blocked holds
;; rule: copy/blocks holds
(assert_trap (invoke $i5 "write-sync" (u32.const 2) (u32.const 64) (u32.const 4)) "lift/blocked")
