//! Core signatures: what the Canonical ABI makes of functions and built-ins.
//!
//! All functions here answer whatever positions they are given; those of what is not there count as
//! `func()`, or as a memory with addresses of 32 bits. [`Program::check`] refuses them.

use std::sync::Arc;

use assize_reference::abi::PtrType;
use assize_reference::abi::flatten::{Blocking, Direction, flatten_functype};
use assize_reference::abi::types::Types;
use assize_reference::component::ast::Abi;
use assize_reference::component::types::{Case, Effect, Field, FuncType, ResourceTypeId, ValType};
use assize_reference::core;

use super::links::resource_of;
use super::{
    Callee, Canon, ContextType, CopyOptions, Form, Function, FunctionType, Import, InstanceId,
    LiftForm, MemoryId, Options, Program, Type,
};

/// A type of core values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CoreType {
    /// `i32`
    I32,
    /// `i64`
    I64,
    /// `f32`
    F32,
    /// `f64`
    F64,
}

/// The type of a core function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Signature {
    /// The parameters.
    pub params: Vec<CoreType>,
    /// The result, if it has one.
    pub result: Option<CoreType>,
}

impl Signature {
    fn new(params: &[CoreType], result: Option<CoreType>) -> Signature {
        Signature {
            params: params.to_vec(),
            result,
        }
    }
}

impl From<&core::FuncType> for Signature {
    fn from(ty: &core::FuncType) -> Signature {
        Signature {
            params: ty.params().iter().map(core_type).collect(),
            result: ty.results().first().map(core_type),
        }
    }
}

/// Flattening gives numbers only.
fn core_type(ty: &core::ValType) -> CoreType {
    match ty {
        core::ValType::I64 => CoreType::I64,
        core::ValType::F32 => CoreType::F32,
        core::ValType::F64 => CoreType::F64,
        core::ValType::I32 | core::ValType::Ref(_) => CoreType::I32,
    }
}

static NOTHING: FunctionType = FunctionType {
    is_async: false,
    params: Vec::new(),
    result: None,
};

impl Program {
    /// The type of a function that an instance can import.
    pub fn function_type(&self, callee: Callee) -> &FunctionType {
        let found = match callee {
            Callee::Host(host) => self.host.get(host.index()).map(|host| &host.ty),
            Callee::Function { instance, function } => {
                let functions = self.instance(instance).map(|instance| &instance.functions);
                let found = functions.and_then(|functions| functions.get(function.index()));
                found.map(|function| &*function.ty)
            }
        };
        found.unwrap_or(&NOTHING)
    }

    /// The type of addresses in a memory; `i32` where there is none.
    pub fn pointer(&self, instance: InstanceId, memory: Option<MemoryId>) -> PtrType {
        let memories = self.instance(instance).map(|instance| &instance.memories);
        let memory = memory.and_then(|memory| memories?.get(memory.index()));
        match memory.is_some_and(|memory| memory.wide) {
            true => PtrType::I64,
            false => PtrType::I32,
        }
    }

    /// The core type of a built-in.
    pub fn canon_signature(&self, instance: InstanceId, canon: &Canon) -> Signature {
        use CoreType::{I32, I64};
        let pointer = |memory| pointer_type(self.pointer(instance, memory));
        let of = Signature::new;
        match canon {
            Canon::ResourceNew(_) | Canon::ResourceRep(_) | Canon::SubtaskCancel(_) => {
                of(&[I32], Some(I32))
            }
            Canon::ContextGet(ty, _) => of(&[], Some(context_type(*ty))),
            Canon::ContextSet(ty, _) => of(&[context_type(*ty)], None),
            Canon::BackpressureInc | Canon::BackpressureDec | Canon::TaskCancel => of(&[], None),
            Canon::TaskReturn { result, options } => self.task_return(instance, result, options),
            Canon::WaitableSetNew
            | Canon::ThreadIndex
            | Canon::ThreadSuspend(_)
            | Canon::ThreadYield(_) => of(&[], Some(I32)),
            Canon::WaitableSetWait(_, memory) | Canon::WaitableSetPoll(_, memory) => {
                of(&[I32, pointer(Some(*memory))], Some(I32))
            }
            Canon::WaitableJoin => of(&[I32, I32], None),
            Canon::ResourceDrop(_)
            | Canon::WaitableSetDrop
            | Canon::SubtaskDrop
            | Canon::StreamDropReadable(_)
            | Canon::StreamDropWritable(_)
            | Canon::FutureDropReadable(_)
            | Canon::FutureDropWritable(_)
            | Canon::ThreadResumeLater
            | Canon::ErrorContextDrop => of(&[I32], None),
            Canon::StreamNew(_) | Canon::FutureNew(_) => of(&[], Some(I64)),
            Canon::StreamRead(_, CopyOptions { options, .. })
            | Canon::StreamWrite(_, CopyOptions { options, .. }) => {
                let pointer = pointer(options.memory);
                of(&[I32, pointer, pointer], Some(pointer))
            }
            Canon::FutureRead(_, CopyOptions { options, .. })
            | Canon::FutureWrite(_, CopyOptions { options, .. }) => {
                of(&[I32, pointer(options.memory)], Some(I32))
            }
            Canon::StreamCancelRead(..)
            | Canon::StreamCancelWrite(..)
            | Canon::FutureCancelRead(..)
            | Canon::FutureCancelWrite(..)
            | Canon::ThreadSuspendThenResume(_)
            | Canon::ThreadYieldThenResume(_)
            | Canon::ThreadSuspendThenPromote(_)
            | Canon::ThreadYieldThenPromote(_) => of(&[I32], Some(I32)),
            Canon::ThreadNewIndirect => of(&[I32, I32], Some(I32)),
            Canon::ErrorContextNew(options) => {
                let pointer = pointer(options.memory);
                of(&[pointer, pointer], Some(I32))
            }
            Canon::ErrorContextDebugMessage(options) => of(&[I32, pointer(options.memory)], None),
        }
    }

    /// The core type of an import, lowered as it says.
    pub fn import_signature(&self, instance: InstanceId, import: &Import) -> Signature {
        let abi = match import.form {
            Form::Sync => Abi::Sync,
            Form::Async => Abi::Async,
        };
        let pointer = self.pointer(instance, import.options.memory);
        let ty = self.function_type(import.callee);
        self.flattened(pointer, abi, Blocking::Stackful, ty, Direction::Lower)
    }

    /// The type of the core function that a function is lifted from.
    pub fn lift_signature(&self, instance: InstanceId, function: &Function) -> Signature {
        let (abi, blocking) = match function.lift.form {
            LiftForm::Sync { .. } => (Abi::Sync, Blocking::Stackful),
            LiftForm::Stackful => (Abi::Async, Blocking::Stackful),
            LiftForm::Callback { .. } => (Abi::Async, Blocking::Callback),
        };
        let pointer = self.pointer(instance, function.lift.options.memory);
        self.flattened(pointer, abi, blocking, &function.ty, Direction::Lift)
    }

    /// The type as the reference runtime has it. Resource types are told apart by their positions.
    pub fn val_type(&self, ty: &Type) -> ValType {
        val_type(ty)
    }

    /// The type as the reference runtime has it.
    pub fn func_type(&self, ty: &FunctionType) -> FuncType {
        func_type(ty)
    }

    fn task_return(
        &self,
        instance: InstanceId,
        result: &Option<Type>,
        options: &Options,
    ) -> Signature {
        let ty = FunctionType {
            is_async: false,
            params: result.iter().cloned().collect(),
            result: None,
        };
        let pointer = self.pointer(instance, options.memory);
        self.flattened(
            pointer,
            Abi::Sync,
            Blocking::Stackful,
            &ty,
            Direction::Lower,
        )
    }

    fn flattened(
        &self,
        pointer: PtrType,
        abi: Abi,
        blocking: Blocking,
        ty: &FunctionType,
        direction: Direction,
    ) -> Signature {
        let ty = func_type(ty);
        let mut types = Types::new(pointer);
        Signature::from(&flatten_functype(&mut types, abi, blocking, &ty, direction))
    }
}

/// The core type of addresses.
pub(crate) fn pointer_type(pointer: PtrType) -> CoreType {
    match pointer {
        PtrType::I32 => CoreType::I32,
        PtrType::I64 => CoreType::I64,
    }
}

fn context_type(ty: ContextType) -> CoreType {
    match ty {
        ContextType::I32 => CoreType::I32,
        ContextType::I64 => CoreType::I64,
    }
}

fn func_type(ty: &FunctionType) -> FuncType {
    FuncType {
        effect: match ty.is_async {
            true => Effect::Async,
            false => Effect::Sync,
        },
        param_names: (0..ty.params.len())
            .map(|number| format!("p{number}").into())
            .collect(),
        params: ty.params.iter().map(val_type).collect(),
        result: ty.result.iter().map(val_type).collect(),
    }
}

pub(super) fn val_type(ty: &Type) -> ValType {
    let shared = |ty: &Type| Arc::new(val_type(ty));
    let payload = |ty: &Option<Box<Type>>| ty.as_deref().map(shared);
    let labels = |labels: &[String]| labels.iter().map(|label| label.as_str().into()).collect();
    match ty {
        Type::Bool => ValType::Bool,
        Type::S8 => ValType::S8,
        Type::U8 => ValType::U8,
        Type::S16 => ValType::S16,
        Type::U16 => ValType::U16,
        Type::S32 => ValType::S32,
        Type::U32 => ValType::U32,
        Type::S64 => ValType::S64,
        Type::U64 => ValType::U64,
        Type::F32 => ValType::F32,
        Type::F64 => ValType::F64,
        Type::Char => ValType::Char,
        Type::String => ValType::String,
        Type::ErrorContext => ValType::ErrorContext,
        Type::List(t) => ValType::List(shared(t)),
        Type::FixedList(t, length) => ValType::FixedList(shared(t), *length),
        Type::Map(key, value) => ValType::Map(shared(key), shared(value)),
        Type::Record(fields) => ValType::Record(
            fields
                .iter()
                .map(|(label, ty)| Field {
                    label: label.as_str().into(),
                    ty: val_type(ty),
                })
                .collect(),
        ),
        Type::Tuple(types) => ValType::Tuple(types.iter().map(val_type).collect()),
        Type::Variant(cases) => ValType::Variant(
            cases
                .iter()
                .map(|(label, ty)| Case {
                    label: label.as_str().into(),
                    ty: ty.as_ref().map(val_type),
                })
                .collect(),
        ),
        Type::Enum(names) => ValType::Enum(labels(names)),
        Type::Option(t) => ValType::Option(shared(t)),
        Type::Result(ok, error) => ValType::Result {
            ok: payload(ok),
            error: payload(error),
        },
        Type::Flags(names) => ValType::Flags(labels(names)),
        Type::Own(name) => ValType::Own(resource_type(name)),
        Type::Borrow(name) => ValType::Borrow(resource_type(name)),
        Type::Stream(t) => ValType::Stream(payload(t)),
        Type::Future(t) => ValType::Future(payload(t)),
    }
}

/// A name that is none of a resource type's gives the last number, which none has.
fn resource_type(name: &str) -> ResourceTypeId {
    ResourceTypeId(resource_of(name).map_or(u32::MAX, |resource| resource.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::{Cancellable, Encoding, HostId, Instance, Memory, Shared, VERSION};

    fn program(wide: bool) -> Program {
        let instance = Instance {
            parent: None,
            memories: vec![Memory { wide }],
            slots: Shared::default(),
            canons: Shared::default(),
            imports: Shared::default(),
            functions: Vec::new(),
            threads: Vec::new(),
            start: None,
            realloc: None,
        };
        Program {
            version: VERSION,
            resources: Vec::new(),
            host: Shared::default(),
            instances: vec![instance],
            actions: Vec::new(),
        }
    }

    #[test]
    fn addresses_have_the_width_of_the_memory_that_is_named() {
        use CoreType::{I32, I64};
        let wait = Canon::WaitableSetWait(Cancellable::No, MemoryId(0));
        let result = Canon::TaskReturn {
            result: Some(Type::String),
            options: Options {
                memory: Some(MemoryId(0)),
                encoding: Encoding::Utf8,
            },
        };
        for (wide, address) in [(false, I32), (true, I64)] {
            let program = program(wide);
            let signature = |canon| program.canon_signature(InstanceId(0), canon);
            assert_eq!(signature(&wait), Signature::new(&[I32, address], Some(I32)));
            assert_eq!(
                signature(&result),
                Signature::new(&[address, address], None)
            );
        }
    }

    #[test]
    fn what_is_not_there_has_a_signature_too() {
        let program = program(false);
        let import = Import {
            callee: Callee::Host(HostId(7)),
            form: Form::Async,
            options: Options {
                memory: Some(MemoryId(9)),
                encoding: Encoding::Utf16,
            },
        };
        let signature = program.import_signature(InstanceId(3), &import);
        assert_eq!(signature, Signature::new(&[], Some(CoreType::I32)));
    }
}
