//! What samples are built with.

use crate::program::{
    Action, ActionId, Arithmetic, Block, Body, Callee, CanonId, CopyOptions, Encoding, End, Form,
    Function, FunctionId, FunctionType, HostFunction, HostId, Import, ImportId, Instance,
    InstanceId, Lift, LiftForm, Memory, MemoryId, Operand, Options, Program, Shared, Slot, SlotId,
    Step, Type, VERSION, Width,
};

/// Options with the first memory.
pub(crate) const MEMORY: Options = Options {
    memory: Some(MemoryId(0)),
    encoding: Encoding::Utf8,
};

pub(crate) fn k(value: i64) -> Operand {
    Operand::Const(value)
}

pub(crate) fn s(slot: u32) -> Operand {
    Operand::Slot(SlotId(slot))
}

pub(crate) fn canon(canon: u32, args: &[Operand], result: Option<u32>) -> Step {
    Step::Canon {
        canon: CanonId(canon),
        args: args.to_vec(),
        result: result.map(SlotId),
    }
}

pub(crate) fn call(import: u32, args: &[Operand], result: Option<u32>) -> Step {
    Step::Call {
        import: ImportId(import),
        args: args.to_vec(),
        result: result.map(SlotId),
    }
}

pub(crate) fn mark(place: u32, value: Operand) -> Step {
    Step::Mark { place, value }
}

pub(crate) fn set(slot: u32, op: Arithmetic, a: Operand, b: Operand) -> Step {
    let slot = SlotId(slot);
    Step::Set { slot, op, a, b }
}

pub(crate) fn load(slot: u32, width: Width, address: i64) -> Step {
    Step::Load {
        slot: SlotId(slot),
        memory: MemoryId(0),
        width,
        address: k(address),
    }
}

pub(crate) fn store(width: Width, address: i64, value: Operand) -> Step {
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

pub(crate) fn ty(is_async: bool, params: &[Type], result: Option<Type>) -> FunctionType {
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
) -> Shared<Function> {
    Shared::from(Function {
        ty: ty.into(),
        lift: Lift {
            form,
            options: MEMORY,
        },
        parameters: parameters.iter().copied().map(SlotId).collect(),
        body: Body { blocks },
    })
}

pub(crate) const SYNC: LiftForm = LiftForm::Sync { post_return: None };

pub(crate) fn callback(first_slot: u32) -> LiftForm {
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
        canons: Shared::default(),
        imports: Shared::default(),
        functions: Vec::new(),
        threads: Vec::new(),
        start: None,
        realloc: None,
    }
}

pub(crate) fn import(instance: u32, function: u32, form: Form) -> Import {
    Import {
        callee: Callee::Function {
            instance: InstanceId(instance),
            function: FunctionId(function),
        },
        form,
        options: MEMORY,
    }
}

pub(crate) fn from_host(host: u32, form: Form) -> Import {
    Import {
        callee: Callee::Host(HostId(host)),
        form,
        options: MEMORY,
    }
}

pub(crate) fn copy(form: Form) -> CopyOptions {
    CopyOptions {
        form,
        options: MEMORY,
    }
}

pub(crate) fn host(verb: &str, ty: FunctionType) -> HostFunction {
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
        host: Shared::default(),
        actions: actions.collect(),
        instances,
    }
}
