//! Progress: does a guest that spins keep the host's completions from everybody?
//!
//! The specification promises nothing here. `thread.yield` leaves a thread ready "at some
//! nondeterministic point", chosen by the embedder, and says only what it is good for: that a long
//! computation does not starve others. An embedder that resumes the same thread for ever breaks no
//! rule. So what is found here is never called inadmissible. It is a kind of its own, about a
//! fixed set of programs: in each, something of the host's is due, a guest yields until somebody was told
//! of it, and gives up after [`SPINS`] times. Which of the two came first is all that counts.
//!
//! Spec: Concurrency.md, "Nondeterminism"; CanonicalABI.md, "canon thread.yield" and "Embedding", `tick`.

use assize_harness::host::Driven;
use assize_protocol::host::HostEvent;
use assize_protocol::value::Value;

use crate::program::samples::build::{
    MEMORY, block, call, callback, canon, copy, from_host, function, host, instance, k, mark,
    program, s, set, ty,
};
use crate::program::{
    Action, ActionId, Arithmetic, Block, Cancellable, Canon, Comparison, Condition, ContextType,
    End, Form, Function, FunctionId, Handler, HostFunction, Instance, InstanceId, LiftForm,
    MemoryId, Operand, Program, Shared, SlotId, Step, Type,
};
use crate::trial::{Rejected, Shape, Trial};

/// How often a guest yields before it gives up.
pub const SPINS: u32 = 100_000;

/// The place of the first of the marks that count. No generated program has one there.
const PLACES: u32 = 0x5350_0000;

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    /// A pending call returns.
    Call,
    /// The host writes to a stream that the guest reads.
    Write,
    /// The host reads from a stream that the guest writes.
    Read,
}

/// Who spins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spin {
    /// The task that polls for it: `thread.yield`.
    Itself,
    /// The same, which gives `YIELD` from its callback.
    Callback,
    /// A second thread, while the first one waits.
    Thread,
    /// A task of another instance, while the first one waits.
    Instance,
}

const DUES: [Due; 3] = [Due::Call, Due::Write, Due::Read];
const SPINNERS: [Spin; 4] = [Spin::Itself, Spin::Callback, Spin::Thread, Spin::Instance];

/// How many programs there are.
pub const COUNT: u64 = (DUES.len() * SPINNERS.len()) as u64;

/// The program with this number.
///
/// # Errors
/// [`Rejected`] where there is none.
pub fn trial(number: u64) -> Result<Trial, Rejected> {
    let spins = usize::try_from(number).ok().and_then(watched);
    let (due, spin) = spins.ok_or_else(|| Rejected("there is no such program".to_owned()))?;
    Trial::of(made(number as u32, due, spin, SPINS), Shape::Straight)
}

fn watched(number: usize) -> Option<(Due, Spin)> {
    let spin = *SPINNERS.get(number / DUES.len())?;
    Some((DUES[number % DUES.len()], spin))
}

/// The number of the program, if it is one of these.
pub fn number(program: &Program) -> Option<u32> {
    let mut found = None;
    for block in program.blocks() {
        block.each_step(&mut |step| {
            if let Step::Mark { place, .. } = step
                && let Some(number) = place.checked_sub(PLACES)
                && u64::from(number / 2) < COUNT
            {
                found = Some(number / 2);
            }
        });
    }
    found
}

/// What was starved in the program with this number, if it was.
pub fn starved(number: u32, driven: &Driven) -> Option<String> {
    let (due, spin) = watched(number as usize)?;
    let [arrived, gave_up] = places(number).map(Value::U32);
    let first = driven.events.iter().find_map(|(_, event)| match event {
        HostEvent::Call { args, .. } => match args.first() {
            Some(place) if *place == arrived || *place == gave_up => Some(place.clone()),
            _ => None,
        },
        _ => None,
    });
    let due = match due {
        Due::Call => "a pending call's return",
        Due::Write => "the end of a read that the host has written to",
        Due::Read => "the end of a write that the host has read from",
    };
    let spin = match spin {
        Spin::Itself => "the task that polls for it yields",
        Spin::Callback => "the callback that polls for it yields",
        Spin::Thread => "another thread of the task yields",
        Spin::Instance => "a task of another instance yields",
    };
    (first == Some(gave_up)).then(|| format!("{due} is not delivered while {spin}"))
}

/// The places of the marks: it was delivered, and it was not.
fn places(number: u32) -> [u32; 2] {
    [PLACES + 2 * number, PLACES + 2 * number + 1]
}

/// The slots that each instance has.
const SLOTS: [&str; 9] = [
    "event", "which", "what", "waitable", "set", "both", "told", "spins", "thread",
];
const EVENT: u32 = 0;
const WAITABLE: u32 = 3;
const SET: u32 = 4;
const BOTH: u32 = 5;
const TOLD: u32 = 6;
const TIMES: u32 = 7;
const THREAD: u32 = 8;

/// The built-ins that each instance has, in this order, and then others.
const RETURN: u32 = 0;
const SET_NEW: u32 = 1;
const JOIN: u32 = 2;
const WAIT: u32 = 3;
const POLL: u32 = 4;
const YIELD: u32 = 5;
const NEXT: u32 = 6;
const CHANNEL: u32 = 7;

fn canons(due: Due) -> Vec<Canon> {
    let result = None;
    let mut canons = vec![
        Canon::TaskReturn {
            result,
            options: MEMORY,
        },
        Canon::WaitableSetNew,
        Canon::WaitableJoin,
        Canon::WaitableSetWait(Cancellable::No, MemoryId(0)),
        Canon::WaitableSetPoll(Cancellable::No, MemoryId(0)),
        Canon::ThreadYield(Cancellable::No),
        Canon::ContextSet(ContextType::I32, 0),
    ];
    match due {
        Due::Call => {}
        Due::Write => canons.push(Canon::StreamRead(Some(Type::U8), copy(Form::Async))),
        Due::Read => canons.extend([
            Canon::StreamNew(Some(Type::U8)),
            Canon::StreamWrite(Some(Type::U8), copy(Form::Async)),
        ]),
    }
    canons
}

/// What the host does: the first function begins what the second one makes due.
fn hosts(due: Due) -> Vec<HostFunction> {
    let stream = || Type::Stream(Some(Box::new(Type::U8)));
    match due {
        Due::Call => vec![
            host("pending", ty(true, &[Type::U32], None)),
            host("resolve", ty(false, &[Type::U32], None)),
        ],
        Due::Write => vec![
            host("stream-new", ty(false, &[Type::U32], Some(stream()))),
            host("stream-write", {
                ty(false, &[Type::U32, Type::List(Box::new(Type::U8))], None)
            }),
        ],
        Due::Read => vec![
            host("stream-take", ty(false, &[Type::U32, stream()], None)),
            host("stream-read", ty(false, &[Type::U32, Type::U32], None)),
        ],
    }
}

/// Begins it, and puts the waitable into a set. Its token is 1.
fn begin(due: Due) -> Vec<Step> {
    let mut steps = match due {
        Due::Call => vec![
            call(0, &[k(1)], Some(WAITABLE)),
            set(WAITABLE, Arithmetic::Shr, s(WAITABLE), k(4)),
        ],
        Due::Write => vec![
            call(0, &[k(1)], Some(WAITABLE)),
            canon(CHANNEL, &[s(WAITABLE), k(128), k(1)], Some(EVENT)),
        ],
        Due::Read => vec![
            canon(CHANNEL, &[], Some(BOTH)),
            set(WAITABLE, Arithmetic::Shr, s(BOTH), k(32)),
            call(0, &[k(1), s(BOTH)], None),
            canon(CHANNEL + 1, &[s(WAITABLE), k(128), k(1)], Some(EVENT)),
        ],
    };
    steps.push(canon(SET_NEW, &[], Some(SET)));
    steps.push(canon(JOIN, &[s(WAITABLE), s(SET)], None));
    steps
}

/// Makes it due, by this import.
fn make_due(due: Due, import: u32) -> Step {
    match due {
        Due::Call => call(import, &[k(1)], None),
        Due::Write => call(import, &[k(1), k(64), k(1)], None),
        Due::Read => call(import, &[k(1), k(1)], None),
    }
}

fn spinner(due: Due, hosts: &[u32]) -> Instance {
    let mut spinner = instance(None, &SLOTS);
    spinner.canons = canons(due).into();
    let form = |host: &u32| match (host, due) {
        (0, Due::Call) => Form::Async,
        _ => Form::Sync,
    };
    spinner.imports = hosts
        .iter()
        .map(|host| from_host(*host, form(host)))
        .collect();
    spinner
}

fn when(a: Operand, comparison: Comparison, b: Operand, then: Vec<Step>) -> Step {
    Step::If {
        condition: Condition { a, comparison, b },
        then,
        otherwise: Vec::new(),
    }
}

fn poll() -> Step {
    canon(POLL, &[s(SET), k(8)], Some(EVENT))
}

fn nullary(form: LiftForm, blocks: Vec<Block>) -> Shared<Function> {
    function(ty(true, &[], None), form, &[], blocks)
}

fn made(number: u32, due: Due, spin: Spin, spins: u32) -> Program {
    let [arrived, gave_up] = places(number).map(|place| mark(place, k(0)));
    let maker = Maker {
        due,
        spins,
        arrived,
        gave_up,
    };
    let start = |instance: u32| Action::Start {
        instance: InstanceId(instance),
        function: FunctionId(0),
        args: Vec::new(),
    };
    let mut program = program(Vec::new(), &[]);
    program.host = hosts(due).into();
    program.actions = vec![start(0), Action::Await(ActionId(0))];
    program.instances = match spin {
        Spin::Itself => vec![maker.itself()],
        Spin::Callback => vec![maker.callback()],
        Spin::Thread => vec![maker.thread()],
        Spin::Instance => maker.instances().to_vec(),
    };
    if spin == Spin::Instance {
        program.actions.insert(1, start(1));
    }
    program
}

/// What the programs are made with.
struct Maker {
    due: Due,
    spins: u32,
    /// The mark of who was told.
    arrived: Step,
    /// The mark of who gave up.
    gave_up: Step,
}

impl Maker {
    /// The instance in which it begins, with one function.
    fn root(&self, form: LiftForm, blocks: Vec<Block>) -> Instance {
        let mut root = spinner(self.due, &[0, 1]);
        root.functions.push(nullary(form, blocks));
        root
    }

    fn spinning(&self, steps: Vec<Step>) -> Step {
        let times = self.spins;
        Step::Repeat { times, steps }
    }

    /// Ends in this way if there was an event.
    fn told(&self, end: End) -> Step {
        let steps = vec![self.arrived.clone(), give(), Step::Finish(end)];
        when(s(EVENT), Comparison::NotEqual, k(0), steps)
    }

    /// Waits for the event.
    fn wait(&self) -> [Step; 4] {
        [
            canon(WAIT, &[s(SET), k(8)], Some(EVENT)),
            set(TOLD, Arithmetic::Add, k(1), k(0)),
            self.arrived.clone(),
            give(),
        ]
    }

    fn itself(&self) -> Instance {
        let turn = vec![canon(YIELD, &[], None), poll(), self.told(End::Nothing)];
        let spins = [self.spinning(turn), self.gave_up.clone(), give()];
        let mut steps = begin(self.due);
        steps.push(make_due(self.due, 1));
        steps.extend(spins);
        self.root(LiftForm::Stackful, vec![block(steps, End::Nothing)])
    }

    fn callback(&self) -> Instance {
        let mut steps = begin(self.due);
        steps.push(make_due(self.due, 1));
        let over = vec![self.gave_up.clone(), give(), Step::Finish(End::Exit)];
        let turn = vec![
            poll(),
            self.told(End::Exit),
            set(TIMES, Arithmetic::Add, s(TIMES), k(1)),
            when(s(TIMES), Comparison::Equal, k(self.spins.into()), over),
            // This block once more.
            canon(NEXT, &[k(1)], None),
        ];
        let blocks = vec![block(steps, End::Yield), block(turn, End::Yield)];
        self.root(callback(EVENT), blocks)
    }

    fn thread(&self) -> Instance {
        let new = canons(self.due).len() as u32;
        let mut steps = begin(self.due);
        steps.extend([
            canon(new, &[k(0), k(0)], Some(THREAD)),
            canon(new + 1, &[s(THREAD)], None),
            make_due(self.due, 1),
        ]);
        steps.extend(self.wait());
        let mut root = self.root(LiftForm::Stackful, vec![block(steps, End::Nothing)]);
        let more = [Canon::ThreadNewIndirect, Canon::ThreadResumeLater];
        root.canons.extend(more);
        let over = vec![Step::Finish(End::Nothing)];
        let turn = vec![
            canon(YIELD, &[], None),
            when(s(TOLD), Comparison::NotEqual, k(0), over),
        ];
        let steps = vec![self.spinning(turn), self.gave_up.clone()];
        root.threads.push(Handler {
            parameter: SlotId(TIMES),
            body: block(steps, End::Nothing),
        });
        root
    }

    fn instances(&self) -> [Instance; 2] {
        let mut steps = begin(self.due);
        steps.extend(self.wait());
        let root = self.root(LiftForm::Stackful, vec![block(steps, End::Nothing)]);
        let mut other = spinner(self.due, &[1]);
        let turn = vec![canon(YIELD, &[], None)];
        let steps = vec![
            make_due(self.due, 0),
            self.spinning(turn),
            self.gave_up.clone(),
            give(),
        ];
        let body = vec![block(steps, End::Nothing)];
        other.functions.push(nullary(LiftForm::Stackful, body));
        [root, other]
    }
}

/// The task returns.
fn give() -> Step {
    canon(RETURN, &[], None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::{Judge, Outcome};
    use crate::signature::Kind;
    use crate::subject::{Seat, Subject};

    #[test]
    fn each_program_is_valid_and_known_by_its_marks() {
        for number in 0..COUNT {
            let trial = trial(number).unwrap();
            let program = trial.program().unwrap();
            assert_eq!(program.check(), Ok(()));
            assert_eq!(super::number(program), Some(number as u32));
            assert!(Judge::default().prepare(&trial).is_ok());
        }
        assert!(trial(COUNT).is_err());
    }

    #[test]
    fn what_came_first_counts() {
        let mark = |place| HostEvent::Call {
            function: "trace-mark".to_owned(),
            args: vec![Value::U32(place), Value::U64(0)],
        };
        let driven = |places: &[u32]| Driven {
            events: places.iter().map(|place| (0, mark(*place))).collect(),
            ..Driven::default()
        };
        let [arrived, gave_up] = places(4);
        assert_eq!(starved(4, &driven(&[arrived, gave_up])), None);
        assert_eq!(starved(4, &driven(&[places(3)[1]])), None);
        assert_eq!(
            starved(4, &driven(&[7, gave_up, arrived])).as_deref(),
            Some(
                "the end of a read that the host has written to is not delivered while the callback \
                 that polls for it yields"
            )
        );
    }

    #[test]
    fn who_lets_others_go_on_by_chance_starves_nobody() {
        let mut seat = Seat::new(Subject::find("reference@seed:7").unwrap());
        for number in 0..COUNT {
            let outcome = Judge::default().judge(&trial(number).unwrap(), &mut seat);
            assert!(matches!(outcome, Ok(Outcome::Admissible(_))), "{outcome:?}");
        }
    }

    /// In a copy of the programs in which nothing ever becomes due.
    #[test]
    fn what_is_never_delivered_is_starved_and_not_inadmissible() {
        for number in 0..COUNT {
            let (due, spin) = watched(number as usize).unwrap();
            let mut program = made(number as u32, due, spin, 50);
            // The host does it for another token, of which it knows nothing.
            let imports = [make_due(due, 0), make_due(due, 1)];
            let by = &imports[usize::from(spin != Spin::Instance)];
            let last = program.instances.last_mut().unwrap();
            let list = &mut last.functions[0].body.blocks[0].steps;
            let makes = list.iter_mut().find(|step| *step == by).unwrap();
            if let Step::Call { args, .. } = makes {
                args[0] = k(2);
            }
            let trial = Trial::of(program, Shape::Straight).unwrap();
            let mut seat = Seat::new(Subject::find("reference@seed:7").unwrap());
            let outcome = Judge::default().judge(&trial, &mut seat);
            let Ok(Outcome::Finding(found)) = outcome else {
                panic!("{number}: {outcome:?}");
            };
            assert_eq!(found.signature.kind, Kind::Starved);
        }
    }
}
