//! Whether a program is one: everything that it names is there, and fits where it stands.
//!
//! What passes becomes a valid component. Whether its core code does anything sensible is not asked.

use std::fmt::Display;

use assize_protocol::types::Type;
use assize_reference::abi::PtrType;
use assize_reference::abi::types::Types;
use assize_reference::host::Verb;

use super::links::{resource_of, walk};
use super::signature::val_type;
use super::types::{self, BadType, Position, is_label};
use super::{
    Action, Block, Callee, Canon, CopyOptions, End, Form, Function, FunctionType, Handler, Import,
    Instance, InstanceId, LiftForm, MemoryId, Operand, Options, Owner, Program, SlotId, Step,
    VERSION,
};

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

impl Program {
    /// Whether everything that the program names is there and fits.
    ///
    /// # Errors
    /// The first [`Fault`] that is found.
    pub fn check(&self) -> Result<(), Fault> {
        if self.version != VERSION {
            return Err(fault("version", Wrong::Version(self.version)));
        }
        at_most("instances", "instances", &self.instances, MAX_INSTANCES)?;
        for (number, resource) in self.resources.iter().enumerate() {
            let place = format!("resources.{number}");
            if let Owner::Instance { instance, .. } = resource.owner {
                present(&place, "instance", instance.0, &self.instances)?;
            }
        }
        for (number, host) in self.host.iter().enumerate() {
            self.check_host(&format!("host.{number}"), number, host)?;
        }
        for (number, instance) in (0..).zip(&self.instances) {
            let scope = Scope {
                program: self,
                id: InstanceId(number),
                instance,
            };
            scope.check(&format!("instances.{number}"))?;
        }
        self.check_actions()
    }

    fn check_host(&self, place: &str, number: usize, host: &super::HostFunction) -> Checked {
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
            let place = format!("actions.{number}");
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
                        return Err(fault(place, Wrong::Call(call.0)));
                    }
                    if let Action::Await(call) = action {
                        if awaited.contains(call) {
                            return Err(fault(place, Wrong::Twice(call.0)));
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
fn check_args(place: &str, ty: &FunctionType, args: &[String]) -> Checked {
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

fn fault(place: impl Display, wrong: impl Into<Wrong>) -> Fault {
    Fault {
        place: place.to_string(),
        wrong: wrong.into(),
    }
}

fn present<T>(place: &str, what: &'static str, number: u32, list: &[T]) -> Checked {
    match list.get(number as usize) {
        Some(_) => Ok(()),
        None => Err(fault(place, Wrong::Missing { what, number })),
    }
}

fn counted(place: &str, what: &'static str, given: usize, wanted: usize) -> Checked {
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

fn at_most<T>(place: &str, what: &'static str, list: &[T], most: usize) -> Checked {
    match list.len() <= most {
        true => Ok(()),
        false => Err(fault(place, Wrong::TooMany { what, most })),
    }
}

/// Refuses a type that names a resource type of which `seen` is not true.
fn resources(place: &str, ty: &Type, seen: impl Fn(super::ResourceId) -> bool) -> Checked {
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

/// How the core function ends in which a block stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// Without a result.
    Nothing,
    /// With the flattened result of a function, or with nothing where it has none.
    Return { result: bool },
    /// With what a callback returns.
    Callback,
}

impl Ending {
    fn allows(self, end: &End) -> bool {
        match end {
            End::Unreachable => true,
            End::Nothing => self != Ending::Callback && self != Ending::Return { result: true },
            End::Return(_) => matches!(self, Ending::Return { .. }),
            End::Exit | End::Yield | End::Wait(_) | End::Code(_) => self == Ending::Callback,
        }
    }
}

/// An instance that is checked.
struct Scope<'p> {
    program: &'p Program,
    id: InstanceId,
    instance: &'p Instance,
}

impl Scope<'_> {
    fn check(&self, place: &str) -> Checked {
        let instance = self.instance;
        if let Some(parent) = instance.parent
            && parent >= self.id
        {
            let (what, number) = ("parent", parent.0);
            return Err(fault(place, Wrong::Missing { what, number }));
        }
        at_most(place, "memories", &instance.memories, MAX_MEMORIES)?;
        self.context(place)?;
        for (number, canon) in instance.canons.iter().enumerate() {
            self.canon(&format!("{place}.canons.{number}"), canon)?;
        }
        for (number, import) in instance.imports.iter().enumerate() {
            self.import(&format!("{place}.imports.{number}"), import)?;
        }
        for (number, function) in instance.functions.iter().enumerate() {
            self.function(&format!("{place}.functions.{number}"), function)?;
        }
        for (number, thread) in instance.threads.iter().enumerate() {
            self.handler(&format!("{place}.threads.{number}"), thread)?;
        }
        for (number, resource) in self.program.resources.iter().enumerate() {
            if let Owner::Instance {
                instance,
                destructor: Some(destructor),
            } = &resource.owner
                && *instance == self.id
            {
                self.handler(&format!("resources.{number}.destructor"), destructor)?;
            }
        }
        if let Some(block) = &instance.start {
            self.block(&format!("{place}.start"), block, Ending::Nothing)?;
        }
        if let Some(block) = &instance.realloc {
            self.block(&format!("{place}.realloc"), block, Ending::Nothing)?;
        }
        Ok(())
    }

    fn context(&self, place: &str) -> Checked {
        let types = self.instance.canons.iter().filter_map(|canon| match canon {
            Canon::ContextGet(ty, _) | Canon::ContextSet(ty, _) => Some(*ty),
            _ => None,
        });
        let mut types = types;
        let Some(first) = types.next() else {
            return Ok(());
        };
        match types.all(|ty| ty == first) {
            true => Ok(()),
            false => Err(fault(place, Wrong::ContextType)),
        }
    }

    fn canon(&self, place: &str, canon: &Canon) -> Checked {
        if let Some(ty) = canon.ty() {
            let whole = match canon {
                Canon::TaskReturn { .. } => ty.clone(),
                Canon::StreamNew(_)
                | Canon::StreamRead(..)
                | Canon::StreamWrite(..)
                | Canon::StreamCancelRead(..)
                | Canon::StreamCancelWrite(..)
                | Canon::StreamDropReadable(_)
                | Canon::StreamDropWritable(_) => Type::Stream(Some(Box::new(ty.clone()))),
                _ => Type::Future(Some(Box::new(ty.clone()))),
            };
            self.ty(place, &whole, Position::Result)?;
        }
        if let Some(resource) = canon.resource()
            && self.program.sees_resource(self.id, resource).is_none()
        {
            let (what, number) = ("resource type", resource.0);
            return Err(fault(place, Wrong::Missing { what, number }));
        }
        match canon {
            Canon::ResourceNew(resource) | Canon::ResourceRep(resource) => {
                match &self.program.resources[resource.index()].owner {
                    Owner::Instance { instance, .. } if *instance == self.id => Ok(()),
                    _ => Err(fault(place, Wrong::NotOwn)),
                }
            }
            Canon::ContextGet(_, slot) | Canon::ContextSet(_, slot) if *slot > 1 => {
                Err(fault(place, Wrong::ContextSlot(*slot)))
            }
            Canon::WaitableSetWait(_, memory) | Canon::WaitableSetPoll(_, memory) => {
                self.memory(place, *memory)
            }
            Canon::TaskReturn { result, options } => {
                let ty = FunctionType {
                    is_async: false,
                    params: result.iter().cloned().collect(),
                    result: None,
                };
                self.options(place, options, self.needs_memory(&ty, options, 16))
            }
            Canon::StreamRead(ty, CopyOptions { options, .. })
            | Canon::StreamWrite(ty, CopyOptions { options, .. })
            | Canon::FutureRead(ty, CopyOptions { options, .. })
            | Canon::FutureWrite(ty, CopyOptions { options, .. }) => {
                self.options(place, options, ty.is_some())?;
                self.narrow(place, options)
            }
            Canon::ErrorContextNew(options) | Canon::ErrorContextDebugMessage(options) => {
                self.options(place, options, true)?;
                self.narrow(place, options)
            }
            _ => Ok(()),
        }
    }

    fn import(&self, place: &str, import: &Import) -> Checked {
        match import.callee {
            Callee::Host(host) => present(place, "host function", host.0, &self.program.host)?,
            Callee::Function { instance, function } => {
                present(place, "instance", instance.0, &self.program.instances)?;
                let functions = &self.program.instances[instance.index()].functions;
                present(place, "function", function.0, functions)?;
            }
        }
        let ty = self.program.function_type(import.callee);
        let seen = self.program.import_when(self.id, import);
        if seen.is_none() || self.program.sees_types(self.id, ty).is_none() {
            let (what, number) = match import.callee {
                Callee::Host(host) => ("host function", host.0),
                Callee::Function { instance, .. } => ("instance that can be called", instance.0),
            };
            return Err(fault(place, Wrong::Missing { what, number }));
        }
        let (most, by_address) = match import.form {
            Form::Sync => (
                16,
                ty.result.is_some() && self.spills(&ty.result, import, 1),
            ),
            Form::Async => (4, ty.result.is_some()),
        };
        let result = ty.result.as_ref();
        let needed = by_address
            || result.is_some_and(types::has_pointers)
            || self.needs_memory(ty, &import.options, most);
        self.options(place, &import.options, needed)?;
        match import.form {
            Form::Async if !ty.is_async => Err(fault(place, Wrong::NotAsync)),
            Form::Async if by_address => self.narrow(place, &import.options),
            _ => Ok(()),
        }
    }

    fn function(&self, place: &str, function: &Function) -> Checked {
        let Function { ty, lift, .. } = function;
        types::check_function(ty).map_err(|wrong| fault(place, wrong))?;
        for ty in ty.types() {
            resources(place, ty, |resource| {
                self.program.sees_resource(self.id, resource).is_some()
            })?;
        }
        let result = ty.result.as_ref();
        let by_address = match lift.form {
            LiftForm::Sync { .. } => self.flat_count(result, &lift.options) > Some(1),
            LiftForm::Stackful | LiftForm::Callback { .. } => {
                self.flat_count(result, &lift.options).is_none()
            }
        };
        let needed = by_address
            || result.is_some_and(types::has_pointers)
            || self.needs_memory(ty, &lift.options, 16);
        self.options(place, &lift.options, needed)?;
        let signature = self.program.lift_signature(self.id, function);
        let (given, wanted) = (function.parameters.len(), signature.params.len());
        counted(place, "parameters", given, wanted)?;
        self.slots(place, &function.parameters)?;
        let blocks = &function.body.blocks;
        let ending = match &lift.form {
            LiftForm::Sync { post_return } => {
                if let Some(block) = post_return {
                    self.block(&format!("{place}.post-return"), block, Ending::Nothing)?;
                }
                let result = signature.result.is_some();
                Ending::Return { result }
            }
            LiftForm::Stackful => Ending::Nothing,
            LiftForm::Callback { event } => {
                self.slots(place, event)?;
                Ending::Callback
            }
        };
        match lift.form {
            LiftForm::Sync { .. } => counted(place, "blocks", blocks.len(), 1)?,
            LiftForm::Stackful | LiftForm::Callback { .. } if !ty.is_async => {
                return Err(fault(place, Wrong::NotAsync));
            }
            LiftForm::Stackful => counted(place, "blocks", blocks.len(), 1)?,
            LiftForm::Callback { .. } => counted(place, "blocks", blocks.len().min(1), 1)?,
        }
        for (number, block) in blocks.iter().enumerate() {
            self.block(&format!("{place}.body.blocks.{number}"), block, ending)?;
        }
        Ok(())
    }

    fn handler(&self, place: &str, handler: &Handler) -> Checked {
        self.slots(place, &[handler.parameter])?;
        self.block(place, &handler.body, Ending::Nothing)
    }

    /// How many flat values a result has; none if too many to be passed flat anywhere.
    fn flat_count(&self, result: Option<&Type>, options: &Options) -> Option<usize> {
        let result: Vec<_> = result.into_iter().map(val_type).collect();
        let mut types = Types::new(self.program.pointer(self.id, options.memory));
        let flat = types.flatten_types(&result);
        flat.map(|flat| flat.types().len())
    }

    fn spills(&self, result: &Option<Type>, import: &Import, most: usize) -> bool {
        let count = self.flat_count(result.as_ref(), &import.options);
        count.is_none_or(|count| count > most)
    }

    /// Whether the parameters of a function are in memory, or have addresses in them.
    fn needs_memory(&self, ty: &FunctionType, options: &Options, most: usize) -> bool {
        let params: Vec<_> = ty.params.iter().map(val_type).collect();
        let mut types = Types::new(self.program.pointer(self.id, options.memory));
        let flat = types.flatten_types(&params);
        let fits = flat.is_some_and(|flat| flat.types().len() <= most);
        !fits || ty.params.iter().any(types::has_pointers)
    }

    fn ty(&self, place: &str, ty: &Type, position: Position) -> Checked {
        types::check(ty, position).map_err(|wrong| fault(place, wrong))?;
        resources(place, ty, |resource| {
            self.program.sees_resource(self.id, resource).is_some()
        })
    }

    fn options(&self, place: &str, options: &Options, needs_memory: bool) -> Checked {
        match options.memory {
            Some(memory) => self.memory(place, memory),
            None if needs_memory => Err(fault(place, Wrong::NoMemory)),
            None => Ok(()),
        }
    }

    /// Refuses a memory with addresses of 64 bits, where validators do not know them yet.
    fn narrow(&self, place: &str, options: &Options) -> Checked {
        match self.program.pointer(self.id, options.memory) {
            PtrType::I32 => Ok(()),
            PtrType::I64 => Err(fault(place, Wrong::Wide)),
        }
    }

    fn memory(&self, place: &str, memory: MemoryId) -> Checked {
        present(place, "memory", memory.0, &self.instance.memories)
    }

    fn slots(&self, place: &str, slots: &[SlotId]) -> Checked {
        let mut slots = slots.iter();
        slots.try_for_each(|slot| present(place, "slot", slot.0, &self.instance.slots))
    }

    fn block(&self, place: &str, block: &Block, ending: Ending) -> Checked {
        let nesting = Nesting {
            any: MAX_NESTING,
            repeats: MAX_REPEATS,
        };
        self.steps(place, &block.steps, ending, nesting)?;
        self.end(place, &block.end, ending)
    }

    fn end(&self, place: &str, end: &End, ending: Ending) -> Checked {
        if !ending.allows(end) {
            return Err(fault(place, Wrong::End));
        }
        match end {
            End::Return(operand) | End::Wait(operand) | End::Code(operand) => {
                self.operands(place, &[*operand])
            }
            End::Nothing | End::Exit | End::Yield | End::Unreachable => Ok(()),
        }
    }

    fn operands(&self, place: &str, operands: &[Operand]) -> Checked {
        operands.iter().try_for_each(|operand| match operand {
            Operand::Const(_) => Ok(()),
            Operand::Slot(slot) => self.slots(place, &[*slot]),
        })
    }

    fn steps(&self, place: &str, steps: &[Step], ending: Ending, nesting: Nesting) -> Checked {
        for (number, step) in steps.iter().enumerate() {
            self.step(&format!("{place}.{number}"), step, ending, nesting)?;
        }
        Ok(())
    }

    fn step(&self, place: &str, step: &Step, ending: Ending, nesting: Nesting) -> Checked {
        match step {
            Step::Canon {
                canon,
                args,
                result,
            } => {
                present(place, "built-in", canon.0, &self.instance.canons)?;
                let canon = &self.instance.canons[canon.index()];
                let signature = self.program.canon_signature(self.id, canon);
                self.call(place, signature.params.len(), args, *result)
            }
            Step::Call {
                import,
                args,
                result,
            } => {
                present(place, "import", import.0, &self.instance.imports)?;
                let import = &self.instance.imports[import.index()];
                let signature = self.program.import_signature(self.id, import);
                self.call(place, signature.params.len(), args, *result)
            }
            Step::Mark { value, .. } => self.operands(place, &[*value]),
            Step::Set { slot, a, b, .. } => {
                self.slots(place, &[*slot])?;
                self.operands(place, &[*a, *b])
            }
            Step::Load {
                slot,
                memory,
                address,
                ..
            } => {
                self.slots(place, &[*slot])?;
                self.memory(place, *memory)?;
                self.operands(place, &[*address])
            }
            Step::Store {
                memory,
                address,
                value,
                ..
            } => {
                self.memory(place, *memory)?;
                self.operands(place, &[*address, *value])
            }
            Step::If {
                condition,
                then,
                otherwise,
            } => {
                self.operands(place, &[condition.a, condition.b])?;
                let nesting = nesting.deeper(place)?;
                self.steps(&format!("{place}.then"), then, ending, nesting)?;
                self.steps(&format!("{place}.otherwise"), otherwise, ending, nesting)
            }
            Step::Repeat { steps, .. } => {
                let nesting = nesting.deeper(place)?.repeat(place)?;
                self.steps(&format!("{place}.steps"), steps, ending, nesting)
            }
            Step::Finish(end) => self.end(place, end, ending),
        }
    }

    fn call(
        &self,
        place: &str,
        params: usize,
        args: &[Operand],
        result: Option<SlotId>,
    ) -> Checked {
        counted(place, "arguments", args.len(), params)?;
        self.operands(place, args)?;
        self.slots(place, result.as_slice())
    }
}

/// How much deeper steps may be nested.
#[derive(Clone, Copy)]
struct Nesting {
    any: u32,
    repeats: u32,
}

impl Nesting {
    fn deeper(self, place: &str) -> Result<Nesting, Fault> {
        let (what, most) = ("nested lists of steps", MAX_NESTING as usize);
        let any = self.any.checked_sub(1);
        let any = any.ok_or_else(|| fault(place, Wrong::TooMany { what, most }))?;
        Ok(Nesting { any, ..self })
    }

    fn repeat(self, place: &str) -> Result<Nesting, Fault> {
        let (what, most) = ("nested repetitions", MAX_REPEATS as usize);
        let repeats = self.repeats.checked_sub(1);
        let repeats = repeats.ok_or_else(|| fault(place, Wrong::TooMany { what, most }))?;
        Ok(Nesting { repeats, ..self })
    }
}
