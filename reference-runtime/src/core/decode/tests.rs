//! Which error a module that is refused gets, and that no bytes do worse.

use proptest::prelude::*;

use crate::LoadError;
use crate::core::testing::assemble;
use crate::core::{Extern, ExternType, Limits, Module, Stack, Store, Value};

fn refusal(text: &str) -> LoadError {
    Module::new(&assemble(text)).unwrap_err()
}

fn unsupported(feature: &'static str) -> LoadError {
    LoadError::Unsupported { feature }
}

#[test]
fn bytes_that_end_early_are_malformed() {
    let bytes = assemble("(module (func (export \"f\") (drop (i32.const 1))))");
    for end in 0..bytes.len() {
        let error = Module::new(&bytes[..end]);
        // After whole sections, what is there can be a module of its own.
        if let Err(error) = error {
            assert!(
                matches!(error, LoadError::Malformed { .. }),
                "{end}: {error}"
            );
        }
    }
    assert!(Module::new(&bytes).is_ok());
}

#[test]
fn a_module_that_breaks_a_rule_of_validation_is_invalid_and_the_place_is_given() {
    let error = refusal("(module (func (result i32) (i64.const 0)))");
    let LoadError::Invalid { offset, message } = error else {
        panic!("{error}");
    };
    assert!(message.contains("type mismatch"), "{message}");
    assert!(offset > 8);
}

#[test]
fn a_module_that_is_invalid_and_later_malformed_is_malformed() {
    let mut bytes = assemble("(module (func (result i32) (i64.const 0)))");
    bytes.extend([0xff, 0]);
    let error = Module::new(&bytes).unwrap_err();
    assert!(matches!(error, LoadError::Malformed { .. }), "{error}");
}

#[test]
fn a_component_is_not_a_module() {
    let error = refusal("(component)");
    assert!(matches!(error, LoadError::Malformed { .. }), "{error}");
}

#[test]
fn a_valid_module_that_needs_something_else_is_unsupported_by_name() {
    for (text, feature) in [
        ("(module (func (param v128)))", "simd"),
        ("(module (func (local v128)))", "simd"),
        ("(module (func (drop (v128.const i64x2 0 0))))", "simd"),
        ("(module (type (struct)))", "gc"),
        ("(module (func (drop (ref.null any))))", "gc"),
        ("(module (table 1 anyref))", "gc"),
        ("(module (memory 1 1 shared))", "threads"),
        (
            "(module (memory 1) (func (drop (i32.atomic.load (i32.const 0)))))",
            "threads",
        ),
    ] {
        assert_eq!(refusal(text), unsupported(feature), "{text}");
    }
}

#[test]
fn a_module_that_needs_something_else_and_is_invalid_is_invalid() {
    let error = refusal("(module (type (struct)) (func (result i32) (i64.const 0)))");
    assert!(matches!(error, LoadError::Invalid { .. }), "{error}");
}

#[test]
fn equal_bytes_make_equal_modules() {
    let [first, second] = ["(module)", "(module (memory 1))"].map(assemble);
    assert_eq!(Module::new(&first), Module::new(&first));
    assert_ne!(Module::new(&first), Module::new(&second));
}

/// A module with one of almost everything.
const RICH: &str = r#"
(module
  (type $f (func (param i32) (result i32)))
  (memory 1) (memory $wide i64 1 4)
  (table $t 4 funcref) (table $typed 2 (ref null $f))
  (tag $tag (param i32))
  (global $g (mut i32) (i32.add (i32.const 1) (i32.const 2)))
  (elem (table $t) (i32.const 0) func $run $throwing)
  (elem $passive funcref (ref.func $run) (ref.null func))
  (data (i32.const 8) "abc") (data $bytes "defg")
  (func $run (export "run") (type $f) (local i64 f64)
    (loop $again (result i32)
      (global.set $g (i32.add (global.get $g) (local.get 0)))
      (i32.store8 offset=3 (local.get 0) (global.get $g))
      (i64.store $wide (i64.const 0) (i64.load $wide (i64.const 8)))
      (memory.init $bytes (i32.const 0) (i32.const 1) (i32.const 2))
      (memory.copy (i32.const 100) (i32.const 0) (i32.const 50))
      (table.init $t $passive (i32.const 2) (i32.const 0) (i32.const 2))
      (block $out (result i32)
        (block $else (br_table $else $again $else (local.get 0)))
        (drop (br_if $out (i32.const 4) (local.get 0)))
        (call_indirect $t (type $f) (i32.const 7) (i32.const 1)))))
  (func $throwing (type $f)
    (block $caught (result i32)
      (try_table (result i32) (catch $tag $caught)
        (throw $tag (i32.mul (local.get 0) (i32.const 3))))))
  (func (export "tail") (type $f)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
    (return_call_ref $f (i32.const 0) (ref.func $throwing)))
  (export "g" (global $g)))
"#;

/// Loads, instantiates and calls all functions that take numbers.
fn drive(bytes: &[u8]) {
    let Ok(module) = Module::new(bytes) else {
        return;
    };
    let mut store = Store::new(Limits {
        memory_pages: 64,
        ..Limits::default()
    });
    let Ok((instance, _)) = store.instantiate(&module, &[]) else {
        return;
    };
    for export in module.exports() {
        let (ExternType::Func(ty), Some(Extern::Func(func))) =
            (&export.ty, store.export(instance, &export.name))
        else {
            continue;
        };
        let args: Vec<Value> = ty
            .params()
            .iter()
            .map(|ty| Value::from_slot(ty, 0))
            .collect();
        Stack::call(&store, func, &args).run(&mut store, &mut 20_000);
    }
}

#[test]
fn the_module_that_is_mutated_is_itself_valid() {
    Module::new(&assemble(RICH)).unwrap();
}

proptest! {
    #[test]
    fn no_mutation_of_a_module_makes_the_interpreter_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in prop::option::weighted(0.1, any::<prop::sample::Index>()),
    ) {
        let mut bytes = assemble(RICH);
        for (place, byte) in changes {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        drive(&bytes);
    }
}
