//! One step's view of the machine: its state, its rules and its scheduler.

use super::choice::{ChoicePoint, Scheduler};
use super::limits::{Limit, Limits};
use super::log::Log;
use super::reading::Dispute;
use super::rules::{Coverage, Rule};
use super::state::{ComponentInstance, Handle, InstanceId, ThreadId};
use super::stop::Stop;
use super::store::Store;
use super::table::{self, HandleIndex, Table};
use crate::host::HostEvent;

/// What the machine's functions work on while a step is taken.
pub struct Step<'m> {
    /// The state.
    pub store: &'m mut Store,
    /// Which rules were reached.
    pub coverage: &'m mut Coverage,
    /// The bounds.
    pub limits: &'m Limits,
    /// The rule that is switched off or turned round.
    pub mutant: Option<Rule>,
    /// Who makes the choices.
    pub scheduler: &'m mut dyn Scheduler,
    /// What the host sees.
    pub events: &'m mut Vec<HostEvent>,
    /// What happens, for those who want to know.
    pub log: &'m mut Log,
    /// The waiting threads, the one that has waited longest first.
    pub queue: &'m mut Vec<ThreadId>,
}

impl Step<'_> {
    /// Traps under `rule` if `condition` holds.
    pub fn trap_if(&mut self, rule: Rule, condition: bool) -> Result<(), Stop> {
        let condition = condition && self.mutant != Some(rule);
        self.coverage.record(rule, condition);
        if condition { Err(rule.into()) } else { Ok(()) }
    }

    /// What is in `option`. Traps under `rule` if that is nothing, and stops if the rule is
    /// switched off.
    pub fn trap_if_none<T>(&mut self, rule: Rule, option: Option<T>) -> Result<T, Stop> {
        self.trap_if(rule, option.is_none())?;
        option.ok_or(Stop::Broken)
    }

    /// Decides on `condition` under `rule`.
    pub fn branch(&mut self, rule: Rule, condition: bool) -> bool {
        let condition = condition != (self.mutant == Some(rule));
        self.coverage.record(rule, condition);
        condition
    }

    /// Whether the machine does what the tests want where the text says something else. To be asked only
    /// where that makes a difference, since it may be a choice.
    pub fn tests_win(&mut self, dispute: Dispute) -> bool {
        if let Some(tests_win) = self.store.decisions.get(dispute) {
            return tests_win;
        }
        let tests_win = self.choose(ChoicePoint::Dispute, 2) == 1;
        self.store.decisions.decide(dispute, tests_win);
        tests_win
    }

    /// Makes a choice that the specification leaves open.
    pub fn choose(&mut self, point: ChoicePoint, options: u32) -> u32 {
        self.scheduler.choose(point, options)
    }

    /// Chooses one of `threads`, of which there is at least one.
    pub fn choose_thread(
        &mut self,
        point: ChoicePoint,
        threads: &[ThreadId],
    ) -> Result<ThreadId, Stop> {
        let choice = self.scheduler.choose_thread(point, threads);
        threads.get(choice as usize).copied().ok_or(Stop::Broken)
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
        self.check_index(|instance| &instance.handles, inst, index)?;
        self.store
            .instance_mut(inst)
            .handles
            .get_mut(index)
            .ok_or(Stop::Broken)
    }

    /// Spec: CanonicalABI.md, "Table State", `remove`.
    pub fn remove_handle(&mut self, inst: InstanceId, index: HandleIndex) -> Result<Handle, Stop> {
        self.check_index(|instance| &instance.handles, inst, index)?;
        let handles = &mut self.store.instance_mut(inst).handles;
        handles.remove(index).ok_or(Stop::Broken)
    }

    /// Spec: CanonicalABI.md, "Table State", `add`.
    pub fn add_handle(&mut self, inst: InstanceId, handle: Handle) -> Result<HandleIndex, Stop> {
        self.add(|instance| &mut instance.handles, inst, handle)
    }

    /// The thread at `index` of the instance's table of threads.
    ///
    /// Spec: CanonicalABI.md, "Table State", `get`.
    pub fn get_thread(&mut self, inst: InstanceId, index: HandleIndex) -> Result<ThreadId, Stop> {
        self.check_index(|instance| &instance.threads, inst, index)?;
        let thread = self.instance(inst).threads.get(index).copied();
        thread.ok_or(Stop::Broken)
    }

    /// Puts `thread` in the instance's table of threads.
    ///
    /// Spec: CanonicalABI.md, "Table State", `add`.
    pub fn add_thread_index(
        &mut self,
        inst: InstanceId,
        thread: ThreadId,
    ) -> Result<HandleIndex, Stop> {
        self.add(|instance| &mut instance.threads, inst, thread)
    }

    fn check_index<T>(
        &mut self,
        table: impl Fn(&ComponentInstance) -> &Table<T>,
        inst: InstanceId,
        index: HandleIndex,
    ) -> Result<(), Stop> {
        let table = table(self.instance(inst));
        let (past_end, empty) = (index >= table.len(), table.get(index).is_none());
        self.trap_if(Rule::TableGetBounds, past_end)?;
        self.trap_if(Rule::TableGetEmpty, empty)
    }

    fn add<T>(
        &mut self,
        table: impl Fn(&mut ComponentInstance) -> &mut Table<T>,
        inst: InstanceId,
        element: T,
    ) -> Result<HandleIndex, Stop> {
        let (free, len) = {
            let table = table(self.instance_mut(inst));
            (table.has_free(), table.len())
        };
        if self.branch(Rule::TableAddFree, free) {
            return Ok(table(self.instance_mut(inst)).add(element));
        }
        self.trap_if(Rule::TableAddLimit, len > table::MAX_LENGTH)?;
        if len > self.limits.handles {
            return Err(Limit::Handles.into());
        }
        Ok(table(self.instance_mut(inst)).push(element))
    }
}
