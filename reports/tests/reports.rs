//! What reports look like, on a small made-up run.

use std::{path::Path, time::Duration};

use assize_harness::runtime::known::{Components, KnownRuntime, Presence};
use assize_harness::{
    expectations::Expectations,
    results::{Detail, DirectiveResult, FileResult, Verdict},
    suite::Coverage,
};
use assize_harness::{
    mutants::{Fate, Mutant},
    rules::{Coverage as Rules, Rule},
};
use assize_protocol::{
    case::{FormEntry, MissingForm, SuiteManifest, TestEntry, TestKind},
    message::Form,
};
use assize_reports::{
    Compared, Run, built, json, mutants_json, mutants_table, rules_table, runtimes_json,
    runtimes_table, terminal,
};

const EXPECTATIONS: &str = r#"
[[expect]]
suite = "official"
glob = "values/known.wast"
line = 3
verdict = "fail"
reason = "lists are read backwards"

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

fn directive(file: &str, line: u32, directive: &str, verdict: Verdict) -> DirectiveResult {
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

fn detailed(mut result: DirectiveResult, expected: &str, actual: &str) -> DirectiveResult {
    result.detail = Some(Detail {
        expected: Some(expected.to_owned()),
        actual: Some(actual.to_owned()),
    });
    result
}

fn file(name: &str, directives: Vec<DirectiveResult>) -> FileResult {
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

fn run(files: Vec<FileResult>, coverage: Coverage) -> Run {
    let path = Path::new("adapters/wasmtime/expectations.toml");
    let expectations =
        Expectations::parse(path, EXPECTATIONS.to_owned()).expect("the entries are well-formed");
    let compared = Compared {
        suite: "official".to_owned(),
        root: "../suites/test".into(),
        runtime: "wasmtime".to_owned(),
        expectations: path.to_owned(),
        comparison: expectations.compare("official", coverage, &files),
    };
    Run {
        files,
        compared: vec![compared],
        elapsed: Duration::from_millis(1234),
    }
}

fn mixed() -> Run {
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
    let known = "values/known.wast";
    let mended = "values/mended.wast";
    let files = vec![
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
    ];
    run(files, Coverage::Full)
}

fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

#[test]
fn the_terminal_shows_a_table_then_what_was_unexpected_then_a_summary() {
    insta::assert_snapshot!(plain(&terminal(
        &mixed(),
        Path::new("target/assize/results.jsonl")
    )));
}

#[test]
fn a_run_as_expected_is_a_table_and_a_summary() {
    let file = file(
        "values/a.wast",
        vec![directive("values/a.wast", 1, "module", Verdict::Pass)],
    );
    let run = run(vec![file], Coverage::Partial);
    assert!(run.is_as_expected());
    insta::assert_snapshot!(plain(&terminal(&run, Path::new("results.jsonl"))));
}

#[test]
fn the_json_document_has_totals_folders_and_all_that_was_unexpected() {
    insta::assert_snapshot!(json(&mixed()));
}

#[test]
fn an_unexpected_result_an_unexpected_pass_and_a_stale_entry_each_spoil_a_run() {
    assert!(!mixed().is_as_expected());
    let a = "values/a.wast";
    let failed = run(
        vec![file(a, vec![directive(a, 1, "module", Verdict::Fail)])],
        Coverage::Partial,
    );
    assert!(!failed.is_as_expected());
    let mended = "values/mended.wast";
    let passed = file(mended, vec![directive(mended, 1, "module", Verdict::Pass)]);
    assert!(!run(vec![passed], Coverage::Partial).is_as_expected());
    assert!(!run(vec![], Coverage::Full).is_as_expected());
    assert!(run(vec![], Coverage::Partial).is_as_expected());
}

fn mutants() -> [Mutant; 3] {
    let killed = Fate::Killed {
        suite: "official".to_owned(),
        file: "resources/a.wast".to_owned(),
        line: 7,
        reference: "pass: trap: the resource is lent [resource.drop/lends]".to_owned(),
        mutant: "fail: returned".to_owned(),
    };
    let mutant = |rule, fate| Mutant { rule, fate };
    [
        mutant(Rule::TableGetBounds, Fate::Survived),
        mutant(Rule::ResourceDropLends, killed),
        mutant(Rule::LiftAsync, Fate::Unreached),
    ]
}

#[test]
fn mutants_that_were_not_killed_are_listed_before_the_score() {
    let shown = anstream::adapter::strip_str(&mutants_table(&mutants())).to_string();
    insta::assert_snapshot!(shown, @r"
    survived  table.get/bounds (never traps): the index is past the end of the table
    unreached  lift/async (taken the other way): the function is lifted with the async ABI
    killed 1 of 3 mutants, 33.3 %
    ");
}

#[test]
fn the_json_document_says_what_killed_a_mutant() {
    let document: serde_json::Value = serde_json::from_str(&mutants_json(&mutants())).unwrap();
    assert_eq!(document["percent"], 33.3);
    let killed = &document["mutants"][1];
    assert_eq!(killed["rule"], "resource.drop/lends");
    assert_eq!(killed["fate"], "killed");
    assert_eq!(
        (&killed["file"], &killed["line"]),
        (&"resources/a.wast".into(), &7.into())
    );
}

#[test]
fn rules_are_shown_with_how_often_each_was_reached_each_way() {
    let mut coverage = Rules::default();
    coverage.record(Rule::MayEnter, false);
    coverage.record(Rule::MayEnter, false);
    coverage.record(Rule::MayEnter, true);
    let shown = anstream::adapter::strip_str(&rules_table(&coverage)).to_string();
    let line = shown
        .lines()
        .find(|line| line.contains("instance/may-enter"));
    let words: Vec<&str> = line.unwrap_or_default().split_whitespace().collect();
    assert_eq!(words[..3], ["instance/may-enter", "1", "2"]);
    let all = Rule::ALL.len();
    assert!(
        shown.ends_with(&format!("reached 1 of {all} rules both ways\n")),
        "{shown}"
    );
}

fn known(name: &str, presence: Presence, components: Components) -> KnownRuntime {
    KnownRuntime {
        name: name.to_owned(),
        presence,
        version: (presence != Presence::NotFound).then(|| "48.0.8".to_owned()),
        components,
        forms: Vec::new(),
        capabilities: Vec::new(),
        runtime: None,
        install: None,
        note: None,
    }
}

#[test]
fn known_runtimes_are_a_table_of_80_columns_with_what_to_type_for_each() {
    let runtimes = [
        KnownRuntime {
            forms: vec![Form::Component],
            runtime: Some("wasmtime".to_owned()),
            note: Some("embedded".to_owned()),
            capabilities: vec!["async".to_owned()],
            ..known("wasmtime", Presence::BuiltIn, Components::Async)
        },
        KnownRuntime {
            forms: vec![Form::Wast, Form::Command],
            install: Some("cargo install --locked wasmtime-cli".to_owned()),
            ..known("wasmtime-cli", Presence::NotFound, Components::Async)
        },
        KnownRuntime {
            note: Some("no component model".to_owned()),
            ..known("wamr", Presence::Found, Components::None)
        },
    ];
    let shown = anstream::adapter::strip_str(&runtimes_table(&runtimes)).to_string();
    assert!(
        shown.lines().all(|line| line.chars().count() <= 80),
        "{shown}"
    );
    insta::assert_snapshot!(shown);
    let json: serde_json::Value = serde_json::from_str(&runtimes_json(&runtimes)).expect("JSON");
    assert_eq!(json["runtimes"][1]["presence"], "not-found");
    assert_eq!(json["runtimes"][0]["capabilities"][0], "async");
}

#[test]
fn a_built_suite_is_counted_by_form_and_says_why_a_form_is_missing() {
    let test = |name: &str, reason: Option<&str>| TestEntry {
        name: name.to_owned(),
        kind: TestKind::Script,
        requires: Vec::new(),
        forms: vec![FormEntry {
            form: Form::Component,
            path: format!("component/{name}/case.json"),
            checks: 7,
            left_out: 1,
        }],
        missing: reason
            .map(|reason| MissingForm {
                form: Form::Command,
                reason: reason.to_owned(),
            })
            .into_iter()
            .collect(),
    };
    let manifest = SuiteManifest {
        schema: 1,
        suite: "spec-tests".to_owned(),
        version: "0.1.0".to_owned(),
        revision: "6d28164".to_owned(),
        tests: vec![
            test("a", None),
            test("b", Some("not every schedule ends as expected: trap")),
            test("c", Some("not every schedule ends as expected: deadlock")),
        ],
    };
    let shown = built(&manifest, Path::new("out/suite.json"));
    insta::assert_snapshot!(anstream::adapter::strip_str(&shown).to_string());
}
