//! Calls between instances, and of the host.

use super::Made;
use super::build::{
    MEMORY, SYNC, block, call, callback, canon, copy, from_host, function, host, import, instance,
    k, load, mark, program, s, set, store, ty,
};
use crate::program::{
    Action, Arithmetic, Cancellable, Canon, End, Form, FunctionId, InstanceId, LiftForm, MemoryId,
    Type, Width,
};

/// A child calls its sibling, and that calls the one before it.
pub(super) fn chain() -> Made {
    let unary = || ty(false, &[Type::U32], Some(Type::U32));
    let add = |one: i64| set(1, Arithmetic::Add, s(0), k(one));
    let end = || End::Return(s(1));
    let child = || instance(Some(0), &["argument", "result"]);
    let mut last = child();
    let body = vec![block(vec![add(10)], end())];
    last.functions.push(function(unary(), SYNC, &[0], body));
    let mut middle = child();
    middle.imports.push(import(1, 0, Form::Sync));
    let steps = vec![add(1), call(0, &[s(1)], Some(1)), mark(3, s(1))];
    let body = vec![block(steps, end())];
    middle.functions.push(function(unary(), SYNC, &[0], body));
    let mut first = child();
    first.imports.push(import(2, 0, Form::Sync));
    let steps = vec![mark(1, s(0)), call(0, &[s(0)], Some(1)), mark(2, s(1))];
    let body = vec![block(steps, end())];
    first.functions.push(function(unary(), SYNC, &[0], body));
    let instances = vec![instance(None, &[]), last, middle, first];
    let program = program(instances, &[(3, 0, &["5"]), (1, 0, &["1"])]);
    (program, vec![(1, 5), (3, 16), (2, 16)])
}

/// A child calls a function of the instance around it, on its own behalf and while it is called.
pub(super) fn donut() -> Made {
    let nullary = || ty(true, &[], None);
    let mut root = instance(None, &[]);
    root.imports.push(import(1, 0, Form::Sync));
    root.canons.push(Canon::TaskReturn {
        result: None,
        options: MEMORY,
    });
    let give = || canon(0, &[], None);
    let steps = vec![mark(1, k(0)), call(0, &[], None), give()];
    let body = vec![block(steps, End::Nothing)];
    root.functions
        .push(function(nullary(), LiftForm::Stackful, &[], body));
    let body = vec![block(vec![mark(2, k(0)), give()], End::Nothing)];
    root.functions
        .push(function(nullary(), LiftForm::Stackful, &[], body));
    let mut child = instance(Some(0), &[]);
    child.canons = root.canons.clone();
    child.imports.push(import(0, 1, Form::Sync));
    let steps = vec![mark(3, k(0)), give()];
    let body = vec![block(steps, End::Nothing)];
    child
        .functions
        .push(function(nullary(), LiftForm::Stackful, &[], body));
    let steps = vec![call(0, &[], None), mark(4, k(0)), give()];
    let body = vec![block(steps, End::Nothing)];
    child
        .functions
        .push(function(nullary(), LiftForm::Stackful, &[], body));
    let program = program(vec![root, child], &[(0, 0, &[]), (1, 1, &[])]);
    (program, vec![(1, 0), (3, 0), (2, 0), (4, 0)])
}

/// A function with a callback calls another one, which yields twice, and waits for it in a set.
pub(super) fn asynchronous() -> Made {
    let unary = || ty(true, &[Type::U32], Some(Type::U32));
    let give = Canon::TaskReturn {
        result: Some(Type::U32),
        options: MEMORY,
    };
    let slots = ["argument", "code", "first", "second", "state", "set", "n"];
    let mut caller = instance(Some(0), &slots);
    caller.imports.push(import(1, 0, Form::Async));
    caller.canons = vec![
        give.clone(),
        Canon::WaitableSetNew,
        Canon::WaitableJoin,
        Canon::SubtaskDrop,
        Canon::WaitableSetDrop,
    ]
    .into();
    let first = vec![
        call(0, &[s(0), k(64)], Some(4)),
        set(6, Arithmetic::And, s(4), k(15)),
        mark(1, s(6)),
        set(4, Arithmetic::Shr, s(4), k(4)),
        canon(1, &[], Some(5)),
        canon(2, &[s(4), s(5)], None),
    ];
    let second = vec![
        mark(2, s(1)),
        mark(3, s(3)),
        canon(3, &[s(2)], None),
        canon(4, &[s(5)], None),
        load(6, Width::W32, 64),
        canon(0, &[s(6)], None),
        mark(4, s(6)),
    ];
    let body = vec![block(first, End::Wait(s(5))), block(second, End::Exit)];
    caller
        .functions
        .push(function(unary(), callback(1), &[0], body));
    let mut callee = instance(Some(0), &["argument", "code", "first", "second"]);
    callee.canons.push(give);
    let body = vec![
        block(vec![mark(5, s(0))], End::Yield),
        block(vec![mark(6, s(1))], End::Yield),
        block(
            vec![canon(0, &[k(77)], None), mark(7, k(0))],
            End::Code(k(0)),
        ),
    ];
    callee
        .functions
        .push(function(unary(), callback(1), &[0], body));
    let instances = vec![instance(None, &[]), callee, caller];
    let program = program(instances, &[(2, 0, &["9"])]);
    let marks = [(5, 9), (1, 1), (6, 0), (7, 0), (2, 1), (3, 2), (4, 77)];
    (program, marks.to_vec())
}

/// A stackful function calls the host asynchronously, and another call resolves that.
pub(super) fn stackful() -> Made {
    let mut root = instance(None, &["state", "set", "event", "word", "token"]);
    root.canons = vec![
        Canon::WaitableSetNew,
        Canon::WaitableJoin,
        Canon::WaitableSetWait(Cancellable::No, MemoryId(0)),
        Canon::SubtaskDrop,
        Canon::TaskReturn {
            result: None,
            options: MEMORY,
        },
    ]
    .into();
    root.imports = vec![from_host(0, Form::Async), from_host(1, Form::Sync)].into();
    let steps = vec![
        call(0, &[k(3), k(128)], Some(0)),
        set(0, Arithmetic::Shr, s(0), k(4)),
        canon(0, &[], Some(1)),
        canon(1, &[s(0), s(1)], None),
        canon(2, &[s(1), k(8)], Some(2)),
        mark(1, s(2)),
        load(3, Width::W32, 12),
        mark(2, s(3)),
        load(3, Width::W64, 128),
        mark(3, s(3)),
        canon(3, &[s(0)], None),
        canon(4, &[], None),
    ];
    let body = vec![block(steps, End::Nothing)];
    let waits = function(ty(true, &[], None), LiftForm::Stackful, &[], body);
    let steps = vec![call(1, &[s(4), k(-1)], None), mark(4, s(4))];
    let body = vec![block(steps, End::Return(k(0)))];
    let resolves = function(ty(false, &[Type::U32], None), SYNC, &[4], body);
    root.functions = vec![waits, resolves];
    let mut program = program(vec![root], &[(0, 0, &[])]);
    program.host = vec![
        host("pending", ty(true, &[Type::U32], Some(Type::U64))),
        host("resolve", ty(false, &[Type::U32, Type::U64], None)),
    ]
    .into();
    let resolve = Action::Start {
        instance: InstanceId(0),
        function: FunctionId(1),
        args: vec!["3".to_owned()],
    };
    program.actions.insert(1, resolve);
    let marks = [(4, 3), (1, 1), (2, 2), (3, u64::MAX)];
    (program, marks.to_vec())
}

/// Two roots pass a future through the host.
pub(super) fn two_roots() -> Made {
    let element = Some(Type::F32);
    let future = || Type::Future(Some(Box::new(Type::F32)));
    let mut writer = instance(None, &["both", "writable", "result"]);
    writer.canons = vec![
        Canon::FutureNew(element.clone()),
        Canon::FutureWrite(element.clone(), copy(Form::Async)),
    ]
    .into();
    writer.imports.push(from_host(0, Form::Sync));
    let steps = vec![
        canon(0, &[], Some(0)),
        set(1, Arithmetic::Shr, s(0), k(32)),
        call(0, &[k(5), s(0)], None),
        store(Width::W32, 16, k(1.5_f32.to_bits().into())),
        canon(1, &[s(1), k(16)], Some(2)),
        mark(1, s(2)),
    ];
    let body = vec![block(steps, End::Nothing)];
    writer
        .functions
        .push(function(ty(false, &[], None), SYNC, &[], body));
    let mut reader = instance(None, &["end", "result", "value"]);
    reader
        .canons
        .push(Canon::FutureRead(element, copy(Form::Async)));
    reader.imports = vec![from_host(1, Form::Sync), from_host(2, Form::Sync)].into();
    let steps = vec![
        call(0, &[k(5)], Some(0)),
        canon(0, &[s(0), k(16)], Some(1)),
        mark(2, s(1)),
        load(2, Width::W32, 16),
        mark(3, s(2)),
        call(1, &[s(2)], None),
    ];
    let body = vec![block(steps, End::Nothing)];
    reader
        .functions
        .push(function(ty(false, &[], None), SYNC, &[], body));
    let mut program = program(vec![writer, reader], &[(0, 0, &[]), (1, 0, &[])]);
    program.host = vec![
        host("future-take", ty(false, &[Type::U32, future()], None)),
        host("future-give", ty(false, &[Type::U32], Some(future()))),
        host("trace", ty(false, &[Type::F32], None)),
    ]
    .into();
    let value = u64::from(1.5_f32.to_bits());
    (program, vec![(1, 0xffff_ffff), (2, 0), (3, value)])
}
