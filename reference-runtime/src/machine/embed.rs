//! The machine as its embedder sees it.
//!
//! Spec: CanonicalABI.md, "Embedding".

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use thiserror::Error;

use super::choice::{Deterministic, Scheduler};
use super::limits::Limits;
use super::log::Log;
use super::reading::Reading;
use super::rules::{Coverage, Rule};
use super::state::{CallOutcome, Caller, FuncId, FuncInst, HostCall, TaskId, TaskState, ThreadId};
use super::step::Step;
use super::stop::Stop;
use super::store::Store;
use super::thread::CallId;
use crate::abi::Value;
use crate::component::ast::Component;
use crate::component::env::{ComponentValue, Entity, InstanceValue};
use crate::component::link::{self, LinkError};
use crate::component::types::Label;
use crate::host::{HostEvent, WORLD};

/// The abstract machine.
///
/// Two machines are equal when their states are; what was covered on the way does not count.
#[derive(Clone, Debug)]
pub struct Machine {
    /// The state.
    pub store: Store,
    /// Which rules were reached.
    pub coverage: Coverage,
    /// A rule to switch off or to turn round, which makes the machine a wrong one: what a suite
    /// does not notice of that, it does not test.
    pub mutant: Option<Rule>,
    /// What happens, if it is switched on.
    pub log: Log,
    /// What the host has seen since [`Machine::take_events`].
    events: Vec<HostEvent>,
    limits: Limits,
    /// The waiting threads in the order in which they began to wait. It only orders the options of
    /// choices, so it is no part of the state.
    queue: Vec<ThreadId>,
    next_call: u32,
}

/// Whether a machine has more to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Progress {
    /// It took a step.
    Stepped,
    /// Nothing can run until the host acts.
    Quiescent,
}

/// Why a component was not instantiated.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Error)]
pub enum InstantiateError {
    /// The imports are not satisfied.
    #[error("unlinkable: {0}")]
    Link(#[from] LinkError),
    /// A definition or a start function stopped.
    #[error("{0}")]
    Stop(Stop),
}

impl From<Stop> for InstantiateError {
    fn from(stop: Stop) -> Self {
        InstantiateError::Stop(stop)
    }
}

impl Machine {
    /// A machine with nothing in it.
    pub fn new(limits: Limits, reading: Reading) -> Machine {
        Machine {
            store: Store::new(&limits, reading),
            coverage: Coverage::default(),
            mutant: None,
            log: Log::Off,
            events: Vec::new(),
            limits,
            queue: Vec::new(),
            next_call: 0,
        }
    }

    /// Fills the fuel up to its limit, for the next thing that the host wants.
    pub fn refuel(&mut self) {
        self.store.fuel = self.limits.fuel;
    }

    /// Takes one step. When nothing is on the control stack, that is to resume one of the threads
    /// that are ready.
    pub fn step(&mut self, scheduler: &mut dyn Scheduler) -> Result<Progress, Stop> {
        let mut step = self.with(scheduler);
        let stepped = if step.store.control.is_empty() {
            step.tick()
        } else {
            step.step().map(|()| true)
        };
        let stepped = stepped.and_then(|more| step.stop_if_broken().map(|()| more));
        match stepped {
            Ok(true) => Ok(Progress::Stepped),
            Ok(false) => Ok(Progress::Quiescent),
            Err(stop) => {
                // Nothing of what was under way goes on. The instances that were entered stay so,
                // which locks them down.
                self.store.abandon();
                Err(stop)
            }
        }
    }

    /// Takes steps until control is back with the host.
    pub fn settle(&mut self, scheduler: &mut dyn Scheduler) -> Result<(), Stop> {
        while !self.store.control.is_empty() {
            self.step(scheduler)?;
        }
        Ok(())
    }

    /// Instantiates `component` with `imports` and runs its start functions.
    pub fn instantiate(
        &mut self,
        component: &Arc<Component>,
        imports: &BTreeMap<Label, Entity>,
        scheduler: &mut dyn Scheduler,
    ) -> Result<Arc<InstanceValue>, InstantiateError> {
        self.begin_instantiate(component, imports, scheduler)?;
        self.settle(scheduler)?;
        Ok(self.take_instance())
    }

    /// Begins to instantiate `component` with `imports`. Once control is back with the host,
    /// [`Machine::take_instance`] has the instance.
    pub fn begin_instantiate(
        &mut self,
        component: &Arc<Component>,
        imports: &BTreeMap<Label, Entity>,
        scheduler: &mut dyn Scheduler,
    ) -> Result<(), InstantiateError> {
        let mut imports = imports.clone();
        if let Some(world) = link::host_world(component, &imports, &self.store)? {
            let world = self.store.define_host_world(world);
            imports.insert(WORLD.into(), Entity::Instance(world));
        }
        link::check_imports(component, &imports, &self.store)?;
        let root = ComponentValue::root(component.clone());
        self.with(scheduler)
            .begin_instantiation(root, imports, None)?;
        Ok(())
    }

    /// The instance that was made last, which the caller has not taken yet.
    pub fn take_instance(&mut self) -> Arc<InstanceValue> {
        self.store.roots.pop().unwrap_or_default()
    }

    /// Calls `func`, whose parameters' types the arguments must be of, until it has returned or
    /// blocked.
    ///
    /// Spec: CanonicalABI.md, "Embedding", `Store.invoke`.
    pub fn invoke(
        &mut self,
        func: FuncId,
        args: Vec<Value>,
        scheduler: &mut dyn Scheduler,
    ) -> Result<CallId, Stop> {
        let call = self.begin_invoke(func, args, scheduler)?;
        self.settle(scheduler)?;
        Ok(call)
    }

    /// Begins to call `func`, whose parameters' types the arguments must be of. Whenever control
    /// is back with the host, [`Machine::take_outcome`] has how it ended, if it has.
    pub fn begin_invoke(
        &mut self,
        func: FuncId,
        args: Vec<Value>,
        scheduler: &mut dyn Scheduler,
    ) -> Result<CallId, Stop> {
        let call = CallId(self.next_call);
        self.next_call += 1;
        let record = HostCall {
            task: None,
            args,
            outcome: None,
        };
        self.store.host_calls.insert(call, record);
        let FuncInst::Lifted(func) = self.store.func(func).clone() else {
            self.store.host_calls.remove(&call);
            return Err(Stop::Unsupported(
                "a call of the host's own function by the host",
            ));
        };
        let task = self.with(scheduler).call(func, Caller::Host(call), None);
        let task = task.inspect_err(|_| {
            self.store.host_calls.remove(&call);
        })?;
        if let Some(record) = self.store.host_call_mut(call) {
            record.task = Some(task);
        }
        Ok(call)
    }

    /// How the call ended, if it has; the machine then forgets it.
    pub fn take_outcome(&mut self, call: CallId) -> Option<CallOutcome> {
        let outcome = self.store.host_call_mut(call)?.outcome.take()?;
        self.forget(call);
        Some(outcome)
    }

    /// Asks the callee of `call` to cancel. Nothing is left to ask once the call has ended.
    ///
    /// Spec: CanonicalABI.md, "Embedding", `OnCancel`.
    pub fn begin_cancel(
        &mut self,
        call: CallId,
        scheduler: &mut dyn Scheduler,
    ) -> Result<(), Stop> {
        let task = self.store.host_call_mut(call).and_then(|call| call.task);
        let askable = |task: &TaskId| {
            let state = self.store.task(*task).state;
            matches!(state, TaskState::Initial | TaskState::Started)
        };
        match task.filter(askable) {
            Some(task) => self.with(scheduler).request_cancellation(task, None),
            None => Ok(()),
        }
    }

    /// What the host has seen since the last time.
    pub fn take_events(&mut self) -> Vec<HostEvent> {
        std::mem::take(&mut self.events)
    }

    /// Whether the host has seen something since the last time.
    pub fn has_seen_something(&self) -> bool {
        !self.events.is_empty()
    }

    /// Whether the call has ended and its outcome has not been taken.
    pub fn has_ended(&self, call: CallId) -> bool {
        let call = self.store.host_calls.get(&call);
        call.is_some_and(|call| call.outcome.is_some())
    }

    /// Whether something can go on without the host while control is with the host.
    pub fn can_go_on(&mut self) -> bool {
        let mut no_choices = Deterministic;
        let step = self.with(&mut no_choices);
        step.host_due() > 0 || !step.tick_candidates().is_empty()
    }

    /// Forgets a call whose outcome nobody wants any more.
    pub fn forget(&mut self, call: CallId) {
        self.store.host_calls.remove(&call);
    }

    /// Whether control is with the host.
    pub fn is_settled(&self) -> bool {
        self.store.control.is_empty()
    }

    /// Calls `func` and runs the machine until it has returned.
    pub fn call(
        &mut self,
        func: FuncId,
        args: Vec<Value>,
        scheduler: &mut dyn Scheduler,
    ) -> Result<Vec<Value>, Stop> {
        let call = self.invoke(func, args, scheduler)?;
        loop {
            if let Some(outcome) = self.take_outcome(call) {
                return Ok(match outcome {
                    CallOutcome::Returned(values) => values,
                    CallOutcome::Cancelled => Vec::new(),
                });
            }
            if self.step(scheduler)? == Progress::Quiescent {
                return Err(Stop::Deadlock);
            }
            self.settle(scheduler)?;
        }
    }

    fn with<'m>(&'m mut self, scheduler: &'m mut dyn Scheduler) -> Step<'m> {
        Step {
            store: &mut self.store,
            coverage: &mut self.coverage,
            limits: &self.limits,
            mutant: self.mutant,
            scheduler,
            events: &mut self.events,
            log: &mut self.log,
            queue: &mut self.queue,
        }
    }
}

impl PartialEq for Machine {
    fn eq(&self, other: &Machine) -> bool {
        self.store == other.store
    }
}

impl Eq for Machine {}

impl Hash for Machine {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.store.hash(state);
    }
}
