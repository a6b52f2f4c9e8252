//! `$libc`, which is there first: memories, `realloc`, tables, and what leads from destructors and
//! `realloc` to the main module.

use wasm_encoder::{Function, Module, ValType};

use crate::program::{
    CoreType, Instance, MEMORY_SIZE, Memory, MemoryId, REALLOC_BASE, ResourceId, Signature,
};

use super::Form;
use super::core::{CoreModule, taking};
use super::interface::{Hook, Interface};

/// The name of the memory where bodies and slots are, in the chassis.
pub(super) const STATE: &str = "state";
/// The name of the function that says where bodies go.
pub(super) const LOAD_REALLOC: &str = "load-realloc";
/// Where bodies go, in bytes. What is before is written where a result is not wanted.
pub(super) const LOAD_BASE: u32 = 8;
/// The name of the table with the bodies of threads.
pub(super) const THREADS: &str = "threads";
/// The name of the table with what children export.
pub(super) const LATE: &str = "late";
/// The name of the table with [`Hook`]s.
pub(super) const HOOKS: &str = "hooks";

/// The name of a memory.
pub(super) fn memory_name(memory: MemoryId) -> String {
    format!("m{}", memory.0)
}

/// The name of the `realloc` of a memory.
pub(super) fn realloc_name(memory: MemoryId) -> String {
    format!("realloc-m{}", memory.0)
}

/// The name of the function that a resource type has as its destructor.
pub(super) fn destructor_name(resource: ResourceId) -> String {
    format!("dtor-r{}", resource.0)
}

/// How many elements the table of threads has: the threads, a null, and a function of another type.
pub(super) fn thread_count(instance: &Instance) -> u32 {
    stranger(instance) + 1
}

/// Where in the table of threads the function is that is of another type.
pub(super) fn stranger(instance: &Instance) -> u32 {
    instance.threads.len() as u32 + 1
}

/// The memories of an instance, with their positions.
pub(super) fn memories(instance: &Instance) -> impl Iterator<Item = (MemoryId, &Memory)> {
    (0..).map(MemoryId).zip(&instance.memories)
}

/// The module.
pub(super) fn libc(instance: &Instance, interface: &Interface, form: Form) -> Module {
    let mut module = CoreModule::default();
    for (id, memory) in memories(instance) {
        module.memory(&memory_name(id), memory);
    }
    if form == Form::Chassis {
        module.memory(STATE, &Memory { wide: false });
        load_realloc(&mut module);
    }
    if interface.threads {
        module.table(THREADS, thread_count(instance));
    }
    let late = interface.late().count();
    if late > 0 {
        module.table(LATE, late as u32);
    }
    let hooks = &interface.hooks;
    let hooks_table = u32::from(interface.threads) + u32::from(late > 0);
    if !hooks.is_empty() {
        module.table(HOOKS, hooks.len() as u32);
    }
    let hook_of = |hook: Hook| {
        let position = hooks.iter().position(|known| *known == hook);
        position.map(|position| (hooks_table, position as i32))
    };
    for (id, memory) in memories(instance) {
        realloc(&mut module, id, memory, hook_of(Hook::Realloc));
    }
    for hook in hooks {
        if let Hook::Destructor(resource) = hook
            && let Some(hook) = hook_of(*hook)
        {
            destructor(&mut module, *resource, hook);
        }
    }
    module.finish()
}

/// The type of what happens in `realloc`: the address that is to be given, or 0.
pub(super) fn realloc_hook() -> Signature {
    Signature {
        params: Vec::new(),
        result: Some(CoreType::I64),
    }
}

/// `realloc`: memory is given out from `REALLOC_BASE` to the end, and then from there again. The
/// place of the next free byte is a number of 64 bits, so that no sum overflows.
fn realloc(module: &mut CoreModule, id: MemoryId, memory: &Memory, hook: Option<(u32, i32)>) {
    let pointer = match memory.wide {
        true => CoreType::I64,
        false => CoreType::I32,
    };
    let signature = Signature {
        params: vec![pointer; 4],
        result: Some(pointer),
    };
    let name = realloc_name(id);
    let next = module.global(&format!("next-m{}", id.0), REALLOC_BASE.into());
    let hook = hook.map(|hook| (hook, module.ty(&realloc_hook())));
    let index = module.declare(&name, &signature);
    module.export(&name, index);

    let (align, size, address) = (2, 3, 4);
    let mut function = Function::new([(1, ValType::I64)]);
    let mut code = function.instructions();
    if let Some(((table, place), ty)) = hook {
        code.i32_const(place).call_indirect(table, ty);
        code.local_tee(address).i64_const(0).i64_ne();
        code.if_(wasm_encoder::BlockType::Empty).local_get(address);
        if !memory.wide {
            code.i32_wrap_i64();
        }
        code.return_().end();
    }
    let widen = |code: &mut wasm_encoder::InstructionSink<'_>, local| {
        code.local_get(local);
        if !memory.wide {
            code.i64_extend_i32_u();
        }
    };
    // The next address that is a multiple of the alignment.
    code.global_get(next);
    widen(&mut code, align);
    code.i64_add().i64_const(1).i64_sub().i64_const(0);
    widen(&mut code, align);
    code.i64_sub().i64_and().local_tee(address);
    widen(&mut code, size);
    code.i64_add().i64_const(MEMORY_SIZE.into()).i64_gt_u();
    code.if_(wasm_encoder::BlockType::Empty);
    code.i64_const(REALLOC_BASE.into()).local_set(address);
    code.end();
    code.local_get(address);
    widen(&mut code, size);
    code.i64_add().global_set(next);
    code.local_get(address);
    if !memory.wide {
        code.i32_wrap_i64();
    }
    code.end();
    module.define(&function);
}

/// What a resource type has as its destructor.
fn destructor(module: &mut CoreModule, resource: ResourceId, (table, place): (u32, i32)) {
    let signature = taking(&[CoreType::I32]);
    let name = destructor_name(resource);
    let ty = module.ty(&signature);
    let index = module.declare(&name, &signature);
    module.export(&name, index);
    let mut function = Function::new([]);
    let mut code = function.instructions();
    code.local_get(0).i32_const(place).call_indirect(table, ty);
    code.end();
    module.define(&function);
}

/// Bodies always go to the same place.
fn load_realloc(module: &mut CoreModule) {
    let signature = Signature {
        params: vec![CoreType::I32; 4],
        result: Some(CoreType::I32),
    };
    let index = module.declare(LOAD_REALLOC, &signature);
    module.export(LOAD_REALLOC, index);
    let mut function = Function::new([]);
    function.instructions().i32_const(LOAD_BASE as i32).end();
    module.define(&function);
}
