;; Readable ends travel inside values, in the order of the value's parts.
;; Text: CanonicalABI.md, "Loading" (`lift_stream`), "Storing" (`lower_stream`), "Flat Lifting".

;; The script gives the flat values. Each function of the reader returns what it got: the first
;; core value, plus 100 times the second; for the list, plus 10000 times the third element.
;; At 32 the writer has the indices 5, 1, 3.
;; text: Flat Lifting: two instances that pass tuples, options, results and lists of `stream<u8>`
(component definition $D
  (component $Reader
    (core module $Memory
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 256))
      (func (export "two") (param i32 i32) (result i32)
        (i32.add (local.get 0) (i32.mul (i32.const 100) (local.get 1))))
      (func (export "list") (param i32 i32) (result i32)
        (local $sum i32)
        (if (i32.ne (local.get 1) (i32.const 3)) (then (unreachable)))
        (i32.add (i32.load (local.get 0))
          (i32.add (i32.mul (i32.const 100) (i32.load offset=4 (local.get 0)))
            (i32.mul (i32.const 10000) (i32.load offset=8 (local.get 0)))))))
    (core instance $m (instantiate $Memory))
    (type $T (stream u8))
    (type $Two (tuple $T $T))
    (type $Maybe (option $T))
    (type $List (list $T))
    (type $Or (result $T (error u32)))
    (func (export "two") (param "x" $Two) (result u32) (canon lift (core func $m "two")))
    (func (export "maybe") (param "x" $Maybe) (result u32) (canon lift (core func $m "two")))
    (func (export "or") (param "x" $Or) (result u32) (canon lift (core func $m "two")))
    (func (export "list") (param "x" $List) (result u32)
      (canon lift (core func $m "list") (memory $m "memory") (realloc (func $m "realloc"))))
    (core func $read (canon stream.read $T async (memory $m "memory")))
    (func (export "read") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
      (canon lift (core func $read))))
  (instance $r (instantiate $Reader))
  (component $Writer
    (type $T (stream u8))
    (type $Two (tuple $T $T))
    (type $Maybe (option $T))
    (type $List (list $T))
    (type $Or (result $T (error u32)))
    (import "two" (func $two (param "x" $Two) (result u32)))
    (import "maybe" (func $maybe (param "x" $Maybe) (result u32)))
    (import "or" (func $or (param "x" $Or) (result u32)))
    (import "list" (func $list (param "x" $List) (result u32)))
    (core module $Memory
      (memory (export "memory") 1)
      (data (i32.const 0) "abcdefgh")
      (data (i32.const 32) "\05\00\00\00\01\00\00\00\03\00\00\00"))
    (core instance $m (instantiate $Memory))
    (core func $two (canon lower (func $two)))
    (core func $maybe (canon lower (func $maybe)))
    (core func $or (canon lower (func $or)))
    (core func $list (canon lower (func $list) (memory $m "memory")))
    (core func $new (canon stream.new $T))
    (core func $write (canon stream.write $T async (memory $m "memory")))
    (func (export "new") (result u64) (canon lift (core func $new)))
    (func (export "write") (param "end" u32) (param "at" u32) (param "n" u32) (result u32)
      (canon lift (core func $write)))
    (func (export "two") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $two)))
    (func (export "maybe") (param "a" u32) (param "b" u32) (result u32)
      (canon lift (core func $maybe)))
    (func (export "or") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $or)))
    (func (export "list") (param "at" u32) (param "n" u32) (result u32)
      (canon lift (core func $list))))
  (instance $w (instantiate $Writer
    (with "two" (func $r "two"))
    (with "maybe" (func $r "maybe"))
    (with "or" (func $r "or"))
    (with "list" (func $r "list"))))
  (export "new" (func $w "new"))
  (export "write" (func $w "write"))
  (export "two" (func $w "two"))
  (export "maybe" (func $w "maybe"))
  (export "or" (func $w "or"))
  (export "list" (func $w "list"))
  (export "read" (func $r "read")))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x2_00000001))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x4_00000003))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i1 "new") (u64.const 0x6_00000005))

;; End 5 becomes 1 and end 1 becomes 2.
;; rule: stream.lift/kind does not hold
;; rule: stream.lift/type does not hold
;; rule: stream.lift/state does not hold
;; rule: stream.lift/in-set does not hold
(assert_return (invoke $i1 "two" (u32.const 5) (u32.const 1)) (u32.const 201))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i1 "write" (u32.const 6) (u32.const 0) (u32.const 1))
  (u32.const 0xffff_ffff))

;; rule: stream.read/pending holds
(assert_return (invoke $i1 "read" (u32.const 1) (u32.const 64) (u32.const 1)) (u32.const 0x10))

;; `none`: nothing travels.
;; rule: variant.lift-flat/payload does not hold
(assert_return (invoke $i1 "maybe" (u32.const 0) (u32.const 3)) (u32.const 0))

;; rule: variant.lift-flat/payload holds
(assert_return (invoke $i1 "maybe" (u32.const 1) (u32.const 3)) (u32.const 301))

;; rule: table.add/free holds
(assert_return (invoke $i1 "new") (u64.const 0x1_00000003))

;; `error(3)`: nothing travels; 3 is a number.
;; rule: variant.lift-flat/payload holds
(assert_return (invoke $i1 "or" (u32.const 1) (u32.const 3)) (u32.const 301))

;; rule: variant.lift-flat/payload holds
(assert_return (invoke $i1 "or" (u32.const 0) (u32.const 3)) (u32.const 400))

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x2_00000001))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x4_00000003))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i2 "new") (u64.const 0x6_00000005))

;; rule: stream.lift/kind does not hold
;; rule: stream.lift/type does not hold
;; rule: stream.lift/state does not hold
;; rule: stream.lift/in-set does not hold
(assert_return (invoke $i2 "list" (u32.const 32) (u32.const 3)) (u32.const 30201))

;; rule: stream.write/pending does not hold
(assert_return (invoke $i2 "write" (u32.const 2) (u32.const 0) (u32.const 1))
  (u32.const 0xffff_ffff))

;; End 1 of the writer was the second in the list.
;; rule: stream.read/pending holds
(assert_return (invoke $i2 "read" (u32.const 2) (u32.const 64) (u32.const 1)) (u32.const 0x10))

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i3 "new") (u64.const 0x2_00000001))

;; The same end twice: it is gone the second time.
;; rule: table.get/empty holds
(assert_trap (invoke $i3 "two" (u32.const 1) (u32.const 1)) "table.get/empty")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i4 "new") (u64.const 0x2_00000001))

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i4 "new") (u64.const 0x4_00000003))

;; rule: stream.lift/kind holds
(assert_trap (invoke $i4 "two" (u32.const 1) (u32.const 4)) "stream.lift/kind")

;; text: Instance Definitions: a fresh instance
(component instance $i5 $D)

;; rule: stream.new/may-leave does not hold
(assert_return (invoke $i5 "new") (u64.const 0x2_00000001))

;; rule: table.get/bounds holds
(assert_trap (invoke $i5 "list" (u32.const 32) (u32.const 3)) "table.get/bounds")
