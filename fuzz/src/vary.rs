//! Programs near to another one: a step more or less, elsewhere, or with another argument; another
//! option; another order of what the host does.
//!
//! Coverage guides a search only through inputs that are near to each other. Bytes from which a program
//! is generated are not: change one, and all after it mean something else.

use arbitrary::Unstructured;

use crate::program::{
    Action, ActionId, Block, Cancellable, Canon, CanonId, CoreType, Encoding, End, Form, Function,
    Handler, ImportId, Instance, InstanceId, LiftForm, Operand, Owner, Program, Signature, SlotId,
    Step,
};

/// How often a change is tried before it is given up.
const TRIES: usize = 8;
/// The most steps that a program grows to.
const STEPS: usize = 400;
/// Numbers at which something begins or ends.
const EDGES: [i64; 12] = [
    0,
    1,
    2,
    4,
    8,
    -1,
    0xffff,
    0x1_0000,
    0x0fff_ffff,
    0x1000_0000,
    0x7fff_ffff,
    0x8000_0000,
];

/// A program near to this one; the same where no change was found that makes a program.
///
/// # Errors
/// Where `u` ends too soon.
pub fn vary(program: &Program, u: &mut Unstructured<'_>) -> arbitrary::Result<Program> {
    for _ in 0..TRIES {
        let mut varied = program.clone();
        for _ in 0..u.int_in_range(1..=3)? {
            change(&mut varied, u)?;
        }
        if varied != *program && varied.check().is_ok() {
            return Ok(varied);
        }
    }
    Ok(program.clone())
}

/// Takes from another program what its host does, or what an instance's functions do, where both have
/// the same shape there.
///
/// # Errors
/// Where `u` ends too soon.
pub fn cross(
    program: &Program,
    other: &Program,
    u: &mut Unstructured<'_>,
) -> arbitrary::Result<Program> {
    let mut crossed = program.clone();
    let instance = u.choose_index(program.instances.len().max(1))?;
    match (
        crossed.instances.get_mut(instance),
        other.instances.get(instance),
    ) {
        (Some(ours), Some(theirs)) if u.ratio(3, 4)? => ours.clone_from(theirs),
        _ => crossed.actions.clone_from(&other.actions),
    }
    let is_program = crossed.check().is_ok();
    Ok(if is_program { crossed } else { program.clone() })
}

fn change(program: &mut Program, u: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    match u.int_in_range(0..=9)? {
        0 => actions(program, u),
        1 => option(program, u),
        2 => end(program, u),
        3 | 4 => insert(program, u),
        5..=7 => operand(program, u),
        _ => order(program, u),
    }
}

/// A list of steps: these, or some that stand inside of one of them.
fn inside<'p>(
    steps: &'p mut Vec<Step>,
    u: &mut Unstructured<'_>,
) -> arbitrary::Result<&'p mut Vec<Step>> {
    let holds = |step: &Step| matches!(step, Step::If { .. } | Step::Repeat { .. });
    let holders = steps.iter().enumerate().filter(|(_, step)| holds(step));
    let holders: Vec<_> = holders.map(|(at, _)| at).collect();
    if holders.is_empty() || u.arbitrary()? {
        return Ok(steps);
    }
    let at = *u.choose(&holders)?;
    match &mut steps[at] {
        Step::If {
            then, otherwise, ..
        } => {
            let branch = if u.arbitrary()? { then } else { otherwise };
            inside(branch, u)
        }
        Step::Repeat { steps, .. } => inside(steps, u),
        _ => unreachable!("it holds steps"),
    }
}

/// The blocks of an instance.
fn blocks(program: &mut Program, instance: usize) -> Vec<&mut Block> {
    let mut blocks = Vec::new();
    for resource in &mut program.resources {
        if let Owner::Instance {
            instance: owner,
            destructor: Some(Handler { body, .. }),
        } = &mut resource.owner
            && owner.index() == instance
        {
            blocks.push(body);
        }
    }
    let instance = &mut program.instances[instance];
    for function in &mut instance.functions {
        let Function { lift, body, .. } = &mut **function;
        if let LiftForm::Sync {
            post_return: Some(block),
        } = &mut lift.form
        {
            blocks.push(block);
        }
        blocks.extend(&mut body.blocks);
    }
    blocks.extend(instance.threads.iter_mut().map(|thread| &mut thread.body));
    blocks.extend(&mut instance.start);
    blocks.extend(&mut instance.realloc);
    blocks
}

/// An instance, and one of its lists of steps.
fn list<'p>(
    program: &'p mut Program,
    u: &mut Unstructured<'_>,
) -> arbitrary::Result<Option<(usize, &'p mut Vec<Step>)>> {
    if program.instances.is_empty() {
        return Ok(None);
    }
    let instance = u.choose_index(program.instances.len())?;
    Ok(list_of(program, instance, u)?.map(|steps| (instance, steps)))
}

/// One of the lists of steps of an instance.
fn list_of<'p>(
    program: &'p mut Program,
    instance: usize,
    u: &mut Unstructured<'_>,
) -> arbitrary::Result<Option<&'p mut Vec<Step>>> {
    let mut blocks = blocks(program, instance);
    if blocks.is_empty() {
        return Ok(None);
    }
    let which = u.choose_index(blocks.len())?;
    Ok(Some(inside(&mut blocks.swap_remove(which).steps, u)?))
}

/// Takes a step out, doubles it, moves it, or puts it into a loop or a branch.
fn order(program: &mut Program, u: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let Some((_, steps)) = list(program, u)? else {
        return Ok(());
    };
    if steps.is_empty() {
        return Ok(());
    }
    let at = u.choose_index(steps.len())?;
    match u.int_in_range(0..=5)? {
        0 | 1 => drop(steps.remove(at)),
        2 => steps.insert(at, steps[at].clone()),
        3 => {
            let step = steps.remove(at);
            let to = u.int_in_range(0..=steps.len())?;
            steps.insert(to, step);
        }
        4 => {
            let inside = vec![steps[at].clone()];
            let times = u.int_in_range(0..=4)?;
            steps[at] = Step::Repeat {
                times,
                steps: inside,
            };
        }
        _ => match &mut steps[at] {
            Step::Repeat { times, .. } => *times = u.int_in_range(0..=20)?,
            Step::If {
                then, otherwise, ..
            } => std::mem::swap(then, otherwise),
            _ => drop(steps.remove(at)),
        },
    }
    Ok(())
}

/// Changes an argument of a step, or where its result goes.
fn operand(program: &mut Program, u: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let slots = slots(program);
    let Some((instance, steps)) = list(program, u)? else {
        return Ok(());
    };
    if steps.is_empty() {
        return Ok(());
    }
    let at = u.choose_index(steps.len())?;
    let slots = slots[instance];
    let mut operands: Vec<&mut Operand> = Vec::new();
    let mut target = None;
    match &mut steps[at] {
        Step::Canon { args, result, .. } | Step::Call { args, result, .. } => {
            operands.extend(args);
            target = result.as_mut();
        }
        Step::Mark { value, .. } => operands.push(value),
        Step::Set { slot, a, b, .. } => {
            operands.extend([a, b]);
            target = Some(slot);
        }
        Step::Load { slot, address, .. } => {
            operands.push(address);
            target = Some(slot);
        }
        Step::Store { address, value, .. } => operands.extend([address, value]),
        Step::If { condition, .. } => operands.extend([&mut condition.a, &mut condition.b]),
        Step::Repeat { .. } | Step::Finish(_) => {}
    }
    let count = operands.len() + usize::from(target.is_some());
    if count == 0 {
        return Ok(());
    }
    match (u.choose_index(count)?, target) {
        (which, Some(target)) if which == operands.len() => *target = slot(slots, u)?,
        (which, _) => {
            let operand = &mut *operands[which];
            *operand = other_operand(*operand, slots, u)?;
        }
    }
    Ok(())
}

/// How many slots each instance has.
fn slots(program: &Program) -> Vec<usize> {
    let instances = program.instances.iter();
    instances.map(|instance| instance.slots.len()).collect()
}

fn slot(slots: usize, u: &mut Unstructured<'_>) -> arbitrary::Result<SlotId> {
    Ok(SlotId(u.choose_index(slots.max(1))? as u32))
}

fn other_operand(
    operand: Operand,
    slots: usize,
    u: &mut Unstructured<'_>,
) -> arbitrary::Result<Operand> {
    Ok(match (operand, u.int_in_range(0..=3)?) {
        (_, 0) => Operand::Slot(slot(slots, u)?),
        (Operand::Const(number), 1) => Operand::Const(number.wrapping_add(1)),
        (Operand::Const(number), 2) => Operand::Const(number.wrapping_sub(1)),
        _ => Operand::Const(*u.choose(&EDGES)?),
    })
}

/// Calls a built-in or an import once more, and shows what it gives.
fn insert(program: &mut Program, u: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let slots = slots(program);
    if program.instances.is_empty() || steps(program) > STEPS {
        return Ok(());
    }
    let id = InstanceId(u.choose_index(program.instances.len())? as u32);
    let instance = &program.instances[id.index()];
    let count = instance.canons.len() + instance.imports.len();
    if count == 0 || instance.slots.is_empty() {
        return Ok(());
    }
    let which = u.choose_index(count)?;
    let signature = match which.checked_sub(instance.canons.len()) {
        None => program.canon_signature(id, &instance.canons[which]),
        Some(import) => program.import_signature(id, &instance.imports[import]),
    };
    let Signature { params, result } = signature;
    let slots = slots[id.index()];
    let args = params.iter().map(|param| argument(*param, slots, u));
    let args = args.collect::<arbitrary::Result<Vec<_>>>()?;
    let result = match result {
        Some(_) => Some(slot(slots, u)?),
        None => None,
    };
    let canons = instance.canons.len();
    let step = match which.checked_sub(canons) {
        None => Step::Canon {
            canon: CanonId(which as u32),
            args,
            result,
        },
        Some(import) => Step::Call {
            import: ImportId(import as u32),
            args,
            result,
        },
    };
    let mut new = vec![step];
    if let Some(slot) = result {
        new.push(Step::Mark {
            // No other step has a number of this size.
            place: u.int_in_range(1_000_000..=u32::MAX)?,
            value: Operand::Slot(slot),
        });
    }
    if let Some(steps) = list_of(program, id.index(), u)? {
        let at = u.int_in_range(0..=steps.len())?;
        steps.splice(at..at, new);
    }
    Ok(())
}

fn argument(ty: CoreType, slots: usize, u: &mut Unstructured<'_>) -> arbitrary::Result<Operand> {
    Ok(match (ty, u.int_in_range(0..=3)?) {
        (CoreType::I32 | CoreType::I64, 0 | 1) => Operand::Slot(slot(slots, u)?),
        (_, 2) => Operand::Const(*u.choose(&EDGES)?),
        _ => Operand::Const(u.int_in_range(0..=16)?),
    })
}

/// How many steps the program has, without those inside of others.
fn steps(program: &mut Program) -> usize {
    let instances = 0..program.instances.len();
    let steps = |instance| {
        let blocks = blocks(program, instance);
        blocks.iter().map(|block| block.steps.len()).sum::<usize>()
    };
    instances.map(steps).sum()
}

/// Changes how a block ends.
fn end(program: &mut Program, u: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let slots = slots(program);
    if program.instances.is_empty() {
        return Ok(());
    }
    let instance = u.choose_index(program.instances.len())?;
    let mut blocks = blocks(program, instance);
    if blocks.is_empty() {
        return Ok(());
    }
    let which = u.choose_index(blocks.len())?;
    let slots = slots[instance];
    let end = &mut blocks[which].end;
    *end = match end {
        End::Nothing | End::Unreachable => End::Unreachable,
        End::Return(operand) => End::Return(other_operand(*operand, slots, u)?),
        _ => match u.int_in_range(0..=3)? {
            0 => End::Exit,
            1 => End::Yield,
            2 => End::Wait(Operand::Slot(slot(slots, u)?)),
            _ => End::Code(Operand::Const(*u.choose(&EDGES)?)),
        },
    };
    Ok(())
}

/// Changes an option of a built-in, where that leaves its core type as it is.
fn option(program: &mut Program, u: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    use Canon as C;
    if program.instances.is_empty() {
        return Ok(());
    }
    let instance = u.choose_index(program.instances.len())?;
    let instance: &mut Instance = &mut program.instances[instance];
    if instance.canons.is_empty() {
        return Ok(());
    }
    let canon = u.choose_index(instance.canons.len())?;
    match &mut instance.canons[canon] {
        C::WaitableSetWait(cancellable, _)
        | C::WaitableSetPoll(cancellable, _)
        | C::ThreadSuspend(cancellable)
        | C::ThreadYield(cancellable)
        | C::ThreadSuspendThenResume(cancellable)
        | C::ThreadYieldThenResume(cancellable)
        | C::ThreadSuspendThenPromote(cancellable)
        | C::ThreadYieldThenPromote(cancellable) => {
            *cancellable = match cancellable {
                Cancellable::No => Cancellable::Yes,
                Cancellable::Yes => Cancellable::No,
            };
        }
        C::SubtaskCancel(form)
        | C::StreamCancelRead(_, form)
        | C::StreamCancelWrite(_, form)
        | C::FutureCancelRead(_, form)
        | C::FutureCancelWrite(_, form) => other_form(form),
        C::StreamRead(_, options)
        | C::StreamWrite(_, options)
        | C::FutureRead(_, options)
        | C::FutureWrite(_, options) => match u.arbitrary()? {
            true => other_form(&mut options.form),
            false => other_encoding(&mut options.options.encoding, u)?,
        },
        C::TaskReturn { options, .. }
        | C::ErrorContextNew(options)
        | C::ErrorContextDebugMessage(options) => other_encoding(&mut options.encoding, u)?,
        _ => {}
    }
    Ok(())
}

fn other_form(form: &mut Form) {
    *form = match form {
        Form::Sync => Form::Async,
        Form::Async => Form::Sync,
    };
}

fn other_encoding(encoding: &mut Encoding, u: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    *encoding = *u.choose(&[Encoding::Utf8, Encoding::Utf16, Encoding::Latin1Utf16])?;
    Ok(())
}

/// Takes an action out, doubles it, swaps it with another, or asks for a call to be cancelled.
///
/// Actions are named by their positions, so that those that an earlier one moved mean another call then;
/// [`Program::check`] tells where there is none.
fn actions(program: &mut Program, u: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let actions = &mut program.actions;
    if actions.is_empty() {
        return Ok(());
    }
    let at = u.choose_index(actions.len())?;
    match u.int_in_range(0..=3)? {
        0 => drop(actions.remove(at)),
        1 => actions.insert(at, actions[at].clone()),
        2 => actions.push(Action::Cancel(ActionId(at as u32))),
        _ => {
            let other = u.choose_index(actions.len())?;
            actions.swap(at, other);
        }
    }
    Ok(())
}
