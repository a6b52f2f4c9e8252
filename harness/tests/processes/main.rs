//! Adapters that misbehave, and what the harness makes of them.
//!
//! This program is its own adapter: with `--adapter MODE` it answers requests well until it is
//! asked to call `misbehave`, and then does what the mode says.

mod adapter;

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use assize_harness::results::{DirectiveResult, FileResult, Verdict};
use assize_harness::run::{RunOptions, run};
use assize_harness::runtime::process::{AdapterCommand, ProcessFactory, ProcessLimits};
use assize_harness::runtime::reference::ReferenceFactory;
use assize_harness::runtime::{REMAINS, Reading, RuntimeFactory, unsupported};
use assize_harness::suite::{Coverage, Suite, SuiteFile};
use libtest_mimic::{Arguments, Failed, Trial};

/// What becomes of the directive during which an adapter misbehaves.
struct Case {
    sentence: &'static str,
    mode: &'static str,
    verdict: Verdict,
    /// What the result says, among other things.
    says: &'static str,
}

/// Whether processes of others can be limited on this system.
const LIMITED: bool = cfg!(target_os = "linux");

const CASES: [Case; 16] = [
    Case {
        sentence: "an_adapter_that_exits_is_a_crash_with_its_status_and_last_words",
        mode: "exit",
        verdict: Verdict::Crash,
        says: "exit status: 3; its last words:\nI have had enough",
    },
    Case {
        sentence: "an_adapter_that_aborts_is_a_crash_with_its_signal",
        mode: "abort",
        verdict: Verdict::Crash,
        says: "signal: 6",
    },
    Case {
        sentence: "an_adapter_that_sleeps_for_ever_is_a_timeout",
        mode: "sleep",
        verdict: Verdict::Timeout,
        says: "did not answer in time",
    },
    Case {
        sentence: "an_adapter_that_computes_for_ever_is_a_timeout",
        mode: "spin",
        verdict: Verdict::Timeout,
        says: if LIMITED { "processor time" } else { "in time" },
    },
    Case {
        sentence: "an_adapter_that_writes_a_gigabyte_in_a_line_is_a_protocol_error",
        mode: "gigabyte",
        verdict: Verdict::Protocol,
        says: "a line of more than",
    },
    Case {
        sentence: "an_adapter_that_floods_the_harness_with_lines_is_a_protocol_error",
        mode: "flood",
        verdict: Verdict::Protocol,
        says: "to request 0",
    },
    Case {
        sentence: "an_adapter_that_floods_standard_error_is_heard_to_the_end",
        mode: "noise",
        verdict: Verdict::Crash,
        says: "the last of it",
    },
    Case {
        sentence: "an_adapter_that_allocates_without_end_is_a_crash",
        mode: "allocate",
        verdict: Verdict::Crash,
        says: "memory allocation of",
    },
    Case {
        sentence: "an_answer_to_another_request_is_a_protocol_error",
        mode: "order",
        verdict: Verdict::Protocol,
        says: "the answer is to request",
    },
    Case {
        sentence: "an_answer_that_is_not_json_is_a_protocol_error",
        mode: "garbage",
        verdict: Verdict::Protocol,
        says: "the answer is no response",
    },
    Case {
        sentence: "an_answer_that_nests_too_deeply_is_a_protocol_error",
        mode: "nest",
        verdict: Verdict::Protocol,
        says: "the answer is no response",
    },
    Case {
        sentence: "an_answer_as_long_as_allowed_and_full_of_values_is_read",
        mode: "dense",
        verdict: Verdict::Protocol,
        says: "is not a string",
    },
    Case {
        sentence: "an_answer_of_the_wrong_shape_is_a_protocol_error",
        mode: "shape",
        verdict: Verdict::Protocol,
        says: "`ok` of the answer has a fault",
    },
    Case {
        sentence: "a_value_of_another_type_is_a_protocol_error",
        mode: "value",
        verdict: Verdict::Protocol,
        says: "a value that the call returned",
    },
    Case {
        sentence: "an_adapter_that_says_nothing_more_and_lives_on_is_a_protocol_error",
        mode: "close",
        verdict: Verdict::Protocol,
        says: "closed its output",
    },
    Case {
        sentence: "an_adapter_that_forks_and_holds_on_is_ended_with_its_children",
        mode: "fork",
        verdict: Verdict::Timeout,
        says: "did not answer in time",
    },
];

fn main() {
    let mut args = std::env::args().skip(1);
    if args.next().as_deref() == Some("--adapter") {
        adapter::serve(&args.next().unwrap_or_default());
    }
    let mut trials: Vec<Trial> = CASES
        .iter()
        .map(|case| {
            let trial = Trial::test(case.sentence, || misbehaves(case));
            trial.with_ignored_flag(case.mode == "allocate" && !LIMITED)
        })
        .collect();
    trials.push(Trial::test(
        "an_adapter_that_exits_at_once_is_a_crash_in_every_file_and_the_run_goes_on",
        exits_at_hello,
    ));
    trials.push(Trial::test(
        "an_adapter_that_does_not_read_is_a_timeout_even_for_a_big_request",
        does_not_read,
    ));
    trials.push(Trial::test(
        "a_process_is_kept_from_file_to_file_and_replaced_after_a_crash",
        is_kept_warm,
    ));
    trials.push(Trial::test(
        "only_an_adapter_that_says_that_it_can_tell_is_asked_what_remains",
        tells_what_remains,
    ));
    let conclusion = libtest_mimic::run(&Arguments::from_args(), trials);
    if let Some(peak) = peak_memory() {
        println!("peak memory of the harness: {} MiB", peak >> 20);
        assert!(peak < 500 << 20, "the harness took {peak} bytes");
    }
    conclusion.exit();
}

/// The most memory that this process has had, in bytes.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib << 10)
}

/// A script that calls one function, which returns its argument.
fn script(export: &str, argument: &str) -> String {
    format!(
        r#"(component
          (core module $m (memory (export "mem") 1)
            (func (export "f") (param i32 i32) (result i32)
              (i32.store (i32.const 0) (local.get 0))
              (i32.store (i32.const 4) (local.get 1))
              (i32.const 0))
            (func (export "realloc") (param i32 i32 i32 i32) (result i32)
              (local.get 3) (i32.const 65535) (i32.add) (i32.const 65536) (i32.div_u)
              (memory.grow) (i32.const 65536) (i32.mul)))
          (core instance $i (instantiate $m))
          (func (export "{export}") (param "s" string) (result string)
            (canon lift (core func $i "f") (memory (core memory $i "mem"))
              (realloc (core func $i "realloc")))))
        (assert_return (invoke "{export}" (str.const "{argument}")) (str.const "{argument}"))
        "#
    )
}

fn suite(dir: &Path, files: &[(&str, String)]) -> Suite {
    let file = |(name, text): &(&str, String)| {
        fs::write(dir.join(name), text).expect("a file");
        SuiteFile {
            name: (*name).into(),
            path: dir.join(name),
        }
    };
    Suite {
        name: "suite".into(),
        root: dir.into(),
        files: files.iter().map(file).collect(),
        coverage: Coverage::Full,
    }
}

fn adapter(mode: &str, dir: &Path) -> ProcessFactory {
    let this = std::env::current_exe().expect("a path of this program");
    let command = AdapterCommand {
        name: Some("subject".into()),
        program: this.to_string_lossy().into_owned(),
        args: vec![
            "--adapter".into(),
            mode.into(),
            dir.to_string_lossy().into_owned(),
        ],
    };
    let limits = ProcessLimits {
        memory: 512 << 20,
        cpu: Duration::from_secs(1),
        ..ProcessLimits::default()
    };
    ProcessFactory::new(command, limits)
}

/// How long a file may take by the wall clock. Where it is the processor's time that ends an adapter, a
/// machine that is busy with other things may take much longer for that.
fn patience(mode: &str) -> Duration {
    Duration::from_secs(match mode {
        "spin" if LIMITED => 300,
        _ => 3,
    })
}

/// Runs the files on the adapter and on the reference, one after the other.
fn results(mode: &str, dir: &Path, files: &[(&str, String)]) -> Vec<FileResult> {
    let runtimes: [Arc<dyn RuntimeFactory>; 2] = [
        Arc::new(adapter(mode, dir)),
        Arc::new(ReferenceFactory::default()),
    ];
    let options = RunOptions {
        jobs: NonZeroUsize::MIN,
        timeout: patience(mode),
        reading: None,
    };
    run(&suite(dir, files), &runtimes, options, &mut ()).expect("threads")
}

fn check(holds: bool, what: impl FnOnce() -> String) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(what().into()) }
}

/// The directive that calls.
fn call(file: &FileResult) -> Result<&DirectiveResult, Failed> {
    let call = file.directives.get(1);
    call.ok_or_else(|| format!("no second directive: {file:?}").into())
}

fn files() -> [(&'static str, String); 4] {
    [
        ("1.wast", script("behave", "one")),
        ("2.wast", script("behave", "two")),
        ("3.wast", script("misbehave", "three")),
        ("4.wast", script("behave", "four")),
    ]
}

fn misbehaves(case: &Case) -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    let began = Instant::now();
    let results = results(case.mode, dir.path(), &files());
    for file in &results {
        let bad = file.runtime == "subject" && file.file == "3.wast";
        check(bad || file.passed(), || format!("{file:#?}"))?;
        if bad {
            let call = call(file)?;
            let actual = call.detail.clone().unwrap_or_default().actual;
            let says = actual.is_some_and(|actual| actual.contains(case.says));
            check(call.verdict == case.verdict && says, || {
                format!("{call:#?}")
            })?;
        }
    }
    let enough = patience(case.mode).max(Duration::from_secs(30));
    check(began.elapsed() < enough, || "slow".into())?;
    match fs::read_to_string(dir.path().join("child")) {
        Ok(id) => check(!is_alive(id.trim()), || format!("process {id} lives")),
        Err(_) => Ok(()),
    }
}

/// Whether a process runs. One that has ended and that nobody has asked about does not.
fn is_alive(id: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let state = stat.rsplit_once(") ").map(|(_, after)| after);
    state.is_some_and(|state| !state.starts_with(['Z', 'X']))
}

fn exits_at_hello() -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    for file in results("hello", dir.path(), &files()) {
        let [result, ..] = &file.directives[..] else {
            return Err("no result".into());
        };
        let expected = match &*file.runtime {
            "subject" => Verdict::Crash,
            _ => Verdict::Pass,
        };
        check(result.verdict == expected, || format!("{file:#?}"))?;
    }
    Ok(())
}

fn does_not_read() -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    let files = [
        ("1.wast", script("misread", "one")),
        ("2.wast", script("behave", &"two".repeat(1 << 20))),
        ("3.wast", script("behave", "three")),
    ];
    let results = results("deaf", dir.path(), &files);
    let verdicts: Vec<(&str, Verdict)> = results
        .iter()
        .map(|file| Ok((&*file.runtime, call(file)?.verdict)))
        .collect::<Result<_, Failed>>()?;
    let expected = [
        ("subject", Verdict::Pass),
        ("subject", Verdict::Timeout),
        ("subject", Verdict::Pass),
        ("reference", Verdict::Pass),
        ("reference", Verdict::Pass),
        ("reference", Verdict::Pass),
    ];
    check(verdicts == expected, || format!("{verdicts:?}"))
}

fn is_kept_warm() -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    results("exit", dir.path(), &files());
    let starts = fs::read_to_string(dir.path().join("starts"))?;
    // One to ask who it is, one for the first three files, one for the last.
    let starts = starts.lines().count();
    check(starts == 3, || format!("{starts} starts"))
}

fn tells_what_remains() -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    let remains = |mode| -> Result<_, Failed> {
        let mut runtime = adapter(mode, dir.path()).start(Reading::default())?;
        runtime.reset()?;
        Ok(runtime.remains())
    };
    let told = remains("keep")?;
    check(told == Ok(Some("a task".to_owned())), || {
        format!("{told:?}")
    })?;
    let silent = remains("good")?;
    check(silent == Err(unsupported(REMAINS)), || {
        format!("{silent:?}")
    })
}
