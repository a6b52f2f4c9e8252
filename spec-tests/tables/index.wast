;; Which index a new handle gets: the first is 1, a fresh one is one past the
;; last, and one that was freed is used again before that, the latest first.
;; Text: CanonicalABI.md, "Table State".

;; The three built-ins are lifted as they are, so that handles are seen as numbers.
;; text: Table State: a table that the host can drive
(component definition $D
  (type $R (resource (rep i32)))
  (core func $new (canon resource.new $R))
  (core func $rep (canon resource.rep $R))
  (core func $drop (canon resource.drop $R))
  (func (export "new") (param "rep" u32) (result u32) (canon lift (core func $new)))
  (func (export "rep") (param "index" u32) (result u32) (canon lift (core func $rep)))
  (func (export "drop") (param "index" u32) (canon lift (core func $drop))))

;; text: Instance Definitions: a fresh instance
(component instance $d $D)

;; Index 0 is reserved, so the first is 1.
;; rule: table.add/free does not hold
;; rule: table.add/limit does not hold
(assert_return (invoke $d "new" (u32.const 100)) (u32.const 1))

;; rule: table.add/free does not hold
;; rule: table.add/limit does not hold
(assert_return (invoke $d "new" (u32.const 101)) (u32.const 2))

;; rule: table.add/free does not hold
(assert_return (invoke $d "new" (u32.const 102)) (u32.const 3))

;; rule: table.add/free does not hold
(assert_return (invoke $d "new" (u32.const 103)) (u32.const 4))

;; rule: table.get/bounds does not hold
;; rule: table.get/empty does not hold
(assert_return (invoke $d "rep" (u32.const 4)) (u32.const 103))

;; Three are freed, in the order 2, 4, 1 …
;; rule: table.get/empty does not hold
(assert_return (invoke $d "drop" (u32.const 2)))

;; rule: table.get/empty does not hold
(assert_return (invoke $d "drop" (u32.const 4)))

;; rule: table.get/empty does not hold
(assert_return (invoke $d "drop" (u32.const 1)))

;; … and used again in the order 1, 4, 2.
;; rule: table.add/free holds
(assert_return (invoke $d "new" (u32.const 200)) (u32.const 1))

;; rule: table.add/free holds
(assert_return (invoke $d "new" (u32.const 201)) (u32.const 4))

;; A free index that is freed anew comes first again.
;; rule: table.get/empty does not hold
(assert_return (invoke $d "drop" (u32.const 1)))

;; rule: table.add/free holds
(assert_return (invoke $d "new" (u32.const 202)) (u32.const 1))

;; rule: table.add/free holds
(assert_return (invoke $d "new" (u32.const 203)) (u32.const 2))

;; Nothing is free now, so the table grows.
;; rule: table.add/free does not hold
(assert_return (invoke $d "new" (u32.const 204)) (u32.const 5))

;; Each index holds what was put there last.
;; rule: table.get/bounds does not hold
(assert_return (invoke $d "rep" (u32.const 1)) (u32.const 202))

;; rule: table.get/bounds does not hold
(assert_return (invoke $d "rep" (u32.const 2)) (u32.const 203))

;; rule: table.get/bounds does not hold
(assert_return (invoke $d "rep" (u32.const 3)) (u32.const 102))

;; rule: table.get/bounds does not hold
(assert_return (invoke $d "rep" (u32.const 4)) (u32.const 201))

;; rule: table.get/bounds does not hold
(assert_return (invoke $d "rep" (u32.const 5)) (u32.const 204))
