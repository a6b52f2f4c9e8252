;; A child may be given a resource type of its parent, and drop what it owns.
;; Text: CanonicalABI.md, "canon resource.drop", "Component Instances".

;; The parent defines the type, and its child drops what it was given: the
;; destructor runs in the parent, inside which the child is.
;; text: canon resource.drop: a child drops a resource of its parent
(component definition $Q
  (core module $Log
    (global $ended (mut i32) (i32.const 0))
    (func (export "dtor") (param i32) (global.set $ended (local.get 0)))
    (func (export "ended") (result i32) (global.get $ended)))
  (core instance $log (instantiate $Log))
  (type $R (resource (rep i32) (dtor (core func $log "dtor"))))
  (core func $new (canon resource.new $R))
  (component $C
    (import "r" (type $R (sub resource)))
    (core func $drop (canon resource.drop $R))
    (func (export "end") (param "r" (own $R)) (canon lift (core func $drop))))
  (instance $c (instantiate $C (with "r" (type $R))))
  (core func $end (canon lower (func $c "end")))
  (func (export "new") (param "rep" u32) (result u32) (canon lift (core func $new)))
  (func (export "end") (param "index" u32) (canon lift (core func $end)))
  (func (export "ended") (result u32) (canon lift (core func $log "ended"))))

;; text: Instance Definitions: a fresh instance
(component instance $q $Q)

;; rule: resource.new/may-leave does not hold
(assert_return (invoke $q "new" (u32.const 60)) (u32.const 1))

;; rule: instance/may-enter does not hold
;; rule: resource.drop/dtor holds
(assert_return (invoke $q "end" (u32.const 1)))

;; rule: instance/may-enter does not hold
(assert_return (invoke $q "ended") (u32.const 60))
