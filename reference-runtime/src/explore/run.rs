//! A script in the middle of being run: one step after the other, up to the next choice.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::fingerprint::fingerprint;
use super::schedule::{Recorder, Schedule};
use super::script::{Action, Event, Script, Trace, observed, observed_event};
use crate::component::env::{Entity, InstanceValue};
use crate::host::HostEvent;
use crate::machine::choice::{ChoicePoint, Scheduler};
use crate::machine::embed::{InstantiateError, Machine, Progress};
use crate::machine::limits::Limits;
use crate::machine::log::{Entry, Log};
use crate::machine::reading::Reading;
use crate::machine::state::CallOutcome;
use crate::machine::stop::Stop;
use crate::machine::thread::CallId;

/// A script that is being run.
#[derive(Clone, Debug)]
pub struct Run {
    machine: Machine,
    made: Arc<Vec<Made>>,
    current: Current,
    trace: Arc<Trace>,
    seen: Arc<Vec<HostEvent>>,
    ends: Arc<Vec<usize>>,
    steps: u64,
}

/// What an action made.
#[derive(Clone, Debug)]
enum Made {
    /// Nothing, or a call that has been awaited.
    Nothing,
    /// An instance, with its fingerprint.
    Instance(Arc<InstanceValue>, u128),
    /// A call.
    Call(CallId),
}

/// What is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Current {
    Nothing,
    /// Threads that go on before the host begins its next action.
    Before,
    Instantiation,
    Call(CallId),
    Start(CallId),
    Await(CallId),
    Cancellation,
}

/// Whether a run can go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// There is more to do.
    Going,
    /// All actions have ended.
    Ended,
}

/// A run that has ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ran {
    /// What the host saw of its actions.
    pub trace: Trace,
    /// What it saw of its own world.
    pub seen: Vec<HostEvent>,
    /// The choices.
    pub schedule: Schedule,
}

impl Run {
    /// Has the machine write down what happens in it.
    pub fn with_log(mut self) -> Run {
        self.machine.log = Log::On(Vec::new());
        self
    }

    /// What has happened in the machine since the last time.
    pub fn take_log(&mut self) -> Vec<Entry> {
        self.machine.log.take()
    }

    /// A run that has not begun.
    pub fn new(limits: Limits, reading: Reading) -> Run {
        Run {
            machine: Machine::new(limits, reading),
            made: Arc::default(),
            current: Current::Nothing,
            trace: Arc::default(),
            seen: Arc::default(),
            ends: Arc::default(),
            steps: 0,
        }
    }

    /// What the host has seen.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// What the host has seen of its own world.
    pub fn seen(&self) -> &[HostEvent] {
        &self.seen
    }

    /// How much of that it had seen at the end of each action.
    pub fn ends(&self) -> &[usize] {
        &self.ends
    }

    /// How many steps the last [`Run::advance`] took.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The machine.
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// Goes on up to and including the first step in which the scheduler has to choose.
    pub fn advance(&mut self, script: &Script, recorder: &mut Recorder<'_>) -> Status {
        let before = recorder.choices.len();
        self.steps = 0;
        while recorder.choices.len() == before {
            if self.advance_one(script, recorder) == Status::Ended {
                return Status::Ended;
            }
        }
        Status::Going
    }

    /// Takes one step, or begins the next action.
    ///
    /// Fuel is counted from choice to choice, so that a state does not depend on how long it took
    /// to get there.
    pub fn advance_one(&mut self, script: &Script, recorder: &mut Recorder<'_>) -> Status {
        let Some(action) = script.actions.get(self.trace.len()) else {
            return Status::Ended;
        };
        let before = recorder.choices.len();
        self.steps += 1;
        let ended = self.step(action, recorder);
        let events = self.machine.take_events();
        if !events.is_empty() {
            let events = events.into_iter().map(observed_event);
            Arc::make_mut(&mut self.seen).extend(events);
        }
        if let Some(event) = ended {
            self.current = Current::Nothing;
            Arc::make_mut(&mut self.trace).push(event);
            Arc::make_mut(&mut self.ends).push(self.seen.len());
        }
        if recorder.choices.len() > before {
            self.machine.refuel();
        }
        Status::Going
    }

    /// Runs `script` to its end or to the first action that stops, but for at most `max_choices`
    /// choices.
    pub fn follow(
        &mut self,
        script: &Script,
        scheduler: &mut dyn Scheduler,
        max_choices: usize,
    ) -> Status {
        let mut recorder = Recorder::new(scheduler);
        while recorder.choices.len() < max_choices {
            let stopped = matches!(self.trace.last(), Some(Event::Stopped(_)));
            if stopped || self.advance_one(script, &mut recorder) == Status::Ended {
                return Status::Ended;
            }
        }
        Status::Going
    }

    /// Runs `script` to its end, but for at most `max_choices` choices.
    pub fn finish(
        mut self,
        script: &Script,
        scheduler: &mut dyn Scheduler,
        max_choices: usize,
    ) -> Ran {
        let mut recorder = Recorder::new(scheduler);
        while self.advance(script, &mut recorder) == Status::Going {
            if recorder.choices.len() >= max_choices {
                Arc::make_mut(&mut self.trace).push(Event::GivenUp);
                break;
            }
        }
        Ran {
            trace: Arc::unwrap_or_clone(self.trace),
            seen: Arc::unwrap_or_clone(self.seen),
            schedule: Schedule {
                choices: recorder.choices,
            },
        }
    }

    /// Begins `action` or takes one step of it. Gives its event once it has ended.
    fn step(&mut self, action: &Action, scheduler: &mut dyn Scheduler) -> Option<Event> {
        if self.current == Current::Nothing {
            if !self.may_linger(action) || self.looks(scheduler) {
                return self.begin(action, scheduler);
            }
            self.current = Current::Before;
        }
        if self.machine.is_settled() {
            let current = self.current;
            match current {
                Current::Before if self.looks(scheduler) => {
                    return self.begin(action, scheduler);
                }
                Current::Instantiation => {
                    let instance = self.machine.take_instance();
                    let name = fingerprint(&instance);
                    return Some(self.end(Made::Instance(instance, name), Event::Instantiated));
                }
                Current::Call(call) => {
                    if let Some(outcome) = self.machine.take_outcome(call) {
                        return Some(self.end(Made::Nothing, outcome.into()));
                    }
                }
                Current::Start(call) if self.looks(scheduler) => {
                    return Some(self.end(Made::Call(call), Event::Started));
                }
                Current::Cancellation if self.looks(scheduler) => {
                    return Some(self.end(Made::Nothing, Event::Requested));
                }
                Current::Await(call) if self.machine.has_ended(call) && self.looks(scheduler) => {
                    let outcome = self.machine.take_outcome(call);
                    let event = outcome.map_or(Event::NotTaken, Event::from);
                    return Some(self.end(Made::Nothing, event));
                }
                _ => {}
            }
        }
        let stop = match self.machine.step(scheduler) {
            Ok(Progress::Stepped) => return None,
            Ok(Progress::Quiescent) => Stop::Deadlock,
            Err(stop) => stop,
        };
        if let Current::Call(call) | Current::Start(call) | Current::Await(call) = self.current {
            self.machine.forget(call);
        }
        Some(self.end(Made::Nothing, Event::Stopped(stop)))
    }

    /// Whether threads may go on between the action before, of which the host has been told how it ended,
    /// and this one, so that they are part of neither. What comes before [`Event::Started`] and
    /// [`Event::Requested`] can as well come after, since these tell of nothing.
    fn may_linger(&self, action: &Action) -> bool {
        matches!(action, Action::Start { .. } | Action::Cancel { .. })
            && matches!(
                self.trace.last(),
                Some(Event::Returned(_) | Event::Cancelled)
            )
    }

    /// Whether the host's event loop comes back to what the host waits for, or goes on while there is
    /// something that can.
    fn looks(&mut self, scheduler: &mut dyn Scheduler) -> bool {
        !self.machine.can_go_on() || scheduler.choose(ChoicePoint::HostLooks, 2) == 0
    }

    fn begin(&mut self, action: &Action, scheduler: &mut dyn Scheduler) -> Option<Event> {
        self.machine.refuel();
        let begun = match action {
            Action::Instantiate { component, imports } => {
                let instance = |(name, action): (&Arc<str>, &usize)| {
                    let instance = self.instance(*action)?.clone();
                    Some((name.clone(), Entity::Instance(instance)))
                };
                let Some(imports) = imports.iter().map(instance).collect() else {
                    return Some(self.end(Made::Nothing, Event::NotTaken));
                };
                let begun = self
                    .machine
                    .begin_instantiate(component, &imports, scheduler);
                begun.map(|()| Current::Instantiation)
            }
            Action::Invoke {
                instance,
                export,
                args,
            }
            | Action::Start {
                instance,
                export,
                args,
            } => {
                let export = |instance: &Arc<InstanceValue>| match instance.exports.get(export) {
                    Some(Entity::Func(func)) => Some(*func),
                    _ => None,
                };
                let Some(func) = self.instance(*instance).and_then(export) else {
                    return Some(self.end(Made::Nothing, Event::NotTaken));
                };
                let begun = self.machine.begin_invoke(func, args.clone(), scheduler);
                let current = match action {
                    Action::Invoke { .. } => Current::Call,
                    _ => Current::Start,
                };
                begun.map(current).map_err(InstantiateError::Stop)
            }
            Action::Await { call } => {
                let Some(Made::Call(call)) = self.made.get(*call).cloned() else {
                    return Some(self.end(Made::Nothing, Event::NotTaken));
                };
                Ok(Current::Await(call))
            }
            Action::Cancel { call } => {
                let Some(Made::Call(call)) = self.made.get(*call).cloned() else {
                    return Some(self.end(Made::Nothing, Event::NotTaken));
                };
                let begun = self.machine.begin_cancel(call, scheduler);
                begun
                    .map(|()| Current::Cancellation)
                    .map_err(InstantiateError::Stop)
            }
        };
        match begun {
            Ok(current) => {
                self.current = current;
                None
            }
            Err(InstantiateError::Link(error)) => {
                Some(self.end(Made::Nothing, Event::Unlinkable(error)))
            }
            Err(InstantiateError::Stop(stop)) => {
                Some(self.end(Made::Nothing, Event::Stopped(stop)))
            }
        }
    }

    /// The instance that the action at this position has made, if it has made one.
    pub fn instance(&self, action: usize) -> Option<&Arc<InstanceValue>> {
        match self.made.get(action)? {
            Made::Instance(instance, _) => Some(instance),
            Made::Call(_) | Made::Nothing => None,
        }
    }

    /// Keeps what the action that ends with `event` has made.
    fn end(&mut self, made: Made, event: Event) -> Event {
        Arc::make_mut(&mut self.made).push(made);
        event
    }
}

impl From<CallOutcome> for Event {
    fn from(outcome: CallOutcome) -> Event {
        match outcome {
            CallOutcome::Returned(values) => {
                Event::Returned(values.into_iter().map(observed).collect())
            }
            CallOutcome::Cancelled => Event::Cancelled,
        }
    }
}

/// What the run has come to, and not what was seen on the way, except for the number of actions.
impl Hash for Run {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.machine.hash(state);
        self.current.hash(state);
        self.made.len().hash(state);
        for made in self.made.iter() {
            match made {
                Made::Nothing => 0_u8.hash(state),
                Made::Instance(_, name) => (1_u8, name).hash(state),
                Made::Call(call) => (2_u8, call).hash(state),
            }
        }
    }
}
