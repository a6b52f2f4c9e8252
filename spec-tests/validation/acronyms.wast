;; Upper-case words of a name count as their lower-case forms, wherever in the name
;; they stand.
;; Text: Explainer.md, "Name Uniqueness".

;; text: Name Uniqueness: the case of a plain name does not count
(assert_invalid
  (component
    (import "foo" (type $foo (sub resource)))
    (import "[method]foo.bar" (func (param "self" (borrow $foo))))
    (import "foo:bar/baz" (func))
    (import "FOO" (func)))
  "conflicts with previous name")

;; text: Name Uniqueness: nor that of a method's own name
(assert_invalid
  (component
    (import "foo" (type $foo (sub resource)))
    (import "[method]foo.bar" (func (param "self" (borrow $foo))))
    (import "foo:bar/baz" (func))
    (import "[method]foo.BAR" (func (param "self" (borrow $foo)))))
  "conflicts with previous name")

;; text: Name Uniqueness: nor that of a static function's own name, beside a method
(assert_invalid
  (component
    (import "foo" (type $foo (sub resource)))
    (import "[method]foo.bar" (func (param "self" (borrow $foo))))
    (import "foo:bar/baz" (func))
    (import "[static]foo.BAR" (func)))
  "conflicts with previous name")

;; text: Name Uniqueness: nor that of an interface name's projection
(assert_invalid
  (component
    (import "foo" (type $foo (sub resource)))
    (import "[method]foo.bar" (func (param "self" (borrow $foo))))
    (import "foo:bar/baz" (func))
    (import "foo:bar/BAZ" (func)))
  "conflicts with previous name")
