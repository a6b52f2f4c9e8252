;; Which names may stand together: they differ in more than case, annotations and
;; the name of a method that is its resource's.
;; Text: Explainer.md, "Name Uniqueness".

;; text: Name Uniqueness: the set of names that the text gives
(component definition
  (import "foo" (type $foo (sub resource)))
  (import "foo-bar" (func))
  (import "[constructor]foo" (func (result (own $foo))))
  (import "[method]foo.bar" (func (param "self" (borrow $foo))))
  (import "[static]foo.baz" (func))
  (import "foo:bar/baz" (func)))

;; text: Name Uniqueness: `foo` beside the names that the text gives
(assert_invalid
  (component
    (import "foo" (type $foo (sub resource)))
    (import "foo-bar" (func))
    (import "[constructor]foo" (func (result (own $foo))))
    (import "[method]foo.bar" (func (param "self" (borrow $foo))))
    (import "[static]foo.baz" (func))
    (import "foo:bar/baz" (func))
    (import "foo" (func)))
  "conflicts with previous name")

;; text: Name Uniqueness: `FOO` beside the names that the text gives
(assert_invalid
  (component
    (import "foo" (type $foo (sub resource)))
    (import "foo-bar" (func))
    (import "[constructor]foo" (func (result (own $foo))))
    (import "[method]foo.bar" (func (param "self" (borrow $foo))))
    (import "[static]foo.baz" (func))
    (import "foo:bar/baz" (func))
    (import "FOO" (func)))
  "conflicts with previous name")

;; text: Name Uniqueness: `foo-BAR` beside the names that the text gives
(assert_invalid
  (component
    (import "foo" (type $foo (sub resource)))
    (import "foo-bar" (func))
    (import "[constructor]foo" (func (result (own $foo))))
    (import "[method]foo.bar" (func (param "self" (borrow $foo))))
    (import "[static]foo.baz" (func))
    (import "foo:bar/baz" (func))
    (import "foo-BAR" (func)))
  "conflicts with previous name")

;; text: Name Uniqueness: `[constructor]FOO` beside the names that the text gives
(assert_invalid
  (component
    (import "foo" (type $foo (sub resource)))
    (import "foo-bar" (func))
    (import "[constructor]foo" (func (result (own $foo))))
    (import "[method]foo.bar" (func (param "self" (borrow $foo))))
    (import "[static]foo.baz" (func))
    (import "foo:bar/baz" (func))
    (import "[constructor]FOO" (func (result (own $foo)))))
  "conflicts with previous name")

;; text: Name Uniqueness: `[static]foo.bar` beside the names that the text gives
(assert_invalid
  (component
    (import "foo" (type $foo (sub resource)))
    (import "foo-bar" (func))
    (import "[constructor]foo" (func (result (own $foo))))
    (import "[method]foo.bar" (func (param "self" (borrow $foo))))
    (import "[static]foo.baz" (func))
    (import "foo:bar/baz" (func))
    (import "[static]foo.bar" (func)))
  "conflicts with previous name")

;; text: Name Uniqueness: `[method]foo.baz` beside the names that the text gives
(assert_invalid
  (component
    (import "foo" (type $foo (sub resource)))
    (import "foo-bar" (func))
    (import "[constructor]foo" (func (result (own $foo))))
    (import "[method]foo.bar" (func (param "self" (borrow $foo))))
    (import "[static]foo.baz" (func))
    (import "foo:bar/baz" (func))
    (import "[method]foo.baz" (func (param "self" (borrow $foo)))))
  "conflicts with previous name")

;; text: Name Uniqueness: `[method]foo.foo` beside the names that the text gives
(assert_invalid
  (component
    (import "foo" (type $foo (sub resource)))
    (import "foo-bar" (func))
    (import "[constructor]foo" (func (result (own $foo))))
    (import "[method]foo.bar" (func (param "self" (borrow $foo))))
    (import "[static]foo.baz" (func))
    (import "foo:bar/baz" (func))
    (import "[method]foo.foo" (func (param "self" (borrow $foo)))))
  "conflicts with previous name")

;; text: Name Uniqueness: exports are checked as imports are
(assert_invalid
  (component
    (import "f" (func $f))
    (export "a-b" (func $f))
    (export "A-b" (func $f)))
  "conflicts with previous name")

;; text: Name Uniqueness: an import and an export may have one name
(component definition
  (component
    (import "f" (func $f))
    (export "f" (func $f))))
