;; 🗺️ Which types can be the keys of a map.
;; Text: Explainer.md, "Type Definitions", "Specialized value types".

;; text: Specialized value types: maps with each kind of key
(component definition
  (type (map bool string))
  (type (map s8 string))
  (type (map u8 string))
  (type (map s16 string))
  (type (map u16 string))
  (type (map s32 string))
  (type (map u32 string))
  (type (map s64 string))
  (type (map u64 string))
  (type (map char string))
  (type (map string string)))

;; text: Specialized value types: `f32` is no key
(assert_invalid
  (component
    (type (map f32 u8)))
  "map key")

;; text: Specialized value types: `f64` is no key
(assert_invalid
  (component
    (type (map f64 u8)))
  "map key")

;; text: Specialized value types: a list is no key
(assert_invalid
  (component
    (type $L (list u8))
    (type (map $L u8)))
  "map key")
