//! What reports look like that are not about results.

use std::path::Path;

use assize_harness::runtime::known::{Components, KnownRuntime, Presence};
use assize_harness::{
    mutants::{Fate, Mutant},
    rules::{Coverage as Rules, Rule},
};
use assize_protocol::{
    case::{FormEntry, MissingForm, SuiteManifest, TestEntry, TestKind},
    message::Form,
};
use assize_reports::{
    built, mutants_json, mutants_table, rules_table, runtimes_json, runtimes_table,
};

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
