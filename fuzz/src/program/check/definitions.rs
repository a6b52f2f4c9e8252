//! Whether what an instance defines fits: built-ins, imports, and how functions are lifted.

use assize_protocol::types::Type;
use assize_reference::abi::PtrType;
use assize_reference::abi::types::Types;

use crate::program::signature::val_type;
use crate::program::{
    Callee, Canon, CopyOptions, Form, Function, FunctionType, Import, Instance, InstanceId,
    LiftForm, MemoryId, Options, Owner, Program,
};

use super::place::Place;
use super::types::{self, Position};
use super::{Checked, MAX_MEMORIES, Wrong, at_most, fault, present, resources};

/// An instance whose definitions are checked.
pub(super) struct Scope<'p> {
    pub(super) program: &'p Program,
    pub(super) id: InstanceId,
    pub(super) instance: &'p Instance,
}

impl Scope<'_> {
    pub(super) fn check(&self, place: &Place<'_>) -> Checked {
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
            self.canon(&place.part("canons").at(number), canon)?;
        }
        for (number, import) in instance.imports.iter().enumerate() {
            self.import(&place.part("imports").at(number), import)?;
        }
        for (number, function) in instance.functions.iter().enumerate() {
            self.function(&place.part("functions").at(number), function)?;
        }
        Ok(())
    }

    fn context(&self, place: &Place<'_>) -> Checked {
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

    fn canon(&self, place: &Place<'_>, canon: &Canon) -> Checked {
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

    fn import(&self, place: &Place<'_>, import: &Import) -> Checked {
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
            Form::Sync => (16, self.spills(&ty.result, &import.options, 1)),
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

    fn function(&self, place: &Place<'_>, function: &Function) -> Checked {
        let Function { ty, lift, .. } = function;
        types::check_function(ty).map_err(|wrong| fault(place, wrong))?;
        for ty in ty.types() {
            resources(place, ty, |resource| {
                self.program.sees_resource(self.id, resource).is_some()
            })?;
        }
        let result = ty.result.as_ref();
        // What a task returns by a built-in can be as long as parameters.
        let most = match lift.form {
            LiftForm::Sync { .. } => 1,
            LiftForm::Stackful | LiftForm::Callback { .. } => 16,
        };
        let by_address = self.spills(&ty.result, &lift.options, most);
        let needed = by_address
            || result.is_some_and(types::has_pointers)
            || self.needs_memory(ty, &lift.options, 16);
        self.options(place, &lift.options, needed)?;
        let wants_async = !matches!(lift.form, LiftForm::Sync { .. });
        match wants_async && !ty.is_async {
            true => Err(fault(place, Wrong::NotAsync)),
            false => Ok(()),
        }
    }

    /// Whether a result has more flat values than that.
    fn spills(&self, result: &Option<Type>, options: &Options, most: usize) -> bool {
        let result: Vec<_> = result.iter().map(val_type).collect();
        let mut types = Types::new(self.program.pointer(self.id, options.memory));
        let flat = types.flatten_types(&result);
        flat.is_none_or(|flat| flat.types().len() > most)
    }

    /// Whether the parameters of a function are in memory, or have addresses in them.
    fn needs_memory(&self, ty: &FunctionType, options: &Options, most: usize) -> bool {
        let params: Vec<_> = ty.params.iter().map(val_type).collect();
        let mut types = Types::new(self.program.pointer(self.id, options.memory));
        let flat = types.flatten_types(&params);
        let fits = flat.is_some_and(|flat| flat.types().len() <= most);
        !fits || ty.params.iter().any(types::has_pointers)
    }

    fn ty(&self, place: &Place<'_>, ty: &Type, position: Position) -> Checked {
        types::check(ty, position).map_err(|wrong| fault(place, wrong))?;
        resources(place, ty, |resource| {
            self.program.sees_resource(self.id, resource).is_some()
        })
    }

    fn options(&self, place: &Place<'_>, options: &Options, needs_memory: bool) -> Checked {
        match options.memory {
            Some(memory) => self.memory(place, memory),
            None if needs_memory => Err(fault(place, Wrong::NoMemory)),
            None => Ok(()),
        }
    }

    /// Refuses a memory with addresses of 64 bits, where validators do not know them yet.
    fn narrow(&self, place: &Place<'_>, options: &Options) -> Checked {
        match self.program.pointer(self.id, options.memory) {
            PtrType::I32 => Ok(()),
            PtrType::I64 => Err(fault(place, Wrong::Wide)),
        }
    }

    fn memory(&self, place: &Place<'_>, memory: MemoryId) -> Checked {
        present(place, "memory", memory.0, &self.instance.memories)
    }
}
