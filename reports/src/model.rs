//! What a report is made of: a run as it was recorded, whether a moment or a year ago.
//!
//! [`read`](crate::reader::read) makes a [`Run`] from the files that [`record`](crate::record)
//! writes. Every text in it is a [`Text`], so that a format only has to escape what is special to
//! the format itself. Whatever an old or damaged file lacks is `None`, empty, or
//! [`Status::NotCompared`], and what is damaged is listed in [`Run::problems`].

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use assize_harness::results::Verdict;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{changes::severity, text::Text};

/// The place of a runtime in [`Run::runtimes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuntimeIndex(pub usize);

/// The place of a suite in [`Run::suites`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SuiteIndex(pub usize);

/// A run that is over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Run {
    /// When, for how long, and by what.
    pub about: About,
    /// The runtimes, in the order in which they were run. Two versions of one are two runtimes.
    pub runtimes: Vec<Runtime>,
    /// The suites, in the order in which they were run.
    pub suites: Vec<Suite>,
    /// The tests, which are files: by suite, then by name.
    pub tests: Vec<Test>,
    /// Entries of expectations that are about no file or line of a suite that was run in full.
    pub stale: Vec<Stale>,
    /// What is missing or damaged in the files that this was read from.
    pub problems: Vec<Problem>,
}

/// When a run was, for how long, and by what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// The version of Assize.
    pub assize: Option<Text>,
    /// The revision of the specification.
    pub revision: Option<Text>,
    /// When the run began, in seconds since 1970.
    pub began: Option<u64>,
    /// How long it took.
    pub elapsed: Option<Duration>,
}

/// A runtime that was tested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runtime {
    /// Its name.
    pub name: Text,
    /// Its version, as the runtime itself gives it.
    pub version: Text,
    /// What it is called in this run: its name; with its version where another version was run too.
    pub label: Text,
    /// What it says that it has; `None` where that was not recorded.
    pub capabilities: Option<Vec<Text>>,
    /// Its expectations file, as it should be shown.
    pub expectations: Option<Text>,
}

/// A suite that was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suite {
    /// Its name.
    pub name: Text,
    /// The directory that it was read from, as it should be shown.
    pub root: Option<Text>,
    /// Whether all its files were run.
    pub in_full: Option<bool>,
}

/// One file of a suite, and what came of it on each runtime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// Its suite.
    pub suite: SuiteIndex,
    /// Its path from the suite's root, with `/` between its parts.
    pub file: Text,
    /// Its source, where that was recorded.
    pub source: Option<Text>,
    /// Which rules of the specification it reaches on the reference, where that was recorded: each
    /// rule once, in the order of their ids.
    pub rules: Vec<Reach>,
    /// One for each runtime that it was run on, in the runtimes' order.
    pub runs: Vec<TestRun>,
}

/// How often a test reaches a rule of the specification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The rule's id.
    pub rule: Text,
    /// How often its condition was looked at and held.
    pub held: u64,
    /// How often its condition was looked at and did not hold.
    pub not: u64,
}

/// One test on one runtime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestRun {
    /// The runtime.
    pub runtime: RuntimeIndex,
    /// What was judged, in the order in which it was: at least one directive.
    pub directives: Vec<Directive>,
    /// Entries that announce a verdict for this test that nothing in it has any more.
    pub mended: Vec<Entry>,
    /// Of a host-driven test: what was seen.
    pub trace: Option<Box<Trace>>,
}

/// One directive of a test, judged on one runtime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// The line on which it starts, from 1; 0 where that was not recorded.
    pub line: u32,
    /// The column on which it starts, from 1, in bytes.
    pub column: u32,
    /// Its keyword, such as `assert_return`; `file` where this is about the file as a whole,
    /// `script` where it is a host-driven test.
    pub keyword: Text,
    /// The judgement.
    pub verdict: Verdict,
    /// How that stands to what is known of the runtime.
    pub status: Status,
    /// What the runtime lacks; only where the verdict is [`Verdict::Unsupported`].
    pub capability: Option<Text>,
    /// What the directive asks for.
    pub expected: Option<Text>,
    /// What happened.
    pub actual: Option<Text>,
    /// The id of the rule that the runtime named when it trapped or rejected.
    pub rule: Option<Text>,
    /// Microseconds of wall-clock time.
    pub micros: u64,
}

/// How a verdict stands to what is known of the runtime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It passed.
    Passed,
    /// It needs something that the runtime does not claim to have.
    Beyond,
    /// Nobody could tell whether it is right.
    Undecided,
    /// It did not pass, as an entry of the runtime's expectations says.
    Known(Arc<Entry>),
    /// It did not pass, and no entry announces this verdict.
    Unexpected {
        /// The other verdicts that entries announce.
        announced: Vec<Verdict>,
    },
    /// It did not pass, and what is known of the runtime was not recorded.
    NotCompared,
}

/// An entry of an expectations file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Which files it is about.
    pub glob: Text,
    /// Which line; the whole file if absent.
    pub line: Option<u32>,
    /// The verdict that it announces.
    pub verdict: Verdict,
    /// Why, in words.
    pub reason: Text,
    /// Where it is reported. It can be any text: [`Entry::link`] is what may be followed.
    pub upstream: Option<Text>,
    /// The line of the expectations file on which it starts, from 1.
    pub defined_at: u32,
}

/// An entry that is about no file or line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// The suite.
    pub suite: SuiteIndex,
    /// The runtime.
    pub runtime: RuntimeIndex,
    /// The entry.
    pub entry: Entry,
    /// What it does not match: a `file` or a `line`.
    pub missing: Text,
}

/// What was seen of a host-driven test, and how the specification stands to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trace {
    /// What the runtime showed: a column for the script, for the calls of the host by guests, and
    /// for each of the host's calls and ends.
    pub observed: Timeline,
    /// The run of the reference that shows all that, or goes furthest with it: a column for the
    /// script, for what the host sees, and for each task.
    pub reference: Timeline,
    /// What may come in place of the first event that is not allowed; empty where all is.
    pub allowed: Vec<Text>,
}

/// What happened, in columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// The names of the columns, from left to right.
    pub columns: Vec<Text>,
    /// What happened, from top to bottom.
    pub rows: Vec<Row>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The place of its column, which is there.
    pub column: usize,
    /// What happened.
    pub what: Text,
    /// How that stands to what the specification allows.
    pub standing: assize_harness::host::Standing,
    /// What goes from one column to another by it; both are there.
    pub arrow: Option<assize_harness::host::Arrow>,
}

/// Something that is missing or damaged in what was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Problem {
    /// What that was read for.
    pub about: Source,
    /// The file's name.
    pub file: Text,
    /// The line, from 1; absent where this is about the whole file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// What is wrong with it.
    pub what: Text,
}

/// What a file is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The results themselves: some are missing.
    Results,
    /// What else is told of the run.
    Facts,
    /// The earlier run that it is held against.
    Baseline,
}

/// A suite on a runtime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'r> {
    /// The suite.
    pub suite: SuiteIndex,
    /// The runtime.
    pub runtime: RuntimeIndex,
    /// The suite's tests that were run on it.
    pub runs: Vec<(&'r Test, &'r TestRun)>,
}

impl Run {
    /// The runtime at this place.
    pub fn runtime(&self, index: RuntimeIndex) -> &Runtime {
        &self.runtimes[index.0]
    }

    /// The suite at this place.
    pub fn suite(&self, index: SuiteIndex) -> &Suite {
        &self.suites[index.0]
    }

    /// Every test on every runtime: by test, then by runtime.
    pub fn runs(&self) -> impl Iterator<Item = (&Test, &TestRun)> {
        let tests = self.tests.iter();
        tests.flat_map(|test| test.runs.iter().map(move |run| (test, run)))
    }

    /// What is stale of a runtime's expectations.
    pub fn stale_of(&self, runtime: RuntimeIndex) -> impl Iterator<Item = &Stale> {
        self.stale.iter().filter(move |one| one.runtime == runtime)
    }

    /// The places of all runtimes.
    pub fn runtime_indices(&self) -> impl Iterator<Item = RuntimeIndex> + use<> {
        (0..self.runtimes.len()).map(RuntimeIndex)
    }

    /// Each suite on each runtime, by runtime, then by suite.
    pub fn parts(&self) -> Vec<Part<'_>> {
        let mut parts: BTreeMap<(RuntimeIndex, SuiteIndex), Vec<_>> = BTreeMap::new();
        for (test, run) in self.runs() {
            let part = parts.entry((run.runtime, test.suite)).or_default();
            part.push((test, run));
        }
        // What is stale may be so for want of any test.
        for stale in &self.stale {
            parts.entry((stale.runtime, stale.suite)).or_default();
        }
        let parts = parts.into_iter();
        let parts = parts.map(|((runtime, suite), runs)| Part {
            suite,
            runtime,
            runs,
        });
        parts.collect()
    }

    /// What a runtime is called in this run.
    pub fn label(&self, index: RuntimeIndex) -> &Text {
        &self.runtime(index).label
    }

    /// Where a test is, as it should be shown: its path from the suite's root, below that root.
    pub fn place(&self, test: &Test) -> Text {
        self.below(test.suite, &test.file)
    }

    /// The same for any path in a suite.
    pub(crate) fn below(&self, suite: SuiteIndex, file: &str) -> Text {
        match self.suite(suite).root.as_deref().unwrap_or_default() {
            "" => Text::ours(file),
            root => Text::ours(format!("{}/{file}", root.trim_end_matches('/'))),
        }
    }

    /// Whether results of this run are missing or could not be read.
    pub fn is_incomplete(&self) -> bool {
        let mut problems = self.problems.iter();
        problems.any(|problem| problem.about == Source::Results)
    }

    /// Whether everything was as expected, so far as that was recorded.
    pub fn is_as_expected(&self) -> bool {
        let as_expected = |run: &TestRun| {
            let mut directives = run.directives.iter();
            run.mended.is_empty() && !directives.any(Directive::is_unexpected)
        };
        self.stale.is_empty() && self.runs().all(|(_, run)| as_expected(run))
    }
}

impl Test {
    /// The folder part of its name: empty for a file at the suite's root.
    pub fn folder(&self) -> &str {
        self.file.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The comment at the head of its source, without marks, as one line; empty where there is
    /// none. Lines of directions (`rule:`, `script:`) are left out.
    pub fn headline(&self) -> Text {
        let source = self.source.as_deref().unwrap_or_default();
        let comments = source.lines().map_while(|line| line.strip_prefix(";;"));
        let lines = comments.map(str::trim).take_while(|line| {
            let word = line.split_whitespace().next().unwrap_or_default();
            !line.is_empty() && !word.ends_with(':')
        });
        let joined = lines.collect::<Vec<_>>().join(" ");
        Text::message(&joined)
    }

    /// What came of it on this runtime.
    pub fn on(&self, runtime: RuntimeIndex) -> Option<&TestRun> {
        self.runs.iter().find(|run| run.runtime == runtime)
    }
}

impl TestRun {
    /// The verdict over the whole test: that of its worst directive.
    pub fn verdict(&self) -> Verdict {
        let verdicts = self.directives.iter().map(|directive| directive.verdict);
        let worst = verdicts.max_by_key(|verdict| severity(*verdict));
        worst.unwrap_or(Verdict::Pass)
    }

    /// How many directives have this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        let directives = self.directives.iter();
        directives.filter(|one| one.verdict == verdict).count()
    }

    /// Whether every directive passed.
    pub fn passed(&self) -> bool {
        let mut directives = self.directives.iter();
        directives.all(|directive| directive.verdict == Verdict::Pass)
    }

    /// Microseconds that its directives took together.
    pub fn micros(&self) -> u64 {
        let directives = self.directives.iter();
        directives.fold(0, |sum, one| sum.saturating_add(one.micros))
    }
}

impl Directive {
    /// Whether this is not what is known of the runtime.
    pub fn is_unexpected(&self) -> bool {
        matches!(self.status, Status::Unexpected { .. })
    }
}

impl Entry {
    /// Where it is reported, if that is an address that a reader may follow.
    pub fn link(&self) -> Option<&str> {
        let upstream = self.upstream.as_deref()?;
        let web = upstream.starts_with("https://") || upstream.starts_with("http://");
        let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"'<>\\`".contains(&byte);
        (web && upstream.bytes().all(plain)).then_some(upstream)
    }
}
