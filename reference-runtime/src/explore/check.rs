//! Whether what was observed is something that the specification allows.
//!
//! The schedules are searched, and a run is followed for as long as it shows what was observed. A
//! state is visited once for each position in the trace, since what can follow depends on nothing
//! else.

use std::cell::Cell;

use super::exhaustive::{Bounds, Frontier, Goal, Memory, Search, explore};
use super::lanes::{Counts, Lanes};
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admissibility {
    /// A schedule shows the trace.
    Admissible {
        /// That schedule.
        schedule: Schedule,
    },
    /// No schedule shows it.
    Inadmissible(Frontier),
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
            Observed::Trap => stops(event),
        }
    }
}

fn stops(event: &Event) -> bool {
    matches!(event, Event::Stopped(Stop::Trap(_) | Stop::Deadlock))
}

/// What was told of the actions, and when.
struct Told<'t> {
    trace: &'t [Observed],
    /// The first action that was seen to trap.
    trap: Option<ActionIndex>,
}

impl<'t> Told<'t> {
    fn new(trace: &'t [Observed]) -> Told<'t> {
        let is_trap = |observed: &Observed| match observed {
            Observed::Trap => true,
            Observed::Exactly(event) => stops(event),
        };
        let trap = trace.iter().position(is_trap);
        Told { trace, trap }
    }

    /// Whether that an action ends so is what was seen, at once or later.
    fn fits(&self, action: ActionIndex, event: &Event) -> bool {
        let observed = self.trace.get(action);
        observed.is_some_and(|observed| observed.fits(event)) || self.later(action, event)
    }

    fn later(&self, action: ActionIndex, event: &Event) -> bool {
        let Some(trap) = self.trap.filter(|&trap| trap > action) else {
            return false;
        };
        let silent = |observed: &Observed| {
            let silent = [Event::Started, Event::Requested];
            matches!(observed, Observed::Exactly(event) if silent.contains(event))
        };
        stops(event) && self.trace[action..trap].iter().all(silent) && self.trace[trap].fits(event)
    }
}

/// Whether some schedule of `script`, from `start`, ends its actions exactly as in `trace`.
pub fn check(script: &Script, start: Run, trace: &[Observed], bounds: Bounds) -> Admissibility {
    let fits = |action: ActionIndex, event: &Event| {
        let observed = trace.get(action);
        observed.is_some_and(|observed| observed.fits(event))
    };
    search(script, start, trace, None, &fits, bounds)
}

/// Whether some schedule of `script`, from `start`, ends its actions as in `trace` and shows the host
/// `lanes`. What comes after a trap does not count.
///
/// A runtime may tell of a trap late: when the host asks for something else than what the guest
/// trapped in, but not for an outcome that is there.
pub fn check_host(
    script: &Script,
    start: Run,
    trace: &[Observed],
    lanes: &Lanes,
    bounds: Bounds,
) -> Admissibility {
    let told = Told::new(trace);
    let fits = |action: ActionIndex, event: &Event| told.fits(action, event);
    search(script, start, trace, Some(lanes), &fits, bounds)
}

/// Whether `run`, which has come to its end, is a schedule that [`check_host`] looks for.
pub fn shows(run: &Run, trace: &[Observed], lanes: &Lanes) -> bool {
    let told = Told::new(trace);
    let mut events = run.seen().len();
    for (action, event) in run.trace().iter().enumerate() {
        if !told.fits(action, event) {
            return false;
        }
        if matches!(event, Event::Stopped(_)) {
            events = run.ends()[action];
            break;
        }
    }
    let mut shown = Counts::new();
    for event in &run.seen()[..events] {
        if !lanes.fits(&shown, event) {
            return false;
        }
        *shown.entry(event.lane()).or_default() += 1;
    }
    lanes.has_shown(&shown)
}

fn search(
    script: &Script,
    start: Run,
    trace: &[Observed],
    lanes: Option<&Lanes>,
    fits: &dyn Fn(ActionIndex, &Event) -> bool,
    bounds: Bounds,
) -> Admissibility {
    // What follows where the machine gives up is not known.
    let gave_up = Cell::new(false);
    let follow = |action: ActionIndex, event: &Event| {
        if matches!(event, Event::Stopped(stop) if stop.decides_nothing()) {
            gave_up.set(true);
        }
        fits(action, event)
    };
    let search = Search {
        script,
        memory: Memory::Action,
        follow: &follow,
        lanes,
        bounds,
        goal: Goal::First,
    };
    let found = explore(search, start);
    let is_whole = lanes.is_some() || trace.len() == script.actions.len();
    match found.arrived {
        Some(schedule) if is_whole => Admissibility::Admissible { schedule },
        None if !found.complete || gave_up.get() => Admissibility::Undecided {
            states: found.states,
        },
        Some(_) | None => Admissibility::Inadmissible(found.frontier),
    }
}
