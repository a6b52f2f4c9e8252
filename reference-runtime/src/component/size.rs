//! How much evaluating a definition does, known without doing it.
//!
//! An instantiation pays for what it evaluates, so that a component that is instantiated many times
//! cannot make the machine do much for little.

use super::ast::{CoreInstance, DefinedType, Definition, Instance, Type, TypeDecl};

impl Definition {
    /// One, and one for each part that evaluation looks at. A nested component is not evaluated
    /// where it is defined; what it uses of the scopes around it is looked up. What a module or
    /// component that is instantiated consists of is not counted here.
    pub fn size(&self) -> u64 {
        let parts = match self {
            Definition::CoreModule(_)
            | Definition::CoreType(_)
            | Definition::Alias(_)
            | Definition::Canon(_)
            | Definition::Import(_)
            | Definition::Export(_) => 0,
            Definition::CoreInstance(CoreInstance::Instantiate { args, .. }) => args.len(),
            Definition::CoreInstance(CoreInstance::FromExports(exports)) => exports.len(),
            Definition::Component(component) => component.outer.len(),
            Definition::Instance(Instance::Instantiate { args, .. }) => args.len(),
            Definition::Instance(Instance::FromExports(exports)) => exports.len(),
            Definition::Type(ty) => type_parts(ty),
        };
        1 + parts as u64
    }
}

impl TypeDecl {
    /// The same of a declaration.
    pub fn size(&self) -> u64 {
        let parts = match self {
            TypeDecl::Type(ty) => type_parts(ty),
            TypeDecl::CoreType(_)
            | TypeDecl::Alias(_)
            | TypeDecl::Import(..)
            | TypeDecl::Export(..) => 0,
        };
        1 + parts as u64
    }
}

fn type_parts(ty: &Type) -> usize {
    match ty {
        Type::Defined(ty) => defined_type_parts(ty),
        Type::Func(ty) => ty.params.len(),
        Type::Component(body) | Type::Instance(body) => body.outer.len(),
        Type::Resource { .. } => 0,
    }
}

fn defined_type_parts(ty: &DefinedType) -> usize {
    match ty {
        DefinedType::Record(fields) => fields.len(),
        DefinedType::Tuple(types) => types.len(),
        DefinedType::Variant(cases) => cases.len(),
        DefinedType::Enum(labels) | DefinedType::Flags(labels) => labels.len(),
        DefinedType::Primitive(_)
        | DefinedType::List(_)
        | DefinedType::FixedList(..)
        | DefinedType::Map(..)
        | DefinedType::Option(_)
        | DefinedType::Result { .. }
        | DefinedType::Own(_)
        | DefinedType::Borrow(_)
        | DefinedType::Stream(_)
        | DefinedType::Future(_) => 0,
    }
}
