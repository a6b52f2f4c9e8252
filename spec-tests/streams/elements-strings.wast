;; Strings are allocated in the reader's instance when they are copied, one by one, by the
;; `realloc` of the read, whoever comes second.
;; Text: CanonicalABI.md, "Buffer State" (`write`), "Storing" (`store_string`).

;; Two instances: the writer makes the stream and writes from its memory; the reader gets the
;; readable end by `fetch`, and reads into its own.
;; At 0, 8, 16 and 24 are the strings "abc", "hello", "", and one past the end of memory.
;; The reader's `realloc` gives 256, 288, 320 … for new memory, and keeps a log.
;; text: canon stream.{read,write}: a `stream<string>` between two instances
(component definition $D
  (component $Writer
    (core module $Memory
      (memory (export "memory") 1)
      (data (i32.const 0) "\20\00\00\00\03\00\00\00\28\00\00\00\05\00\00\00")
      (data (i32.const 16) "\30\00\00\00\00\00\00\00\fe\ff\00\00\03\00\00\00")
      (data (i32.const 32) "abc")
      (data (i32.const 40) "hello")
      (func (export "same") (param i32) (result i32) (local.get 0))
      (func (export "put") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
      (func (export "word") (param i32) (result i32) (i32.load (local.get 0))))
    (core instance $m (instantiate $Memory))
    (type $T (stream string))
    (core func $new (canon stream.new $T))
    (core func $write (canon stream.write $T async (memory $m "memory")))
    (core func $cancel-write-async (canon stream.cancel-write $T async))
    (core func $drop-writable (canon stream.drop-writable $T))
    (func (export "new") (result u64) (canon lift (core func $new)))
    (func (export "write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
      (canon lift (core func $write)))
    (func (export "cancel-write-async") (param "end" u32) (result u32)
      (canon lift (core func $cancel-write-async)))
    (func (export "drop-writable") (param "end" u32) (canon lift (core func $drop-writable)))
    (func (export "send") (param "end" u32) (result $T) (canon lift (core func $m "same")))
    (func (export "put") (param "at" u32) (param "word" u32) (canon lift (core func $m "put")))
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
    (func (export "drop-set") (param "set" u32) (canon lift (core func $drop-set))))
  (instance $w (instantiate $Writer))
  (component $Reader
    (core module $Memory
      (memory (export "memory") 1)
      (data (i32.const 64) "----------------------------------------------------------------")
      (global $next (mut i32) (i32.const 256))
      (global $calls (mut i32) (i32.const 0))
      (func (export "realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32)
        (result i32)
        (local $log i32)
        (local.set $log (i32.add (i32.const 1024) (i32.mul (global.get $calls) (i32.const 16))))
        (i32.store offset=0 (local.get $log) (local.get $old))
        (i32.store offset=4 (local.get $log) (local.get $size))
        (i32.store offset=8 (local.get $log) (local.get $align))
        (i32.store offset=12 (local.get $log) (local.get $new))
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (if (local.get $old) (then (return (local.get $old))))
        (global.get $next)
        (global.set $next (i32.add (global.get $next) (i32.const 32))))
      (func (export "log") (result i32)
        (i32.store (i32.const 1016) (i32.const 1024))
        (i32.store (i32.const 1020) (global.get $calls))
        (i32.const 1016))
      (func (export "text") (param i32 i32) (result i32)
        (i32.store (i32.const 128) (local.get 0))
        (i32.store (i32.const 132) (local.get 1))
        (i32.const 128))
      (func (export "word") (param i32) (result i32) (i32.load (local.get 0))))
    (core instance $m (instantiate $Memory))
    (type $T (stream string))
    (import "send" (func $send (param "end" u32) (result $T)))
    (core func $fetch (canon lower (func $send)))
    (core func $read (canon stream.read $T async (memory $m "memory") (realloc (func $m "realloc"))))
    (core func $cancel-read-async (canon stream.cancel-read $T async))
    (core func $drop-readable (canon stream.drop-readable $T))
    (func (export "read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
      (canon lift (core func $read)))
    (func (export "cancel-read-async") (param "end" u32) (result u32)
      (canon lift (core func $cancel-read-async)))
    (func (export "drop-readable") (param "end" u32) (canon lift (core func $drop-readable)))
    (func (export "fetch") (param "end" u32) (result u32) (canon lift (core func $fetch)))
    (func (export "log") (result (list (tuple u32 u32 u32 u32)))
      (canon lift (core func $m "log") (memory $m "memory")))
    (func (export "text") (param "at" u32) (param "length" u32) (result string)
      (canon lift (core func $m "text") (memory $m "memory")))
    (func (export "word") (param "at" u32) (result u32) (canon lift (core func $m "word"))))
  (instance $r (instantiate $Reader (with "send" (func $w "send"))))
  (export "new" (func $w "new"))
  (export "write" (func $w "write"))
  (export "cancel-write-async" (func $w "cancel-write-async"))
  (export "drop-writable" (func $w "drop-writable"))
  (export "put" (func $w "put"))
  (export "set" (func $w "set"))
  (export "join" (func $w "join"))
  (export "poll" (func $w "poll"))
  (export "read" (func $r "read"))
  (export "cancel-read-async" (func $r "cancel-read-async"))
  (export "drop-readable" (func $r "drop-readable"))
  (export "fetch" (func $r "fetch"))
  (export "log" (func $r "log"))
  (export "text" (func $r "text"))
  (export "word" (func $r "word")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: stream.lift/kind does not hold
;; rule: stream.lift/type does not hold
;; rule: stream.lift/state does not hold
;; rule: stream.lift/in-set does not hold
(assert_return (invoke $i1 "fetch" (u32.const 1)) (u32.const 1))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i1 "set") (u32.const 1))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i1 "join" (u32.const 2) (u32.const 1)))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0) (u32.const 3))
  (u32.const 0xffff_ffff))

;; text: Storing: every call of `realloc`: old pointer and size, alignment, new size
(assert_return (invoke $i1 "log") (list.const))

;; The reader comes second.
;; rule: stream.read/pending holds
;; rule: stream.read/same-instance does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64) (u32.const 2)) (u32.const 0x20))

;; text: Storing: every call of `realloc`: old pointer and size, alignment, new size
(assert_return (invoke $i1 "log")
  (list.const
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 5))))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "word" (u32.const 64)) (u32.const 256))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "word" (u32.const 68)) (u32.const 3))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 256) (u32.const 3)) (str.const "abc"))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "word" (u32.const 72)) (u32.const 288))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "word" (u32.const 76)) (u32.const 5))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 288) (u32.const 5)) (str.const "hello"))

;; rule: stream.read/pending-remain holds
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 80) (u32.const 2)) (u32.const 0x10))

;; text: Storing: every call of `realloc`: old pointer and size, alignment, new size
(assert_return (invoke $i1 "log")
  (list.const
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 3))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 5))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 0))))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "word" (u32.const 84)) (u32.const 0))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i1 "poll" (u32.const 1))
  (tuple.const (u32.const 3) (u32.const 2) (u32.const 0x30)))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: stream.lift/kind does not hold
;; rule: stream.lift/type does not hold
;; rule: stream.lift/state does not hold
;; rule: stream.lift/in-set does not hold
(assert_return (invoke $i2 "fetch" (u32.const 1)) (u32.const 1))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i2 "read" (u32.const 1) (u32.const 64) (u32.const 4))
  (u32.const 0xffff_ffff))

;; text: Storing: every call of `realloc`: old pointer and size, alignment, new size
(assert_return (invoke $i2 "log") (list.const))

;; The writer comes second.
;; rule: stream.write/pending holds
;; rule: stream.write/same-instance does not hold
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 8) (u32.const 1)) (u32.const 0x10))

;; text: Storing: every call of `realloc`: old pointer and size, alignment, new size
(assert_return (invoke $i2 "log")
  (list.const
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 5))))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "word" (u32.const 64)) (u32.const 256))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "word" (u32.const 68)) (u32.const 5))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "text" (u32.const 256) (u32.const 5)) (str.const "hello"))

;; rule: stream.write/pending-remain holds
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 0) (u32.const 1)) (u32.const 0x10))

;; text: Storing: every call of `realloc`: old pointer and size, alignment, new size
(assert_return (invoke $i2 "log")
  (list.const
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 5))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 3))))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "word" (u32.const 72)) (u32.const 288))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i3 "new") (u64.const 0x2_00000001))

;; rule: stream.lift/kind does not hold
;; rule: stream.lift/type does not hold
;; rule: stream.lift/state does not hold
;; rule: stream.lift/in-set does not hold
(assert_return (invoke $i3 "fetch" (u32.const 1)) (u32.const 1))

;; What is not copied is not loaded, and the memory that is read is that of the copy.
;; rule: stream.write/pending does not hold
(assert_return (invoke $i3 "write" (u32.const 2) (u32.const 8) (u32.const 3))
  (u32.const 0xffff_ffff))

;; text: Buffer State: what will be written
(assert_return (invoke $i3 "put" (u32.const 12) (u32.const 2)))

;; rule: string.load/bounds does not hold
(assert_return (invoke $i3 "read" (u32.const 1) (u32.const 64) (u32.const 2)) (u32.const 0x20))

;; text: Buffer State: what is in memory
(assert_return (invoke $i3 "text" (u32.const 256) (u32.const 2)) (str.const "he"))

;; text: Storing: every call of `realloc`: old pointer and size, alignment, new size
(assert_return (invoke $i3 "log")
  (list.const
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 2))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 0))))

;; rule: string.load/bounds holds
(assert_trap (invoke $i3 "read" (u32.const 1) (u32.const 64) (u32.const 1)) "string.load/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i4 "new") (u64.const 0x2_00000001))

;; rule: stream.lift/kind does not hold
;; rule: stream.lift/type does not hold
;; rule: stream.lift/state does not hold
;; rule: stream.lift/in-set does not hold
(assert_return (invoke $i4 "fetch" (u32.const 1)) (u32.const 1))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i4 "read" (u32.const 1) (u32.const 64) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: string.load/bounds holds
(assert_trap (invoke $i4 "write" (u32.const 2) (u32.const 24) (u32.const 1)) "string.load/bounds")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; A copy that ends without elements allocates nothing.
;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i5 "new") (u64.const 0x2_00000001))

;; rule: stream.lift/kind does not hold
;; rule: stream.lift/type does not hold
;; rule: stream.lift/state does not hold
;; rule: stream.lift/in-set does not hold
(assert_return (invoke $i5 "fetch" (u32.const 1)) (u32.const 1))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i5 "read" (u32.const 1) (u32.const 64) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: cancel-copy/completed does not hold
(assert_return (invoke $i5 "cancel-read-async" (u32.const 1)) (u32.const 0x2))

;; rule: channel.drop/copying does not hold
(assert_return (invoke $i5 "drop-readable" (u32.const 1)))

;; rule: stream.write/dropped holds
(assert_return (invoke $i5 "write" (u32.const 2) (u32.const 0) (u32.const 3)) (u32.const 0x1))

;; text: Storing: every call of `realloc`: old pointer and size, alignment, new size
(assert_return (invoke $i5 "log") (list.const))
