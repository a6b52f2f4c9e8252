//! From what a runtime did to a verdict.

use crate::results::{Detail, Verdict};
use crate::runtime::{Failure, MessageMatching, OutcomeClass};
use crate::value::Value;

/// The verdict over one directive, with its grounds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// The missing capability, where the verdict is unsupported.
    pub capability: Option<String>,
    /// What was expected and what happened.
    pub detail: Option<Detail>,
    /// The rule that the runtime named.
    pub rule: Option<String>,
}

impl Judgement {
    pub(crate) fn pass() -> Self {
        Judgement {
            verdict: Verdict::Pass,
            capability: None,
            detail: None,
            rule: None,
        }
    }

    pub(crate) fn error(message: impl Into<String>) -> Self {
        Judgement::because(Verdict::Error, message)
    }

    pub(crate) fn crash(message: impl Into<String>) -> Self {
        Judgement::because(Verdict::Crash, message)
    }

    pub(crate) fn timeout(message: impl Into<String>) -> Self {
        Judgement::because(Verdict::Timeout, message)
    }

    pub(crate) fn unsupported(capability: impl Into<String>) -> Self {
        let capability = capability.into();
        let mut judgement =
            Judgement::because(Verdict::Unsupported, format!("unsupported: {capability}"));
        judgement.capability = Some(capability);
        judgement
    }

    /// A directive that depends on something that is not there: unsupported if that is for want
    /// of a capability.
    pub(super) fn not_run(reason: String, missing: Option<String>) -> Self {
        let verdict = if missing.is_some() {
            Verdict::Unsupported
        } else {
            Verdict::Error
        };
        let mut judgement = Judgement::because(verdict, format!("not run: {reason}"));
        judgement.capability = missing;
        judgement
    }

    pub(crate) fn because(verdict: Verdict, message: impl Into<String>) -> Self {
        let detail = Some(Detail::actual(message));
        Judgement {
            verdict,
            capability: None,
            detail,
            rule: None,
        }
    }

    /// A failure where success was expected.
    pub(crate) fn failed(expected: &str, failure: Failure) -> Self {
        let actual = failure.to_string();
        let (verdict, capability) = match failure.class {
            OutcomeClass::Unsupported { feature } => (Verdict::Unsupported, Some(feature)),
            OutcomeClass::Crash => (Verdict::Crash, None),
            OutcomeClass::Protocol => (Verdict::Protocol, None),
            OutcomeClass::Timeout => (Verdict::Timeout, None),
            OutcomeClass::Usage => (Verdict::Error, None),
            _ => (Verdict::Fail, None),
        };
        let detail = Some(Detail {
            expected: Some(expected.to_string()),
            actual: Some(actual),
        });
        Judgement {
            verdict,
            capability,
            detail,
            rule: failure.rule,
        }
    }
}

/// The unsuccessful outcome that an assertion asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct WantedFailure<'t> {
    /// The classes that fulfil it; the first is the one that reports name.
    pub(super) classes: &'static [OutcomeClass],
    /// The text that the assertion carries, empty if it carries none.
    pub(super) message: &'t str,
    /// Whether that text counts.
    pub(super) matching: MessageMatching,
}

impl WantedFailure<'_> {
    fn describe(&self) -> String {
        let class = self
            .classes
            .first()
            .map(ToString::to_string)
            .unwrap_or_default();
        if self.message.is_empty() {
            class
        } else {
            format!("{class}: {}", self.message)
        }
    }

    fn is(&self, failure: &Failure) -> bool {
        self.classes.contains(&failure.class)
            && match self.matching {
                MessageMatching::ClassOnly => true,
                MessageMatching::Contains => failure.message.contains(self.message),
            }
    }

    /// Judges a failure.
    pub(super) fn judge(&self, failure: Failure) -> Judgement {
        let expected = self.describe();
        let fulfilled = self.is(&failure);
        let mut judgement = Judgement::failed(&expected, failure);
        if fulfilled {
            judgement.verdict = Verdict::Pass;
        }
        judgement
    }

    /// Judges a success, which is described in words.
    pub(super) fn judge_success(&self, happened: &str) -> Judgement {
        let detail = Detail {
            expected: Some(self.describe()),
            actual: Some(happened.to_string()),
        };
        Judgement {
            verdict: Verdict::Fail,
            detail: Some(detail),
            ..Judgement::pass()
        }
    }

    /// Judges the end of a call or a read.
    pub(super) fn judge_outcome(&self, outcome: Result<Vec<Value>, Failure>) -> Judgement {
        match outcome {
            Ok(values) => self.judge_success(&returned(&values)),
            Err(failure) => self.judge(failure),
        }
    }
}

/// A list of results in words.
pub(crate) fn returned(values: &[Value]) -> String {
    if values.is_empty() {
        return "returned".to_string();
    }
    let shown: Vec<String> = values.iter().map(ToString::to_string).collect();
    format!("returned {}", shown.join(", "))
}
