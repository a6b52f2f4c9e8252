//! `canon lower`: a component function as a core function.

use super::Called;
use crate::abi::CoreValueIter;
use crate::component::ast::Abi;
use crate::component::types::{Effect, FuncType};
use crate::core;
use crate::machine::rules::Rule;
use crate::machine::state::{
    Caller, CanonicalOptions, FuncId, InstanceId, Subtask, SubtaskId, SubtaskState, ThreadId,
};
use crate::machine::step::Step;
use crate::machine::stop::Stop;
use crate::machine::thread::Frame;

impl Step<'_> {
    /// Spec: CanonicalABI.md, "canon lower".
    pub(super) fn canon_lower(
        &mut self,
        thread: ThreadId,
        inst: InstanceId,
        func: FuncId,
        ty: &FuncType,
        opts: CanonicalOptions,
        flat_args: Vec<core::Value>,
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(Rule::LowerMayLeave, inst)?;
        if opts.abi == Abi::Async {
            return Err(Stop::Unsupported("canon lower async"));
        }
        let func = self.store.func(func).clone();
        if ty.effect == Effect::Async && func.opts.abi == Abi::Async {
            return Err(Stop::Unsupported("canon lift async"));
        }
        let subtask = SubtaskId(self.store.subtasks.add(Subtask {
            inst,
            opts,
            state: SubtaskState::Starting,
            flat_args: CoreValueIter {
                values: flat_args,
                position: 0,
            },
            flat_results: Vec::new(),
            lenders: Vec::new(),
        }));
        let task = self.begin_call(func, Caller::Subtask(subtask), Some(inst))?;
        self.store
            .thread_mut(thread)
            .stack
            .push(Frame::Lower { subtask, task });
        Ok(Called::Entered)
    }
}
