;; A borrowed handle can be lent on, and while it is, it cannot be dropped.
;; Text: CanonicalABI.md, "Loading" (`lift_borrow`), "canon resource.drop".

;; P lends a handle to C. C lends its borrowed handle on to its child E, which
;; calls back into C. With `early` 1, C then drops the handle that it lent.
;; text: Loading: a borrowed handle that is lent on
(component definition $P
  (type $R (resource (rep i32)))
  (core func $new (canon resource.new $R))
  (component $C
    (import "r" (type $R (sub resource)))
    (core func $drop (canon resource.drop $R))
    (core module $Back
      (import "" "drop" (func $drop (param i32)))
      (global $mine (export "mine") (mut i32) (i32.const 0))
      (func (export "back") (if (global.get $mine) (then (call $drop (global.get $mine))))))
    (core instance $back (instantiate $Back (with "" (instance (export "drop" (func $drop))))))
    (func $back (canon lift (core func $back "back")))
    (component $E
      (import "r" (type $R (sub resource)))
      (import "back" (func $back))
      (core func $back (canon lower (func $back)))
      (core func $drop (canon resource.drop $R))
      (core module $M
        (import "" "drop" (func $drop (param i32)))
        (import "" "back" (func $back))
        (func (export "look") (param $h i32) (result i32)
          (call $back)
          (call $drop (local.get $h))
          (local.get $h)))
      (core instance $m (instantiate $M (with "" (instance
        (export "drop" (func $drop)) (export "back" (func $back))))))
      (func (export "look") (param "r" (borrow $R)) (result u32)
        (canon lift (core func $m "look"))))
    (instance $e (instantiate $E (with "r" (type $R)) (with "back" (func $back))))
    (core func $look (canon lower (func $e "look")))
    (core module $M
      (import "" "mine" (global $mine (mut i32)))
      (import "" "drop" (func $drop (param i32)))
      (import "" "look" (func $look (param i32) (result i32)))
      (func (export "run") (param $h i32) (param $early i32) (result i32)
        (if (local.get $early) (then (global.set $mine (local.get $h))))
        (i32.add
          (i32.mul (local.get $h) (i32.const 10))
          (call $look (local.get $h)))
        (call $drop (local.get $h))))
    (core instance $m (instantiate $M (with "" (instance
      (export "mine" (global $back "mine"))
      (export "drop" (func $drop)) (export "look" (func $look))))))
    (func (export "run") (param "r" (borrow $R)) (param "early" bool) (result u32)
      (canon lift (core func $m "run"))))
  (instance $c (instantiate $C (with "r" (type $R))))
  (core func $run (canon lower (func $c "run")))
  (func (export "new") (param "rep" u32) (result u32) (canon lift (core func $new)))
  (func (export "run") (param "index" u32) (param "early" u32) (result u32)
    (canon lift (core func $run))))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; rule: table.add/free does not hold
(assert_return (invoke $p "new" (u32.const 90)) (u32.const 1))

;; Index 1 in C, and index 1 in E.
;; rule: borrow.lower/local does not hold
;; rule: borrow.lift/kind does not hold
;; rule: resource.drop/lends does not hold
;; rule: resource.drop/own does not hold
(assert_return (invoke $p "run" (u32.const 1) (u32.const 0)) (u32.const 11))

;; rule: resource.drop/lends holds
(assert_trap (invoke $p "run" (u32.const 1) (u32.const 1)) "resource.drop/lends")
