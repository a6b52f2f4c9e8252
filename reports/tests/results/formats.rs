//! What each format makes of a run: of a small one with one of everything, of a damaged one, and
//! of one from a runtime that means harm.

use std::{fs, path::Path};

use assize_reports::{
    Report, badge_schema, badges, changes::Changes, json, junit, markdown, reader::read,
    summary_schema, terminal, text::Text,
};
use serde_json::{Value, json};

use crate::{common, junit::check, schema::faults};

/// The made-up run, held against an earlier one in which other things went wrong.
fn report() -> Report {
    let dir = tempfile::tempdir().expect("a directory");
    common::record(dir.path());
    let run = read(dir.path()).expect("results");
    let path = dir.path().join("results.jsonl");
    let text = fs::read_to_string(&path).expect("results");
    let earlier = text
        .replacen(r#""verdict":"fail""#, r#""verdict":"pass""#, 1)
        .replacen(r#""line":1,"#, r#""line":99,"#, 1)
        .replacen(r#""verdict":"error""#, r#""verdict":"crash""#, 1);
    fs::write(&path, earlier).expect("room");
    let changes = Changes::new(
        &run,
        &read(dir.path()).expect("results"),
        "earlier/results.jsonl",
    );
    Report {
        run,
        changes: Some(changes),
        results: Text::message("target/assize/results.jsonl"),
    }
}

fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

fn of_line(line: &Value) -> Report {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("hostile.jsonl");
    fs::write(&path, format!("{line}\n")).expect("room");
    Report {
        run: read(&path).expect("results"),
        ..Report::default()
    }
}

/// Names and messages as nobody well-meaning would have them.
fn hostile() -> Report {
    let evil = "\u{1b}[31m<script>alert(1)</script>]]>--> | `x` *b* [a](javascript:1) @all #1 \
                www.example.org http://example.org \u{202e}\u{0}\u{fffe}&amp;'\"";
    of_line(&json!({
        "runtime": evil, "version": evil, "suite": evil, "file": format!("../../{evil}"),
        "line": 4_294_967_295_u32, "directive": evil, "verdict": "crash", "rule": evil,
        "detail": {"expected": evil, "actual": format!("{evil}\n</pre>\n\n{}", "A".repeat(1 << 20))},
        "expectation": {"status": "unexpected", "announced": []}, "micros": u64::MAX,
    }))
}

fn all_formats(report: &Report) -> Vec<(&'static str, String)> {
    let mut all = vec![
        ("table", plain(&terminal(report))),
        ("json", json(report)),
        ("junit", junit(report)),
        ("markdown", markdown(report)),
    ];
    all.extend(badges(report).into_iter().map(|(_, text)| ("badge", text)));
    all
}

#[test]
fn the_terminal_shows_a_table_then_what_was_unexpected_then_a_summary() {
    let text = plain(&terminal(&report()));
    let wide = text.lines().find(|line| line.chars().count() > 80);
    assert_eq!(wide, None);
    insta::assert_snapshot!(text);
}

#[test]
fn junit_has_a_suite_for_each_runtime_and_a_case_for_each_test() {
    insta::assert_snapshot!(junit(&report()));
}

#[test]
fn markdown_is_a_summary_with_details_folded() {
    insta::assert_snapshot!(markdown(&report()));
}

#[test]
fn a_badge_says_what_share_of_the_tests_passes() {
    let badges = badges(&report());
    assert_eq!(badges[0].0, "badge-wasmtime.json");
    insta::assert_snapshot!(badges[0].1);
}

#[test]
fn the_json_document_has_totals_folders_and_all_that_was_unexpected() {
    insta::assert_snapshot!(json(&report()));
}

#[test]
fn what_is_undecided_is_shown_and_no_failure() {
    let report = of_line(&json!({
        "runtime": "x", "version": "1", "suite": "s", "file": "a.wat", "line": 2,
        "directive": "script", "verdict": "undecided",
        "detail": {"actual": "too many states"}, "expectation": {"status": "undecided"},
    }));
    assert!(report.run.is_as_expected());
    let table = plain(&terminal(&report));
    assert!(
        table.contains("Expected all results, among them 1 undecided result"),
        "{table}"
    );
    let junit = junit(&report);
    assert_eq!(check(&junit).counts.get("failure"), None);
    let skipped = "<skipped message=\"1 of 1 directives: undecided: too many states\"";
    assert!(junit.contains(skipped), "{junit}");
}

#[test]
fn junit_is_what_jenkins_takes_and_its_numbers_add_up() {
    for report in [report(), hostile(), Report::default()] {
        let checked = check(&junit(&report));
        assert_eq!(checked.faults, [""; 0]);
        let count = |name: &str| checked.counts.get(name).copied().unwrap_or_default();
        let counts = ["testcase", "failure", "error"].map(count);
        assert_eq!(checked.totals, counts);
    }
}

#[test]
fn documents_have_their_published_schemas() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema");
    let schemas = [
        ("summary.schema.json", summary_schema()),
        ("badge.schema.json", badge_schema()),
    ];
    for (name, schema) in schemas {
        let mut wanted = serde_json::to_string_pretty(&schema).unwrap();
        wanted.push('\n');
        let path = dir.join(name);
        if std::env::var_os("ASSIZE_UPDATE_SCHEMA").is_some() {
            fs::write(&path, &wanted).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap();
        assert_eq!(
            committed, wanted,
            "{name} is not what the types say; ASSIZE_UPDATE_SCHEMA=1 writes it"
        );
    }
    let (summary, badge) = (summary_schema(), badge_schema());
    for report in [report(), hostile(), Report::default()] {
        let document: Value = serde_json::from_str(&json(&report)).unwrap();
        assert_eq!(faults(summary.as_value(), &document), [""; 0]);
        for (_, text) in badges(&report) {
            let document: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(faults(badge.as_value(), &document), [""; 0]);
        }
    }
    let mut wrong: Value = serde_json::from_str(&json(&report())).unwrap();
    wrong["totals"]["files"] = json!("many");
    wrong["unexpected"][0]["result"]["verdict"] = json!("splendid");
    assert_eq!(faults(summary.as_value(), &wrong).len(), 2);
}

#[test]
fn no_format_lets_a_hostile_runtime_write_more_than_text() {
    let report = hostile();
    for (format, text) in all_formats(&report) {
        let harmful = |character: &char| character.is_control() && *character != '\n';
        assert_eq!(text.chars().find(harmful), None, "{format}");
        for character in ['\u{202e}', '\u{fffe}'] {
            assert!(!text.contains(character), "{format}");
        }
        assert!(text.len() < 64_000, "{format} has {} bytes", text.len());
    }
    let markdown = markdown(&report);
    for markup in [
        "<script",
        "</pre>\n\nA",
        "](javascript",
        "@all",
        " #1 ",
        "http:",
        "www.",
        "*b*",
    ] {
        assert!(!markdown.contains(markup), "{markup} in {markdown}");
    }
    for (name, _) in badges(&report) {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let plain = |byte: u8| plain(byte) || b"-._".contains(&byte);
        assert!(name.bytes().all(plain) && !name.contains(".."), "{name}");
    }
}

#[test]
fn markdown_fits_a_comment_however_much_went_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("many.jsonl");
    let line = |number: u32| {
        let line = json!({
            "runtime": "x", "version": "1", "suite": "s", "file": format!("f{number}.wast"),
            "line": number, "directive": "invoke", "verdict": "fail",
            "detail": {"actual": "<&>".repeat(3_000)},
            "expectation": {"status": "unexpected", "announced": []},
        });
        format!("{line}\n")
    };
    fs::write(&path, (0..500).map(line).collect::<String>()).unwrap();
    let report = Report {
        run: read(&path).unwrap(),
        ..Report::default()
    };
    let text = markdown(&report);
    assert!(text.len() <= 64_000, "{}", text.len());
    let opened = text.matches("<details>").count();
    assert!(opened > 3);
    assert_eq!(opened, text.matches("</details>").count());
    let shown = text.matches("<pre>").count();
    assert!(
        text.contains(&format!("and {} more", 500 - shown)),
        "{shown}"
    );
}

/// The positions at which a file is damaged: some hundred, spread over it.
fn positions(length: usize) -> impl Iterator<Item = usize> {
    (0..length).step_by(length / 150 + 1)
}

#[test]
fn files_damaged_anywhere_are_shown_in_every_format() {
    let dir = tempfile::tempdir().unwrap();
    common::record(dir.path());
    for name in ["results.jsonl", "facts.jsonl"] {
        let path = dir.path().join(name);
        let whole = fs::read(&path).unwrap();
        for (number, position) in positions(whole.len()).enumerate() {
            let mut damaged = whole.clone();
            match number % 3 {
                0 => damaged.truncate(position),
                1 => damaged[position] ^= 1 << (number % 8),
                _ => drop(damaged.drain(position..(position + 40).min(whole.len()))),
            }
            fs::write(&path, damaged).unwrap();
            let report = Report {
                run: read(dir.path()).unwrap(),
                ..Report::default()
            };
            for (format, text) in all_formats(&report) {
                let harmful = |character: &char| character.is_control() && *character != '\n';
                assert_eq!(text.chars().find(harmful), None, "{format} at {position}");
            }
            let checked = check(&junit(&report));
            assert_eq!(checked.faults, [""; 0], "{name} at {position}");
        }
        fs::write(&path, whole).unwrap();
    }
}

#[test]
fn every_format_says_what_is_damaged() {
    let dir = tempfile::tempdir().unwrap();
    common::record(dir.path());
    let path = dir.path().join("results.jsonl");
    let mut text = fs::read(&path).unwrap();
    text.truncate(text.len() - 40);
    fs::write(&path, text).unwrap();
    let report = Report {
        run: read(dir.path()).unwrap(),
        ..Report::default()
    };
    for (format, text) in all_formats(&report) {
        let says = text.contains("cut off") || format == "badge" && text.contains("incomplete");
        assert!(says, "{format}: {text}");
    }
}

#[test]
fn a_run_is_compared_with_an_earlier_one() {
    let changes = report().changes.unwrap();
    assert_eq!(changes.counts(), "1 better, 1 worse, 1 new, 1 gone");
    assert_eq!(changes.worse[0].file, "async/broken.wast");
    assert_eq!(changes.new[0].file, changes.gone[0].file);
}

#[test]
fn what_was_not_run_again_is_not_gone() {
    let one = json!({"runtime": "x", "version": "1", "suite": "s", "file": "a", "verdict": "pass"});
    let mut other = one.clone();
    other["runtime"] = json!("y");
    let (one, other) = (of_line(&one), of_line(&other));
    let changes = Changes::new(&one.run, &other.run, "other");
    assert_eq!(changes.counts(), "0 better, 0 worse, 1 new, 0 gone");
}

#[test]
fn another_version_of_a_runtime_is_compared_with_the_one_before() {
    let line = |version: &str, verdict: &str| {
        of_line(&json!({
            "runtime": "x", "version": version, "suite": "s", "file": "a", "verdict": verdict
        }))
    };
    let (before, after) = (line("47", "crash"), line("48", "pass"));
    let changes = Changes::new(&after.run, &before.run, "47");
    assert_eq!(changes.counts(), "1 better, 0 worse, 0 new, 0 gone");
}
