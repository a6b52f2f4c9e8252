;; An export returns characters to the host: one that is not a Unicode scalar value traps, after
;; the export has run.
;; script: call a = give(65)
;; script: call b = give(57343)
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))))
  (core func $trace (canon lower (func $h "trace")))
  (core module $M
    (import "" "trace" (func $trace (param i32)))
    (func (export "give") (param $c i32) (result i32)
      (call $trace (local.get $c))
      (local.get $c)))
  (core instance $i (instantiate $M (with "" (instance
    (export "trace" (func $trace))))))
  (func (export "give") (param "c" u32) (result char) (canon lift (core func $i "give"))))
