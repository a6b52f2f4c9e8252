;; What a stream type and the built-ins of streams need to be valid.
;; Text: CanonicalABI.md, "`canonopt` Validation", "canon {stream,future}.new",
;; "canon stream.{read,write}"; Explainer.md, "Asynchronous Value Types".

;; text: canon stream.{read,write}: without elements, no memory is needed
(component 
  (type $T (stream))
  (core func (canon stream.read $T async))
  (core func (canon stream.write $T async)))

;; text: canon stream.{read,write}: with elements, a memory is
(assert_invalid (component 
  (type $T (stream u8))
  (core func (canon stream.read $T async)))
  "memory")

;; text: canon stream.{read,write}: with elements, a memory is
(assert_invalid (component 
  (type $T (stream u8))
  (core func (canon stream.write $T async)))
  "memory")

;; text: canonopt Validation: lifting or lowering a string needs a realloc only where one is received
(component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (stream string))
  (core func (canon stream.read $T async (memory $m "m") (realloc (func $m "r"))))
  (core func (canon stream.write $T async (memory $m "m"))))

;; text: canonopt Validation: a stream.read of strings needs a realloc
(assert_invalid (component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (stream string))
  (core func (canon stream.read $T async (memory $m "m"))))
  "realloc")

;; text: canon {stream,future}.new: the type must be a stream
(assert_invalid (component 
  (type $T (future u8))
  (core func (canon stream.new $T)))
  "a stream type")

;; text: canon {stream,future}.drop-readable: the type must be a stream
(assert_invalid (component 
  (type $T (future u8))
  (core func (canon stream.drop-readable $T)))
  "a stream type")

;; text: canon {stream,future}.drop-writable: the type must be a stream
(assert_invalid (component 
  (type $T (future u8))
  (core func (canon stream.drop-writable $T)))
  "a stream type")

;; text: canon {stream,future}.cancel-read: the type must be a stream
(assert_invalid (component 
  (type $T (future u8))
  (core func (canon stream.cancel-read $T)))
  "a stream type")

;; text: canon {stream,future}.cancel-write: the type must be a stream
(assert_invalid (component 
  (type $T (future u8))
  (core func (canon stream.cancel-write $T)))
  "a stream type")

;; text: canon stream.{read,write}: the type must be a stream
(assert_invalid (component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (list u8))
  (core func (canon stream.read $T async (memory $m "m"))))
  "a stream type")

;; text: canon stream.{read,write}: the type must be a stream
(assert_invalid (component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (future u8))
  (core func (canon stream.write $T async (memory $m "m"))))
  "a stream type")

;; text: Explainer, Value Types: a stream has no borrowed handles
(assert_invalid (component 
  (type $R (resource (rep i32)))
  (type (stream (borrow $R))))
  "borrow")

;; text: Explainer, Value Types: a stream has no borrowed handles, however deep
(assert_invalid (component 
  (type $R (resource (rep i32)))
  (type $L (list (borrow $R)))
  (type $P (tuple u8 $L))
  (type (stream $P)))
  "borrow")

;; text: canon stream.{read,write}: there is no `stream<char>` yet
(assert_invalid (component (type (stream char)))
  "char")

;; text: canon {stream,future}.new: its core type
(component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (stream u8))
  (core func $f (canon stream.new $T))
  (func (export "f") (result u64) (canon lift (core func $f))))

;; text: canon {stream,future}.new: its core type
(assert_invalid (component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (stream u8))
  (core func $f (canon stream.new $T))
  (func (export "f") (result u32) (canon lift (core func $f))))
  "type")

;; text: canon stream.{read,write}: its core type
(component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (stream u8))
  (core func $f (canon stream.read $T async (memory $m "m")))
  (func (export "f") (param "i" u32) (param "p" u32) (param "n" u32) (result u32) (canon lift (core func $f))))

;; text: canon stream.{read,write}: its core type
(assert_invalid (component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (stream u8))
  (core func $f (canon stream.read $T async (memory $m "m")))
  (func (export "f") (param "i" u32) (param "p" u32) (result u32) (canon lift (core func $f))))
  "type")

;; text: canon stream.{read,write}: its core type
(component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (stream u8))
  (core func $f (canon stream.write $T async (memory $m "m")))
  (func (export "f") (param "i" u32) (param "p" u32) (param "n" u32) (result u32) (canon lift (core func $f))))

;; text: canon stream.{read,write}: its core type
(assert_invalid (component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (stream u8))
  (core func $f (canon stream.write $T async (memory $m "m")))
  (func (export "f") (param "i" u32) (param "p" u32) (result u32) (canon lift (core func $f))))
  "type")

;; text: canon {stream,future}.cancel-{read,write}: its core type
(component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (stream u8))
  (core func $f (canon stream.cancel-read $T async))
  (func (export "f") (param "i" u32) (result u32) (canon lift (core func $f))))

;; text: canon {stream,future}.cancel-{read,write}: its core type
(assert_invalid (component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (stream u8))
  (core func $f (canon stream.cancel-read $T async))
  (func (export "f") (param "i" u32) (canon lift (core func $f))))
  "type")

;; text: canon {stream,future}.cancel-{read,write}: its core type
(component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (stream u8))
  (core func $f (canon stream.cancel-write $T async))
  (func (export "f") (param "i" u32) (result u32) (canon lift (core func $f))))

;; text: canon {stream,future}.cancel-{read,write}: its core type
(assert_invalid (component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (stream u8))
  (core func $f (canon stream.cancel-write $T async))
  (func (export "f") (param "i" u32) (canon lift (core func $f))))
  "type")

;; text: canon {stream,future}.drop-{readable,writable}: its core type
(component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (stream u8))
  (core func $f (canon stream.drop-readable $T))
  (func (export "f") (param "i" u32) (canon lift (core func $f))))

;; text: canon {stream,future}.drop-{readable,writable}: its core type
(assert_invalid (component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (stream u8))
  (core func $f (canon stream.drop-readable $T))
  (func (export "f") (param "i" u32) (result u32) (canon lift (core func $f))))
  "type")

;; text: canon {stream,future}.drop-{readable,writable}: its core type
(component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (stream u8))
  (core func $f (canon stream.drop-writable $T))
  (func (export "f") (param "i" u32) (canon lift (core func $f))))

;; text: canon {stream,future}.drop-{readable,writable}: its core type
(assert_invalid (component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (stream u8))
  (core func $f (canon stream.drop-writable $T))
  (func (export "f") (param "i" u32) (result u32) (canon lift (core func $f))))
  "type")
