;; A task may not return while it holds borrowed handles: each must have been
;; dropped before. A borrow that arrives as a representation is no handle.
;; Text: CanonicalABI.md, "Tasks" (`Task.return_`).

;; C drops as many of the borrowed handles that it gets as `n` says: at once, or,
;; in `nested`, in a second task of C that its own child has C run.
;; text: Tasks: a component that keeps some of its borrowed handles
(component definition $P
  (type $R (resource (rep i32)))
  (core func $new (canon resource.new $R))
  (component $C
    (import "r" (type $R (sub resource)))
    (core func $drop (canon resource.drop $R))
    (core module $Back
      (import "" "drop" (func $drop (param i32)))
      (global $mine (export "mine") (mut i32) (i32.const 0))
      (func (export "back") (call $drop (global.get $mine))))
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
      (import "" "drop" (func $drop (param i32)))
      (import "" "forward" (func $forward))
      (func (export "two") (param $a i32) (param $b i32) (param $n i32)
        (if (i32.ge_u (local.get $n) (i32.const 1)) (then (call $drop (local.get $b))))
        (if (i32.ge_u (local.get $n) (i32.const 2)) (then (call $drop (local.get $a)))))
      (func (export "nested") (param $a i32)
        (global.set $mine (local.get $a))
        (call $forward))
      (func (export "result") (param $a i32) (result i32) (local.get $a)))
    (core instance $m (instantiate $M (with "" (instance
      (export "mine" (global $back "mine"))
      (export "drop" (func $drop)) (export "forward" (func $forward))))))
    (func (export "two") (param "a" (borrow $R)) (param "b" (borrow $R)) (param "n" u32)
      (canon lift (core func $m "two")))
    (func (export "nested") (param "a" (borrow $R)) (canon lift (core func $m "nested")))
    (func (export "result") (param "a" (borrow $R)) (result u32)
      (canon lift (core func $m "result"))))
  (instance $c (instantiate $C (with "r" (type $R))))
  (core func $two (canon lower (func $c "two")))
  (core func $nested (canon lower (func $c "nested")))
  (core func $result (canon lower (func $c "result")))
  (core module $Local (func (export "look") (param i32)))
  (core instance $local (instantiate $Local))
  (func $look (param "r" (borrow $R)) (canon lift (core func $local "look")))
  (core func $look (canon lower (func $look)))
  (func (export "new") (param "rep" u32) (result u32) (canon lift (core func $new)))
  (func (export "two") (param "a" u32) (param "b" u32) (param "n" u32)
    (canon lift (core func $two)))
  (func (export "nested") (param "a" u32) (canon lift (core func $nested)))
  (func (export "result") (param "a" u32) (result u32) (canon lift (core func $result)))
  (func (export "local") (param "a" u32) (canon lift (core func $look))))

;; text: Instance Definitions: a fresh instance
(component instance $p $P)

;; rule: table.add/free does not hold
(invoke $p "new" (u32.const 90))

;; rule: table.add/free does not hold
(invoke $p "new" (u32.const 91))

;; Both are dropped.
;; rule: task.return/borrows does not hold
(assert_return (invoke $p "two" (u32.const 1) (u32.const 2) (u32.const 2)))

;; The drop counts for the task that got the handle, not for the one that drops.
;; rule: task.return/borrows does not hold
(assert_return (invoke $p "nested" (u32.const 1)))

;; The type is the receiver's own: nothing to drop.
;; rule: borrow.lower/local holds
;; rule: task.return/borrows does not hold
(assert_return (invoke $p "local" (u32.const 2)))

;; One of two is kept.
;; rule: task.return/borrows holds
(assert_trap (invoke $p "two" (u32.const 1) (u32.const 2) (u32.const 1)) "task.return/borrows")

;; text: Instance Definitions: a fresh instance
(component instance $p2 $P)

;; rule: table.add/free does not hold
(invoke $p2 "new" (u32.const 90))

;; Both are kept, and they came of one owning handle.
;; rule: task.return/borrows holds
(assert_trap (invoke $p2 "two" (u32.const 1) (u32.const 1) (u32.const 0)) "task.return/borrows")

;; text: Instance Definitions: a fresh instance
(component instance $p3 $P)

;; rule: table.add/free does not hold
(invoke $p3 "new" (u32.const 90))

;; It is kept by a function that has a result.
;; rule: task.return/borrows holds
(assert_trap (invoke $p3 "result" (u32.const 1)) "task.return/borrows")
