;; A guest gives a variant with a case that does not exist to the host, in a list behind one that
;; does: a trap, and the host sees nothing of the call.
;; script: call a = run()
(component
  (import "assize:host/world@0.1.0" (instance $h
    (type $e-t (enum "a" "b"))
    (export "e" (type $e (eq $e-t)))
    (export "trace" (func (param "mark" u32)))
    (export "trace-list" (func (param "l" (list $e))))))
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "m" (core memory $m))
  (core func $trace (canon lower (func $h "trace")))
  (core func $trace-list (canon lower (func $h "trace-list") (memory $m)))
  (core module $M
    (import "" "m" (memory 1))
    (import "" "trace" (func $trace (param i32)))
    (import "" "trace-list" (func $trace-list (param i32 i32)))
    (func (export "run")
      (i32.store8 (i32.const 64) (i32.const 1))
      (i32.store8 (i32.const 65) (i32.const 2))
      (call $trace-list (i32.const 64) (i32.const 1))
      (call $trace-list (i32.const 64) (i32.const 2))
      (call $trace (i32.const 99))))
  (core instance $i (instantiate $M (with "" (instance
    (export "m" (memory $m)) (export "trace" (func $trace))
    (export "trace-list" (func $trace-list))))))
  (func (export "run") (canon lift (core func $i "run"))))
