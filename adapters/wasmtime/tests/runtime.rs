//! Wasmtime behind the [`Runtime`] trait, through scripts.

use std::time::{Duration, Instant};

use assize_harness::results::Verdict;
use assize_harness::wast::{Judgement, run_text};
use assize_protocol::runtime::{OutcomeClass, Runtime};
use assize_wasmtime::{Wasmtime, Wasmtimes};

fn wasmtime() -> Wasmtime {
    let wasmtimes = Wasmtimes::new().expect("a machine that Wasmtime runs on");
    wasmtimes.start().expect("host modules that link")
}

fn run(text: &str, deadline: Option<Instant>) -> Vec<Judgement> {
    let results = run_text(text, &mut wasmtime(), deadline);
    results
        .into_iter()
        .map(|(_, judgement)| judgement)
        .collect()
}

fn passes(text: &str) {
    for (index, judgement) in run(text, None).iter().enumerate() {
        assert_eq!(
            judgement.verdict,
            Verdict::Pass,
            "directive {index}: {judgement:?}"
        );
    }
}

#[test]
fn the_version_is_the_one_in_the_lock_file() {
    let version = wasmtime().info().version.clone();
    assert!(version.starts_with("48."), "{version}");
}

#[test]
fn outcomes_of_core_modules_have_their_classes() {
    passes(
        r#"
        (module
          (tag $t (export "t"))
          (global (export "g") i32 (i32.const 7))
          (func (export "trap") unreachable)
          (func $r (export "overflow") (call $r))
          (func (export "throw") (throw $t)))
        (assert_trap (invoke "trap") "unreachable")
        (assert_exhaustion (invoke "overflow") "call stack exhausted")
        (assert_exception (invoke "throw"))
        (assert_exception (invoke "throw"))
        (assert_return (get "g") (i32.const 7))
        (register "m")
        (module (import "m" "trap" (func)))
        (assert_unlinkable (module (import "m" "none" (func))) "unknown import")
        (assert_unlinkable (module (import "m" "g" (func))) "incompatible import type")
        (assert_trap (module (func unreachable) (start 0)) "unreachable")
        (assert_invalid (module (func (result i32))) "type mismatch")
        (assert_malformed (module binary "\00asm\01\00\00") "unexpected end")
        "#,
    );
}

#[test]
fn a_memory_that_the_host_does_not_give_is_exhaustion() {
    let mut runtime = wasmtime();
    let text = "(module (memory i64 0x1000000000000))";
    let failed = run_text(text, &mut runtime, None).remove(0).1;
    let actual = failed.detail.and_then(|detail| detail.actual).unwrap();
    assert!(actual.starts_with("exhaustion: "), "{actual}");
}

#[test]
fn references_of_the_host_keep_their_numbers() {
    passes(
        r#"
        (module
          (type $s (struct))
          (func (export "extern") (param externref) (result externref) (local.get 0))
          (func (export "any") (param anyref) (result anyref) (local.get 0))
          (func (export "i31") (result anyref) (ref.i31 (i32.const 1)))
          (func (export "struct") (result anyref) (struct.new $s)))
        (assert_return (invoke "extern" (ref.extern 3)) (ref.extern 3))
        (assert_return (invoke "extern" (ref.null extern)) (ref.null extern))
        (assert_return (invoke "any" (ref.host 4)) (ref.host 4))
        (assert_return (invoke "i31") (ref.i31))
        (assert_return (invoke "struct") (ref.struct))
        "#,
    );
}

#[test]
fn an_endless_loop_ends_with_the_deadline() {
    for text in [
        r#"(module (func (export "f") (loop br 0))) (invoke "f") (module)"#,
        r#"(component
             (core module $m (func (export "f") (loop br 0)))
             (core instance $i (instantiate $m))
             (func (export "f") (canon lift (core func $i "f"))))
           (invoke "f") (module)"#,
        r#"(module) (module (func (loop br 0)) (start 0)) (module)"#,
    ] {
        let began = Instant::now();
        let judgements = run(text, Some(began + Duration::from_millis(200)));
        let verdicts: Vec<Verdict> = judgements.iter().map(|j| j.verdict).collect();
        assert_eq!(
            verdicts,
            [Verdict::Pass, Verdict::Timeout, Verdict::Timeout]
        );
        assert!(began.elapsed() < Duration::from_secs(20));
    }
}

#[test]
fn a_component_that_can_make_no_progress_traps() {
    passes(
        r#"
        (component
          (core module $m
            (import "" "wait" (func $wait (param i32 i32) (result i32)))
            (import "" "new" (func $new (result i32)))
            (memory (export "mem") 1)
            (func (export "f") (drop (call $wait (call $new) (i32.const 0)))))
          (core module $mem (memory (export "mem") 1))
          (core instance $mem (instantiate $mem))
          (core func $new (canon waitable-set.new))
          (core func $wait (canon waitable-set.wait (memory (core memory $mem "mem"))))
          (core instance $i (instantiate $m (with "" (instance
            (export "wait" (func $wait)) (export "new" (func $new))))))
          (func (export "f") async (canon lift (core func $i "f") async)))
        (assert_trap (invoke "f") "deadlock")
        "#,
    );
}

#[test]
fn values_of_every_shape_go_in_and_come_out() {
    let lifts = [
        ("opt", "(option u32)"),
        ("res", "(result u32 (error u32))"),
        ("tup", "(tuple u32 u32)"),
        ("rec", "$rec"),
        ("var", "$var"),
        ("list", "(list u8)"),
        ("fixed", "(list u32 2)"),
        ("map", "(map u8 u8)"),
    ];
    let lifts = lifts.map(|(name, ty)| {
        format!(
            r#"(func (export "{name}") (param "p" {ty}) (result {ty})
                 (canon lift (core func $i "pair") (memory (core memory $i "mem"))
                   (realloc (core func $i "realloc"))))"#
        )
    });
    let component = format!(
        r#"(component
             (core module $m
               (memory (export "mem") 1)
               (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
               (func (export "same") (param i32) (result i32) (local.get 0))
               (func (export "pair") (param i32 i32) (result i32)
                 (i32.store (i32.const 0) (local.get 0))
                 (i32.store (i32.const 4) (local.get 1))
                 (i32.const 0)))
             (core instance $i (instantiate $m))
             (type $rec' (record (field "a" u32) (field "b" u32)))
             (export $rec "rec-type" (type $rec'))
             (type $var' (variant (case "none") (case "some" u32)))
             (export $var "var-type" (type $var'))
             (type $enum' (enum "x" "y"))
             (export $enum "enum-type" (type $enum'))
             (type $flags' (flags "p" "q" "r"))
             (export $flags "flags-type" (type $flags'))
             (func (export "enum") (param "p" $enum) (result $enum)
               (canon lift (core func $i "same")))
             (func (export "flags") (param "p" $flags) (result $flags)
               (canon lift (core func $i "same")))
             {})"#,
        lifts.join("\n")
    );
    let same = [
        ("opt", "(option.some (u32.const 5))"),
        ("opt", "(option.none)"),
        ("res", "(result.ok (u32.const 5))"),
        ("res", "(result.err (u32.const 5))"),
        ("tup", "(tuple.const (u32.const 1) (u32.const 2))"),
        (
            "rec",
            "(record.const (field \"a\" u32.const 1) (field \"b\" u32.const 2))",
        ),
        ("var", "(variant.const \"none\")"),
        ("var", "(variant.const \"some\" (u32.const 9))"),
        ("enum", "(enum.const \"y\")"),
        ("flags", "(flags.const \"p\" \"r\")"),
        ("list", "(list.const (u8.const 1) (u8.const 2))"),
        ("fixed", "(list.const (u32.const 1) (u32.const 2))"),
        (
            "map",
            "(list.const (tuple.const (u8.const 1) (u8.const 2)))",
        ),
    ];
    let asserts =
        same.map(|(name, value)| format!("(assert_return (invoke \"{name}\" {value}) {value})"));
    passes(&format!("{component}\n{}", asserts.join("\n")));
}

#[test]
fn arguments_that_do_not_fit_are_usage_errors() {
    let text = r#"
        (component
          (core module $m (func (export "f") (param i32) (result i32) (local.get 0)))
          (core instance $i (instantiate $m))
          (func (export "f") (param "p" u8) (result u8) (canon lift (core func $i "f"))))
        (invoke "f" (u8.const 1))
        (invoke "f" (s8.const 1))
        (invoke "f")
        (invoke "none")
        (module (func (export "f") (param i32)))
        (invoke "f" (i64.const 1))
        (invoke "f")
        (assert_return (get "none"))"#;
    let verdicts: Vec<Verdict> = run(text, None).iter().map(|j| j.verdict).collect();
    let (pass, error) = (Verdict::Pass, Verdict::Error);
    assert_eq!(
        verdicts,
        [pass, pass, error, error, error, pass, error, error, error]
    );
}

#[test]
fn modules_and_resource_types_of_a_registered_component_can_be_imported() {
    passes(
        r#"
        (component
          (core module $m (func (export "f")))
          (export "m" (core module $m)))
        (register "c")
        (component
          (import "c" (instance $c (export "m" (core module (export "f" (func))))))
          (alias export $c "m" (core module $m))
          (core instance (instantiate $m)))
        "#,
    );
}

#[test]
fn functions_of_a_registered_component_are_unsupported() {
    let text = r#"
        (component
          (core module $m (func (export "f")))
          (core instance $i (instantiate $m))
          (func (export "f") (canon lift (core func $i "f"))))
        (register "c")"#;
    assert_eq!(run(text, None)[1].verdict, Verdict::Unsupported);
}

#[test]
fn a_reset_forgets_everything() {
    let mut runtime = wasmtime();
    let module = runtime.define(b"\0asm\x01\0\0\0").unwrap();
    let instance = runtime.instantiate(module).unwrap();
    runtime.register("m", instance).unwrap();
    runtime.reset().unwrap();
    assert_eq!(
        runtime.instantiate(module).unwrap_err().class,
        OutcomeClass::Usage
    );
    assert_eq!(
        runtime.register("m", instance).unwrap_err().class,
        OutcomeClass::Usage
    );
}
