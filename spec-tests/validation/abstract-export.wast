;; A resource that is exported a second time may be given an abstract type, which
;; hides that the two names stand for one type.
;; Text: Explainer.md, "Type Checking".

;; text: Type Checking: a second export under an abstract type
(component definition
  (type $r (resource (rep i32)))
  (export "r1" (type $r))
  (export "r2" (type $r) (type (sub resource))))

;; text: Type Checking: an only export under an abstract type
(component definition
  (type $r (resource (rep i32)))
  (export "r1" (type $r) (type (sub resource))))

;; text: Type Checking: from outside, the two are two types
(assert_invalid
  (component
    (import "c" (component $C
      (export "r1" (type (sub resource)))
      (export "r2" (type (sub resource)))))
    (component $D
      (import "r1" (type $r1 (sub resource)))
      (import "r2" (type (eq $r1))))
    (instance $c (instantiate $C))
    (instance (instantiate $D (with "r1" (type $c "r1")) (with "r2" (type $c "r2")))))
  "type mismatch")
