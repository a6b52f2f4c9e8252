//! `canon resource.new`, `resource.drop` and `resource.rep`.

use super::{Called, arg_i32, arg_u64, returned_i32, returned_nothing};
use crate::component::ast::Rep;
use crate::component::types::ResourceTypeId;
use crate::core;
use crate::machine::rules::Rule;
use crate::machine::state::{
    Caller, Definer, Handle, InstanceId, LiftedFunc, Ownership, ResourceHandle, ThreadId,
};
use crate::machine::step::Step;
use crate::machine::stop::Stop;
use crate::machine::thread::Frame;

impl Step<'_> {
    /// Spec: CanonicalABI.md, "canon resource.new".
    pub(super) fn canon_resource_new(
        &mut self,
        inst: InstanceId,
        rt: ResourceTypeId,
        args: &[core::Value],
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(Rule::ResourceNewMayLeave, inst)?;
        let (rep, ownership) = (arg_u64(args, 0), Ownership::Own);
        let handle = ResourceHandle {
            rt,
            rep,
            ownership,
            num_lends: 0,
        };
        returned_i32(self.add_handle(inst, Handle::Resource(handle))?)
    }

    /// Spec: CanonicalABI.md, "canon resource.drop".
    pub(super) fn canon_resource_drop(
        &mut self,
        thread: ThreadId,
        inst: InstanceId,
        rt: ResourceTypeId,
        args: &[core::Value],
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(Rule::ResourceDropMayLeave, inst)?;
        let handle = self.remove_handle(inst, arg_i32(args, 0))?;
        let handle = self.expect_resource(handle, Rule::ResourceDropKind)?;
        self.trap_if(Rule::ResourceDropType, handle.rt != rt)?;
        self.trap_if(Rule::ResourceDropLends, handle.num_lends != 0)?;
        let owned = handle.ownership == Ownership::Own;
        if self.branch(Rule::ResourceDropOwn, owned) {
            return self.call_destructor(thread, inst, handle);
        }
        if let Ownership::Borrow { scope } = handle.ownership {
            self.store.task_mut(scope).num_borrows -= 1;
        }
        returned_nothing()
    }

    /// Calls the resource type's destructor, in the instance that defines the type, as if through
    /// `canon lift` and `canon lower`. Without a destructor the entry is still checked.
    fn call_destructor(
        &mut self,
        thread: ThreadId,
        inst: InstanceId,
        handle: ResourceHandle,
    ) -> Result<Called, Stop> {
        let rt = self.store.resource_type(handle.rt).clone();
        let definer = match rt.definer {
            Definer::Instance(definer) => definer,
            Definer::Host(name) => {
                self.host_drops_resource(name, handle.rep);
                return returned_nothing();
            }
        };
        let wanted = self.branch(Rule::ResourceDropDtor, rt.dtor.is_some());
        let Some(dtor) = rt.dtor.filter(|_| wanted) else {
            self.trap_unless_may_enter(definer, Some(inst))?;
            return returned_nothing();
        };
        let args = vec![rt.rep.core_value(handle.rep)];
        let results = Vec::new();
        let caller = Caller::Machine { args, results };
        self.push_frame(thread, Frame::ResourceDrop);
        let dtor = LiftedFunc::of_machine(dtor, definer);
        self.call(dtor, caller, Some(inst))?;
        Ok(Called::Entered)
    }

    /// Spec: CanonicalABI.md, "canon resource.rep".
    pub(super) fn canon_resource_rep(
        &mut self,
        inst: InstanceId,
        rt: ResourceTypeId,
        args: &[core::Value],
    ) -> Result<Called, Stop> {
        let handle = self.get_handle(inst, arg_i32(args, 0))?.clone();
        let handle = self.expect_resource(handle, Rule::ResourceRepKind)?;
        self.trap_if(Rule::ResourceRepType, handle.rt != rt)?;
        let rep = self.store.resource_type(rt).rep;
        Ok(Called::Returned(vec![rep.core_value(handle.rep)]))
    }

    /// The resource handle in `handle`, or a trap under `rule`.
    fn expect_resource(&mut self, handle: Handle, rule: Rule) -> Result<ResourceHandle, Stop> {
        let handle = match handle {
            Handle::Resource(handle) => Some(handle),
            _ => None,
        };
        self.trap_if_none(rule, handle)
    }
}

impl Rep {
    /// `rep` as a core value of this type.
    fn core_value(self, rep: u64) -> core::Value {
        match self {
            Rep::I32 => core::Value::I32(rep as u32),
            Rep::I64 => core::Value::I64(rep),
        }
    }

    /// The core type of representations.
    pub fn core_type(self) -> core::ValType {
        match self {
            Rep::I32 => core::ValType::I32,
            Rep::I64 => core::ValType::I64,
        }
    }
}
