//! Adapters from outside: the battery on those that are part of the project, and runtimes that
//! are processes.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const XTASK: &str = env!("CARGO_BIN_EXE_xtask");

fn xtask(arguments: &[&str]) -> Output {
    let mut command = Command::new(XTASK);
    command.args(arguments).env_remove("ASSIZE_OFFICIAL");
    command.output().expect("xtask starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The battery passes, and these checks are among those that were not skipped.
fn passes(command: &[&str], checks: &[&str]) {
    let output = xtask(&[&["adapter", "check"], command].concat());
    let out = text(&output.stdout);
    assert!(output.status.success(), "{out}");
    assert!(out.contains(" 0 failed"), "{out}");
    for check in checks {
        assert!(out.contains(&format!("pass {check}\n")), "{check}: {out}");
    }
}

#[test]
fn the_reference_passes_the_battery() {
    passes(
        &[XTASK, "serve", "reference"],
        &[
            "load/path",
            "call/string",
            "call/map",
            "remains/nothing",
            "remains/kept",
            "reset/forgets",
            "bye/exit",
        ],
    );
}

#[test]
fn wasmtime_passes_the_battery() {
    passes(
        &[XTASK, "serve", "wasmtime"],
        &[
            "load/path",
            "call/string",
            "call/map",
            "remains/nothing",
            "remains/kept",
            "reset/forgets",
            "bye/exit",
        ],
    );
}

#[test]
fn the_template_passes_what_needs_no_runtime() {
    let python = Command::new("python3").arg("--version").output();
    if !python.is_ok_and(|output| output.status.success()) {
        eprintln!("not run: there is no `python3` here");
        return;
    }
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../adapters/template/adapter.py");
    passes(
        &["python3", template.to_str().expect("a path in UTF-8")],
        &["hello/answer", "request/unknown-method", "bye/end-of-input"],
    );
}

#[test]
fn a_program_that_is_no_adapter_is_told_what_should_have_come() {
    let output = xtask(&["adapter", "check", "cat"]);
    let out = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{out}");
    for part in [
        "FAIL hello/answer",
        r#"sent     {"id":1,"method":"hello""#,
        "expected `ok` or `failure`, one of the two",
        "0 passed, 1 failed",
    ] {
        assert!(out.contains(part), "{part}: {out}");
    }
    let output = xtask(&["adapter", "check", "--format", "json", "cat"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(json["hello"], serde_json::Value::Null);
    assert_eq!(json["checks"][0]["outcome"], "failed");
}

/// One file that a runtime with this rule wrong fails, run on the reference and on a process.
fn conformance(runtimes: &[&str]) -> Output {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let file = dir.path().join("a.wast");
    let script = r#"(component
      (core module $m (func (export "f") (result i32) (i32.const 0x110000)))
      (core instance $i (instantiate $m))
      (func (export "f") (result char) (canon lift (core func $i "f"))))
    (assert_trap (invoke "f") "not a character")"#;
    fs::write(&file, script).expect("a file");
    let (file, out) = (
        file.to_string_lossy().into_owned(),
        dir.path().to_string_lossy().into_owned(),
    );
    let mut arguments = vec!["conformance", &file, "--out", &out];
    for runtime in runtimes {
        arguments.extend(["--runtime", runtime]);
    }
    xtask(&arguments)
}

#[test]
fn a_command_is_a_runtime_with_the_name_that_it_is_given() {
    let command = format!("other='{XTASK}' serve reference");
    let output = conformance(&["reference", &command]);
    let out = text(&output.stdout);
    assert!(output.status.success(), "{out}");
    assert!(
        out.contains("Runtimes reference 0.1.0, other 0.1.0"),
        "{out}"
    );
}

#[test]
fn a_mutant_behind_the_protocol_is_noticed_like_one_in_process() {
    let command = format!("mutant='{XTASK}' serve reference --mutant char/range");
    let output = conformance(&[&command]);
    let out = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{out}");
    assert!(out.contains("a.wast:5"), "{out}");
}

#[test]
fn two_runtimes_may_not_have_one_name() {
    let command = format!("'{XTASK}' serve reference");
    let output = conformance(&["reference", &command]);
    assert_eq!(output.status.code(), Some(2));
    let err = text(&output.stderr);
    assert!(err.contains("two runtimes are called `reference`"), "{err}");
}
