;; A destructor is called as a component function is: a trap or an exception in
;; it is a trap for whoever drops.
;; Text: CanonicalABI.md, "canon resource.drop".

;; A destructor that does not come back: 0 traps, 1 throws, anything else returns.
;; text: canon resource.drop: destructors that fail
(component definition $F
  (core module $Dtor
    (tag $oops)
    (func (export "dtor") (param $rep i32)
      (if (i32.eqz (local.get $rep)) (then (unreachable)))
      (if (i32.eq (local.get $rep) (i32.const 1)) (then (throw $oops)))))
  (core instance $dtor (instantiate $Dtor))
  (type $R (resource (rep i32) (dtor (core func $dtor "dtor"))))
  (core func $new (canon resource.new $R))
  (core func $drop (canon resource.drop $R))
  (core module $M
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    ;; an exception that came through would be caught here
    (func (export "run") (param $rep i32)
      (block $caught
        (try_table (catch_all $caught)
          (call $drop (call $new (local.get $rep)))))))
  (core instance $m (instantiate $M (with "" (instance
    (export "new" (func $new)) (export "drop" (func $drop))))))
  (func (export "run") (param "rep" u32) (canon lift (core func $m "run"))))

;; text: Instance Definitions: a fresh instance
(component instance $f $F)

;; rule: lift/exception does not hold
(assert_return (invoke $f "run" (u32.const 2)))

;; text: canon resource.drop: a core trap in a destructor
(assert_trap (invoke $f "run" (u32.const 0)) "unreachable")

;; text: Instance Definitions: a fresh instance
(component instance $f2 $F)

;; The exception ends at the call of the destructor, as a trap.
;; rule: lift/exception holds
(assert_trap (invoke $f2 "run" (u32.const 1)) "lift/exception")
