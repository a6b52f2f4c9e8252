//! Campaigns on a runtime in a process of its own, which keeps memory with each answer, or says that it
//! keeps something.
//!
//! This program is all of the processes: with `--adapter` it is that runtime, and with `--campaign` the
//! process that runs cases.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use assize_fuzz::campaign::supervise::{self, Cases, Program, Spec};
use assize_fuzz::campaign::{Fatal, Observer, Progress, Until};
use assize_fuzz::findings::Findings;
use assize_fuzz::growth;
use assize_fuzz::signature::Kind;
use assize_harness::runtime::reference::ReferenceFactory;
use assize_harness::runtime::{Failure, OutcomeClass, Reading, RuntimeFactory};
use assize_protocol::serve::serve;
use libtest_mimic::{Arguments, Failed, Trial};

/// How many bytes are kept with each answer, of which a case needs four.
const KEPT: usize = 80 << 10;

/// A process is warm after a thousand cases, and has grown by more than is suspicious after as many more.
const CASES: u64 = 2_048;

/// A case that makes no difference.
const CASE: &str = ";; A result.\n;; script: call a = f(1)\n(component
  (core module $M (func (export \"f\") (param i32) (result i32) (local.get 0)))
  (core instance $i (instantiate $M))
  (func (export \"f\") (param \"n\" u32) (result u32) (canon lift (core func $i \"f\"))))\n";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let served = match args.next().as_deref() {
        Some("--adapter") => match args.next().as_deref() {
            Some("keeps") => adapter(Keeps(io::stdout())),
            Some("tells") => adapter(Tells {
                out: io::stdout(),
                line: Vec::new(),
            }),
            _ => adapter(io::stdout()),
        },
        Some("--campaign") => supervise::serve().map_err(|error| error.to_string()),
        _ => return tests(),
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Answers requests as the reference does.
fn adapter(output: impl Write) -> Result<(), String> {
    let mut start = |_| {
        let started = ReferenceFactory::default().start(Reading::Text);
        started.map_err(|error| Failure::new(OutcomeClass::Crash, error.to_string()))
    };
    let served = serve(&mut start, io::stdin().lock(), output);
    served.map_err(|error| error.to_string())
}

/// Keeps memory for good with each answer.
struct Keeps<W>(W);

impl<W: Write> Write for Keeps<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        std::mem::forget(vec![1_u8; KEPT]);
        self.0.flush()
    }
}

/// Says that a task remains where nothing does.
struct Tells<W> {
    out: W,
    /// The answer that is being written.
    line: Vec<u8>,
}

impl<W: Write> Write for Tells<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        let line = String::from_utf8_lossy(&self.line);
        let line = line.replace(r#""remains":null"#, r#""remains":"1 task""#);
        self.line.clear();
        self.out.write_all(line.as_bytes())?;
        self.out.flush()
    }
}

fn tests() -> ExitCode {
    // No other system tells how large a process is.
    let weighs = |sentence: &str, run: fn() -> Result<(), Failed>| {
        Trial::test(sentence, run).with_ignored_flag(!cfg!(target_os = "linux"))
    };
    let trials = vec![
        weighs(
            "a_case_with_which_the_process_of_a_runtime_grows_is_reported_after_the_campaign",
            grows,
        ),
        weighs(
            "of_a_process_that_does_not_grow_nothing_is_reported",
            does_not_grow,
        ),
        Trial::test(
            "what_a_runtime_in_another_process_says_that_it_keeps_is_a_leak",
            leaks,
        ),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// What a campaign tells.
#[derive(Default)]
struct Told(Vec<String>);

impl Observer for Told {
    fn progress(&mut self, _: &Progress) {}

    fn found(&mut self, what: &str, _: &Path) {
        self.0.push(what.to_owned());
    }
}

/// Runs a campaign on the adapter, with its findings below `dir`.
fn campaign(dir: &Path, mode: &str, cases: u64) -> Result<(Progress, Vec<String>), Failed> {
    let corpus = dir.join("corpus");
    fs::create_dir_all(&corpus)?;
    fs::write(corpus.join("case.wat"), CASE)?;
    let this = std::env::current_exe()?.to_string_lossy().into_owned();
    let spec = Spec {
        against: vec![format!("subject='{this}' --adapter {mode}")],
        cases: Cases::Corpus(corpus),
        seed: 1,
        from: 0,
        skip: BTreeSet::new(),
        fatal: Fatal::default(),
        until: Until::Cases(cases),
        jobs: NonZeroUsize::MIN,
        findings: dir.join("findings"),
        known: dir.join("known"),
        minimise: Duration::from_secs(10),
        timeout: Duration::from_secs(10),
        state: None,
    };
    let program = Program {
        campaign: vec![this.clone(), "--campaign".to_owned()],
        serve: format!("'{this}' --adapter"),
    };
    let mut told = Told::default();
    let progress = supervise::run(spec, &program, &Arc::default(), &mut told)?;
    Ok((progress, told.0))
}

fn check(holds: bool, what: impl FnOnce() -> String) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(what().into()) }
}

fn grows() -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    let (progress, told) = campaign(dir.path(), "keeps", CASES)?;
    let grown = progress.grown.values().max();
    check(grown > Some(&growth::SUSPICIOUS), || format!("{grown:?}"))?;
    let wanted = ["its process grows by N bytes with each run of the same case"];
    check(told == wanted, || format!("{told:?}"))?;
    let id = progress.new.first().ok_or("nothing is new")?;
    let saved = Findings::read(&dir.path().join("findings").join(id))?;
    check(saved.record.signature.kind == Kind::Growth, || id.clone())?;
    check(saved.text == CASE, || saved.text.clone())
}

fn does_not_grow() -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    let (progress, told) = campaign(dir.path(), "good", CASES)?;
    check(progress.grown.len() == 1, || {
        format!("{:?}", progress.grown)
    })?;
    check(told.is_empty() && progress.found == 0, || {
        format!("{told:?}")
    })
}

fn leaks() -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    let (progress, told) = campaign(dir.path(), "tells", 2)?;
    check(told == ["N task"], || format!("{told:?}"))?;
    let id = progress.new.first().ok_or("nothing is new")?;
    let saved = Findings::read(&dir.path().join("findings").join(id))?;
    check(saved.record.signature.kind == Kind::Leak, || id.clone())
}
