//! Why the machine stopped.

use std::fmt;

use super::limits::Limit;
use super::rules::Rule;
use crate::core;

/// A trap: by a rule of the Component Model or inside core WebAssembly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trap {
    /// A rule of the Component Model.
    Rule(Rule),
    /// A core instruction.
    Core(core::Trap),
    /// A function of the host.
    Host(&'static str),
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trap::Rule(rule) => write!(f, "{rule}"),
            Trap::Core(trap) => write!(f, "{trap}"),
            Trap::Host(why) => write!(f, "{why}"),
        }
    }
}

/// Why a step could not be completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stop {
    /// The guest trapped.
    Trap(Trap),
    /// The machine passed one of its limits.
    Limit(Limit),
    /// A call of the host's cannot return, since no thread is ready.
    Deadlock,
    /// What the machine relies on is not so: a rule is switched off, without which it cannot go on,
    /// or the embedder gave a value that is not of its type.
    Broken,
    /// The guest needs a part of the specification that the machine does not have.
    Unsupported(&'static str),
}

impl Stop {
    /// Whether it says something of the machine and nothing of the guest: a limit was passed, or
    /// something is not there.
    pub fn decides_nothing(&self) -> bool {
        matches!(self, Stop::Limit(_) | Stop::Broken | Stop::Unsupported(_))
    }
}

impl From<Rule> for Stop {
    fn from(rule: Rule) -> Self {
        Stop::Trap(Trap::Rule(rule))
    }
}

impl From<Limit> for Stop {
    fn from(limit: Limit) -> Self {
        Stop::Limit(limit)
    }
}

impl From<core::Trap> for Stop {
    fn from(trap: core::Trap) -> Self {
        Stop::Trap(Trap::Core(trap))
    }
}

impl From<core::Limit> for Stop {
    fn from(limit: core::Limit) -> Self {
        Stop::Limit(Limit::Core(limit))
    }
}

impl From<core::InstantiateError> for Stop {
    fn from(error: core::InstantiateError) -> Self {
        match error {
            core::InstantiateError::Trap(trap) => trap.into(),
            core::InstantiateError::Limit(limit) => limit.into(),
            // Validation has matched every argument with its import.
            core::InstantiateError::Link { .. } => {
                Stop::Unsupported("a core import that only run time finds to be of another type")
            }
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stop::Trap(trap) => write!(f, "{trap}"),
            Stop::Limit(limit) => write!(f, "{limit}"),
            Stop::Deadlock => write!(
                f,
                "deadlock: no thread is ready, and the call has not returned"
            ),
            Stop::Broken => write!(f, "stuck: what the machine relies on is not so"),
            Stop::Unsupported(feature) => write!(f, "unsupported: {feature}"),
        }
    }
}
