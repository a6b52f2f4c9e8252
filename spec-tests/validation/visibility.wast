;; Which types the functions that are imported and exported may use, what can be
;; ascribed to an export, and when two types are one.
;; Text: Explainer.md, "External Visibility of Types", "Import and Export
;; Definitions", "Type Checking".

;; text: External Visibility of Types: a function of a resource that was not exported
(assert_invalid
  (component
    (type $R (resource (rep i32)))
    (core func $new (canon resource.new $R))
    (func $f (param "x" u32) (result (own $R)) (canon lift (core func $new)))
    (export "f" (func $f)))
  "not valid to be used as export")

;; text: External Visibility of Types: the resource is exported, and the function's type is ascribed to name it
(component definition
  (type $R (resource (rep i32)))
  (core func $new (canon resource.new $R))
  (func $f (param "x" u32) (result (own $R)) (canon lift (core func $new)))
  (export $R2 "r" (type $R))
  (export "f" (func $f) (func (param "x" u32) (result (own $R2)))))

;; text: External Visibility of Types: the resource is exported, and the function names the export
(component definition
  (type $R (resource (rep i32)))
  (core func $new (canon resource.new $R))
  (export $R2 "r" (type $R))
  (func $f (param "x" u32) (result (own $R2)) (canon lift (core func $new)))
  (export "f" (func $f)))

;; text: External Visibility of Types: exporting a type names the new index, not the old one
(assert_invalid
  (component
    (type $R (resource (rep i32)))
    (core func $new (canon resource.new $R))
    (export "r" (type $R))
    (func $f (param "x" u32) (result (own $R)) (canon lift (core func $new)))
    (export "f" (func $f)))
  "not valid to be used as export")

;; text: External Visibility of Types: an import cannot refer to an exported type
(assert_invalid
  (component
    (type $R (resource (rep i32)))
    (export $R2 "r" (type $R))
    (import "f" (func (result (own $R2)))))
  "not valid to be used as import")

;; text: External Visibility of Types: an import can refer to an imported type
(component definition
  (component
    (import "r" (type $R (sub resource)))
    (import "f" (func $f (result (own $R))))
    (export "g" (func $f))))

;; text: External Visibility of Types: a function of a record that was not exported
(assert_invalid
  (component
    (core module $M (func (export "f") (param i32)))
    (core instance $m (instantiate $M))
    (type $T (record (field "x" u32)))
    (func $f (param "t" $T) (canon lift (core func $m "f")))
    (export "f" (func $f)))
  "not valid to be used as export")

;; text: External Visibility of Types: a function of a record that was exported
(component definition
  (core module $M (func (export "f") (param i32)))
  (core instance $m (instantiate $M))
  (type $T (record (field "x" u32)))
  (export $T2 "t" (type $T))
  (func $f (param "t" $T2) (canon lift (core func $m "f")))
  (export "f" (func $f)))

;; text: External Visibility of Types: an imported function of a record without a name
(assert_invalid
  (component
    (type $T (record (field "x" u32)))
    (import "f" (func (param "t" $T))))
  "not valid to be used as import")

;; text: External Visibility of Types: a function of a variant that was not exported
(assert_invalid
  (component
    (core module $M (func (export "f") (param i32)))
    (core instance $m (instantiate $M))
    (type $T (variant (case "x")))
    (func $f (param "t" $T) (canon lift (core func $m "f")))
    (export "f" (func $f)))
  "not valid to be used as export")

;; text: External Visibility of Types: a function of a variant that was exported
(component definition
  (core module $M (func (export "f") (param i32)))
  (core instance $m (instantiate $M))
  (type $T (variant (case "x")))
  (export $T2 "t" (type $T))
  (func $f (param "t" $T2) (canon lift (core func $m "f")))
  (export "f" (func $f)))

;; text: External Visibility of Types: an imported function of a variant without a name
(assert_invalid
  (component
    (type $T (variant (case "x")))
    (import "f" (func (param "t" $T))))
  "not valid to be used as import")

;; text: External Visibility of Types: a function of a enum that was not exported
(assert_invalid
  (component
    (core module $M (func (export "f") (param i32)))
    (core instance $m (instantiate $M))
    (type $T (enum "x"))
    (func $f (param "t" $T) (canon lift (core func $m "f")))
    (export "f" (func $f)))
  "not valid to be used as export")

;; text: External Visibility of Types: a function of a enum that was exported
(component definition
  (core module $M (func (export "f") (param i32)))
  (core instance $m (instantiate $M))
  (type $T (enum "x"))
  (export $T2 "t" (type $T))
  (func $f (param "t" $T2) (canon lift (core func $m "f")))
  (export "f" (func $f)))

;; text: External Visibility of Types: an imported function of a enum without a name
(assert_invalid
  (component
    (type $T (enum "x"))
    (import "f" (func (param "t" $T))))
  "not valid to be used as import")

;; text: External Visibility of Types: a function of a flags that was not exported
(assert_invalid
  (component
    (core module $M (func (export "f") (param i32)))
    (core instance $m (instantiate $M))
    (type $T (flags "x"))
    (func $f (param "t" $T) (canon lift (core func $m "f")))
    (export "f" (func $f)))
  "not valid to be used as export")

;; text: External Visibility of Types: a function of a flags that was exported
(component definition
  (core module $M (func (export "f") (param i32)))
  (core instance $m (instantiate $M))
  (type $T (flags "x"))
  (export $T2 "t" (type $T))
  (func $f (param "t" $T2) (canon lift (core func $m "f")))
  (export "f" (func $f)))

;; text: External Visibility of Types: an imported function of a flags without a name
(assert_invalid
  (component
    (type $T (flags "x"))
    (import "f" (func (param "t" $T))))
  "not valid to be used as import")

;; text: External Visibility of Types: tuples, lists, options and results need no name
(component definition
  (import "f" (func (param "t" (tuple u8 (list string))) (result (result (option u8))))))

;; text: External Visibility of Types: a record hidden in a list needs a name all the same
(assert_invalid
  (component
    (type $T (record (field "x" u32)))
    (import "f" (func (param "t" (list $T)))))
  "not valid to be used as import")

;; text: Import and Export Definitions: an ascribed type that does not fit
(assert_invalid
  (component
    (import "f" (func $f))
    (export "g" (func $f) (func (result u32))))
  "type mismatch")

;; text: Import and Export Definitions: an ascribed type that shows less
(component definition
  (component
    (import "i" (instance $i (export "a" (func)) (export "b" (func))))
    (export "j" (instance $i) (instance (export "a" (func))))))

;; text: Import and Export Definitions: an ascribed type that shows more
(assert_invalid
  (component
    (import "i" (instance $i (export "a" (func))))
    (export "j" (instance $i) (instance (export "a" (func)) (export "b" (func)))))
  "missing expected export")

;; text: Import and Export Definitions: an export can be used by what follows it
(component definition
  (component
    (import "f" (func $f))
    (export $g "g" (func $f))
    (export "h" (func $g))
    (core func (canon lower (func $g)))))

;; text: Type Checking: two exports of one resource are one type
(component definition
  (component $C
    (type $r (resource (rep i32)))
    (export $r1 "r1" (type $r))
    (export "r2" (type $r)))
  (component $D
    (import "r1" (type $r1 (sub resource)))
    (import "r2" (type (eq $r1))))
  (instance $c (instantiate $C))
  (instance (instantiate $D (with "r1" (type $c "r1")) (with "r2" (type $c "r2")))))

;; text: Type Checking: two imported resources are two types, whoever gives them
(assert_invalid
  (component
    (component $C
      (import "a" (type $a (sub resource)))
      (import "b" (type $b (sub resource)))
      (import "f" (func $f (param "x" (own $a))))
      (component $D
        (import "t" (type $t (sub resource)))
        (import "f" (func (param "x" (own $t)))))
      (instance (instantiate $D (with "t" (type $b)) (with "f" (func $f))))))
  "type mismatch")

;; text: Type Checking: an imported type is replaced by what is given for it
(component definition
  (component
    (import "c1" (component $C1
      (import "t" (type $t (sub resource)))
      (export "f" (func (param "x" (own $t))))))
    (import "c2" (component $C2
      (import "t" (type $t (sub resource)))
      (import "f" (func (param "x" (own $t))))))
    (type $R (resource (rep i32)))
    (instance $c1 (instantiate $C1 (with "t" (type $R))))
    (instance (instantiate $C2 (with "t" (type $R)) (with "f" (func $c1 "f"))))))
