//! What the host sees.

use super::state::Token;
use crate::abi::Value;
use crate::component::ast::End;
use crate::component::types::{Effect, Label};
use crate::machine::waitable::CopyResult;

/// Something that the host sees.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum HostEvent {
    /// One of its functions is called.
    Called {
        /// The function's name.
        func: Label,
        /// Whether the function's type is `async`.
        effect: Effect,
        /// The arguments.
        args: Vec<Value>,
    },
    /// A pending call is cancelled.
    Cancelled {
        /// The call's token.
        token: Token,
    },
    /// The host's copy has ended.
    Copied {
        /// The end's token.
        token: Token,
        /// Whether the host reads or writes.
        end: End,
        /// What the host has read; nothing where there is no element type, or where it writes.
        values: Vec<Value>,
        /// How many elements were copied.
        count: u32,
        /// How the copy ended.
        result: CopyResult,
    },
    /// The destructor of one of the host's resource types is called.
    Dropped {
        /// The type's name.
        resource: Label,
        /// The resource's representation.
        rep: u64,
    },
}

/// Events of one lane have an order that every runtime shows. Between lanes a runtime may learn of
/// things late, so the order there says nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lane {
    /// Calls that the host answers before the guest goes on, and destructors.
    Guest,
    /// Calls of one function of an asynchronous type.
    Import(Label),
    /// A pending call after it has begun.
    PendingCall(Token),
    /// One of the host's ends.
    End(Token),
}

impl HostEvent {
    /// The lane that the event is in.
    pub fn lane(&self) -> Lane {
        match self {
            HostEvent::Called {
                effect: Effect::Sync,
                ..
            }
            | HostEvent::Dropped { .. } => Lane::Guest,
            HostEvent::Called { func, .. } => Lane::Import(func.clone()),
            HostEvent::Cancelled { token } => Lane::PendingCall(*token),
            HostEvent::Copied { token, .. } => Lane::End(*token),
        }
    }
}
