//! The names of the built-ins, as the specification spells them.

use super::{Blocking, Builtin, EndType, Successor};
use crate::component::ast::{Channel, End};

impl Builtin {
    /// The name of the `canon` definition, such as `stream.read`.
    pub fn name(&self) -> &'static str {
        match self {
            Builtin::Lower { .. } => "lower",
            Builtin::ResourceNew(_) => "resource.new",
            Builtin::ResourceDrop(_) => "resource.drop",
            Builtin::ResourceRep(_) => "resource.rep",
            Builtin::ErrorContextNew(_) => "error-context.new",
            Builtin::ErrorContextDebugMessage(_) => "error-context.debug-message",
            Builtin::ErrorContextDrop => "error-context.drop",
            Builtin::ContextGet(..) => "context.get",
            Builtin::ContextSet(..) => "context.set",
            Builtin::BackpressureInc => "backpressure.inc",
            Builtin::BackpressureDec => "backpressure.dec",
            Builtin::TaskReturn(..) => "task.return",
            Builtin::TaskCancel => "task.cancel",
            Builtin::WaitableSetNew => "waitable-set.new",
            Builtin::WaitableSetWait(..) => "waitable-set.wait",
            Builtin::WaitableSetPoll(..) => "waitable-set.poll",
            Builtin::WaitableSetDrop => "waitable-set.drop",
            Builtin::WaitableJoin => "waitable.join",
            Builtin::SubtaskCancel(_) => "subtask.cancel",
            Builtin::SubtaskDrop => "subtask.drop",
            Builtin::ChannelNew(Channel::Stream, _) => "stream.new",
            Builtin::ChannelNew(Channel::Future, _) => "future.new",
            Builtin::ChannelCopy(ty, _) => ty.pick(COPY),
            Builtin::ChannelCancel(ty, _) => ty.pick(CANCEL),
            Builtin::ChannelDrop(ty) => ty.pick(DROP),
            Builtin::ThreadIndex => "thread.index",
            Builtin::ThreadNewIndirect(..) => "thread.new-indirect",
            Builtin::ThreadResumeLater => "thread.resume-later",
            Builtin::ThreadSuspend(_) => "thread.suspend",
            Builtin::ThreadYield(_) => "thread.yield",
            Builtin::ThreadSwitch(blocking, successor, _) => match (blocking, successor) {
                (Blocking::Suspend, Successor::Resume) => "thread.suspend-then-resume",
                (Blocking::Suspend, Successor::Promote) => "thread.suspend-then-promote",
                (Blocking::Yield, Successor::Resume) => "thread.yield-then-resume",
                (Blocking::Yield, Successor::Promote) => "thread.yield-then-promote",
            },
        }
    }
}

/// The names of four siblings: of streams and of futures, each of the readable end first.
type Siblings = [[&'static str; 2]; 2];

const COPY: Siblings = [
    ["stream.read", "stream.write"],
    ["future.read", "future.write"],
];
const CANCEL: Siblings = [
    ["stream.cancel-read", "stream.cancel-write"],
    ["future.cancel-read", "future.cancel-write"],
];
const DROP: Siblings = [
    ["stream.drop-readable", "stream.drop-writable"],
    ["future.drop-readable", "future.drop-writable"],
];

impl EndType {
    fn pick(&self, [stream, future]: Siblings) -> &'static str {
        let [readable, writable] = match self.channel {
            Channel::Stream => stream,
            Channel::Future => future,
        };
        match self.end {
            End::Readable => readable,
            End::Writable => writable,
        }
    }
}
