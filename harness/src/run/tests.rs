use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use super::*;
use crate::results::{DirectiveResult, Verdict};
use crate::runtime::fake::FakeFactory;
use crate::suite::{Coverage, SuiteFile};

fn suite(dir: &Path, files: &[(&str, &[u8])]) -> Suite {
    let file = |(name, text): &(&str, &[u8])| {
        fs::write(dir.join(name), text).unwrap();
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

fn options(jobs: usize, timeout: Duration) -> RunOptions {
    RunOptions {
        jobs: NonZeroUsize::new(jobs).unwrap(),
        timeout,
        reading: None,
    }
}

const LONG: Duration = Duration::from_secs(60);

fn verdicts(file: &FileResult) -> Vec<Verdict> {
    file.directives
        .iter()
        .map(|result| result.verdict)
        .collect()
}

#[derive(Default)]
struct Heard(Vec<String>);

impl Observer for Heard {
    fn file_started(&mut self, runtime: &str, file: &str) {
        self.0.push(format!("start {runtime} {file}"));
    }

    fn file_finished(&mut self, result: &FileResult) {
        self.0
            .push(format!("end {} {}", result.runtime, result.file));
    }
}

#[test]
fn results_come_in_the_order_of_runtimes_and_files() {
    let dir = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..20).map(|number| format!("{number:02}.wast")).collect();
    let files: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), &b"(component)"[..]))
        .collect();
    let suite = suite(dir.path(), &files);
    let runtimes: [Arc<dyn RuntimeFactory>; 2] = [
        Arc::new(FakeFactory::new("one")),
        Arc::new(FakeFactory::new("two")),
    ];
    let mut heard = Heard::default();
    let results = run(&suite, &runtimes, options(4, LONG), &mut heard).unwrap();
    let order: Vec<(&str, &str)> = results
        .iter()
        .map(|file| (file.runtime.as_str(), file.file.as_str()))
        .collect();
    let mut expected = Vec::new();
    for runtime in ["one", "two"] {
        expected.extend(names.iter().map(|name| (runtime, name.as_str())));
    }
    assert_eq!(order, expected);
    assert!(results.iter().all(FileResult::passed));
    assert_eq!(heard.0.len(), 80);
}

#[test]
fn a_crash_costs_its_file_the_rest_and_the_next_file_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let crash = b"(component) (invoke \"panic!\") (component)";
    let suite = suite(dir.path(), &[("a.wast", crash), ("b.wast", b"(component)")]);
    let factory = Arc::new(FakeFactory::new("fake"));
    let runtimes: [Arc<dyn RuntimeFactory>; 1] = [factory.clone()];
    let results = run(&suite, &runtimes, options(1, LONG), &mut ()).unwrap();
    assert_eq!(
        verdicts(&results[0]),
        [Verdict::Pass, Verdict::Crash, Verdict::Error]
    );
    assert_eq!(verdicts(&results[1]), [Verdict::Pass]);
    assert_eq!(
        *factory.started.lock().unwrap(),
        2,
        "a lost runtime is not used again"
    );
}

#[test]
fn a_runtime_that_stops_in_time_keeps_its_worker() {
    let dir = tempfile::tempdir().unwrap();
    let hang = b"(component) (invoke \"hang!\") (component)";
    let suite = suite(dir.path(), &[("a.wast", hang), ("b.wast", b"(component)")]);
    let factory = Arc::new(FakeFactory::new("fake"));
    let runtimes: [Arc<dyn RuntimeFactory>; 1] = [factory.clone()];
    let options = options(1, Duration::from_millis(50));
    let results = run(&suite, &runtimes, options, &mut ()).unwrap();
    assert_eq!(
        verdicts(&results[0]),
        [Verdict::Pass, Verdict::Timeout, Verdict::Timeout]
    );
    assert_eq!(verdicts(&results[1]), [Verdict::Pass]);
    assert_eq!(*factory.started.lock().unwrap(), 1);
}

#[test]
fn a_runtime_that_does_not_stop_is_abandoned_and_the_run_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let stuck = b"(component) (invoke \"stuck!\") (component)";
    let suite = suite(dir.path(), &[("a.wast", stuck), ("b.wast", b"(component)")]);
    let runtimes: [Arc<dyn RuntimeFactory>; 1] = [Arc::new(FakeFactory::new("fake"))];
    let began = Instant::now();
    let options = options(1, Duration::from_millis(50));
    let results = run(&suite, &runtimes, options, &mut ()).unwrap();
    assert!(began.elapsed() < Duration::from_secs(30));
    assert_eq!(
        verdicts(&results[0]),
        [Verdict::Pass, Verdict::Timeout, Verdict::Timeout]
    );
    assert_eq!(verdicts(&results[1]), [Verdict::Pass]);
}

#[test]
fn a_file_that_cannot_be_run_is_one_error_and_the_others_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let files: [(&str, &[u8]); 4] = [
        ("a.wast", b"(component) (nonsense)"),
        ("b.wast", b"\xff\xfe"),
        ("c.wast", b"(component)"),
        ("d.wast", b"(component)"),
    ];
    let suite = suite(dir.path(), &files);
    fs::remove_file(dir.path().join("c.wast")).unwrap();
    let runtimes: [Arc<dyn RuntimeFactory>; 1] = [Arc::new(FakeFactory::new("fake"))];
    let results = run(&suite, &runtimes, options(2, LONG), &mut ()).unwrap();
    for file in &results[..3] {
        assert_eq!(verdicts(file), [Verdict::Error], "{}", file.file);
    }
    assert_eq!(results[0].directives[0].directive, "file");
    assert_eq!(verdicts(&results[3]), [Verdict::Pass]);
}

#[test]
fn a_result_is_one_json_object_that_reads_back() {
    let dir = tempfile::tempdir().unwrap();
    let text = b"(component)\n(assert_trap (invoke \"unsupported!\") \"text\")";
    let suite = suite(dir.path(), &[("a.wast", text)]);
    let runtimes: [Arc<dyn RuntimeFactory>; 1] = [Arc::new(FakeFactory::new("fake"))];
    let mut results = run(&suite, &runtimes, RunOptions::default(), &mut ()).unwrap();
    let mut result = results.remove(0).directives.remove(1);
    result.micros = 7;
    let json = serde_json::to_string(&result).unwrap();
    insta::assert_snapshot!(json, @r#"{"runtime":"fake","version":"1","suite":"suite","file":"a.wast","line":2,"column":1,"directive":"assert_trap","verdict":"unsupported","capability":"gc","detail":{"expected":"trap: text","actual":"unsupported (gc): said unsupported!"},"rule":"rule/unsupported!","micros":7}"#);
    assert_eq!(
        serde_json::from_str::<DirectiveResult>(&json).unwrap(),
        result
    );
}
