;; What a future type and the built-ins of futures need to be valid.
;; Text: CanonicalABI.md, "`canonopt` Validation", "canon {stream,future}.new",
;; "canon future.{read,write}"; Explainer.md, "Asynchronous Value Types".

;; text: canon future.{read,write}: without elements, no memory is needed
(component 
  (type $T (future))
  (core func (canon future.read $T async))
  (core func (canon future.write $T async)))

;; text: canon future.{read,write}: with elements, a memory is
(assert_invalid (component 
  (type $T (future u8))
  (core func (canon future.read $T async)))
  "memory")

;; text: canon future.{read,write}: with elements, a memory is
(assert_invalid (component 
  (type $T (future u8))
  (core func (canon future.write $T async)))
  "memory")

;; text: canonopt Validation: lifting or lowering a string needs a realloc only where one is received
(component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (future string))
  (core func (canon future.read $T async (memory $m "m") (realloc (func $m "r"))))
  (core func (canon future.write $T async (memory $m "m"))))

;; text: canonopt Validation: a future.read of strings needs a realloc
(assert_invalid (component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (future string))
  (core func (canon future.read $T async (memory $m "m"))))
  "realloc")

;; text: canon {stream,future}.new: the type must be a future
(assert_invalid (component 
  (type $T (stream u8))
  (core func (canon future.new $T)))
  "a future type")

;; text: canon {stream,future}.drop-readable: the type must be a future
(assert_invalid (component 
  (type $T (stream u8))
  (core func (canon future.drop-readable $T)))
  "a future type")

;; text: canon {stream,future}.drop-writable: the type must be a future
(assert_invalid (component 
  (type $T (stream u8))
  (core func (canon future.drop-writable $T)))
  "a future type")

;; text: canon {stream,future}.cancel-read: the type must be a future
(assert_invalid (component 
  (type $T (stream u8))
  (core func (canon future.cancel-read $T)))
  "a future type")

;; text: canon {stream,future}.cancel-write: the type must be a future
(assert_invalid (component 
  (type $T (stream u8))
  (core func (canon future.cancel-write $T)))
  "a future type")

;; text: canon future.{read,write}: the type must be a future
(assert_invalid (component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (list u8))
  (core func (canon future.read $T async (memory $m "m"))))
  "a future type")

;; text: canon future.{read,write}: the type must be a future
(assert_invalid (component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (stream u8))
  (core func (canon future.write $T async (memory $m "m"))))
  "a future type")

;; text: Explainer, Value Types: a future has no borrowed handles
(assert_invalid (component 
  (type $R (resource (rep i32)))
  (type (future (borrow $R))))
  "borrow")

;; text: Explainer, Value Types: a future has no borrowed handles, however deep
(assert_invalid (component 
  (type $R (resource (rep i32)))
  (type $L (list (borrow $R)))
  (type $P (tuple u8 $L))
  (type (future $P)))
  "borrow")

;; text: canon future.{read,write}: no prohibition on `future<char>`
(component (type (future char)))

;; text: canon {stream,future}.new: its core type
(component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (future u8))
  (core func $f (canon future.new $T))
  (func (export "f") (result u64) (canon lift (core func $f))))

;; text: canon {stream,future}.new: its core type
(assert_invalid (component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (future u8))
  (core func $f (canon future.new $T))
  (func (export "f") (result u32) (canon lift (core func $f))))
  "type")

;; text: canon future.{read,write}: its core type
(component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (future u8))
  (core func $f (canon future.read $T async (memory $m "m")))
  (func (export "f") (param "i" u32) (param "p" u32) (result u32) (canon lift (core func $f))))

;; text: canon future.{read,write}: its core type
(assert_invalid (component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (future u8))
  (core func $f (canon future.read $T async (memory $m "m")))
  (func (export "f") (param "i" u32) (result u32) (canon lift (core func $f))))
  "type")

;; text: canon future.{read,write}: its core type
(component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (future u8))
  (core func $f (canon future.write $T async (memory $m "m")))
  (func (export "f") (param "i" u32) (param "p" u32) (result u32) (canon lift (core func $f))))

;; text: canon future.{read,write}: its core type
(assert_invalid (component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (future u8))
  (core func $f (canon future.write $T async (memory $m "m")))
  (func (export "f") (param "i" u32) (result u32) (canon lift (core func $f))))
  "type")

;; text: canon {stream,future}.cancel-{read,write}: its core type
(component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (future u8))
  (core func $f (canon future.cancel-read $T async))
  (func (export "f") (param "i" u32) (result u32) (canon lift (core func $f))))

;; text: canon {stream,future}.cancel-{read,write}: its core type
(assert_invalid (component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (future u8))
  (core func $f (canon future.cancel-read $T async))
  (func (export "f") (param "i" u32) (canon lift (core func $f))))
  "type")

;; text: canon {stream,future}.cancel-{read,write}: its core type
(component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (future u8))
  (core func $f (canon future.cancel-write $T async))
  (func (export "f") (param "i" u32) (result u32) (canon lift (core func $f))))

;; text: canon {stream,future}.cancel-{read,write}: its core type
(assert_invalid (component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (future u8))
  (core func $f (canon future.cancel-write $T async))
  (func (export "f") (param "i" u32) (canon lift (core func $f))))
  "type")

;; text: canon {stream,future}.drop-{readable,writable}: its core type
(component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (future u8))
  (core func $f (canon future.drop-readable $T))
  (func (export "f") (param "i" u32) (canon lift (core func $f))))

;; text: canon {stream,future}.drop-{readable,writable}: its core type
(assert_invalid (component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (future u8))
  (core func $f (canon future.drop-readable $T))
  (func (export "f") (param "i" u32) (result u32) (canon lift (core func $f))))
  "type")

;; text: canon {stream,future}.drop-{readable,writable}: its core type
(component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (future u8))
  (core func $f (canon future.drop-writable $T))
  (func (export "f") (param "i" u32) (canon lift (core func $f))))

;; text: canon {stream,future}.drop-{readable,writable}: its core type
(assert_invalid (component 
  (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $m (instantiate $M))
  (type $T (future u8))
  (core func $f (canon future.drop-writable $T))
  (func (export "f") (param "i" u32) (result u32) (canon lift (core func $f))))
  "type")
