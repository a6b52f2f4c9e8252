;; `stream.new` adds the readable end, then the writable end, and returns both indices: the
;; readable end in the low half of an i64, the writable end in the high half.
;; Text: CanonicalABI.md, "canon {stream,future}.new".

;; The script calls the built-ins one by one: at 0 are the letters to write, at 64 there
;; is room to read into. `new` packs the two indices: the readable end in the low half.
;; text: canon {stream,future}.new: the built-ins of a `stream<u8>`, called by the script
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
  (core func $drop-readable (canon stream.drop-readable $T))
  (core func $drop-writable (canon stream.drop-writable $T))
  (func (export "new") (result u64) (canon lift (core func $new)))
  (func (export "read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $read)))
  (func (export "write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
    (canon lift (core func $write)))
  (func (export "drop-readable") (param "end" u32) (canon lift (core func $drop-readable)))
  (func (export "drop-writable") (param "end" u32) (canon lift (core func $drop-writable)))
  (func (export "text") (param "at" u32) (param "length" u32) (result string)
    (canon lift (core func $m "text") (memory $m "memory"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: stream.new/may-leave does not hold
;; rule: table.add/free does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; Another stream takes the next two.
;; rule: stream.new/may-leave does not hold
;; rule: table.add/free does not hold
(assert_return (invoke $i1 "new") (u64.const 0x4_00000003))

;; The two streams have nothing to do with each other.
;; rule: stream.write/pending does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i1 "read" (u32.const 3) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; rule: stream.read/pending holds
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64) (u32.const 4)) (u32.const 0x40))

;; rule: stream.write/pending holds
(assert_return (invoke $i1 "write" (u32.const 4) (u32.const 4) (u32.const 4)) (u32.const 0x40))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 64) (u32.const 8)) (str.const "efgh----"))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; The free list gives back the index that was freed last.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: channel.drop/copying does not hold
(assert_return (invoke $i2 "drop-readable" (u32.const 1)))

;; rule: channel.drop/copying does not hold
(assert_return (invoke $i2 "drop-writable" (u32.const 2)))

;; So the readable end takes 2, and the writable end 1.
;; rule: table.add/free holds
(assert_return (invoke $i2 "new") (u64.const 0x1_00000002))

;; rule: stream.drop-readable/kind does not hold
(assert_return (invoke $i2 "drop-readable" (u32.const 2)))

;; rule: stream.drop-writable/kind does not hold
(assert_return (invoke $i2 "drop-writable" (u32.const 1)))
