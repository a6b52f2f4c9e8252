;; Lists are allocated in the reader's instance when they are copied.
;; Text: CanonicalABI.md, "Buffer State" (`write`), "Storing" (`store_list`).

;; Two instances: the writer makes the stream and writes from its memory; the reader gets the
;; readable end by `fetch`, and reads into its own.
;; At 0 and 8 are lists of two and one elements; at 24 is one that is not aligned.
;; text: canon stream.{read,write}: a `stream<list<u16>>` between two instances
(component definition $D
  (component $Writer
    (core module $Memory
      (memory (export "memory") 1)
      (data (i32.const 0) "\10\00\00\00\02\00\00\00\14\00\00\00\01\00\00\00")
      (data (i32.const 16) "abcdef")
      (data (i32.const 24) "\11\00\00\00\01\00\00\00")
      (func (export "same") (param i32) (result i32) (local.get 0))
      (func (export "put") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
      (func (export "word") (param i32) (result i32) (i32.load (local.get 0))))
    (core instance $m (instantiate $Memory))
    (type $List (list u16))
    (type $T (stream $List))
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
    (func (export "put") (param "at" u32) (param "word" u32) (canon lift (core func $m "put"))))
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
    (type $List (list u16))
    (type $T (stream $List))
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

;; rule: stream.write/pending does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0) (u32.const 2))
  (u32.const 0xffff_ffff))

;; rule: stream.read/same-instance does not hold
;; rule: list.load/align does not hold
;; rule: list.store/align does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64) (u32.const 2)) (u32.const 0x20))

;; text: Storing: every call of `realloc`: old pointer and size, alignment, new size
(assert_return (invoke $i1 "log")
  (list.const
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 2) (u32.const 4))
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 2) (u32.const 2))))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "word" (u32.const 64)) (u32.const 256))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "word" (u32.const 68)) (u32.const 2))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 256) (u32.const 4)) (str.const "abcd"))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "word" (u32.const 72)) (u32.const 288))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "word" (u32.const 76)) (u32.const 1))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 288) (u32.const 2)) (str.const "ef"))

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
(assert_return (invoke $i2 "read" (u32.const 1) (u32.const 64) (u32.const 2))
  (u32.const 0xffff_ffff))

;; rule: stream.write/same-instance does not hold
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 8) (u32.const 1)) (u32.const 0x10))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "text" (u32.const 256) (u32.const 2)) (str.const "ef"))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i3 "new") (u64.const 0x2_00000001))

;; rule: stream.lift/kind does not hold
;; rule: stream.lift/type does not hold
;; rule: stream.lift/state does not hold
;; rule: stream.lift/in-set does not hold
(assert_return (invoke $i3 "fetch" (u32.const 1)) (u32.const 1))

;; rule: stream.read/pending does not hold
(assert_return (invoke $i3 "read" (u32.const 1) (u32.const 64) (u32.const 2))
  (u32.const 0xffff_ffff))

;; rule: list.load/align holds
(assert_trap (invoke $i3 "write" (u32.const 2) (u32.const 24) (u32.const 1)) "list.load/align")
