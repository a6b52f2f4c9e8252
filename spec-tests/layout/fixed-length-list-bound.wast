;; A value type that a component defines takes less than 2^28 bytes in a 64-bit memory, whatever the
;; memory it is used with.
;; Spec: CanonicalABI.md, "Element Size".

;; text: Element Size; a byte less than the bound
(component definition (type (list u8 268435455)))
;; text: Element Size; the bound itself
(assert_invalid (component (type (list u8 268435456))) "value type too large")
;; text: Element Size; elements of eight bytes, the last length below the bound
(component definition (type (list u64 33554431)))
;; text: Element Size; elements of eight bytes, the bound itself
(assert_invalid (component (type (list u64 33554432))) "value type too large")
;; text: Element Size; a string counts as two pointers of eight bytes, the last length below the bound
(component definition (type (list string 16777215)))
;; text: Element Size; a string counts as two pointers of eight bytes, the bound itself
(assert_invalid (component (type (list string 16777216))) "value type too large")
;; text: Element Size; the gaps of a record count
(assert_invalid (component
  (type $half (list u8 134217728))
  (type (tuple u8 $half u64 $half))) "value type too large")
;; text: Element Size; a variant's discriminant counts, and its largest case
(assert_invalid (component
  (type $most (list u8 268435455))
  (type (option $most))) "value type too large")
;; text: Element Size; the other cases of a variant do not
(component definition
  (type $half (list u8 134217728))
  (type (result $half (error $half))))
;; text: Element Size; a list without a length is two pointers, whatever its elements
(component definition
  (type $most (list u8 268435455))
  (type $list (list $most))
  (type (tuple $list $list)))
