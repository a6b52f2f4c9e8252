//! A run as one JSON document. Its shape is stable: the schema is `reports/schema/summary.schema.json`,
//! made from the types here, and a change that could break a reader raises [`SCHEMA`].

use assize_harness::results::Verdict;
use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde::Serialize;

use crate::{
    Report,
    badge::Badge,
    changes::Changes,
    model::{Directive, Entry, Problem, Run, Runtime, RuntimeIndex, Status, SuiteIndex},
    tally::{self, Tally},
    text::Text,
};

/// The version of the document's shape.
const SCHEMA: u32 = 1;

/// A verdict's name, for the schema.
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code, reason = "only its schema is asked for")]
pub(crate) enum VerdictName {
    Pass,
    Fail,
    Unsupported,
    Crash,
    Timeout,
    #[serde(rename = "protocol-error")]
    ProtocolError,
    Undecided,
    Error,
}

/// What came of a run of Assize: the content of `summary.json`.
#[derive(Serialize, JsonSchema)]
struct Summary {
    /// The version of this format: 1.
    schema: u32,
    /// The version of Assize that ran the tests.
    assize: Option<Text>,
    /// The revision of the specification that they are written against.
    revision: Option<Text>,
    /// When the run began, in seconds since 1970.
    began: Option<u64>,
    /// Whether every result was as expected, and every expectation about something.
    as_expected: bool,
    /// Wall-clock time of the run, in milliseconds.
    millis: Option<u64>,
    /// The runtimes.
    runtimes: Vec<OfRuntime>,
    /// Counts over everything.
    totals: Tally,
    /// Counts for each suite on each runtime.
    suites: Vec<Counted>,
    /// Counts for each folder of a suite on each runtime.
    folders: Vec<Counted>,
    /// What did not go as expected.
    unexpected: Vec<Unexpected>,
    /// Entries of expectations that are about no file or line.
    stale: Vec<Stale>,
    /// What is different from the baseline, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<Changes>,
    /// What was missing or damaged in the results.
    problems: Vec<Problem>,
}

#[derive(Serialize, JsonSchema)]
struct OfRuntime {
    /// Its name.
    name: Text,
    /// Its version.
    version: Text,
    /// What it says that it has; absent where that was not recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    capabilities: Option<Vec<Text>>,
    /// Counts over all suites.
    totals: Tally,
}

#[derive(Serialize, JsonSchema)]
struct Counted {
    /// The suite's name.
    suite: Text,
    /// The folder within the suite, empty for files at its top; absent where the whole suite is
    /// counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    folder: Option<Text>,
    /// The runtime's name.
    runtime: Text,
    /// The runtime's version.
    version: Text,
    #[serde(flatten)]
    tally: Tally,
}

/// Something that did not go as expected.
#[derive(Serialize, JsonSchema)]
struct Unexpected {
    /// The suite's name.
    suite: Text,
    /// The runtime's name.
    runtime: Text,
    #[serde(flatten)]
    what: What,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase", tag = "kind")]
enum What {
    /// A directive did not pass, and no entry announces its verdict.
    Verdict {
        /// The result.
        result: Box<OneResult>,
        /// The other verdicts that entries announce; empty if it should pass.
        #[schemars(with = "Vec<VerdictName>")]
        expected: Vec<Verdict>,
    },
    /// An entry announces a verdict that no directive it covers has any more.
    Pass {
        /// The file.
        file: Text,
        /// The entry.
        expectation: Expectation,
        /// The line of the expectations file on which the entry starts, from 1.
        defined_at: u32,
    },
}

/// A line of `results.jsonl`.
#[derive(Serialize, JsonSchema)]
struct OneResult {
    runtime: Text,
    version: Text,
    suite: Text,
    file: Text,
    line: u32,
    column: u32,
    directive: Text,
    #[schemars(with = "VerdictName")]
    verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    capability: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<Detail>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<Text>,
    micros: u64,
}

#[derive(Serialize, JsonSchema)]
struct Detail {
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Option<Text>,
}

/// An entry of an expectations file.
#[derive(Serialize, JsonSchema)]
struct Expectation {
    suite: Text,
    glob: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[schemars(with = "VerdictName")]
    verdict: Verdict,
    reason: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    upstream: Option<Text>,
}

#[derive(Serialize, JsonSchema)]
struct Stale {
    /// The suite's name.
    suite: Text,
    /// The runtime's name.
    runtime: Text,
    /// The entry.
    expectation: Expectation,
    /// The line of the expectations file on which the entry starts, from 1.
    defined_at: u32,
    /// What it does not match: a `file` or a `line`.
    missing: Text,
}

/// The whole run as a JSON document, with a line break at its end.
pub fn json(report: &Report) -> String {
    let run = &report.run;
    let about = &run.about;
    pretty(&Summary {
        schema: SCHEMA,
        assize: about.assize.clone(),
        revision: about.revision.clone(),
        began: about.began,
        as_expected: run.is_as_expected(),
        millis: about
            .elapsed
            .and_then(|elapsed| u64::try_from(elapsed.as_millis()).ok()),
        runtimes: run
            .runtime_indices()
            .map(|it| of_runtime(run, it))
            .collect(),
        totals: tally::overall(run),
        suites: counted(run, tally::by_suite(run)),
        folders: counted(run, tally::by_folder(run)),
        unexpected: unexpected(run),
        stale: stale(run),
        changes: report.changes.clone(),
        problems: run.problems.clone(),
    })
}

/// The schema of the JSON document.
pub fn summary_schema() -> Schema {
    root::<Summary>()
}

/// The schema of a badge, as far as Assize uses what shields.io reads.
pub fn badge_schema() -> Schema {
    root::<Badge>()
}

fn root<T: JsonSchema>() -> Schema {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    settings.into_generator().into_root_schema_for::<T>()
}

/// A document of ours as text, with a line break at its end.
pub(crate) fn pretty(document: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(document)
        .expect("the document has string keys and no number that JSON lacks");
    text.push('\n');
    text
}

fn of_runtime(run: &Run, index: RuntimeIndex) -> OfRuntime {
    let Runtime {
        name,
        version,
        capabilities,
        ..
    } = run.runtime(index).clone();
    OfRuntime {
        name,
        version,
        capabilities,
        totals: tally::of_runtime(run, index),
    }
}

fn counted(run: &Run, groups: Vec<tally::Group>) -> Vec<Counted> {
    let groups = groups.into_iter();
    let counted = groups.map(|group| Counted {
        suite: run.suite(group.suite).name.clone(),
        folder: group.folder,
        runtime: run.runtime(group.runtime).name.clone(),
        version: run.runtime(group.runtime).version.clone(),
        tally: group.tally,
    });
    counted.collect()
}

fn unexpected(run: &Run) -> Vec<Unexpected> {
    let mut all = Vec::new();
    for part in run.parts() {
        let mut add = |what| {
            all.push(Unexpected {
                suite: run.suite(part.suite).name.clone(),
                runtime: run.runtime(part.runtime).name.clone(),
                what,
            });
        };
        for (test, of_test) in &part.runs {
            for directive in &of_test.directives {
                if let Status::Unexpected { announced } = &directive.status {
                    let result = one_result(run, part.suite, part.runtime, &test.file, directive);
                    add(What::Verdict {
                        result: Box::new(result),
                        expected: announced.clone(),
                    });
                }
            }
            for entry in &of_test.mended {
                add(What::Pass {
                    file: test.file.clone(),
                    expectation: expectation(run, part.suite, entry),
                    defined_at: entry.defined_at,
                });
            }
        }
    }
    all
}

fn one_result(
    run: &Run,
    suite: SuiteIndex,
    runtime: RuntimeIndex,
    file: &Text,
    directive: &Directive,
) -> OneResult {
    let (expected, actual) = (directive.expected.clone(), directive.actual.clone());
    OneResult {
        runtime: run.runtime(runtime).name.clone(),
        version: run.runtime(runtime).version.clone(),
        suite: run.suite(suite).name.clone(),
        file: file.clone(),
        line: directive.line,
        column: directive.column,
        directive: directive.keyword.clone(),
        verdict: directive.verdict,
        capability: directive.capability.clone(),
        detail: (expected.is_some() || actual.is_some()).then_some(Detail { expected, actual }),
        rule: directive.rule.clone(),
        micros: directive.micros,
    }
}

fn expectation(run: &Run, suite: SuiteIndex, entry: &Entry) -> Expectation {
    Expectation {
        suite: run.suite(suite).name.clone(),
        glob: entry.glob.clone(),
        line: entry.line,
        verdict: entry.verdict,
        reason: entry.reason.clone(),
        upstream: entry.upstream.clone(),
    }
}

fn stale(run: &Run) -> Vec<Stale> {
    let stale = run.stale.iter().map(|stale| Stale {
        suite: run.suite(stale.suite).name.clone(),
        runtime: run.runtime(stale.runtime).name.clone(),
        expectation: expectation(run, stale.suite, &stale.entry),
        defined_at: stale.entry.defined_at,
        missing: stale.missing.clone(),
    });
    stale.collect()
}
