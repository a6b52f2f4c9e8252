//! Values that stand for something in an instance's table: resources, error contexts, and the
//! readable ends of streams and futures.
//!
//! Spec: CanonicalABI.md, "Loading" and "Storing".

use std::sync::Arc;

use super::context::BorrowScope;
use super::{Cx, store};
use crate::component::ast::{Channel, End};
use crate::component::types::{ResourceTypeId, ValType};
use crate::machine::rules::Rule;
use crate::machine::state::{Definer, ErrorContext, Handle, Ownership, ResourceHandle};
use crate::machine::stop::Stop;
use crate::machine::table::HandleIndex;
use crate::machine::waitable::{CopyEnd, CopyState, SharedId};

impl Cx<'_, '_> {
    /// Spec: CanonicalABI.md, "Loading", `lift_error_context`.
    pub(super) fn lift_error_context(&mut self, i: HandleIndex) -> Result<ErrorContext, Stop> {
        let handle = self.step.get_handle(self.inst, i)?.clone();
        let errctx = match handle {
            Handle::ErrorContext(errctx) => Some(errctx),
            _ => None,
        };
        self.step.trap_if_none(Rule::LiftErrorContextKind, errctx)
    }

    /// Takes the handle out of the table, whatever it turns out to be, and gives the
    /// representation. Spec: CanonicalABI.md, "Loading", `lift_own`.
    pub(super) fn lift_own(&mut self, i: HandleIndex, rt: ResourceTypeId) -> Result<u64, Stop> {
        let h = resource(self.step.remove_handle(self.inst, i)?);
        let h = self.step.trap_if_none(Rule::LiftOwnKind, h)?;
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
        let h = self.step.trap_if_none(Rule::LiftBorrowKind, h)?;
        self.step.trap_if(Rule::LiftBorrowType, h.rt != rt)?;
        if let BorrowScope::Subtask(subtask) = self.scope {
            if let Some(Handle::Resource(h)) = self.step.instance_mut(self.inst).handles.get_mut(i)
            {
                h.num_lends += 1;
            }
            if let Some(lenders) = &mut self.step.store.subtask_mut(subtask).lenders {
                lenders.push(i);
            }
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
        let definer = &self.step.store.resource_type(rt).definer;
        let local = *definer == Definer::Instance(self.inst);
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

    /// Spec: CanonicalABI.md, "Loading", `lift_stream`.
    pub(super) fn lift_stream(
        &mut self,
        i: HandleIndex,
        t: &Option<Arc<ValType>>,
    ) -> Result<SharedId, Stop> {
        let rules = [
            Rule::LiftStreamKind,
            Rule::LiftStreamType,
            Rule::LiftStreamState,
            Rule::LiftStreamInSet,
        ];
        self.lift_async_value(Channel::Stream, rules, i, t)
    }

    /// Spec: CanonicalABI.md, "Loading", `lift_future`.
    pub(super) fn lift_future(
        &mut self,
        i: HandleIndex,
        t: &Option<Arc<ValType>>,
    ) -> Result<SharedId, Stop> {
        let rules = [
            Rule::LiftFutureKind,
            Rule::LiftFutureType,
            Rule::LiftFutureState,
            Rule::LiftFutureInSet,
        ];
        self.lift_async_value(Channel::Future, rules, i, t)
    }

    /// Takes the readable end out of the table, whatever it turns out to be. The rules are those
    /// for its kind, its type, its state and its being in a waitable set.
    ///
    /// Spec: CanonicalABI.md, "Loading", `lift_async_value`.
    fn lift_async_value(
        &mut self,
        channel: Channel,
        [kind, ty, state, in_set]: [Rule; 4],
        i: HandleIndex,
        t: &Option<Arc<ValType>>,
    ) -> Result<SharedId, Stop> {
        let end = match self.step.remove_handle(self.inst, i)? {
            Handle::End(end) if end.channel == channel && end.end == End::Readable => Some(end),
            _ => None,
        };
        let end = self.step.trap_if_none(kind, end)?;
        let other_type = self.step.store.shared(end.shared).t != *t;
        self.step.trap_if(ty, other_type)?;
        self.step.trap_if(state, end.state != CopyState::Idle)?;
        self.step.trap_if(in_set, end.waitable.wset.is_some())?;
        Ok(end.shared)
    }

    /// Spec: CanonicalABI.md, "Storing", `lower_stream` and `lower_future`.
    pub(super) fn lower_readable_end(
        &mut self,
        channel: Channel,
        shared: SharedId,
    ) -> Result<HandleIndex, Stop> {
        let end = CopyEnd::new(channel, End::Readable, shared);
        self.step.add_handle(self.inst, Handle::End(end))
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
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::abi::testing::{INST, OTHER, Rig};
    use crate::abi::{PtrType, StringValue, Value};
    use crate::component::ast::StringEncoding;
    use crate::component::types::ValType;
    use crate::core::Value::I32;

    fn rig() -> Rig {
        Rig::new(PtrType::I32, StringEncoding::Utf8)
    }

    fn resource_at(rig: &Rig, i: HandleIndex) -> ResourceHandle {
        let handle = rig.store.instance(INST).handles.get(i).cloned();
        handle.and_then(resource).expect("the handle is a resource")
    }

    #[test]
    fn owning_moves_the_resource_from_the_table_and_back() {
        let mut rig = rig();
        let t = ValType::Own(rig.resource_type(OTHER));
        let none = BorrowScope::None;
        assert_eq!(rig.lower(none, &t, Value::Own(7)), Ok(vec![I32(1)]));
        assert_eq!(rig.lift(none, &t, &[I32(1)]), Ok(Value::Own(7)));
        assert_eq!(
            rig.lift(none, &t, &[I32(1)]),
            Err(Rule::TableGetEmpty.into())
        );
        assert_eq!(
            rig.lift(none, &t, &[I32(2)]),
            Err(Rule::TableGetBounds.into())
        );
        assert_eq!(
            rig.lift(none, &t, &[I32(0)]),
            Err(Rule::TableGetEmpty.into())
        );
    }

    #[test]
    fn an_own_is_lifted_from_an_unlent_owning_handle_of_its_type() {
        let mut rig = rig();
        let (rt, other) = (rig.resource_type(OTHER), rig.resource_type(OTHER));
        let scope = rig.task();
        let message = ErrorContext {
            debug_message: StringValue::host(""),
        };
        let handle = |rt, ownership, num_lends| {
            Handle::Resource(ResourceHandle {
                rt,
                rep: 0,
                ownership,
                num_lends,
            })
        };
        // Each handle breaks its rule and all that come after it.
        let borrow = Ownership::Borrow { scope };
        for (handle, rule) in [
            (Handle::ErrorContext(message), Rule::LiftOwnKind),
            (handle(other, borrow, 1), Rule::LiftOwnType),
            (handle(rt, borrow, 1), Rule::LiftOwnLends),
            (handle(rt, borrow, 0), Rule::LiftOwnOwned),
        ] {
            let i = rig.store.instance_mut(INST).handles.add(handle);
            let lifted = rig.lift(BorrowScope::None, &ValType::Own(rt), &[I32(i)]);
            assert_eq!(lifted, Err(rule.into()));
            assert!(
                rig.store.instance(INST).handles.is_empty(),
                "the handle was removed first"
            );
        }
    }

    #[test]
    fn a_borrow_lends_its_handle_to_the_call_for_each_time_that_it_is_lifted() {
        let mut rig = rig();
        let rt = rig.resource_type(INST);
        let subtask = rig.subtask();
        let scope = BorrowScope::Subtask(subtask);
        rig.lower(scope, &ValType::Own(rt), Value::Own(7)).unwrap();
        for lends in 1..=2 {
            let lifted = rig.lift(scope, &ValType::Borrow(rt), &[I32(1)]);
            assert_eq!(lifted, Ok(Value::Borrow(7)));
            assert_eq!(resource_at(&rig, 1).num_lends, lends);
        }
        assert_eq!(rig.store.subtask(subtask).lenders, Some(vec![1, 1]));
        let lifted = rig.lift(scope, &ValType::Own(rt), &[I32(1)]);
        assert_eq!(lifted, Err(Rule::LiftOwnLends.into()));
    }

    #[test]
    fn a_borrow_is_lifted_from_a_handle_of_its_type() {
        let mut rig = rig();
        let (rt, other) = (rig.resource_type(INST), rig.resource_type(INST));
        let scope = BorrowScope::Subtask(rig.subtask());
        let message = ErrorContext {
            debug_message: StringValue::host(""),
        };
        rig.lower(scope, &ValType::ErrorContext, Value::ErrorContext(message))
            .unwrap();
        rig.lower(scope, &ValType::Own(other), Value::Own(7))
            .unwrap();
        let t = ValType::Borrow(rt);
        assert_eq!(
            rig.lift(scope, &t, &[I32(1)]),
            Err(Rule::LiftBorrowKind.into())
        );
        assert_eq!(
            rig.lift(scope, &t, &[I32(2)]),
            Err(Rule::LiftBorrowType.into())
        );
        assert_eq!(
            rig.lift(scope, &t, &[I32(3)]),
            Err(Rule::TableGetBounds.into())
        );
    }

    #[test]
    fn a_borrow_is_a_handle_of_the_task_except_where_the_resource_is_at_home() {
        let mut rig = rig();
        let (home, foreign) = (rig.resource_type(INST), rig.resource_type(OTHER));
        let task = rig.task();
        let scope = BorrowScope::Task(task);
        let lowered = rig.lower(scope, &ValType::Borrow(home), Value::Borrow(77));
        assert_eq!(lowered, Ok(vec![I32(77)]));
        assert_eq!(rig.store.task(task).num_borrows, 0);
        let lowered = rig.lower(scope, &ValType::Borrow(foreign), Value::Borrow(77));
        assert_eq!(lowered, Ok(vec![I32(1)]));
        assert_eq!(rig.store.task(task).num_borrows, 1);
        let handle = resource_at(&rig, 1);
        assert_eq!(
            (handle.rep, handle.ownership),
            (77, Ownership::Borrow { scope: task })
        );
    }

    #[test]
    fn an_error_context_stays_where_it_is_lifted_from() {
        let mut rig = rig();
        let v = Value::ErrorContext(ErrorContext {
            debug_message: StringValue::host("why"),
        });
        let (t, none) = (ValType::ErrorContext, BorrowScope::None);
        assert_eq!(rig.lower(none, &t, v.clone()), Ok(vec![I32(1)]));
        assert_eq!(rig.lift(none, &t, &[I32(1)]), Ok(v.clone()));
        assert_eq!(rig.lift(none, &t, &[I32(1)]), Ok(v));
        let rt = rig.resource_type(OTHER);
        rig.lower(none, &ValType::Own(rt), Value::Own(7)).unwrap();
        let lifted = rig.lift(none, &t, &[I32(2)]);
        assert_eq!(lifted, Err(Rule::LiftErrorContextKind.into()));
    }
}
