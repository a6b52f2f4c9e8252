;; 🔀 Which types can be the elements of streams and futures.
;; Text: Explainer.md, "Asynchronous value types"; Binary.md, "Type Definitions".

;; text: Asynchronous value types: streams and futures, with and without an element
(component definition
  (type (stream))
  (type (future))
  (type (stream u8))
  (type (future char))
  (type (stream (list char))))

;; text: Asynchronous value types: no stream of `char`
(assert_invalid
  (component
    (type (stream char)))
  "char")

;; text: Asynchronous value types: no stream of a `borrow`
(assert_invalid
  (component
    (type $R (resource (rep i32)))
    (type $B (borrow $R))
    (type (stream (option $B))))
  "borrow")

;; text: Asynchronous value types: no future of a `borrow`
(assert_invalid
  (component
    (type $R (resource (rep i32)))
    (type $B (borrow $R))
    (type (future $B)))
  "borrow")
