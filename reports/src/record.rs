//! What a run leaves behind: `results.jsonl`, a line for each result, and beside it `facts.jsonl`,
//! with what else a report tells of a run. Both are JSON lines, so that a file that was cut off
//! still gives what it holds.
//!
//! [`Recorded::write`] writes them and [`read`](crate::reader::read) reads them; the shapes that
//! both share are here. They are described in `docs/reports.md`.

use std::{
    borrow::Cow,
    fs,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use assize_harness::{
    expectations::{Expectation, Expectations, Status, Unexpected},
    host::Explanation,
    results::{DirectiveResult, FileResult, Verdict},
    rules::{Coverage as Rules, Rule},
    runtime::RuntimeInfo,
    suite::{Coverage, Suite},
};
use assize_protocol::message::REVISION;
use serde::{Deserialize, Serialize};

use crate::{
    Compared,
    text::{Text, TextKind},
};

/// The file of the results.
pub const RESULTS: &str = "results.jsonl";

/// The file of everything else, in the same directory.
pub const FACTS: &str = "facts.jsonl";

/// The version of these files' shape; one that could not be read any more raises it.
pub(crate) const SCHEMA: u32 = 1;

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}: {source}", path.display())]
pub struct ReportError {
    /// The file or directory that was to be written.
    pub path: PathBuf,
    /// The system's reason.
    pub source: io::Error,
}

/// A line of `results.jsonl`: a result, and how it stands to what is known of its runtime.
#[derive(Serialize)]
struct WrittenResult<'r> {
    #[serde(flatten)]
    result: &'r DirectiveResult,
    #[serde(skip_serializing_if = "Option::is_none")]
    expectation: Option<Standing<'r>>,
}

/// A line of `results.jsonl` as it is read: little has to be there.
#[derive(Deserialize)]
#[serde(expecting = "an object with a result")]
pub(crate) struct ReadResult<'l> {
    #[serde(borrow)]
    pub runtime: Cow<'l, str>,
    #[serde(borrow, default)]
    pub version: Cow<'l, str>,
    #[serde(borrow)]
    pub suite: Cow<'l, str>,
    #[serde(borrow)]
    pub file: Cow<'l, str>,
    #[serde(default)]
    pub line: u32,
    #[serde(default)]
    pub column: u32,
    #[serde(borrow, default)]
    pub directive: Cow<'l, str>,
    pub verdict: Verdict,
    #[serde(borrow, default)]
    pub capability: Option<Cow<'l, str>>,
    #[serde(borrow, default)]
    pub detail: Option<ReadDetail<'l>>,
    #[serde(borrow, default)]
    pub rule: Option<Cow<'l, str>>,
    #[serde(default)]
    pub micros: u64,
    #[serde(borrow, default)]
    pub expectation: Option<Standing<'l>>,
}

#[derive(Deserialize, Default)]
pub(crate) struct ReadDetail<'l> {
    #[serde(borrow, default)]
    pub expected: Option<Cow<'l, str>>,
    #[serde(borrow, default)]
    pub actual: Option<Cow<'l, str>>,
}

/// How a result that is no pass stands to what is known of its runtime.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "status")]
pub(crate) enum Standing<'l> {
    Beyond,
    Undecided,
    Known {
        #[serde(borrow)]
        entry: EntryLine<'l>,
    },
    Unexpected {
        announced: Vec<Verdict>,
    },
}

/// An entry of an expectations file.
#[derive(Serialize, Deserialize)]
pub(crate) struct EntryLine<'l> {
    #[serde(borrow)]
    pub glob: Cow<'l, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    pub verdict: Verdict,
    #[serde(borrow)]
    pub reason: Cow<'l, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub upstream: Option<Cow<'l, str>>,
    pub defined_at: u32,
}

/// A line of `facts.jsonl`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub(crate) enum Fact<'l> {
    /// The run; the first line.
    Run {
        schema: u32,
        #[serde(borrow)]
        assize: Cow<'l, str>,
        #[serde(borrow)]
        revision: Cow<'l, str>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        began: Option<u64>,
        millis: u64,
        /// How many lines `results.jsonl` has.
        results: u64,
        /// How many lines this file has, this one included.
        facts: u64,
    },
    Runtime {
        #[serde(borrow)]
        name: Cow<'l, str>,
        #[serde(borrow)]
        version: Cow<'l, str>,
        capabilities: Vec<Cow<'l, str>>,
        #[serde(borrow)]
        expectations: Cow<'l, str>,
    },
    Suite {
        #[serde(borrow)]
        name: Cow<'l, str>,
        #[serde(borrow)]
        root: Cow<'l, str>,
        in_full: bool,
    },
    /// An entry whose verdict no directive that it covers in this file has any more.
    Mended {
        #[serde(borrow, flatten)]
        about: About<'l>,
        #[serde(borrow)]
        file: Cow<'l, str>,
        #[serde(borrow)]
        entry: EntryLine<'l>,
    },
    /// An entry that is about nothing.
    Stale {
        #[serde(borrow, flatten)]
        about: About<'l>,
        #[serde(borrow)]
        entry: EntryLine<'l>,
        #[serde(borrow)]
        missing: Cow<'l, str>,
    },
    /// What was seen of a host-driven test.
    Trace {
        #[serde(borrow, flatten)]
        about: About<'l>,
        #[serde(borrow)]
        file: Cow<'l, str>,
        explanation: Cow<'l, Explanation>,
    },
    /// How often a test reaches the rules of the specification, on the reference.
    Reached {
        #[serde(borrow)]
        suite: Cow<'l, str>,
        #[serde(borrow)]
        file: Cow<'l, str>,
        rules: Vec<ReachedRule<'l>>,
    },
    /// A test's source.
    Test {
        #[serde(borrow)]
        suite: Cow<'l, str>,
        #[serde(borrow)]
        file: Cow<'l, str>,
        #[serde(borrow)]
        source: Cow<'l, str>,
    },
}

/// A suite on a runtime.
#[derive(Serialize, Deserialize)]
pub(crate) struct About<'l> {
    #[serde(borrow)]
    pub suite: Cow<'l, str>,
    #[serde(borrow)]
    pub runtime: Cow<'l, str>,
    #[serde(borrow)]
    pub version: Cow<'l, str>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct ReachedRule<'l> {
    #[serde(borrow)]
    pub rule: Cow<'l, str>,
    pub held: u64,
    pub not: u64,
}

/// A run to be recorded.
#[derive(Debug)]
pub struct Recorded<'r> {
    /// Every file on every runtime, in the order of suites, runtimes, files.
    pub files: &'r [FileResult],
    /// The runtimes, with what is expected of them, in their order.
    pub runtimes: Vec<RecordedRuntime<'r>>,
    /// The suites, in their order.
    pub suites: Vec<RecordedSuite<'r>>,
    /// One comparison for each suite and runtime.
    pub compared: &'r [Compared],
    /// Which rules tests reach on the reference, where that was counted.
    pub reached: &'r [Reached],
    /// When the run began, in seconds since 1970.
    pub began: Option<u64>,
    /// Wall-clock time of the whole run.
    pub elapsed: Duration,
}

/// A runtime of a run to be recorded.
#[derive(Debug)]
pub struct RecordedRuntime<'r> {
    /// Who it is.
    pub info: &'r RuntimeInfo,
    /// What is expected of it.
    pub expectations: &'r Expectations,
    /// Where that is written, as it should be shown.
    pub shown: PathBuf,
}

/// A suite of a run to be recorded.
#[derive(Debug)]
pub struct RecordedSuite<'r> {
    /// The suite.
    pub suite: &'r Suite,
    /// The directory of its files, as it should be shown.
    pub shown: PathBuf,
}

/// Which rules one test reaches on the reference.
#[derive(Debug, Clone)]
pub struct Reached {
    /// The suite's name.
    pub suite: String,
    /// The file.
    pub file: String,
    /// The counts.
    pub coverage: Rules,
}

impl Recorded<'_> {
    /// Writes the run's files into `dir`, which is made if need be, and says where the results are.
    ///
    /// # Errors
    /// [`ReportError`] where something cannot be written. A test whose source cannot be read is
    /// recorded without it.
    pub fn write(&self, dir: &Path) -> Result<PathBuf, ReportError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            |source| ReportError { path, source }
        };
        let (results, facts) = (dir.join(RESULTS), dir.join(FACTS));
        fs::create_dir_all(dir).map_err(failed(&results))?;
        self.write_results(&results).map_err(failed(&results))?;
        self.write_facts(&facts).map_err(failed(&facts))?;
        Ok(results)
    }

    fn write_results(&self, path: &Path) -> io::Result<()> {
        let mut out = BufWriter::new(fs::File::create(path)?);
        for file in self.files {
            let expectations = self
                .runtimes
                .iter()
                .find(|runtime| runtime.info.name == file.runtime)
                .map(|runtime| runtime.expectations);
            for result in &file.directives {
                let expectation = expectations.and_then(|known| standing(known.status(result)));
                line(
                    &mut out,
                    &WrittenResult {
                        result,
                        expectation,
                    },
                )?;
            }
        }
        out.flush()
    }

    fn write_facts(&self, path: &Path) -> io::Result<()> {
        let facts = self.runtimes.iter().map(runtime_fact);
        let facts = facts.chain(self.suites.iter().map(suite_fact));
        let facts = facts.chain(self.compared.iter().flat_map(|one| self.entries(one)));
        let facts = facts.chain(self.files.iter().filter_map(trace_fact));
        let facts = facts.chain(self.reached.iter().map(reached_fact));
        let facts: Vec<Fact<'_>> = facts.collect();
        let tests: usize = self.suites.iter().map(|one| one.suite.files.len()).sum();
        let results: usize = self.files.iter().map(|file| file.directives.len()).sum();

        let mut out = BufWriter::new(fs::File::create(path)?);
        let run = Fact::Run {
            schema: SCHEMA,
            assize: env!("CARGO_PKG_VERSION").into(),
            revision: REVISION.into(),
            began: self.began,
            millis: u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX),
            results: results as u64,
            facts: (1 + facts.len() + tests) as u64,
        };
        line(&mut out, &run)?;
        for fact in &facts {
            line(&mut out, fact)?;
        }
        // Last, and one at a time, since they are by far the largest.
        for RecordedSuite { suite, .. } in &self.suites {
            for file in &suite.files {
                let source = fs::read(&file.path).unwrap_or_default();
                let source = Text::new(&String::from_utf8_lossy(&source), TextKind::Source);
                let fact = Fact::Test {
                    suite: Cow::Borrowed(&suite.name),
                    file: Cow::Borrowed(&file.name),
                    source: Cow::Borrowed(source.as_str()),
                };
                line(&mut out, &fact)?;
            }
        }
        out.flush()
    }

    fn entries<'c>(&'c self, compared: &'c Compared) -> Vec<Fact<'c>> {
        let mut infos = self.runtimes.iter().map(|runtime| runtime.info);
        let info = infos.find(|info| info.name == compared.runtime);
        let version = info.map_or("", |info| &info.version);
        let about = || About {
            suite: Cow::Borrowed(&compared.suite),
            runtime: Cow::Borrowed(&compared.runtime),
            version: Cow::Borrowed(version),
        };
        let comparison = &compared.comparison;
        let mended = comparison.unexpected.iter().filter_map(|one| match one {
            Unexpected::Verdict { .. } => None,
            Unexpected::Pass {
                file,
                expectation,
                defined_at,
            } => Some(Fact::Mended {
                about: about(),
                file: Cow::Borrowed(file),
                entry: entry_line(expectation, *defined_at),
            }),
        });
        let stale = comparison.stale.iter().map(|stale| Fact::Stale {
            about: about(),
            entry: entry_line(&stale.expectation, stale.defined_at),
            missing: Cow::Borrowed(stale.missing),
        });
        mended.chain(stale).collect()
    }
}

fn line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

fn standing(status: Status<'_>) -> Option<Standing<'_>> {
    match status {
        Status::Passed => None,
        Status::Beyond => Some(Standing::Beyond),
        Status::Undecided => Some(Standing::Undecided),
        Status::Known {
            expectation,
            defined_at,
        } => Some(Standing::Known {
            entry: entry_line(expectation, defined_at),
        }),
        Status::Unexpected { announced } => Some(Standing::Unexpected { announced }),
    }
}

fn entry_line(expectation: &Expectation, defined_at: u32) -> EntryLine<'_> {
    EntryLine {
        glob: Cow::Borrowed(&expectation.glob),
        line: expectation.line,
        verdict: expectation.verdict,
        reason: Cow::Borrowed(&expectation.reason),
        upstream: expectation.upstream.as_deref().map(Cow::Borrowed),
        defined_at,
    }
}

fn runtime_fact<'r>(runtime: &'r RecordedRuntime<'_>) -> Fact<'r> {
    let capabilities = runtime.info.capabilities.iter();
    Fact::Runtime {
        name: Cow::Borrowed(&runtime.info.name),
        version: Cow::Borrowed(&runtime.info.version),
        capabilities: capabilities.map(|has| Cow::Borrowed(&*has.0)).collect(),
        expectations: runtime.shown.to_string_lossy(),
    }
}

fn suite_fact<'r>(suite: &'r RecordedSuite<'_>) -> Fact<'r> {
    Fact::Suite {
        name: Cow::Borrowed(&suite.suite.name),
        root: suite.shown.to_string_lossy(),
        in_full: suite.suite.coverage == Coverage::Full,
    }
}

fn trace_fact(file: &FileResult) -> Option<Fact<'_>> {
    let explanation = file.explanation.as_deref()?;
    Some(Fact::Trace {
        about: About {
            suite: Cow::Borrowed(&file.suite),
            runtime: Cow::Borrowed(&file.runtime),
            version: Cow::Borrowed(&file.version),
        },
        file: Cow::Borrowed(&file.file),
        explanation: Cow::Borrowed(explanation),
    })
}

fn reached_fact(reached: &Reached) -> Fact<'_> {
    let rules = Rule::ALL.iter().map(|rule| {
        let [held, not] = [true, false].map(|way| reached.coverage.count(*rule, way));
        (rule, u64::from(held), u64::from(not))
    });
    let rules = rules.filter(|(_, held, not)| held + not > 0);
    Fact::Reached {
        suite: Cow::Borrowed(&reached.suite),
        file: Cow::Borrowed(&reached.file),
        rules: rules
            .map(|(rule, held, not)| ReachedRule {
                rule: Cow::Borrowed(rule.id()),
                held,
                not,
            })
            .collect(),
    }
}

/// Writes a file of a report; its directory is made if need be.
///
/// # Errors
/// [`ReportError`] where it cannot be written.
pub fn write_file(path: &Path, text: &str) -> Result<(), ReportError> {
    let dir = path.parent().unwrap_or(Path::new("."));
    let written = fs::create_dir_all(dir).and_then(|()| fs::write(path, text));
    written.map_err(|source| ReportError {
        path: path.to_owned(),
        source,
    })
}
