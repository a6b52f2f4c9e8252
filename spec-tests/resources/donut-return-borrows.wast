;; A borrowed handle counts for the task that received it: when another task of
;; the same instance drops it, the first may return. And a component that calls
;; its own function with a borrow of its own type passes a representation.
;; Text: CanonicalABI.md, "Tasks" (`Task.return_`), "canon resource.drop".

;; `nested` of C puts the borrowed handle into a global, and has its child call
;; back into C, where a second task drops it, or not.
;; text: Tasks: a borrowed handle that a second task drops
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
    (component $Forward
      (import "f" (func $f))
      (core func $f (canon lower (func $f)))
      (func (export "f") (canon lift (core func $f))))
    (instance $forward (instantiate $Forward (with "f" (func $back))))
    (core func $forward (canon lower (func $forward "f")))
    (core module $M
      (import "" "mine" (global $mine (mut i32)))
      (import "" "forward" (func $forward))
      (func (export "nested") (param $a i32) (param $dropped i32)
        (if (local.get $dropped) (then (global.set $mine (local.get $a))))
        (call $forward)
        (global.set $mine (i32.const 0))))
    (core instance $m (instantiate $M (with "" (instance
      (export "mine" (global $back "mine")) (export "forward" (func $forward))))))
    (func (export "nested") (param "a" (borrow $R)) (param "dropped" bool)
      (canon lift (core func $m "nested"))))
  (instance $c (instantiate $C (with "r" (type $R))))
  (core func $nested (canon lower (func $c "nested")))
  (core module $Own (func (export "look") (param i32) (result i32) (local.get 0)))
  (core instance $own (instantiate $Own))
  (func $look (param "r" (borrow $R)) (result u32) (canon lift (core func $own "look")))
  (core func $look (canon lower (func $look)))
  (func (export "new") (param "rep" u32) (result u32) (canon lift (core func $new)))
  (func (export "nested") (param "a" u32) (param "dropped" u32)
    (canon lift (core func $nested)))
  (func (export "look") (param "a" u32) (result u32) (canon lift (core func $look))))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; rule: table.add/free does not hold
(assert_return (invoke $p "new" (u32.const 90)) (u32.const 1))

;; rule: borrow.lower/local holds
;; rule: task.return/borrows does not hold
(assert_return (invoke $p "look" (u32.const 1)) (u32.const 90))

;; rule: borrow.lower/local does not hold
;; rule: task.return/borrows does not hold
(assert_return (invoke $p "nested" (u32.const 1) (u32.const 1)))

;; rule: task.return/borrows holds
(assert_trap (invoke $p "nested" (u32.const 1) (u32.const 0)) "task.return/borrows")
