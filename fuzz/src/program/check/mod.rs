//! Whether a program is one: everything that it names is there, and fits where it stands.
//!
//! What passes becomes a valid component. Whether its core code does anything sensible is not asked.

mod bodies;
mod definitions;
mod place;
mod types;

use assize_protocol::types::Type;
use assize_reference::host::Verb;

use super::links::{resource_of, walk};
use super::{Action, FunctionType, InstanceId, Owner, Program, Signature, VERSION};

use bodies::Bodies;
use definitions::Scope;
use place::Place;
use types::is_label;

pub use types::BadType;

/// How many instances a program may have.
pub const MAX_INSTANCES: usize = 100;
/// How many memories an instance may have.
pub const MAX_MEMORIES: usize = 10;
/// How deep [`Step::If`] and [`Step::Repeat`] may be nested.
pub const MAX_NESTING: u32 = 16;
/// How deep [`Step::Repeat`] may be nested.
pub const MAX_REPEATS: u32 = 4;

/// What is wrong with a program, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {wrong}")]
pub struct Fault {
    /// The way there: `instances.1.functions.0.body`.
    pub place: String,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// Its version is another one.
    #[error("the program is of version {0}, and not {VERSION}")]
    Version(u32),
    /// It names something that is not there, or cannot be seen from there.
    #[error("there is no {what} {number} here")]
    Missing {
        /// What is missing.
        what: &'static str,
        /// Its position.
        number: u32,
    },
    /// There are not as many of something as needed.
    #[error("there are {given} {what} where there should be {wanted}")]
    Count {
        /// What is counted.
        what: &'static str,
        /// How many there are.
        given: usize,
        /// How many there should be.
        wanted: usize,
    },
    /// There are too many of something.
    #[error("there are more than {most} {what}")]
    TooMany {
        /// What is counted.
        what: &'static str,
        /// How many there may be.
        most: usize,
    },
    /// A core function ends as it cannot.
    #[error("the core function cannot end so")]
    End,
    /// A definition needs a memory and has none.
    #[error("a memory is needed")]
    NoMemory,
    /// A definition cannot use the memory that it names, which has addresses of 64 bits.
    #[error("a memory with addresses of 32 bits is needed")]
    Wide,
    /// A function that is not `async` is lifted or lowered as if it were.
    #[error("the function's type is not `async`")]
    NotAsync,
    /// There is no such context slot.
    #[error("there is no context slot {0}")]
    ContextSlot(u32),
    /// Context slots are of two types in one instance.
    #[error("the instance's context slots have different types")]
    ContextType,
    /// The instance does not define the resource type.
    #[error("the resource type is not the instance's own")]
    NotOwn,
    /// A resource type has no such name.
    #[error("no resource type that can be named here is called `{0}`")]
    Resource(String),
    /// A type cannot be written.
    #[error(transparent)]
    Type(#[from] BadType),
    /// No function of the host has this verb and this type.
    #[error("the host has no verb `{0}` for a function of this type")]
    Verb(String),
    /// An argument of the host's is empty, or stands for something that the host cannot write.
    #[error("the argument cannot be written")]
    Argument,
    /// The action that is named here is not an earlier start of a call.
    #[error("action {0} does not start a call before this")]
    Call(u32),
    /// A call is awaited a second time.
    #[error("the call of action {0} is awaited twice")]
    Twice(u32),
}

type Checked = Result<(), Fault>;

/// The core types of what an instance's steps call, and of what its functions are lifted from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signatures {
    canons: Vec<Signature>,
    imports: Vec<Signature>,
    functions: Vec<Signature>,
}

impl Program {
    /// Whether everything that the program names is there and fits.
    ///
    /// # Errors
    /// The first [`Fault`] that is found.
    pub fn check(&self) -> Result<(), Fault> {
        self.check_shape()?;
        self.check_bodies(&self.signatures())
    }

    /// The signatures of each instance. They depend on the shape alone.
    pub fn signatures(&self) -> Vec<Signatures> {
        let instances = (0..).map(InstanceId).zip(&self.instances);
        let signatures = instances.map(|(id, instance)| {
            let canons = instance.canons.iter();
            let imports = instance.imports.iter();
            let functions = instance.functions.iter();
            Signatures {
                canons: canons
                    .map(|canon| self.canon_signature(id, canon))
                    .collect(),
                imports: imports
                    .map(|import| self.import_signature(id, import))
                    .collect(),
                functions: functions.map(|f| self.lift_signature(id, f)).collect(),
            }
        });
        signatures.collect()
    }

    /// The part of [`Program::check`] that depends on the shape alone.
    ///
    /// # Errors
    /// The first [`Fault`] that is found.
    pub fn check_shape(&self) -> Result<(), Fault> {
        if self.version != VERSION {
            return Err(fault(&Place::of("version"), Wrong::Version(self.version)));
        }
        let instances = Place::of("instances");
        at_most(&instances, "instances", &self.instances, MAX_INSTANCES)?;
        for (number, resource) in self.resources.iter().enumerate() {
            let place = Place::of("resources");
            if let Owner::Instance { instance, .. } = resource.owner {
                present(&place.at(number), "instance", instance.0, &self.instances)?;
            }
        }
        for (number, host) in self.host.iter().enumerate() {
            self.check_host(&Place::of("host").at(number), number, host)?;
        }
        for (number, instance) in self.instances.iter().enumerate() {
            let scope = Scope {
                program: self,
                id: InstanceId(number as u32),
                instance,
            };
            scope.check(&instances.at(number))?;
        }
        Ok(())
    }

    /// The rest of it: bodies and actions of a program whose shape passes, and has these signatures.
    ///
    /// # Errors
    /// The first [`Fault`] that is found.
    pub fn check_bodies(&self, signatures: &[Signatures]) -> Result<(), Fault> {
        let instances = self.instances.iter().zip(signatures);
        for (number, (instance, signatures)) in instances.enumerate() {
            let bodies = Bodies {
                instance,
                signatures,
            };
            bodies.check(&Place::of("instances").at(number))?;
        }
        for (number, resource) in self.resources.iter().enumerate() {
            if let Owner::Instance {
                instance,
                destructor: Some(destructor),
            } = &resource.owner
                && let Some(signatures) = signatures.get(instance.index())
            {
                let instance = &self.instances[instance.index()];
                let bodies = Bodies {
                    instance,
                    signatures,
                };
                let place = Place::of("resources");
                bodies.handler(&place.at(number).part("destructor"), destructor)?;
            }
        }
        self.check_actions()
    }

    fn check_host(&self, place: &Place<'_>, number: usize, host: &super::HostFunction) -> Checked {
        types::check_function(&host.ty).map_err(|wrong| fault(place, wrong))?;
        for ty in host.ty.types() {
            resources(place, ty, |resource| {
                let resource = self.resources.get(resource.index());
                resource.is_some_and(|resource| resource.owner == Owner::Host)
            })?;
        }
        let name = format!("{}-{number}", host.verb);
        let verb = Verb::of(&name).filter(|verb| verb.fits(&self.func_type(&host.ty)));
        match verb.is_some() && is_label(&host.verb) {
            true => Ok(()),
            false => Err(fault(place, Wrong::Verb(host.verb.clone()))),
        }
    }

    fn check_actions(&self) -> Checked {
        let mut awaited = Vec::new();
        for (number, action) in self.actions.iter().enumerate() {
            let place = Place::of("actions");
            let place = place.at(number);
            match action {
                Action::Start {
                    instance,
                    function,
                    args,
                } => {
                    present(&place, "instance", instance.0, &self.instances)?;
                    let functions = &self.instances[instance.index()].functions;
                    present(&place, "function", function.0, functions)?;
                    check_args(&place, &functions[function.index()].ty, args)?;
                }
                Action::Await(call) | Action::Cancel(call) => {
                    let before = self.actions.iter().take(number).nth(call.index());
                    if !matches!(before, Some(Action::Start { .. })) {
                        return Err(fault(&place, Wrong::Call(call.0)));
                    }
                    if let Action::Await(call) = action {
                        if awaited.contains(call) {
                            return Err(fault(&place, Wrong::Twice(call.0)));
                        }
                        awaited.push(*call);
                    }
                }
            }
        }
        Ok(())
    }
}

/// Arguments that the host writes: as many as there are parameters, and no handles.
fn check_args(place: &Place<'_>, ty: &FunctionType, args: &[String]) -> Checked {
    counted(place, "arguments", args.len(), ty.params.len())?;
    let mut writable = args.iter().all(|arg| !arg.trim().is_empty());
    for ty in &ty.params {
        walk(ty, &mut |ty| {
            writable &= !matches!(
                ty,
                Type::Own(_)
                    | Type::Borrow(_)
                    | Type::Stream(_)
                    | Type::Future(_)
                    | Type::ErrorContext
            );
        });
    }
    match writable {
        true => Ok(()),
        false => Err(fault(place, Wrong::Argument)),
    }
}

fn fault(place: &Place<'_>, wrong: impl Into<Wrong>) -> Fault {
    Fault {
        place: place.to_string(),
        wrong: wrong.into(),
    }
}

fn present<T>(place: &Place<'_>, what: &'static str, number: u32, list: &[T]) -> Checked {
    match list.get(number as usize) {
        Some(_) => Ok(()),
        None => Err(fault(place, Wrong::Missing { what, number })),
    }
}

fn counted(place: &Place<'_>, what: &'static str, given: usize, wanted: usize) -> Checked {
    let wrong = Wrong::Count {
        what,
        given,
        wanted,
    };
    match given == wanted {
        true => Ok(()),
        false => Err(fault(place, wrong)),
    }
}

fn at_most<T>(place: &Place<'_>, what: &'static str, list: &[T], most: usize) -> Checked {
    match list.len() <= most {
        true => Ok(()),
        false => Err(fault(place, Wrong::TooMany { what, most })),
    }
}

/// Refuses a type that names a resource type of which `seen` is not true.
fn resources(place: &Place<'_>, ty: &Type, seen: impl Fn(super::ResourceId) -> bool) -> Checked {
    let mut result = Ok(());
    walk(ty, &mut |ty| {
        if let Type::Own(name) | Type::Borrow(name) = ty
            && result.is_ok()
            && !resource_of(name).is_some_and(&seen)
        {
            result = Err(fault(place, Wrong::Resource(name.clone())));
        }
    });
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::samples::build::{block, function, instance, k, program};
    use crate::program::{End, LiftForm, Operand, SlotId, Step};

    fn nullary(form: LiftForm, end: End, steps: Vec<Step>) -> Program {
        let ty = FunctionType {
            is_async: false,
            params: Vec::new(),
            result: None,
        };
        let mut root = instance(None, &["only"]);
        let blocks = vec![block(steps, end)];
        root.functions.push(function(ty, form, &[], blocks));
        program(vec![root], &[(0, 0, &[])])
    }

    fn fault(program: &Program) -> String {
        match program.check() {
            Ok(()) => "fine".to_owned(),
            Err(fault) => fault.to_string(),
        }
    }

    #[test]
    fn a_fault_says_where_it_is() {
        let sync = || LiftForm::Sync { post_return: None };
        let set = |slot| Step::Set {
            slot: SlotId(slot),
            op: crate::program::Arithmetic::Add,
            a: k(1),
            b: Operand::Slot(SlotId(0)),
        };
        let repeat = |steps| Step::Repeat { times: 1, steps };
        let good = || nullary(sync(), End::Nothing, vec![set(0)]);
        let nested = vec![set(0), repeat(vec![set(0), set(1)])];
        let deep = (0..5).fold(set(0), |step, _| repeat(vec![step]));
        let mut awaited = good();
        awaited.actions.push(awaited.actions[1].clone());
        let mut other = good();
        other.version = 9;
        let mut orphan = good();
        orphan.instances[0].parent = Some(InstanceId(0));
        let faults = [
            fault(&good()),
            fault(&nullary(sync(), End::Nothing, nested)),
            fault(&nullary(sync(), End::Exit, Vec::new())),
            fault(&nullary(LiftForm::Stackful, End::Nothing, Vec::new())),
            fault(&nullary(sync(), End::Nothing, vec![deep])),
            fault(&awaited),
            fault(&other),
            fault(&orphan),
        ];
        insta::assert_snapshot!(faults.join("\n"), @r"
        fine
        instances.0.functions.0.body.blocks.0.1.steps.1: there is no slot 1 here
        instances.0.functions.0.body.blocks.0: the core function cannot end so
        instances.0.functions.0: the function's type is not `async`
        instances.0.functions.0.body.blocks.0.0.steps.0.steps.0.steps.0.steps.0: there are more than 4 nested repetitions
        actions.2: the call of action 0 is awaited twice
        version: the program is of version 9, and not 1
        instances.0: there is no parent 0 here
        ");
    }

    #[test]
    fn a_result_that_does_not_fit_into_core_values_needs_a_memory() {
        for length in [1, 2, 16, 17] {
            let form = LiftForm::Sync { post_return: None };
            let mut program = nullary(form, End::Return(k(0)), Vec::new());
            let function = &mut program.instances[0].functions[0];
            function.ty.result = Some(Type::Tuple(vec![Type::U8; length]));
            assert_eq!(program.check(), Ok(()));
            program.instances[0].functions[0].lift.options.memory = None;
            let needed = matches!(
                program.check(),
                Err(Fault {
                    wrong: Wrong::NoMemory,
                    ..
                })
            );
            assert_eq!(needed, length > 1);
        }
    }
}
