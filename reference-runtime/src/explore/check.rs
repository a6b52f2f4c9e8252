//! Whether a trace that was observed is one that the specification allows.
//!
//! The schedules are searched, and a run is followed for as long as it shows what was observed. A
//! state is visited once for each position in the trace, since what can follow depends on nothing
//! else.

use super::exhaustive::{Bounds, Goal, Memory, Search, explore};
use super::run::Run;
use super::schedule::Schedule;
use super::script::{ActionIndex, Event, Script};
use crate::machine::stop::Stop;

/// What was seen of an action.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Observed {
    /// This, and a trap under this rule if it is one.
    Exactly(Event),
    /// A trap or a deadlock, which many runtimes do not tell apart, nor the rules of traps.
    Trap,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Admissibility {
    /// A schedule shows the trace.
    Admissible {
        /// That schedule.
        schedule: Schedule,
    },
    /// No schedule shows it.
    Inadmissible {
        /// How many of the trace's events some schedule shows.
        prefix: usize,
        /// What the schedules that show these have next; nothing at the end of the script.
        possible: Vec<Event>,
    },
    /// The search was given up.
    Undecided {
        /// After so many states.
        states: u64,
    },
}

impl Observed {
    fn fits(&self, event: &Event) -> bool {
        match self {
            Observed::Exactly(observed) => observed == event,
            Observed::Trap => matches!(event, Event::Stopped(Stop::Trap(_) | Stop::Deadlock)),
        }
    }
}

/// Whether some schedule of `script`, from `start`, shows the host exactly `trace`.
pub fn check(script: &Script, start: Run, trace: &[Observed], bounds: Bounds) -> Admissibility {
    let fits = |action: ActionIndex, event: &Event| {
        let observed = trace.get(action);
        observed.is_some_and(|observed| observed.fits(event))
    };
    let search = Search {
        script,
        memory: Memory::Action,
        follow: &fits,
        bounds,
        goal: Goal::First,
    };
    let found = explore(search, start);
    let is_whole = trace.len() == script.actions.len();
    match found.arrived {
        Some(schedule) if is_whole => return Admissibility::Admissible { schedule },
        None if !found.complete => {
            let states = found.states;
            return Admissibility::Undecided { states };
        }
        Some(_) | None => {}
    }
    let outcomes = |action: ActionIndex| {
        let outcomes = found.outcomes.get(action).into_iter().flatten();
        outcomes.filter_map(|outcome| outcome.event().cloned())
    };
    let shown = |&action: &ActionIndex| outcomes(action).any(|event| fits(action, &event));
    let prefix = (0..script.actions.len()).take_while(shown).count();
    Admissibility::Inadmissible {
        prefix,
        possible: outcomes(prefix).collect(),
    }
}
