//! What a thread is doing: its frames, and the control stack that says who runs now.
//!
//! Spec: CanonicalABI.md, "Threads". What the specification keeps in the host language's stack
//! and closures is a variant here.

use super::instantiate::Instantiation;
use super::state::{InstanceId, SubtaskId, TaskId, ThreadId};
use super::table::HandleIndex;
use crate::component::ast::{Abi, Cancellable};
use crate::core::{self, MemAddr};

/// A thread of a task.
///
/// Spec: CanonicalABI.md, "Threads".
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Thread {
    /// The task that the thread belongs to.
    pub task: TaskId,
    /// Whether it runs, and what it waits for.
    pub state: ThreadState,
    /// Whether a cancellation can wake it where it blocked last.
    pub cancellable: Cancellable,
    /// Whether it was a cancellation that resumed it last.
    pub cancelled: Cancelled,
    /// What it is doing, innermost last.
    pub stack: Vec<Frame>,
    /// Its index in its instance's table of threads, once it is registered.
    pub index: Option<HandleIndex>,
    /// What `context.get` and `context.set` access.
    pub storage: [u64; 2],
}

impl Thread {
    /// A suspended thread that has not begun to do what `stack` says.
    pub fn new(task: TaskId, stack: Vec<Frame>) -> Thread {
        Thread {
            task,
            state: ThreadState::Suspended,
            cancellable: Cancellable::No,
            cancelled: Cancelled::False,
            stack,
            index: None,
            storage: [0; 2],
        }
    }
}

impl Thread {
    /// Whether a cancellation could resume the thread.
    pub fn can_be_cancelled(&self) -> bool {
        self.cancellable == Cancellable::Yes && self.state != ThreadState::Running
    }
}

impl From<Cancelled> for u32 {
    fn from(cancelled: Cancelled) -> u32 {
        match cancelled {
            Cancelled::False => 0,
            Cancelled::True => 1,
        }
    }
}

/// Whether a thread runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ThreadState {
    /// It is on the control stack.
    Running,
    /// Another thread must say that it goes on.
    Suspended,
    /// It goes on at some time after the condition holds.
    Waiting(Condition),
}

/// What the specification writes as the closure `ready_func` of a waiting thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Condition {
    /// `lambda: True`
    Always,
    /// The thread's task may enter its instance: there is no backpressure.
    MayEnterTask,
    /// No thread excludes others.
    ExclusiveFree,
    /// The subtask has resolved.
    SubtaskResolved(SubtaskId),
    /// The waitable at the index has an event.
    PendingEvent(HandleIndex),
    /// The waitable set at the index has an event.
    SetEvent(HandleIndex),
    /// The waitable set at the index has an event, and no thread excludes others.
    SetEventAndExclusiveFree(HandleIndex),
}

/// Whether a blocked thread was resumed by a cancellation.
///
/// Spec: CanonicalABI.md, "Stack Switching", `Cancelled`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cancelled {
    /// 0
    False,
    /// 1
    True,
}

/// One thing that a thread is in the middle of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Frame {
    /// Core code. When it stopped at a call of a canonical built-in, that built-in's frame is above.
    Core(core::Stack),
    /// `canon lift`, not begun.
    LiftEnter,
    /// `canon lift`, waiting for backpressure to end.
    LiftBackpressure,
    /// `canon lift`, waiting for the core function's results.
    LiftCallee,
    /// `canon lift`, waiting for `post-return` to end.
    LiftPostReturn,
    /// `canon lift` with `callback`, blocked between two calls, on the set if it waits for one.
    LiftCallback(Option<HandleIndex>),
    /// The function of a thread that `thread.new-indirect` made.
    ThreadFunc,
    /// `canon lower`, waiting for its callee to return or block.
    Lower(SubtaskId),
    /// `canon lower`, blocked until the subtask has resolved.
    LowerBlocked(SubtaskId),
    /// `canon resource.drop`, waiting for the destructor.
    ResourceDrop,
    /// A built-in whose result is whether the thread was resumed by a cancellation.
    Blocked,
    /// `canon waitable-set.wait`, blocked on the set at the index; the event goes to the pointer.
    WaitableSetWait {
        /// The set.
        set: HandleIndex,
        /// The memory.
        memory: MemAddr,
        /// Where in the memory.
        ptr: u64,
    },
    /// `canon subtask.cancel`, waiting for the callee to take the request or block.
    SubtaskCancel {
        /// The subtask.
        index: HandleIndex,
        /// Whether it blocks.
        abi: Abi,
    },
    /// A built-in that blocks until the waitable at the index has an event, and returns its payload.
    SyncEvent(HandleIndex),
}

/// One element of the control stack. Only the last one runs; it was started by the one below, which
/// goes on when it ends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Control {
    /// A thread.
    Thread(ThreadId),
    /// The instantiation of a component.
    Instantiate(Box<Instantiation>),
    /// The rest of `canon lift` of a synchronous type after its thread returned or blocked: the
    /// instance goes on until the task has resolved.
    Lift {
        /// The task, which is of a synchronous type.
        sync: TaskId,
        /// The instance that the task runs in.
        inst: InstanceId,
    },
    /// An instance that is left when control comes back.
    Leave {
        /// The instance that was entered.
        inst: InstanceId,
        /// From where.
        from: CallerInstance,
    },
}

impl Control {
    /// Whether it is a thread.
    pub fn is_thread(&self) -> bool {
        matches!(self, Control::Thread(_))
    }
}

/// What the host calls one of its calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId(pub u32);

/// Where a call comes from: an instance, or the host.
pub type CallerInstance = Option<InstanceId>;
