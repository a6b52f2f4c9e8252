;; The readable ends of streams and futures travel as elements of a stream: they are lifted and
;; lowered when they are copied, under the same rules as in a call.
;; Text: CanonicalABI.md, "Loading" (`lift_stream`, `lift_future`), "Storing" (`lower_stream`).

;; Two instances: the writer makes the stream and writes from its memory; the reader gets the
;; readable end by `fetch`, and reads into its own.
;; The built-ins whose names begin with `bytes-` are for the `stream<u8>`, those with `byte-`
;; for the `future<u8>`; `-back` are those of the writer for ends that it still holds.
;; text: canon stream.{read,write}: a `stream<tuple<stream<u8>, future<u8>>>` between two instances
(component definition $D
  (component $Writer
    (core module $Memory
      (memory (export "memory") 1)
      (data (i32.const 128) "abcdefgh")
      (func (export "same") (param i32) (result i32) (local.get 0))
      (func (export "put") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
      (func (export "word") (param i32) (result i32) (i32.load (local.get 0))))
    (core instance $m (instantiate $Memory))
    (type $Bytes (stream u8))
    (type $Byte (future u8))
    (type $Two (tuple $Bytes $Byte))
    (type $T (stream $Two))
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
    (func (export "drop-set") (param "set" u32) (canon lift (core func $drop-set)))
    (core func $bytes-new (canon stream.new $Bytes))
    (core func $bytes-read (canon stream.read $Bytes async (memory $m "memory")))
    (core func $bytes-write (canon stream.write $Bytes async (memory $m "memory")))
    (core func $bytes-drop-readable (canon stream.drop-readable $Bytes))
    (core func $bytes-drop-writable (canon stream.drop-writable $Bytes))
    (func (export "bytes-new") (result u64) (canon lift (core func $bytes-new)))
    (func (export "bytes-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
      (canon lift (core func $bytes-read)))
    (func (export "bytes-write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
      (canon lift (core func $bytes-write)))
    (func (export "bytes-drop-readable") (param "end" u32)
      (canon lift (core func $bytes-drop-readable)))
    (func (export "bytes-drop-writable") (param "end" u32)
      (canon lift (core func $bytes-drop-writable)))
    (core func $byte-new (canon future.new $Byte))
    (core func $byte-read (canon future.read $Byte async (memory $m "memory")))
    (core func $byte-write (canon future.write $Byte async (memory $m "memory")))
    (func (export "byte-new") (result u64) (canon lift (core func $byte-new)))
    (func (export "byte-read") (param "end" u32) (param "at" u32) (result u32)
      (canon lift (core func $byte-read)))
    (func (export "byte-write") (param "end" u32) (param "at" u32) (result u32)
      (canon lift (core func $byte-write))))
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
    (type $Bytes (stream u8))
    (type $Byte (future u8))
    (type $Two (tuple $Bytes $Byte))
    (type $T (stream $Two))
    (import "send" (func $send (param "end" u32) (result $T)))
    (core func $fetch (canon lower (func $send)))
    (core func $read (canon stream.read $T async (memory $m "memory")))
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
    (func (export "word") (param "at" u32) (result u32) (canon lift (core func $m "word")))
    (core func $bytes-read (canon stream.read $Bytes async (memory $m "memory")))
    (core func $bytes-drop-readable (canon stream.drop-readable $Bytes))
    (func (export "bytes-read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
      (canon lift (core func $bytes-read)))
    (func (export "bytes-drop-readable") (param "end" u32)
      (canon lift (core func $bytes-drop-readable)))
    (core func $byte-read (canon future.read $Byte async (memory $m "memory")))
    (func (export "byte-read") (param "end" u32) (param "at" u32) (result u32)
      (canon lift (core func $byte-read))))
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
  (export "word" (func $r "word"))
  (export "bytes-new" (func $w "bytes-new"))
  (export "bytes-write" (func $w "bytes-write"))
  (export "bytes-read-back" (func $w "bytes-read"))
  (export "bytes-drop-writable" (func $w "bytes-drop-writable"))
  (export "byte-new" (func $w "byte-new"))
  (export "byte-write" (func $w "byte-write"))
  (export "byte-read-back" (func $w "byte-read"))
  (export "bytes-read" (func $r "bytes-read"))
  (export "byte-read" (func $r "byte-read"))
  (export "bytes-drop-readable" (func $r "bytes-drop-readable")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "bytes-new") (u64.const 0x4_00000003))

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "byte-new") (u64.const 0x6_00000005))

;; rule: stream.lift/kind does not hold
;; rule: stream.lift/type does not hold
;; rule: stream.lift/state does not hold
;; rule: stream.lift/in-set does not hold
(assert_return (invoke $i1 "fetch" (u32.const 1)) (u32.const 1))

;; text: Buffer State: what will be written
(assert_return (invoke $i1 "put" (u32.const 0) (u32.const 3)))

;; text: Buffer State: what will be written
(assert_return (invoke $i1 "put" (u32.const 4) (u32.const 5)))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0) (u32.const 1))
  (u32.const 0xffff_ffff))

;; The other end of what travels may be writing already.
;; rule: stream.write/pending does not hold
(assert_return (invoke $i1 "bytes-write" (u32.const 4) (u32.const 128) (u32.const 3))
  (u32.const 0xffff_ffff))

;; rule: stream.lift/kind does not hold
;; rule: stream.lift/type does not hold
;; rule: stream.lift/state does not hold
;; rule: stream.lift/in-set does not hold
;; rule: future.lift/kind does not hold
;; rule: future.lift/type does not hold
;; rule: future.lift/state does not hold
;; rule: future.lift/in-set does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64) (u32.const 1)) (u32.const 0x10))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "word" (u32.const 64)) (u32.const 2))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "word" (u32.const 68)) (u32.const 3))

;; rule: stream.read/pending holds
;; rule: stream.read/kind does not hold
;; rule: stream.read/same-instance does not hold
(assert_return (invoke $i1 "bytes-read" (u32.const 2) (u32.const 80) (u32.const 2))
  (u32.const 0x20))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 80) (u32.const 3)) (str.const "ab-"))

;; rule: future.read/pending does not hold
;; rule: future.read/kind does not hold
(assert_return (invoke $i1 "byte-read" (u32.const 3) (u32.const 90)) (u32.const 0xffff_ffff))

;; rule: future.write/pending holds
(assert_return (invoke $i1 "byte-write" (u32.const 6) (u32.const 130)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 90) (u32.const 2)) (str.const "c-"))

;; rule: channel.drop/copying does not hold
(assert_return (invoke $i1 "bytes-drop-readable" (u32.const 2)))

;; The end is not the writer's any more.
;; rule: table.get/empty holds
(assert_trap (invoke $i1 "bytes-read-back" (u32.const 3) (u32.const 200) (u32.const 1))
  "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "bytes-new") (u64.const 0x4_00000003))

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i2 "byte-new") (u64.const 0x6_00000005))

;; rule: stream.lift/kind does not hold
;; rule: stream.lift/type does not hold
;; rule: stream.lift/state does not hold
;; rule: stream.lift/in-set does not hold
(assert_return (invoke $i2 "fetch" (u32.const 1)) (u32.const 1))

;; text: Buffer State: what will be written
(assert_return (invoke $i2 "put" (u32.const 0) (u32.const 3)))

;; text: Buffer State: what will be written
(assert_return (invoke $i2 "put" (u32.const 4) (u32.const 5)))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i2 "read" (u32.const 1) (u32.const 64) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.lift/kind does not hold
;; rule: future.lift/kind does not hold
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 0) (u32.const 1)) (u32.const 0x10))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "word" (u32.const 64)) (u32.const 2))

;; rule: channel.drop/copying does not hold
(assert_return (invoke $i2 "bytes-drop-writable" (u32.const 4)))

;; rule: stream.read/dropped holds
(assert_return (invoke $i2 "bytes-read" (u32.const 2) (u32.const 80) (u32.const 2))
  (u32.const 0x1))
