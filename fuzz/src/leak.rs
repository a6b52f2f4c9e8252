//! Leaks: what a runtime keeps although nothing is left that anybody could use.
//!
//! Where a program has dropped everything and every task has ended, nothing is to remain. Whether that
//! is so can depend on the schedule, of which a runtime shows only a part. So it is asked of all that
//! the reference has: a runtime is to keep nothing only where every schedule that comes to the end of
//! the script comes to a state in which nothing is left once nothing goes on any more.

use std::collections::HashSet;
use std::time::Instant;

use assize_reference::explore::exhaustive::Bounds;
use assize_reference::explore::fingerprint::fingerprint;
use assize_reference::explore::replay::Replay;
use assize_reference::explore::run::{Run, Status};
use assize_reference::explore::schedule::{Choice, Recorder, Schedule};
use assize_reference::explore::script::{Event, Script};
use assize_reference::machine::choice::Deterministic;
use assize_reference::machine::embed::{Machine, Progress};
use assize_reference::machine::state::ComponentInstance;
use assize_reference::machine::store::Store;

/// Whether there is nothing in a store that a guest or the host could still use.
fn is_empty(store: &Store) -> bool {
    let unused =
        |instance: &ComponentInstance| instance.handles.is_empty() && instance.threads.is_empty();
    store.control.is_empty()
        && store.tasks.is_empty()
        && store.subtasks.is_empty()
        && store.threads.is_empty()
        && store.shared.is_empty()
        && store.host_calls.is_empty()
        && store.host.calls.is_empty()
        && store.host.ends.is_empty()
        && store.instances.iter().all(|instance| unused(instance))
}

/// How far a run goes on after the script, in steps from choice to choice.
const STEPS: u32 = 100_000;

/// Whether nothing is left after a run that has ended, in the deterministic profile. A first look, which
/// costs little.
pub fn is_clean(run: &Run) -> bool {
    if run.trace().iter().any(stops) {
        return false;
    }
    let mut machine = run.machine().clone();
    machine.refuel();
    for _ in 0..STEPS {
        match machine.step(&mut Deterministic) {
            Ok(Progress::Stepped) => {}
            Ok(Progress::Quiescent) => return is_empty(&machine.store),
            Err(_) => return false,
        }
    }
    false
}

fn stops(event: &Event) -> bool {
    matches!(event, Event::Stopped(_))
}

/// Whether nothing is left in any schedule that comes to the end of the script. If that takes more than
/// these bounds to tell, it is taken not to be so.
pub fn is_always_clean(script: &Script, start: Run, bounds: Bounds) -> bool {
    let mut search = Search {
        script,
        bounds,
        began: Instant::now(),
        visited: HashSet::new(),
        stack: Vec::new(),
    };
    search.enter(Place::Script(Box::new(start)));
    search.run() == Some(())
}

/// Where a schedule has come to.
#[derive(Clone, Hash)]
enum Place {
    /// The script goes on.
    Script(Box<Run>),
    /// It has ended, and what can go on does.
    After(Box<Machine>),
}

/// What follows a place, up to the next choice.
enum Next {
    /// Another one.
    Place(Place),
    /// Nothing goes on, and nothing is left.
    Clean,
    /// The script stops before its end, which is not what was seen.
    Stops,
}

/// A depth-first search.
struct Search<'s> {
    script: &'s Script,
    bounds: Bounds,
    began: Instant,
    visited: HashSet<u128>,
    /// Places, each with the first choices of what is still to be tried there.
    stack: Vec<(Place, Vec<Vec<Choice>>)>,
}

impl Search<'_> {
    /// Nothing where something is left, or there is no telling.
    fn run(&mut self) -> Option<()> {
        while let Some((place, open)) = self.stack.last_mut() {
            let Some(prefix) = open.pop() else {
                self.stack.pop();
                continue;
            };
            let known = prefix.len();
            let mut replay = Replay::new(Schedule { choices: prefix });
            let mut recorder = Recorder::new(&mut replay);
            let next = advance(place.clone(), self.script, &mut recorder)?;
            let choices = recorder.choices;
            for (at, choice) in choices.iter().enumerate().skip(known) {
                for chosen in (1..choice.options).rev() {
                    let mut prefix = choices[..at].to_vec();
                    prefix.push(Choice { chosen, ..*choice });
                    open.push(prefix);
                }
            }
            if let Next::Place(next) = next {
                self.enter(next);
            }
            let many = self.visited.len() as u64 >= self.bounds.states;
            let deep = self.stack.len() >= self.bounds.depth;
            if many || deep || self.began.elapsed() > self.bounds.time {
                return None;
            }
        }
        Some(())
    }

    /// A place is visited once. One that a schedule comes back to need never be left, but what a runtime
    /// shows has left it: it has come to where nothing goes on.
    fn enter(&mut self, place: Place) {
        if self.visited.insert(fingerprint(&place)) {
            self.stack.push((place, vec![Vec::new()]));
        }
    }
}

/// Goes on up to and including the first step with a choice. Nothing where something is left, or there
/// is no telling.
fn advance(place: Place, script: &Script, recorder: &mut Recorder<'_>) -> Option<Next> {
    let mut machine = match place {
        Place::After(machine) => machine,
        Place::Script(mut run) => {
            let status = run.advance(script, recorder);
            if run.trace().iter().any(stops) {
                return Some(Next::Stops);
            }
            if status == Status::Going {
                return Some(Next::Place(Place::Script(run)));
            }
            Box::new(run.machine().clone())
        }
    };
    machine.refuel();
    let before = recorder.choices.len();
    for _ in 0..STEPS {
        match machine.step(recorder) {
            Ok(Progress::Stepped) if recorder.choices.len() > before => {
                return Some(Next::Place(Place::After(machine)));
            }
            Ok(Progress::Stepped) => {}
            Ok(Progress::Quiescent) => return is_empty(&machine.store).then_some(Next::Clean),
            // What is left after a trap is not what was dropped.
            Err(_) => return None,
        }
    }
    None
}
