//! What a thread is doing: its frames, and the control stack that says who runs now.
//!
//! Spec: CanonicalABI.md, "Threads". What the specification keeps in the host language's stack
//! and closures is a variant here.

use super::instantiate::Instantiation;
use super::state::{InstanceId, SubtaskId, TaskId, ThreadId};
use super::table::HandleIndex;
use crate::core;

/// A thread of a task.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Thread {
    /// The task that the thread belongs to.
    pub task: TaskId,
    /// What it is doing, innermost last.
    pub stack: Vec<Frame>,
    /// Its index in its instance's table of threads.
    pub index: HandleIndex,
    /// What `context.get` and `context.set` access.
    pub storage: [u64; 2],
}

/// One thing that a thread is in the middle of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Frame {
    /// Core code. When it stopped at a call of a canonical built-in, that built-in's frame is above.
    Core(core::Stack),
    /// `canon lift`, about to take the arguments and call the core function.
    LiftStart,
    /// `canon lift`, waiting for the core function's results.
    LiftCallee,
    /// `canon lift`, waiting for `post-return` to end.
    LiftPostReturn,
    /// `canon lower`, waiting for its callee.
    Lower {
        /// The call as the caller sees it.
        subtask: SubtaskId,
        /// The call as the callee sees it.
        task: TaskId,
    },
    /// `canon resource.drop`, waiting for the destructor.
    ResourceDrop {
        /// The destructor's task.
        task: TaskId,
    },
}

/// One element of the control stack. Only the last one runs; it was started by the one below, which
/// goes on when it ends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Control {
    /// A thread.
    Thread(ThreadId),
    /// The instantiation of a component.
    Instantiate(Box<Instantiation>),
    /// A core start function's task, called by the instantiation below.
    Start(TaskId),
    /// A call by the host.
    HostCall {
        /// Its task.
        task: TaskId,
        /// What the host calls it.
        call: CallId,
    },
    /// A call of `realloc`; lifting or lowering goes on when it ends.
    Realloc(TaskId),
}

/// What the host calls one of its calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId(pub u32);

/// Where a call comes from: an instance, or the host.
pub type CallerInstance = Option<InstanceId>;
