;; Each end reads or writes strings in the encoding of its own built-in.
;; Text: CanonicalABI.md, "Buffer State" (`cx` of the end), "Storing" (`store_string`).

;; Two instances: the writer makes the future and writes from its memory; the reader gets the
;; readable end by `fetch`, and reads into its own.
;; The string has five characters, in six bytes.
;; text: canon future.{read,write}: a `future<string>` from an instance with UTF-8 to one with UTF-16
(component definition $D
  (component $Writer
    (core module $Memory
      (memory (export "memory") 1)
      (data (i32.const 0) "\10\00\00\00\06\00\00\00")
      (data (i32.const 16) "h\c3\a9llo")
      (func (export "same") (param i32) (result i32) (local.get 0))
      (func (export "put") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
      (func (export "word") (param i32) (result i32) (i32.load (local.get 0))))
    (core instance $m (instantiate $Memory))
    (type $T (future string))
    (core func $new (canon future.new $T))
    (core func $write (canon future.write $T async (memory $m "memory") string-encoding=utf8))
    (core func $cancel-write-async (canon future.cancel-write $T async))
    (core func $drop-writable (canon future.drop-writable $T))
    (func (export "new") (result u64) (canon lift (core func $new)))
    (func (export "write") (param "end" u32) (param "at" u32) (result u32)
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
    (type $T (future string))
    (import "send" (func $send (param "end" u32) (result $T)))
    (core func $fetch (canon lower (func $send)))
    (core func $read (canon future.read $T async (memory $m "memory") (realloc (func $m "realloc")) string-encoding=utf16))
    (core func $cancel-read-async (canon future.cancel-read $T async))
    (core func $drop-readable (canon future.drop-readable $T))
    (func (export "read") (param "end" u32) (param "at" u32) (result u32)
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

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: future.lift/kind does not hold
;; rule: future.lift/type does not hold
;; rule: future.lift/state does not hold
;; rule: future.lift/in-set does not hold
(assert_return (invoke $i1 "fetch" (u32.const 1)) (u32.const 1))

;; rule: future.write/pending does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.read/pending holds
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64)) (u32.const 0))

;; The worst case, then what was needed.
;; text: Storing: every call of `realloc`: old pointer and size, alignment, new size
(assert_return (invoke $i1 "log")
  (list.const
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 2) (u32.const 12))
  (tuple.const (u32.const 256) (u32.const 12) (u32.const 2) (u32.const 10))))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "word" (u32.const 64)) (u32.const 256))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "word" (u32.const 68)) (u32.const 5))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "word" (u32.const 256)) (u32.const 0xe90068))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "word" (u32.const 260)) (u32.const 0x6c006c))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "word" (u32.const 264)) (u32.const 0x6f))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: future.lift/kind does not hold
;; rule: future.lift/type does not hold
;; rule: future.lift/state does not hold
;; rule: future.lift/in-set does not hold
(assert_return (invoke $i2 "fetch" (u32.const 1)) (u32.const 1))

;; rule: future.read/pending does not hold
(assert_return (invoke $i2 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/pending holds
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 0)) (u32.const 0))

;; The worst case, then what was needed.
;; text: Storing: every call of `realloc`: old pointer and size, alignment, new size
(assert_return (invoke $i2 "log")
  (list.const
  (tuple.const (u32.const 0) (u32.const 0) (u32.const 2) (u32.const 12))
  (tuple.const (u32.const 256) (u32.const 12) (u32.const 2) (u32.const 10))))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "word" (u32.const 64)) (u32.const 256))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "word" (u32.const 68)) (u32.const 5))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "word" (u32.const 256)) (u32.const 0xe90068))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "word" (u32.const 260)) (u32.const 0x6c006c))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "word" (u32.const 264)) (u32.const 0x6f))
