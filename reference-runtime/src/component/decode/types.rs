//! Type definitions, and what imports and exports are declared to be.
//!
//! Spec: Binary.md, "Type Definitions" and "Import and Export Definitions".

use std::sync::Arc;

use wasmparser::{
    ComponentDefinedType, ComponentOuterAliasKind, ComponentType, ComponentTypeDeclaration,
    ComponentTypeRef, ComponentValType, ExternalKind, InstanceTypeDeclaration, PrimitiveValType,
    TypeBounds,
};

use super::core_types::CoreTypes;
use super::sections::sort;
use crate::component::ast::{
    Alias, CoreSort, DefinedType, ExternDesc, FuncType, OuterSort, Primitive, Rep, Type, TypeBody,
    TypeDecl, ValTypeRef,
};
use crate::component::outer;
use crate::component::types::{Effect, Label};
use crate::error::LoadError;

/// A type definition.
pub fn type_(ty: &ComponentType<'_>, core: &mut CoreTypes) -> Result<Type, LoadError> {
    Ok(match ty {
        ComponentType::Defined(ty) => Type::Defined(defined(ty)),
        ComponentType::Func(ty) => Type::Func(FuncType {
            effect: if ty.async_ {
                Effect::Async
            } else {
                Effect::Sync
            },
            params: labelled(&ty.params),
            result: ty.result.map(val_type),
        }),
        ComponentType::Component(decls) => Type::Component(component_decls(decls, core)?),
        ComponentType::Instance(decls) => Type::Instance(instance_decls(decls, core)?),
        ComponentType::Resource { rep, dtor } => Type::Resource {
            rep: if *rep == wasmparser::ValType::I64 {
                Rep::I64
            } else {
                Rep::I32
            },
            dtor: *dtor,
        },
    })
}

fn component_decls(
    decls: &[ComponentTypeDeclaration<'_>],
    core: &mut CoreTypes,
) -> Result<Arc<TypeBody>, LoadError> {
    core.enter();
    let mut out = Vec::new();
    for decl in decls {
        match decl {
            ComponentTypeDeclaration::CoreType(ty) => {
                out.extend(core.define(ty)?.into_iter().map(TypeDecl::CoreType));
            }
            ComponentTypeDeclaration::Type(ty) => out.push(TypeDecl::Type(type_(ty, core)?)),
            ComponentTypeDeclaration::Alias(item) => out.push(TypeDecl::Alias(alias(item, core)?)),
            ComponentTypeDeclaration::Export { name, ty } => {
                out.push(TypeDecl::Export(name.name.into(), extern_desc(*ty)?));
            }
            ComponentTypeDeclaration::Import(import) => {
                out.push(TypeDecl::Import(
                    import.name.name.into(),
                    extern_desc(import.ty)?,
                ));
            }
        }
    }
    core.leave();
    Ok(body(out))
}

fn instance_decls(
    decls: &[InstanceTypeDeclaration<'_>],
    core: &mut CoreTypes,
) -> Result<Arc<TypeBody>, LoadError> {
    core.enter();
    let mut out = Vec::new();
    for decl in decls {
        match decl {
            InstanceTypeDeclaration::CoreType(ty) => {
                out.extend(core.define(ty)?.into_iter().map(TypeDecl::CoreType));
            }
            InstanceTypeDeclaration::Type(ty) => out.push(TypeDecl::Type(type_(ty, core)?)),
            InstanceTypeDeclaration::Alias(item) => out.push(TypeDecl::Alias(alias(item, core)?)),
            InstanceTypeDeclaration::Export { name, ty } => {
                out.push(TypeDecl::Export(name.name.into(), extern_desc(*ty)?));
            }
        }
    }
    core.leave();
    Ok(body(out))
}

fn body(decls: Vec<TypeDecl>) -> Arc<TypeBody> {
    let outer = outer::of_decls(&decls);
    Arc::new(TypeBody { decls, outer })
}

/// An alias. One of a core type is resolved as well.
pub fn alias(
    alias: &wasmparser::ComponentAlias<'_>,
    core: &mut CoreTypes,
) -> Result<Alias, LoadError> {
    Ok(match *alias {
        wasmparser::ComponentAlias::InstanceExport {
            kind,
            instance_index,
            name,
        } => Alias::InstanceExport {
            sort: sort(kind)?,
            instance: instance_index,
            name: name.into(),
        },
        wasmparser::ComponentAlias::CoreInstanceExport {
            kind,
            instance_index,
            name,
        } => Alias::CoreInstanceExport {
            sort: core_sort(kind),
            instance: instance_index,
            name: name.into(),
        },
        wasmparser::ComponentAlias::Outer { kind, count, index } => {
            let sort = match kind {
                ComponentOuterAliasKind::CoreModule => OuterSort::CoreModule,
                ComponentOuterAliasKind::CoreType => OuterSort::CoreType,
                ComponentOuterAliasKind::Type => OuterSort::Type,
                ComponentOuterAliasKind::Component => OuterSort::Component,
            };
            if sort == OuterSort::CoreType {
                core.alias(count, index);
            }
            Alias::Outer { sort, count, index }
        }
    })
}

/// A sort of the core level.
pub fn core_sort(kind: ExternalKind) -> CoreSort {
    match kind {
        ExternalKind::Func | ExternalKind::FuncExact => CoreSort::Func,
        ExternalKind::Table => CoreSort::Table,
        ExternalKind::Memory => CoreSort::Memory,
        ExternalKind::Global => CoreSort::Global,
        ExternalKind::Tag => CoreSort::Tag,
    }
}

/// What an import or export is declared to be.
pub fn extern_desc(ty: ComponentTypeRef) -> Result<ExternDesc, LoadError> {
    Ok(match ty {
        ComponentTypeRef::Module(index) => ExternDesc::CoreModule(index),
        ComponentTypeRef::Func(index) => ExternDesc::Func(index),
        ComponentTypeRef::Value(_) => return Err(LoadError::Unsupported { feature: "values" }),
        ComponentTypeRef::Type(TypeBounds::Eq(index)) => ExternDesc::TypeEq(index),
        ComponentTypeRef::Type(TypeBounds::SubResource) => ExternDesc::SubResource,
        ComponentTypeRef::Instance(index) => ExternDesc::Instance(index),
        ComponentTypeRef::Component(index) => ExternDesc::Component(index),
    })
}

/// A value type as it is written.
pub fn val_type(ty: ComponentValType) -> ValTypeRef {
    match ty {
        ComponentValType::Primitive(ty) => ValTypeRef::Primitive(primitive(ty)),
        ComponentValType::Type(index) => ValTypeRef::Index(index),
    }
}

fn labelled(items: &[(&str, ComponentValType)]) -> Vec<(Label, ValTypeRef)> {
    items
        .iter()
        .map(|(label, ty)| ((*label).into(), val_type(*ty)))
        .collect()
}

fn labels(items: &[&str]) -> Vec<Label> {
    items.iter().map(|label| (*label).into()).collect()
}

fn defined(ty: &ComponentDefinedType<'_>) -> DefinedType {
    match ty {
        ComponentDefinedType::Primitive(ty) => DefinedType::Primitive(primitive(*ty)),
        ComponentDefinedType::Record(fields) => DefinedType::Record(labelled(fields)),
        ComponentDefinedType::Variant(cases) => {
            let case =
                |case: &wasmparser::VariantCase<'_>| (case.name.into(), case.ty.map(val_type));
            DefinedType::Variant(cases.iter().map(case).collect())
        }
        ComponentDefinedType::List(element) => DefinedType::List(val_type(*element)),
        ComponentDefinedType::Map(key, value) => DefinedType::Map(val_type(*key), val_type(*value)),
        ComponentDefinedType::FixedLengthList(element, length) => {
            DefinedType::FixedList(val_type(*element), *length)
        }
        ComponentDefinedType::Tuple(types) => {
            DefinedType::Tuple(types.iter().copied().map(val_type).collect())
        }
        ComponentDefinedType::Flags(names) => DefinedType::Flags(labels(names)),
        ComponentDefinedType::Enum(names) => DefinedType::Enum(labels(names)),
        ComponentDefinedType::Option(some) => DefinedType::Option(val_type(*some)),
        ComponentDefinedType::Result { ok, err } => DefinedType::Result {
            ok: ok.map(val_type),
            error: err.map(val_type),
        },
        ComponentDefinedType::Own(resource) => DefinedType::Own(*resource),
        ComponentDefinedType::Borrow(resource) => DefinedType::Borrow(*resource),
        ComponentDefinedType::Future(element) => DefinedType::Future(element.map(val_type)),
        ComponentDefinedType::Stream(element) => DefinedType::Stream(element.map(val_type)),
    }
}

fn primitive(ty: PrimitiveValType) -> Primitive {
    match ty {
        PrimitiveValType::Bool => Primitive::Bool,
        PrimitiveValType::S8 => Primitive::S8,
        PrimitiveValType::U8 => Primitive::U8,
        PrimitiveValType::S16 => Primitive::S16,
        PrimitiveValType::U16 => Primitive::U16,
        PrimitiveValType::S32 => Primitive::S32,
        PrimitiveValType::U32 => Primitive::U32,
        PrimitiveValType::S64 => Primitive::S64,
        PrimitiveValType::U64 => Primitive::U64,
        PrimitiveValType::F32 => Primitive::F32,
        PrimitiveValType::F64 => Primitive::F64,
        PrimitiveValType::Char => Primitive::Char,
        PrimitiveValType::String => Primitive::String,
        PrimitiveValType::ErrorContext => Primitive::ErrorContext,
    }
}
