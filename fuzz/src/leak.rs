//! Leaks: what a runtime keeps although nothing is left that anybody could use.
//!
//! Where a program has dropped everything and every task has ended, nothing is to remain. Whether that
//! is so can depend on the schedule, of which a runtime shows only a part. So it is asked of all that
//! the reference has: a runtime is to keep nothing only where every schedule that comes to the end of
//! the script comes to a state in which nothing is left once nothing goes on any more.

use std::collections::HashSet;
use std::time::Instant;

use assize_harness::runtime::reference::left;
use assize_reference::explore::exhaustive::Bounds;
use assize_reference::explore::fingerprint::fingerprint;
use assize_reference::explore::replay::Replay;
use assize_reference::explore::run::{Run, Status};
use assize_reference::explore::schedule::{Choice, Recorder, Schedule};
use assize_reference::explore::script::{Event, Script};
use assize_reference::machine::choice::Deterministic;
use assize_reference::machine::embed::{Machine, Progress};

use crate::program::{Callee, Form, Import, Program};

/// What most leaks have to do with, if the program does it.
pub fn suspect(program: &Program) -> Option<&'static str> {
    let mut imports = program
        .instances
        .iter()
        .flat_map(|instance| &instance.imports);
    let is_it = |import: &Import| {
        import.form == Form::Async && matches!(import.callee, Callee::Function { .. })
    };
    imports.any(is_it).then_some("lower async")
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
            Ok(Progress::Quiescent) => return left(&machine.store).is_none(),
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
            Ok(Progress::Quiescent) => {
                return left(&machine.store).is_none().then_some(Next::Clean);
            }
            // What is left after a trap is not what was dropped.
            Err(_) => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use assize_harness::host::{Oracle, Planned};
    use assize_reference::machine::reading::Reading;

    use super::*;
    use crate::drive::tight_limits;
    use crate::oracle::{Judge, Outcome};
    use crate::program::samples::build::{
        MEMORY, block, call, canon, from_host, function, host, instance, k, program, s, set, ty,
    };
    use crate::program::{
        Arithmetic, Cancellable, Canon, Comparison, Condition, End, Form, LiftForm, MemoryId,
        Program, Step, Type,
    };
    use crate::subject::{Seat, Subject};
    use crate::trial::{Shape, Trial};

    const BOUNDS: Bounds = Bounds {
        states: 100_000,
        depth: 10_000,
        time: Duration::from_secs(10),
    };

    /// Drops a call of the host's and its set once it was told, by this built-in, that it has returned. If
    /// it was not, it does something else.
    fn told_by(built_in: Canon, untold: Vec<Step>) -> Program {
        let mut root = instance(None, &["call", "set", "event"]);
        let give = Canon::TaskReturn {
            result: None,
            options: MEMORY,
        };
        root.canons = vec![
            Canon::WaitableSetNew,
            Canon::WaitableJoin,
            built_in,
            Canon::SubtaskDrop,
            Canon::WaitableSetDrop,
            give,
        ]
        .into();
        root.imports = vec![from_host(0, Form::Async), from_host(1, Form::Sync)].into();
        let (a, b, comparison) = (s(2), k(0), Comparison::NotEqual);
        let steps = vec![
            call(0, &[k(1)], Some(0)),
            set(0, Arithmetic::Shr, s(0), k(4)),
            canon(0, &[], Some(1)),
            canon(1, &[s(0), s(1)], None),
            call(1, &[k(1)], None),
            canon(2, &[s(1), k(8)], Some(2)),
            Step::If {
                condition: Condition { a, comparison, b },
                then: vec![canon(3, &[s(0)], None), canon(4, &[s(1)], None)],
                otherwise: untold,
            },
            canon(5, &[], None),
        ];
        let body = vec![block(steps, End::Nothing)];
        let function = function(ty(true, &[], None), LiftForm::Stackful, &[], body);
        root.functions.push(function);
        let mut program = program(vec![root], &[(0, 0, &[])]);
        program.host = vec![
            host("pending", ty(true, &[Type::U32], None)),
            host("resolve", ty(false, &[Type::U32], None)),
        ]
        .into();
        program
    }

    /// Whether nothing is left in the first schedule, and in all.
    fn is_clean_first_and_always(program: Program) -> (bool, bool) {
        let trial = Trial::of(program, Shape::Straight).unwrap();
        let planned = Planned::new(&trial.case).unwrap();
        let oracle = Oracle::within(&planned, Reading::Text, tight_limits(), BOUNDS);
        let start = Run::new(tight_limits(), Reading::Text);
        let always = is_always_clean(&planned.script, start, BOUNDS);
        (is_clean(oracle.first()), always)
    }

    #[test]
    fn who_waits_until_it_can_drop_everything_leaves_nothing() {
        let wait = Canon::WaitableSetWait(Cancellable::No, MemoryId(0));
        assert_eq!(
            is_clean_first_and_always(told_by(wait, Vec::new())),
            (true, true)
        );
    }

    #[test]
    fn what_is_dropped_in_one_schedule_only_may_be_left() {
        let poll = Canon::WaitableSetPoll(Cancellable::No, MemoryId(0));
        let program = told_by(poll, Vec::new());
        assert_eq!(is_clean_first_and_always(program), (true, false));
    }

    #[test]
    fn what_is_left_of_a_run_that_stops_is_no_leak() {
        let poll = Canon::WaitableSetPoll(Cancellable::No, MemoryId(0));
        let drop_the_full_set = canon(4, &[s(1)], None);
        let program = told_by(poll, vec![drop_the_full_set]);
        assert_eq!(is_clean_first_and_always(program.clone()), (true, true));
        let trial = Trial::of(program, Shape::Straight).unwrap();
        let mut judge = Judge::default();
        let prepared = judge.prepare(&trial).unwrap();
        let consulted = judge.consult(&prepared);
        let mut left_after_a_stop = 0;
        for seed in 0..32 {
            let subject = Subject::find(&format!("reference@seed:{seed}")).unwrap();
            let mut seat = Seat::new(subject);
            let (outcome, driven) = consulted.run_and_tell(&trial, &mut seat);
            assert!(matches!(outcome, Outcome::Admissible(_)), "{outcome:?}");
            let stopped = driven.unwrap().failure().is_some();
            let left = seat.remains(Instant::now() + BOUNDS.time).unwrap();
            left_after_a_stop += usize::from(stopped && left.is_some());
        }
        assert!(left_after_a_stop > 0);
    }
}
