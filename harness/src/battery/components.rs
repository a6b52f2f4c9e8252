//! The components that the battery sends, in the text format.

/// Exports `f`, which does nothing, `trap`, and `loop`, which never ends.
pub(super) const SMALL: &str = r#"(component
  (core module $m
    (func (export "f"))
    (func (export "trap") unreachable)
    (func (export "loop") (loop br 0)))
  (core instance $i (instantiate $m))
  (func (export "f") (canon lift (core func $i "f")))
  (func (export "trap") (canon lift (core func $i "trap")))
  (func (export "loop") (canon lift (core func $i "loop"))))"#;

/// Imports a function that nobody exports.
pub(super) const IMPORTS: &str = r#"(component (import "nobody-exports-this" (func)))"#;

/// Exports a core module.
pub(super) const EXPORTS_MODULE: &str = r#"(component
  (core module $m (func (export "f")))
  (export "m" (core module $m)))"#;

/// Imports an instance that exports a core module.
pub(super) const IMPORTS_MODULE: &str = r#"(component
  (import "registered" (instance $i (export "m" (core module (export "f" (func))))))
  (alias export $i "m" (core module $m))
  (core instance (instantiate $m)))"#;

/// A lifted function whose core function does not have the type that lifting asks for.
pub(super) const INVALID: &str = r#"(component
  (core module $m (func (export "f") (param i32)))
  (core instance $i (instantiate $m))
  (func (export "f") (canon lift (core func $i "f"))))"#;

/// A core module with functions and a global of each number type.
pub(super) const CORE: &str = r#"(module
  (global (export "g") i64 (i64.const -9223372036854775808))
  (func (export "i32") (param i32) (result i32) (local.get 0))
  (func (export "i64") (param i64) (result i64) (local.get 0))
  (func (export "f32") (param f32) (result f32) (local.get 0))
  (func (export "f64") (param f64) (result f64) (local.get 0))
  (func (export "two") (param i32 i64) (result i64 i32) (local.get 1) (local.get 0)))"#;

/// A component with one function `same`, which takes a value of a type and returns it. The type
/// is what `name` stands for after `definition`. The core function is one of those below.
pub(super) fn same(definition: &str, name: &str, core: &str) -> String {
    format!(
        r#"(component
  (core module $m
    (memory (export "mem") 1)
    (global $next (mut i32) (i32.const 16))
    ;; Each allocation follows the last, rounded up to eight bytes; nothing is freed.
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (local $at i32)
      (local.set $at (global.get $next))
      (global.set $next (i32.and (i32.const -8)
        (i32.add (i32.const 7) (i32.add (local.get $at) (local.get 3)))))
      (if (i32.gt_u (global.get $next) (i32.mul (memory.size) (i32.const 65536)))
        (then (drop (memory.grow
          (i32.add (i32.const 1) (i32.div_u (local.get 3) (i32.const 65536)))))))
      (local.get $at))
    (func (export "i32") (param i32) (result i32) (local.get 0))
    (func (export "i64") (param i64) (result i64) (local.get 0))
    (func (export "f32") (param f32) (result f32) (local.get 0))
    (func (export "f64") (param f64) (result f64) (local.get 0))
    ;; Two words one after the other, which is also how a pair of a pointer and a length lies.
    (func (export "pair") (param i32 i32) (result i32)
      (i32.store (i32.const 0) (local.get 0))
      (i32.store (i32.const 4) (local.get 1))
      (i32.const 0)))
  (core instance $i (instantiate $m))
  {definition}
  (func (export "same") (param "v" {name}) (result {name})
    (canon lift (core func $i "{core}")
      (memory (core memory $i "mem")) (realloc (core func $i "realloc")))))"#
    )
}

/// Exports `clean`, which makes a waitable set and drops it, and `keep`, which does not drop it.
pub(super) const KEEPS: &str = r#"(component
  (core func $new (canon waitable-set.new))
  (core func $drop (canon waitable-set.drop))
  (core module $m
    (import "" "new" (func $new (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "clean") (call $drop (call $new)))
    (func (export "keep") (drop (call $new))))
  (core instance $i (instantiate $m (with "" (instance
    (export "new" (func $new)) (export "drop" (func $drop))))))
  (func (export "clean") (canon lift (core func $i "clean")))
  (func (export "keep") (canon lift (core func $i "keep"))))"#;

/// Imports `trace` and `echo` of the host world. `run` traces 7, then "seven", and returns what
/// `echo` makes of 8.
pub(super) const TRACES: &str = r#"(component
  (import "assize:host/world@0.1.0" (instance $host
    (export "trace-number" (func (param "n" s64)))
    (export "trace-text" (func (param "s" string)))
    (export "echo-byte" (func (param "v" u8) (result u8)))))
  (core module $mem (memory (export "mem") 1) (data (i32.const 0) "seven"))
  (core instance $mem (instantiate $mem))
  (core func $number (canon lower (func $host "trace-number")))
  (core func $text (canon lower (func $host "trace-text") (memory (core memory $mem "mem"))))
  (core func $echo (canon lower (func $host "echo-byte")))
  (core module $m
    (import "" "number" (func $number (param i64)))
    (import "" "text" (func $text (param i32 i32)))
    (import "" "echo" (func $echo (param i32) (result i32)))
    (func (export "run") (result i32)
      (call $number (i64.const 7))
      (call $text (i32.const 0) (i32.const 5))
      (call $echo (i32.const 8))))
  (core instance $i (instantiate $m (with "" (instance
    (export "number" (func $number)) (export "text" (func $text))
    (export "echo" (func $echo))))))
  (func (export "run") (result u8) (canon lift (core func $i "run"))))"#;

/// Imports `pending` and `resolve` of the host world. `wait` returns what its call of `pending`
/// gives; `free` resolves such a call. Both calls of an export may be open at once.
pub(super) const WAITS: &str = r#"(component
  (import "assize:host/world@0.1.0" (instance $host
    (export "pending" (func async (param "token" u32) (result u8)))
    (export "resolve" (func (param "token" u32) (param "value" u8)))))
  (core module $mem (memory (export "mem") 1))
  (core instance $mem (instantiate $mem))
  (core func $pending (canon lower (func $host "pending") async
    (memory (core memory $mem "mem"))))
  (core func $resolve (canon lower (func $host "resolve")))
  (core func $return (canon task.return (result u8)))
  (core func $new (canon waitable-set.new))
  (core func $join (canon waitable.join))
  (core func $drop (canon subtask.drop))
  (core module $m
    (import "" "mem" (memory 1))
    (import "" "pending" (func $pending (param i32 i32) (result i32)))
    (import "" "resolve" (func $resolve (param i32 i32)))
    (import "" "return" (func $return (param i32)))
    (import "" "new" (func $new (result i32)))
    (import "" "join" (func $join (param i32 i32)))
    (import "" "drop" (func $drop (param i32)))
    ;; The result of the pending call of token t comes to address 16 * t. The subtask's index is
    ;; in the upper bits of what the call gives; it is not resolved yet.
    (func (export "wait") (param $token i32) (result i32)
      (local $set i32) (local $subtask i32)
      (local.set $subtask (i32.shr_u
        (call $pending (local.get $token) (i32.mul (local.get $token) (i32.const 16)))
        (i32.const 4)))
      (i32.store (i32.add (i32.const 1024) (i32.mul (local.get $subtask) (i32.const 4)))
        (i32.mul (local.get $token) (i32.const 16)))
      (local.set $set (call $new))
      (call $join (local.get $subtask) (local.get $set))
      (i32.or (i32.const 2) (i32.shl (local.get $set) (i32.const 4))))
    ;; The event is that the subtask has returned.
    (func (export "woken") (param $event i32) (param $subtask i32) (param i32) (result i32)
      (call $drop (local.get $subtask))
      (call $return (i32.load8_u (i32.load
        (i32.add (i32.const 1024) (i32.mul (local.get $subtask) (i32.const 4))))))
      (i32.const 0))
    (func (export "free") (param i32 i32)
      (call $resolve (local.get 0) (local.get 1))))
  (core instance $i (instantiate $m (with "" (instance
    (export "mem" (memory $mem "mem")) (export "pending" (func $pending))
    (export "resolve" (func $resolve)) (export "return" (func $return))
    (export "new" (func $new)) (export "join" (func $join)) (export "drop" (func $drop))))))
  (func (export "wait") async (param "token" u32) (result u8)
    (canon lift (core func $i "wait") async (callback (core func $i "woken"))))
  (func (export "free") (param "token" u32) (param "value" u8)
    (canon lift (core func $i "free"))))"#;

#[cfg(test)]
mod tests {
    use super::super::Run;
    use super::super::calls::VALUES;
    use super::super::session::binary;
    use super::*;
    use crate::interface::Interface;

    #[test]
    fn every_component_but_the_invalid_one_is_valid() {
        for text in [
            SMALL,
            IMPORTS,
            EXPORTS_MODULE,
            IMPORTS_MODULE,
            KEEPS,
            TRACES,
            WAITS,
        ] {
            let interface = Interface::of(&binary(text));
            assert!(interface.is_ok(), "{interface:?} in {text}");
        }
        assert!(Interface::of(&binary(INVALID)).is_err());
        for check in &VALUES {
            if let Run::Same(same) = &check.run {
                let interface = Interface::of(&binary(&same.text())).unwrap();
                let function = &interface.functions["same"];
                assert_eq!(function.params[0].1, same.ty(), "{}", check.name);
                assert_eq!(function.result, Some(same.ty()), "{}", check.name);
            }
        }
    }

    #[test]
    fn what_they_import_of_the_host_world_is_what_the_harness_says() {
        let names = |text| -> Vec<String> {
            let host = Interface::of(&binary(text)).unwrap().host;
            host.into_iter().map(|function| function.name).collect()
        };
        assert_eq!(names(TRACES), ["trace-number", "trace-text", "echo-byte"]);
        assert_eq!(names(WAITS), ["pending", "resolve"]);
    }
}
