//! The built-ins that need the concurrent machine. Each has its first rule, that the instance may
//! be left; a call that passes it ends in [`Stop::Unsupported`].

use super::Called;
use crate::machine::rules::Rule;
use crate::machine::state::InstanceId;
use crate::machine::step::Step;
use crate::machine::stop::Stop;

macro_rules! async_builtins {
    ($($name:ident $rule:ident $text:literal)*) => {
        /// A built-in of the concurrent part of the specification.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum AsyncBuiltin {
            $(
                #[doc = concat!("`canon ", $text, "`")]
                $name,
            )*
        }

        impl AsyncBuiltin {
            /// The name of the built-in as the specification spells it.
            pub fn name(self) -> &'static str {
                match self { $(AsyncBuiltin::$name => $text,)* }
            }

            fn may_leave_rule(self) -> Rule {
                match self { $(AsyncBuiltin::$name => Rule::$rule,)* }
            }
        }
    };
}

async_builtins! {
    TaskReturn TaskReturnMayLeave "task.return"
    TaskCancel TaskCancelMayLeave "task.cancel"
    WaitableSetNew WaitableSetNewMayLeave "waitable-set.new"
    WaitableSetWait WaitableSetWaitMayLeave "waitable-set.wait"
    WaitableSetPoll WaitableSetPollMayLeave "waitable-set.poll"
    WaitableSetDrop WaitableSetDropMayLeave "waitable-set.drop"
    WaitableJoin WaitableJoinMayLeave "waitable.join"
    SubtaskCancel SubtaskCancelMayLeave "subtask.cancel"
    SubtaskDrop SubtaskDropMayLeave "subtask.drop"
    StreamNew StreamNewMayLeave "stream.new"
    FutureNew FutureNewMayLeave "future.new"
    StreamRead StreamReadMayLeave "stream.read"
    StreamWrite StreamWriteMayLeave "stream.write"
    FutureRead FutureReadMayLeave "future.read"
    FutureWrite FutureWriteMayLeave "future.write"
    StreamCancelRead StreamCancelReadMayLeave "stream.cancel-read"
    StreamCancelWrite StreamCancelWriteMayLeave "stream.cancel-write"
    FutureCancelRead FutureCancelReadMayLeave "future.cancel-read"
    FutureCancelWrite FutureCancelWriteMayLeave "future.cancel-write"
    StreamDropReadable StreamDropReadableMayLeave "stream.drop-readable"
    StreamDropWritable StreamDropWritableMayLeave "stream.drop-writable"
    FutureDropReadable FutureDropReadableMayLeave "future.drop-readable"
    FutureDropWritable FutureDropWritableMayLeave "future.drop-writable"
    ThreadNewIndirect ThreadNewIndirectMayLeave "thread.new-indirect"
    ThreadResumeLater ThreadResumeLaterMayLeave "thread.resume-later"
    ThreadSuspend ThreadSuspendMayLeave "thread.suspend"
    ThreadYield ThreadYieldMayLeave "thread.yield"
    ThreadSuspendThenResume ThreadSuspendThenResumeMayLeave "thread.suspend-then-resume"
    ThreadYieldThenResume ThreadYieldThenResumeMayLeave "thread.yield-then-resume"
    ThreadSuspendThenPromote ThreadSuspendThenPromoteMayLeave "thread.suspend-then-promote"
    ThreadYieldThenPromote ThreadYieldThenPromoteMayLeave "thread.yield-then-promote"
}

impl Step<'_> {
    /// Checks the first rule of `builtin`.
    pub(super) fn call_async_builtin(
        &mut self,
        inst: InstanceId,
        builtin: AsyncBuiltin,
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(builtin.may_leave_rule(), inst)?;
        Err(Stop::Unsupported(builtin.name()))
    }
}
