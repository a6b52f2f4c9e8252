//! Running a host-driven test on a runtime, and keeping what was seen.

use std::borrow::Cow;
use std::collections::HashMap;

use assize_protocol::host::HostEvent;
use assize_protocol::runtime::{CallId, DefinitionId, InstanceId, Outcome};

use super::plan::{Planned, StepKind};
use assize_reference::explore::lanes::Cancellations;

use crate::runtime::{Capability, Failure, OutcomeClass, Runtime};
use crate::value::Value;

/// What a runtime showed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Driven {
    /// How each step ended that was taken; no more after a failure.
    pub steps: Vec<StepOutcome>,
    /// The events of the host's world, in the order in which the runtime told of them, each with
    /// the number of steps that had ended before.
    pub events: Vec<(usize, HostEvent)>,
    /// Whether the runtime tells of pending calls that are cancelled.
    pub cancellations: Cancellations,
}

impl Driven {
    /// Whether the runtime is not to be used any more.
    pub fn lost_runtime(&self) -> bool {
        let lost = [
            OutcomeClass::Crash,
            OutcomeClass::Timeout,
            OutcomeClass::Protocol,
        ];
        self.failure()
            .is_some_and(|failure| lost.contains(&failure.class))
    }

    /// The failure that the run ended with, if it did.
    pub fn failure(&self) -> Option<&Failure> {
        match self.steps.last() {
            Some(StepOutcome::Failed(failure)) => Some(failure),
            _ => None,
        }
    }
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepOutcome {
    /// The instance is there.
    Instantiated,
    /// The call is under way.
    Started,
    /// The callee has been asked to cancel.
    Requested,
    /// The call returned these values.
    Returned(Vec<Value>),
    /// The call was cancelled.
    Cancelled,
    /// The step failed.
    Failed(Failure),
}

/// Runs a test on a runtime that holds nothing.
pub fn drive<R: Runtime + ?Sized>(planned: &Planned, runtime: &mut R) -> Driven {
    let mut driver = Driver {
        planned,
        runtime,
        definitions: HashMap::new(),
        instances: HashMap::new(),
        calls: HashMap::new(),
    };
    let sees = |capability: &Capability| capability.0 == "host.cancellation";
    let sees = driver.runtime.info().capabilities.iter().any(sees);
    let mut driven = Driven {
        cancellations: match sees {
            true => Cancellations::Seen,
            false => Cancellations::Unseen,
        },
        ..Driven::default()
    };
    for step in 0..planned.steps.len() {
        let outcome = driver.step(step).unwrap_or_else(StepOutcome::Failed);
        let events = driver.runtime.take_events();
        let ended = driven.steps.len();
        driven
            .events
            .extend(events.into_iter().map(|event| (ended, event)));
        let failed = matches!(outcome, StepOutcome::Failed(_));
        driven.steps.push(outcome);
        if failed {
            break;
        }
    }
    driven
}

struct Driver<'p, 'r, R: ?Sized> {
    planned: &'p Planned,
    runtime: &'r mut R,
    definitions: HashMap<usize, DefinitionId>,
    instances: HashMap<usize, InstanceId>,
    calls: HashMap<usize, (CallId, Option<Outcome>)>,
}

impl<R: Runtime + ?Sized> Driver<'_, '_, R> {
    fn step(&mut self, step: usize) -> Result<StepOutcome, Failure> {
        match &self.planned.steps[step].kind {
            StepKind::Instantiate {
                component,
                host,
                with,
            } => {
                let definition = self.definition(*component)?;
                let mut imports = Cow::Borrowed(&**host);
                for (import, made) in with {
                    let instance = self.instances.get(made).copied();
                    let instance = instance.ok_or_else(missing)?;
                    let given = &mut imports.to_mut().instances;
                    given.insert(import.clone(), instance);
                }
                let instance = self.runtime.instantiate_with(definition, &imports)?;
                self.instances.insert(step, instance);
                Ok(StepOutcome::Instantiated)
            }
            StepKind::Start {
                instance,
                export,
                args,
                ..
            } => {
                let instance = self.instances.get(instance).copied();
                let begun = self
                    .runtime
                    .begin(instance.ok_or_else(missing)?, export, args)?;
                self.calls.insert(step, (begun.call, begun.outcome));
                Ok(StepOutcome::Started)
            }
            StepKind::Await(call) => {
                let (call, outcome) = self.calls.remove(call).ok_or_else(missing)?;
                let outcome = match outcome {
                    Some(outcome) => outcome,
                    None => self.runtime.finish(call)?,
                };
                Ok(match outcome {
                    Outcome::Returned(values) => StepOutcome::Returned(values),
                    Outcome::Cancelled => StepOutcome::Cancelled,
                })
            }
            StepKind::Cancel(call) => {
                if let Some((call, None)) = self.calls.get(call) {
                    self.runtime.cancel(*call)?;
                }
                Ok(StepOutcome::Requested)
            }
        }
    }

    fn definition(&mut self, component: usize) -> Result<DefinitionId, Failure> {
        if let Some(&definition) = self.definitions.get(&component) {
            return Ok(definition);
        }
        let definition = self.runtime.define(&self.planned.components[component])?;
        self.definitions.insert(component, definition);
        Ok(definition)
    }
}

/// What the script is about does not exist, since the script itself is at fault.
fn missing() -> Failure {
    Failure::new(OutcomeClass::Usage, "what the step is about does not exist")
}
