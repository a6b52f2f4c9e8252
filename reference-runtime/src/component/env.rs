//! The component-level index spaces of one scope, and the types that definitions evaluate to in it.
//!
//! A scope is a component being instantiated, or the body of a component or instance type while
//! something is matched against it. What a nested definition uses of the scopes around it is looked
//! up when the definition is evaluated ([`Env::capture`]), so a component or type that has been
//! evaluated is closed: it keeps what it names and nothing else alive.
//!
//! Indices come from a validated component, so each is in range and of the sort that its place
//! asks for.
//!
//! Spec: Explainer.md, "Index Spaces", "Alias Definitions" and "Type Definitions".

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ast::{
    self, CoreType, DefinedType, OuterRef, OuterSort, Primitive, Sort, TypeBody, ValTypeRef,
};
use super::types::{self, Case, Field, Label, ResourceTypeId, ValType};
use crate::core;
use crate::machine::state::FuncId;

/// What an index of a component-level index space stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Entity {
    /// A core module.
    CoreModule(core::Module),
    /// A component function.
    Func(FuncId),
    /// A type.
    Type(TypeEntity),
    /// A component.
    Component(ComponentValue),
    /// An instance.
    Instance(Arc<InstanceValue>),
}

impl Entity {
    /// The sort of the index space that holds it.
    pub fn sort(&self) -> Sort {
        match self {
            Entity::CoreModule(_) => Sort::CoreModule,
            Entity::Func(_) => Sort::Func,
            Entity::Type(_) => Sort::Type,
            Entity::Component(_) => Sort::Component,
            Entity::Instance(_) => Sort::Instance,
        }
    }
}

/// What an index of a type index space stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TypeEntity {
    /// A value type.
    Val(ValType),
    /// A function type.
    Func(Arc<types::FuncType>),
    /// A resource type.
    Resource(ResourceTypeId),
    /// A component type.
    Component(Arc<TypeClosure>),
    /// An instance type.
    Instance(Arc<TypeClosure>),
}

/// A component or instance type with what it uses of the scopes around it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TypeClosure {
    /// The declarations.
    pub body: Arc<TypeBody>,
    /// What they name of outer scopes.
    pub outer: Captured,
}

/// A component with what it uses of the scopes around it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ComponentValue {
    /// The definitions.
    pub component: Arc<ast::Component>,
    /// What they name of outer scopes.
    pub outer: Captured,
}

impl ComponentValue {
    /// A component that stands in no other.
    pub fn root(component: Arc<ast::Component>) -> ComponentValue {
        ComponentValue {
            component,
            outer: Captured::default(),
        }
    }
}

/// A component instance as others see it: its exports by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct InstanceValue {
    /// The exports.
    pub exports: BTreeMap<Label, Entity>,
}

/// Items of enclosing scopes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Captured(Arc<BTreeMap<OuterRef, OuterEntity>>);

/// An item of an enclosing scope.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OuterEntity {
    /// A core module.
    CoreModule(core::Module),
    /// A core type.
    CoreType(CoreType),
    /// A type.
    Type(TypeEntity),
    /// A component.
    Component(ComponentValue),
}

/// The component-level index spaces of a scope, which grow as its definitions are evaluated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Env {
    /// What the scope uses of those around it.
    outer: Captured,
    /// Core modules.
    pub core_modules: Vec<core::Module>,
    /// Core types.
    pub core_types: Vec<CoreType>,
    /// Functions.
    pub funcs: Vec<FuncId>,
    /// Types.
    pub types: Vec<TypeEntity>,
    /// Components.
    pub components: Vec<ComponentValue>,
    /// Instances.
    pub instances: Vec<Arc<InstanceValue>>,
}

impl Env {
    /// An empty scope inside of those that `outer` was captured from.
    pub fn new(outer: Captured) -> Env {
        Env {
            outer,
            ..Env::default()
        }
    }

    /// Appends `entity` to the index space of its sort.
    pub fn push(&mut self, entity: Entity) {
        match entity {
            Entity::CoreModule(module) => self.core_modules.push(module),
            Entity::Func(func) => self.funcs.push(func),
            Entity::Type(ty) => self.types.push(ty),
            Entity::Component(component) => self.components.push(component),
            Entity::Instance(instance) => self.instances.push(instance),
        }
    }

    /// What `index` stands for in the index space of `sort`.
    pub fn get(&self, sort: Sort, index: u32) -> Entity {
        let at = index as usize;
        match sort {
            Sort::CoreModule => Entity::CoreModule(self.core_modules[at].clone()),
            Sort::Func => Entity::Func(self.funcs[at]),
            Sort::Type => Entity::Type(self.types[at].clone()),
            Sort::Component => Entity::Component(self.components[at].clone()),
            Sort::Instance => Entity::Instance(self.instances[at].clone()),
        }
    }

    /// What an outer alias stands for. A `count` of 0 is this scope.
    ///
    /// Spec: Explainer.md, "Alias Definitions".
    pub fn outer(&self, item: OuterRef) -> OuterEntity {
        let at = item.index as usize;
        match (item.count, item.sort) {
            (0, OuterSort::CoreModule) => OuterEntity::CoreModule(self.core_modules[at].clone()),
            (0, OuterSort::CoreType) => OuterEntity::CoreType(self.core_types[at].clone()),
            (0, OuterSort::Type) => OuterEntity::Type(self.types[at].clone()),
            (0, OuterSort::Component) => OuterEntity::Component(self.components[at].clone()),
            _ => self.outer.0[&item].clone(),
        }
    }

    /// Appends what an outer alias stands for to the index space of its sort.
    pub fn alias_outer(&mut self, item: OuterRef) {
        match self.outer(item) {
            OuterEntity::CoreModule(module) => self.core_modules.push(module),
            OuterEntity::CoreType(ty) => self.core_types.push(ty),
            OuterEntity::Type(ty) => self.types.push(ty),
            OuterEntity::Component(component) => self.components.push(component),
        }
    }

    /// Looks up what a scope nested directly in this one uses of outer scopes.
    pub fn capture(&self, items: &[OuterRef]) -> Captured {
        let from_here = |item: &OuterRef| OuterRef {
            count: item.count - 1,
            ..*item
        };
        Captured(Arc::new(
            items
                .iter()
                .map(|item| (*item, self.outer(from_here(item))))
                .collect(),
        ))
    }

    /// The value of a component definition in this scope.
    pub fn eval_component(&self, component: &Arc<ast::Component>) -> ComponentValue {
        ComponentValue {
            component: component.clone(),
            outer: self.capture(&component.outer),
        }
    }

    /// The value of a type definition other than a resource's, which is fresh for each
    /// instantiation and therefore the business of who instantiates.
    ///
    /// Spec: Explainer.md, "Type Definitions".
    pub fn eval_type(&self, ty: &ast::Type) -> TypeEntity {
        match ty {
            ast::Type::Defined(ty) => TypeEntity::Val(self.eval_defined(ty)),
            ast::Type::Func(ty) => TypeEntity::Func(Arc::new(self.eval_func(ty))),
            ast::Type::Component(body) => TypeEntity::Component(self.eval_body(body)),
            ast::Type::Instance(body) => TypeEntity::Instance(self.eval_body(body)),
            ast::Type::Resource { .. } => unreachable!("who instantiates defines resource types"),
        }
    }

    fn eval_body(&self, body: &Arc<TypeBody>) -> Arc<TypeClosure> {
        Arc::new(TypeClosure {
            body: body.clone(),
            outer: self.capture(&body.outer),
        })
    }

    /// The function type that `ty` means in this scope.
    pub fn eval_func(&self, ty: &ast::FuncType) -> types::FuncType {
        types::FuncType {
            effect: ty.effect,
            param_names: ty.params.iter().map(|(name, _)| name.clone()).collect(),
            params: ty
                .params
                .iter()
                .map(|(_, ty)| self.eval_val_type(*ty))
                .collect(),
            result: ty.result.iter().map(|ty| self.eval_val_type(*ty)).collect(),
        }
    }

    /// The value type that `ty` means in this scope.
    pub fn eval_val_type(&self, ty: ValTypeRef) -> ValType {
        match ty {
            ValTypeRef::Primitive(primitive) => eval_primitive(primitive),
            ValTypeRef::Index(index) => match &self.types[index as usize] {
                TypeEntity::Val(ty) => ty.clone(),
                other => unreachable!("validation asks for a value type, not {other:?}"),
            },
        }
    }

    /// The value type that the definition `ty` means in this scope.
    pub fn eval_defined(&self, ty: &DefinedType) -> ValType {
        let shared = |ty: &ValTypeRef| Arc::new(self.eval_val_type(*ty));
        let maybe = |ty: &Option<ValTypeRef>| ty.as_ref().map(shared);
        match ty {
            DefinedType::Primitive(primitive) => eval_primitive(*primitive),
            DefinedType::List(element) => ValType::List(shared(element)),
            DefinedType::FixedList(element, length) => ValType::FixedList(shared(element), *length),
            DefinedType::Map(key, value) => ValType::Map(shared(key), shared(value)),
            DefinedType::Record(fields) => ValType::Record(self.eval_fields(fields)),
            DefinedType::Tuple(types) => {
                ValType::Tuple(types.iter().map(|ty| self.eval_val_type(*ty)).collect())
            }
            DefinedType::Variant(cases) => ValType::Variant(self.eval_cases(cases)),
            DefinedType::Enum(labels) => ValType::Enum(labels.as_slice().into()),
            DefinedType::Option(some) => ValType::Option(shared(some)),
            DefinedType::Result { ok, error } => ValType::Result {
                ok: maybe(ok),
                error: maybe(error),
            },
            DefinedType::Flags(labels) => ValType::Flags(labels.as_slice().into()),
            DefinedType::Own(resource) => ValType::Own(self.resource(*resource)),
            DefinedType::Borrow(resource) => ValType::Borrow(self.resource(*resource)),
            DefinedType::Stream(element) => ValType::Stream(maybe(element)),
            DefinedType::Future(element) => ValType::Future(maybe(element)),
        }
    }

    fn eval_fields(&self, fields: &[(Label, ValTypeRef)]) -> Arc<[Field]> {
        fields
            .iter()
            .map(|(label, ty)| Field {
                label: label.clone(),
                ty: self.eval_val_type(*ty),
            })
            .collect()
    }

    fn eval_cases(&self, cases: &[(Label, Option<ValTypeRef>)]) -> Arc<[Case]> {
        cases
            .iter()
            .map(|(label, ty)| Case {
                label: label.clone(),
                ty: ty.map(|ty| self.eval_val_type(ty)),
            })
            .collect()
    }

    /// The function type at `index`.
    pub fn func_type(&self, index: u32) -> &Arc<types::FuncType> {
        match &self.types[index as usize] {
            TypeEntity::Func(ty) => ty,
            other => unreachable!("validation asks for a function type, not {other:?}"),
        }
    }

    /// The resource type at `index`.
    pub fn resource(&self, index: u32) -> ResourceTypeId {
        match &self.types[index as usize] {
            TypeEntity::Resource(id) => *id,
            other => unreachable!("validation asks for a resource type, not {other:?}"),
        }
    }
}

/// The value type that a primitive type is.
pub fn eval_primitive(primitive: Primitive) -> ValType {
    match primitive {
        Primitive::Bool => ValType::Bool,
        Primitive::S8 => ValType::S8,
        Primitive::U8 => ValType::U8,
        Primitive::S16 => ValType::S16,
        Primitive::U16 => ValType::U16,
        Primitive::S32 => ValType::S32,
        Primitive::U32 => ValType::U32,
        Primitive::S64 => ValType::S64,
        Primitive::U64 => ValType::U64,
        Primitive::F32 => ValType::F32,
        Primitive::F64 => ValType::F64,
        Primitive::Char => ValType::Char,
        Primitive::String => ValType::String,
        Primitive::ErrorContext => ValType::ErrorContext,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::ast::{Alias, Definition, TypeDecl};
    use crate::component::outer;

    fn alias(count: u32, index: u32) -> Alias {
        Alias::Outer {
            sort: OuterSort::Type,
            count,
            index,
        }
    }

    #[test]
    fn a_type_index_means_the_type_that_was_defined_there() {
        let mut env = Env::default();
        let list = DefinedType::List(ValTypeRef::Primitive(Primitive::U8));
        env.push(Entity::Type(env.eval_type(&ast::Type::Defined(list))));
        let pair = DefinedType::Tuple(vec![ValTypeRef::Index(0), ValTypeRef::Index(0)]);
        let bytes = ValType::List(Arc::new(ValType::U8));
        assert_eq!(
            env.eval_defined(&pair),
            ValType::Tuple([bytes.clone(), bytes].into())
        );
    }

    #[test]
    fn a_component_carries_what_it_and_those_inside_it_use_of_scopes_further_out() {
        let definitions = vec![Definition::Alias(alias(2, 0))];
        let outer = outer::of_definitions(&definitions);
        let inner = Arc::new(ast::Component { definitions, outer });
        let definitions = vec![Definition::Component(inner.clone())];
        let outer = outer::of_definitions(&definitions);
        let middle = Arc::new(ast::Component { definitions, outer });

        let mut root = Env::default();
        root.push(Entity::Type(TypeEntity::Val(ValType::Char)));
        let middle = root.eval_component(&middle);
        let inner = Env::new(middle.outer).eval_component(&inner);
        let mut scope = Env::new(inner.outer);
        scope.alias_outer(OuterRef {
            count: 2,
            sort: OuterSort::Type,
            index: 0,
        });
        assert_eq!(scope.types, [TypeEntity::Val(ValType::Char)]);
    }

    #[test]
    fn a_type_captures_only_what_it_names() {
        let mut env = Env::default();
        for ty in [ValType::Char, ValType::Bool] {
            env.push(Entity::Type(TypeEntity::Val(ty)));
        }
        let decls = vec![TypeDecl::Alias(alias(1, 1))];
        let body = Arc::new(TypeBody {
            outer: outer::of_decls(&decls),
            decls,
        });
        let TypeEntity::Instance(closure) = env.eval_type(&ast::Type::Instance(body)) else {
            panic!("an instance type evaluates to an instance type");
        };
        let named = OuterRef {
            count: 1,
            sort: OuterSort::Type,
            index: 1,
        };
        assert_eq!(closure.outer, env.capture(&[named]));
        assert_eq!(closure.outer.0.len(), 1);
    }
}
