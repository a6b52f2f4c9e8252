//! What a run leaves behind can be read again, whole or damaged.

use std::{fs, path::Path};

use assize_harness::results::Verdict;
use assize_reports::{
    model::{Run, Status},
    reader::read,
};

use crate::common;

fn recorded(dir: &Path) -> Run {
    common::record(dir);
    read(dir).expect("what was written can be read")
}

fn problems(run: &Run) -> Vec<String> {
    let problems = run.problems.iter();
    let shown = problems.map(|problem| match problem.line {
        Some(line) => format!("{}:{line}: {}", problem.file, problem.what),
        None => format!("{}: {}", problem.file, problem.what),
    });
    shown.collect()
}

#[test]
fn a_recorded_run_is_read_with_all_that_a_report_tells() {
    let dir = tempfile::tempdir().unwrap();
    let run = recorded(&dir.path().join("made/for/it"));
    assert_eq!(problems(&run), [""; 0]);
    assert_eq!(run.runtimes[0].name, "wasmtime");
    let capabilities = run.runtimes[0].capabilities.as_deref().unwrap_or_default();
    assert_eq!(capabilities, ["async"]);
    assert_eq!(run.suites[0].in_full, Some(true));
    let files: Vec<&str> = run.tests.iter().map(|test| test.file.as_str()).collect();
    assert_eq!(
        files,
        [
            "async/broken.wast",
            "host/seen.wat",
            "values/known.wast",
            "values/mended.wast"
        ]
    );
    let [broken, seen, known, mended] = &run.tests[..] else {
        panic!("{files:?}")
    };
    let statuses = |test: &assize_reports::model::Test| {
        let directives = test.runs[0].directives.iter();
        directives.map(|one| one.status.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        statuses(broken)[..2],
        [
            Status::Unexpected {
                announced: Vec::new()
            },
            Status::Beyond
        ]
    );
    let [Status::Passed, Status::Known(entry)] = &statuses(known)[..] else {
        panic!("{:?}", statuses(known))
    };
    assert_eq!(entry.reason, "lists are read backwards");
    assert_eq!(mended.runs[0].mended[0].reason, "maps were not there yet");
    assert_eq!(run.stale[0].entry.glob, "values/removed.wast");
    assert_eq!(seen.headline(), "A future that the host reads.");
    let trace = seen.runs[0].trace.as_ref().expect("it was recorded");
    assert_eq!(trace.allowed[0], "end 5: read [10, 20], completed");
    assert_eq!(seen.rules[0].rule, "resource.drop/lends");
    assert_eq!((seen.rules[0].held, seen.rules[0].not), (1, 2));
    assert!(!run.is_as_expected());
}

#[test]
fn results_without_facts_are_read_and_what_is_missing_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let whole = recorded(dir.path());
    fs::remove_file(dir.path().join("facts.jsonl")).unwrap();
    let run = read(dir.path()).unwrap();
    assert_eq!(
        problems(&run),
        ["facts.jsonl: not there: no sources, timelines, rules or capabilities are shown"]
    );
    assert_eq!(run.tests.len(), whole.tests.len());
}

#[test]
fn lines_of_an_older_version_are_read_without_a_comparison() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("old.jsonl");
    let line = r#"{"runtime":"x","version":"1","suite":"s","file":"f.wast","line":3,"column":1,"directive":"invoke","verdict":"fail","micros":7}"#;
    fs::write(&path, format!("{line}\n")).unwrap();
    let run = read(&path).unwrap();
    let directive = &run.tests[0].runs[0].directives[0];
    assert_eq!(directive.status, Status::NotCompared);
    assert_eq!((directive.line, directive.verdict), (3, Verdict::Fail));
    assert_eq!(problems(&run), [""; 0]);
    assert!(run.is_as_expected());
}

#[test]
fn a_file_that_was_cut_off_gives_what_it_holds_and_says_what_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    recorded(dir.path());
    let path = dir.path().join("results.jsonl");
    let mut text = fs::read(&path).unwrap();
    text.truncate(text.len() - 40);
    fs::write(&path, text).unwrap();
    let run = read(dir.path()).unwrap();
    insta::assert_snapshot!(problems(&run).join("\n"), @r"
    results.jsonl:12: cut off: the file ends within this line
    results.jsonl: 11 of the run's 12 results are here
    ");
    let lost = run.tests.iter().find(|test| test.file == "host/seen.wat");
    assert_eq!(lost.map(|test| test.runs.len()), Some(0));
}

#[test]
fn damaged_lines_are_passed_over_each_with_its_number() {
    let dir = tempfile::tempdir().unwrap();
    recorded(dir.path());
    let path = dir.path().join("results.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let first = text.lines().next().unwrap();
    let mut damaged = Vec::new();
    for line in [
        "{",
        "[]",
        r#"{"runtime":"x","suite":"s","file":"f","verdict":"splendid"}"#,
        "",
        first,
    ] {
        damaged.extend_from_slice(line.as_bytes());
        damaged.push(b'\n');
    }
    damaged.extend_from_slice(
        b"{\"runtime\":\"\xff\",\"suite\":\"s\",\"file\":\"f\",\"verdict\":\"pass\"}\n",
    );
    damaged.extend(vec![b'x'; 17 << 20]);
    fs::write(&path, damaged).unwrap();
    let run = read(&path).unwrap();
    insta::assert_snapshot!(problems(&run).join("\n"), @r"
    results.jsonl:1: passed over: not JSON: EOF while parsing an object
    results.jsonl:2: passed over: invalid length 0, expected an object with a result
    results.jsonl:3: passed over: unknown verdict `splendid`; verdicts are pass, fail, unsupported, crash, timeout, protocol-error, undecided and error
    results.jsonl:6: not UTF-8: what is not is shown as U+FFFD
    results.jsonl:7: passed over: it has 17825792 bytes
    results.jsonl: 2 of the run's 12 results are here
    ");
    assert_eq!(run.runtimes.len(), 2);
}

#[test]
fn a_file_of_rubbish_is_a_bounded_list_of_problems() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rubbish.jsonl");
    fs::write(&path, "\u{1b}[31m\n".repeat(10_000)).unwrap();
    let run = read(&path).unwrap();
    assert_eq!(run.problems.len(), 51);
    assert_eq!(problems(&run)[50], "rubbish.jsonl: 9950 more problems");
    assert!(run.tests.is_empty());
}

#[test]
fn a_hostile_runtime_cannot_put_more_than_texts_into_a_run() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("hostile.jsonl");
    let line = serde_json::json!({
        "runtime": "\u{1b}[2J<script>", "version": "\n\n1", "suite": "..", "file": "\u{202e}../x",
        "directive": "a\0", "verdict": "fail", "detail": {"actual": "A".repeat(1 << 20)},
    });
    fs::write(&path, format!("{line}\n")).unwrap();
    let run = read(&path).unwrap();
    assert_eq!(run.runtimes[0].name, "\\u{1b}[2J<script>");
    assert_eq!(run.runtimes[0].version, "\\n\\n1");
    assert_eq!(run.tests[0].file, "\\u{202e}../x");
    let directive = &run.tests[0].runs[0].directives[0];
    assert_eq!(directive.keyword, "a\\u{0}");
    let actual = directive.actual.as_deref().unwrap_or_default();
    assert!(actual.ends_with("A… (cut: 1040576 more characters)"));
}

#[test]
fn a_directory_that_cannot_be_made_is_named_in_the_error() {
    let dir = tempfile::tempdir().unwrap();
    let taken = dir.path().join("taken");
    fs::write(&taken, "").unwrap();
    let error = common::try_record(&taken).unwrap_err();
    assert!(error.to_string().contains("taken"), "{error}");
    let error = read(&dir.path().join("nothing")).unwrap_err();
    assert!(error.to_string().contains("nothing"), "{error}");
}
