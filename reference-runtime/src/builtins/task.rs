//! `canon task.return`, `task.cancel`, `backpressure.inc` and `backpressure.dec`.

use super::{Called, returned_nothing};
use crate::abi::flatten::MAX_FLAT_PARAMS;
use crate::abi::{BorrowScope, CoreValueIter, Cx};
use crate::component::ast::Abi;
use crate::component::types::ValType;
use crate::core;
use crate::machine::reading::Dispute;
use crate::machine::rules::Rule;
use crate::machine::state::{CanonicalOptions, InstanceId, ThreadId};
use crate::machine::step::Step;
use crate::machine::stop::Stop;

/// The counter stays below this.
const BACKPRESSURE_LIMIT: u32 = 1 << 16;

impl Step<'_> {
    /// Spec: CanonicalABI.md, "canon backpressure.{inc,dec}".
    pub(super) fn canon_backpressure_inc(&mut self, inst: InstanceId) -> Result<Called, Stop> {
        let backpressure = self.instance(inst).backpressure + 1;
        self.trap_if(
            Rule::BackpressureIncLimit,
            backpressure == BACKPRESSURE_LIMIT,
        )?;
        self.instance_mut(inst).backpressure = backpressure;
        returned_nothing()
    }

    /// Spec: CanonicalABI.md, "canon backpressure.{inc,dec}".
    pub(super) fn canon_backpressure_dec(&mut self, inst: InstanceId) -> Result<Called, Stop> {
        let backpressure = self.instance(inst).backpressure;
        self.trap_if(Rule::BackpressureDecZero, backpressure == 0)?;
        self.instance_mut(inst).backpressure = backpressure.saturating_sub(1);
        returned_nothing()
    }

    /// Spec: CanonicalABI.md, "canon task.return".
    pub(super) fn canon_task_return(
        &mut self,
        thread: ThreadId,
        inst: InstanceId,
        result: &[ValType],
        opts: CanonicalOptions,
        flat_args: Vec<core::Value>,
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(Rule::TaskReturnMayLeave, inst)?;
        let id = self.store.thread(thread).task;
        let func = self.store.task(id).func.clone();
        let (given, wanted) = (opts.values, func.opts.values);
        // Validation has made sure that there is a memory if the result needs one.
        let other_memory = given.memory != wanted.memory
            && !(given.memory.is_none() && self.tests_win(Dispute::ReturnWithoutMemory));
        let other_options = given.string_encoding != wanted.string_encoding || other_memory;
        self.trap_if(Rule::TaskReturnSync, func.opts.abi == Abi::Sync)?;
        self.trap_if(Rule::TaskReturnType, *result != *func.ty.result)?;
        self.trap_if(Rule::TaskReturnOptions, other_options)?;
        let mut cx = Cx {
            step: self,
            opts: given,
            inst,
            scope: BorrowScope::Task(id),
        };
        let mut values = CoreValueIter {
            values: flat_args,
            position: 0,
        };
        let result = cx.lift_flat_values(MAX_FLAT_PARAMS, &mut values, &func.ty.result)?;
        self.return_task(id, result)?;
        returned_nothing()
    }

    /// Spec: CanonicalABI.md, "canon task.cancel".
    pub(super) fn canon_task_cancel(
        &mut self,
        thread: ThreadId,
        inst: InstanceId,
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(Rule::TaskCancelMayLeave, inst)?;
        let id = self.store.thread(thread).task;
        let abi = self.store.task(id).func.opts.abi;
        self.trap_if(Rule::TaskCancelSync, abi == Abi::Sync)?;
        self.cancel_task(id)?;
        returned_nothing()
    }
}
