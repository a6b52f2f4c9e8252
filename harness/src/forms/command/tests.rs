use std::time::Duration;

use super::*;
use crate::forms::script_case;
use crate::runtime::RuntimeFactory;
use crate::runtime::wasmtime::WasmtimeFactory;

const BOUNDS: Bounds = Bounds {
    states: 10_000,
    depth: 10_000,
    time: Duration::from_secs(10),
};

/// A component that gives back what it is given, of any one type, with texts and lists in memory.
fn echo(types: &str, ty: &str, flat: &[&str], spilled: bool) -> String {
    let params = flat.join(" ");
    let body = if spilled {
        let stores = flat.iter().enumerate().map(|(number, ty)| {
            let offset = number * 4;
            format!("({ty}.store offset={offset} (i32.const 16) (local.get {number}))")
        });
        format!("(result i32) {} (i32.const 16)", stores.collect::<String>())
    } else {
        format!("(result {}) (local.get 0)", flat[0])
    };
    format!(
        r#"(component
          {types}
          (core module $m
            (memory (export "mem") 1)
            (global $end (mut i32) (i32.const 1024))
            (func (export "realloc") (param i32 i32 i32 i32) (result i32)
              (global.set $end (i32.and (i32.add (global.get $end) (i32.const 15)) (i32.const -16)))
              (global.get $end)
              (global.set $end (i32.add (global.get $end) (local.get 3))))
            (func (export "f") (param {params}) {body}))
          (core instance $i (instantiate $m))
          (func (export "f") (param "v" {ty}) (result {ty}) (canon lift (core func $i "f")
            (memory (core memory $i "mem")) (realloc (core func $i "realloc")))))"#
    )
}

fn composed(script: &str) -> Result<Composed, NoCommand> {
    command(&script_case("test", script).unwrap(), &BOUNDS)
}

/// How Wasmtime ends `run` of the command of a script, built without asking the reference.
fn on_wasmtime(script: &str) -> String {
    let files = script_case("test", script).unwrap();
    let selection = select(&files);
    let checks: Vec<Check> = selection.checks.iter().map(|c| c.check.clone()).collect();
    let driver = driver(&checks).unwrap_or_else(|error| panic!("{}", error.0));
    let wasm = outer(
        &files.binaries,
        &selection.placed,
        &driver,
        Exported::Function,
    );
    let mut runtime = WasmtimeFactory::new()
        .unwrap()
        .start(Default::default())
        .unwrap();
    let mut run = || {
        let definition = runtime.define(&wasm)?;
        let instance = runtime.instantiate(definition)?;
        runtime.invoke(instance, "run", &[])
    };
    crate::wast::returned(&run().unwrap())
}

/// Checks that a value comes back, and that it is noticed where another one is expected.
fn comes_back(component: &str, value: &str, other: &str) {
    let script =
        |expected: &str| format!("{component}\n(assert_return (invoke \"f\" {value}) {expected})");
    let right = composed(&script(value)).unwrap();
    assert_eq!((right.checks, right.left_out.len()), (1, 0));
    assert_eq!(on_wasmtime(&script(value)), "returned ok");
    let wrong = composed(&script(other)).unwrap_err();
    let noticed = NoCommand::ScheduleDependent("returned err".to_owned());
    assert_eq!(wrong, noticed, "{other}");
    assert_eq!(on_wasmtime(&script(other)), "returned err", "{other}");
}

#[test]
fn numbers_are_compared_by_their_bits_and_all_nans_are_one() {
    comes_back(
        &echo("", "s8", &["i32"], false),
        "(s8.const -7)",
        "(s8.const 7)",
    );
    comes_back(
        &echo("", "u64", &["i64"], false),
        "(u64.const 0xffffffffffffffff)",
        "(u64.const 1)",
    );
    comes_back(
        &echo("", "f32", &["f32"], false),
        "(f32.const -0)",
        "(f32.const 0)",
    );
    comes_back(
        &echo("", "f64", &["f64"], false),
        "(f64.const nan)",
        "(f64.const 0)",
    );
    comes_back(
        &echo("", "char", &["i32"], false),
        "(char.const \"é\")",
        "(char.const \"e\")",
    );
}

#[test]
fn texts_are_compared_byte_by_byte() {
    let component = echo("", "string", &["i32", "i32"], true);
    comes_back(&component, "(str.const \"añb\")", "(str.const \"añc\")");
    comes_back(&component, "(str.const \"\")", "(str.const \"x\")");
}

#[test]
fn lists_are_compared_element_by_element() {
    let component = echo("", "(list (tuple u8 string))", &["i32", "i32"], true);
    let list = |second: &str| {
        format!(
            "(list.const (tuple.const (u8.const 1) (str.const \"a\")) \
             (tuple.const (u8.const 2) (str.const \"{second}\")))"
        )
    };
    comes_back(&component, &list("b"), &list("c"));
    comes_back(&component, &list("b"), "(list.const)");
}

#[test]
fn types_that_need_a_name_are_given_one() {
    let record =
        "(type $r' (record (field \"x\" u16) (field \"y\" s32))) (export $r \"r\" (type $r'))";
    let component = echo(record, "$r", &["i32", "i32"], true);
    // The fields lie where the stores of the two parameters put them, at 0 and 4.
    let value =
        |y: i32| format!("(record.const (field \"x\" u16.const 3) (field \"y\" s32.const {y}))");
    comes_back(&component, &value(-1), &value(1));
    let flags = "(type $f' (flags \"a\" \"b\" \"c\")) (export $f \"f-type\" (type $f'))";
    comes_back(
        &echo(flags, "$f", &["i32"], false),
        "(flags.const \"c\" \"a\")",
        "(flags.const \"a\")",
    );
    let kind = "(type $e' (enum \"a\" \"b\")) (export $e \"e\" (type $e'))";
    comes_back(
        &echo(kind, "$e", &["i32"], false),
        "(enum.const \"b\")",
        "(enum.const \"a\")",
    );
}

#[test]
fn payloads_of_variants_are_compared_where_there_is_one() {
    let component = echo("", "(option u32)", &["i32", "i32"], true);
    let (some, none) = ("(option.some (u32.const 9))", "(option.none)");
    comes_back(&component, some, none);
    comes_back(&component, some, "(option.some (u32.const 8))");
    comes_back(&component, none, some);
}

#[test]
fn what_comes_after_a_trap_on_the_same_instance_is_left_out_and_the_rest_stays() {
    let script = r#"(component definition $D
      (core module $m
        (global $n (mut i32) (i32.const 0))
        (func (export "next") (result i32)
          (global.set $n (i32.add (global.get $n) (i32.const 1)))
          (global.get $n))
        (func (export "trap") unreachable))
      (core instance $i (instantiate $m))
      (func (export "next") (result u32) (canon lift (core func $i "next")))
      (func (export "trap") (canon lift (core func $i "trap"))))
    (component instance $a $D)
    (assert_return (invoke "next") (u32.const 1))
    (assert_trap (invoke "trap") "unreachable")
    (assert_trap (invoke "next") "poisoned")
    (component instance $b $D)
    (assert_return (invoke "next") (u32.const 1))
    (assert_return (invoke "next") (u32.const 2))
    (assert_invalid (component (export "x" (func 0))) "unknown")"#;
    let composed = composed(script).unwrap();
    assert_eq!(composed.checks, 3);
    let left_out: Vec<_> = composed
        .left_out
        .iter()
        .map(|left| &*left.directive)
        .collect();
    assert_eq!(left_out, ["assert_trap", "assert_trap", "assert_invalid"]);
    assert_eq!(on_wasmtime(script), "returned ok");
}

#[test]
fn a_component_of_the_test_may_import_another() {
    let script = r#"(component $lib
      (core module $m (func (export "f") (result i32) (i32.const 5)))
      (core instance $i (instantiate $m))
      (func (export "f") (result u8) (canon lift (core func $i "f"))))
    (register "lib")
    (component
      (import "lib" (instance $lib (export "f" (func (result u8)))))
      (export "g" (func $lib "f")))
    (assert_return (invoke "g") (u8.const 5))"#;
    assert_eq!(composed(script).unwrap().checks, 1);
}

#[test]
fn a_call_whose_result_depends_on_the_schedule_is_no_check() {
    // Two tasks write; which of them does so last is not said anywhere.
    let script = r#"(component
      (core module $Mem (memory (export "m") 1))
      (core instance $mem (instantiate $Mem))
      (core func $yield (canon thread.yield))
      (component $C
        (core func $yield (canon thread.yield))
        (core module $m
          (import "" "yield" (func $yield (result i32)))
          (global $n (mut i32) (i32.const 0))
          (func (export "slow") (drop (call $yield)) (global.set $n (i32.const 1)))
          (func (export "get") (result i32) (global.get $n)))
        (core instance $i (instantiate $m (with "" (instance (export "yield" (func $yield))))))
        (func (export "slow") async (canon lift (core func $i "slow") async))
        (func (export "get") (result u32) (canon lift (core func $i "get"))))
      (instance $c (instantiate $C))
      (core func $slow (canon lower (func $c "slow") async (memory (core memory $mem "m"))))
      (core func $get (canon lower (func $c "get")))
      (core module $m
        (import "" "slow" (func $slow (result i32)))
        (import "" "get" (func $get (result i32)))
        (import "" "yield" (func $yield (result i32)))
        (func (export "f") (result i32)
          (drop (call $slow)) (drop (call $yield)) (call $get)))
      (core instance $i (instantiate $m (with "" (instance
        (export "slow" (func $slow)) (export "get" (func $get)) (export "yield" (func $yield))))))
      (func (export "f") async (result u32) (canon lift (core func $i "f"))))
    (assert_return (invoke "f") (u32.const 1))"#;
    let reason = composed(script).unwrap_err();
    assert!(
        matches!(reason, NoCommand::ScheduleDependent(_)),
        "{reason}"
    );
}
