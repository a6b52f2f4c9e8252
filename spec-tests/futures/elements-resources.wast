;; An `own` is taken out of the writer's table and put into the reader's when it is copied, not
;; when the write begins; what is not copied stays.
;; Text: CanonicalABI.md, "Buffer State" (`read`, `write`), "Loading" (`lift_own`).

;; Two instances: the writer makes the future and writes from its memory; the reader gets the
;; readable end by `fetch`, and reads into its own.
;; `make` and `rep` are the writer's, which defines `r`; `look` and `drop` are the reader's.
;; text: canon future.{read,write}: a `future<own<r>>` between two instances
(component definition $D
  (component $Writer
    (core module $Memory
      (memory (export "memory") 1)
      (func (export "same") (param i32) (result i32) (local.get 0))
      (func (export "put") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
      (func (export "word") (param i32) (result i32) (i32.load (local.get 0))))
    (core instance $m (instantiate $Memory))
    (type $R' (resource (rep i32)))
    (export $R "r" (type $R'))
    (type $T (future (own $R)))
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
    (core func $make (canon resource.new $R'))
    (core func $rep (canon resource.rep $R'))
    (func (export "make") (param "rep" u32) (result u32) (canon lift (core func $make)))
    (func (export "rep") (param "r" u32) (result u32) (canon lift (core func $rep)))
    (func (export "look") (param "r" (borrow $R)) (result u32) (canon lift (core func $m "same"))))
  (instance $w (instantiate $Writer))
  (alias export $w "r" (type $R))
  (component $Reader
    (import "r" (type $R (sub resource)))
    (import "look" (func $look-at (param "r" (borrow $R)) (result u32)))
    (core func $look (canon lower (func $look-at)))
    (core func $drop (canon resource.drop $R))
    (func (export "look") (param "r" u32) (result u32) (canon lift (core func $look)))
    (func (export "drop") (param "r" u32) (canon lift (core func $drop)))
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
    (type $T (future (own $R)))
    (import "send" (func $send (param "end" u32) (result $T)))
    (core func $fetch (canon lower (func $send)))
    (core func $read (canon future.read $T async (memory $m "memory")))
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
  (instance $r (instantiate $Reader (with "send" (func $w "send"))
    (with "r" (type $R)) (with "look" (func $w "look"))))
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
  (export "word" (func $r "word"))
  (export "make" (func $w "make"))
  (export "rep" (func $w "rep"))
  (export "look" (func $r "look"))
  (export "drop" (func $r "drop")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: future.lift/kind does not hold
;; rule: future.lift/type does not hold
;; rule: future.lift/state does not hold
;; rule: future.lift/in-set does not hold
(assert_return (invoke $i1 "fetch" (u32.const 1)) (u32.const 1))

;; The place of the readable end is free in the writer.
;; rule: table.add/free holds
(assert_return (invoke $i1 "make" (u32.const 41)) (u32.const 1))

;; rule: resource.new/may-leave does not hold
(assert_return (invoke $i1 "make" (u32.const 42)) (u32.const 3))

;; text: Buffer State: what will be written
(assert_return (invoke $i1 "put" (u32.const 0) (u32.const 1)))

;; text: Buffer State: what will be written
(assert_return (invoke $i1 "put" (u32.const 4) (u32.const 3)))

;; rule: future.write/pending does not hold
(assert_return (invoke $i1 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; It is still the writer's.
;; rule: resource.rep/kind does not hold
(assert_return (invoke $i1 "rep" (u32.const 1)) (u32.const 41))

;; rule: own.lift/kind does not hold
;; rule: future.read/same-instance does not hold
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i1 "word" (u32.const 64)) (u32.const 2))

;; rule: borrow.lift/kind does not hold
(assert_return (invoke $i1 "look" (u32.const 2)) (u32.const 41))

;; The other one is still the writer's.
;; rule: resource.rep/kind does not hold
(assert_return (invoke $i1 "rep" (u32.const 3)) (u32.const 42))

;; The one that was copied is gone there.
;; rule: table.get/empty holds
(assert_trap (invoke $i1 "rep" (u32.const 1)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: future.lift/kind does not hold
;; rule: future.lift/type does not hold
;; rule: future.lift/state does not hold
;; rule: future.lift/in-set does not hold
(assert_return (invoke $i2 "fetch" (u32.const 1)) (u32.const 1))

;; The place of the readable end is free in the writer.
;; rule: table.add/free holds
(assert_return (invoke $i2 "make" (u32.const 41)) (u32.const 1))

;; rule: resource.new/may-leave does not hold
(assert_return (invoke $i2 "make" (u32.const 42)) (u32.const 3))

;; text: Buffer State: what will be written
(assert_return (invoke $i2 "put" (u32.const 0) (u32.const 1)))

;; text: Buffer State: what will be written
(assert_return (invoke $i2 "put" (u32.const 4) (u32.const 3)))

;; rule: future.read/pending does not hold
(assert_return (invoke $i2 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: future.write/same-instance does not hold
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 0)) (u32.const 0))

;; text: Buffer State: what is in memory
(assert_return (invoke $i2 "word" (u32.const 64)) (u32.const 2))

;; rule: borrow.lift/kind does not hold
(assert_return (invoke $i2 "look" (u32.const 2)) (u32.const 41))

;; rule: resource.drop/may-leave does not hold
(assert_return (invoke $i2 "drop" (u32.const 2)))

;; rule: table.add/free holds
(assert_return (invoke $i2 "make" (u32.const 43)) (u32.const 1))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; A cancelled write, or one that nobody reads, takes nothing.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i3 "new") (u64.const 0x2_00000001))

;; rule: future.lift/kind does not hold
;; rule: future.lift/type does not hold
;; rule: future.lift/state does not hold
;; rule: future.lift/in-set does not hold
(assert_return (invoke $i3 "fetch" (u32.const 1)) (u32.const 1))

;; The place of the readable end is free in the writer.
;; rule: table.add/free holds
(assert_return (invoke $i3 "make" (u32.const 41)) (u32.const 1))

;; rule: resource.new/may-leave does not hold
(assert_return (invoke $i3 "make" (u32.const 42)) (u32.const 3))

;; text: Buffer State: what will be written
(assert_return (invoke $i3 "put" (u32.const 0) (u32.const 1)))

;; text: Buffer State: what will be written
(assert_return (invoke $i3 "put" (u32.const 4) (u32.const 3)))

;; rule: future.write/pending does not hold
(assert_return (invoke $i3 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: cancel-copy/completed does not hold
(assert_return (invoke $i3 "cancel-write-async" (u32.const 2)) (u32.const 0x2))

;; rule: resource.rep/kind does not hold
(assert_return (invoke $i3 "rep" (u32.const 1)) (u32.const 41))

;; rule: channel.drop/copying does not hold
(assert_return (invoke $i3 "drop-readable" (u32.const 1)))

;; rule: future.write/dropped holds
(assert_return (invoke $i3 "write" (u32.const 2) (u32.const 0)) (u32.const 0x1))

;; rule: resource.rep/kind does not hold
(assert_return (invoke $i3 "rep" (u32.const 1)) (u32.const 41))

;; rule: resource.rep/kind does not hold
(assert_return (invoke $i3 "rep" (u32.const 3)) (u32.const 42))

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; What is no such handle traps when it is copied, and not before.
;; rule: future.new/may-leave does not hold
(assert_return (invoke $i4 "new") (u64.const 0x2_00000001))

;; rule: future.lift/kind does not hold
;; rule: future.lift/type does not hold
;; rule: future.lift/state does not hold
;; rule: future.lift/in-set does not hold
(assert_return (invoke $i4 "fetch" (u32.const 1)) (u32.const 1))

;; The place of the readable end is free in the writer.
;; rule: table.add/free holds
(assert_return (invoke $i4 "make" (u32.const 41)) (u32.const 1))

;; rule: resource.new/may-leave does not hold
(assert_return (invoke $i4 "make" (u32.const 42)) (u32.const 3))

;; text: Buffer State: what will be written
(assert_return (invoke $i4 "put" (u32.const 0) (u32.const 1)))

;; text: Buffer State: what will be written
(assert_return (invoke $i4 "put" (u32.const 4) (u32.const 3)))

;; The writable end itself.
;; text: Buffer State: what will be written
(assert_return (invoke $i4 "put" (u32.const 0) (u32.const 2)))

;; rule: future.write/pending does not hold
(assert_return (invoke $i4 "write" (u32.const 2) (u32.const 0)) (u32.const 0xffff_ffff))

;; rule: own.lift/kind holds
(assert_trap (invoke $i4 "read" (u32.const 1) (u32.const 64)) "own.lift/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: future.new/may-leave does not hold
(assert_return (invoke $i5 "new") (u64.const 0x2_00000001))

;; rule: future.lift/kind does not hold
;; rule: future.lift/type does not hold
;; rule: future.lift/state does not hold
;; rule: future.lift/in-set does not hold
(assert_return (invoke $i5 "fetch" (u32.const 1)) (u32.const 1))

;; The place of the readable end is free in the writer.
;; rule: table.add/free holds
(assert_return (invoke $i5 "make" (u32.const 41)) (u32.const 1))

;; rule: resource.new/may-leave does not hold
(assert_return (invoke $i5 "make" (u32.const 42)) (u32.const 3))

;; text: Buffer State: what will be written
(assert_return (invoke $i5 "put" (u32.const 0) (u32.const 1)))

;; text: Buffer State: what will be written
(assert_return (invoke $i5 "put" (u32.const 4) (u32.const 3)))

;; text: Buffer State: what will be written
(assert_return (invoke $i5 "put" (u32.const 0) (u32.const 9)))

;; rule: future.read/pending does not hold
(assert_return (invoke $i5 "read" (u32.const 1) (u32.const 64)) (u32.const 0xffff_ffff))

;; rule: table.get/bounds holds
(assert_trap (invoke $i5 "write" (u32.const 2) (u32.const 0)) "table.get/bounds")
