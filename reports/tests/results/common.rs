//! A small made-up run with one of everything: what passes, fails unexpectedly, is known, is
//! mended, is beyond the runtime, and an entry about nothing.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use assize_harness::{
    expectations::Expectations,
    host::{Explanation, Row, Standing, Timeline},
    results::{Detail, DirectiveResult, FileResult, Verdict},
    rules::{Coverage as Rules, Rule},
    runtime::{Capability, MessageMatching, RuntimeInfo},
    suite::{Coverage, Suite, SuiteFile},
};
use assize_reports::{
    Compared, ReportError,
    record::{Reached, Recorded, RecordedRuntime, RecordedSuite},
};

const EXPECTATIONS: &str = r#"
[[expect]]
suite = "official"
glob = "values/known.wast"
line = 3
verdict = "fail"
reason = "lists are read backwards"
upstream = "https://example.org/issues/1"

[[expect]]
suite = "official"
glob = "values/mended.wast"
verdict = "fail"
reason = "maps were not there yet"

[[expect]]
suite = "official"
glob = "values/removed.wast"
verdict = "crash"
reason = "divides by zero"
"#;

pub fn directive(file: &str, line: u32, directive: &str, verdict: Verdict) -> DirectiveResult {
    DirectiveResult {
        runtime: "wasmtime".to_owned(),
        version: "48.0.8".to_owned(),
        suite: "official".to_owned(),
        file: file.to_owned(),
        line,
        column: 1,
        directive: directive.to_owned(),
        verdict,
        capability: None,
        detail: None,
        rule: None,
        micros: 250,
    }
}

pub fn detailed(mut result: DirectiveResult, expected: &str, actual: &str) -> DirectiveResult {
    result.detail = Some(Detail {
        expected: Some(expected.to_owned()),
        actual: Some(actual.to_owned()),
    });
    result
}

pub fn file(name: &str, directives: Vec<DirectiveResult>) -> FileResult {
    FileResult {
        runtime: "wasmtime".to_owned(),
        version: "48.0.8".to_owned(),
        suite: "official".to_owned(),
        file: name.to_owned(),
        directives,
        explanation: None,
        micros: 1000,
    }
}

fn row(column: usize, what: &str, standing: Standing) -> Row {
    Row {
        column,
        what: what.to_owned(),
        standing,
        arrow: None,
    }
}

fn explanation() -> Explanation {
    let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Explanation {
        observed: Timeline {
            columns: columns(&["script", "guest", "end 5"]),
            rows: vec![
                row(0, "start a = run() -> started", Standing::Admissible),
                row(1, "call trace(1)", Standing::Admissible),
                row(2, "end 5: read [10], completed", Standing::First),
            ],
        },
        reference: Timeline {
            columns: columns(&["script", "host", "task 0"]),
            rows: vec![
                row(2, "calls trace", Standing::Admissible),
                row(0, "start a = run() -> started", Standing::Admissible),
            ],
        },
        allowed: vec!["end 5: read [10, 20], completed".to_owned()],
    }
}

pub fn mixed() -> Vec<FileResult> {
    let broken = "async/broken.wast";
    let value = detailed(
        directive(broken, 12, "assert_return", Verdict::Fail),
        "(u32.const 5)",
        "trap: cannot block a synchronous task before returning\nat its second call",
    );
    let value = DirectiveResult {
        rule: Some("task.return/sync".to_owned()),
        ..value
    };
    let missing = DirectiveResult {
        capability: Some("threads".to_owned()),
        ..directive(broken, 20, "thread", Verdict::Unsupported)
    };
    let later = (0..6).map(|n| directive(broken, 30 + n, "invoke", Verdict::Error));
    let (known, mended, seen) = ("values/known.wast", "values/mended.wast", "host/seen.wat");
    let script = detailed(
        directive(seen, 2, "script", Verdict::Fail),
        "at the line with `!`, one of these:\nend 5: read [10, 20], completed",
        "  start a = run() -> started\n    call trace(1)\n!   end 5: read [10], completed",
    );
    vec![
        file(broken, [vec![value, missing], later.collect()].concat()),
        file(
            known,
            vec![
                directive(known, 1, "component", Verdict::Pass),
                directive(known, 3, "assert_return", Verdict::Fail),
            ],
        ),
        file(
            mended,
            vec![directive(mended, 1, "component", Verdict::Pass)],
        ),
        FileResult {
            explanation: Some(Box::new(explanation())),
            ..file(seen, vec![script])
        },
    ]
}

/// Records the run in a directory.
pub fn record(dir: &Path) -> PathBuf {
    try_record(dir).expect("the directory can be made")
}

pub fn try_record(dir: &Path) -> Result<PathBuf, ReportError> {
    let sources = tempfile::tempdir().expect("there is room for files");
    let files = mixed();
    let source = |file: &FileResult| {
        let path = sources.path().join(file.file.replace('/', "-"));
        let text = match file.file.ends_with(".wat") {
            true => ";; A future that the host reads.\n;; script: call a = run()\n(component)\n",
            false => "(component)\n\n(assert_return (invoke \"f\"))\n",
        };
        fs::write(&path, text).expect("there is room for files");
        let name = file.file.clone();
        SuiteFile { name, path }
    };
    let suite = Suite {
        name: "official".to_owned(),
        root: sources.path().to_owned(),
        files: files.iter().map(source).collect(),
        coverage: Coverage::Full,
    };
    let info = RuntimeInfo {
        name: "wasmtime".to_owned(),
        version: "48.0.8".to_owned(),
        capabilities: vec![Capability("async".to_owned())],
        match_messages: MessageMatching::ClassOnly,
    };
    let path = Path::new("adapters/wasmtime/expectations.toml");
    let expectations = Expectations::parse(path, EXPECTATIONS.to_owned());
    let expectations = expectations.expect("the entries are well-formed");
    let expectations = expectations.of_runtime(&info);
    let compared = Compared {
        suite: "official".to_owned(),
        runtime: "wasmtime".to_owned(),
        comparison: expectations.compare("official", Coverage::Full, &files),
    };
    let mut coverage = Rules::default();
    coverage.record(Rule::ResourceDropLends, true);
    coverage.record(Rule::ResourceDropLends, false);
    coverage.record(Rule::ResourceDropLends, false);
    let reached = Reached {
        suite: "official".to_owned(),
        file: "host/seen.wat".to_owned(),
        coverage,
    };
    let recorded = Recorded {
        files: &files,
        runtimes: vec![RecordedRuntime {
            info: &info,
            expectations: &expectations,
            shown: path.to_owned(),
        }],
        suites: vec![RecordedSuite {
            suite: &suite,
            shown: "../suites/test".into(),
        }],
        compared: &[compared],
        reached: &[reached],
        began: Some(1_750_000_000),
        elapsed: Duration::from_millis(1234),
    };
    recorded.write(dir)
}
