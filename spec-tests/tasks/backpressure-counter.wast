;; `backpressure.inc` and `backpressure.dec` count from 0 to 65535 and trap beyond.
;; Text: CanonicalABI.md, "canon backpressure.{inc,dec}".

;; text: canon backpressure.{inc,dec}: functions that count many times
(component definition $D
  (core func $inc (canon backpressure.inc))
  (core func $dec (canon backpressure.dec))
  (core module $M
    (import "" "inc" (func $inc))
    (import "" "dec" (func $dec))
    (func (export "inc") (param i32)
      (loop $more
        (if (local.get 0)
          (then
            (call $inc)
            (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
            (br $more)))))
    (func (export "dec") (param i32)
      (loop $more
        (if (local.get 0)
          (then
            (call $dec)
            (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
            (br $more))))))
  (core instance $m (instantiate $M
    (with "" (instance
      (export "inc" (func $inc)) (export "dec" (func $dec))))))
  (func (export "inc") (param "times" u32) (canon lift (core func $m "inc")))
  (func (export "dec") (param "times" u32) (canon lift (core func $m "dec"))))

;; text: Instance Definitions: a fresh instance
(component instance $i1 $D)

;; Functions whose type is not `async` enter all the same.
;; rule: backpressure.inc/limit does not hold
(assert_return (invoke $i1 "inc" (u32.const 65535)))

;; rule: backpressure.dec/zero does not hold
(assert_return (invoke $i1 "dec" (u32.const 65535)))

;; rule: backpressure.dec/zero holds
(assert_trap (invoke $i1 "dec" (u32.const 1)) "backpressure.dec/zero")

;; text: Instance Definitions: a fresh instance
(component instance $i2 $D)

;; rule: backpressure.dec/zero holds
(assert_trap (invoke $i2 "dec" (u32.const 1)) "backpressure.dec/zero")

;; text: Instance Definitions: a fresh instance
(component instance $i3 $D)

;; rule: backpressure.inc/limit does not hold
(assert_return (invoke $i3 "inc" (u32.const 65535)))

;; rule: backpressure.inc/limit holds
(assert_trap (invoke $i3 "inc" (u32.const 1)) "backpressure.inc/limit")

;; text: Instance Definitions: a fresh instance
(component instance $i4 $D)

;; rule: backpressure.inc/limit does not hold
(assert_return (invoke $i4 "inc" (u32.const 65535)))

;; rule: backpressure.dec/zero does not hold
(assert_return (invoke $i4 "dec" (u32.const 1)))

;; rule: backpressure.inc/limit does not hold
(assert_return (invoke $i4 "inc" (u32.const 1)))

;; rule: backpressure.inc/limit holds
(assert_trap (invoke $i4 "inc" (u32.const 1)) "backpressure.inc/limit")
