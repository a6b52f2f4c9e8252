;; 🐘 A resource whose representation is an `i64`.
;; Text: CanonicalABI.md, "canon resource.new", "canon resource.rep" (under 🐘).

;; text: canon resource.new: a 64-bit representation
(component definition $D
  (core module $Log
    (global $ended (mut i64) (i64.const 0))
    (func (export "dtor") (param i64) (global.set $ended (local.get 0)))
    (func (export "ended") (result i64) (global.get $ended)))
  (core instance $log (instantiate $Log))
  (type $R (resource (rep i64) (dtor (core func $log "dtor"))))
  (core func $new (canon resource.new $R))
  (core func $rep (canon resource.rep $R))
  (core func $drop (canon resource.drop $R))
  (func (export "new") (param "rep" u64) (result u32) (canon lift (core func $new)))
  (func (export "rep") (param "index" u32) (result u64) (canon lift (core func $rep)))
  (func (export "drop") (param "index" u32) (canon lift (core func $drop)))
  (func (export "ended") (result u64) (canon lift (core func $log "ended"))))

;; text: Instance Definitions: a fresh instance
(component instance $d $D)

;; rule: resource.new/may-leave does not hold
(assert_return (invoke $d "new" (u64.const 0x123456789abcdef0)) (u32.const 1))

;; rule: resource.rep/type does not hold
(assert_return (invoke $d "rep" (u32.const 1)) (u64.const 0x123456789abcdef0))

;; rule: resource.drop/dtor holds
(assert_return (invoke $d "drop" (u32.const 1)))

;; rule: instance/may-enter does not hold
(assert_return (invoke $d "ended") (u64.const 0x123456789abcdef0))
