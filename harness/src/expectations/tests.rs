use super::*;
use crate::runtime::MessageMatching;

const FILE: &str = "\
# About the folder.

# Why strings fail.
[[expect]]
suite = \"official\"
glob = \"values/strings.wast\"
line = 12
verdict = \"fail\"
reason = \"surrogates\" # keep me

[[expect]]
suite = \"official\"
glob = \"async/*.wast\"
verdict = \"unsupported\"
reason = \"no threads\"

# The end.
";

fn expectations(text: &str) -> Expectations {
    Expectations::parse(Path::new("expectations.toml"), text.to_string()).unwrap()
}

fn error(text: &str) -> String {
    let error = Expectations::parse(Path::new("expectations.toml"), text.to_string());
    error.unwrap_err().to_string()
}

/// A file with one directive on each of the given lines.
fn file(name: &str, directives: &[(u32, Verdict)]) -> FileResult {
    let result = |(line, verdict): &(u32, Verdict)| DirectiveResult {
        runtime: "fake".into(),
        version: "1".into(),
        suite: "official".into(),
        file: name.into(),
        line: *line,
        column: 1,
        directive: "assert_return".into(),
        verdict: *verdict,
        capability: None,
        detail: None,
        rule: None,
        micros: 0,
    };
    FileResult {
        runtime: "fake".into(),
        version: "1".into(),
        suite: "official".into(),
        file: name.into(),
        directives: directives.iter().map(result).collect(),
        explanation: None,
        micros: 0,
    }
}

/// A runtime that has these capabilities.
fn with(capabilities: &[&str]) -> RuntimeInfo {
    let names = capabilities.iter();
    RuntimeInfo {
        name: "fake".into(),
        version: "1".into(),
        capabilities: names.map(|name| Capability((*name).to_owned())).collect(),
        match_messages: MessageMatching::ClassOnly,
    }
}

fn as_expected() -> Vec<FileResult> {
    vec![
        file(
            "async/a.wast",
            &[(1, Verdict::Pass), (2, Verdict::Unsupported)],
        ),
        file(
            "values/strings.wast",
            &[(11, Verdict::Pass), (12, Verdict::Fail)],
        ),
    ]
}

#[test]
fn results_that_are_all_announced_are_clean() {
    let comparison = expectations(FILE).compare("official", Coverage::Full, &as_expected());
    assert!(comparison.is_clean(), "{comparison:?}");
    assert_eq!(comparison.expected_deviations, 2);
}

#[test]
fn a_failure_that_no_entry_announces_is_unexpected() {
    let files = [file(
        "values/strings.wast",
        &[(12, Verdict::Fail), (13, Verdict::Fail)],
    )];
    let comparison = expectations(FILE).compare("official", Coverage::Partial, &files);
    let [Unexpected::Verdict { result, expected }] = &comparison.unexpected[..] else {
        panic!("{comparison:?}");
    };
    assert_eq!((result.line, expected.len()), (13, 0));
}

#[test]
fn what_needs_a_capability_that_the_runtime_does_not_claim_needs_no_entry() {
    let mut lacking = file("lists.wast", &[(3, Verdict::Unsupported)]);
    lacking.directives[0].capability = Some("simd".into());
    let files = [lacking];
    let claiming = |names: &[&str]| {
        let expectations = expectations(FILE).of_runtime(&with(names));
        expectations.compare("official", Coverage::Partial, &files)
    };
    assert!(claiming(&["async"]).is_clean());
    assert_eq!(claiming(&["async", "simd"]).unexpected.len(), 1);
}

#[test]
fn an_entry_may_hold_only_with_a_capability_or_only_without_it() {
    let text = "\
[[expect]]
suite = \"official\"
glob = \"a.wast\"
line = 3
verdict = \"crash\"
with = \"debug-assertions\"
reason = \"an assertion fails\"

[[expect]]
suite = \"official\"
glob = \"a.wast\"
line = 3
verdict = \"fail\"
without = \"debug-assertions\"
reason = \"it goes on\"
";
    for (capabilities, known, other) in [
        (&["debug-assertions"][..], Verdict::Crash, Verdict::Fail),
        (&["async"], Verdict::Fail, Verdict::Crash),
    ] {
        let expectations = expectations(text).of_runtime(&with(capabilities));
        let compare = |verdict| {
            let files = [file("a.wast", &[(3, verdict)])];
            let (updated, _) = expectations.updated("official", Coverage::Full, &files);
            let compared = expectations.compare("official", Coverage::Full, &files);
            (compared, updated)
        };
        let (compared, updated) = compare(known);
        assert!(compared.is_clean() && updated == text, "{compared:?}");
        assert_eq!(compare(other).0.unexpected.len(), 1);
        // That of the others is about something, and is none of ours.
        let (compared, updated) = compare(Verdict::Pass);
        assert_eq!(compared.unexpected.len(), 1);
        assert!(compared.stale.is_empty());
        assert_eq!(updated.matches("[[expect]]").count(), 1, "{updated}");
    }
}

#[test]
fn what_is_undecided_is_no_failure_and_mends_nothing() {
    let files = [file("values/strings.wast", &[(11, Verdict::Undecided)])];
    let compared = expectations("").compare("official", Coverage::Full, &files);
    assert_eq!(compared, Comparison::default());

    let mut files = as_expected();
    for result in &mut files[1].directives {
        result.verdict = Verdict::Undecided;
    }
    let expectations = expectations(FILE);
    let compared = expectations.compare("official", Coverage::Full, &files);
    assert!(compared.is_clean(), "{compared:?}");
    let (text, update) = expectations.updated("official", Coverage::Full, &files);
    assert_eq!((text.as_str(), update), (FILE, Update::default()));
}

#[test]
fn another_verdict_than_the_announced_one_is_unexpected() {
    let files = [file("values/strings.wast", &[(12, Verdict::Crash)])];
    let comparison = expectations(FILE).compare("official", Coverage::Partial, &files);
    let [Unexpected::Verdict { result, expected }] = &comparison.unexpected[..] else {
        panic!("{comparison:?}");
    };
    assert_eq!(
        (result.verdict, &expected[..]),
        (Verdict::Crash, &[Verdict::Fail][..])
    );
}

#[test]
fn a_pass_where_a_failure_is_announced_is_unexpected() {
    let files = [file("values/strings.wast", &[(12, Verdict::Pass)])];
    let comparison = expectations(FILE).compare("official", Coverage::Partial, &files);
    let [
        Unexpected::Pass {
            expectation,
            defined_at,
            ..
        },
    ] = &comparison.unexpected[..]
    else {
        panic!("{comparison:?}");
    };
    assert_eq!((expectation.line, *defined_at), (Some(12), 4));
}

#[test]
fn every_file_that_a_glob_matches_must_have_the_announced_verdict() {
    let mut files = as_expected();
    files.push(file("async/b.wast", &[(1, Verdict::Pass)]));
    let comparison = expectations(FILE).compare("official", Coverage::Full, &files);
    let [Unexpected::Pass { file, .. }] = &comparison.unexpected[..] else {
        panic!("{comparison:?}");
    };
    assert_eq!(file, "async/b.wast");
}

#[test]
fn entries_are_about_their_own_suite_alone() {
    let files = [file("values/strings.wast", &[(12, Verdict::Fail)])];
    let comparison = expectations(FILE).compare("core", Coverage::Full, &files);
    assert_eq!(
        (comparison.unexpected.len(), comparison.stale.len()),
        (1, 0)
    );
}

#[test]
fn entries_without_a_file_or_line_are_stale_in_a_full_run_only() {
    let files = [file("values/strings.wast", &[(11, Verdict::Pass)])];
    let expectations = expectations(FILE);
    assert!(
        expectations
            .compare("official", Coverage::Partial, &files)
            .is_clean()
    );
    let stale = expectations
        .compare("official", Coverage::Full, &files)
        .stale;
    let missing: Vec<_> = stale
        .iter()
        .map(|stale| (stale.defined_at, stale.missing))
        .collect();
    assert_eq!(missing, [(4, "line"), (11, "file")]);
}

#[test]
fn faults_in_the_file_are_named_with_their_line() {
    let entry = |verdict: &str, glob: &str| {
        format!(
            "# comment\n[[expect]]\nsuite = \"core\"\nglob = \"{glob}\"\n\
             verdict = \"{verdict}\"\nreason = \"r\"\n"
        )
    };
    insta::assert_snapshot!(error("[[expect]\n"), @"expectations.toml:1: unclosed array table, expected `]`");
    insta::assert_snapshot!(error(&entry("fial", "a")), @"expectations.toml:5: unknown verdict `fial`; verdicts are pass, fail, unsupported, crash, timeout, protocol-error, undecided and error");
    insta::assert_snapshot!(error(&entry("fail", "a[")), @"expectations.toml:2: bad glob `a[`: unclosed character class; missing ']'");
    insta::assert_snapshot!(error(&entry("pass", "a")), @"expectations.toml:2: every directive is expected to pass without an entry");
    insta::assert_snapshot!(error("[[expect]]\nsuite = \"core\"\n"), @"expectations.toml:1: missing field `glob`");
    insta::assert_snapshot!(error("[[expected]]\n"), @"expectations.toml:1: unknown field `expected`, expected `expect`");
}

#[test]
fn an_update_without_changes_keeps_every_byte() {
    let (text, update) = expectations(FILE).updated("official", Coverage::Full, &as_expected());
    assert_eq!((text.as_str(), update), (FILE, Update::default()));
}

#[test]
fn an_update_adds_removes_and_changes_only_what_the_results_ask_for() {
    let files = [
        file("async/a.wast", &[(1, Verdict::Pass)]),
        file("new.wast", &[(7, Verdict::Timeout)]),
        file("values/strings.wast", &[(12, Verdict::Crash)]),
    ];
    let before = expectations(FILE);
    let (text, update) = before.updated("official", Coverage::Full, &files);
    assert_eq!(
        update,
        Update {
            added: 1,
            changed: 1,
            removed: 1
        }
    );
    insta::assert_snapshot!(text, @r#"
    # About the folder.

    # Why strings fail.
    [[expect]]
    suite = "official"
    glob = "values/strings.wast"
    line = 12
    verdict = "crash"
    reason = "surrogates" # keep me

    # The end.

    [[expect]]
    suite = "official"
    glob = "new.wast"
    line = 7
    verdict = "timeout"
    reason = "unreviewed"
    "#);
    let after = expectations(&text);
    assert!(after.compare("official", Coverage::Full, &files).is_clean());
}

#[test]
fn an_update_leaves_an_entry_to_the_files_that_still_need_it() {
    let mut files = as_expected();
    files.push(file("async/b.wast", &[(1, Verdict::Pass)]));
    let (text, _) = expectations(FILE).updated("official", Coverage::Full, &files);
    let after = expectations(&text);
    assert!(after.compare("official", Coverage::Full, &files).is_clean());
    assert!(text.contains("glob = \"async/a.wast\""), "{text}");
    assert!(text.contains("# keep me"), "{text}");
}

#[test]
fn an_update_for_one_suite_leaves_the_entries_of_others_alone() {
    let files = [file("a.wast", &[(1, Verdict::Pass)])];
    let (text, update) = expectations(FILE).updated("core", Coverage::Full, &files);
    assert_eq!((text.as_str(), update), (FILE, Update::default()));
}

#[test]
fn an_update_announces_what_is_unsupported_once_for_the_file() {
    let files = [file(
        "a.wast",
        &[(1, Verdict::Unsupported), (2, Verdict::Unsupported)],
    )];
    let (text, update) = expectations("").updated("core", Coverage::Full, &files);
    assert_eq!(update.added, 1);
    insta::assert_snapshot!(text, @r#"
    [[expect]]
    suite = "core"
    glob = "a.wast"
    verdict = "unsupported"
    reason = "unreviewed"
    "#);
}

#[test]
fn an_update_from_part_of_a_suite_keeps_what_it_did_not_see() {
    let files = [file("async/b.wast", &[(1, Verdict::Pass)])];
    let (text, _) = expectations(FILE).updated("official", Coverage::Partial, &files);
    assert_eq!(text, FILE);
}

#[test]
fn an_update_is_written_to_the_file_and_read_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("fake/expectations.toml");
    let files = [file("a.wast", &[(3, Verdict::Fail)])];
    let update = Expectations::load(&path)
        .unwrap()
        .update("official", Coverage::Full, &files);
    assert_eq!(update.unwrap().added, 1);
    let read = Expectations::load(&path).unwrap();
    assert!(read.compare("official", Coverage::Full, &files).is_clean());
    assert!(read.entries().all(|entry| entry.reason == "unreviewed"));
}

#[test]
fn the_expectations_of_every_adapter_can_be_read() {
    let adapters = Path::new(env!("CARGO_MANIFEST_DIR")).join("../adapters");
    let mut read = 0;
    for adapter in fs::read_dir(adapters).unwrap() {
        let path = adapter.unwrap().path().join("expectations.toml");
        if path.is_file() {
            let expectations = Expectations::load(&path).unwrap();
            assert!(expectations.entries().all(|entry| !entry.reason.is_empty()));
            read += 1;
        }
    }
    assert!(read > 0);
}
