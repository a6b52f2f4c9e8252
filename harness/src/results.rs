//! Verdicts: what the harness says about one directive of one file on one runtime.
//!
//! [`DirectiveResult`] is the line format of `results.jsonl`; reports are made from it alone.

use std::fmt;
use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::host::Explanation;

/// The judgement over one directive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The runtime did what the directive says.
    Pass,
    /// The runtime did something else.
    Fail,
    /// The runtime (or the harness) lacks a capability that the directive needs.
    Unsupported,
    /// The runtime died.
    Crash,
    /// The file's time was over before the directive ended.
    Timeout,
    /// The runtime answered what is not an answer of the protocol.
    #[serde(rename = "protocol-error")]
    Protocol,
    /// Neither that the runtime is right nor that it is wrong could be found out.
    Undecided,
    /// The directive could not be judged: the file is malformed, an earlier directive that this
    /// one builds on did not succeed, or the harness is at fault.
    Error,
}

impl Verdict {
    /// All verdicts, in the order in which reports list them.
    pub const ALL: [Verdict; 8] = [
        Verdict::Pass,
        Verdict::Fail,
        Verdict::Unsupported,
        Verdict::Crash,
        Verdict::Timeout,
        Verdict::Protocol,
        Verdict::Undecided,
        Verdict::Error,
    ];

    /// The verdict's name as `results.jsonl` and expectations files spell it.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Fail => "fail",
            Verdict::Unsupported => "unsupported",
            Verdict::Crash => "crash",
            Verdict::Timeout => "timeout",
            Verdict::Protocol => "protocol-error",
            Verdict::Undecided => "undecided",
            Verdict::Error => "error",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The text is not a verdict's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown verdict `{0}`; verdicts are pass, fail, unsupported, crash, timeout, protocol-error, undecided and error"
)]
pub struct UnknownVerdict(pub String);

impl FromStr for Verdict {
    type Err = UnknownVerdict;

    fn from_str(text: &str) -> Result<Self, UnknownVerdict> {
        let found = Verdict::ALL
            .into_iter()
            .find(|verdict| verdict.name() == text);
        found.ok_or_else(|| UnknownVerdict(text.to_string()))
    }
}

impl<'de> Deserialize<'de> for Verdict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

/// What a directive asked for and what came of it, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Detail {
    /// What the directive asks for, with the text that the file gives for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
}

impl Detail {
    /// A detail that says only what happened.
    pub fn actual(text: impl Into<String>) -> Self {
        Detail {
            expected: None,
            actual: Some(text.into()),
        }
    }
}

/// One directive of one file, judged on one runtime: one line of `results.jsonl`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DirectiveResult {
    /// The runtime's name.
    pub runtime: String,
    /// The runtime's version.
    pub version: String,
    /// The suite's name.
    pub suite: String,
    /// The file, relative to the suite's directory, with `/` between its parts.
    pub file: String,
    /// The line on which the directive starts, from 1.
    pub line: u32,
    /// The column on which the directive starts, from 1, in bytes.
    pub column: u32,
    /// The directive's keyword as the file spells it, such as `assert_return`; `file` where the
    /// result is about the file as a whole (unreadable, malformed).
    pub directive: String,
    /// The judgement.
    pub verdict: Verdict,
    /// The missing capability; present exactly where `verdict` is [`Verdict::Unsupported`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capability: Option<String>,
    /// What was expected and what happened; present for every assertion and for everything
    /// that did not pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Detail>,
    /// The rule of the specification that the runtime named when it trapped or rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Microseconds of wall-clock time that the directive took.
    pub micros: u64,
}

/// All results of one file on one runtime.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FileResult {
    /// The runtime's name.
    pub runtime: String,
    /// The runtime's version.
    pub version: String,
    /// The suite's name.
    pub suite: String,
    /// The file, relative to the suite's directory, with `/` between its parts.
    pub file: String,
    /// One result a directive, in the file's order.
    pub directives: Vec<DirectiveResult>,
    /// Of a host-driven test: what was seen, and how the specification stands to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Box<Explanation>>,
    /// Microseconds of wall-clock time for the whole file, parsing included.
    pub micros: u64,
}

impl FileResult {
    /// The folder part of `file`: empty for a file at the suite's root.
    pub fn folder(&self) -> &str {
        self.file.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Whether every directive passed.
    pub fn passed(&self) -> bool {
        self.directives
            .iter()
            .all(|result| result.verdict == Verdict::Pass)
    }

    /// How many directives have this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.directives
            .iter()
            .filter(|result| result.verdict == verdict)
            .count()
    }
}
