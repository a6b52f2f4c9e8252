//! The machine as its embedder sees it.
//!
//! Spec: CanonicalABI.md, "Embedding".

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use thiserror::Error;

use super::choice::Scheduler;
use super::limits::Limits;
use super::rules::Coverage;
use super::state::{Caller, FuncId};
use super::step::Step;
use super::stop::Stop;
use super::store::Store;
use super::thread::{CallId, Control};
use crate::abi::Value;
use crate::component::ast::{Abi, Component};
use crate::component::env::{ComponentValue, Entity, InstanceValue};
use crate::component::link::{self, LinkError};
use crate::component::types::{Effect, Label};

/// The abstract machine.
///
/// Two machines are equal when their states are; what was covered on the way does not count.
#[derive(Clone, Debug)]
pub struct Machine {
    /// The state.
    pub store: Store,
    /// Which rules were reached.
    pub coverage: Coverage,
    limits: Limits,
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
    pub fn new(limits: Limits) -> Machine {
        Machine {
            store: Store::new(&limits),
            coverage: Coverage::default(),
            limits,
            next_call: 0,
        }
    }

    /// Fills the fuel up to its limit, for the next thing that the host wants.
    pub fn refuel(&mut self) {
        self.store.fuel = self.limits.fuel;
    }

    /// Takes one step.
    pub fn step(&mut self, scheduler: &mut dyn Scheduler) -> Result<Progress, Stop> {
        if self.store.control.is_empty() {
            return Ok(Progress::Quiescent);
        }
        let stepped = self.with(scheduler).step();
        if stepped.is_err() {
            // Nothing of what was under way goes on after a trap. The instances that were entered
            // stay so, which locks them down.
            self.store.abandon();
        }
        stepped.map(|()| Progress::Stepped)
    }

    /// Takes steps until nothing can run.
    pub fn run(&mut self, scheduler: &mut dyn Scheduler) -> Result<(), Stop> {
        while self.step(scheduler)? == Progress::Stepped {}
        Ok(())
    }

    /// Instantiates `component` with `imports` and runs its start functions.
    pub fn instantiate(
        &mut self,
        component: &Arc<Component>,
        imports: &BTreeMap<Label, Entity>,
        scheduler: &mut dyn Scheduler,
    ) -> Result<Arc<InstanceValue>, InstantiateError> {
        link::check_imports(component, imports, &self.store)?;
        let root = ComponentValue::root(component.clone());
        self.with(scheduler)
            .begin_instantiation(root, imports.clone(), None)?;
        self.run(scheduler)?;
        Ok(self.store.roots.pop().unwrap_or_default())
    }

    /// Begins a call of `func`. The arguments must be of its parameters' types.
    pub fn begin_call(
        &mut self,
        func: FuncId,
        args: Vec<Value>,
        scheduler: &mut dyn Scheduler,
    ) -> Result<CallId, Stop> {
        let call = CallId(self.next_call);
        self.next_call += 1;
        let func = self.store.func(func).clone();
        if func.opts.abi == Abi::Async || func.ty.effect == Effect::Async {
            return Err(Stop::Unsupported("canon lift async"));
        }
        let place = self.store.control.len();
        let caller = Caller::Host {
            args,
            results: None,
        };
        let task = self.with(scheduler).begin_call(func, caller, None)?;
        self.store
            .control
            .insert(place, Control::HostCall { task, call });
        Ok(call)
    }

    /// Calls `func` and runs until it has returned.
    pub fn call(
        &mut self,
        func: FuncId,
        args: Vec<Value>,
        scheduler: &mut dyn Scheduler,
    ) -> Result<Vec<Value>, Stop> {
        let call = self.begin_call(func, args, scheduler)?;
        self.run(scheduler)?;
        Ok(self.store.returned.remove(&call).unwrap_or_default())
    }

    fn with<'m>(&'m mut self, scheduler: &'m mut dyn Scheduler) -> Step<'m> {
        Step {
            store: &mut self.store,
            coverage: &mut self.coverage,
            limits: &self.limits,
            scheduler,
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
