;; 🔧 A value type's size, counted with 64-bit pointers, is less than 2^28 bytes.
;; Text: CanonicalABI.md, "Element Size"; Binary.md, "Type Definitions".

;; text: Element Size: bytes, the largest that is legal
(component definition
  (type (list u8 268435455)))

;; text: Element Size: bytes, the smallest that is not
(assert_invalid
  (component
    (type (list u8 268435456)))
  "type size")

;; text: Element Size: numbers of two bytes, the largest that is legal
(component definition
  (type (list u16 134217727)))

;; text: Element Size: numbers of two bytes, the smallest that is not
(assert_invalid
  (component
    (type (list u16 134217728)))
  "type size")

;; text: Element Size: numbers of eight bytes, the largest that is legal
(component definition
  (type (list u64 33554431)))

;; text: Element Size: numbers of eight bytes, the smallest that is not
(assert_invalid
  (component
    (type (list u64 33554432)))
  "type size")

;; text: Element Size: characters, of four bytes, the largest that is legal
(component definition
  (type (list char 67108863)))

;; text: Element Size: characters, of four bytes, the smallest that is not
(assert_invalid
  (component
    (type (list char 67108864)))
  "type size")

;; text: Element Size: strings, which count 16 bytes whatever the memory, the largest that is legal
(component definition
  (type (list string 16777215)))

;; text: Element Size: strings, which count 16 bytes whatever the memory, the smallest that is not
(assert_invalid
  (component
    (type (list string 16777216)))
  "type size")

;; text: Element Size: lists without a fixed length, which count 16 bytes, the largest that is legal
(component definition
  (type (list u64))
  (type (list 0 16777215)))

;; text: Element Size: lists without a fixed length, which count 16 bytes, the smallest that is not
(assert_invalid
  (component
    (type (list u64))
    (type (list 0 16777216)))
  "type size")

;; text: Element Size: handles, of four bytes, the largest that is legal
(component definition
  (type $R (resource (rep i32)))
  (type $O (own $R))
  (type (list $O 67108863)))

;; text: Element Size: handles, of four bytes, the smallest that is not
(assert_invalid
  (component
    (type $R (resource (rep i32)))
    (type $O (own $R))
    (type (list $O 67108864)))
  "type size")

;; text: Element Size: flags, here of two bytes, the largest that is legal
(component definition
  (type $F (flags "a" "b" "c" "d" "e" "f" "g" "h" "i"))
  (type (list $F 134217727)))

;; text: Element Size: flags, here of two bytes, the smallest that is not
(assert_invalid
  (component
    (type $F (flags "a" "b" "c" "d" "e" "f" "g" "h" "i"))
    (type (list $F 134217728)))
  "type size")

;; text: Element Size: lists in lists, the largest that is legal
(component definition
  (type $L (list u8 65536))
  (type (list $L 4095)))

;; text: Element Size: lists in lists, the smallest that is not
(assert_invalid
  (component
    (type $L (list u8 65536))
    (type (list $L 4096)))
  "type size")

;; text: Element Size: a record, with its padding, the largest that is legal
(component definition
  (type $L (list u8 268435440))
  (type (record (field "a" $L) (field "b" u64))))

;; text: Element Size: a record, with its padding, the smallest that is not
(assert_invalid
  (component
    (type $L (list u8 268435441))
    (type (record (field "a" $L) (field "b" u64))))
  "type size")

;; text: Element Size: a record, padded at its end, the largest that is legal
(component definition
  (type $L (list u8 268435448))
  (type $M (list u8 268435440))
  (type (record (field "a" u64) (field "b" $M))))

;; text: Element Size: a record, padded at its end, the smallest that is not
(assert_invalid
  (component
    (type $M (list u8 268435441))
    (type (record (field "a" u64) (field "b" $M))))
  "type size")

;; text: Element Size: a tuple, the largest that is legal
(component definition
  (type $L (list u8 134217728))
  (type $M (list u8 134217727))
  (type (tuple $L $M)))

;; text: Element Size: a tuple, the smallest that is not
(assert_invalid
  (component
    (type $L (list u8 134217728))
    (type (tuple $L $L)))
  "type size")

;; text: Element Size: an option, with its discriminant, the largest that is legal
(component definition
  (type $L (list u8 268435454))
  (type (option $L)))

;; text: Element Size: an option, with its discriminant, the smallest that is not
(assert_invalid
  (component
    (type $L (list u8 268435455))
    (type (option $L)))
  "type size")

;; text: Element Size: a variant, as large as its largest case, the largest that is legal
(component definition
  (type $L (list u8 268435454))
  (type (variant (case "a" $L) (case "b" $L) (case "c"))))

;; text: Element Size: a variant, as large as its largest case, the smallest that is not
(assert_invalid
  (component
    (type $L (list u8 268435455))
    (type (variant (case "a" u8) (case "b" $L) (case "c"))))
  "type size")

;; text: Element Size: a result, the largest that is legal
(component definition
  (type $L (list u8 268435454))
  (type (result $L (error $L))))

;; text: Element Size: a result, the smallest that is not
(assert_invalid
  (component
    (type $L (list u8 268435455))
    (type (result (error $L))))
  "type size")

;; text: Element Size: the parameters of a function are not one value
(component definition
  (type $L (list u8 268435455))
  (type (func (param "a" $L) (param "b" $L) (result $L))))

;; text: Element Size: a type inside a component type counts as well
(assert_invalid
  (component
    (type (component
      (type (list u8 268435456)))))
  "type size")

;; text: Container types: a fixed length is larger than 0
(assert_invalid
  (component
    (type (list u8 0)))
  "length")
