//! Known deviations of a runtime: `adapters/<runtime>/expectations.toml`.
//!
//! Every directive is expected to pass unless an entry says otherwise:
//!
//! ```toml
//! [[expect]]
//! suite = "official"
//! glob = "values/strings.wast"
//! line = 12
//! verdict = "fail"
//! reason = "why it is so"
//! upstream = "https://example.org/issues/1"
//! ```
//!
//! `line` and `upstream` may be left out. So may `with` and `without`, which name a capability: the entry
//! then holds only for a runtime that declares it, or only for one that does not. An entry covers the directives that start on its line,
//! or all directives of the files that its glob matches. A covered directive may pass or have
//! the entry's verdict, and in every matching file that was run at least one must have it:
//! that a known failure is gone is as unexpected as a new failure.

use std::fs;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use serde::{Deserialize, Serialize};

use crate::error::HarnessError;
use crate::results::{DirectiveResult, FileResult, Verdict};
use crate::runtime::{Capability, RuntimeInfo};
use crate::suite::Coverage;

mod blocks;
mod update;

pub use update::Update;

/// One entry of an expectations file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// The suite's name.
    pub suite: String,
    /// Which files, by their path from the suite's root.
    pub glob: String,
    /// Which line; the whole file if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The verdict to expect.
    pub verdict: Verdict,
    /// The capability without which a runtime is not meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// The capability with which a runtime is not meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without: Option<String>,
    /// Why, in words.
    pub reason: String,
    /// Where it is reported, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upstream: Option<String>,
}

/// An entry with its place in the file.
#[derive(Clone, Debug)]
struct Entry {
    expectation: Expectation,
    glob: GlobMatcher,
    /// The line of the entry's `[[expect]]`, from 1.
    defined_at: u32,
}

impl Entry {
    fn is_about(&self, suite: &str, file: &str) -> bool {
        self.expectation.suite == suite && self.glob.is_match(file)
    }

    /// Whether a runtime with these capabilities is meant.
    fn is_for(&self, declared: &[Capability]) -> bool {
        let has = |name: &String| declared.iter().any(|has| has.0 == *name);
        let Expectation { with, without, .. } = &self.expectation;
        with.as_ref().is_none_or(has) && !without.as_ref().is_some_and(has)
    }

    fn covers(&self, result: &DirectiveResult) -> bool {
        self.expectation.line.is_none_or(|line| line == result.line)
    }
}

/// The expectations for one runtime.
#[derive(Clone, Debug)]
pub struct Expectations {
    path: PathBuf,
    text: String,
    entries: Vec<Entry>,
    /// What the runtime says that it has; unknown where nobody asked.
    declared: Option<Vec<Capability>>,
}

/// How one result stands to what is expected of its runtime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status<'e> {
    /// It passed, which is always right.
    Passed,
    /// It is unsupported for want of something that the runtime does not claim to have.
    Beyond,
    /// Nobody could tell whether it is right, which is no failure.
    Undecided,
    /// It did not pass, as an entry announces.
    Known {
        /// The entry.
        expectation: &'e Expectation,
        /// The line in the expectations file on which the entry starts, from 1.
        defined_at: u32,
    },
    /// It did not pass, and no entry announces its verdict.
    Unexpected {
        /// The verdicts that entries announce for this directive; empty if it should pass.
        announced: Vec<Verdict>,
    },
}

/// Something that did not go as the expectations say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Unexpected {
    /// A directive has a verdict that is neither pass nor undecided, and not announced.
    Verdict {
        /// The directive's result.
        result: Box<DirectiveResult>,
        /// The verdicts that entries announce for this directive; empty if it should pass.
        expected: Vec<Verdict>,
    },
    /// An entry announces a verdict that no directive it covers has any more.
    Pass {
        /// The file.
        file: String,
        /// The entry.
        expectation: Expectation,
        /// The line in the expectations file on which the entry starts, from 1.
        defined_at: u32,
    },
}

/// An entry that is about nothing in the suite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stale {
    /// The entry.
    pub expectation: Expectation,
    /// The line in the expectations file on which the entry starts, from 1.
    pub defined_at: u32,
    /// What it does not match: a file or a line.
    pub missing: &'static str,
}

/// The results of one runtime on one suite, held against its expectations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// What did not go as expected, in the order of the results.
    pub unexpected: Vec<Unexpected>,
    /// Entries without a file or directive; looked for only when a suite is run in full.
    pub stale: Vec<Stale>,
    /// How many directives did not pass, as expected.
    pub expected_deviations: usize,
}

impl Comparison {
    /// Whether everything was as expected.
    pub fn is_clean(&self) -> bool {
        self.unexpected.is_empty() && self.stale.is_empty()
    }
}

impl Expectations {
    /// No expectations: everything should pass. `path` is where an update would write them.
    pub fn none(path: impl Into<PathBuf>) -> Self {
        Expectations {
            path: path.into(),
            text: String::new(),
            entries: Vec::new(),
            declared: None,
        }
    }

    /// Reads an expectations file. A file that does not exist has no entries.
    ///
    /// # Errors
    /// [`HarnessError::Io`] where it cannot be read, [`HarnessError::Expectations`] with the line
    /// where it is not as it has to be.
    pub fn load(path: &Path) -> Result<Self, HarnessError> {
        match fs::read_to_string(path) {
            Ok(text) => Expectations::parse(path, text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Ok(Expectations::none(path))
            }
            Err(source) => Err(HarnessError::Io {
                path: path.to_path_buf(),
                source,
            }),
        }
    }

    /// Reads expectations from a text; `path` is for messages and for updates.
    ///
    /// # Errors
    /// [`HarnessError::Expectations`] with the line where the text is not as it has to be.
    pub fn parse(path: &Path, text: String) -> Result<Self, HarnessError> {
        let bad = |line, reason| HarnessError::Expectations {
            path: path.to_path_buf(),
            line,
            reason,
        };
        let mut entries = Vec::new();
        let parsed = blocks::parse(&text).map_err(|error| bad(error.line, error.reason))?;
        for block in parsed.blocks {
            let (expectation, defined_at) = (block.expectation, block.header_line);
            if expectation.verdict == Verdict::Pass {
                let reason = "every directive is expected to pass without an entry".to_string();
                return Err(bad(defined_at, reason));
            }
            let glob = GlobBuilder::new(&expectation.glob)
                .literal_separator(true)
                .build();
            let glob = glob.map_err(|error| {
                let reason = format!("bad glob `{}`: {}", expectation.glob, error.kind());
                bad(defined_at, reason)
            })?;
            entries.push(Entry {
                expectation,
                glob: glob.compile_matcher(),
                defined_at,
            });
        }
        Ok(Expectations {
            path: path.to_path_buf(),
            text,
            entries,
            declared: None,
        })
    }

    /// The same for a runtime that says what it has. What needs anything else is then unsupported
    /// without an entry, since the runtime never claimed it. Entries for others hold no longer.
    #[must_use]
    pub fn of_runtime(mut self, info: &RuntimeInfo) -> Self {
        self.declared = Some(info.capabilities.clone());
        self
    }

    /// Whether the directive needed something that the runtime does not claim to have.
    fn is_beyond_the_runtime(&self, result: &DirectiveResult) -> bool {
        let (Some(declared), Some(needed)) = (&self.declared, &result.capability) else {
            return false;
        };
        result.verdict == Verdict::Unsupported && declared.iter().all(|has| has.0 != *needed)
    }

    /// The file that these expectations come from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The entries, in the file's order.
    pub fn entries(&self) -> impl Iterator<Item = &Expectation> {
        self.entries.iter().map(|entry| &entry.expectation)
    }

    /// Whether an entry holds for the runtime, as all do where it has not said what it has.
    fn holds(&self, entry: &Entry) -> bool {
        let declared = self.declared.as_deref();
        declared.is_none_or(|declared| entry.is_for(declared))
    }

    fn that_hold(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| self.holds(entry))
    }

    /// The entries about the directives on one line.
    pub fn about(&self, suite: &str, file: &str, line: u32) -> impl Iterator<Item = &Expectation> {
        let about = self
            .that_hold()
            .filter(move |entry| entry.is_about(suite, file))
            .map(|entry| &entry.expectation);
        about.filter(move |expectation| expectation.line.is_none_or(|at| at == line))
    }

    /// How a result of the runtime stands to the expectations.
    pub fn status(&self, result: &DirectiveResult) -> Status<'_> {
        self.status_in(&result.suite, result)
    }

    fn status_in(&self, suite: &str, result: &DirectiveResult) -> Status<'_> {
        if result.verdict == Verdict::Pass {
            return Status::Passed;
        }
        if self.is_beyond_the_runtime(result) {
            return Status::Beyond;
        }
        let covering = |entry: &&Entry| entry.covers(result) && entry.is_about(suite, &result.file);
        let mut announced = Vec::new();
        for entry in self.that_hold().filter(covering) {
            if entry.expectation.verdict == result.verdict {
                return Status::Known {
                    expectation: &entry.expectation,
                    defined_at: entry.defined_at,
                };
            }
            announced.push(entry.expectation.verdict);
        }
        if result.verdict == Verdict::Undecided {
            return Status::Undecided;
        }
        Status::Unexpected { announced }
    }

    /// Holds the results of one runtime on one suite against the expectations.
    pub fn compare(&self, suite: &str, coverage: Coverage, files: &[FileResult]) -> Comparison {
        let mut comparison = Comparison::default();
        for file in files {
            self.compare_file(suite, file, &mut comparison);
        }
        if coverage == Coverage::Full {
            comparison.stale = self.stale(suite, files);
        }
        comparison
    }

    fn compare_file(&self, suite: &str, file: &FileResult, comparison: &mut Comparison) {
        for result in &file.directives {
            match self.status_in(suite, result) {
                Status::Passed | Status::Beyond | Status::Undecided => {}
                Status::Known { .. } => comparison.expected_deviations += 1,
                Status::Unexpected {
                    announced: expected,
                } => {
                    let result = Box::new(result.clone());
                    comparison
                        .unexpected
                        .push(Unexpected::Verdict { result, expected });
                }
            }
        }
        let of_file = |entry: &&Entry| entry.is_about(suite, &file.file);
        for entry in self.that_hold().filter(of_file) {
            if is_gone(entry, file) {
                comparison.unexpected.push(Unexpected::Pass {
                    file: file.file.clone(),
                    expectation: entry.expectation.clone(),
                    defined_at: entry.defined_at,
                });
            }
        }
    }

    fn stale(&self, suite: &str, files: &[FileResult]) -> Vec<Stale> {
        let of_suite = self
            .entries
            .iter()
            .filter(|entry| entry.expectation.suite == suite);
        of_suite
            .filter_map(|entry| {
                let mut matching = files
                    .iter()
                    .filter(|file| entry.is_about(suite, &file.file))
                    .peekable();
                let missing = if matching.peek().is_none() {
                    "file"
                } else if matching.any(|file| file.directives.iter().any(|r| entry.covers(r))) {
                    return None;
                } else {
                    "line"
                };
                let (expectation, defined_at) = (entry.expectation.clone(), entry.defined_at);
                Some(Stale {
                    expectation,
                    defined_at,
                    missing,
                })
            })
            .collect()
    }
}

/// Whether an entry covers some directives of a file, none of which has its verdict.
///
/// An entry that covers none is stale, and one whose directives have yet other verdicts is
/// reported by those.
fn is_gone(entry: &Entry, file: &FileResult) -> bool {
    let mut covered = file
        .directives
        .iter()
        .filter(|result| entry.covers(result))
        .peekable();
    covered.peek().is_some() && covered.all(|result| result.verdict == Verdict::Pass)
}

#[cfg(test)]
mod tests;
