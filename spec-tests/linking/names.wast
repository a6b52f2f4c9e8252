;; The forms of import and export names, and the types that annotated ones need.
;; Text: Explainer.md, "Import and Export Definitions".

;; text: Import and Export Definitions: labels of words and acronyms
(component definition
  (import "a" (func))
  (import "b-c-d" (func))
  (import "e1-2-3" (func))
  (import "F" (func))
  (import "G-H-I" (func))
  (import "J1-2-3" (func))
  (import "m1x3d-4CR0NYMS" (func))
  (import "is-XML-valid" (func)))

;; text: Import and Export Definitions: interface names, with and without a version
(component definition
  (import "a:b/c" (instance))
  (import "a:b/d@1.0.0" (instance))
  (import "a:b/d@1.0.1" (instance))
  (import "a-a:b-b/c-c@0.2.6-rc.1" (instance))
  (import "a:b/e@1.2.3+build.5" (instance))
  (import "a:b/f" (func)))

;; text: Import and Export Definitions: functions of a resource
(component definition
  (import "r" (type $r (sub resource)))
  (import "[constructor]r" (func (param "x" u32) (result (own $r))))
  (import "[method]r.m" (func (param "self" (borrow $r)) (result u32)))
  (import "[method]r.n" (func (param "self" (borrow $r))))
  (import "[static]r.s" (func (param "other" (own $r)))))

;; text: Import and Export Definitions: a constructor that can fail
(component definition
  (import "r" (type $r (sub resource)))
  (import "[constructor]r" (func (result (result (own $r) (error string))))))

;; text: Instance Definitions: an argument's name is any string, and arguments beyond the imports are allowed
(component definition
  (import "f" (func $f))
  (component $C (import "a:b/c@1.0.0" (func)))
  (instance (instantiate $C (with "a:b/c@1.0.0" (func $f)) (with "no label!" (func $f)))))

;; text: Import and Export Definitions: a first fragment starts with a letter
(assert_invalid
  (component
    (import "1a" (func)))
  "not a valid extern name")

;; text: Import and Export Definitions: a label is not empty
(assert_invalid
  (component
    (import "" (func)))
  "not a valid extern name")

;; text: Import and Export Definitions: a fragment is not empty
(assert_invalid
  (component
    (import "a--b" (func)))
  "not a valid extern name")

;; text: Import and Export Definitions: a fragment is not empty at the end
(assert_invalid
  (component
    (import "a-" (func)))
  "not a valid extern name")

;; text: Import and Export Definitions: a fragment is not empty at the start
(assert_invalid
  (component
    (import "-a" (func)))
  "not a valid extern name")

;; text: Import and Export Definitions: an underscore belongs to no fragment
(assert_invalid
  (component
    (import "a_b" (func)))
  "not a valid extern name")

;; text: Import and Export Definitions: a fragment is all of one case
(assert_invalid
  (component
    (import "aB" (func)))
  "not a valid extern name")

;; text: Import and Export Definitions: only ASCII
(assert_invalid
  (component
    (import "é" (func)))
  "not a valid extern name")

;; text: Import and Export Definitions: an interface name needs a projection
(assert_invalid
  (component
    (import "a:b" (func)))
  "not a valid extern name")

;; text: Import and Export Definitions: a projection is a label
(assert_invalid
  (component
    (import "a:b/" (func)))
  "not a valid extern name")

;; text: Import and Export Definitions: a version is a whole semantic version
(assert_invalid
  (component
    (import "a:b/c@1.0" (func)))
  "not a valid extern name")

;; text: Import and Export Definitions: one version at most
(assert_invalid
  (component
    (import "a:b/c@1.0.0@2.0.0" (func)))
  "not a valid extern name")

;; text: Import and Export Definitions: a namespace is in lower case
(assert_invalid
  (component
    (import "A:b/c" (func)))
  "not a valid extern name")

;; text: Import and Export Definitions: a package is in lower case
(assert_invalid
  (component
    (import "a:B/c" (func)))
  "not a valid extern name")

;; text: Import and Export Definitions: an annotation that is not known
(assert_invalid
  (component
    (import "[unknown]a" (func)))
  "not a valid extern name")

;; text: Import and Export Definitions: a method has a name of its own
(assert_invalid
  (component
    (import "[method]r" (func)))
  "not a valid extern name")

;; text: Import and Export Definitions: a constructor's result is its resource
(assert_invalid
  (component
    (import "r" (type $r (sub resource)))
    (import "q" (type $q (sub resource)))
    (import "[constructor]r" (func (result (own $q)))))
  "should return")

;; text: Import and Export Definitions: a constructor has a result
(assert_invalid
  (component
    (import "r" (type $r (sub resource)))
    (import "q" (type $q (sub resource)))
    (import "[constructor]r" (func)))
  "should return one value")

;; text: Import and Export Definitions: a constructor that can fail gives its resource when it does not
(assert_invalid
  (component
    (import "r" (type $r (sub resource)))
    (import "q" (type $q (sub resource)))
    (import "[constructor]r" (func (result (result (own $q))))))
  "should return")

;; text: Import and Export Definitions: a method's first parameter borrows its resource
(assert_invalid
  (component
    (import "r" (type $r (sub resource)))
    (import "q" (type $q (sub resource)))
    (import "[method]r.m" (func (param "self" (borrow $q)))))
  "does not match expected resource name")

;; text: Import and Export Definitions: a method's first parameter is a borrow
(assert_invalid
  (component
    (import "r" (type $r (sub resource)))
    (import "q" (type $q (sub resource)))
    (import "[method]r.m" (func (param "self" (own $r)))))
  "borrow")

;; text: Import and Export Definitions: a method's first parameter is called self
(assert_invalid
  (component
    (import "r" (type $r (sub resource)))
    (import "q" (type $q (sub resource)))
    (import "[method]r.m" (func (param "this" (borrow $r)))))
  "should have a first argument called `self`")

;; text: Import and Export Definitions: a method has a first parameter
(assert_invalid
  (component
    (import "r" (type $r (sub resource)))
    (import "q" (type $q (sub resource)))
    (import "[method]r.m" (func)))
  "should have at least one argument")

;; text: Import and Export Definitions: a static function's resource comes before it
(assert_invalid
  (component
    (import "r" (type $r (sub resource)))
    (import "q" (type $q (sub resource)))
    (import "[static]s.m" (func)))
  "static resource name is not known")

;; text: Import and Export Definitions: only functions are annotated
(assert_invalid
  (component
    (import "r" (type $r (sub resource)))
    (import "q" (type $q (sub resource)))
    (import "[static]r.m" (instance)))
  "is not a func")
