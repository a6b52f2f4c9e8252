//! Built-ins and imports: what an instance's core code can call, with the options of each.
//!
//! Spec: Explainer.md, "Canonical Definitions".

use serde::{Deserialize, Serialize};

use super::{FunctionId, HostId, InstanceId, MemoryId, ResourceId, Type};

/// A function that an instance imports, and how it is lowered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Import {
    /// Whose function it is.
    pub callee: Callee,
    /// Which ABI its core function has.
    pub form: Form,
    /// Memory, `realloc` and encoding.
    pub options: Options,
}

/// Whose function an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Callee {
    /// The host's.
    Host(HostId),
    /// Another instance's: an ancestor's, a child's, one that stands before this one or an ancestor
    /// of it and has the same parent, or a descendant's of such.
    Function {
        /// The instance.
        instance: InstanceId,
        /// The function.
        function: FunctionId,
    },
}

/// Synchronous or `async`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// It blocks its caller.
    Sync,
    /// It does not.
    Async,
}

/// The options that all definitions share. An option that a definition cannot have is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Options {
    /// The memory; where there is none, `memory` and `realloc` are both left out.
    pub memory: Option<MemoryId>,
    /// How strings are encoded.
    pub encoding: Encoding,
}

/// How strings are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// `utf8`
    Utf8,
    /// `utf16`
    Utf16,
    /// `latin1+utf16`
    Latin1Utf16,
}

/// Whether a blocking built-in can be woken by a cancellation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cancellable {
    /// It cannot.
    No,
    /// `cancellable`
    Yes,
}

/// The type of a context slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContextType {
    /// `i32`
    I32,
    /// `i64`
    I64,
}

/// How a copy is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CopyOptions {
    /// Whether it blocks.
    pub form: Form,
    /// Memory, `realloc` and encoding.
    pub options: Options,
}

/// A canonical built-in. Streams and futures stand with the type of their elements.
///
/// Spec: Explainer.md, "Canonical Built-ins".
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Canon {
    /// `resource.new`, only in the instance that defines the resource type
    ResourceNew(ResourceId),
    /// `resource.drop`
    ResourceDrop(ResourceId),
    /// `resource.rep`, only in the instance that defines the resource type
    ResourceRep(ResourceId),
    /// `context.get`, with a slot
    ContextGet(ContextType, u32),
    /// `context.set`, with a slot
    ContextSet(ContextType, u32),
    /// `backpressure.inc`
    BackpressureInc,
    /// `backpressure.dec`
    BackpressureDec,
    /// `task.return`
    TaskReturn {
        /// The result's type.
        result: Option<Type>,
        /// Memory and encoding.
        options: Options,
    },
    /// `task.cancel`
    TaskCancel,
    /// `waitable-set.new`
    WaitableSetNew,
    /// `waitable-set.wait`
    WaitableSetWait(Cancellable, MemoryId),
    /// `waitable-set.poll`
    WaitableSetPoll(Cancellable, MemoryId),
    /// `waitable-set.drop`
    WaitableSetDrop,
    /// `waitable.join`
    WaitableJoin,
    /// `subtask.cancel`
    SubtaskCancel(Form),
    /// `subtask.drop`
    SubtaskDrop,
    /// `stream.new`
    StreamNew(Option<Type>),
    /// `stream.read`
    StreamRead(Option<Type>, CopyOptions),
    /// `stream.write`
    StreamWrite(Option<Type>, CopyOptions),
    /// `stream.cancel-read`
    StreamCancelRead(Option<Type>, Form),
    /// `stream.cancel-write`
    StreamCancelWrite(Option<Type>, Form),
    /// `stream.drop-readable`
    StreamDropReadable(Option<Type>),
    /// `stream.drop-writable`
    StreamDropWritable(Option<Type>),
    /// `future.new`
    FutureNew(Option<Type>),
    /// `future.read`
    FutureRead(Option<Type>, CopyOptions),
    /// `future.write`
    FutureWrite(Option<Type>, CopyOptions),
    /// `future.cancel-read`
    FutureCancelRead(Option<Type>, Form),
    /// `future.cancel-write`
    FutureCancelWrite(Option<Type>, Form),
    /// `future.drop-readable`
    FutureDropReadable(Option<Type>),
    /// `future.drop-writable`
    FutureDropWritable(Option<Type>),
    /// `thread.index`
    ThreadIndex,
    /// `thread.new-indirect`, whose first argument is a position in [`super::Instance::threads`]
    ThreadNewIndirect,
    /// `thread.resume-later`
    ThreadResumeLater,
    /// `thread.suspend`
    ThreadSuspend(Cancellable),
    /// `thread.yield`
    ThreadYield(Cancellable),
    /// `thread.suspend-then-resume`
    ThreadSuspendThenResume(Cancellable),
    /// `thread.yield-then-resume`
    ThreadYieldThenResume(Cancellable),
    /// `thread.suspend-then-promote`
    ThreadSuspendThenPromote(Cancellable),
    /// `thread.yield-then-promote`
    ThreadYieldThenPromote(Cancellable),
    /// `error-context.new`
    ErrorContextNew(Options),
    /// `error-context.debug-message`
    ErrorContextDebugMessage(Options),
    /// `error-context.drop`
    ErrorContextDrop,
}
