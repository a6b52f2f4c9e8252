//! Small programs, written by hand, for tests and benchmarks.

use super::{
    Action, ActionId, Arithmetic, Block, Body, Callee, Cancellable, Canon, CanonId, Comparison,
    Condition, CopyOptions, Encoding, End, Form, Function, FunctionId, FunctionType, Handler,
    HostFunction, HostId, Import, ImportId, Instance, InstanceId, Lift, LiftForm, Memory, MemoryId,
    Operand, Options, Owner, Program, Resource, ResourceId, Slot, SlotId, Step, Type, VERSION,
    Width,
};

/// A program, and what it shows on the reference in the deterministic schedule.
#[derive(Clone, Debug)]
pub struct Sample {
    /// What it is about.
    pub name: &'static str,
    /// The program.
    pub program: Program,
    /// Each mark's place and number, in order.
    pub marks: Vec<(u32, u64)>,
}

/// Options with the first memory.
const MEMORY: Options = Options {
    memory: Some(MemoryId(0)),
    encoding: Encoding::Utf8,
};

pub(crate) fn k(value: i64) -> Operand {
    Operand::Const(value)
}

pub(crate) fn s(slot: u32) -> Operand {
    Operand::Slot(SlotId(slot))
}

fn canon(canon: u32, args: &[Operand], result: Option<u32>) -> Step {
    Step::Canon {
        canon: CanonId(canon),
        args: args.to_vec(),
        result: result.map(SlotId),
    }
}

fn call(import: u32, args: &[Operand], result: Option<u32>) -> Step {
    Step::Call {
        import: ImportId(import),
        args: args.to_vec(),
        result: result.map(SlotId),
    }
}

pub(crate) fn mark(place: u32, value: Operand) -> Step {
    Step::Mark { place, value }
}

fn set(slot: u32, op: Arithmetic, a: Operand, b: Operand) -> Step {
    let slot = SlotId(slot);
    Step::Set { slot, op, a, b }
}

fn load(slot: u32, width: Width, address: i64) -> Step {
    Step::Load {
        slot: SlotId(slot),
        memory: MemoryId(0),
        width,
        address: k(address),
    }
}

fn store(width: Width, address: i64, value: Operand) -> Step {
    Step::Store {
        memory: MemoryId(0),
        width,
        address: k(address),
        value,
    }
}

pub(crate) fn block(steps: Vec<Step>, end: End) -> Block {
    Block { steps, end }
}

fn ty(is_async: bool, params: &[Type], result: Option<Type>) -> FunctionType {
    FunctionType {
        is_async,
        params: params.to_vec(),
        result,
    }
}

pub(crate) fn function(
    ty: FunctionType,
    form: LiftForm,
    parameters: &[u32],
    blocks: Vec<Block>,
) -> Function {
    Function {
        ty,
        lift: Lift {
            form,
            options: MEMORY,
        },
        parameters: parameters.iter().copied().map(SlotId).collect(),
        body: Body { blocks },
    }
}

const SYNC: LiftForm = LiftForm::Sync { post_return: None };

fn callback(first_slot: u32) -> LiftForm {
    let event = [first_slot, first_slot + 1, first_slot + 2].map(SlotId);
    LiftForm::Callback { event }
}

pub(crate) fn instance(parent: Option<u32>, slots: &[&str]) -> Instance {
    let slot = |name: &&str| Slot {
        name: (*name).to_owned(),
    };
    Instance {
        parent: parent.map(InstanceId),
        memories: vec![Memory { wide: false }],
        slots: slots.iter().map(slot).collect(),
        canons: Vec::new(),
        imports: Vec::new(),
        functions: Vec::new(),
        threads: Vec::new(),
        start: None,
        realloc: None,
    }
}

fn import(instance: u32, function: u32, form: Form) -> Import {
    Import {
        callee: Callee::Function {
            instance: InstanceId(instance),
            function: FunctionId(function),
        },
        form,
        options: MEMORY,
    }
}

fn from_host(host: u32, form: Form) -> Import {
    Import {
        callee: Callee::Host(HostId(host)),
        form,
        options: MEMORY,
    }
}

fn copy(form: Form) -> CopyOptions {
    CopyOptions {
        form,
        options: MEMORY,
    }
}

fn host(verb: &str, ty: FunctionType) -> HostFunction {
    let verb = verb.to_owned();
    HostFunction { verb, ty }
}

/// A program whose only actions are to call functions, one after the other.
pub(crate) fn program(instances: Vec<Instance>, calls: &[(u32, u32, &[&str])]) -> Program {
    let actions = calls.iter().enumerate().flat_map(|(number, call)| {
        let start = Action::Start {
            instance: InstanceId(call.0),
            function: FunctionId(call.1),
            args: call.2.iter().map(|arg| (*arg).to_owned()).collect(),
        };
        [start, Action::Await(ActionId(2 * number as u32))]
    });
    Program {
        version: VERSION,
        resources: Vec::new(),
        host: Vec::new(),
        actions: actions.collect(),
        instances,
    }
}

/// Those that both forms can be made of.
pub fn all() -> Vec<Sample> {
    let samples: [(_, Make); _] = [
        ("chain", chain),
        ("donut", donut),
        ("asynchronous", asynchronous),
        ("stackful", stackful),
        ("siblings", siblings),
        ("resources", resources),
        ("childs_resource", childs_resource),
        ("threads", threads),
        ("wide", wide),
        ("two_roots", two_roots),
        ("nominal", nominal),
        ("control", control),
        ("handlers", handlers),
    ];
    samples
        .into_iter()
        .map(|(name, make)| {
            let (program, marks) = make();
            Sample {
                name,
                program,
                marks,
            }
        })
        .collect()
}

type Made = (Program, Vec<(u32, u64)>);
type Make = fn() -> Made;

/// A root calls its child, and that calls its own.
fn chain() -> Made {
    let unary = || ty(false, &[Type::U32], Some(Type::U32));
    let add = |one: i64| set(1, Arithmetic::Add, s(0), k(one));
    let mut root = instance(None, &["argument", "result"]);
    root.imports.push(import(1, 0, Form::Sync));
    let steps = vec![mark(1, s(0)), call(0, &[s(0)], Some(1)), mark(2, s(1))];
    let end = || End::Return(s(1));
    let body = vec![block(steps, end())];
    root.functions.push(function(unary(), SYNC, &[0], body));
    let mut middle = instance(Some(0), &["argument", "result"]);
    middle.imports.push(import(2, 0, Form::Sync));
    let steps = vec![add(1), call(0, &[s(1)], Some(1)), mark(3, s(1))];
    let body = vec![block(steps, end())];
    middle.functions.push(function(unary(), SYNC, &[0], body));
    let mut inner = instance(Some(1), &["argument", "result"]);
    let body = vec![block(vec![add(10)], end())];
    inner.functions.push(function(unary(), SYNC, &[0], body));
    let program = program(vec![root, middle, inner], &[(0, 0, &["5"]), (2, 0, &["1"])]);
    (program, vec![(1, 5), (3, 16), (2, 16)])
}

/// A child calls a function of the instance around it, on its own behalf and while it is called.
fn donut() -> Made {
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
fn asynchronous() -> Made {
    let unary = || ty(true, &[Type::U32], Some(Type::U32));
    let give = Canon::TaskReturn {
        result: Some(Type::U32),
        options: MEMORY,
    };
    let slots = ["argument", "code", "first", "second", "state", "set", "n"];
    let mut root = instance(None, &slots);
    root.imports.push(import(1, 0, Form::Async));
    root.canons = vec![
        give.clone(),
        Canon::WaitableSetNew,
        Canon::WaitableJoin,
        Canon::SubtaskDrop,
        Canon::WaitableSetDrop,
    ];
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
    root.functions
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
    let program = program(vec![root, callee], &[(0, 0, &["9"])]);
    let marks = [(5, 9), (1, 1), (6, 0), (7, 0), (2, 1), (3, 2), (4, 77)];
    (program, marks.to_vec())
}

/// A stackful function calls the host asynchronously, and another call resolves that.
fn stackful() -> Made {
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
    ];
    root.imports = vec![from_host(0, Form::Async), from_host(1, Form::Sync)];
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
    ];
    let resolve = Action::Start {
        instance: InstanceId(0),
        function: FunctionId(1),
        args: vec!["3".to_owned()],
    };
    program.actions.insert(1, resolve);
    let marks = [(4, 3), (1, 1), (2, 2), (3, u64::MAX)];
    (program, marks.to_vec())
}

/// A child gives its sibling the readable end of a stream, and writes to it.
fn siblings() -> Made {
    let element = Some(Type::U16);
    let stream = Type::Stream(Some(Box::new(Type::U16)));
    let mut reader = instance(Some(0), &["end", "result", "value"]);
    reader.canons = vec![
        Canon::StreamRead(element.clone(), copy(Form::Async)),
        Canon::StreamDropReadable(element.clone()),
        Canon::StreamCancelRead(element.clone(), Form::Sync),
    ];
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
    let ends = function(ty(false, &[], None), SYNC, &[], body);
    reader.functions = vec![takes, ends];
    let mut writer = instance(Some(0), &["both", "writable", "result"]);
    writer.canons = vec![
        Canon::StreamNew(element.clone()),
        Canon::StreamWrite(element.clone(), copy(Form::Async)),
        Canon::StreamDropWritable(element),
    ];
    writer.imports = vec![import(1, 0, Form::Sync), import(1, 1, Form::Sync)];
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
        .push(function(ty(false, &[], None), SYNC, &[], body));
    let program = program(vec![instance(None, &[]), reader, writer], &[(2, 0, &[])]);
    let marks = [(1, 0xffff_ffff), (4, 0x20), (2, 0x20), (3, 0x0007_0005)];
    (program, marks.to_vec())
}

/// A root with a resource type that its child is lent and given.
fn resources() -> Made {
    let own = || Type::Own("r0".to_owned());
    let borrow = || Type::Borrow("r0".to_owned());
    let mut root = instance(None, &["rep", "handle"]);
    root.canons = vec![
        Canon::ResourceNew(ResourceId(0)),
        Canon::ResourceRep(ResourceId(0)),
    ];
    root.imports = vec![import(1, 0, Form::Sync), import(1, 1, Form::Sync)];
    let steps = vec![
        canon(0, &[k(42)], Some(1)),
        call(0, &[s(1)], None),
        canon(1, &[s(1)], Some(0)),
        mark(1, s(0)),
        call(1, &[s(1)], None),
        mark(2, k(0)),
    ];
    let body = vec![block(steps, End::Nothing)];
    root.functions
        .push(function(ty(false, &[], None), SYNC, &[], body));
    // A handle that the child borrows is, in the root, the representation.
    let steps = vec![mark(3, s(1))];
    let body = vec![block(steps, End::Nothing)];
    let lent = function(ty(false, &[borrow()], None), SYNC, &[1], body);
    root.functions.push(lent);
    let mut child = instance(Some(0), &["handle"]);
    child.canons.push(Canon::ResourceDrop(ResourceId(0)));
    child.imports.push(import(0, 1, Form::Sync));
    let drop = |place| vec![mark(place, k(0)), canon(0, &[s(0)], None)];
    let body = vec![block(drop(4), End::Nothing)];
    let borrows = function(ty(false, &[borrow()], None), SYNC, &[0], body);
    let body = vec![block(drop(5), End::Nothing)];
    let takes = function(ty(false, &[own()], None), SYNC, &[0], body);
    child.functions = vec![borrows, takes];
    let mut program = program(vec![root, child], &[(0, 0, &[])]);
    program.resources.push(Resource {
        owner: Owner::Instance {
            instance: InstanceId(0),
            destructor: Some(Handler {
                parameter: SlotId(0),
                body: block(vec![mark(6, s(0))], End::Nothing),
            }),
        },
    });
    (program, vec![(4, 0), (1, 42), (5, 0), (6, 42), (2, 0)])
}

/// A root uses the resource type of its child's child, and passes it on to another child, and in a
/// record.
fn childs_resource() -> Made {
    let own = || Type::Own("r0".to_owned());
    let record = || {
        Type::Record(vec![
            ("thing".to_owned(), own()),
            ("n".to_owned(), Type::U8),
        ])
    };
    let mut root = instance(None, &["handle"]);
    root.imports = vec![import(2, 0, Form::Sync), import(3, 0, Form::Sync)];
    root.canons = vec![
        Canon::ResourceDrop(ResourceId(0)),
        Canon::FutureNew(Some(own())),
    ];
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

/// A task with a second thread.
fn threads() -> Made {
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
        Canon::ContextSet(super::ContextType::I32, 0),
        Canon::ContextGet(super::ContextType::I32, 0),
    ];
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

/// Strings from a memory with addresses of 64 bits into one with 32 bits, in another encoding.
fn wide() -> Made {
    let mut root = instance(None, &["pointer", "length", "word"]);
    root.memories[0].wide = true;
    root.imports.push(import(1, 0, Form::Sync));
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
    root.functions
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
    let program = program(vec![root, child], &[(0, 0, &[])]);
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

/// Two roots pass a future through the host.
fn two_roots() -> Made {
    let element = Some(Type::F32);
    let future = || Type::Future(Some(Box::new(Type::F32)));
    let mut writer = instance(None, &["both", "writable", "result"]);
    writer.canons = vec![
        Canon::FutureNew(element.clone()),
        Canon::FutureWrite(element.clone(), copy(Form::Async)),
    ];
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
    reader.imports = vec![from_host(1, Form::Sync), from_host(2, Form::Sync)];
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
    ];
    let value = u64::from(1.5_f32.to_bits());
    (program, vec![(1, 0xffff_ffff), (2, 0), (3, value)])
}

/// Nominal types between instances, to the host and from it, one of them with a resource of the
/// host's in it.
fn nominal() -> Made {
    let flags = || Type::Flags((0..9).map(|n| format!("flag{n}")).collect());
    let color = || Type::Enum(vec!["red".to_owned(), "blue".to_owned()]);
    let shape = || {
        Type::Variant(vec![
            ("none".to_owned(), None),
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
    let mut root = instance(None, &["case", "a", "b", "c"]);
    root.imports = vec![
        from_host(0, Form::Sync),
        import(1, 0, Form::Sync),
        import(1, 1, Form::Sync),
    ];
    root.canons.push(Canon::StreamNew(Some(shape())));
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
    root.functions = vec![run, exported];
    let mut child = instance(Some(0), &["case", "a", "b", "c"]);
    child.imports = vec![from_host(0, Form::Sync), import(0, 1, Form::Sync)];
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
    let mut program = program(vec![root, child], &[(0, 0, &[]), (0, 1, &["none"])]);
    program.host = vec![
        host("echo", echo()),
        host("trace", ty(false, &[thing()], None)),
    ];
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

/// Branches, repetitions and arithmetic.
fn control() -> Made {
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
fn handlers() -> Made {
    let mut root = instance(None, &["pointer", "length", "count"]);
    root.imports.push(import(1, 0, Form::Sync));
    let steps = vec![
        store(Width::W16, 8, k(0x6968)),
        call(0, &[k(8), k(2), k(32)], None),
        load(0, Width::W32, 32),
        mark(1, s(0)),
        mark(2, s(2)),
    ];
    let body = vec![block(steps, End::Nothing)];
    root.functions
        .push(function(ty(false, &[], None), SYNC, &[], body));
    let count = || set(2, Arithmetic::Add, s(2), k(1));
    root.realloc = Some(block(vec![count()], End::Nothing));
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
    let program = program(vec![root, child], &[(0, 0, &[]), (0, 0, &[])]);
    let marks = [(3, 1), (1, 49_152), (2, 1), (3, 4), (1, 49_154), (2, 2)];
    (program, marks.to_vec())
}

/// One that does something at the starts of its instances: a child's comes before its parent's.
pub fn starts() -> Sample {
    let mut root = instance(None, &[]);
    root.start = Some(block(vec![mark(1, k(0))], End::Nothing));
    let body = vec![block(vec![mark(2, k(0))], End::Nothing)];
    root.functions
        .push(function(ty(false, &[], None), SYNC, &[], body));
    let mut child = instance(Some(0), &[]);
    child.start = Some(block(vec![mark(3, k(0))], End::Nothing));
    Sample {
        name: "starts",
        program: program(vec![root, child], &[(0, 0, &[])]),
        marks: vec![(3, 0), (1, 0), (2, 0)],
    }
}
