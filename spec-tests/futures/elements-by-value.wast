;; A copy lifts every element out of one memory and lowers it into the other: a `bool` becomes
;; 0 or 1, padding is left alone, a discriminant must name a case.
;; Text: CanonicalABI.md, "Buffer State" (`read`, `write`), "Loading", "Storing".

;; Two instances: the writer makes the future and writes from its memory; the reader gets the
;; readable end by `fetch`, and reads into its own.
;; An element takes 6 bytes, of which the second and the last are padding.
;; text: canon future.{read,write}: a `future<tuple<u8, u16, bool>>` between two instances
(component definition $D
  (component $Writer
    (core module $Memory
      (memory (export "memory") 1)
      (data (i32.const 0) "A.BC\05.DEFG\00.H.IJ\01.")
      (func (export "same") (param i32) (result i32) (local.get 0))
      (func (export "put") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
      (func (export "word") (param i32) (result i32) (i32.load (local.get 0))))
    (core instance $m (instantiate $Memory))
    (type $Pair (tuple u8 u16 bool))
    (type $T (future $Pair))
    (core func $new (canon future.new $T))
    (core func $write (canon future.write $T async (memory $m "memory")))
    (core func $cancel-write-async (canon future.cancel-write $T async))
    (core func $drop-writable (canon future.drop-writable $T))
    (func (export "new") (result u64) (canon lift (core func $new)))
    (func (export "write") (param "end" u32) (param "at" u32) (result u32)
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
    (type $Pair (tuple u8 u16 bool))
    (type $T (future $Pair))
    (import "send" (func $send (param "end" u32) (result $T)))
    (core func $fetch (canon lower (func $send)))
    (core func $read (canon future.read $T async (memory $m "memory") (realloc (func $m "realloc"))))
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

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: future.lift/kind does not hold
;; rule: future.lift/type does not hold
;; rule: future.lift/state does not hold
;; rule: future.lift/in-set does not hold
(assert_return (invoke $i1 "fetch" (u32.const 1)) (u32.const 1))

;; rule: waitable-set.new/may-leave does not hold
(assert_return (invoke $i1 "set") (u32.const 1))

;; rule: waitable.join/may-leave does not hold
(assert_return (invoke $i1 "join" (u32.const 2) (u32.const 1)))

;; rule: future.write/pending does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: future.read/pending holds
;; rule: future.read/same-instance does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64)) (u32.const 0))

;; Five becomes one; the padding is as it was.
;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "text" (u32.const 64) (u32.const 13)) (str.const "A-BC\01--------"))

;; rule: waitable-set.poll/event holds
(assert_return (invoke $i1 "poll" (u32.const 1))
  (tuple.const (u32.const 5) (u32.const 2) (u32.const 0)))

;; An element takes 4 bytes, of which the second is padding; the third element in memory
;; is of no case.
;; text: canon future.{read,write}: a `future<option<u16>>` between two instances
(component definition $E
  (component $Writer
    (core module $Memory
      (memory (export "memory") 1)
      (data (i32.const 0) "\01.AB\00.CD\02.EF")
      (func (export "same") (param i32) (result i32) (local.get 0))
      (func (export "put") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
      (func (export "word") (param i32) (result i32) (i32.load (local.get 0))))
    (core instance $m (instantiate $Memory))
    (type $Maybe (option u16))
    (type $T (future $Maybe))
    (core func $new (canon future.new $T))
    (core func $write (canon future.write $T async (memory $m "memory")))
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
    (type $Maybe (option u16))
    (type $T (future $Maybe))
    (import "send" (func $send (param "end" u32) (result $T)))
    (core func $fetch (canon lower (func $send)))
    (core func $read (canon future.read $T async (memory $m "memory") (realloc (func $m "realloc"))))
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
(component instance $i2 $E)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: future.lift/kind does not hold
;; rule: future.lift/type does not hold
;; rule: future.lift/state does not hold
;; rule: future.lift/in-set does not hold
(assert_return (invoke $i2 "fetch" (u32.const 1)) (u32.const 1))

;; rule: future.write/pending does not hold
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: variant.load/case does not hold
(assert_return (invoke $i2 "read" (u32.const 1) (u32.const 64)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "text" (u32.const 64) (u32.const 9)) (str.const "\01-AB-----"))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $E)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i3 "new") (u64.const 0x2_00000001))

;; rule: future.lift/kind does not hold
;; rule: future.lift/type does not hold
;; rule: future.lift/state does not hold
;; rule: future.lift/in-set does not hold
(assert_return (invoke $i3 "fetch" (u32.const 1)) (u32.const 1))

;; rule: future.write/pending does not hold
(assert_return (invoke $i3 "write" (u32.const 2) (u32.const 8)) (u32.const 0xffff_ffff))

;; rule: variant.load/case holds
(assert_trap (invoke $i3 "read" (u32.const 1) (u32.const 80)) "variant.load/case")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $E)

;; The other way around: the reader waits, and the writer finds out.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i4 "new") (u64.const 0x2_00000001))

;; rule: future.lift/kind does not hold
;; rule: future.lift/type does not hold
;; rule: future.lift/state does not hold
;; rule: future.lift/in-set does not hold
(assert_return (invoke $i4 "fetch" (u32.const 1)) (u32.const 1))

;; rule: future.read/pending does not hold
(assert_return (invoke $i4 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: variant.load/case holds
;; rule: future.write/same-instance does not hold
(assert_trap (invoke $i4 "write" (u32.const 2) (u32.const 8)) "variant.load/case")
