//! The fixed shapes: a few components in which much can be done, so that a runtime compiles each once
//! and then runs thousands of programs. The first ones were planned by hand, the others are drawn.
//!
//! A shape depends on nothing but its number and on what the runtime can do.

use super::builder::FREE;
use super::calls::empty;
use super::channel::channel_type;
use super::dice::Dice;
use super::drawn::drawn;
use super::model::Channel;
use super::plan::{AtStart, Plan, plan};
use super::profile::{Need, Profile, allowed, host_need};
use super::shape::{instance, own};
use super::types::resource_name;
use crate::program::{
    Block, Body, Callee, Cancellable, Canon, CanonId, ContextType, CopyOptions, Encoding, End,
    Form, Function, FunctionId, FunctionType, HostFunction, HostId, Import, InstanceId, Lift,
    LiftForm, Memory, MemoryId, Operand, Options, Owner, Program, Resource, ResourceId, Shared,
    Slot, SlotId, Step, Type, VERSION, When,
};

/// How many shapes were planned by hand.
pub(super) const SHAPES: u32 = 7;
/// How many are drawn. Their components, those of the others and the twins of all of them are fewer than
/// [what stays compiled](assize_protocol::recent::COMPONENTS).
pub(super) const DRAWN: u32 = 17;

/// The number of a shape: mostly of one that was planned, and otherwise of the drawn one whose turn it
/// is, or of any.
pub(super) fn number(dice: &mut Dice<'_, '_>, turn: Option<u32>) -> u32 {
    match dice.chance(1, 3) {
        true => SHAPES + turn.map_or_else(|| dice.below(DRAWN), |turn| turn % DRAWN),
        false => dice.below(SHAPES),
    }
}

/// How many slots bodies may use as they like.
const FREE_SLOTS: usize = 96;
/// How many threads an instance has.
const THREADS: usize = 4;

/// The shape of this number, with all that bodies can use.
pub(super) fn shape(number: u32, profile: &Profile) -> Program {
    let mut plan = match number < SHAPES {
        true => plan(number),
        false => drawn(number, profile),
    };
    if !profile.capabilities.has(Need::HostResources) {
        plan.resources.iter_mut().for_each(|owner| {
            owner.get_or_insert(0);
        });
    }
    let of_host = Resource { owner: Owner::Host };
    let mut program = Program {
        version: VERSION,
        resources: vec![of_host; plan.resources.len()],
        host: Shared::default(),
        instances: Vec::new(),
        actions: Vec::new(),
    };
    for (id, parent) in (0..).zip(plan.parents) {
        let mut memories = vec![Memory { wide: false }];
        if plan.wide.contains(&id) {
            memories.insert(0, Memory { wide: true });
        }
        let mut instance = instance(parent.map(InstanceId), memories);
        instance.realloc = Some(empty());
        program.instances.push(instance);
    }
    for (resource, owner) in plan.resources.iter().enumerate() {
        if let Some(owner) = owner {
            let slots = &mut program.instances[*owner as usize].slots;
            program.resources[resource].owner = own(InstanceId(*owner), resource == 0, slots);
        }
    }
    for id in 0..plan.parents.len() {
        functions(&mut program, InstanceId(id as u32), &plan, profile);
    }
    host(&mut program, &plan, profile);
    for id in 0..plan.parents.len() {
        let id = InstanceId(id as u32);
        canons(&mut program, id, &plan, profile);
        imports(&mut program, id, &plan);
        for (_, what) in plan.starts.iter().filter(|(other, _)| *other == id.0) {
            start(&mut program, id, *what);
        }
        let slots = &mut program.instances[id.index()].slots;
        slots.extend((0..FREE_SLOTS).map(|_| Slot { name: FREE.into() }));
    }
    program
}

fn options(id: InstanceId, plan: &Plan) -> Options {
    Options {
        memory: Some(MemoryId(0)),
        encoding: plan.encodings[id.index() % 2],
    }
}

/// The same, with a memory of 32-bit addresses.
fn narrow_options(id: InstanceId, plan: &Plan) -> Options {
    let narrow = u32::from(plan.wide.contains(&id.0));
    Options {
        memory: Some(MemoryId(narrow)),
        ..options(id, plan)
    }
}

fn functions(program: &mut Program, id: InstanceId, plan: &Plan, profile: &Profile) {
    let nullary = FunctionType {
        is_async: true,
        params: Vec::new(),
        result: None,
    };
    let sync = FunctionType {
        is_async: false,
        ..nullary.clone()
    };
    for form in [2, 2, 2, 1, 1, 0] {
        function(program, id, plan, profile, nullary.clone(), form);
    }
    for form in [0, 0, 3] {
        function(program, id, plan, profile, sync.clone(), form);
    }
    for (number, (is_async, params, result)) in plan.functions.iter().enumerate() {
        let ty = FunctionType {
            is_async: *is_async,
            params: params.clone(),
            result: result.clone(),
        };
        let errors = profile.capabilities.has(Need::ErrorContext);
        let seen = ty.types().all(|ty| {
            let allowed = errors || *ty != Type::ErrorContext;
            allowed && program.sees_type(id, ty) == Some(When::Early)
        });
        let form = match is_async {
            true => [2, 1, 0][number % 3],
            false => [0, 3][number % 2],
        };
        if seen {
            function(program, id, plan, profile, ty, form);
        }
    }
    if plan.threads && profile.capabilities.has(Need::Threads) {
        for _ in 0..THREADS {
            let parameter = slot(program, id, "argument");
            let body = empty();
            let threads = &mut program.instances[id.index()].threads;
            threads.push(crate::program::Handler { parameter, body });
        }
    }
}

fn slot(program: &mut Program, id: InstanceId, name: &str) -> SlotId {
    let slots = &mut program.instances[id.index()].slots;
    slots.push(Slot { name: name.into() });
    SlotId(slots.len() as u32 - 1)
}

/// Adds a function: lifted synchronously (0, or 3 with `post-return`), without a callback (1), or with
/// one (2).
fn function(
    program: &mut Program,
    id: InstanceId,
    plan: &Plan,
    profile: &Profile,
    ty: FunctionType,
    form: usize,
) {
    let stackful = profile.capabilities.has(Need::Stackful);
    let form = match form {
        0 => LiftForm::Sync { post_return: None },
        3 => LiftForm::Sync {
            post_return: Some(empty()),
        },
        1 if stackful => LiftForm::Stackful,
        _ => LiftForm::Callback {
            event: ["event", "which", "what"].map(|name| slot(program, id, name)),
        },
    };
    let mut function = Function {
        ty: ty.into(),
        lift: Lift {
            form,
            options: options(id, plan),
        },
        parameters: Vec::new(),
        body: Body {
            blocks: vec![Block {
                steps: Vec::new(),
                end: End::Unreachable,
            }],
        },
    };
    let count = program.lift_signature(id, &function).params.len();
    function.parameters = (0..count).map(|_| slot(program, id, "p")).collect();
    program.instances[id.index()]
        .functions
        .push(function.into());
}

/// The functions of the host's.
fn host(program: &mut Program, plan: &Plan, profile: &Profile) {
    let mut add = |verb: &str, is_async: bool, params: Vec<Type>, result: Option<Type>| {
        let there = host_need(verb).is_none_or(|need| profile.capabilities.has(need));
        if there {
            program.host.push(HostFunction {
                verb: verb.into(),
                ty: FunctionType {
                    is_async,
                    params,
                    result,
                },
            });
        }
    };
    let token = || vec![Type::U32];
    add("echo", false, vec![Type::String], Some(Type::String));
    for (is_async, ty) in &plan.echoes {
        add("echo", *is_async, vec![ty.clone()], Some(ty.clone()));
    }
    if plan.open_calls {
        for verb in ["pending", "stubborn"] {
            add(verb, true, token(), None);
            add(verb, true, token(), Some(Type::U32));
        }
        add("unstarted", true, token(), None);
        add("start", false, Vec::new(), None);
        add("acknowledge", false, token(), None);
        add("resolve", false, token(), None);
        add("resolve", false, vec![Type::U32, Type::U32], None);
    }
    if plan.host_ends {
        for element in &plan.streams {
            let stream = channel_type(Channel::Stream, element);
            add("stream-new", false, token(), Some(stream.clone()));
            add("stream-give", false, token(), Some(stream.clone()));
            add("stream-take", false, vec![Type::U32, stream], None);
            let values = match element {
                Some(element) => Type::List(Box::new(element.clone())),
                None => Type::U32,
            };
            add("stream-write", false, vec![Type::U32, values], None);
        }
        for element in &plan.futures {
            let future = channel_type(Channel::Future, element);
            add("future-new", false, token(), Some(future.clone()));
            add("future-give", false, token(), Some(future.clone()));
            add("future-take", false, vec![Type::U32, future], None);
            let params = [Some(Type::U32), element.clone()];
            add(
                "future-write",
                false,
                params.into_iter().flatten().collect(),
                None,
            );
        }
        add("stream-read", false, vec![Type::U32, Type::U32], None);
        add("future-read", false, token(), None);
        for name in ["stream", "future"] {
            for verb in ["drop", "cancel", "hold", "release"] {
                add(&format!("{name}-{verb}"), false, token(), None);
            }
        }
    }
    for (resource, owner) in plan.resources.iter().enumerate() {
        if owner.is_none() {
            let name = resource_name(ResourceId(resource as u32));
            let own = || Type::Own(name.clone());
            add("resource-new", false, token(), Some(own()));
            add("resource-take", false, vec![own()], Some(Type::U32));
            let borrow = vec![Type::Borrow(name.clone())];
            add("resource-rep", false, borrow, Some(Type::U32));
        }
    }
}

/// The built-ins: all that go with the plan.
fn canons(program: &mut Program, id: InstanceId, plan: &Plan, profile: &Profile) {
    use Cancellable::{No, Yes};
    let (options, narrow) = (options(id, plan), narrow_options(id, plan));
    let other = match options.encoding {
        Encoding::Utf8 => Encoding::Utf16,
        _ => Encoding::Utf8,
    };
    let memory = narrow.memory.unwrap_or(MemoryId(0));
    let mut canons = vec![
        Canon::BackpressureInc,
        Canon::BackpressureDec,
        Canon::TaskCancel,
        Canon::WaitableSetNew,
        Canon::WaitableSetDrop,
        Canon::WaitableJoin,
        Canon::SubtaskCancel(Form::Sync),
        Canon::SubtaskCancel(Form::Async),
        Canon::SubtaskDrop,
        Canon::TaskReturn {
            result: None,
            options: Options {
                encoding: other,
                ..options
            },
        },
    ];
    for cancel in [No, Yes] {
        canons.push(Canon::WaitableSetWait(cancel, memory));
        canons.push(Canon::WaitableSetPoll(cancel, memory));
        canons.push(Canon::ThreadYield(cancel));
    }
    for slot in 0..2 {
        canons.push(Canon::ContextGet(ContextType::I32, slot));
        canons.push(Canon::ContextSet(ContextType::I32, slot));
    }
    let results = program.instances[id.index()].functions.iter();
    let results = results.map(|function| function.ty.result.clone());
    for result in results.chain([None, Some(Type::U8)]) {
        let canon = Canon::TaskReturn { result, options };
        if !canons.contains(&canon) {
            canons.push(canon);
        }
    }
    for element in &plan.streams {
        stream_canons(element, narrow, &mut canons);
    }
    for element in &plan.futures {
        future_canons(element, narrow, &mut canons);
    }
    for (resource, owner) in plan.resources.iter().enumerate() {
        let resource = ResourceId(resource as u32);
        canons.push(Canon::ResourceDrop(resource));
        if *owner == Some(id.0) {
            canons.push(Canon::ResourceNew(resource));
            canons.push(Canon::ResourceRep(resource));
        }
    }
    if plan.threads {
        thread_canons(&mut canons);
    }
    if plan.errors {
        canons.push(Canon::ErrorContextNew(narrow));
        canons.push(Canon::ErrorContextDebugMessage(narrow));
        canons.push(Canon::ErrorContextDrop);
    }
    canons.retain(|canon| {
        allowed(profile, canon) && program.canon_when(id, canon) == Some(When::Early)
    });
    program.instances[id.index()].canons = canons.into();
}

fn stream_canons(element: &Option<Type>, options: Options, canons: &mut Vec<Canon>) {
    let t = || element.clone();
    canons.push(Canon::StreamNew(t()));
    for form in [Form::Sync, Form::Async] {
        let copy = CopyOptions { form, options };
        canons.push(Canon::StreamRead(t(), copy));
        canons.push(Canon::StreamWrite(t(), copy));
        canons.push(Canon::StreamCancelRead(t(), form));
        canons.push(Canon::StreamCancelWrite(t(), form));
    }
    canons.push(Canon::StreamDropReadable(t()));
    canons.push(Canon::StreamDropWritable(t()));
}

fn future_canons(element: &Option<Type>, options: Options, canons: &mut Vec<Canon>) {
    let t = || element.clone();
    canons.push(Canon::FutureNew(t()));
    for form in [Form::Sync, Form::Async] {
        let copy = CopyOptions { form, options };
        canons.push(Canon::FutureRead(t(), copy));
        canons.push(Canon::FutureWrite(t(), copy));
        canons.push(Canon::FutureCancelRead(t(), form));
        canons.push(Canon::FutureCancelWrite(t(), form));
    }
    canons.push(Canon::FutureDropReadable(t()));
    canons.push(Canon::FutureDropWritable(t()));
}

fn thread_canons(canons: &mut Vec<Canon>) {
    canons.push(Canon::ThreadIndex);
    canons.push(Canon::ThreadNewIndirect);
    canons.push(Canon::ThreadResumeLater);
    for cancel in [Cancellable::No, Cancellable::Yes] {
        canons.push(Canon::ThreadSuspend(cancel));
        canons.push(Canon::ThreadSuspendThenResume(cancel));
        canons.push(Canon::ThreadYieldThenResume(cancel));
        canons.push(Canon::ThreadSuspendThenPromote(cancel));
        canons.push(Canon::ThreadYieldThenPromote(cancel));
    }
}

/// What happens at an instance's start: it shows that it is there, and does with the built-ins that it
/// has what it should.
fn start(program: &mut Program, id: InstanceId, what: AtStart) {
    let mark = |value| Step::Mark { place: 0, value };
    let wanted = |canon: &Canon| match what {
        AtStart::Set => *canon == Canon::WaitableSetNew,
        AtStart::Resource => matches!(canon, Canon::ResourceNew(_)),
        AtStart::Stream => matches!(canon, Canon::StreamNew(_)),
        AtStart::Backpressure => matches!(canon, Canon::BackpressureInc | Canon::BackpressureDec),
    };
    let canons = program.instances[id.index()].canons.clone();
    let mut steps = vec![mark(Operand::Const(0))];
    for (number, canon) in (0..).zip(&canons).filter(|(_, canon)| wanted(canon)) {
        let signature = program.canon_signature(id, canon);
        let result = signature.result.map(|_| slot(program, id, "start"));
        steps.push(Step::Canon {
            canon: CanonId(number),
            args: vec![Operand::Const(7); signature.params.len()],
            result,
        });
        steps.extend(result.map(|slot| mark(Operand::Slot(slot))));
    }
    program.instances[id.index()].start = Some(Block { steps, ..empty() });
}

/// The imports: each function that the instance sees, in both forms.
fn imports(program: &mut Program, id: InstanceId, plan: &Plan) {
    let mut callees: Vec<Callee> = Vec::new();
    callees.extend((0..program.host.len() as u32).map(|host| Callee::Host(HostId(host))));
    for other in (0..program.instances.len() as u32).map(InstanceId) {
        let functions = 0..program.instances[other.index()].functions.len() as u32;
        callees.extend(functions.map(|function| Callee::Function {
            instance: other,
            function: FunctionId(function),
        }));
    }
    let mut imports = Vec::new();
    for callee in callees {
        let is_async = program.function_type(callee).is_async;
        let forms: &[Form] = match is_async {
            true => &[Form::Sync, Form::Async],
            false => &[Form::Sync],
        };
        for form in forms {
            let import = Import {
                callee,
                form: *form,
                options: match form {
                    Form::Sync => options(id, plan),
                    Form::Async => narrow_options(id, plan),
                },
            };
            let ty = program.function_type(callee);
            let seen = program.import_when(id, &import).is_some();
            if seen && program.sees_types(id, ty) == Some(When::Early) {
                imports.push(import);
            }
        }
    }
    program.instances[id.index()].imports = imports.into();
}
