//! Smaller types: functions without parameters and results that nothing needs, and simple types in the
//! place of others, with what core code hands over made to fit.

use assize_reference::abi::types::Types;

use super::steps;
use crate::program::{
    Action, Callee, Canon, End, FunctionId, InstanceId, MemoryId, Operand, Program, Slot, SlotId,
    Step, Type, walk,
};

/// A function and the part of its type that may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The parameter at this position.
    Parameter(usize),
    /// The result.
    Result,
}

/// Takes a part of a function's type away, and what core code hands over for it.
pub fn without(program: &mut Program, instance: InstanceId, function: FunctionId, part: Part) {
    let before = program.clone();
    let Some(home) = program.instances.get_mut(instance.index()) else {
        return;
    };
    let Some(changed) = home.functions.get_mut(function.index()) else {
        return;
    };
    match part {
        Part::Parameter(at) if at < changed.ty.params.len() => {
            changed.ty.params.remove(at);
            for action in &mut program.actions {
                if let Action::Start {
                    instance: callee,
                    function: called,
                    args,
                } = action
                    && (*callee, *called) == (instance, function)
                    && at < args.len()
                {
                    args.remove(at);
                }
            }
        }
        Part::Parameter(_) => return,
        Part::Result => {
            let result = changed.ty.result.take();
            for block in &mut changed.body.blocks {
                if let End::Return(_) = block.end {
                    block.end = End::Nothing;
                }
            }
            for canon in &mut home.canons {
                if let Canon::TaskReturn { result: ty, .. } = canon
                    && *ty == result
                {
                    *ty = None;
                }
            }
        }
    }
    let dropped = |of: Callee| match (part, of) {
        (
            Part::Parameter(at),
            Callee::Function {
                instance: i,
                function: f,
            },
        ) => ((i, f) == (instance, function)).then_some(at),
        _ => None,
    };
    fit(program, &before, &dropped);
}

/// Every type in the program that is made of others, the largest first.
pub fn compound(program: &Program) -> Vec<Type> {
    let mut all = Vec::new();
    for ty in program.types() {
        walk(ty, &mut |part| {
            let simple = matches!(part, Type::U8 | Type::Own(_) | Type::Borrow(_));
            if !simple && !all.contains(part) {
                all.push(part.clone());
            }
        });
    }
    let size = |ty: &Type| {
        let mut size = 0;
        walk(ty, &mut |_| size += 1);
        size
    };
    all.sort_by_key(|ty| std::cmp::Reverse(size(ty)));
    all
}

/// What may stand in the place of a type: the simplest type, and what it is made of.
pub fn simpler(ty: &Type) -> Vec<Type> {
    let mut parts = vec![Type::U8];
    match ty {
        Type::List(t) | Type::FixedList(t, _) | Type::Option(t) => parts.push((**t).clone()),
        Type::Map(key, value) => parts.extend([(**key).clone(), (**value).clone()]),
        Type::Record(fields) => {
            parts.extend(fields.first().map(|(_, t)| t.clone()));
            parts.extend(
                fields
                    .first()
                    .map(|field| Type::Record(vec![field.clone()])),
            );
        }
        Type::Tuple(types) => parts.extend(types.iter().cloned()),
        Type::Variant(cases) => {
            parts.extend(cases.first().map(|case| Type::Variant(vec![case.clone()])));
        }
        Type::Enum(names) => parts.extend(names.first().map(|n| Type::Enum(vec![n.clone()]))),
        Type::Flags(names) => parts.extend(names.first().map(|n| Type::Flags(vec![n.clone()]))),
        Type::Result(ok, error) => {
            parts.extend([ok, error].into_iter().flatten().map(|t| (**t).clone()));
        }
        // Built-ins name the elements' type: that is what gets simpler.
        Type::Stream(_) | Type::Future(_) => parts.clear(),
        _ => {}
    }
    parts.retain(|part| part != ty);
    parts
}

/// Puts one type in the place of another, wherever that stands, and the simplest values of it where the
/// host gives some.
pub fn replace(program: &mut Program, old: &Type, new: &Type) {
    let before = program.clone();
    each_type(program, &mut |ty| put(ty, old, new));
    let mut actions = std::mem::take(&mut program.actions);
    for action in &mut actions {
        let Action::Start {
            instance,
            function,
            args,
        } = action
        else {
            continue;
        };
        let callee = Callee::Function {
            instance: *instance,
            function: *function,
        };
        let was = &before.function_type(callee).params;
        let is = &program.function_type(callee).params;
        for (arg, (was, is)) in args.iter_mut().zip(was.iter().zip(is)) {
            if was != is {
                *arg = simplest(is).unwrap_or_default();
            }
        }
    }
    program.actions = actions;
    fit(program, &before, &|_| None);
}

/// Calls `visit` with each of [`Program::types`], to change it.
fn each_type(program: &mut Program, visit: &mut dyn FnMut(&mut Type)) {
    for host in &mut program.host {
        host.ty.params.iter_mut().for_each(&mut *visit);
        host.ty.result.iter_mut().for_each(&mut *visit);
    }
    for instance in &mut program.instances {
        for function in &mut instance.functions {
            function.ty.params.iter_mut().for_each(&mut *visit);
            function.ty.result.iter_mut().for_each(&mut *visit);
        }
        let types = instance.canons.iter_mut().filter_map(Canon::ty_mut);
        types.for_each(&mut *visit);
    }
}

/// Puts one type in the place of another in a type.
fn put(ty: &mut Type, old: &Type, new: &Type) {
    if ty == old {
        *ty = new.clone();
        return;
    }
    match ty {
        Type::List(t) | Type::FixedList(t, _) | Type::Option(t) => put(t, old, new),
        Type::Map(key, value) => {
            put(key, old, new);
            put(value, old, new);
        }
        Type::Record(fields) => fields.iter_mut().for_each(|(_, t)| put(t, old, new)),
        Type::Tuple(types) => types.iter_mut().for_each(|t| put(t, old, new)),
        Type::Variant(cases) => {
            let payloads = cases.iter_mut().filter_map(|(_, t)| t.as_mut());
            payloads.for_each(|t| put(t, old, new));
        }
        Type::Result(ok, error) => {
            let payloads = [ok, error].into_iter().flatten();
            payloads.for_each(|t| put(t, old, new));
        }
        Type::Stream(Some(t)) | Type::Future(Some(t)) => put(t, old, new),
        _ => {}
    }
}

/// The simplest value of a type, in WAVE; none where there are handles in it.
pub fn simplest(ty: &Type) -> Option<String> {
    Some(match ty {
        Type::Bool => "false".to_owned(),
        Type::Char => "'a'".to_owned(),
        Type::String => "\"\"".to_owned(),
        Type::List(_) | Type::Map(..) => "[]".to_owned(),
        Type::FixedList(element, count) => {
            let element = simplest(element)?;
            let elements: Vec<&str> = (0..*count).map(|_| element.as_str()).collect();
            format!("[{}]", elements.join(", "))
        }
        Type::Record(fields) => {
            let fields = fields.iter();
            let fields = fields.map(|(name, ty)| Some(format!("{name}: {}", simplest(ty)?)));
            format!("{{{}}}", fields.collect::<Option<Vec<_>>>()?.join(", "))
        }
        Type::Tuple(types) => {
            let types: Option<Vec<_>> = types.iter().map(simplest).collect();
            format!("({})", types?.join(", "))
        }
        Type::Variant(cases) => match cases.first()? {
            (name, Some(payload)) => format!("{name}({})", simplest(payload)?),
            (name, None) => name.clone(),
        },
        Type::Enum(names) => names.first()?.clone(),
        Type::Option(_) => "none".to_owned(),
        Type::Result(Some(ok), _) => format!("ok({})", simplest(ok)?),
        Type::Result(None, _) => "ok".to_owned(),
        Type::Flags(_) => "{}".to_owned(),
        Type::ErrorContext | Type::Own(_) | Type::Borrow(_) => return None,
        Type::Stream(_) | Type::Future(_) => return None,
        _ => "0".to_owned(),
    })
}

/// Makes what core code hands over fit the types: of each parameter that is still there, as much as
/// there was and is wanted; and zero for the rest.
fn fit(program: &mut Program, before: &Program, dropped: &dyn Fn(Callee) -> Option<usize>) {
    for number in 0..program.instances.len() {
        let id = InstanceId(number as u32);
        for at in 0..program.instances[number].functions.len() {
            let (was, is) = (
                &before.instances[number].functions[at],
                &program.instances[number].functions[at],
            );
            let callee = Callee::Function {
                instance: id,
                function: FunctionId(at as u32),
            };
            let wanted = program.lift_signature(id, is).params.len();
            let pieces = Pieces {
                program: before,
                home: (id, is.lift.options.memory),
                was: &was.ty.params,
                is: &is.ty.params,
                dropped: dropped(callee),
            };
            let spare = program.instances[number].slots.len() as u32;
            let slots = pieces.fit(was.parameters.clone(), wanted, SlotId(spare));
            let instance = &mut program.instances[number];
            if slots.contains(&SlotId(spare)) {
                instance.slots.push(Slot {
                    name: "unused".to_owned(),
                });
            }
            instance.functions[at].parameters = slots;
        }
        fit_steps(program, before, id, dropped);
    }
}

fn fit_steps(
    program: &mut Program,
    before: &Program,
    id: InstanceId,
    dropped: &dyn Fn(Callee) -> Option<usize>,
) {
    let view = program.clone();
    let (Some(was), Some(is)) = (before.instance(id), view.instance(id)) else {
        return;
    };
    steps::each_list_of(program, id, &mut |list| {
        for step in list {
            match step {
                Step::Canon {
                    canon,
                    args,
                    result,
                } => {
                    let Some(canon) = is.canons.get(canon.index()) else {
                        continue;
                    };
                    let signature = view.canon_signature(id, canon);
                    args.resize(signature.params.len(), Operand::Const(0));
                    *result = result.filter(|_| signature.result.is_some());
                }
                Step::Call {
                    import,
                    args,
                    result,
                } => {
                    let (Some(old), Some(new)) = (
                        was.imports.get(import.index()),
                        is.imports.get(import.index()),
                    ) else {
                        continue;
                    };
                    let signature = view.import_signature(id, new);
                    let pieces = Pieces {
                        program: &view,
                        home: (id, new.options.memory),
                        was: &before.function_type(old.callee).params,
                        is: &view.function_type(new.callee).params,
                        dropped: dropped(new.callee),
                    };
                    *args = pieces.fit(
                        std::mem::take(args),
                        signature.params.len(),
                        Operand::Const(0),
                    );
                    *result = result.filter(|_| signature.result.is_some());
                }
                _ => {}
            }
        }
    });
}

/// What a function's parameters are flattened to, before and after.
struct Pieces<'t> {
    program: &'t Program,
    /// The instance and memory of the core code.
    home: (InstanceId, Option<MemoryId>),
    was: &'t [Type],
    is: &'t [Type],
    /// The parameter that is gone.
    dropped: Option<usize>,
}

impl Pieces<'_> {
    fn flat(&self, ty: &Type) -> Option<usize> {
        let (instance, memory) = self.home;
        let ty = [self.program.val_type(ty)];
        let mut types = Types::new(self.program.pointer(instance, memory));
        Some(types.flatten_types(&ty)?.types().len())
    }

    fn fit<T: Copy>(&self, flat: Vec<T>, wanted: usize, rest: T) -> Vec<T> {
        let mut fitted = self.parameters(&flat, rest).unwrap_or(flat);
        fitted.resize(wanted, rest);
        fitted
    }

    /// Parameter by parameter; nothing where they stand in memory, or are too many.
    fn parameters<T: Copy>(&self, flat: &[T], rest: T) -> Option<Vec<T>> {
        let mut left = flat.iter();
        let mut is = self.is.iter();
        let mut fitted = Vec::new();
        for (number, was) in self.was.iter().enumerate() {
            let count = self.flat(was)?;
            if left.len() < count {
                return None;
            }
            let mut piece: Vec<T> = left.by_ref().take(count).copied().collect();
            if self.dropped == Some(number) {
                continue;
            }
            piece.resize(self.flat(is.next()?)?, rest);
            fitted.extend(piece);
        }
        // A pointer for the result comes last.
        fitted.extend(left.copied());
        Some(fitted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::samples;

    #[test]
    fn a_program_without_a_part_of_a_type_is_still_one() {
        let mut tried = 0;
        for sample in samples::all() {
            let program = sample.program;
            for (instance, home) in program.instances.iter().enumerate() {
                for (number, function) in home.functions.iter().enumerate() {
                    let parameters = (0..function.ty.params.len()).map(Part::Parameter);
                    for part in parameters.chain([Part::Result]) {
                        let mut smaller = program.clone();
                        let number = FunctionId(number as u32);
                        without(&mut smaller, InstanceId(instance as u32), number, part);
                        assert_eq!(smaller.check(), Ok(()), "{}: {part:?}", sample.name);
                        tried += 1;
                    }
                }
            }
        }
        assert!(tried > 50, "{tried}");
    }

    #[test]
    fn the_types_that_are_read_are_those_that_can_be_changed() {
        for sample in samples::all() {
            let mut program = sample.program;
            let mut changed = Vec::new();
            each_type(&mut program, &mut |ty| changed.push(ty.clone()));
            let read: Vec<Type> = program.types().cloned().collect();
            assert_eq!(read, changed, "{}", sample.name);
        }
    }

    #[test]
    fn a_program_with_a_simpler_type_is_still_one_mostly() {
        let (mut valid, mut all) = (0, 0);
        for sample in samples::all() {
            for ty in compound(&sample.program) {
                for new in simpler(&ty) {
                    let mut simple = sample.program.clone();
                    replace(&mut simple, &ty, &new);
                    assert!(!compound(&simple).contains(&ty), "{}: {ty:?}", sample.name);
                    valid += u32::from(simple.check().is_ok());
                    all += 1;
                }
            }
        }
        assert!(valid * 10 > all * 9, "{valid} of {all}");
    }
}
