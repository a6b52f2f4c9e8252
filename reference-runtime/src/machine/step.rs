//! One step's view of the machine: its state, its rules and its scheduler.

use super::choice::{ChoicePoint, Scheduler};
use super::limits::{Limit, Limits};
use super::rules::{Coverage, Rule};
use super::state::{ComponentInstance, Handle, InstanceId};
use super::stop::Stop;
use super::store::Store;
use super::table::{self, HandleIndex, Table};

/// What the machine's functions work on while a step is taken.
pub struct Step<'m> {
    /// The state.
    pub store: &'m mut Store,
    /// Which rules were reached.
    pub coverage: &'m mut Coverage,
    /// The bounds.
    pub limits: &'m Limits,
    /// Who makes the choices.
    pub scheduler: &'m mut dyn Scheduler,
}

impl Step<'_> {
    /// Traps under `rule` if `condition` holds.
    pub fn trap_if(&mut self, rule: Rule, condition: bool) -> Result<(), Stop> {
        self.coverage.record(rule, condition);
        if condition { Err(rule.into()) } else { Ok(()) }
    }

    /// Decides on `condition` under `rule`.
    pub fn branch(&mut self, rule: Rule, condition: bool) -> bool {
        self.coverage.record(rule, condition);
        condition
    }

    /// Makes a choice that the specification leaves open.
    pub fn choose(&mut self, point: ChoicePoint, options: u32) -> u32 {
        self.scheduler.choose(point, options)
    }

    /// Pays for `amount` units of work.
    pub fn spend(&mut self, amount: u64) -> Result<(), Stop> {
        match self.store.fuel.checked_sub(amount) {
            Some(rest) => {
                self.store.fuel = rest;
                Ok(())
            }
            None => {
                self.store.fuel = 0;
                Err(Limit::Fuel.into())
            }
        }
    }

    /// The instance `inst`.
    pub fn instance(&self, inst: InstanceId) -> &ComponentInstance {
        self.store.instance(inst)
    }

    /// The instance `inst`, to change.
    pub fn instance_mut(&mut self, inst: InstanceId) -> &mut ComponentInstance {
        self.store.instance_mut(inst)
    }

    /// Spec: CanonicalABI.md, "Table State", `get`.
    pub fn get_handle(
        &mut self,
        inst: InstanceId,
        index: HandleIndex,
    ) -> Result<&mut Handle, Stop> {
        self.check_index(inst, index)?;
        self.store
            .instance_mut(inst)
            .handles
            .get_mut(index)
            .ok_or(Stop::from(Rule::TableGetEmpty))
    }

    /// Spec: CanonicalABI.md, "Table State", `remove`.
    pub fn remove_handle(&mut self, inst: InstanceId, index: HandleIndex) -> Result<Handle, Stop> {
        self.check_index(inst, index)?;
        let handles = &mut self.store.instance_mut(inst).handles;
        handles.remove(index).ok_or(Stop::from(Rule::TableGetEmpty))
    }

    /// Spec: CanonicalABI.md, "Table State", `add`.
    pub fn add_handle(&mut self, inst: InstanceId, handle: Handle) -> Result<HandleIndex, Stop> {
        let handles = &self.instance(inst).handles;
        let (free, len) = (handles.has_free(), handles.len());
        if !self.branch(Rule::TableAddFree, free) {
            self.trap_if(Rule::TableAddLimit, len > table::MAX_LENGTH)?;
            if len > self.limits.handles {
                return Err(Limit::Handles.into());
            }
        }
        Ok(self.instance_mut(inst).handles.add(handle))
    }

    fn check_index(&mut self, inst: InstanceId, index: HandleIndex) -> Result<(), Stop> {
        let handles: &Table<Handle> = &self.instance(inst).handles;
        let (past_end, empty) = (index >= handles.len(), handles.get(index).is_none());
        self.trap_if(Rule::TableGetBounds, past_end)?;
        self.trap_if(Rule::TableGetEmpty, empty)
    }
}
