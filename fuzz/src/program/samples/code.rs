//! What core code does by itself, in threads, and when the runtime calls it.

use super::Made;
use super::build::{
    MEMORY, SYNC, block, call, canon, function, import, instance, k, load, mark, program, s, set,
    store, ty,
};
use crate::program::{
    Arithmetic, Cancellable, Canon, Comparison, Condition, ContextType, End, Form, Handler,
    LiftForm, SlotId, Step, Type, Width,
};

/// A task with a second thread.
pub(super) fn threads() -> Made {
    let mut root = instance(None, &["thread", "argument", "index"]);
    root.canons = vec![
        Canon::ThreadNewIndirect,
        Canon::ThreadResumeLater,
        Canon::ThreadYield(Cancellable::No),
        Canon::ThreadIndex,
        Canon::TaskReturn {
            result: None,
            options: MEMORY,
        },
        Canon::ContextSet(ContextType::I32, 0),
        Canon::ContextGet(ContextType::I32, 0),
    ]
    .into();
    let thread = vec![
        canon(6, &[], Some(2)),
        mark(1, s(2)),
        canon(5, &[k(8)], None),
        mark(2, s(1)),
        canon(2, &[], None),
        canon(6, &[], Some(2)),
        mark(3, s(2)),
    ];
    root.threads.push(Handler {
        parameter: SlotId(1),
        body: block(thread, End::Nothing),
    });
    let steps = vec![
        canon(5, &[k(4)], None),
        canon(0, &[k(0), k(21)], Some(0)),
        canon(1, &[s(0)], None),
        canon(2, &[], None),
        canon(6, &[], Some(2)),
        mark(4, s(2)),
        canon(2, &[], None),
        mark(5, k(0)),
        canon(4, &[], None),
    ];
    let body = vec![block(steps, End::Nothing)];
    root.functions
        .push(function(ty(true, &[], None), LiftForm::Stackful, &[], body));
    let program = program(vec![root], &[(0, 0, &[])]);
    (program, vec![(1, 0), (2, 21), (4, 4), (3, 8), (5, 0)])
}

/// Branches, repetitions and arithmetic.
pub(super) fn control() -> Made {
    let mut root = instance(None, &["n", "sum", "half"]);
    let condition = |a, comparison, b| Condition { a, comparison, b };
    let inner = Step::Repeat {
        times: 3,
        steps: vec![
            set(1, Arithmetic::Add, s(1), s(0)),
            Step::If {
                condition: condition(s(1), Comparison::Less, k(10)),
                then: vec![set(1, Arithmetic::Shl, s(1), k(1))],
                otherwise: vec![set(2, Arithmetic::Or, s(2), k(4))],
            },
        ],
    };
    let outer = Step::Repeat {
        times: 2,
        steps: vec![inner, mark(1, s(1))],
    };
    let never = Step::Repeat {
        times: 0,
        steps: vec![mark(99, k(0))],
    };
    let early = Step::If {
        condition: condition(s(2), Comparison::NotEqual, k(4)),
        then: vec![Step::Finish(End::Unreachable)],
        otherwise: Vec::new(),
    };
    let finish = Step::If {
        condition: condition(s(1), Comparison::Equal, s(1)),
        then: vec![mark(2, s(2)), Step::Finish(End::Return(s(1)))],
        otherwise: Vec::new(),
    };
    let steps = vec![
        outer,
        never,
        early,
        set(1, Arithmetic::Sub, s(1), k(1)),
        set(1, Arithmetic::Shr, s(1), k(1)),
        set(2, Arithmetic::And, s(2), k(-1)),
        finish,
        mark(98, k(0)),
    ];
    let body = vec![block(steps, End::Unreachable)];
    let ty = ty(false, &[Type::U64], Some(Type::U64));
    root.functions.push(function(ty, SYNC, &[0], body));
    let program = program(vec![root], &[(0, 0, &["3"])]);
    // 3, doubled: 6; 9, doubled: 18; 21; then 24, 27, 30.
    (program, vec![(1, 21), (1, 30), (2, 4)])
}

/// What happens in `realloc` and `post-return`.
pub(super) fn handlers() -> Made {
    let mut caller = instance(Some(0), &["pointer", "length", "count"]);
    caller.imports.push(import(1, 0, Form::Sync));
    let steps = vec![
        store(Width::W16, 8, k(0x6968)),
        call(0, &[k(8), k(2), k(32)], None),
        load(0, Width::W32, 32),
        mark(1, s(0)),
        mark(2, s(2)),
    ];
    let body = vec![block(steps, End::Nothing)];
    caller
        .functions
        .push(function(ty(false, &[], None), SYNC, &[], body));
    let count = || set(2, Arithmetic::Add, s(2), k(1));
    caller.realloc = Some(block(vec![count()], End::Nothing));
    let mut child = instance(Some(0), &["pointer", "length", "count"]);
    child.realloc = Some(block(vec![count()], End::Nothing));
    let steps = vec![
        mark(3, s(2)),
        store(Width::W32, 16, s(0)),
        store(Width::W32, 20, s(1)),
    ];
    let form = LiftForm::Sync {
        post_return: Some(block(vec![count(), count()], End::Nothing)),
    };
    let ty = ty(false, &[Type::String], Some(Type::String));
    let body = vec![block(steps, End::Return(k(16)))];
    child.functions.push(function(ty, form, &[0, 1], body));
    let instances = vec![instance(None, &[]), child, caller];
    let program = program(instances, &[(2, 0, &[]), (2, 0, &[])]);
    let marks = [(3, 1), (1, 49_152), (2, 1), (3, 4), (1, 49_154), (2, 2)];
    (program, marks.to_vec())
}

/// Something happens at the starts of instances: a child's comes before its parent's, and what it
/// leaves is there afterwards.
pub(super) fn starts() -> Made {
    let mut root = instance(None, &["set", "again"]);
    root.canons = vec![Canon::WaitableSetNew].into();
    let repeated = Step::Repeat {
        times: 2,
        steps: vec![canon(0, &[], Some(0))],
    };
    let steps = vec![repeated, mark(1, s(0))];
    root.start = Some(block(steps, End::Nothing));
    let steps = vec![mark(2, s(0)), canon(0, &[], Some(1)), mark(2, s(1))];
    let body = vec![block(steps, End::Nothing)];
    root.functions
        .push(function(ty(false, &[], None), SYNC, &[], body));
    let mut child = instance(Some(0), &[]);
    child.start = Some(block(vec![mark(3, k(0))], End::Nothing));
    let program = program(vec![root, child], &[(0, 0, &[])]);
    (program, vec![(3, 0), (1, 2), (2, 2), (2, 3)])
}
