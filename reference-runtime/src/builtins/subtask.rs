//! `canon subtask.cancel` and `subtask.drop`.

use super::{Called, arg_i32, returned_i32, returned_nothing};
use crate::component::ast::Abi;
use crate::core;
use crate::machine::rules::Rule;
use crate::machine::state::{Callee, Handle, InstanceId, SubtaskId, ThreadId};
use crate::machine::step::Step;
use crate::machine::stop::Stop;
use crate::machine::table::HandleIndex;
use crate::machine::thread::Frame;

impl Step<'_> {
    /// Spec: CanonicalABI.md, "canon subtask.cancel".
    pub(super) fn canon_subtask_cancel(
        &mut self,
        thread: ThreadId,
        inst: InstanceId,
        abi: Abi,
        args: &[core::Value],
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(Rule::SubtaskCancelMayLeave, inst)?;
        let index = arg_i32(args, 0);
        let handle = self.get_handle(inst, index)?.clone();
        let id = self.expect_subtask(handle, Rule::SubtaskCancelKind)?;
        let subtask = self.store.subtask(id);
        let delivered = subtask.resolve_delivered();
        let (twice, resolved) = (subtask.cancellation_requested, subtask.resolved());
        let (in_set, callee) = (subtask.waitable.wset.is_some(), subtask.callee);
        self.trap_if(Rule::SubtaskCancelDelivered, delivered)?;
        self.trap_if(Rule::SubtaskCancelTwice, twice)?;
        self.trap_if(Rule::SubtaskCancelInSet, in_set && abi == Abi::Sync)?;
        if self.branch(Rule::SubtaskCancelResolved, resolved) {
            return returned_i32(self.take_event(inst, index).payload);
        }
        self.store.subtask_mut(id).cancellation_requested = true;
        let frame = Frame::SubtaskCancel { index, abi };
        self.push_frame(thread, frame);
        match callee {
            Some(Callee::Task(task)) => self.request_cancellation(task, Some(inst))?,
            Some(Callee::Host(call)) => self.request_host_cancellation(call)?,
            None => {}
        }
        Ok(Called::Entered)
    }

    /// Goes on after the callee has been asked to cancel.
    ///
    /// Spec: CanonicalABI.md, "canon subtask.cancel".
    pub(crate) fn subtask_cancel_after_request(
        &mut self,
        thread: ThreadId,
        index: HandleIndex,
        abi: Abi,
    ) -> Result<Called, Stop> {
        let inst = self.instance_of(thread);
        let resolved = match self.instance(inst).handles.get(index) {
            Some(&Handle::Subtask(id)) => self.store.subtask(id).resolved(),
            _ => false,
        };
        let at_once = self.branch(Rule::SubtaskCancelAtOnce, resolved);
        self.event_or_block(thread, index, at_once, Rule::SubtaskCancelBlocks, abi)
    }

    /// Spec: CanonicalABI.md, "canon subtask.drop", and "Subtask State", `drop`.
    pub(super) fn canon_subtask_drop(
        &mut self,
        inst: InstanceId,
        args: &[core::Value],
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(Rule::SubtaskDropMayLeave, inst)?;
        let index = arg_i32(args, 0);
        let set = self
            .waitable(inst, index)
            .and_then(|waitable| waitable.wset);
        let handle = self.remove_handle(inst, index)?;
        let id = self.expect_subtask(handle, Rule::SubtaskDropKind)?;
        let delivered = self.store.subtask(id).resolve_delivered();
        self.trap_if(Rule::SubtaskDropUndelivered, !delivered)?;
        self.leave_set(inst, index, set);
        self.store.subtasks.remove(id.0);
        returned_nothing()
    }

    /// The subtask in `handle`, or a trap under `rule`.
    fn expect_subtask(&mut self, handle: Handle, rule: Rule) -> Result<SubtaskId, Stop> {
        let id = match handle {
            Handle::Subtask(id) => Some(id),
            _ => None,
        };
        self.trap_if_none(rule, id)
    }
}
