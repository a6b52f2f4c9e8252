//! Campaigns on runtimes that panic, hang, or are right.

use std::collections::BTreeSet;
use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::{Duration, Instant};

use assize_fuzz::campaign::{self, Fatal, Observer, Options, Progress, State, Until};
use assize_fuzz::corpus::Corpus;
use assize_fuzz::error::FuzzError;
use assize_fuzz::findings::Findings;
use assize_fuzz::growth;
use assize_fuzz::known::Known;
use assize_fuzz::oracle::Judge;
use assize_fuzz::subject::{Seat, Subject};
use assize_fuzz::trial::Trial;
use assize_harness::HarnessError;
use assize_harness::runtime::reference::ReferenceFactory;
use assize_harness::runtime::{
    Begun, CallId, DefinitionId, Failure, InstanceId, Outcome, OutcomeClass, Reading, Runtime,
    RuntimeFactory, RuntimeInfo,
};
use assize_harness::value::Value;
use assize_protocol::host::{HostEvent, Imports};

const CASE: &str = ";; A mark and a result.\n;; script: call a = f(1)\n(component
  (import \"assize:host/world@0.1.0\" (instance $h (export \"trace\" (func (param \"n\" u32)))))
  (core func $t (canon lower (func $h \"trace\")))
  (core module $M
    (import \"\" \"t\" (func $t (param i32)))
    (func (export \"f\") (param i32) (result i32) (call $t (i32.const 3)) (local.get 0)))
  (core instance $i (instantiate $M (with \"\" (instance (export \"t\" (func $t))))))
  (func (export \"f\") (param \"n\" u32) (result u32) (canon lift (core func $i \"f\"))))\n";

/// What the runtime gets wrong, which is otherwise the reference.
#[derive(Clone, Copy)]
enum Fault {
    Panics,
    Hangs,
    ForgetsEvents,
    GivesUp,
    Keeps,
    Grows,
}

struct Faulty {
    info: RuntimeInfo,
    fault: Fault,
}

impl Faulty {
    fn subject(fault: Fault) -> Subject {
        let info = RuntimeInfo {
            name: "faulty".to_owned(),
            ..ReferenceFactory::default().info().clone()
        };
        Subject::new("faulty", Arc::new(Faulty { info, fault }))
    }
}

impl RuntimeFactory for Faulty {
    fn info(&self) -> &RuntimeInfo {
        &self.info
    }

    fn start(&self, reading: Reading) -> Result<Box<dyn Runtime>, HarnessError> {
        Ok(Box::new(Started {
            fault: self.fault,
            inner: ReferenceFactory::default().start(reading)?,
        }))
    }
}

struct Started {
    fault: Fault,
    inner: Box<dyn Runtime>,
}

impl Runtime for Started {
    fn info(&self) -> &RuntimeInfo {
        self.inner.info()
    }
    fn reset(&mut self) -> Result<(), Failure> {
        self.inner.reset()
    }
    fn set_deadline(&mut self, deadline: Option<Instant>) {
        self.inner.set_deadline(deadline);
    }
    fn define(&mut self, wasm: &[u8]) -> Result<DefinitionId, Failure> {
        self.inner.define(wasm)
    }
    fn instantiate(&mut self, definition: DefinitionId) -> Result<InstanceId, Failure> {
        self.inner.instantiate(definition)
    }
    fn register(&mut self, name: &str, instance: InstanceId) -> Result<(), Failure> {
        self.inner.register(name, instance)
    }
    fn invoke(
        &mut self,
        instance: InstanceId,
        export: &str,
        args: &[Value],
    ) -> Result<Vec<Value>, Failure> {
        self.inner.invoke(instance, export, args)
    }
    fn get(&mut self, instance: InstanceId, global: &str) -> Result<Value, Failure> {
        self.inner.get(instance, global)
    }
    fn instantiate_with(
        &mut self,
        definition: DefinitionId,
        imports: &Imports,
    ) -> Result<InstanceId, Failure> {
        self.inner.instantiate_with(definition, imports)
    }
    fn begin(
        &mut self,
        instance: InstanceId,
        export: &str,
        args: &[Value],
    ) -> Result<Begun, Failure> {
        match self.fault {
            Fault::Panics => panic!("index 7 out of range"),
            Fault::Hangs => loop {
                thread::sleep(Duration::from_secs(1));
            },
            Fault::GivesUp => Err(Failure::new(OutcomeClass::Exhaustion, "no room")),
            Fault::Grows => {
                std::mem::forget(vec![1_u8; 1 << 18]);
                self.inner.begin(instance, export, args)
            }
            Fault::ForgetsEvents | Fault::Keeps => self.inner.begin(instance, export, args),
        }
    }
    fn finish(&mut self, call: CallId) -> Result<Outcome, Failure> {
        self.inner.finish(call)
    }
    fn take_events(&mut self) -> Vec<HostEvent> {
        match self.fault {
            Fault::ForgetsEvents => Vec::new(),
            _ => self.inner.take_events(),
        }
    }
    fn remains(&mut self) -> Result<Option<String>, Failure> {
        Ok(matches!(self.fault, Fault::Keeps).then(|| "1 task".to_owned()))
    }
}

#[derive(Default)]
struct Silent {
    found: Vec<String>,
}

impl Observer for Silent {
    fn progress(&mut self, _: &Progress) {}

    fn found(&mut self, what: &str, _: &Path) {
        self.found.push(what.to_owned());
    }
}

fn options(dir: &Path, subject: Subject, cases: u64) -> Options {
    let corpus = dir.join("corpus");
    fs::create_dir_all(&corpus).expect("a folder");
    fs::write(corpus.join("case.wat"), CASE).expect("a file");
    Options {
        subjects: vec![subject],
        feed: Arc::new(Corpus::load(&corpus).expect("a corpus")),
        seed: 5,
        from: 0,
        until: Until::Cases(cases),
        jobs: NonZeroUsize::new(2).expect("two are some"),
        findings: Findings {
            root: dir.join("findings"),
        },
        known: Known::load(&dir.join("known")).expect("no file is wrong"),
        minimise: Duration::from_secs(10),
        timeout: Duration::from_millis(300),
        state: Some(dir.join("state.json")),
        skip: BTreeSet::new(),
        fatal: Fatal::default(),
        watch: None,
    }
}

fn run(options: Options) -> (Result<Progress, FuzzError>, Vec<String>) {
    let mut silent = Silent::default();
    let progress = campaign::run(options, &Arc::default(), &mut silent);
    (progress, silent.found)
}

#[test]
fn a_panic_is_one_finding_however_often_it_comes_and_is_not_new_again() {
    let dir = tempfile::tempdir().unwrap();
    let (progress, found) = run(options(dir.path(), Faulty::subject(Fault::Panics), 4));
    let progress = progress.unwrap();
    assert_eq!(found, ["campaign.rs: index N out of range"]);
    assert_eq!(progress.found, 4);
    assert_eq!(
        progress.line(),
        "findings: 1 new, 0 known; undecided: 0 of 4 cases"
    );
    let id = progress.new.first().unwrap();
    let saved = Findings::read(&dir.path().join("findings").join(id)).unwrap();
    assert_eq!(saved.text, CASE);
    assert_eq!(
        (saved.record.seed, saved.record.against.as_str()),
        (5, "faulty")
    );

    let (progress, found) = run(options(dir.path(), Faulty::subject(Fault::Panics), 4));
    assert_eq!(found, [""; 0]);
    let line = "findings: 0 new, 1 known; undecided: 0 of 4 cases";
    assert_eq!(progress.unwrap().line(), line);
}

#[test]
fn a_component_of_which_the_process_died_often_is_run_no_more_and_the_cases_are_undecided() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = options(dir.path(), Faulty::subject(Fault::Panics), 4);
    let trial = options.feed.trial(options.seed, 0).unwrap();
    for _ in 0..3 {
        options.fatal.died(0, &trial);
    }
    let (progress, found) = run(options);
    assert_eq!(found, [""; 0]);
    assert_eq!(
        progress.unwrap().line(),
        "findings: 0 new, 0 known; undecided: 4 of 4 cases"
    );
}

#[test]
fn what_a_known_file_lists_is_counted_and_not_written() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("known")).unwrap();
    let entry = "[[known]]\nruntime = \"faulty\"\nkind = \"crash\"\nreason = \"it is so\"\n";
    fs::write(dir.path().join("known/faulty.toml"), entry).unwrap();
    let (progress, _) = run(options(dir.path(), Faulty::subject(Fault::Panics), 2));
    let line = "findings: 0 new, 1 known; undecided: 0 of 2 cases";
    assert_eq!(progress.unwrap().line(), line);
    assert!(!dir.path().join("findings").exists());
}

#[test]
fn a_runtime_that_never_comes_back_is_given_up() {
    let dir = tempfile::tempdir().unwrap();
    let (progress, _) = run(options(dir.path(), Faulty::subject(Fault::Hangs), 2));
    let progress = progress.unwrap();
    assert_eq!(
        progress.line(),
        "findings: 1 new, 0 known; undecided: 0 of 2 cases"
    );
    let id = progress.new.first().unwrap();
    assert!(id.starts_with("faulty-hang-"), "{id}");
}

#[test]
fn events_that_are_not_told_are_inadmissible_and_the_report_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let (progress, _) = run(options(
        dir.path(),
        Faulty::subject(Fault::ForgetsEvents),
        1,
    ));
    let progress = progress.unwrap();
    let id = progress.new.first().unwrap();
    let report = dir.path().join("findings").join(id).join("report.md");
    let report = fs::read_to_string(report).unwrap();
    assert!(report.contains("nothing more where the specification has the guest goes on"));
    assert!(
        report.contains("! script  start a = f(1) -> started"),
        "{report}"
    );
    assert!(report.contains("call trace(3)"), "{report}");
}

#[test]
fn what_remains_where_everything_is_dropped_is_a_leak() {
    let dir = tempfile::tempdir().unwrap();
    let (progress, found) = run(options(dir.path(), Faulty::subject(Fault::Keeps), 2));
    assert_eq!(found, ["N task"]);
    let id = progress.unwrap().new.into_iter().next().unwrap();
    assert!(id.starts_with("faulty-leak-"), "{id}");
    let report = dir.path().join("findings").join(id).join("report.md");
    let report = fs::read_to_string(report).unwrap();
    assert!(
        report.contains("It keeps:\n\n```text\n1 task\n```"),
        "{report}"
    );
}

/// What a program keeps itself, for whatever reason, is no leak: a set, or a task that waits although its
/// call has returned.
#[test]
fn what_remains_where_something_may_be_left_is_none() {
    let open = "(core module $M
        (import \"\" \"new\" (func $new (result i32)))
        (import \"\" \"wait\" (func $wait (param i32 i32) (result i32)))
        (import \"\" \"return\" (func $return))
        (func (export \"keeps\") (drop (call $new)))
        (func (export \"waits\") (call $return) (drop (call $wait (call $new) (i32.const 0)))))";
    let component = |function: &str| {
        format!(
            ";; Something stays.\n;; script: call a = {function}()\n(component
             (core module $L (memory (export \"m\") 1))
             (core instance $l (instantiate $L))
             (core func $new (canon waitable-set.new))
             (core func $wait (canon waitable-set.wait (memory $l \"m\")))
             (core func $return (canon task.return))
             {open}
             (core instance $i (instantiate $M (with \"\" (instance (export \"new\" (func $new))
               (export \"wait\" (func $wait)) (export \"return\" (func $return))))))
             (func (export \"keeps\") (canon lift (core func $i \"keeps\")))
             (func (export \"waits\") async (canon lift (core func $i \"waits\") async)))\n"
        )
    };
    for function in ["keeps", "waits"] {
        let dir = tempfile::tempdir().unwrap();
        let options = options(dir.path(), Faulty::subject(Fault::Keeps), 1);
        fs::write(dir.path().join("corpus/case.wat"), component(function)).unwrap();
        let feed = Arc::new(Corpus::load(&dir.path().join("corpus")).unwrap());
        let (progress, _) = run(Options { feed, ..options });
        let line = "findings: 0 new, 0 known; undecided: 0 of 1 cases";
        assert_eq!(progress.unwrap().line(), line, "{function}");
    }
}

/// The runtimes of these tests run in this process.
#[test]
#[cfg(target_os = "linux")]
fn a_process_that_grows_with_each_run_is_a_finding_and_one_that_does_not_is_none() {
    let trial = Trial::parse(Path::new("case.wat"), CASE.to_owned()).unwrap();
    let limits = growth::Limits {
        growth: 64 << 20,
        time: Duration::from_secs(20),
        warm_up: 10,
    };
    let check = |subject, limits| {
        let mut seat = Seat::new(subject);
        let stop = AtomicBool::new(false);
        growth::check(&trial, &mut Judge::default(), &mut seat, limits, &stop)
    };
    let found = check(Faulty::subject(Fault::Grows), limits).unwrap();
    let wanted = "its process grows by N bytes with each run of the same case";
    assert_eq!(found.signature.observed, wanted);

    let time = Duration::from_secs(2);
    let limits = growth::Limits { time, ..limits };
    let found = check(Subject::find("reference").unwrap(), limits);
    assert!(found.is_none(), "{found:?}");
}

#[test]
fn a_runtimes_own_limit_decides_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (progress, _) = run(options(dir.path(), Faulty::subject(Fault::GivesUp), 3));
    let progress = progress.unwrap();
    assert_eq!(
        progress.line(),
        "findings: 0 new, 0 known; undecided: 3 of 3 cases"
    );
    let why = progress.undecided_because.keys().next().unwrap();
    assert_eq!(why, "exhaustion: no room");
}

#[test]
fn a_campaign_that_was_stopped_says_where_to_go_on_and_one_that_has_ended_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("state.json");
    let subject = || Subject::find("reference").unwrap();
    let mut stopped = options(dir.path(), subject(), 1_000_000);
    stopped.from = 17;
    let stop = Arc::new(AtomicBool::new(true));
    let progress = campaign::run(stopped, &stop, &mut Silent::default()).unwrap();
    let next = State::read(&state).unwrap().unwrap().next;
    assert_eq!(next, 17 + progress.cases);

    let (progress, _) = run(options(dir.path(), subject(), 10));
    assert_eq!(progress.unwrap().first, 10);
    assert_eq!(State::read(&state).unwrap(), None);
}

#[test]
fn where_findings_cannot_be_written_the_campaign_ends_and_says_where() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("findings"), "a file is in the way").unwrap();
    let (progress, _) = run(options(
        dir.path(),
        Faulty::subject(Fault::Panics),
        1_000_000,
    ));
    let error = progress.unwrap_err().to_string();
    assert!(error.contains("findings"), "{error}");
}
