//! Programs in two ways: a caller with nothing else to do calls the same function by a synchronous lower,
//! and by an `async` one for which it then waits. Whoever looks on sees no difference.

use crate::program::samples::build::{
    MEMORY, SYNC, block, call, callback, canon, function, import, instance, k, load, mark, program,
    s, set, ty,
};
use crate::program::{
    Arithmetic, Cancellable, Canon, Comparison, Condition, End, Form, Function, LiftForm, MemoryId,
    Operand, Program, Shared, Step, Type, Width,
};
use crate::trial::{Rejected, Shape, Trial};

/// The place of the first mark. No generated program has one there.
const PLACES: u32 = 0x4c4f_0000;

/// How the function is written that is called. Its type is `async`, since no other has an `async` lower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Callee {
    /// Synchronously, although its type is `async`.
    Sync,
    /// Without a callback.
    Stackful,
    /// The same, and it yields before it returns.
    StackfulYields,
    /// With a callback.
    Callback,
    /// The same, and it yields before it returns.
    CallbackYields,
}

const CALLEES: [Callee; 5] = [
    Callee::Sync,
    Callee::Stackful,
    Callee::StackfulYields,
    Callee::Callback,
    Callee::CallbackYields,
];

/// How many programs there are, each in two ways.
pub const COUNT: u64 = CALLEES.len() as u64;

/// The program with this number, in the synchronous way.
///
/// # Errors
/// [`Rejected`] where there is none.
pub fn trial(number: u64) -> Result<Trial, Rejected> {
    let callee = usize::try_from(number).ok();
    let callee = callee.and_then(|number| CALLEES.get(number));
    let callee = callee.ok_or_else(|| Rejected("there is no such program".to_owned()))?;
    Trial::of(made(number as u32, *callee, Form::Sync), Shape::Straight)
}

/// The same in the other way, if the program is one of these.
pub fn twin(program: &Program) -> Option<Program> {
    let mut number = None;
    for block in program.blocks() {
        block.each_step(&mut |step| {
            if let Step::Mark { place, .. } = step {
                let within = place.checked_sub(PLACES).map(|place| place / 2);
                number = number.or(within.filter(|number| u64::from(*number) < COUNT));
            }
        });
    }
    let number = number?;
    let callee = *CALLEES.get(number as usize)?;
    let twin = |form| made(number, callee, form);
    match program {
        program if *program == twin(Form::Sync) => Some(twin(Form::Async)),
        program if *program == twin(Form::Async) => Some(twin(Form::Sync)),
        _ => None,
    }
}

fn made(number: u32, callee: Callee, form: Form) -> Program {
    let place = PLACES + 2 * number;
    let mut caller = instance(Some(0), &["status", "waitable", "set", "event", "result"]);
    caller.imports.push(import(1, 0, form));
    caller.canons = vec![
        Canon::TaskReturn {
            result: None,
            options: MEMORY,
        },
        Canon::WaitableSetNew,
        Canon::WaitableJoin,
        Canon::WaitableSetWait(Cancellable::No, MemoryId(0)),
        Canon::SubtaskDrop,
        Canon::WaitableSetDrop,
    ]
    .into();
    let mut steps = match form {
        Form::Sync => vec![call(0, &[k(9)], Some(4))],
        Form::Async => vec![
            call(0, &[k(9), k(64)], Some(0)),
            set(1, Arithmetic::Shr, s(0), k(4)),
            when(s(1), Comparison::NotEqual, wait()),
            load(4, Width::W32, 64),
        ],
    };
    steps.extend([mark(place, s(4)), canon(0, &[], None)]);
    let body = vec![block(steps, End::Nothing)];
    let calls = function(ty(true, &[], None), LiftForm::Stackful, &[], body);
    caller.functions.push(calls);
    let mut called = instance(Some(0), &["event", "which", "what", "argument", "result"]);
    called.canons = vec![
        Canon::TaskReturn {
            result: Some(Type::U32),
            options: MEMORY,
        },
        Canon::ThreadYield(Cancellable::No),
    ]
    .into();
    called.functions.push(function_of(callee, place + 1));
    let instances = vec![instance(None, &[]), called, caller];
    program(instances, &[(2, 0, &[])])
}

fn when(a: Operand, comparison: Comparison, then: Vec<Step>) -> Step {
    let b = k(0);
    Step::If {
        condition: Condition { a, comparison, b },
        then,
        otherwise: Vec::new(),
    }
}

/// Waits for the one subtask, which may first tell that it has started.
fn wait() -> Vec<Step> {
    let told = || canon(3, &[s(2), k(8)], Some(3));
    let state = || load(0, Width::W32, 12);
    vec![
        canon(1, &[], Some(2)),
        canon(2, &[s(1), s(2)], None),
        told(),
        state(),
        Step::If {
            condition: Condition {
                a: s(0),
                comparison: Comparison::Less,
                b: k(2),
            },
            then: vec![told()],
            otherwise: Vec::new(),
        },
        canon(4, &[s(1)], None),
        canon(5, &[s(2)], None),
    ]
}

fn function_of(callee: Callee, place: u32) -> Shared<Function> {
    let unary = ty(true, &[Type::U32], Some(Type::U32));
    let shows = vec![mark(place, s(3)), set(4, Arithmetic::Add, s(3), k(1))];
    let gives = canon(0, &[s(4)], None);
    let with = |more: &[Step]| [&shows[..], more].concat();
    let (form, blocks) = match callee {
        Callee::Sync => (SYNC, vec![block(shows, End::Return(s(4)))]),
        Callee::Stackful => (
            LiftForm::Stackful,
            vec![block(with(&[gives]), End::Nothing)],
        ),
        Callee::StackfulYields => {
            let steps = with(&[canon(1, &[], None), gives]);
            (LiftForm::Stackful, vec![block(steps, End::Nothing)])
        }
        Callee::Callback => (callback(0), vec![block(with(&[gives]), End::Exit)]),
        Callee::CallbackYields => {
            let blocks = vec![block(shows, End::Yield), block(vec![gives], End::Exit)];
            (callback(0), blocks)
        }
    };
    function(unary, form, &[3], blocks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metamorphic::{self, Way};
    use crate::oracle::{Judge, Outcome};
    use crate::subject::{Seat, Subject};

    #[test]
    fn both_ways_show_the_same_on_whichever_schedule() {
        let mut judge = Judge::default();
        for seed in 0..8 {
            let subject = Subject::find(&format!("reference@seed:{seed}")).unwrap();
            let mut seat = Seat::new(subject);
            for number in 0..COUNT {
                let one = trial(number).unwrap();
                let other = Trial::of(twin(one.program().unwrap()).unwrap(), Shape::Straight);
                let other = other.unwrap();
                assert_eq!(twin(other.program().unwrap()).as_ref(), one.program());
                for trial in [one, other] {
                    let outcome = judge.judge(&trial, &mut seat);
                    assert!(matches!(outcome, Ok(Outcome::Admissible(_))), "{outcome:?}");
                    let found = metamorphic::check(&trial, Way::Readable, &mut judge, &mut seat);
                    let found = found.map(|(_, found)| found.what);
                    assert_eq!(found, None, "{number}");
                }
            }
        }
    }
}
