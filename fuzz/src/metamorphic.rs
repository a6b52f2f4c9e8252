//! Metamorphic checks: a program that was written in another way does the same.
//!
//! The other way is: functions, built-ins, imports and slots of each instance in the opposite order and
//! so under other names, in the same form or, whatever it was before, as a readable component. What guests
//! and the host can see of a program, and in which order, does not depend on any of that. So the two have
//! the same schedules, and what a runtime shows of the one is admissible if and only if it is for the other.
//!
//! A few programs are there in two ways beside that, by synchronous and by `async` lowers: see
//! [`lowers`].
//!
//! That a runtime shows two different things of the two is no fault of it where both are admissible:
//! scheduling is open, also from one run to the next. There are two faults that this finds. One is that what
//! the runtime shows of the other program is inadmissible: that is a finding like any other, about
//! that program. The other is that the two oracles answer differently. Then no runtime is wrong but
//! this project is: the reference, the search, or what makes components.

use assize_harness::host::{Answer, Command, Driven, Step, StepOutcome};

use crate::corpus::FIRST;
use crate::lowers;
use crate::minimise::names;
use crate::oracle::{Finding, Judge, Outcome};
use crate::program::Program;
use crate::signature::{Kind, Signature};
use crate::starve;
use crate::subject::Seat;
use crate::trial::{Shape, Trial};

/// Of so many cases, one is checked.
const SHARE: u64 = 16;

/// Of so many cases, one is checked as a readable component whatever it was before: that takes a runtime
/// longer than dozens of cases on a chassis, which it has compiled.
const READABLE_SHARE: u64 = 32 * SHARE;

/// How a program is written in another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// In the form that it has.
    InItsForm,
    /// As a readable component.
    Readable,
}

/// Whether a case is checked, and how.
pub fn way(number: u64) -> Option<Way> {
    match number {
        FIRST.. => Some(Way::Readable),
        _ if number % READABLE_SHARE == READABLE_SHARE - 1 => Some(Way::Readable),
        _ if number % SHARE == SHARE - 1 => Some(Way::InItsForm),
        _ => None,
    }
}

/// The same program, written in another way. Of that, the other way is this one.
pub fn other(program: &Program) -> Program {
    let mut other = program.clone();
    names::reverse(&mut other);
    other
}

/// Runs the other program on the runtime. Gives what was found, and of which of the two; nothing where
/// the case is no program, or one of those that are not judged by what is admissible.
pub fn check(
    trial: &Trial,
    way: Way,
    judge: &mut Judge,
    seat: &mut Seat,
) -> Option<(Trial, Finding)> {
    let (program, shape) = trial.shaped()?;
    if starve::number(program).is_some() {
        return None;
    }
    let other = lowers::twin(program).unwrap_or_else(|| other(program));
    let other = match (way, shape) {
        (Way::InItsForm, Shape::Chassis) => Trial::on_chassis(other, judge.chassis()),
        _ => Trial::of(other, Shape::Straight),
    };
    compare(trial, &other.ok()?, judge, seat)
}

fn compare(
    trial: &Trial,
    other: &Trial,
    judge: &mut Judge,
    seat: &mut Seat,
) -> Option<(Trial, Finding)> {
    let prepared = (judge.prepare(trial).ok()?, judge.prepare(other).ok()?);
    let (this, that) = (judge.consult(&prepared.0), judge.consult(&prepared.1));
    match that.run_and_tell(other, seat) {
        (Outcome::Finding(found), _) => Some((other.clone(), *found)),
        (Outcome::Admissible(_), Some(driven)) => {
            let driven = as_in(trial, other, driven);
            let Answer::Inadmissible(deviation) = this.answer(&driven) else {
                return None;
            };
            let runtime = &seat.subject.info().name;
            let signature = Signature {
                kind: Kind::Metamorphic,
                ..Signature::of(runtime, &deviation, &driven, trial.program())
            };
            let finding = Finding {
                what: signature.in_words(),
                signature,
                deviation: Some(*deviation),
                reference: None,
                script: None,
            };
            Some((trial.clone(), finding))
        }
        _ => None,
    }
}

/// What was shown of the other case as it would be of this one. What is on a chassis is given its bodies
/// once all instances are there, by calls that do nothing else.
fn as_in(trial: &Trial, other: &Trial, mut driven: Driven) -> Driven {
    let (commands, others) = (&trial.case.commands, &other.case.commands);
    let is_instance = |command: &&Command| matches!(command.step, Step::Instance { .. });
    let instances = commands.iter().take_while(is_instance).count();
    // Only a readable component has fewer.
    let loads = commands.len().saturating_sub(others.len());
    if driven.steps.len() > instances {
        let calls = [StepOutcome::Started, StepOutcome::Returned(Vec::new())];
        let calls = calls.into_iter().cycle().take(loads);
        driven.steps.splice(instances..instances, calls);
    }
    for (ended, _) in &mut driven.events {
        if *ended >= instances {
            *ended += loads;
        }
    }
    driven
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::minimise::steps;
    use crate::program::samples;
    use crate::program::{Operand, Step as ProgramStep};
    use crate::subject::Subject;

    fn reference() -> Seat {
        Seat::new(Subject::find("reference@seed:7").unwrap())
    }

    #[test]
    fn the_other_way_of_the_other_way_is_the_program_itself() {
        for sample in samples::all() {
            let there = other(&sample.program);
            assert_eq!(there.check(), Ok(()), "{}", sample.name);
            assert_eq!(other(&there), sample.program, "{}", sample.name);
        }
    }

    #[test]
    fn both_ways_show_the_same_in_both_forms() {
        let (mut judge, mut seat) = (Judge::default(), reference());
        for sample in samples::all() {
            for shape in [Shape::Straight, Shape::Chassis] {
                for way in [Way::InItsForm, Way::Readable] {
                    let trial = Trial::of(sample.program.clone(), shape).unwrap();
                    let found = check(&trial, way, &mut judge, &mut seat);
                    let found = found.map(|(_, found)| found.what);
                    assert_eq!(found, None, "{} {shape:?} {way:?}", sample.name);
                }
            }
        }
    }

    /// As if the one way had another number in its first mark.
    #[test]
    fn oracles_that_differ_are_a_finding_that_blames_no_schedule() {
        let (mut judge, mut seat) = (Judge::default(), reference());
        for sample in samples::all() {
            let mut wrong = other(&sample.program);
            let mut left = 1;
            steps::each_list(&mut wrong, &mut |list| {
                for step in list {
                    if let ProgramStep::Mark { value, .. } = step
                        && left > 0
                    {
                        *value = Operand::Const(0x0bad);
                        left -= 1;
                    }
                }
            });
            let [trial, wrong] =
                [sample.program, wrong].map(|program| Trial::of(program, Shape::Straight).unwrap());
            let found = compare(&trial, &wrong, &mut judge, &mut seat);
            if let Some((of, found)) = found {
                assert_eq!(found.signature.kind, Kind::Metamorphic);
                assert_eq!(of.program(), trial.program());
                return;
            }
        }
        panic!("none of the samples shows a mark");
    }
}
