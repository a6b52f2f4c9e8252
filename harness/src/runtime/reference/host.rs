//! Calls that the host starts, awaits and cancels on the reference, and what it sees of its world.

use std::collections::BTreeMap;
use std::sync::Arc;

use assize_protocol::host::{Copied, CopyEnd, HostEvent, Imports};
use assize_protocol::runtime::{Begun, CallId, Outcome};
use assize_reference::abi::Value as MachineValue;
use assize_reference::component::ast::{Component, End};
use assize_reference::component::env::{Entity, InstanceValue};
use assize_reference::component::types::{FuncType, Label, ValType};
use assize_reference::explore::schedule::Recorder;
use assize_reference::host::{self, HostFunc};
use assize_reference::machine::choice::ChoicePoint;
use assize_reference::machine::embed::{Machine, Progress};
use assize_reference::machine::state::{CallOutcome, FuncInst};
use assize_reference::machine::stop::Stop;
use assize_reference::machine::thread;
use assize_reference::machine::waitable::CopyResult;

use super::{Instance, Reference, stop_failure, usage, values};
use crate::begun::{self, Made};
use crate::runtime::{Failure, InstanceId, OutcomeClass};
use crate::value::Value;

/// The calls that are open, and what is known of the host's functions and ends.
#[derive(Default)]
pub(super) struct Calls {
    open: BTreeMap<CallId, (thread::CallId, Arc<FuncType>)>,
    next: u32,
    /// How many of the store's functions are in `functions` if they are the host's.
    known: usize,
    functions: BTreeMap<Label, HostFunc>,
    /// The elements' types of the host's ends, by their tokens.
    ends: BTreeMap<u32, Option<Arc<ValType>>>,
}

/// The components that were instantiated one after the other from the start, as long as nothing else
/// was done and there was nothing to choose and nothing to see; and the machines after such.
#[derive(Default)]
pub(super) struct Opening {
    made: Option<Vec<Made>>,
    begun: begun::Begun<(Machine, Arc<InstanceValue>)>,
}

impl Opening {
    /// Nothing has been done.
    pub(super) fn begin(&mut self) {
        self.made = Some(Vec::new());
    }

    /// Something else has been done.
    pub(super) fn end(&mut self) {
        self.made = None;
    }

    /// The machine after one instantiation more, and the instance, if they are known.
    fn go_on(
        &mut self,
        component: &Arc<Component>,
        imports: &BTreeMap<Label, Entity>,
    ) -> Option<(Machine, Arc<InstanceValue>)> {
        if !imports.is_empty() {
            self.end();
        }
        let made = self.made.as_mut()?;
        made.push(Made {
            component: Arc::clone(component),
            with: Vec::new(),
        });
        self.begun.get(made)
    }

    fn keep(&mut self, machine: &Machine, instance: &Arc<InstanceValue>) {
        if let Some(made) = &self.made {
            let state = (machine.clone(), Arc::clone(instance));
            self.begun.put(made.clone(), state);
        }
    }
}

impl Reference {
    pub(super) fn instances_for(
        &self,
        imports: &Imports,
    ) -> Result<BTreeMap<Label, Entity>, Failure> {
        let mut given = self.registered.clone();
        for (name, instance) in &imports.instances {
            match self.instance(*instance)? {
                Instance::Component(instance) => {
                    given.insert(name.as_str().into(), Entity::Instance(instance));
                }
                Instance::Core(_) => {
                    return Err(usage(
                        "a core instance is no import of a component".to_owned(),
                    ));
                }
            }
        }
        Ok(given)
    }

    pub(super) fn instantiate_component(
        &mut self,
        component: &Arc<Component>,
        imports: &BTreeMap<Label, Entity>,
    ) -> Result<Instance, Failure> {
        let opened = self.opening.go_on(component, imports);
        if let Some((machine, instance)) = opened {
            self.machine = machine;
            return Ok(Instance::Component(instance));
        }
        self.machine.refuel();
        let mut recorder = Recorder::new(self.scheduler.as_mut());
        let made = self.machine.instantiate(component, imports, &mut recorder);
        let is_the_only_way = recorder.choices.is_empty() && !self.machine.has_seen_something();
        let instance = made.map_err(|error| {
            self.opening.end();
            super::instantiate_failure(error)
        })?;
        match is_the_only_way {
            true => self.opening.keep(&self.machine, &instance),
            false => self.opening.end(),
        }
        Ok(Instance::Component(instance))
    }

    pub(super) fn begin_call(
        &mut self,
        instance: InstanceId,
        export: &str,
        args: &[Value],
    ) -> Result<Begun, Failure> {
        let Instance::Component(instance) = self.instance(instance)? else {
            return Err(usage("a core function cannot be left open".to_owned()));
        };
        self.opening.end();
        let (func, ty) = self.export(&instance, export)?;
        let args = super::arguments(export, args, &ty)?;
        self.machine.refuel();
        let begun = self.machine.invoke(func, args, self.scheduler.as_mut());
        let machine_call = begun.map_err(stop_failure)?;
        self.let_others_run()?;
        let call = CallId(self.calls.next);
        self.calls.next += 1;
        let outcome = self.outcome(machine_call, &ty);
        if outcome.is_none() {
            self.calls.open.insert(call, (machine_call, ty));
        }
        Ok(Begun { call, outcome })
    }

    pub(super) fn finish_call(&mut self, call: CallId) -> Result<Outcome, Failure> {
        let open = self.calls.open.get(&call).cloned();
        let (machine_call, ty) =
            open.ok_or_else(|| usage(format!("no call {} is open", call.0)))?;
        self.machine.refuel();
        while !self.machine.has_ended(machine_call) {
            match self.step() {
                Ok(Progress::Stepped) => {}
                Ok(Progress::Quiescent) => {
                    let message = Stop::Deadlock.to_string();
                    return Err(Failure::new(OutcomeClass::Deadlock, message));
                }
                Err(stop) => return Err(stop_failure(stop)),
            }
        }
        self.let_others_run()?;
        self.calls.open.remove(&call);
        let outcome = self.outcome(machine_call, &ty);
        outcome.ok_or_else(|| usage(format!("call {} has been awaited", call.0)))
    }

    pub(super) fn cancel_call(&mut self, call: CallId) -> Result<(), Failure> {
        let open = self.calls.open.get(&call).cloned();
        let (machine_call, _) = open.ok_or_else(|| usage(format!("no call {} is open", call.0)))?;
        self.machine.refuel();
        let scheduler = self.scheduler.as_mut();
        let asked = self.machine.begin_cancel(machine_call, scheduler);
        let settled = asked.and_then(|()| self.machine.settle(self.scheduler.as_mut()));
        settled.map_err(stop_failure)?;
        self.let_others_run()
    }

    /// One step of the host's event loop, and all that comes of it before the host has control
    /// again.
    fn step(&mut self) -> Result<Progress, Stop> {
        let progress = self.machine.step(self.scheduler.as_mut())?;
        self.machine.settle(self.scheduler.as_mut())?;
        Ok(progress)
    }

    /// An event loop may let other things go on before it comes back to the host.
    fn let_others_run(&mut self) -> Result<(), Failure> {
        while self.machine.can_go_on() && self.scheduler.choose(ChoicePoint::HostLooks, 2) == 1 {
            self.step().map_err(stop_failure)?;
        }
        Ok(())
    }

    fn outcome(&mut self, call: thread::CallId, ty: &FuncType) -> Option<Outcome> {
        Some(match self.machine.take_outcome(call)? {
            CallOutcome::Cancelled => Outcome::Cancelled,
            CallOutcome::Returned(returned) => {
                let returned = returned.iter().zip(&*ty.result);
                let returned = returned.map(|(value, ty)| values::from_machine(value, ty));
                Outcome::Returned(returned.collect())
            }
        })
    }

    pub(super) fn host_events(&mut self) -> Vec<HostEvent> {
        let events = self.machine.take_events();
        let funcs = &self.machine.store.funcs;
        for func in &funcs[self.calls.known.min(funcs.len())..] {
            if let FuncInst::Host(func) = func {
                self.calls.functions.insert(func.name.clone(), func.clone());
            }
        }
        self.calls.known = funcs.len();
        events
            .into_iter()
            .map(|event| self.calls.event(event))
            .collect()
    }
}

impl Calls {
    fn event(&mut self, event: host::HostEvent) -> HostEvent {
        match event {
            host::HostEvent::Called { func, args, .. } => {
                let function = self.functions.get(&func);
                let params = function.map_or(&[][..], |function| &function.ty.params);
                let written = args.iter().zip(params);
                let written = written.map(|(arg, ty)| values::from_machine(arg, ty));
                let written = written.collect();
                let t = function.and_then(HostFunc::element_type);
                if let (Some(t), Some(MachineValue::U32(token))) = (t, args.first()) {
                    self.ends.insert(*token, t.clone());
                }
                HostEvent::Call {
                    function: func.to_string(),
                    args: written,
                }
            }
            host::HostEvent::Cancelled { token } => HostEvent::Cancelled { token },
            host::HostEvent::Copied {
                token,
                end,
                values: read,
                count,
                result,
            } => HostEvent::Copied {
                token,
                copied: match (end, self.ends.get(&token)) {
                    (End::Writable, _) => Copied::Written(count),
                    (End::Readable, Some(Some(t))) => {
                        let read = read.iter().map(|value| values::from_machine(value, t));
                        Copied::Values(read.collect())
                    }
                    (End::Readable, _) => Copied::Count(count),
                },
                end: match result {
                    CopyResult::Completed => CopyEnd::Completed,
                    CopyResult::Dropped => CopyEnd::Dropped,
                    CopyResult::Cancelled => CopyEnd::Cancelled,
                },
            },
            host::HostEvent::Dropped { resource, rep } => HostEvent::Dropped {
                resource: resource.to_string(),
                rep: rep as u32,
            },
        }
    }
}
