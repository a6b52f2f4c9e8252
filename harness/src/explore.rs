//! Exploring the schedules of a plan on the reference runtime, and what was found, in words.

mod trace;

use std::time::Duration;

use assize_reference::explore::exhaustive::{self, Bounds, Goal, Memory, Outcome, Search};
use assize_reference::explore::run::Run;
use assize_reference::explore::schedule::Schedule;
use assize_reference::explore::script::{ActionIndex, Event};
use assize_reference::machine::limits::Limits;
use assize_reference::machine::reading::Reading;
use serde::Serialize;

use crate::host::Types;
use crate::wast::{Plan, Planned, Wanted};

pub(crate) use trace::describe;
pub use trace::{Line, Traced, Which, trace};

/// Core instructions between two choices. Code that needs more does not end, as far as an
/// exploration is concerned.
const FUEL: u64 = 20_000_000;

/// What exploring a plan has found.
#[derive(Clone, Debug, Serialize)]
pub struct Explored {
    /// How many states were visited.
    pub states: u64,
    /// How many steps of the machine were taken, from choice to choice.
    pub steps: u64,
    /// Whether these are all.
    pub complete: bool,
    /// How many outcomes the actions have, all in all.
    pub outcomes: usize,
    /// Whether every expectation holds in every schedule that was explored.
    pub holds: bool,
    /// How long it took, in milliseconds.
    pub millis: u128,
    /// Each action with the ways in which it can end.
    pub actions: Vec<ExploredAction>,
    /// A schedule that comes back to a state that it has been in, so that it need never end.
    pub endless: Option<Vec<String>>,
    /// Directives that were not explored.
    pub left_out: Vec<LeftOut>,
}

/// An action and the ways in which it can end.
#[derive(Clone, Debug, Serialize)]
pub struct ExploredAction {
    /// The line of its directive; for a component, 0 is the instantiation and 1 the first call.
    pub line: u32,
    /// The directive's keyword.
    pub directive: String,
    /// What the host does.
    pub what: String,
    /// What is expected.
    pub wanted: String,
    /// Whether that holds in every schedule that was explored.
    pub holds: bool,
    /// The ways in which it can end.
    pub outcomes: Vec<ExploredOutcome>,
}

/// A way in which an action can end.
#[derive(Clone, Debug, Serialize)]
pub struct ExploredOutcome {
    /// How the action ends.
    pub event: String,
    /// Whether that is what is expected.
    pub as_wanted: bool,
    /// What the host sees up to that, one line for each action.
    pub trace: Vec<String>,
    /// The shortest schedule that was found, as [`Schedule`] writes it.
    pub schedule: Vec<String>,
}

/// A directive that was not explored.
#[derive(Clone, Debug, Serialize)]
pub struct LeftOut {
    /// The line of the directive.
    pub line: u32,
    /// Its keyword.
    pub directive: String,
    /// Why it is not explored.
    pub reason: String,
}

/// The bounds of a machine whose schedules are explored.
pub fn limits() -> Limits {
    Limits {
        fuel: FUEL,
        ..Limits::default()
    }
}

/// Explores the schedules of a plan.
pub fn explore(plan: &Plan, reading: Reading, memory: Memory, bounds: &Bounds) -> Explored {
    let start = Run::new(limits(), reading);
    // After what was not wanted, what else goes wrong is no news.
    let follow = |action: ActionIndex, event: &Event| plan.planned[action].judge(event);
    let search = Search {
        script: &plan.script,
        memory,
        follow: &follow,
        lanes: None,
        bounds: *bounds,
        goal: Goal::All,
    };
    let found = exhaustive::explore(search, start);
    let actions: Vec<_> = plan
        .planned
        .iter()
        .zip(&found.outcomes)
        .map(|(planned, outcomes)| action(plan, planned, outcomes))
        .collect();
    let left_out = plan.left_out.iter().map(|(place, reason)| LeftOut {
        line: place.line,
        directive: place.directive.clone(),
        reason: reason.clone(),
    });
    Explored {
        states: found.states,
        steps: found.steps,
        complete: found.complete,
        outcomes: actions.iter().map(|action| action.outcomes.len()).sum(),
        holds: actions.iter().all(|action| action.holds),
        millis: Duration::as_millis(&found.elapsed),
        actions,
        endless: found.endless.as_ref().map(lines),
        left_out: left_out.collect(),
    }
}

fn action(plan: &Plan, planned: &Planned, outcomes: &[Outcome]) -> ExploredAction {
    let outcomes: Vec<_> = outcomes
        .iter()
        .filter_map(|outcome| {
            let event = outcome.event()?;
            let mut types = Types::new(&plan.functions);
            let mut trace = Vec::new();
            let mut seen = 0;
            let ended = plan.planned.iter().zip(&outcome.trace).zip(&outcome.ends);
            for ((planned, event), end) in ended {
                let events = &outcome.seen[seen..*end];
                trace.extend(
                    events
                        .iter()
                        .map(|event| format!("  {}", types.describe(event))),
                );
                trace.push(planned.line(event));
                seen = *end;
            }
            Some(ExploredOutcome {
                event: planned.describe(event),
                as_wanted: planned.judge(event),
                trace,
                schedule: lines(&outcome.schedule),
            })
        })
        .collect();
    ExploredAction {
        line: planned.place.line,
        directive: planned.place.directive.clone(),
        what: planned.what.clone(),
        wanted: match &planned.wanted {
            Wanted::Success => "success".to_owned(),
            Wanted::Returned(values) => crate::wast::returned(values),
            Wanted::Trap => "trap".to_owned(),
            Wanted::Anything => "anything".to_owned(),
        },
        holds: outcomes.iter().all(|outcome| outcome.as_wanted),
        outcomes,
    }
}

fn lines(schedule: &Schedule) -> Vec<String> {
    schedule.choices.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests;
