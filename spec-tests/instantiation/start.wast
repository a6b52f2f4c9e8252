;; Core start functions run while the component is instantiated, in the order of
;; the definitions, and may call imports.
;; Text: Explainer.md, "Component Definitions", "Instance Definitions"; CanonicalABI.md,
;; "Component Instances".

;; Everything that starts writes a digit to the log of an instance that came
;; before it: 9 for the core module `Starts` of that instance itself, what `Digit`
;; says for a C, and for `Last` 6 more than what it gets from the last C.
;; text: Instance Definitions: start functions of several instances
(component definition $P
  (component $Log
    (core module $M
      (global $log (mut i32) (i32.const 0))
      (func (export "log") (param i32)
        (global.set $log (i32.add (i32.mul (global.get $log) (i32.const 10)) (local.get 0))))
      (func (export "logged") (result i32) (global.get $log)))
    (core instance $m (instantiate $M))
    (core module $Starts (import "log" "log" (func $log (param i32)))
      (func $start (call $log (i32.const 9)))
      (start $start))
    (core instance (instantiate $Starts (with "log" (instance $m))))
    (core instance (instantiate $Starts (with "log" (instance $m))))
    (func (export "log") (param "digit" u32) (canon lift (core func $m "log")))
    (func (export "logged") (result u32) (canon lift (core func $m "logged"))))
  (instance $log (instantiate $Log))

  (component $C
    (import "log" (func $log (param "digit" u32)))
    (import "digit" (core module $Digit (export "digit" (func (result i32)))))
    (core func $log (canon lower (func $log)))
    (core instance $digit (instantiate $Digit))
    (core module $M
      (import "" "log" (func $log (param i32)))
      (import "digit" "digit" (func $digit (result i32)))
      (global $started (mut i32) (i32.const 0))
      (func $start
        (call $log (call $digit))
        (global.set $started (i32.add (global.get $started) (i32.const 1))))
      (start $start)
      (func (export "started") (result i32) (global.get $started)))
    (core instance $m (instantiate $M
      (with "" (instance (export "log" (func $log))))
      (with "digit" (instance $digit))))
    (func (export "started") (result u32) (canon lift (core func $m "started"))))
  (core module $One (func (export "digit") (result i32) (i32.const 1)))
  (core module $Two (func (export "digit") (result i32) (i32.const 2)))
  (instance $c2 (instantiate $C
    (with "log" (func $log "log")) (with "digit" (core module $Two))))
  (instance $c1 (instantiate $C
    (with "log" (func $log "log")) (with "digit" (core module $One))))

  (component $Last
    (import "log" (func $log (param "digit" u32)))
    (import "started" (func $started (result u32)))
    (core func $log (canon lower (func $log)))
    (core func $started (canon lower (func $started)))
    (core module $M
      (import "" "log" (func $log (param i32)))
      (import "" "started" (func $started (result i32)))
      (func $start (call $log (i32.add (call $started) (i32.const 6))))
      (start $start))
    (core instance (instantiate $M (with "" (instance
      (export "log" (func $log)) (export "started" (func $started)))))))
  (instance (instantiate $Last
    (with "log" (func $log "log")) (with "started" (func $c1 "started"))))
  (export "logged" (func $log "logged"))
  (export "started1" (func $c1 "started"))
  (export "started2" (func $c2 "started")))

;; rule: instance/may-enter does not hold
;; rule: lower/may-leave does not hold
(component instance $p $P)

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "logged") (u32.const 99217))

;; Each start function ran once.
;; rule: instance/may-enter does not hold
(assert_return (invoke $p "started1") (u32.const 1))

;; rule: instance/may-enter does not hold
(assert_return (invoke $p "started2") (u32.const 1))

;; Another instance starts anew.
;; rule: lower/may-leave does not hold
(component instance $p2 $P)

;; rule: instance/may-enter does not hold
(assert_return (invoke $p2 "logged") (u32.const 99217))

;; A start function makes, reads and drops resources; its handles stay.
;; text: Component Instances: resources made while the component is instantiated
(component definition $R
  (type $R (resource (rep i32)))
  (core func $new (canon resource.new $R))
  (core func $rep (canon resource.rep $R))
  (core func $drop (canon resource.drop $R))
  (core module $M
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "rep" (func $rep (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func $start
      (local $h i32)
      (drop (call $new (i32.const 11)))
      (local.set $h (call $new (i32.const 22)))
      (drop (call $new (call $rep (local.get $h))))
      (call $drop (local.get $h)))
    (start $start))
  (core instance (instantiate $M (with "" (instance
    (export "new" (func $new)) (export "rep" (func $rep)) (export "drop" (func $drop))))))
  (func (export "new") (param "rep" u32) (result u32) (canon lift (core func $new)))
  (func (export "rep") (param "index" u32) (result u32) (canon lift (core func $rep))))

;; rule: resource.new/may-leave does not hold
;; rule: resource.drop/may-leave does not hold
(component instance $r $R)

;; rule: table.get/empty does not hold
(assert_return (invoke $r "rep" (u32.const 1)) (u32.const 11))

;; rule: table.get/empty does not hold
(assert_return (invoke $r "rep" (u32.const 3)) (u32.const 22))

;; rule: table.add/free holds
(assert_return (invoke $r "new" (u32.const 33)) (u32.const 2))
