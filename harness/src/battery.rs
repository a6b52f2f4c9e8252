//! The battery: tells the author of an adapter, message by message, what the adapter gets wrong.
//!
//! Each check begins with a `reset`, sends a few requests and looks at the answers as JSON. It
//! knows nothing of suites or verdicts: an adapter that passes is ready to be tested, not right.
//! A check that needs what the adapter does not declare, or answers to be `unsupported`, is
//! skipped.

use std::collections::BTreeSet;

use assize_protocol::message::HelloReply;
use serde::Serialize;
use serde_json::Value as Json;

use crate::runtime::process::{AdapterCommand, ProcessLimits};
use crate::runtime::{DEBUG_ASSERTIONS, REMAINS};

mod calls;
mod components;
mod host;
mod messages;
mod remains;
mod session;

use session::Session;

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum Checked {
    /// The adapter did what it should.
    Passed,
    /// It does not have what the check needs.
    Skipped {
        /// What that is.
        missing: String,
    },
    /// It did something else.
    Failed(Complaint),
}

/// What is wrong with an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Complaint {
    /// The last request.
    pub sent: String,
    /// What should have come.
    pub expected: String,
    /// What came.
    pub came: String,
}

/// A check with its outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckResult {
    /// The message and the part of it that is checked, as `call/trap`.
    pub name: &'static str,
    /// Why the harness depends on it.
    pub why: &'static str,
    /// What came of it.
    #[serde(flatten)]
    pub checked: Checked,
}

/// Who was checked, and the outcome of every check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Battery {
    /// The adapter's answer to `hello`, if there was one.
    pub hello: Option<HelloReply>,
    /// The checks, in the order of the protocol.
    pub checks: Vec<CheckResult>,
}

impl Battery {
    /// Whether nothing failed.
    pub fn passed(&self) -> bool {
        let failed = |check: &CheckResult| matches!(check.checked, Checked::Failed(_));
        !self.checks.iter().any(failed)
    }
}

/// How a check ends before its end.
enum Stop {
    Missing(String),
    Wrong(Box<Complaint>),
}

type Step<T = ()> = Result<T, Stop>;

/// One check.
struct Check {
    name: &'static str,
    why: &'static str,
    /// The capabilities without which it makes no sense.
    needs: &'static [&'static str],
    run: Run,
}

/// What a check does.
enum Run {
    Steps(fn(&mut Session) -> Step),
    /// It has values go in and come out.
    Same(calls::Same),
}

impl Run {
    fn on(&self, session: &mut Session) -> Step {
        match self {
            Run::Steps(steps) => steps(session),
            Run::Same(same) => same.run(session),
        }
    }
}

/// The capabilities that the harness knows by name.
pub const CAPABILITIES: [&str; 33] = [
    "components",
    "async",
    "async-builtins",
    "stackful",
    "threads",
    "error-context",
    "memory64",
    "fixed-length-lists",
    "map",
    "implements",
    "concurrent-calls",
    "call-cancel",
    "trap-site",
    REMAINS,
    DEBUG_ASSERTIONS,
    "host.trace",
    "host.pending",
    "host.cancellation",
    "host.stubborn",
    "host.unstarted",
    "host.streams",
    "host.stream-cancel",
    "host.zero-length",
    "host.hold",
    "host.give",
    "host.futures",
    "host.resources",
    "exceptions",
    "tail-calls",
    "function-references",
    "multi-memory",
    "simd",
    "gc",
];

/// Runs every check on an adapter.
pub fn run(command: &AdapterCommand, limits: ProcessLimits) -> Battery {
    let mut session = Session::new(command.clone(), limits);
    let greeted = checked(messages::hello(&mut session));
    let hello = session.hello.clone();
    let mut checks = vec![CheckResult {
        name: "hello/answer",
        why: "nothing can be asked of an adapter that does not say who it is and what it has",
        checked: greeted,
    }];
    let Some(declared) = &hello else {
        return Battery { hello, checks };
    };
    let declared: BTreeSet<&str> = declared.capabilities.iter().map(String::as_str).collect();
    let all = [
        &messages::CHECKS[..],
        &calls::CHECKS,
        &calls::VALUES,
        &host::CHECKS,
        &remains::CHECKS,
        &messages::LAST,
    ];
    for check in all.into_iter().flatten() {
        let missing = check.needs.iter().find(|need| !declared.contains(**need));
        let checked = match missing {
            Some(missing) => Checked::Skipped {
                missing: (*missing).to_owned(),
            },
            None => checked(session.fresh().and_then(|()| check.run.on(&mut session))),
        };
        checks.push(CheckResult {
            name: check.name,
            why: check.why,
            checked,
        });
    }
    Battery { hello, checks }
}

fn checked(step: Step) -> Checked {
    match step {
        Ok(()) => Checked::Passed,
        Err(Stop::Missing(missing)) => Checked::Skipped { missing },
        Err(Stop::Wrong(complaint)) => Checked::Failed(*complaint),
    }
}

/// A JSON value on one line, cut where it gets long.
fn shown(json: &Json) -> String {
    cut(&json.to_string())
}

/// How much of a message is shown.
const SHOWN: usize = 300;

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text.to_owned(),
    }
}
