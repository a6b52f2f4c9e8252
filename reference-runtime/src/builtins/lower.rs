//! `canon lower`: a component function as a core function.

use super::Called;
use crate::abi::CoreValueIter;
use crate::component::ast::{Abi, Cancellable};
use crate::core;
use crate::machine::rules::Rule;
use crate::machine::state::{
    Callee, Caller, CanonicalOptions, FuncId, FuncInst, Handle, InstanceId, Subtask, SubtaskId,
    SubtaskState, ThreadId,
};
use crate::machine::step::Step;
use crate::machine::stop::Stop;
use crate::machine::thread::{Condition, Frame};

impl Step<'_> {
    /// Spec: CanonicalABI.md, "canon lower".
    pub(super) fn canon_lower(
        &mut self,
        thread: ThreadId,
        inst: InstanceId,
        func: FuncId,
        opts: CanonicalOptions,
        flat_args: Vec<core::Value>,
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(Rule::LowerMayLeave, inst)?;
        let flat_args = CoreValueIter {
            values: flat_args,
            position: 0,
        };
        let subtask = Subtask::new(inst, opts, flat_args);
        let subtask = SubtaskId(self.store.subtasks.add(subtask));
        self.push_frame(thread, Frame::Lower(subtask));
        match self.store.func(func).clone() {
            FuncInst::Lifted(func) => {
                let task = self.call(func, Caller::Subtask(subtask), Some(inst))?;
                self.store.subtask_mut(subtask).callee = Some(Callee::Task(task));
            }
            FuncInst::Host(func) => self.call_host(func, subtask)?,
        }
        Ok(Called::Entered)
    }

    /// Goes on after the callee has returned or blocked.
    ///
    /// Spec: CanonicalABI.md, "canon lower".
    pub(crate) fn lower_after_call(&mut self, thread: ThreadId, id: SubtaskId) -> Result<(), Stop> {
        let subtask = self.store.subtask(id);
        let (resolved, abi, inst) = (subtask.resolved(), subtask.opts.abi, subtask.inst);
        if !self.branch(Rule::LowerAsync, abi == Abi::Async) {
            if self.branch(Rule::LowerResolved, resolved) {
                return self.lower_deliver(thread, id);
            }
            self.push_frame(thread, Frame::LowerBlocked(id));
            self.wait_until(thread, Condition::SubtaskResolved(id), Cancellable::No);
            return Ok(());
        }
        if self.branch(Rule::LowerAsyncResolved, resolved) {
            self.end_subtask(id)?;
            return self.resume_core(thread, &[core::Value::I32(SubtaskState::Returned as u32)]);
        }
        let index = self.add_handle(inst, Handle::Subtask(id))?;
        let subtask = self.store.subtask_mut(id);
        subtask.index = Some(index);
        let packed = subtask.state as u32 | index << 4;
        self.resume_core(thread, &[core::Value::I32(packed)])
    }

    /// Returns the results of a subtask that has resolved.
    ///
    /// Spec: CanonicalABI.md, "canon lower".
    pub(crate) fn lower_deliver(&mut self, thread: ThreadId, id: SubtaskId) -> Result<(), Stop> {
        let subtask = self.end_subtask(id)?;
        self.resume_core(thread, &subtask.flat_results)
    }

    /// Takes out a subtask that has resolved and that its caller has no handle to.
    fn end_subtask(&mut self, id: SubtaskId) -> Result<Subtask, Stop> {
        if !self.store.subtask(id).resolved() {
            return Err(Stop::Broken);
        }
        self.deliver_resolve(id);
        Ok(self.store.subtasks.remove(id.0))
    }
}
