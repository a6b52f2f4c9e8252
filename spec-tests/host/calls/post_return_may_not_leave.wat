;; In `post-return` the guest may not call the host: a trap, after the export itself has run.
;; script: call a = give()
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "trace" (func (param "mark" u32)))))
  (core func $trace (canon lower (func $h "trace")))
  (core module $M
    (import "" "trace" (func $trace (param i32)))
    (func (export "give") (result i32)
      (call $trace (i32.const 1))
      (i32.const 5))
    (func (export "after") (param $v i32)
      (call $trace (local.get $v))))
  (core instance $i (instantiate $M (with "" (instance
    (export "trace" (func $trace))))))
  (func (export "give") (result u32)
    (canon lift (core func $i "give") (post-return (core func $i "after")))))
