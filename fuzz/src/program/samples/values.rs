//! Values of all kinds, and handles.

use super::Made;
use super::build::{
    SYNC, block, call, canon, copy, from_host, function, host, import, instance, k, load, mark,
    program, s, set, store, ty,
};
use crate::program::{
    Arithmetic, Canon, Encoding, End, Form, Handler, InstanceId, MemoryId, Owner, Resource,
    ResourceId, SlotId, Step, Type, Width,
};

/// A child gives its sibling the readable end of a stream, and writes to it.
pub(super) fn siblings() -> Made {
    let element = Some(Type::U16);
    let stream = Type::Stream(Some(Box::new(Type::U16)));
    let mut reader = instance(Some(0), &["end", "result", "value"]);
    reader.canons = vec![
        Canon::StreamRead(element.clone(), copy(Form::Async)),
        Canon::StreamDropReadable(element.clone()),
        Canon::StreamCancelRead(element.clone(), Form::Sync),
    ]
    .into();
    let steps = vec![canon(0, &[s(0), k(32), k(4)], Some(1)), mark(1, s(1))];
    let body = vec![block(steps, End::Nothing)];
    let takes = function(
        ty(false, std::slice::from_ref(&stream), None),
        SYNC,
        &[0],
        body,
    );
    let steps = vec![
        canon(2, &[s(0)], Some(1)),
        mark(2, s(1)),
        load(2, Width::W32, 32),
        mark(3, s(2)),
        canon(1, &[s(0)], None),
    ];
    let body = vec![block(steps, End::Nothing)];
    let ends = function(ty(true, &[], None), SYNC, &[], body);
    reader.functions = vec![takes, ends];
    let mut writer = instance(Some(0), &["both", "writable", "result"]);
    writer.canons = vec![
        Canon::StreamNew(element.clone()),
        Canon::StreamWrite(element.clone(), copy(Form::Async)),
        Canon::StreamDropWritable(element),
    ]
    .into();
    writer.imports = vec![import(1, 0, Form::Sync), import(1, 1, Form::Sync)].into();
    let steps = vec![
        canon(0, &[], Some(0)),
        set(1, Arithmetic::Shr, s(0), k(32)),
        call(0, &[s(0)], None),
        store(Width::W32, 16, k(0x0007_0005)),
        canon(1, &[s(1), k(16), k(2)], Some(2)),
        mark(4, s(2)),
        call(1, &[], None),
        canon(2, &[s(1)], None),
    ];
    let body = vec![block(steps, End::Nothing)];
    writer
        .functions
        .push(function(ty(true, &[], None), SYNC, &[], body));
    let program = program(vec![instance(None, &[]), reader, writer], &[(2, 0, &[])]);
    let marks = [(1, 0xffff_ffff), (4, 0x20), (2, 0x20), (3, 0x0007_0005)];
    (program, marks.to_vec())
}

/// A child makes a resource, which its sibling lends it and gives back; another one the sibling drops.
pub(super) fn resources() -> Made {
    let own = || Type::Own("r0".to_owned());
    let borrow = || Type::Borrow("r0".to_owned());
    let mut owner = instance(Some(0), &["rep", "handle"]);
    owner.canons = vec![
        Canon::ResourceNew(ResourceId(0)),
        Canon::ResourceRep(ResourceId(0)),
        Canon::ResourceDrop(ResourceId(0)),
    ]
    .into();
    let body = vec![block(vec![canon(0, &[s(0)], Some(1))], End::Return(s(1)))];
    let makes = function(ty(false, &[Type::U32], Some(own())), SYNC, &[0], body);
    // What is lent to the instance that defines the type is the representation.
    let body = vec![block(vec![mark(1, s(0))], End::Nothing)];
    let looks = function(ty(false, &[borrow()], None), SYNC, &[0], body);
    let steps = vec![
        canon(1, &[s(1)], Some(0)),
        mark(2, s(0)),
        canon(2, &[s(1)], None),
    ];
    let body = vec![block(steps, End::Nothing)];
    let takes = function(ty(false, &[own()], None), SYNC, &[1], body);
    owner.functions = vec![makes, looks, takes];
    let mut user = instance(Some(0), &["handle"]);
    user.canons.push(Canon::ResourceDrop(ResourceId(0)));
    user.imports = (0..3).map(|number| import(1, number, Form::Sync)).collect();
    let steps = vec![
        call(0, &[k(42)], Some(0)),
        call(1, &[s(0)], None),
        call(2, &[s(0)], None),
        call(0, &[k(43)], Some(0)),
        canon(0, &[s(0)], None),
        mark(3, k(0)),
    ];
    let body = vec![block(steps, End::Nothing)];
    user.functions
        .push(function(ty(false, &[], None), SYNC, &[], body));
    let instances = vec![instance(None, &[]), owner, user];
    let mut program = program(instances, &[(2, 0, &[])]);
    program.resources.push(Resource {
        owner: Owner::Instance {
            instance: InstanceId(1),
            destructor: Some(Handler {
                parameter: SlotId(0),
                body: block(vec![mark(4, s(0))], End::Nothing),
            }),
        },
    });
    (program, vec![(1, 42), (2, 42), (4, 42), (4, 43), (3, 0)])
}

/// A root uses the resource type of its child's child, and passes it on to another child, and in a
/// record.
pub(super) fn childs_resource() -> Made {
    let own = || Type::Own("r0".to_owned());
    let record = || {
        Type::Record(vec![
            ("thing".to_owned(), own()),
            ("n".to_owned(), Type::U8),
        ])
    };
    let mut root = instance(None, &["handle"]);
    root.imports = vec![import(2, 0, Form::Sync), import(3, 0, Form::Sync)].into();
    root.canons = vec![
        Canon::ResourceDrop(ResourceId(0)),
        Canon::FutureNew(Some(own())),
    ]
    .into();
    let steps = vec![
        call(0, &[], Some(0)),
        call(1, &[s(0), k(7)], None),
        call(0, &[], Some(0)),
        canon(0, &[s(0)], None),
        mark(1, k(0)),
    ];
    let body = vec![block(steps, End::Nothing)];
    let run = function(ty(false, &[], None), SYNC, &[], body);
    let body = vec![block(vec![mark(2, k(0))], End::Nothing)];
    let late = function(ty(false, &[record()], None), SYNC, &[0, 0], body);
    root.functions = vec![run, late];
    let middle = instance(Some(0), &[]);
    let mut owner = instance(Some(1), &["rep", "handle"]);
    owner.canons.push(Canon::ResourceNew(ResourceId(0)));
    let steps = vec![
        set(0, Arithmetic::Add, s(0), k(1)),
        canon(0, &[s(0)], Some(1)),
    ];
    let body = vec![block(steps, End::Return(s(1)))];
    owner
        .functions
        .push(function(ty(false, &[], Some(own())), SYNC, &[], body));
    let mut other = instance(Some(0), &["handle", "n"]);
    other.canons.push(Canon::ResourceDrop(ResourceId(0)));
    let steps = vec![mark(3, s(1)), canon(0, &[s(0)], None)];
    let body = vec![block(steps, End::Nothing)];
    other
        .functions
        .push(function(ty(false, &[record()], None), SYNC, &[0, 1], body));
    let mut program = program(vec![root, middle, owner, other], &[(0, 0, &[])]);
    program.resources.push(Resource {
        owner: Owner::Instance {
            instance: InstanceId(2),
            destructor: Some(Handler {
                parameter: SlotId(0),
                body: block(vec![mark(4, s(0))], End::Nothing),
            }),
        },
    });
    // The destructor's parameter goes where the next representation is counted from.
    (program, vec![(3, 7), (4, 1), (4, 2), (1, 0)])
}

/// Strings from a memory with addresses of 64 bits into one with 32 bits, in another encoding.
pub(super) fn wide() -> Made {
    let mut caller = instance(Some(0), &["pointer", "length", "word"]);
    caller.memories[0].wide = true;
    caller.imports.push(import(1, 0, Form::Sync));
    let steps = vec![
        store(Width::W32, 200, k(0x6463_6261)),
        call(0, &[k(200), k(4), k(64)], None),
        load(0, Width::W64, 64),
        load(1, Width::W64, 72),
        mark(1, s(0)),
        mark(2, s(1)),
        Step::Load {
            slot: SlotId(2),
            memory: MemoryId(0),
            width: Width::W16,
            address: s(0),
        },
        mark(3, s(2)),
    ];
    let body = vec![block(steps, End::Nothing)];
    caller
        .functions
        .push(function(ty(false, &[], None), SYNC, &[], body));
    let mut child = instance(Some(0), &["pointer", "length", "word"]);
    let steps = vec![
        mark(4, s(0)),
        mark(5, s(1)),
        Step::Load {
            slot: SlotId(2),
            memory: MemoryId(0),
            width: Width::W64,
            address: s(0),
        },
        mark(6, s(2)),
        store(Width::W32, 16, s(0)),
        store(Width::W32, 20, s(1)),
    ];
    let body = vec![block(steps, End::Return(k(16)))];
    let ty = ty(false, &[Type::String], Some(Type::String));
    let mut echo = function(ty, SYNC, &[0, 1], body);
    echo.lift.options.encoding = Encoding::Utf16;
    child.functions.push(echo);
    let instances = vec![instance(None, &[]), child, caller];
    let program = program(instances, &[(2, 0, &[])]);
    let marks = [
        (4, 49_152),
        (5, 4),
        (6, 0x0064_0063_0062_0061),
        (1, 49_152),
        (2, 4),
        (3, 0x6261),
    ];
    (program, marks.to_vec())
}

/// Nominal types between instances, to the host and from it, one of them with a resource of the
/// host's in it.
pub(super) fn nominal() -> Made {
    let flags = || Type::Flags((0..9).map(|n| format!("flag{n}")).collect());
    let color = || Type::Enum(vec!["red".to_owned(), "blue".to_owned()]);
    let shape = || {
        Type::Variant(vec![
            ("empty".to_owned(), None),
            ("some".to_owned(), Some(color())),
            (
                "many".to_owned(),
                Some(Type::Record(vec![
                    ("flags".to_owned(), flags()),
                    ("colors".to_owned(), Type::List(Box::new(color()))),
                ])),
            ),
        ])
    };
    let thing = || {
        Type::Record(vec![(
            "thing".to_owned(),
            Type::Option(Box::new(Type::Own("r0".to_owned()))),
        )])
    };
    let echo = || ty(false, &[shape()], Some(shape()));
    let mut caller = instance(Some(0), &["case", "a", "b", "c"]);
    caller.imports = vec![
        from_host(0, Form::Sync),
        import(1, 0, Form::Sync),
        import(1, 1, Form::Sync),
    ]
    .into();
    caller.canons.push(Canon::StreamNew(Some(shape())));
    let steps = vec![
        call(0, &[k(1), k(1), k(0), k(0), k(64)], None),
        load(0, Width::W16, 64),
        mark(1, s(0)),
        call(1, &[k(2), k(0x101), k(0), k(0), k(64)], None),
        load(0, Width::W64, 64),
        mark(2, s(0)),
        call(2, &[k(0), k(0)], None),
        canon(0, &[], None),
    ];
    let body = vec![block(steps, End::Nothing)];
    let run = function(ty(false, &[], None), SYNC, &[], body);
    let body = vec![block(vec![mark(7, s(0))], End::Return(k(32)))];
    let exported = function(echo(), SYNC, &[0, 1, 2, 3], body);
    caller.functions = vec![run, exported];
    let mut child = instance(Some(0), &["case", "a", "b", "c"]);
    child.imports.push(from_host(0, Form::Sync));
    let steps = vec![
        mark(3, s(0)),
        mark(4, s(1)),
        call(0, &[s(0), s(1), s(2), s(3), k(64)], None),
        load(0, Width::W16, 64),
        mark(5, s(0)),
    ];
    let body = vec![block(steps, End::Return(k(64)))];
    let echoes = function(echo(), SYNC, &[0, 1, 2, 3], body);
    let body = vec![block(vec![mark(6, s(0))], End::Nothing)];
    let takes = function(ty(false, &[thing()], None), SYNC, &[0, 1], body);
    child.functions = vec![echoes, takes];
    let instances = vec![instance(None, &[]), child, caller];
    let mut program = program(instances, &[(2, 0, &[]), (2, 1, &["empty"])]);
    program.host = vec![
        host("echo", echo()),
        host("trace", ty(false, &[thing()], None)),
    ]
    .into();
    program.resources.push(Resource { owner: Owner::Host });
    let marks = [
        (1, 0x0001),
        (3, 2),
        (4, 0x101),
        (5, 2),
        (2, 0x0000_0101_0000_0002),
        (6, 0),
        (7, 0),
    ];
    (program, marks.to_vec())
}
