//! A run as JUnit XML, which Jenkins, GitLab and most other servers show: a test suite for each
//! suite on each runtime, and a test case for each test.
//!
//! What is as expected must not make a build red, so a test whose deviations are known, or which
//! needs what the runtime does not claim to have, is *skipped*, with the reason.
//!
//! The schema by which Jenkins' xUnit plugin validates has no attributes for a test's file and
//! line, and times of three decimals. So the name of a case is the file, and the message of a
//! failure begins with file and line.

use std::{fmt::Write, io};

use assize_harness::results::Verdict;
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use crate::{
    Report,
    changes::{Change, Changes},
    model::{Directive, Part, Run, Source, Status, Test, TestRun},
    wrap::cut,
};

/// How many directives of one test are told of.
const DIRECTIVES: usize = 20;

/// How many characters of a message stand in an attribute, which is one line.
const MESSAGE: usize = 200;

/// One test case.
struct Case {
    class: String,
    name: String,
    seconds: f64,
    outcome: Outcome,
    output: String,
}

/// How a test case went.
enum Outcome {
    Passed,
    Skipped {
        message: String,
    },
    /// The runtime did something else than it should.
    Failure(Complaint),
    /// The runtime died, hung, answered nonsense, or could not be judged.
    Error(Complaint),
}

struct Complaint {
    message: String,
    kind: &'static str,
    text: String,
}

/// A test suite: a suite on a runtime.
struct Cases {
    name: String,
    properties: Vec<(&'static str, String)>,
    cases: Vec<Case>,
}

#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
    seconds: f64,
}

/// The whole run as a JUnit document.
pub fn junit(report: &Report) -> String {
    let parts = report.run.parts();
    let suites = parts.iter().map(|part| cases(report, part));
    let suites: Vec<Cases> = suites.chain(problems(&report.run)).collect();
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    // Writing into memory does not fail.
    let _ = write(&mut writer, report, &suites);
    let mut text = String::from_utf8_lossy(&writer.into_inner()).into_owned();
    text.push('\n');
    text
}

fn cases(report: &Report, part: &Part<'_>) -> Cases {
    let run = &report.run;
    let runtime = run.runtime(part.runtime);
    let mut properties = vec![
        ("runtime", runtime.name.to_string()),
        ("version", runtime.version.to_string()),
    ];
    let about = &run.about;
    let of_run = [("assize", &about.assize), ("revision", &about.revision)];
    for (name, value) in of_run {
        properties.extend(value.as_ref().map(|value| (name, value.to_string())));
    }
    if let Some(changes) = &report.changes {
        properties.push(("baseline", changes.baseline.to_string()));
        properties.push(("changes", changes.counts()));
    }
    let suite = &run.suite(part.suite).name;
    let tests = part.runs.iter();
    let tests = tests.map(|(test, of_test)| case(report, part, test, of_test));
    Cases {
        name: format!("{suite} on {}", run.label(part.runtime)),
        properties,
        cases: tests.chain(stale(run, part)).collect(),
    }
}

fn class(run: &Run, part: &Part<'_>, folder: &str) -> String {
    let suite = &run.suite(part.suite).name;
    let runtime = run.label(part.runtime);
    // A dot separates packages.
    let plain = |text: &str| text.replace('.', "_");
    let mut class = format!("{}.{}", plain(runtime), plain(suite));
    for folder in folder.split('/').filter(|folder| !folder.is_empty()) {
        class.push('.');
        class += &plain(folder);
    }
    class
}

fn case(report: &Report, part: &Part<'_>, test: &Test, of_test: &TestRun) -> Case {
    let run = &report.run;
    let file = run.place(test).to_string();
    let outcome = outcome(run, part, &file, of_test);
    #[allow(clippy::cast_precision_loss, reason = "a time to be shown")]
    let seconds = of_test.micros() as f64 / 1e6;
    Case {
        class: class(run, part, test.folder()),
        name: test.file.to_string(),
        seconds,
        outcome,
        output: report
            .changes
            .as_ref()
            .map(|changes| changed(changes, run, part, test))
            .unwrap_or_default(),
    }
}

fn outcome(run: &Run, part: &Part<'_>, file: &str, of_test: &TestRun) -> Outcome {
    let wrong =
        |one: &&Directive| matches!(one.status, Status::Unexpected { .. } | Status::NotCompared);
    let wrong: Vec<&Directive> = of_test.directives.iter().filter(wrong).collect();
    if let Some(worst) = wrong
        .iter()
        .max_by_key(|one| crate::changes::severity(one.verdict))
    {
        let mut text = String::new();
        for one in wrong.iter().take(DIRECTIVES) {
            add_directive(&mut text, file, one);
        }
        add_more(&mut text, wrong.len());
        let complaint = Complaint {
            message: first_line(file, worst),
            kind: worst.verdict.name(),
            text,
        };
        return match worst.verdict {
            Verdict::Crash | Verdict::Timeout | Verdict::Protocol | Verdict::Error => {
                Outcome::Error(complaint)
            }
            _ => Outcome::Failure(complaint),
        };
    }
    if let Some(entry) = of_test.mended.first() {
        let path = run.runtime(part.runtime).expectations.as_deref();
        let path = path.unwrap_or("expectations.toml");
        return Outcome::Failure(Complaint {
            message: format!(
                "{file}: passes, although {path}:{} says not",
                entry.defined_at
            ),
            kind: "mended",
            text: format!(
                "{path}:{} announces {}: {}\nRemove the entry if this is here to stay.\n",
                entry.defined_at, entry.verdict, entry.reason
            ),
        });
    }
    skipped(of_test)
}

/// Why a test did not pass as a whole, if that is known; or that it did.
fn skipped(of_test: &TestRun) -> Outcome {
    let mut reasons: Vec<String> = Vec::new();
    let mut count = 0;
    for directive in &of_test.directives {
        let reason = match &directive.status {
            Status::Known(entry) => format!("known: {}: {}", directive.verdict, entry.reason),
            Status::Beyond => {
                let lacks = directive.capability.as_deref().unwrap_or("something");
                format!("the runtime does not claim to have {lacks}")
            }
            Status::Undecided => {
                let why = directive.actual.as_deref().unwrap_or_default();
                format!("undecided: {why}")
            }
            Status::Passed | Status::Unexpected { .. } | Status::NotCompared => continue,
        };
        count += 1;
        if !reasons.contains(&reason) && reasons.len() < DIRECTIVES {
            reasons.push(reason);
        }
    }
    match count {
        0 => Outcome::Passed,
        _ => {
            let all = of_test.directives.len();
            let message = format!("{count} of {all} directives: {}", reasons.join("; "));
            Outcome::Skipped {
                message: one_line(&message),
            }
        }
    }
}

/// Entries about nothing are a failed test of the expectations.
fn stale(run: &Run, part: &Part<'_>) -> Vec<Case> {
    let of_part =
        |stale: &&crate::model::Stale| (stale.suite, stale.runtime) == (part.suite, part.runtime);
    let path = run.runtime(part.runtime).expectations.as_deref();
    let path = path.unwrap_or("expectations.toml");
    let stale = run.stale.iter().filter(of_part);
    let stale = stale.map(|stale| Case {
        class: class(run, part, "expectations"),
        name: match stale.entry.line {
            Some(line) => format!("{}:{line}", stale.entry.glob),
            None => stale.entry.glob.to_string(),
        },
        seconds: 0.0,
        outcome: Outcome::Failure(Complaint {
            message: format!(
                "{path}:{}: the suite has no such {}",
                stale.entry.defined_at, stale.missing
            ),
            kind: "stale",
            text: format!(
                "{path}:{} announces {}: {}\n",
                stale.entry.defined_at, stale.entry.verdict, stale.entry.reason
            ),
        }),
        output: String::new(),
    });
    stale.collect()
}

/// Damaged results are errors: what was not read may have failed. All else that is damaged or
/// missing takes nothing away from the results.
fn problems(run: &Run) -> Option<Cases> {
    let cases = run.problems.iter().map(|problem| {
        let line = problem.line.map(|line| format!(":{line}"));
        let name = format!("{}{}", problem.file, line.unwrap_or_default());
        let message = one_line(&format!("{name}: {}", problem.what));
        Case {
            class: "results".to_owned(),
            name,
            seconds: 0.0,
            outcome: match problem.about {
                Source::Results => Outcome::Error(Complaint {
                    message,
                    kind: "damaged",
                    text: problem.what.to_string(),
                }),
                Source::Facts | Source::Baseline => Outcome::Skipped { message },
            },
            output: String::new(),
        }
    });
    let cases: Vec<Case> = cases.collect();
    (!cases.is_empty()).then(|| Cases {
        name: "results".to_owned(),
        properties: Vec::new(),
        cases,
    })
}

fn changed(changes: &Changes, run: &Run, part: &Part<'_>, test: &Test) -> String {
    let (runtime, suite) = (run.label(part.runtime), &run.suite(part.suite).name);
    let mut text = String::new();
    let kinds = [("worse", &changes.worse), ("better", &changes.better)];
    for (word, list) in kinds {
        let here = |change: &&Change| {
            (&change.runtime, &change.suite, &change.file) == (runtime, suite, &test.file)
        };
        for change in list.iter().filter(here).take(DIRECTIVES) {
            // Writing to a string does not fail.
            let _ = writeln!(
                text,
                "{word} than the baseline: line {}: {} -> {}",
                change.line, change.before, change.after
            );
        }
    }
    text
}

/// A directive, with what was expected and what happened.
fn add_directive(text: &mut String, file: &str, one: &Directive) {
    let (line, column) = (one.line, one.column);
    let _ = writeln!(
        text,
        "{file}:{line}:{column} {}: {}",
        one.keyword, one.verdict
    );
    let fields = [
        ("expected", &one.expected),
        ("actual", &one.actual),
        ("missing", &one.capability),
        ("rule", &one.rule),
    ];
    for (name, value) in fields {
        let Some(value) = value else {
            continue;
        };
        let value = value.replace('\n', "\n            ");
        let _ = writeln!(text, "  {name:<9} {value}");
    }
}

fn add_more(text: &mut String, count: usize) {
    if let Some(more @ 1..) = count.checked_sub(DIRECTIVES) {
        let _ = writeln!(text, "and {more} more");
    }
}

/// What is wrong with a directive, in a line.
fn first_line(file: &str, one: &Directive) -> String {
    let actual = one.actual.as_deref().or(one.expected.as_deref());
    // Of a timeline, the line that is wrong.
    let marked = actual.and_then(|text| text.lines().find(|line| line.starts_with("! ")));
    let actual = marked.or(actual.and_then(|text| text.lines().next()));
    let what = match actual {
        Some(actual) => format!("{file}:{}: {}", one.line, actual.trim()),
        None => format!("{file}:{}: {} of {}", one.line, one.verdict, one.keyword),
    };
    one_line(&what)
}

fn one_line(text: &str) -> String {
    cut(&text.replace('\n', " "), MESSAGE)
}

impl Counts {
    fn of(cases: &[Case]) -> Self {
        let mut counts = Self {
            tests: cases.len(),
            ..Self::default()
        };
        for case in cases {
            counts.seconds += case.seconds;
            match case.outcome {
                Outcome::Passed => {}
                Outcome::Skipped { .. } => counts.skipped += 1,
                Outcome::Failure(_) => counts.failures += 1,
                Outcome::Error(_) => counts.errors += 1,
            }
        }
        counts
    }
}

type Xml = Writer<Vec<u8>>;

fn write(writer: &mut Xml, report: &Report, suites: &[Cases]) -> io::Result<()> {
    let declaration = BytesDecl::new("1.0", Some("UTF-8"), None);
    writer.write_event(Event::Decl(declaration))?;
    let cases = suites.iter().map(|suite| Counts::of(&suite.cases));
    let all = cases.fold(Counts::default(), |all, one| Counts {
        tests: all.tests + one.tests,
        failures: all.failures + one.failures,
        errors: all.errors + one.errors,
        skipped: all.skipped + one.skipped,
        seconds: all.seconds + one.seconds,
    });
    let root = writer
        .create_element("testsuites")
        .with_attribute(("name", "assize"))
        .with_attribute(("tests", &*all.tests.to_string()))
        .with_attribute(("failures", &*all.failures.to_string()))
        .with_attribute(("errors", &*all.errors.to_string()))
        .with_attribute(("time", &*time(all.seconds)));
    root.write_inner_content(|writer| {
        suites
            .iter()
            .try_for_each(|suite| write_suite(writer, report, suite))
    })?;
    Ok(())
}

fn write_suite(writer: &mut Xml, report: &Report, suite: &Cases) -> io::Result<()> {
    let counts = Counts::of(&suite.cases);
    let mut element = writer
        .create_element("testsuite")
        .with_attribute(("name", &*suite.name))
        .with_attribute(("tests", &*counts.tests.to_string()))
        .with_attribute(("failures", &*counts.failures.to_string()))
        .with_attribute(("errors", &*counts.errors.to_string()))
        .with_attribute(("skipped", &*counts.skipped.to_string()))
        .with_attribute(("time", &*time(counts.seconds)));
    if let Some(began) = report.run.about.began {
        element = element.with_attribute(("timestamp", &*crate::date::timestamp(began)));
    }
    element.write_inner_content(|writer| {
        write_properties(writer, &suite.properties)?;
        suite
            .cases
            .iter()
            .try_for_each(|case| write_case(writer, case))
    })?;
    Ok(())
}

/// Writes no element that is empty: schemas before `junit-10.xsd` do not have it so.
fn write_properties(writer: &mut Xml, properties: &[(&'static str, String)]) -> io::Result<()> {
    if properties.is_empty() {
        return Ok(());
    }
    let element = writer.create_element("properties");
    element.write_inner_content(|writer| {
        properties.iter().try_for_each(|(name, value)| {
            let property = writer.create_element("property");
            let property = property.with_attribute(("name", *name));
            property.with_attribute(("value", &**value)).write_empty()?;
            Ok(())
        })
    })?;
    Ok(())
}

fn write_case(writer: &mut Xml, case: &Case) -> io::Result<()> {
    let element = writer
        .create_element("testcase")
        .with_attribute(("classname", &*case.class))
        .with_attribute(("name", &*case.name))
        .with_attribute(("time", &*time(case.seconds)));
    if matches!(case.outcome, Outcome::Passed) && case.output.is_empty() {
        element.write_empty()?;
        return Ok(());
    }
    element.write_inner_content(|writer| {
        match &case.outcome {
            Outcome::Passed => {}
            Outcome::Skipped { message } => {
                let skipped = writer.create_element("skipped");
                skipped
                    .with_attribute(("message", &**message))
                    .write_empty()?;
            }
            Outcome::Failure(complaint) => write_complaint(writer, "failure", complaint)?,
            Outcome::Error(complaint) => write_complaint(writer, "error", complaint)?,
        }
        if !case.output.is_empty() {
            let output = writer.create_element("system-out");
            output.write_text_content(BytesText::new(&case.output))?;
        }
        Ok(())
    })?;
    Ok(())
}

fn write_complaint(writer: &mut Xml, name: &str, complaint: &Complaint) -> io::Result<()> {
    let element = writer
        .create_element(name)
        .with_attribute(("message", &*complaint.message))
        .with_attribute(("type", complaint.kind));
    element.write_text_content(BytesText::new(&complaint.text))?;
    Ok(())
}

fn time(seconds: f64) -> String {
    format!("{seconds:.3}")
}
