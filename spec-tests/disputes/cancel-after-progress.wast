;; A stream copy of which a part is done, but not told yet, is cancelled. In the text, the event
;; of that part is there already and is what the cancellation returns: COMPLETED, with the
;; number of elements. The tests beside the text want CANCELLED with that number. Here the text
;; is followed.
;; Text: CanonicalABI.md, "canon {stream,future}.cancel-{read,write}": the first check of
;; `has_pending_event` keeps `cancel` from being called.

;; The script calls the built-ins one by one: at 0 are the letters to write, at 64 there
;; is room to read into. `new` packs the two indices: the readable end in the low half.
;; text: canon {stream,future}.cancel-{read,write}: the built-ins of a `stream<u8>`, called by the script
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
  (core func $cancel-read-async (canon stream.cancel-read $T async))
  (core func $cancel-write-async (canon stream.cancel-write $T async))
  (func (export "new") (result u64) (canon lift (core func $new)))
  (func (export "read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $read)))
  (func (export "write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $write)))
  (func (export "cancel-read-async") (param "end" u32) (result u32)
    (canon lift (core func $cancel-read-async)))
  (func (export "cancel-write-async") (param "end" u32) (result u32)
    (canon lift (core func $cancel-write-async)))
  (core func $set (canon waitable-set.new))
  (core func $poll (canon waitable-set.poll (memory $m "memory")))
  (core func $join (canon waitable.join))
  (core func $drop-set (canon waitable-set.drop))
  (core module $Poll
    (import "" "memory" (memory 1))
    (import "" "poll" (func $poll (param i32 i32) (result i32)))
    (func (export "poll") (param i32) (result i32)
      (i32.store (i32.const 144) (call $poll (local.get 0) (i32.const 148)))
      (i32.const 144)))
  (core instance $p (instantiate $Poll (with "" (instance
    (export "memory" (memory $m "memory")) (export "poll" (func $poll))))))
  (func (export "set") (result u32) (canon lift (core func $set)))
  (func (export "join") (param "end" u32) (param "set" u32) (canon lift (core func $join)))
  (func (export "poll") (param "set" u32) (result (tuple u32 u32 u32))
    (canon lift (core func $p "poll") (memory $m "memory")))
  (func (export "drop-set") (param "set" u32) (canon lift (core func $drop-set)))
  (func (export "text") (param "at" u32) (param "length" u32) (result string)
    (canon lift (core func $m "text") (memory $m "memory"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.write/pending holds
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0) (u32.const 3)) (u32.const 0x30))

;; rule: cancel-copy/completed holds
;; rule: copy/at-once holds
(assert_return (invoke $i1 "cancel-read-async" (u32.const 1)) (u32.const 0x30))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 64) (u32.const 4)) (str.const "abc-"))

;; The buffer is the reader's again.
;; rule: stream.write/pending does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 8) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.read/pending holds
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 68) (u32.const 1)) (u32.const 0x10))

;; rule: cancel-copy/completed holds
;; rule: copy/at-once holds
(assert_return (invoke $i1 "cancel-write-async" (u32.const 2)) (u32.const 0x10))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 70) (u32.const 1))
  (u32.const 0xffff_ffff))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 64) (u32.const 7)) (str.const "abc-i--"))
