//! What names what in a program, so that what nothing names can go.

use std::collections::BTreeSet;

use super::steps::operands;
use crate::program::{
    Action, Block, Callee, Canon, CanonId, CopyOptions, End, FunctionId, Handler, HostId, ImportId,
    Instance, InstanceId, LiftForm, Operand, Options, Owner, Program, SlotId, Step,
};

/// Something that can be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Instance(InstanceId),
    Function(InstanceId, FunctionId),
    Canon(InstanceId, CanonId),
    Import(InstanceId, ImportId),
    Slot(InstanceId, SlotId),
    Host(HostId),
}

/// Removes the first of what nothing names, up to so many. Gives how many there were.
pub fn remove_unnamed(program: &mut Program, most: usize) -> usize {
    let unnamed = unnamed(program);
    let removed = unnamed.len().min(most);
    // From the last: those before keep their names.
    for name in unnamed.into_iter().take(removed).rev() {
        remove(program, name);
    }
    removed
}

/// Removes one thing that nothing names, after the first `skipped` of them.
pub fn skip_unnamed(program: &mut Program, skipped: usize) {
    if let Some(name) = unnamed(program).into_iter().nth(skipped) {
        remove(program, name);
    }
}

/// What nothing names, in order. Nothing is named anew: the program stays as it is.
fn unnamed(program: &mut Program) -> Vec<Name> {
    let mut named = BTreeSet::new();
    each_name(program, &mut |name| {
        named.insert(name);
        None
    });
    let mut all = Vec::new();
    for (number, instance) in program.instances.iter().enumerate() {
        let id = InstanceId(number as u32);
        all.push(Name::Instance(id));
        let many = |length: usize| 0..length as u32;
        all.extend(many(instance.functions.len()).map(|n| Name::Function(id, FunctionId(n))));
        all.extend(many(instance.canons.len()).map(|n| Name::Canon(id, CanonId(n))));
        all.extend(many(instance.imports.len()).map(|n| Name::Import(id, ImportId(n))));
        all.extend(many(instance.slots.len()).map(|n| Name::Slot(id, SlotId(n))));
    }
    all.extend((0..program.host.len() as u32).map(|n| Name::Host(HostId(n))));
    let mut unnamed: Vec<Name> = all
        .into_iter()
        .filter(|name| !named.contains(name))
        .collect();
    // An instance goes with all that is in it.
    let gone: BTreeSet<InstanceId> = unnamed
        .iter()
        .filter_map(|name| match name {
            Name::Instance(id) => Some(*id),
            _ => None,
        })
        .collect();
    unnamed.retain(|name| match name {
        Name::Function(id, _) | Name::Canon(id, _) | Name::Import(id, _) | Name::Slot(id, _) => {
            !gone.contains(id)
        }
        Name::Instance(_) | Name::Host(_) => true,
    });
    unnamed
}

/// Removes something that nothing names, and names what comes after it anew.
fn remove(program: &mut Program, gone: Name) {
    let instance = |id: &InstanceId| id.index();
    match &gone {
        Name::Instance(id) => drop(program.instances.remove(id.index())),
        Name::Function(id, function) => {
            let functions = &mut program.instances[instance(id)].functions;
            functions.remove(function.index());
        }
        Name::Canon(id, canon) => {
            program.instances[instance(id)].canons.remove(canon.index());
        }
        Name::Import(id, import) => {
            let imports = &mut program.instances[instance(id)].imports;
            imports.remove(import.index());
        }
        Name::Slot(id, slot) => {
            program.instances[instance(id)].slots.remove(slot.index());
        }
        Name::Host(id) => drop(program.host.remove(id.index())),
    }
    each_name(program, &mut |name| match (gone, name) {
        (Name::Instance(gone), Name::Instance(id)) => lower(id.0, gone.0),
        (Name::Function(within, gone), Name::Function(other, id)) if within == other => {
            lower(id.0, gone.0)
        }
        (Name::Canon(within, gone), Name::Canon(other, id)) if within == other => {
            lower(id.0, gone.0)
        }
        (Name::Import(within, gone), Name::Import(other, id)) if within == other => {
            lower(id.0, gone.0)
        }
        (Name::Slot(within, gone), Name::Slot(other, id)) if within == other => lower(id.0, gone.0),
        (Name::Host(gone), Name::Host(id)) => lower(id.0, gone.0),
        _ => None,
    });
}

/// Puts the functions, built-ins, imports and slots of each instance into the opposite order, and names
/// them anew. Done twice, all is as before.
pub fn reverse(program: &mut Program) {
    let lengths = program.instances.iter().map(|instance| {
        let (functions, canons) = (instance.functions.len(), instance.canons.len());
        [
            functions,
            canons,
            instance.imports.len(),
            instance.slots.len(),
        ]
    });
    let lengths: Vec<[usize; 4]> = lengths.collect();
    each_name(program, &mut |name| {
        let (instance, which, id) = match name {
            Name::Function(instance, FunctionId(id)) => (instance, 0, id),
            Name::Canon(instance, CanonId(id)) => (instance, 1, id),
            Name::Import(instance, ImportId(id)) => (instance, 2, id),
            Name::Slot(instance, SlotId(id)) => (instance, 3, id),
            Name::Instance(_) | Name::Host(_) => return None,
        };
        let length = lengths.get(instance.index())?[which] as u32;
        length.checked_sub(id + 1)
    });
    for instance in &mut program.instances {
        instance.functions.reverse();
        instance.canons.reverse();
        instance.imports.reverse();
        instance.slots.reverse();
    }
}

fn lower(id: u32, gone: u32) -> Option<u32> {
    (id > gone).then(|| id - 1)
}

/// Calls `visit` with every name that is used; what it gives is the new number.
fn each_name(program: &mut Program, visit: &mut dyn FnMut(Name) -> Option<u32>) {
    for (number, instance) in program.instances.iter_mut().enumerate() {
        let id = InstanceId(number as u32);
        if let Some(parent) = &mut instance.parent {
            name_instance(parent, visit);
        }
        for import in &mut instance.imports {
            match &mut import.callee {
                Callee::Host(host) => {
                    let new = visit(Name::Host(*host));
                    renamed(&mut host.0, new);
                }
                Callee::Function { instance, function } => {
                    name_function(instance, function, visit);
                }
            }
        }
        in_instance(id, instance, visit);
    }
    for resource in &mut program.resources {
        if let Owner::Instance {
            instance,
            destructor,
        } = &mut resource.owner
        {
            let id = *instance;
            destructor
                .iter_mut()
                .for_each(|handler| in_handler(id, handler, visit));
            name_instance(instance, visit);
        }
    }
    for action in &mut program.actions {
        if let Action::Start {
            instance, function, ..
        } = action
        {
            name_function(instance, function, visit);
        }
    }
}

fn renamed(number: &mut u32, new: Option<u32>) {
    if let Some(new) = new {
        *number = new;
    }
}

fn name_instance(id: &mut InstanceId, visit: &mut dyn FnMut(Name) -> Option<u32>) {
    let new = visit(Name::Instance(*id));
    renamed(&mut id.0, new);
}

fn name_function(
    instance: &mut InstanceId,
    function: &mut FunctionId,
    visit: &mut dyn FnMut(Name) -> Option<u32>,
) {
    let new = visit(Name::Function(*instance, *function));
    renamed(&mut function.0, new);
    name_instance(instance, visit);
}

fn in_instance(
    id: InstanceId,
    instance: &mut Instance,
    visit: &mut dyn FnMut(Name) -> Option<u32>,
) {
    for function in &mut instance.functions {
        let slots = function.parameters.iter_mut();
        slots.for_each(|slot| name_slot(id, slot, visit));
        for block in &mut function.body.blocks {
            in_block(id, block, visit);
        }
        match &mut function.lift.form {
            LiftForm::Sync { post_return } => {
                let blocks = post_return.iter_mut();
                blocks.for_each(|block| in_block(id, block, visit));
            }
            LiftForm::Stackful => {}
            LiftForm::Callback { event } => {
                let slots = event.iter_mut();
                slots.for_each(|slot| name_slot(id, slot, visit));
            }
        }
    }
    for thread in &mut instance.threads {
        in_handler(id, thread, visit);
    }
    for block in instance.start.iter_mut().chain(&mut instance.realloc) {
        in_block(id, block, visit);
    }
}

fn in_handler(id: InstanceId, handler: &mut Handler, visit: &mut dyn FnMut(Name) -> Option<u32>) {
    name_slot(id, &mut handler.parameter, visit);
    in_block(id, &mut handler.body, visit);
}

fn in_block(id: InstanceId, block: &mut Block, visit: &mut dyn FnMut(Name) -> Option<u32>) {
    in_steps(id, &mut block.steps, visit);
    in_end(id, &mut block.end, visit);
}

fn in_steps(id: InstanceId, steps: &mut [Step], visit: &mut dyn FnMut(Name) -> Option<u32>) {
    for step in steps {
        for operand in operands(step) {
            in_operand(id, operand, visit);
        }
        match step {
            Step::Canon { canon, result, .. } => {
                let new = visit(Name::Canon(id, *canon));
                renamed(&mut canon.0, new);
                result
                    .iter_mut()
                    .for_each(|slot| name_slot(id, slot, visit));
            }
            Step::Call { import, result, .. } => {
                let new = visit(Name::Import(id, *import));
                renamed(&mut import.0, new);
                result
                    .iter_mut()
                    .for_each(|slot| name_slot(id, slot, visit));
            }
            Step::Set { slot, .. } | Step::Load { slot, .. } => name_slot(id, slot, visit),
            Step::If {
                then, otherwise, ..
            } => {
                in_steps(id, then, visit);
                in_steps(id, otherwise, visit);
            }
            Step::Repeat { steps, .. } => in_steps(id, steps, visit),
            Step::Finish(end) => in_end(id, end, visit),
            Step::Mark { .. } | Step::Store { .. } => {}
        }
    }
}

fn in_end(id: InstanceId, end: &mut End, visit: &mut dyn FnMut(Name) -> Option<u32>) {
    if let End::Return(operand) | End::Wait(operand) | End::Code(operand) = end {
        in_operand(id, operand, visit);
    }
}

fn in_operand(id: InstanceId, operand: &mut Operand, visit: &mut dyn FnMut(Name) -> Option<u32>) {
    if let Operand::Slot(slot) = operand {
        name_slot(id, slot, visit);
    }
}

fn name_slot(id: InstanceId, slot: &mut SlotId, visit: &mut dyn FnMut(Name) -> Option<u32>) {
    let new = visit(Name::Slot(id, *slot));
    renamed(&mut slot.0, new);
}

/// Calls `visit` with the options of every definition.
pub fn each_option(program: &mut Program, visit: &mut dyn FnMut(&mut Options)) {
    for instance in &mut program.instances {
        for import in &mut instance.imports {
            visit(&mut import.options);
        }
        for function in &mut instance.functions {
            visit(&mut function.lift.options);
        }
        for canon in &mut instance.canons {
            match canon {
                Canon::StreamRead(_, CopyOptions { options, .. })
                | Canon::StreamWrite(_, CopyOptions { options, .. })
                | Canon::FutureRead(_, CopyOptions { options, .. })
                | Canon::FutureWrite(_, CopyOptions { options, .. })
                | Canon::TaskReturn { options, .. }
                | Canon::ErrorContextNew(options)
                | Canon::ErrorContextDebugMessage(options) => visit(options),
                _ => {}
            }
        }
    }
}
