//! The machine's state: plain data that can be cloned, hashed and compared.
//!
//! Spec: CanonicalABI.md, "Component Instances", "Concurrency", "Runtime State".

use std::sync::Arc;

use super::table::{HandleIndex, Table};
use super::thread::CallId;
use super::waitable::{CopyEnd, Waitable, WaitableSet};
use crate::abi::{CoreValueIter, LiftLowerOptions, StringValue, Value};
use crate::component::ast::Abi;
use crate::component::types::{FuncType, Label, ResourceTypeId};
use crate::core::{self, FuncAddr};
use crate::host::{HostFunc, ImportCallId};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);
    )*};
}

ids! {
    /// A component instance of the store.
    InstanceId
    /// A component function instance of the store.
    FuncId
    /// A task of the store.
    TaskId
    /// A subtask of the store.
    SubtaskId
    /// A thread of the store.
    ThreadId
}

/// A component instance.
///
/// Spec: CanonicalABI.md, "Component Instances".
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ComponentInstance {
    /// The instance whose component instantiated this one; none if the host did.
    pub parent: Option<InstanceId>,
    /// What the instance's guest code refers to by index.
    pub handles: Table<Handle>,
    /// The instance's threads by the index that guest code sees.
    pub threads: Table<ThreadId>,
    /// Whether the instance can be entered. A trap leaves it false for good.
    pub may_enter: bool,
    /// Whether guest code may call imports and most built-ins.
    pub may_leave: bool,
    /// How often `backpressure.inc` was called more than `backpressure.dec`; below 2^16.
    pub backpressure: u32,
    /// Tasks that wait until they may enter.
    pub num_waiting_to_enter: u32,
    /// The thread that excludes others that need to be alone.
    pub exclusive_thread: Option<ThreadId>,
}

impl ComponentInstance {
    /// A new instance, made by `parent` or by the host.
    pub fn new(parent: Option<InstanceId>) -> ComponentInstance {
        ComponentInstance {
            parent,
            handles: Table::default(),
            threads: Table::default(),
            may_enter: true,
            may_leave: true,
            backpressure: 0,
            num_waiting_to_enter: 0,
            exclusive_thread: None,
        }
    }
}

/// An element of an instance's handle table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Handle {
    /// A resource, owned or borrowed.
    Resource(ResourceHandle),
    /// An error context.
    ErrorContext(ErrorContext),
    /// A subtask.
    Subtask(SubtaskId),
    /// A waitable set.
    WaitableSet(WaitableSet),
    /// An end of a stream or future.
    End(CopyEnd),
}

/// Spec: CanonicalABI.md, "Resource State".
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResourceHandle {
    /// The resource's type.
    pub rt: ResourceTypeId,
    /// The resource's representation.
    pub rep: u64,
    /// Whether the handle owns or borrows.
    pub ownership: Ownership,
    /// How many borrows of this handle are outstanding.
    pub num_lends: u32,
}

/// Whether a handle owns its resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ownership {
    /// It does.
    Own,
    /// It borrows, for as long as this task runs.
    Borrow {
        /// The task that must drop the handle before it returns.
        scope: TaskId,
    },
}

/// A resource type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResourceType {
    /// Who defines the type.
    pub definer: Definer,
    /// The destructor, where an instance defines the type.
    pub dtor: Option<FuncAddr>,
    /// The core type of representations.
    pub rep: crate::component::ast::Rep,
}

/// Who defines a resource type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Definer {
    /// A component instance.
    Instance(InstanceId),
    /// The host, under this name.
    Host(Label),
}

/// Spec: CanonicalABI.md, "canon error-context.new".
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ErrorContext {
    /// What the error context says.
    pub debug_message: StringValue,
}

/// Canonical options with everything resolved.
///
/// Spec: CanonicalABI.md, "Canonical ABI Options".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct CanonicalOptions {
    /// What lifting and lowering need.
    pub values: LiftLowerOptions,
    /// `post-return`
    pub post_return: Option<FuncAddr>,
    /// `async`
    pub abi: Abi,
    /// `callback`
    pub callback: Option<FuncAddr>,
}

/// A component function instance.
///
/// Spec: CanonicalABI.md, "Embedding", `FuncInst`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FuncInst {
    /// A core function, lifted into an instance.
    Lifted(LiftedFunc),
    /// A function of the host.
    Host(HostFunc),
}

impl FuncInst {
    /// Its component-level type.
    pub fn ty(&self) -> &Arc<FuncType> {
        match self {
            FuncInst::Lifted(func) => &func.ty,
            FuncInst::Host(func) => &func.ty,
        }
    }
}

/// A core function that `canon lift` lifted into an instance.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LiftedFunc {
    /// The core function.
    pub callee: FuncAddr,
    /// Its component-level type.
    pub ty: Arc<FuncType>,
    /// The options of `canon lift`.
    pub opts: CanonicalOptions,
    /// The instance that it is lifted from.
    pub inst: InstanceId,
}

impl LiftedFunc {
    /// A core function that the machine itself calls with core values.
    pub fn of_machine(callee: FuncAddr, inst: InstanceId) -> LiftedFunc {
        let ty = Arc::new(FuncType::nullary());
        LiftedFunc {
            callee,
            ty,
            opts: CanonicalOptions::default(),
            inst,
        }
    }
}

/// Where a task is in its life.
///
/// Spec: CanonicalABI.md, "Tasks".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TaskState {
    /// Its arguments have not been lowered.
    Initial,
    /// It has its arguments.
    Started,
    /// It is to be asked to cancel.
    PendingCancel,
    /// It has been asked to cancel.
    CancelDelivered,
    /// It has returned or been cancelled.
    Resolved,
}

/// A call of a lifted function.
///
/// Spec: CanonicalABI.md, "Tasks".
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Task {
    /// The function, with its type, its options and its instance.
    pub func: LiftedFunc,
    /// Who called, which decides where arguments come from and results go to.
    pub caller: Caller,
    /// Where the task is in its life.
    pub state: TaskState,
    /// Borrowed handles that the task must drop before it returns.
    pub num_borrows: u32,
    /// The thread that the task began with.
    pub implicit_thread: ThreadId,
    /// The task's registered threads.
    pub threads: Vec<ThreadId>,
}

impl Task {
    /// A call of `func` that has not begun, and whose implicit thread is to be `implicit_thread`.
    pub fn new(func: LiftedFunc, caller: Caller, implicit_thread: ThreadId) -> Task {
        Task {
            func,
            caller,
            state: TaskState::Initial,
            num_borrows: 0,
            implicit_thread,
            threads: Vec::new(),
        }
    }

    /// Whether the task runs alone among those that need to.
    ///
    /// Spec: CanonicalABI.md, "Tasks", `needs_exclusive`.
    pub fn needs_exclusive(&self) -> bool {
        self.func.opts.abi == Abi::Sync || self.func.opts.callback.is_some()
    }
}

/// What the specification writes as the closures `on_start` and `on_resolve` of a task.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// The embedder: lifted arguments come from its record of the call, and lifted results go there.
    Host(CallId),
    /// A lowered function: values pass through the subtask's lifting and lowering context.
    Subtask(SubtaskId),
    /// The machine itself, for `realloc`, start functions and destructors: core values both ways.
    Machine {
        /// The arguments.
        args: Vec<core::Value>,
        /// The results, once the task has resolved.
        results: Vec<core::Value>,
    },
    /// Nobody any more: the task has resolved.
    Resolved,
}

/// A call by the host.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HostCall {
    /// The callee's task, for as long as it has not resolved.
    pub task: Option<TaskId>,
    /// The arguments, until the task starts.
    pub args: Vec<Value>,
    /// How the call ended.
    pub outcome: Option<CallOutcome>,
}

/// How a call by the host ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CallOutcome {
    /// It returned these values, none or one.
    Returned(Vec<Value>),
    /// It was cancelled.
    Cancelled,
}

/// Where a subtask is in its life.
///
/// Spec: CanonicalABI.md, "Subtask State".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubtaskState {
    /// 0: the callee has not taken its arguments.
    Starting,
    /// 1: the callee runs.
    Started,
    /// 2: the callee has returned.
    Returned,
    /// 3: it was cancelled, and the arguments are still the caller's.
    CancelledBeforeStarted,
    /// 4: it was cancelled after it had taken its arguments.
    CancelledBeforeReturned,
}

/// What a subtask calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Callee {
    /// A task.
    Task(TaskId),
    /// A function of the host.
    Host(ImportCallId),
}

/// A call as its caller sees it.
///
/// Spec: CanonicalABI.md, "Subtask State" and "canon lower".
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subtask {
    /// The calling instance.
    pub inst: InstanceId,
    /// The options of `canon lower`.
    pub opts: CanonicalOptions,
    /// Where the subtask is in its life.
    pub state: SubtaskState,
    /// The callee, for as long as it has not resolved.
    pub callee: Option<Callee>,
    /// The core arguments, and how many of them have been read.
    pub flat_args: CoreValueIter,
    /// The core results, once there are any.
    pub flat_results: Vec<core::Value>,
    /// Handles of the calling instance that are lent until the resolution is delivered; none
    /// after that.
    pub lenders: Option<Vec<HandleIndex>>,
    /// Whether the caller has asked the callee to cancel.
    pub cancellation_requested: bool,
    /// The subtask's index, once `canon lower` has returned without a result. From then on
    /// progress is an event.
    pub index: Option<HandleIndex>,
    /// The subtask as a waitable.
    pub waitable: Waitable,
}

impl Subtask {
    /// A call by `inst`, with what its core code gave, before the callee is called.
    pub fn new(inst: InstanceId, opts: CanonicalOptions, flat_args: CoreValueIter) -> Subtask {
        Subtask {
            inst,
            opts,
            state: SubtaskState::Starting,
            callee: None,
            flat_args,
            flat_results: Vec::new(),
            lenders: Some(Vec::new()),
            cancellation_requested: false,
            index: None,
            waitable: Waitable::default(),
        }
    }

    /// Spec: CanonicalABI.md, "Subtask State", `resolved`.
    pub fn resolved(&self) -> bool {
        !matches!(self.state, SubtaskState::Starting | SubtaskState::Started)
    }

    /// Spec: CanonicalABI.md, "Subtask State", `resolve_delivered`.
    pub fn resolve_delivered(&self) -> bool {
        self.lenders.is_none()
    }
}
