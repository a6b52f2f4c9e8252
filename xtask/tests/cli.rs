//! What the command line answers, seen from outside: exit status, standard output, standard error.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

const GOOD: &str = "(component)\n";
const BAD: &str = "(component)\n\n(assert_invalid (component) \"nothing is wrong with it\")\n";

/// A directory of its own for one test: a suite `official` with some files, and room for results.
struct Scene {
    dir: TempDir,
}

/// What came of a command.
struct Answer {
    status: Option<i32>,
    out: String,
    err: String,
}

impl From<Output> for Answer {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Scene {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        for (name, bytes) in files {
            let path = dir.path().join("suite").join(name);
            fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
            fs::write(path, bytes).expect("a file");
        }
        Self { dir }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(arguments).current_dir(self.path());
        command
            .env_remove("ASSIZE_OFFICIAL")
            .env_remove("CLICOLOR_FORCE");
        command
    }

    fn answer(&self, arguments: &[&str]) -> Answer {
        self.command(arguments)
            .output()
            .expect("xtask starts")
            .into()
    }

    /// Runs the suite of this scene with some more arguments. It is named as the official one with
    /// a filter, since a full run would hold the real suite's expectations against it.
    fn conformance(&self, more: &[&str]) -> Answer {
        let scene =
            "conformance --runtime wasmtime --suite official --official suite --only ** --out out";
        let arguments: Vec<&str> = scene.split(' ').chain(more.iter().copied()).collect();
        self.answer(&arguments)
    }
}

#[test]
fn a_suite_as_expected_is_exit_status_0_and_its_results_are_kept() {
    let scene = Scene::new(&[
        ("values/a.wast", GOOD.as_bytes()),
        ("b.wast", GOOD.as_bytes()),
    ]);
    let answer = scene.conformance(&[]);
    assert_eq!(answer.status, Some(0), "{}{}", answer.out, answer.err);
    assert!(
        answer.out.contains("2 directives in 2 files"),
        "{}",
        answer.out
    );
    assert!(answer.out.contains("everything passed"), "{}", answer.out);
    let lines = fs::read_to_string(scene.path().join("out/results.jsonl")).unwrap();
    let files: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["file"].clone())
        .collect();
    assert_eq!(files, ["b.wast", "values/a.wast"]);
}

#[test]
fn a_failure_is_exit_status_1_and_is_shown_with_file_and_line() {
    let scene = Scene::new(&[("values/bad.wast", BAD.as_bytes())]);
    let answer = scene.conformance(&[]);
    assert_eq!(answer.status, Some(1), "{}{}", answer.out, answer.err);
    for part in [
        "FAIL wasmtime",
        "values/bad.wast:3:1",
        "assert_invalid",
        "expected",
        "actual",
    ] {
        assert!(answer.out.contains(part), "no `{part}` in {}", answer.out);
    }
}

#[test]
fn a_file_that_is_no_script_is_one_error_and_all_other_files_are_run() {
    let scene = Scene::new(&[
        ("good.wast", GOOD.as_bytes()),
        ("malformed.wast", b"(component"),
        ("noise.wast", b"\xff\xfe\x00"),
    ]);
    let answer = scene.conformance(&[]);
    assert_eq!(answer.status, Some(1), "{}{}", answer.out, answer.err);
    assert!(answer.out.contains("3 files"), "{}", answer.out);
    assert!(answer.out.contains("malformed.wast:1:"), "{}", answer.out);
    assert!(answer.out.contains("noise.wast:1:1"), "{}", answer.out);
    assert!(answer.out.contains("1 pass, 2 error"), "{}", answer.out);
}

#[test]
fn files_can_be_named_and_one_that_does_not_exist_is_an_error_of_its_own() {
    let scene = Scene::new(&[("good.wast", GOOD.as_bytes())]);
    let named = ["conformance", "--runtime", "wasmtime", "--out", "out"];
    let both = [&named[..], &["suite/good.wast", "missing.wast"]].concat();
    let answer = scene.answer(&both);
    assert_eq!(answer.status, Some(1), "{}{}", answer.out, answer.err);
    assert!(answer.out.contains("missing.wast:1:1"), "{}", answer.out);
    assert!(answer.out.contains("1 pass, 1 error"), "{}", answer.out);
    let answer = scene.answer(&both[..both.len() - 1]);
    assert_eq!(answer.status, Some(0), "{}{}", answer.out, answer.err);
}

#[test]
fn the_json_report_is_one_json_document_on_standard_output() {
    let scene = Scene::new(&[("good.wast", GOOD.as_bytes()), ("bad.wast", BAD.as_bytes())]);
    let answer = scene.conformance(&["--format", "json"]);
    assert_eq!(answer.status, Some(1), "{}{}", answer.out, answer.err);
    let report: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(report["as_expected"], false);
    assert_eq!(report["totals"]["directives"]["total"], 3);
    assert_eq!(report["unexpected"][0]["result"]["line"], 3);
    assert_eq!(answer.err, "");
}

#[test]
fn of_several_formats_the_table_is_printed_and_the_others_are_files() {
    let scene = Scene::new(&[("good.wast", GOOD.as_bytes()), ("bad.wast", BAD.as_bytes())]);
    let answer = scene.conformance(&[
        "--format",
        "table,junit,markdown,badge,html",
        "--format",
        "json",
    ]);
    assert_eq!(answer.status, Some(1), "{}{}", answer.out, answer.err);
    assert!(
        answer.out.contains("3 directives in 2 files"),
        "{}",
        answer.out
    );
    for (file, part) in [
        (
            "junit.xml",
            "<testsuites name=\"assize\" tests=\"2\" failures=\"1\"",
        ),
        ("summary.md", "1 unexpected result"),
        ("badge-wasmtime.json", "1/2 tests (50.0 %)"),
        ("summary.json", "\"as_expected\": false"),
        ("site/index.html", "no: 1 unexpected"),
    ] {
        let text = fs::read_to_string(scene.path().join("out").join(file)).unwrap();
        assert!(text.contains(part), "no `{part}` in {text}");
        assert!(
            answer.err.contains(&format!("wrote out/{file}")),
            "{}",
            answer.err
        );
    }
}

#[test]
fn results_that_were_kept_are_shown_again_and_held_against_others() {
    let scene = Scene::new(&[("a.wast", GOOD.as_bytes()), ("b.wast", GOOD.as_bytes())]);
    scene.conformance(&[]);
    fs::rename(scene.path().join("out"), scene.path().join("before")).unwrap();
    fs::write(scene.path().join("suite/b.wast"), BAD).unwrap();
    let now = scene.conformance(&["--baseline", "before"]);
    assert_eq!(now.status, Some(1), "{}{}", now.out, now.err);
    assert!(
        now.out
            .contains("0 better, 0 worse, 1 new, 0 gone since before"),
        "{}",
        now.out
    );
    let again = scene.answer(&["report", "out", "--baseline", "before/results.jsonl"]);
    assert_eq!(again.status, Some(0), "{}{}", again.out, again.err);
    assert!(again.out.contains("FAIL wasmtime"), "{}", again.out);
    let junit = scene.answer(&["report", "out/results.jsonl", "--format", "junit"]);
    assert!(junit.out.starts_with("<?xml"), "{}", junit.out);
    let files = [
        "report",
        "out",
        "--format",
        "markdown",
        "--out",
        "made/for/it",
    ];
    assert_eq!(scene.answer(&files).status, Some(0));
    assert!(scene.path().join("made/for/it/summary.md").is_file());
}

#[test]
fn a_report_that_cannot_be_made_is_exit_status_2_and_says_why() {
    let scene = Scene::new(&[("a.wast", GOOD.as_bytes())]);
    scene.conformance(&[]);
    for (arguments, part) in [
        (&["report", "nowhere"][..], "cannot read nowhere"),
        (&["report", "out", "--format", "badge"], "--out DIR"),
        (&["report", "out", "--format", "json,junit"], "--out DIR"),
        (
            &["report", "out", "--baseline", "nowhere"],
            "cannot read nowhere",
        ),
    ] {
        let answer = scene.answer(arguments);
        assert_eq!(answer.status, Some(2), "{arguments:?}: {}", answer.err);
        assert!(answer.err.contains(part), "no `{part}` in {}", answer.err);
    }
}

#[test]
fn what_was_seen_of_a_host_driven_test_is_kept_and_drawn_where_it_fails() {
    let scene = Scene::new(&[]);
    let test = "../spec-tests/host/resources/lent_and_dropped_traps.wat";
    let test = Path::new(env!("CARGO_MANIFEST_DIR")).join(test);
    let test = test.to_str().expect("the workspace's path is UTF-8");
    let run = [
        "conformance",
        "--runtime",
        "reference",
        "--out",
        "out",
        test,
    ];
    let trace = || {
        let facts = fs::read_to_string(scene.path().join("out/facts.jsonl")).unwrap();
        let facts = facts
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        let facts: Vec<serde_json::Value> = facts.collect();
        let trace = facts.iter().find(|fact| fact["kind"] == "trace");
        trace.unwrap()["explanation"].clone()
    };
    let passes = scene.answer(&run);
    assert_eq!(passes.status, Some(0), "{}{}", passes.out, passes.err);
    assert_eq!(trace()["allowed"], serde_json::json!([]));
    let standings = |trace: &serde_json::Value| {
        let rows = trace["observed"]["rows"].as_array().unwrap();
        let standings = rows.iter().map(|row| row["standing"].to_string());
        standings.collect::<Vec<_>>().join(" ")
    };
    assert!(!standings(&trace()).contains("first"), "{}", trace());
    assert_ne!(trace()["reference"]["rows"], serde_json::json!([]));
    let broken = ["--mutant", "resource.drop/lends", "--explain"];
    let fails = scene.answer(&[&run[..], &broken].concat());
    assert_eq!(fails.status, Some(1), "{}{}", fails.out, fails.err);
    assert!(standings(&trace()).contains("\"first\""), "{}", trace());
    let allowed = trace()["allowed"][0]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let drawn = fails.out.split_once("what the specification allows next");
    let (_, drawn) = drawn.expect("it is drawn");
    assert!(drawn.contains(&allowed), "no `{allowed}` in {drawn}");
}

#[test]
fn a_vendor_names_an_expectations_file_of_their_own() {
    let scene = Scene::new(&[("bad.wast", BAD.as_bytes())]);
    let missing = scene.conformance(&["--expectations", "known.toml"]);
    assert_eq!(missing.status, Some(2), "{}{}", missing.out, missing.err);
    assert!(missing.err.contains("known.toml"), "{}", missing.err);
    let known = "[[expect]]\nsuite = \"official\"\nglob = \"bad.wast\"\nline = 3\n\
                 verdict = \"fail\"\nreason = \"not looked at\"\n";
    fs::write(scene.path().join("known.toml"), known).unwrap();
    let answer = scene.conformance(&["--expectations", "known.toml"]);
    assert_eq!(answer.status, Some(0), "{}{}", answer.out, answer.err);
    let two = ["--runtime", "reference", "--expectations", "known.toml"];
    assert_eq!(scene.conformance(&two).status, Some(2));
}

#[cfg(unix)]
#[test]
fn the_action_runs_a_runtime_and_keeps_its_summary_and_status() {
    let scene = Scene::new(&[("values/bad.wast", BAD.as_bytes())]);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../reports/action.sh");
    let answer: Answer = Command::new("bash")
        .arg(script)
        .current_dir(scene.path())
        .env("ASSIZE_XTASK", env!("CARGO_BIN_EXE_xtask"))
        .env("ASSIZE_OFFICIAL", "suite")
        .env("ASSIZE_RUNTIME", "wasmtime")
        .env("ASSIZE_SUITES", "official")
        .env("ASSIZE_BASELINE", "not/there/yet")
        .env("ASSIZE_OUT", "out")
        .env("GITHUB_STEP_SUMMARY", "summary")
        .env("GITHUB_OUTPUT", "output")
        .output()
        .expect("bash starts")
        .into();
    assert_eq!(answer.status, Some(1), "{}{}", answer.out, answer.err);
    let read = |name: &str| fs::read_to_string(scene.path().join(name)).unwrap();
    assert_eq!(read("output"), "status=1\n");
    assert_eq!(read("summary"), read("out/summary.md"));
    assert!(read("out/junit.xml").contains("values/bad.wast:3: "));
    for input in [
        "RUNTIME",
        "SUITES",
        "BASELINE",
        "EXPECTATIONS",
        "TIMEOUT",
        "OUT",
    ] {
        let action = include_str!("../../action.yml");
        assert!(
            action.contains(&format!("ASSIZE_{input}: ${{{{ inputs.")),
            "{input}"
        );
    }
}

#[test]
fn a_pipe_gets_neither_colours_nor_a_progress_bar() {
    let scene = Scene::new(&[("bad.wast", BAD.as_bytes())]);
    let answer = scene.conformance(&[]);
    assert!(!answer.out.contains('\u{1b}'), "{:?}", answer.out);
    assert_eq!(answer.err, "");
    let forced = scene
        .command(&["conformance", "suite/bad.wast", "--out", "out"])
        .env("CLICOLOR_FORCE", "1")
        .output()
        .expect("xtask starts");
    assert!(
        Answer::from(forced).out.contains('\u{1b}'),
        "colours are there to be taken out"
    );
}

#[test]
fn a_wrong_command_line_is_exit_status_2_and_says_what_is_wrong() {
    let scene = Scene::new(&[("good.wast", GOOD.as_bytes())]);
    let cases: &[(&[&str], &[&str])] = &[
        (&["--frobnicate"], &["--frobnicate"]),
        (
            &["--runtime", "wasmtim"],
            &["wasmtim", "known runtimes", "wasmtime"],
        ),
        (&["--suite", "offical"], &["offical", "'official'"]),
        (&["--jobs", "0"], &["1 or more"]),
        (&["--timeout", "0"], &["more than 0 seconds"]),
        (&["--timeout", "-1"], &["more than 0 seconds"]),
        (&["--timeout", "soon"], &["not a number of seconds"]),
        (&["--only", "a["], &["bad glob `a[`"]),
        (
            &["--suite", "official", "--official", "nowhere"],
            &["`official` not found", "nowhere"],
        ),
        (
            &["suite/good.wast", "--suite", "core"],
            &["cannot be used with"],
        ),
        (
            &[
                "--suite",
                "official",
                "--official",
                "suite",
                "--only",
                "zzz",
            ],
            &["matches zzz"],
        ),
    ];
    for (arguments, parts) in cases {
        let answer = scene.answer(&[&["conformance"], *arguments].concat());
        assert_eq!(
            answer.status,
            Some(2),
            "{arguments:?}: {}{}",
            answer.out,
            answer.err
        );
        for part in *parts {
            assert!(
                answer.err.contains(part),
                "{arguments:?}: no `{part}` in {}",
                answer.err
            );
        }
        assert_eq!(answer.out, "", "{arguments:?}");
    }
}

#[test]
fn results_that_cannot_be_written_are_an_error_that_names_the_place() {
    let scene = Scene::new(&[("good.wast", GOOD.as_bytes())]);
    fs::write(scene.path().join("out"), "a file, not a folder").unwrap();
    let answer = scene.conformance(&[]);
    assert_eq!(answer.status, Some(1), "{}{}", answer.out, answer.err);
    assert!(
        answer.err.contains("cannot write out/results.jsonl"),
        "{}",
        answer.err
    );
}

#[test]
fn fetching_without_git_says_that_git_is_needed() {
    let scene = Scene::new(&[]);
    let fetch = ["suite", "fetch", "--dir", "suites"];
    let output = scene
        .command(&fetch)
        .env("PATH", scene.path())
        .output()
        .expect("xtask starts");
    let answer = Answer::from(output);
    assert_eq!(answer.status, Some(1), "{}{}", answer.out, answer.err);
    assert!(answer.err.contains("git is needed"), "{}", answer.err);
}

#[test]
fn fetching_without_a_network_says_what_could_not_be_reached() {
    let scene = Scene::new(&[]);
    // git rewrites the addresses to a folder that does not exist, so that nothing is reached.
    let output = scene
        .command(&["suite", "fetch", "--dir", "suites"])
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "url.nowhere.insteadOf")
        .env("GIT_CONFIG_VALUE_0", "https://github.com")
        .output()
        .expect("xtask starts");
    let answer = Answer::from(output);
    assert_eq!(answer.status, Some(1), "{}{}", answer.out, answer.err);
    assert!(
        answer
            .err
            .contains("cannot fetch https://github.com/WebAssembly"),
        "{}",
        answer.err
    );
    assert!(answer.err.contains("--official DIR"), "{}", answer.err);
}

/// A handle that is not there is dropped: the trap comes under `table.get/bounds`.
const MISSING: &str = r#"(component
  (type $r (resource (rep i32)))
  (core func $drop (canon resource.drop $r))
  (func (export "drop") (param "index" u32) (canon lift (core func $drop))))
(assert_trap (invoke "drop" (u32.const 1)) "missing")
"#;

#[test]
fn rules_counts_what_a_suite_reaches() {
    let scene = Scene::new(&[("a.wast", MISSING.as_bytes())]);
    let command = "rules --suite official --official suite --format json";
    let answer = scene.answer(&command.split(' ').collect::<Vec<_>>());
    assert_eq!(answer.status, Some(0), "{}", answer.err);
    let document: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    let rules = document["rules"].as_array().unwrap();
    let count = |id: &str| {
        let rule = rules.iter().find(|rule| rule["rule"] == id).unwrap();
        (rule["holds"].clone(), rule["does_not_hold"].clone())
    };
    assert_eq!(count("table.get/bounds"), (1.into(), 0.into()));
    assert_eq!(count("table.get/empty"), (0.into(), 0.into()));
}

#[test]
fn mutants_ends_with_the_score_and_names_what_survived() {
    let scene = Scene::new(&[("a.wast", MISSING.as_bytes())]);
    let command = "mutants --suite official --official suite";
    let answer = scene.answer(&command.split(' ').collect::<Vec<_>>());
    assert_eq!(answer.status, Some(0), "{}", answer.err);
    // Without the rule, the next one traps, and a verdict does not tell the two apart.
    let survived = "survived  table.get/bounds (never traps): ";
    assert!(answer.out.contains(survived), "{}", answer.out);
    let unreached = "unreached  resource.rep/kind (never traps): ";
    assert!(answer.out.contains(unreached), "{}", answer.out);
    let last = answer.out.lines().last().unwrap_or_default();
    assert!(last.starts_with("killed "), "{last}");
    assert!(last.ends_with(" %"), "{last}");
}

#[test]
fn a_mutant_fails_where_its_rule_is_tested_and_nowhere_else() {
    let text = r#"(component
      (core module $M (func (export "f") (result i32) (i32.const 0x110000)))
      (core instance $m (instantiate $M))
      (func (export "f") (result char) (canon lift (core func $m "f"))))
    (assert_trap (invoke "f") "char/range")"#;
    let scene = Scene::new(&[("a.wast", text.as_bytes())]);
    let run = |mutant| {
        let command = "conformance suite/a.wast --runtime reference --out out --mutant";
        let arguments: Vec<&str> = command.split(' ').chain([mutant]).collect();
        scene.answer(&arguments)
    };
    let missed = run("char/range");
    assert_eq!(missed.status, Some(1), "{}", missed.out);
    assert!(missed.out.contains("suite/a.wast:5:5"), "{}", missed.out);
    assert_eq!(run("char/surrogate").status, Some(0));
    let unknown = run("no/such-rule");
    assert_eq!(unknown.status, Some(2));
    assert!(
        unknown.err.contains("there is no such rule"),
        "{}",
        unknown.err
    );
}

#[cfg(unix)]
#[test]
fn arguments_of_test_go_to_cargo_and_those_after_the_dashes_to_the_tests() {
    let scene = Scene::new(&[]);
    // `echo` stands in for cargo and says what it would be given.
    let cases: [(&[&str], &str); 4] = [
        (&[], "test --workspace\n"),
        (
            &["--release", "values"],
            "test --workspace --release values\n",
        ),
        (&["--", "--ignored"], "test --workspace -- --ignored\n"),
        (
            &["values", "--", "--ignored"],
            "test --workspace values -- --ignored\n",
        ),
    ];
    for (arguments, given) in cases {
        let mut command = scene.command(&[&["test"], arguments].concat());
        let answer = Answer::from(command.env("CARGO", "echo").output().expect("xtask starts"));
        assert_eq!(
            (answer.status, answer.out.as_str()),
            (Some(0), given),
            "{}",
            answer.err
        );
    }
}

/// A call that returns 1.
const ONE: &str = r#"(component
  (core module $M (func (export "one") (result i32) (i32.const 1)))
  (core instance $m (instantiate $M))
  (func (export "one") (result u32) (canon lift (core func $m "one"))))
"#;

#[test]
fn explore_says_whether_every_assertion_holds_in_every_schedule() {
    let holds = format!("{ONE}(assert_return (invoke \"one\") (u32.const 1))\n");
    let breaks = format!("{ONE}(assert_return (invoke \"one\") (u32.const 2))\n");
    let scene = Scene::new(&[
        ("holds.wast", holds.as_bytes()),
        ("breaks.wast", breaks.as_bytes()),
    ]);
    let answer = scene.answer(&["explore", "suite/holds.wast", "--format", "json"]);
    assert_eq!(answer.status, Some(0), "{}", answer.err);
    let found: serde_json::Value = serde_json::from_str(&answer.out).expect("a JSON document");
    assert_eq!(found["complete"], true);
    assert_eq!(found["outcomes"], 2);

    let answer = scene.answer(&["explore", "suite/breaks.wast"]);
    assert_eq!(answer.status, Some(1), "{}", answer.err);
    assert!(
        answer.out.contains("suite/breaks.wast:5 assert_return"),
        "{}",
        answer.out
    );
    assert!(answer.out.contains("returned 1"), "{}", answer.out);
}

#[test]
fn trace_replays_a_schedule_and_refuses_one_of_another_script() {
    let holds = format!("{ONE}(assert_return (invoke \"one\") (u32.const 1))\n");
    let scene = Scene::new(&[
        ("holds.wast", holds.as_bytes()),
        ("other.txt", b"tick 1/2\n"),
        ("none.txt", b"tick 2/2\n"),
    ]);
    let trace = |more: &[&str]| scene.answer(&[&["trace", "suite/holds.wast"], more].concat());
    let answer = trace(&[]);
    assert_eq!(answer.status, Some(0), "{}", answer.err);
    assert!(
        answer.out.ends_with("5: invoke one() -> returned 1\n"),
        "{}",
        answer.out
    );
    assert_eq!(trace(&["--seed", "3"]).out, answer.out);
    let other = trace(&["--schedule", "suite/other.txt"]);
    assert_eq!(other.status, Some(2));
    assert!(other.err.contains("step 1"), "{}", other.err);
    let none = trace(&["--schedule", "suite/none.txt"]);
    assert_eq!(none.status, Some(2));
    assert!(none.err.contains("line 1"), "{}", none.err);
}

const SELF_CHECKING: &str = "(component $c
  (core module $m (func (export \"f\") (result i32) (i32.const 7)))
  (core instance $i (instantiate $m))
  (func (export \"f\") (result u8) (canon lift (core func $i \"f\"))))
(assert_return (invoke \"f\") (u8.const 7))
";

#[test]
fn a_command_line_that_runs_scripts_or_commands_is_a_runtime() {
    let scene = Scene::new(&[("a.wast", SELF_CHECKING.as_bytes())]);
    let run = |runtime: &str| {
        let arguments = [
            "conformance",
            "suite/a.wast",
            "--out",
            "out",
            "--runtime",
            runtime,
        ];
        scene.answer(&arguments)
    };
    let script = "grep -q binary \"$1\"";
    let passed = run(&format!("name=wast-cli:sh -c '{script}' sh"));
    assert_eq!(passed.status, Some(0), "{}{}", passed.out, passed.err);
    let failed = run("command:sh -c 'echo wrong; exit 1' sh");
    assert_eq!(failed.status, Some(1), "{}{}", failed.out, failed.err);
    assert!(failed.out.contains("wrong"), "{}", failed.out);
}

#[test]
fn our_suite_is_built_in_all_its_forms() {
    let scene = Scene::new(&[]);
    let arguments = ["suite", "build", "--out", "built", "--only", "records/*"];
    let answer = scene.answer(&arguments);
    assert_eq!(answer.status, Some(0), "{}", answer.err);
    let list = fs::read(scene.path().join("built/suite.json")).expect("a list of tests");
    let list: serde_json::Value = serde_json::from_slice(&list).expect("JSON");
    let tests = list["tests"].as_array().expect("tests");
    assert!(!tests.is_empty());
    for form in tests
        .iter()
        .flat_map(|test| test["forms"].as_array())
        .flatten()
    {
        let path = form["path"].as_str().expect("a path");
        assert!(scene.path().join("built").join(path).is_file(), "{path}");
    }
    let nothing = scene.answer(&["suite", "build", "--out", "built", "--only", "nothing/*"]);
    assert_eq!(nothing.status, Some(2));
}

#[test]
fn runtimes_that_are_not_here_are_no_failure() {
    let scene = Scene::new(&[]);
    let mut command = scene.command(&["runtimes", "--format", "json"]);
    let answer = Answer::from(command.env("PATH", "").output().expect("xtask starts"));
    assert_eq!(answer.status, Some(0), "{}", answer.err);
    let known: serde_json::Value = serde_json::from_str(&answer.out).expect("JSON");
    let runtimes = known["runtimes"].as_array().expect("runtimes");
    let presence = |name: &str| {
        let found = runtimes.iter().find(|runtime| runtime["name"] == name);
        found.expect("it is known")["presence"].clone()
    };
    assert_eq!(presence("reference"), "built-in");
    assert_eq!(presence("wasmer"), "not-found");
}

/// A host-driven test that is the same on every runtime.
const HOST_TEST: &str = ";; It returns what it is given.\n;; script: call a = f(7)\n(component
  (core module $M (func (export \"f\") (param i32) (result i32) (local.get 0)))
  (core instance $i (instantiate $M))
  (func (export \"f\") (param \"n\" u32) (result u32) (canon lift (core func $i \"f\"))))\n";

/// One in which a trap comes under a rule of which there is a mutant.
const TRAP: &str = ";; A handle that is not there.\n;; script: start a = f()\n(component
  (type $r (resource (rep i32)))
  (core func $drop (canon resource.drop $r))
  (core module $M
    (import \"\" \"drop\" (func $drop (param i32)))
    (func (export \"f\") (call $drop (i32.const 0))))
  (core instance $i (instantiate $M (with \"\" (instance (export \"drop\" (func $drop))))))
  (func (export \"f\") (canon lift (core func $i \"f\"))))\n";

#[test]
fn a_campaign_ends_with_its_last_line_and_says_whether_anything_is_new() {
    let scene = Scene::new(&[("a.wat", HOST_TEST.as_bytes()), ("b.wat", TRAP.as_bytes())]);
    let fuzz = |against| {
        let line = "fuzz --corpus suite --findings found --cases 4 --from 0 --against";
        let arguments: Vec<&str> = line.split(' ').chain([against]).collect();
        scene.answer(&arguments)
    };
    let answer = fuzz("reference@seed:3");
    assert_eq!(answer.status, Some(0), "{}{}", answer.out, answer.err);
    let last = "findings: 0 new, 0 known; undecided: 0 of 4 cases\n";
    assert!(answer.out.ends_with(last), "{}", answer.out);

    let mutant = "reference@mutant:table.get/empty";
    let answer = fuzz(mutant);
    assert_eq!(answer.status, Some(1), "{}{}", answer.out, answer.err);
    let last = "findings: 1 new, 0 known; undecided: 0 of 4 cases\n";
    assert!(answer.out.ends_with(last), "{}", answer.out);
    let answer = fuzz(mutant);
    assert_eq!(answer.status, Some(0), "{}{}", answer.out, answer.err);
    let last = "findings: 0 new, 1 known; undecided: 0 of 4 cases\n";
    assert!(answer.out.ends_with(last), "{}", answer.out);

    let found = fs::read_dir(scene.path().join("found")).unwrap();
    let found: Vec<_> = found.map(|entry| entry.unwrap().path()).collect();
    let [dir] = &found[..] else {
        panic!("{found:?}");
    };
    let dir = dir.to_str().unwrap();
    let answer = scene.answer(&["reproduce", dir]);
    assert_eq!(answer.status, Some(1), "{}{}", answer.out, answer.err);
    assert!(
        answer.out.contains("reproduced: reference-"),
        "{}",
        answer.out
    );
}

#[test]
fn what_is_wrong_with_a_campaign_is_one_line_and_exit_status_2() {
    let scene = Scene::new(&[("bad/program.json", b"{\"version\": 1, \"instances\": 3}")]);
    fs::create_dir_all(scene.path().join("suite/old")).unwrap();
    let old = b"{\"version\": 7}";
    fs::write(scene.path().join("suite/old/program.json"), old).unwrap();
    fs::create_dir_all(scene.path().join("suite/none")).unwrap();
    let cut = scene.path().join("suite/cut");
    fs::create_dir_all(&cut).unwrap();
    fs::write(
        cut.join("program.json"),
        "{\"version\": 1, \"instances\": [",
    )
    .unwrap();
    fs::write(cut.join("finding.json"), "{\"version\": 9}").unwrap();
    for (arguments, wanted) in [
        ("fuzz --against nothing", "unknown runtime `nothing`"),
        (
            "fuzz --against gone=/no/such/program",
            "the adapter does not start: `/no/such/program`",
        ),
        (
            "fuzz --against reference@mutant:no",
            "there is no rule `no`",
        ),
        (
            "fuzz --against reference --corpus suite/bad",
            "bad/program.json: invalid type",
        ),
        (
            "fuzz --against reference --corpus suite/old",
            "old/program.json: it is of version 7, and this program reads 1",
        ),
        (
            "fuzz --against reference --corpus suite/cut",
            "cut/program.json: EOF while parsing",
        ),
        (
            "reproduce suite/cut",
            "cut/finding.json: it is of version 9, and this program reads 1",
        ),
        (
            "fuzz --against reference --corpus suite/none",
            "there is no `.wat` and no program",
        ),
        (
            "fuzz --against reference --corpus nowhere",
            "nowhere: No such file",
        ),
        (
            "fuzz --engine libfuzzer --against jco",
            "`--engine random` takes any",
        ),
        (
            "fuzz --engine libfuzzer --against wasmtime --cases 3",
            "`--cases` is of `--engine random`",
        ),
        ("reproduce suite/none", "finding.json: No such file"),
        ("minimise suite/none", "finding.json: No such file"),
        ("promote suite/none", "finding.json: No such file"),
    ] {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let answer = scene.answer(&arguments);
        assert_eq!(
            answer.status,
            Some(2),
            "{arguments:?}: {}{}",
            answer.out,
            answer.err
        );
        assert_eq!(
            answer.err.lines().count(),
            1,
            "{arguments:?}: {}",
            answer.err
        );
        assert!(answer.err.contains(wanted), "{arguments:?}: {}", answer.err);
    }
}

/// A cargo that has a nightly toolchain and cargo-fuzz, and whose fuzzer ends once, with an input that a
/// sanitizer and one that nothing has said something of.
const FUZZING_CARGO: &str = "#!/bin/sh
case \"$*\" in
    *--version) echo cargo 1.97.0-nightly; exit;;
    *' build '*) exit;;
esac
[ -f \"$DIR/once\" ] && { sleep 1; exit; }
touch \"$DIR/once\"
for input in crash-1 timeout-2; do cp \"$DIR/programs/0-0.json\" \"$DIR/artifacts/$input\"; done
echo '#40 NEW cov: 7 ft: 9 corp: 3/4b' >&2
echo 'SUMMARY: AddressSanitizer: heap-use-after-free x.rs:3' >&2
echo \"Test unit written to $DIR/artifacts/crash-1\" >&2
echo 'SUMMARY: libFuzzer: timeout' >&2
echo \"Test unit written to $DIR/artifacts/timeout-2\" >&2
exit 77
";

#[cfg(unix)]
#[test]
fn what_libfuzzer_ends_with_becomes_findings_and_the_last_line_is_that_of_every_campaign() {
    use std::os::unix::fs::PermissionsExt;

    let scene = Scene::new(&[("bin/cargo", FUZZING_CARGO.as_bytes())]);
    let cargo = scene.path().join("suite/bin/cargo");
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
    let line = "fuzz --engine libfuzzer --against reference --time 1s --jobs 1 --corpus work \
                --findings found";
    let arguments: Vec<&str> = line.split_whitespace().collect();
    let path = format!("{}:/usr/bin:/bin", scene.path().join("suite/bin").display());
    let mut command = scene.command(&arguments);
    command
        .env("PATH", path)
        .env("DIR", scene.path().join("work"));
    let answer = Answer::from(command.output().expect("xtask starts"));
    assert_eq!(answer.status, Some(1), "{}{}", answer.out, answer.err);
    let last = "findings: 1 new, 0 known; undecided: 0 of 0 cases\n";
    assert!(answer.out.ends_with(last), "{}", answer.out);
    assert!(
        answer.out.starts_with("coverage 7, features 9, corpus 3\n"),
        "{}",
        answer.out
    );
    let note = "timeout-2 shows nothing when it is run again: libFuzzer: timeout";
    assert!(answer.err.contains(note), "{}", answer.err);
    let found = fs::read_dir(scene.path().join("found")).unwrap();
    let found: Vec<_> = found.map(|entry| entry.unwrap().path()).collect();
    let [dir] = &found[..] else {
        panic!("{found:?}");
    };
    assert!(dir.join("report.md").is_file() && dir.join("program.json").is_file());
    let left = fs::read_dir(scene.path().join("work/artifacts")).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["timeout-2"]);
}

#[test]
fn the_bench_says_of_each_mutant_whether_it_was_noticed() {
    let scene = Scene::new(&[]);
    let answer = scene.answer(&[
        "fuzz",
        "bench",
        "--rule",
        "task.return/resolved",
        "--seeds",
        "1",
        "--limit",
        "20s",
        "--form",
        "straight",
    ]);
    assert_eq!(answer.status, Some(0), "{}{}", answer.out, answer.err);
    assert!(
        answer.out.contains("\ntask.return/resolved "),
        "{}",
        answer.out
    );
    let last = "found with every seed: 1 of 1 observable mutants (100.0 %); 0 are equivalent\n";
    assert!(answer.out.ends_with(last), "{}", answer.out);
}
