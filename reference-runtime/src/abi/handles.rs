//! Values that stand for something in an instance's table: resources and error contexts.
//!
//! Spec: CanonicalABI.md, "Loading" and "Storing".

use super::context::BorrowScope;
use super::{Cx, store};
use crate::component::types::ResourceTypeId;
use crate::machine::rules::Rule;
use crate::machine::state::{ErrorContext, Handle, Ownership, ResourceHandle};
use crate::machine::stop::Stop;
use crate::machine::table::HandleIndex;

impl Cx<'_, '_> {
    /// Spec: CanonicalABI.md, "Loading", `lift_error_context`.
    pub(super) fn lift_error_context(&mut self, i: HandleIndex) -> Result<ErrorContext, Stop> {
        let handle = self.step.get_handle(self.inst, i)?.clone();
        let errctx = match handle {
            Handle::ErrorContext(errctx) => Some(errctx),
            Handle::Resource(_) => None,
        };
        self.step
            .trap_if(Rule::LiftErrorContextKind, errctx.is_none())?;
        errctx.ok_or(Rule::LiftErrorContextKind.into())
    }

    /// Takes the handle out of the table, whatever it turns out to be, and gives the
    /// representation. Spec: CanonicalABI.md, "Loading", `lift_own`.
    pub(super) fn lift_own(&mut self, i: HandleIndex, rt: ResourceTypeId) -> Result<u64, Stop> {
        let h = resource(self.step.remove_handle(self.inst, i)?);
        self.step.trap_if(Rule::LiftOwnKind, h.is_none())?;
        let h = h.ok_or(Rule::LiftOwnKind)?;
        self.step.trap_if(Rule::LiftOwnType, h.rt != rt)?;
        self.step.trap_if(Rule::LiftOwnLends, h.num_lends != 0)?;
        self.step
            .trap_if(Rule::LiftOwnOwned, h.ownership != Ownership::Own)?;
        Ok(h.rep)
    }

    /// Lends the handle to the subtask that is being called and gives the representation.
    ///
    /// Spec: CanonicalABI.md, "Loading", `lift_borrow`, and "Subtask State", `add_lender`.
    pub(super) fn lift_borrow(&mut self, i: HandleIndex, rt: ResourceTypeId) -> Result<u64, Stop> {
        let h = resource(self.step.get_handle(self.inst, i)?.clone());
        self.step.trap_if(Rule::LiftBorrowKind, h.is_none())?;
        let h = h.ok_or(Rule::LiftBorrowKind)?;
        self.step.trap_if(Rule::LiftBorrowType, h.rt != rt)?;
        if let BorrowScope::Subtask(subtask) = self.scope {
            if let Some(Handle::Resource(h)) = self.step.instance_mut(self.inst).handles.get_mut(i)
            {
                h.num_lends += 1;
            }
            self.step.store.subtask_mut(subtask).lenders.push(i);
        }
        Ok(h.rep)
    }

    /// Spec: CanonicalABI.md, "Storing", `lower_error_context`.
    pub(super) fn lower_error_context(&mut self, v: &ErrorContext) -> Result<HandleIndex, Stop> {
        self.step
            .add_handle(self.inst, Handle::ErrorContext(v.clone()))
    }

    /// Spec: CanonicalABI.md, "Storing", `lower_own`.
    pub(super) fn lower_own(&mut self, rep: u64, rt: ResourceTypeId) -> Result<HandleIndex, Stop> {
        self.add_resource(rep, rt, Ownership::Own)
    }

    /// A handle that the task must drop before it returns; or, in the instance that defines the
    /// resource type, the representation, of which only 32 bits are then passed.
    ///
    /// Spec: CanonicalABI.md, "Storing", `lower_borrow`.
    pub(super) fn lower_borrow(&mut self, rep: u64, rt: ResourceTypeId) -> Result<u64, Stop> {
        let local = self.inst == self.step.store.resource_type(rt).inst;
        if self.step.branch(Rule::LowerBorrowLocal, local) {
            return Ok(rep);
        }
        let BorrowScope::Task(scope) = self.scope else {
            return Err(store::MISTYPED);
        };
        self.step.store.task_mut(scope).num_borrows += 1;
        Ok(self
            .add_resource(rep, rt, Ownership::Borrow { scope })?
            .into())
    }

    fn add_resource(
        &mut self,
        rep: u64,
        rt: ResourceTypeId,
        ownership: Ownership,
    ) -> Result<HandleIndex, Stop> {
        let handle = ResourceHandle {
            rt,
            rep,
            ownership,
            num_lends: 0,
        };
        self.step.add_handle(self.inst, Handle::Resource(handle))
    }
}

fn resource(handle: Handle) -> Option<ResourceHandle> {
    match handle {
        Handle::Resource(h) => Some(h),
        Handle::ErrorContext(_) => None,
    }
}
