//! `canon waitable-set.new`, `waitable-set.wait`, `waitable-set.poll`, `waitable-set.drop` and
//! `waitable.join`.

use super::{Called, arg_i32, arg_u64, returned_i32, returned_nothing};
use crate::abi::{BorrowScope, Cx, LiftLowerOptions};
use crate::component::ast::Cancellable;
use crate::core::{self, MemAddr};
use crate::machine::rules::Rule;
use crate::machine::state::{Handle, InstanceId, ThreadId};
use crate::machine::step::Step;
use crate::machine::stop::Stop;
use crate::machine::thread::{Condition, Frame};
use crate::machine::waitable::{Event, WaitableSet};

impl Step<'_> {
    /// Spec: CanonicalABI.md, "canon waitable-set.new".
    pub(super) fn canon_waitable_set_new(&mut self, inst: InstanceId) -> Result<Called, Stop> {
        self.trap_unless_may_leave(Rule::WaitableSetNewMayLeave, inst)?;
        let set = Handle::WaitableSet(WaitableSet::default());
        returned_i32(self.add_handle(inst, set)?)
    }

    /// Spec: CanonicalABI.md, "canon waitable-set.wait".
    pub(super) fn canon_waitable_set_wait(
        &mut self,
        thread: ThreadId,
        inst: InstanceId,
        cancellable: Cancellable,
        memory: MemAddr,
        args: &[core::Value],
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(Rule::WaitableSetWaitMayLeave, inst)?;
        let (set, ptr) = (arg_i32(args, 0), arg_u64(args, 1));
        self.begin_set_wait(inst, set, Rule::WaitableSetWaitKind)?;
        let frame = Frame::WaitableSetWait { set, memory, ptr };
        self.push_frame(thread, frame);
        self.wait_until(thread, Condition::SetEvent(set), cancellable);
        Ok(Called::Entered)
    }

    /// Writes the event's payloads to `ptr`, and gives its code.
    ///
    /// Spec: CanonicalABI.md, "canon waitable-set.wait", `unpack_event`.
    pub(crate) fn unpack_event(
        &mut self,
        inst: InstanceId,
        memory: MemAddr,
        ptr: u64,
        event: Event,
    ) -> Result<core::Value, Stop> {
        let opts = LiftLowerOptions {
            memory: Some(memory),
            ..LiftLowerOptions::default()
        };
        let mut cx = Cx {
            step: self,
            opts,
            inst,
            scope: BorrowScope::None,
        };
        let past_end = cx.past_end(ptr, 8);
        cx.step.trap_if(Rule::EventAlign, !ptr.is_multiple_of(4))?;
        cx.step.trap_if(Rule::EventBounds, past_end)?;
        cx.store_int(event.index.into(), ptr, 4)?;
        cx.store_int(event.payload.into(), ptr + 4, 4)?;
        Ok(core::Value::I32(event.code as u32))
    }

    /// Spec: CanonicalABI.md, "canon waitable-set.poll", and "Waitable State", `poll`.
    pub(super) fn canon_waitable_set_poll(
        &mut self,
        thread: ThreadId,
        inst: InstanceId,
        cancellable: Cancellable,
        memory: MemAddr,
        args: &[core::Value],
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(Rule::WaitableSetPollMayLeave, inst)?;
        let (set, ptr) = (arg_i32(args, 0), arg_u64(args, 1));
        let is_set = matches!(self.get_handle(inst, set)?, Handle::WaitableSet(_));
        self.trap_if(Rule::WaitableSetPollKind, !is_set)?;
        let task = self.store.thread(thread).task;
        let event = if self.deliver_pending_cancel(task, cancellable) {
            Event::TASK_CANCELLED
        } else {
            let has_event = self.set_has_pending_event(inst, set);
            if self.branch(Rule::WaitableSetPollEvent, has_event) {
                self.take_set_event(inst, set)
            } else {
                Event::NONE
            }
        };
        Ok(Called::Returned(vec![
            self.unpack_event(inst, memory, ptr, event)?,
        ]))
    }

    /// Spec: CanonicalABI.md, "canon waitable-set.drop", and "Waitable State", `WaitableSet.drop`.
    pub(super) fn canon_waitable_set_drop(
        &mut self,
        inst: InstanceId,
        args: &[core::Value],
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(Rule::WaitableSetDropMayLeave, inst)?;
        let set = match self.remove_handle(inst, arg_i32(args, 0))? {
            Handle::WaitableSet(set) => Some(set),
            _ => None,
        };
        let set = self.trap_if_none(Rule::WaitableSetDropKind, set)?;
        self.trap_if(Rule::WaitableSetDropElements, !set.elems.is_empty())?;
        self.trap_if(Rule::WaitableSetDropWaiting, set.num_waiting > 0)?;
        returned_nothing()
    }

    /// Spec: CanonicalABI.md, "canon waitable.join".
    pub(super) fn canon_waitable_join(
        &mut self,
        inst: InstanceId,
        args: &[core::Value],
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(Rule::WaitableJoinMayLeave, inst)?;
        let (index, set) = (arg_i32(args, 0), arg_i32(args, 1));
        self.get_handle(inst, index)?;
        let waitable = self.waitable(inst, index).copied();
        self.trap_if(Rule::WaitableJoinKind, waitable.is_none())?;
        let has_sync_waiter = waitable.is_some_and(|waitable| waitable.has_sync_waiter);
        self.trap_if(Rule::WaitableJoinSyncWaiter, has_sync_waiter)?;
        if self.branch(Rule::WaitableJoinLeave, set == 0) {
            self.join(inst, index, None);
        } else {
            let is_set = matches!(self.get_handle(inst, set)?, Handle::WaitableSet(_));
            self.trap_if(Rule::WaitableJoinSetKind, !is_set)?;
            self.join(inst, index, Some(set));
        }
        returned_nothing()
    }
}
