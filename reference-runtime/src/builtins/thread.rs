//! `canon thread.index`, `thread.new-indirect`, `thread.resume-later`, `thread.suspend`,
//! `thread.yield`, and the four that block one thread and run another.

use super::{Called, arg_i32, arg_u64, returned_i32, returned_nothing};
use crate::component::ast::Cancellable;
use crate::core::{self, TableAddr};
use crate::machine::rules::Rule;
use crate::machine::state::{InstanceId, ThreadId};
use crate::machine::step::Step;
use crate::machine::stop::Stop;
use crate::machine::thread::{Condition, Frame, Thread, ThreadState};

/// How the calling thread blocks when another is to run in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Blocking {
    /// `suspend`: until it is resumed.
    Suspend,
    /// `yield`: it is ready again at once.
    Yield,
}

/// What becomes of the other thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Successor {
    /// `resume`: it must be suspended, and runs.
    Resume,
    /// `promote`: it runs if it is ready.
    Promote,
}

impl From<Blocking> for ThreadState {
    fn from(blocking: Blocking) -> ThreadState {
        match blocking {
            Blocking::Suspend => ThreadState::Suspended,
            Blocking::Yield => ThreadState::Waiting(Condition::Always),
        }
    }
}

impl Step<'_> {
    /// Spec: CanonicalABI.md, "canon thread.index".
    pub(super) fn canon_thread_index(
        &mut self,
        thread: ThreadId,
        inst: InstanceId,
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(Rule::ThreadIndexMayLeave, inst)?;
        returned_i32(self.store.thread(thread).index.unwrap_or_default())
    }

    /// Spec: CanonicalABI.md, "canon thread.new-indirect".
    pub(super) fn canon_thread_new_indirect(
        &mut self,
        thread: ThreadId,
        inst: InstanceId,
        ty: &core::FuncType,
        table: TableAddr,
        args: &[core::Value],
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(Rule::ThreadNewIndirectMayLeave, inst)?;
        let element = self.store.core.table_get(table, arg_u64(args, 0));
        self.trap_if(Rule::ThreadNewIndirectBounds, element.is_none())?;
        let callee = match element {
            Some(core::Value::FuncRef(callee)) => callee,
            _ => None,
        };
        let callee = self.trap_if_none(Rule::ThreadNewIndirectNull, callee)?;
        let actual = self.store.core.func_type(callee);
        let other_type = (actual.params(), actual.results()) != (ty.params(), ty.results());
        let callee = (!other_type).then_some(callee);
        let callee = self.trap_if_none(Rule::ThreadNewIndirectType, callee)?;
        let task = self.store.thread(thread).task;
        let stack = core::Stack::call(&self.store.core, callee, &args[1..]);
        let stack = vec![Frame::ThreadFunc, Frame::Core(stack)];
        let new = self.add_thread(Thread::new(task, stack))?;
        self.register_thread(new)?;
        returned_i32(self.store.thread(new).index.unwrap_or_default())
    }

    /// Spec: CanonicalABI.md, "canon thread.resume-later".
    pub(super) fn canon_thread_resume_later(
        &mut self,
        inst: InstanceId,
        args: &[core::Value],
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(Rule::ThreadResumeLaterMayLeave, inst)?;
        let other = self.get_thread(inst, arg_i32(args, 0))?;
        let suspended = self.store.thread(other).state == ThreadState::Suspended;
        self.trap_if(Rule::ThreadResumeLaterSuspended, !suspended)?;
        self.set_blocked(other, ThreadState::Waiting(Condition::Always));
        returned_nothing()
    }

    /// Spec: CanonicalABI.md, "canon thread.suspend".
    pub(super) fn canon_thread_suspend(
        &mut self,
        thread: ThreadId,
        inst: InstanceId,
        cancellable: Cancellable,
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(Rule::ThreadSuspendMayLeave, inst)?;
        self.push_frame(thread, Frame::Blocked);
        self.suspend(thread, cancellable);
        Ok(Called::Entered)
    }

    /// Spec: CanonicalABI.md, "canon thread.yield".
    pub(super) fn canon_thread_yield(
        &mut self,
        thread: ThreadId,
        inst: InstanceId,
        cancellable: Cancellable,
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(Rule::ThreadYieldMayLeave, inst)?;
        self.push_frame(thread, Frame::Blocked);
        self.wait_until(thread, Condition::Always, cancellable);
        Ok(Called::Entered)
    }

    /// Spec: CanonicalABI.md, "canon thread.suspend-then-resume", "canon thread.yield-then-resume",
    /// "canon thread.suspend-then-promote" and "canon thread.yield-then-promote".
    pub(super) fn canon_thread_switch(
        &mut self,
        thread: ThreadId,
        inst: InstanceId,
        (blocking, successor): (Blocking, Successor),
        cancellable: Cancellable,
        args: &[core::Value],
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(may_leave_rule(blocking, successor), inst)?;
        let other = self.get_thread(inst, arg_i32(args, 0))?;
        if successor == Successor::Resume {
            let rule = match blocking {
                Blocking::Suspend => Rule::ThreadSuspendThenResumeSuspended,
                Blocking::Yield => Rule::ThreadYieldThenResumeSuspended,
            };
            let suspended = self.store.thread(other).state == ThreadState::Suspended;
            self.trap_if(rule, !suspended)?;
        }
        self.push_frame(thread, Frame::Blocked);
        match successor {
            Successor::Resume => {
                self.block_then_resume(thread, blocking.into(), cancellable, other)?;
            }
            Successor::Promote => {
                self.block_then_promote(thread, blocking.into(), cancellable, other)?;
            }
        }
        Ok(Called::Entered)
    }
}

fn may_leave_rule(blocking: Blocking, successor: Successor) -> Rule {
    match (blocking, successor) {
        (Blocking::Suspend, Successor::Resume) => Rule::ThreadSuspendThenResumeMayLeave,
        (Blocking::Yield, Successor::Resume) => Rule::ThreadYieldThenResumeMayLeave,
        (Blocking::Suspend, Successor::Promote) => Rule::ThreadSuspendThenPromoteMayLeave,
        (Blocking::Yield, Successor::Promote) => Rule::ThreadYieldThenPromoteMayLeave,
    }
}
