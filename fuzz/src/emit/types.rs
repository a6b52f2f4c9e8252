//! Types, written down where they are needed and once in each component.
//!
//! Records, variants, enums and flags are nominal: where an import or export mentions one, it must
//! have been imported or exported itself. They are called `t` and a number, the same in all components.

use std::collections::{BTreeMap, HashMap, HashSet};

use assize_protocol::types::Type;
use wasm_encoder::{
    ComponentBuilder, ComponentTypeEncoder, ComponentValType, InstanceType, PrimitiveValType,
};

use crate::program::{FunctionType, Program, ResourceId, resource_of, walk};

/// The numbers of a program's nominal types, parts before the whole.
#[derive(Clone, Debug, Default)]
pub(super) struct Nominal {
    types: Vec<Type>,
    numbers: HashMap<Type, usize>,
}

impl Nominal {
    /// Of all types that occur in a program.
    pub(super) fn of(program: &Program) -> Nominal {
        let mut nominal = Nominal::default();
        for host in &program.host {
            host.ty.types().for_each(|ty| nominal.add(ty));
        }
        for instance in &program.instances {
            for function in &instance.functions {
                function.ty.types().for_each(|ty| nominal.add(ty));
            }
            for canon in &instance.canons {
                canon.ty().into_iter().for_each(|ty| nominal.add(ty));
            }
        }
        nominal
    }

    fn add(&mut self, ty: &Type) {
        walk(ty, &mut |ty| {
            if is_nominal(ty) && !self.numbers.contains_key(ty) {
                self.numbers.insert(ty.clone(), self.types.len());
                self.types.push(ty.clone());
            }
        });
    }

    /// Those that occur in some types, parts before the whole.
    pub(super) fn within<'t>(&self, types: impl Iterator<Item = &'t Type>) -> Vec<(String, &Type)> {
        let mut numbers: Vec<usize> = Vec::new();
        for ty in types {
            walk(ty, &mut |ty| {
                numbers.extend(self.numbers.get(ty).filter(|_| is_nominal(ty)));
            });
        }
        numbers.sort_unstable();
        numbers.dedup();
        let named = numbers.into_iter();
        named
            .map(|number| (format!("t{number}"), &self.types[number]))
            .collect()
    }
}

fn is_nominal(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Record(_) | Type::Variant(_) | Type::Enum(_) | Type::Flags(_)
    )
}

/// Where types are defined: a component, or the type of an instance.
pub(super) trait Scope {
    /// The next type's index, and what writes it.
    fn next_type(&mut self) -> (u32, ComponentTypeEncoder<'_>);
}

impl Scope for ComponentBuilder {
    fn next_type(&mut self) -> (u32, ComponentTypeEncoder<'_>) {
        self.ty(None)
    }
}

impl Scope for InstanceType {
    fn next_type(&mut self) -> (u32, ComponentTypeEncoder<'_>) {
        (self.type_count(), self.ty())
    }
}

/// The types of one scope that have been written, by their indices.
#[derive(Clone, Debug, Default)]
pub(super) struct TypeEnv {
    resources: BTreeMap<ResourceId, u32>,
    written: HashMap<Type, ComponentValType>,
    named: HashSet<Type>,
}

impl TypeEnv {
    /// Says where a resource type is. What was written with another index is not used any more.
    pub(super) fn set_resource(&mut self, resource: ResourceId, index: u32) {
        if self.resources.insert(resource, index).is_some() {
            self.forget(|part| match part {
                Type::Own(name) | Type::Borrow(name) => resource_of(name) == Some(resource),
                _ => false,
            });
        }
    }

    /// Where a resource type is, if it is there.
    pub(super) fn resource(&self, resource: ResourceId) -> Option<u32> {
        self.resources.get(&resource).copied()
    }

    /// Says under which index a nominal type was imported or exported. What was written with another
    /// index is not used any more.
    pub(super) fn set_type(&mut self, ty: &Type, index: u32) {
        self.forget(|part| part == ty);
        let index = ComponentValType::Type(index);
        self.written.insert(ty.clone(), index);
        self.named.insert(ty.clone());
    }

    /// Whether a nominal type was imported or exported.
    pub(super) fn is_named(&self, ty: &Type) -> bool {
        self.named.contains(ty)
    }

    fn forget(&mut self, stale: impl Fn(&Type) -> bool) {
        self.written.retain(|ty, _| {
            let mut keep = true;
            walk(ty, &mut |part| keep &= !stale(part));
            keep
        });
    }

    /// The function type, written now.
    pub(super) fn function(
        &mut self,
        scope: &mut impl Scope,
        names: &[String],
        ty: &FunctionType,
    ) -> u32 {
        let params: Vec<_> = ty.params.iter().map(|ty| self.val(scope, ty)).collect();
        let result = ty.result.as_ref().map(|ty| self.val(scope, ty));
        let (index, encoder) = scope.next_type();
        let params = names.iter().map(String::as_str).zip(params);
        let params: Vec<_> = params.collect();
        let mut function = encoder.function();
        function.async_(ty.is_async);
        function.params(params).result(result);
        index
    }

    /// The index of a type, which is written now if it has not been, with all that it needs.
    pub(super) fn index(&mut self, scope: &mut impl Scope, ty: &Type) -> u32 {
        match self.val(scope, ty) {
            ComponentValType::Type(index) => index,
            ComponentValType::Primitive(primitive) => {
                let (index, encoder) = scope.next_type();
                encoder.defined_type().primitive(primitive);
                index
            }
        }
    }

    /// The type as others are written with it.
    pub(super) fn val(&mut self, scope: &mut impl Scope, ty: &Type) -> ComponentValType {
        if let Some(primitive) = primitive(ty) {
            return ComponentValType::Primitive(primitive);
        }
        if let Some(written) = self.written.get(ty) {
            return *written;
        }
        let index = ComponentValType::Type(self.write(scope, ty));
        self.written.insert(ty.clone(), index);
        index
    }

    /// Writes a type that is not primitive.
    fn write(&mut self, scope: &mut impl Scope, ty: &Type) -> u32 {
        let parts = self.parts(scope, ty);
        let (index, encoder) = scope.next_type();
        let encoder = encoder.defined_type();
        let mut parts = parts.into_iter();
        let mut part = || {
            parts
                .next()
                .unwrap_or(ComponentValType::Primitive(PrimitiveValType::Bool))
        };
        match ty {
            Type::List(_) => encoder.list(part()),
            Type::FixedList(_, length) => encoder.fixed_length_list(part(), *length),
            Type::Map(..) => {
                let key = part();
                encoder.map(key, part());
            }
            Type::Record(fields) => {
                let fields = fields.iter().map(|(label, _)| (label.as_str(), part()));
                encoder.record(fields.collect::<Vec<_>>());
            }
            Type::Tuple(types) => {
                encoder.tuple(types.iter().map(|_| part()).collect::<Vec<_>>());
            }
            Type::Variant(cases) => {
                let cases = cases.iter();
                let cases = cases.map(|(label, t)| (label.as_str(), t.as_ref().map(|_| part())));
                encoder.variant(cases.collect::<Vec<_>>());
            }
            Type::Enum(names) => encoder.enum_type(names.iter().map(String::as_str)),
            Type::Flags(names) => encoder.flags(names.iter().map(String::as_str)),
            Type::Option(_) => encoder.option(part()),
            Type::Result(ok, error) => {
                let ok = ok.as_ref().map(|_| part());
                encoder.result(ok, error.as_ref().map(|_| part()));
            }
            Type::Own(name) => encoder.own(self.handle(name)),
            Type::Borrow(name) => encoder.borrow(self.handle(name)),
            Type::Stream(t) => encoder.stream(t.as_ref().map(|_| part())),
            Type::Future(t) => encoder.future(t.as_ref().map(|_| part())),
            _ => encoder.primitive(primitive(ty).unwrap_or(PrimitiveValType::Bool)),
        }
        index
    }

    /// The types directly in a type, in order.
    fn parts(&mut self, scope: &mut impl Scope, ty: &Type) -> Vec<ComponentValType> {
        let parts: Vec<&Type> = match ty {
            Type::List(t) | Type::FixedList(t, _) | Type::Option(t) => vec![t],
            Type::Map(key, value) => vec![key, value],
            Type::Record(fields) => fields.iter().map(|(_, t)| t).collect(),
            Type::Tuple(types) => types.iter().collect(),
            Type::Variant(cases) => cases.iter().filter_map(|(_, t)| t.as_ref()).collect(),
            Type::Result(ok, error) => {
                let payloads = [ok, error].into_iter().flatten();
                payloads.map(|t| &**t).collect()
            }
            Type::Stream(Some(t)) | Type::Future(Some(t)) => vec![t],
            _ => Vec::new(),
        };
        parts.into_iter().map(|ty| self.val(scope, ty)).collect()
    }

    /// A program that was checked names only resource types that have been set by then.
    fn handle(&self, name: &str) -> u32 {
        let resource = resource_of(name).and_then(|resource| self.resource(resource));
        resource.unwrap_or(u32::MAX)
    }
}

fn primitive(ty: &Type) -> Option<PrimitiveValType> {
    Some(match ty {
        Type::Bool => PrimitiveValType::Bool,
        Type::S8 => PrimitiveValType::S8,
        Type::U8 => PrimitiveValType::U8,
        Type::S16 => PrimitiveValType::S16,
        Type::U16 => PrimitiveValType::U16,
        Type::S32 => PrimitiveValType::S32,
        Type::U32 => PrimitiveValType::U32,
        Type::S64 => PrimitiveValType::S64,
        Type::U64 => PrimitiveValType::U64,
        Type::F32 => PrimitiveValType::F32,
        Type::F64 => PrimitiveValType::F64,
        Type::Char => PrimitiveValType::Char,
        Type::String => PrimitiveValType::String,
        Type::ErrorContext => PrimitiveValType::ErrorContext,
        _ => return None,
    })
}
