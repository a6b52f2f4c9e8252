//! Whether what an embedder supplies satisfies the imports of a component.
//!
//! Types are compared at run time, with the resource types that there really are: an import of a
//! resource type binds the actual type, and what is declared after it is about that type. What
//! stands inside a component was compared when the component was validated; only what comes from
//! outside is compared here.
//!
//! A declared type may depend on more than imports: on a type that a nested instance exports.
//! Therefore definitions are evaluated here as in an instantiation, but without code: a function is
//! nothing but its type.
//!
//! Spec: Explainer.md, "Type Checking".

mod host;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use thiserror::Error;

use super::ast::{
    Alias, Canon, Component, CoreType, Definition, ExternDesc, Instance, ModuleType, OuterRef,
    Sort, Type, TypeDecl,
};
use super::env::{ComponentValue, Entity, Env, InstanceValue, TypeClosure, TypeEntity};
use super::types::{FuncType, Label, ResourceTypeId};
use crate::core;
use crate::machine::state::FuncId;
use crate::machine::store::Store;

pub use host::{HostWorld, host_world};

/// How many definitions and declarations are evaluated before it is too many, counted by their
/// sizes.
const FUEL: u64 = 1_000_000;

/// How deep instantiations and instance types may be nested.
const MAX_DEPTH: u32 = 100;

/// Why the imports of a component are not satisfied. A path is the name of an import, followed by
/// the names of exports inside of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Error)]
pub enum LinkError {
    /// Nothing of that name is supplied.
    #[error("`{path}` is missing")]
    Missing {
        /// What.
        path: String,
    },
    /// Something of another sort is supplied.
    #[error("`{path}` must be a {expected} and is a {found}")]
    Sort {
        /// What.
        path: String,
        /// The sort that is declared.
        expected: &'static str,
        /// The sort that is supplied.
        found: &'static str,
    },
    /// What is supplied has another type than is declared.
    #[error("`{path}`: the {sort} supplied is not of the type that is declared")]
    Type {
        /// What.
        path: String,
        /// Its sort.
        sort: &'static str,
    },
    /// A component that itself takes core modules or components was supplied.
    #[error("`{path}`: a component that imports core modules or components is unsupported here")]
    HigherOrder {
        /// What.
        path: String,
    },
    /// The host has no function of that name, or none of that type.
    #[error("`{path}`: {reason}")]
    Host {
        /// What.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// The types are too large or too deep to compare.
    #[error("the types of the imports are too complex to compare")]
    TooComplex,
}

/// Checks that `imports` has everything that `component`, which stands in no other, imports.
pub fn check_imports(
    component: &Arc<Component>,
    imports: &BTreeMap<Label, Entity>,
    store: &Store,
) -> Result<(), LinkError> {
    let is_import = |definition: &Definition| matches!(definition, Definition::Import(_));
    let last_import = component.definitions.iter().rposition(is_import);
    let until_last_import = last_import.map_or(0, |last| last + 1);
    let mut linker = Linker::new(store);
    let mut scope = Env::default();
    for definition in &component.definitions[..until_last_import] {
        linker.define(&mut scope, definition, &Args::Compare(imports))?;
    }
    Ok(())
}

/// What a component is instantiated with.
enum Args<'a> {
    /// Something that was compared with the imports in validation.
    Validated(BTreeMap<Label, Entity>),
    /// Something that remains to be compared.
    Compare(&'a BTreeMap<Label, Entity>),
}

struct Linker<'a> {
    store: &'a Store,
    /// The types of functions that are evaluated here and do not exist in the store.
    funcs: Vec<Arc<FuncType>>,
    /// How many resource types are evaluated here that do not exist in the store.
    resources: u32,
    fuel: u64,
    depth: u32,
    /// The names on the way to what is being compared.
    path: Vec<Label>,
}

impl<'a> Linker<'a> {
    fn new(store: &'a Store) -> Linker<'a> {
        Linker {
            store,
            funcs: Vec::new(),
            resources: 0,
            fuel: FUEL,
            depth: 0,
            path: Vec::new(),
        }
    }

    /// Evaluates a definition, except for what happens on the core level.
    fn define(
        &mut self,
        scope: &mut Env,
        definition: &Definition,
        args: &Args<'_>,
    ) -> Result<(), LinkError> {
        self.spend(definition.size())?;
        match definition {
            Definition::CoreModule(module) => scope.core_modules.push(module.clone()),
            Definition::CoreType(ty) => scope.core_types.push(ty.clone()),
            Definition::CoreInstance(_) => {}
            Definition::Component(component) => {
                let component = scope.eval_component(component);
                scope.components.push(component);
            }
            Definition::Instance(instance) => {
                let instance = self.instance(scope, instance)?;
                scope.instances.push(Arc::new(instance));
            }
            Definition::Alias(item) => alias(scope, item),
            Definition::Type(ty) => {
                let ty = self.type_(scope, ty);
                scope.types.push(ty);
            }
            Definition::Canon(Canon::Lift { ty, .. }) => {
                let func = self.func(scope.func_type(*ty));
                scope.funcs.push(func);
            }
            Definition::Canon(_) => {}
            Definition::Import(import) => {
                let entity = match args {
                    Args::Validated(args) => args[&import.name].clone(),
                    Args::Compare(args) => {
                        self.compare_named(scope, import.desc, &import.name, args)?
                    }
                };
                scope.push(entity);
            }
            Definition::Export(export) => scope.push(scope.get(export.sort, export.index)),
        }
        Ok(())
    }

    fn instance(&mut self, scope: &Env, instance: &Instance) -> Result<InstanceValue, LinkError> {
        let get =
            |(name, sort, index): &(Label, Sort, u32)| (name.clone(), scope.get(*sort, *index));
        match instance {
            Instance::FromExports(items) => Ok(InstanceValue {
                exports: items.iter().map(get).collect(),
            }),
            Instance::Instantiate { component, args } => {
                let component = scope.components[*component as usize].clone();
                self.instantiate(&component, &Args::Validated(args.iter().map(get).collect()))
            }
        }
    }

    fn instantiate(
        &mut self,
        component: &ComponentValue,
        args: &Args<'_>,
    ) -> Result<InstanceValue, LinkError> {
        self.descend(|linker| {
            let mut scope = Env::new(component.outer.clone());
            let mut instance = InstanceValue::default();
            for definition in &component.component.definitions {
                linker.define(&mut scope, definition, args)?;
                if let Definition::Export(export) = definition {
                    let entity = scope.get(export.sort, export.index);
                    instance.exports.insert(export.name.clone(), entity);
                }
            }
            Ok(instance)
        })
    }

    fn type_(&mut self, scope: &Env, ty: &Type) -> TypeEntity {
        match ty {
            Type::Resource { .. } => self.resource(),
            ty => scope.eval_type(ty),
        }
    }

    /// A resource type unlike any other.
    fn resource(&mut self) -> TypeEntity {
        let id = self.store.resource_types.len() as u32 + self.resources;
        self.resources += 1;
        TypeEntity::Resource(ResourceTypeId(id))
    }

    /// A function of type `ty`.
    fn func(&mut self, ty: &Arc<FuncType>) -> FuncId {
        let id = self.store.funcs.len() + self.funcs.len();
        self.funcs.push(ty.clone());
        FuncId(id as u32)
    }

    fn func_type(&self, id: FuncId) -> &FuncType {
        match (id.0 as usize).checked_sub(self.store.funcs.len()) {
            Some(place) => &self.funcs[place],
            None => self.store.func(id).ty(),
        }
    }

    /// Finds `name` in `supplied` and compares it with what is declared.
    fn compare_named(
        &mut self,
        scope: &Env,
        desc: ExternDesc,
        name: &Label,
        supplied: &BTreeMap<Label, Entity>,
    ) -> Result<Entity, LinkError> {
        self.path.push(name.clone());
        let Some(actual) = supplied.get(name) else {
            return Err(LinkError::Missing { path: self.path() });
        };
        self.compare(scope, desc, actual)?;
        self.path.pop();
        Ok(actual.clone())
    }

    /// Whether `actual` is what is declared in `scope`.
    fn compare(&mut self, scope: &Env, desc: ExternDesc, actual: &Entity) -> Result<(), LinkError> {
        let same = match (desc, actual) {
            (ExternDesc::CoreModule(ty), Entity::CoreModule(module)) => {
                match &scope.core_types[ty as usize] {
                    CoreType::Module(ty) => module_matches(module, ty),
                    CoreType::Func(_) => unreachable!("validation asks for a module type"),
                }
            }
            (ExternDesc::Func(ty), Entity::Func(func)) => {
                self.func_type(*func) == &**scope.func_type(ty)
            }
            (ExternDesc::TypeEq(ty), Entity::Type(actual)) => {
                self.type_equals(actual, &scope.types[ty as usize])?
            }
            (ExternDesc::SubResource, Entity::Type(ty)) => matches!(ty, TypeEntity::Resource(_)),
            (ExternDesc::Component(ty), Entity::Component(component)) => {
                return self.compare_component(closure(scope, ty), component);
            }
            (ExternDesc::Instance(ty), Entity::Instance(instance)) => {
                return self.compare_instance(closure(scope, ty), &instance.exports);
            }
            _ => {
                let (path, expected) = (self.path(), sort_name(declared_sort(desc)));
                return Err(LinkError::Sort {
                    path,
                    expected,
                    found: sort_name(actual.sort()),
                });
            }
        };
        match same {
            true => Ok(()),
            false => Err(LinkError::Type {
                path: self.path(),
                sort: sort_name(actual.sort()),
            }),
        }
    }

    /// Whether an instance with these exports has all that `ty` declares, and maybe more.
    fn compare_instance(
        &mut self,
        ty: &TypeClosure,
        exports: &BTreeMap<Label, Entity>,
    ) -> Result<(), LinkError> {
        self.descend(|linker| {
            let mut scope = Env::new(ty.outer.clone());
            for decl in &ty.body.decls {
                linker.declare(&mut scope, decl, |linker, scope, name, desc| {
                    linker.compare_named(scope, desc, name, exports)
                })?;
            }
            Ok(())
        })
    }

    /// Whether `component` makes do with the imports that `ty` declares and has its exports.
    fn compare_component(
        &mut self,
        ty: &TypeClosure,
        component: &ComponentValue,
    ) -> Result<(), LinkError> {
        let declared = self.declared(ty)?;
        let actual = self.instantiate(component, &Args::Compare(&declared.imports))?;
        let mut scope = Env::new(ty.outer.clone());
        for decl in &ty.body.decls {
            let is_import = matches!(decl, TypeDecl::Import(..));
            self.declare(
                &mut scope,
                decl,
                |linker, scope, name, desc| match is_import {
                    true => Ok(declared.imports[name].clone()),
                    false => linker.compare_named(scope, desc, name, &actual.exports),
                },
            )?;
        }
        Ok(())
    }

    /// Imports and exports as `ty` declares them, otherwise unlike anything there is.
    fn declared(&mut self, ty: &TypeClosure) -> Result<Declared, LinkError> {
        self.descend(|linker| {
            let mut scope = Env::new(ty.outer.clone());
            let mut declared = Declared::default();
            for decl in &ty.body.decls {
                let into = match decl {
                    TypeDecl::Import(..) => &mut declared.imports,
                    _ => &mut declared.exports,
                };
                linker.declare(&mut scope, decl, |linker, scope, name, desc| {
                    linker.path.push(name.clone());
                    let entity = linker.example(scope, desc)?;
                    linker.path.pop();
                    into.insert(name.clone(), entity.clone());
                    Ok(entity)
                })?;
            }
            Ok(declared)
        })
    }

    /// Something of the type that is declared.
    fn example(&mut self, scope: &Env, desc: ExternDesc) -> Result<Entity, LinkError> {
        Ok(match desc {
            ExternDesc::Func(ty) => Entity::Func(self.func(scope.func_type(ty))),
            ExternDesc::TypeEq(ty) => Entity::Type(scope.types[ty as usize].clone()),
            ExternDesc::SubResource => Entity::Type(self.resource()),
            ExternDesc::Instance(ty) => {
                let exports = self.declared(closure(scope, ty))?.exports;
                Entity::Instance(Arc::new(InstanceValue { exports }))
            }
            ExternDesc::CoreModule(_) | ExternDesc::Component(_) => {
                return Err(LinkError::HigherOrder { path: self.path() });
            }
        })
    }

    /// Evaluates a declaration; `named` gives what an import or export of it stands for.
    fn declare(
        &mut self,
        scope: &mut Env,
        decl: &TypeDecl,
        named: impl FnOnce(&mut Self, &Env, &Label, ExternDesc) -> Result<Entity, LinkError>,
    ) -> Result<(), LinkError> {
        self.spend(decl.size())?;
        match decl {
            TypeDecl::CoreType(ty) => scope.core_types.push(ty.clone()),
            TypeDecl::Type(ty) => scope.types.push(scope.eval_type(ty)),
            TypeDecl::Alias(item) => alias(scope, item),
            TypeDecl::Import(name, desc) | TypeDecl::Export(name, desc) => {
                let entity = named(self, scope, name, *desc)?;
                scope.push(entity);
            }
        }
        Ok(())
    }

    /// Whether two types are the same. Instance types are if each is a subtype of the other.
    fn type_equals(&mut self, a: &TypeEntity, b: &TypeEntity) -> Result<bool, LinkError> {
        match (a, b) {
            (TypeEntity::Instance(a), TypeEntity::Instance(b)) if a != b => {
                Ok(self.instance_subtype(a, b)? && self.instance_subtype(b, a)?)
            }
            _ => Ok(a == b),
        }
    }

    fn instance_subtype(&mut self, a: &TypeClosure, b: &TypeClosure) -> Result<bool, LinkError> {
        let depth = self.path.len();
        let exports = self.declared(a)?.exports;
        let compared = self.compare_instance(b, &exports);
        self.path.truncate(depth);
        match compared {
            Err(LinkError::Missing { .. } | LinkError::Sort { .. } | LinkError::Type { .. }) => {
                Ok(false)
            }
            other => other.map(|()| true),
        }
    }

    fn descend<T>(
        &mut self,
        inside: impl FnOnce(&mut Self) -> Result<T, LinkError>,
    ) -> Result<T, LinkError> {
        if self.depth == MAX_DEPTH {
            return Err(LinkError::TooComplex);
        }
        self.depth += 1;
        let result = inside(self);
        self.depth -= 1;
        result
    }

    fn spend(&mut self, size: u64) -> Result<(), LinkError> {
        self.fuel = self.fuel.checked_sub(size).ok_or(LinkError::TooComplex)?;
        Ok(())
    }

    fn path(&self) -> String {
        self.path.join("`.`")
    }
}

/// What a component or instance type declares.
#[derive(Default)]
struct Declared {
    imports: BTreeMap<Label, Entity>,
    exports: BTreeMap<Label, Entity>,
}

fn alias(scope: &mut Env, alias: &Alias) {
    match alias {
        Alias::InstanceExport { instance, name, .. } => {
            let entity = scope.instances[*instance as usize].exports[name].clone();
            scope.push(entity);
        }
        Alias::CoreInstanceExport { .. } => {}
        Alias::Outer { sort, count, index } => {
            scope.alias_outer(OuterRef {
                count: *count,
                sort: *sort,
                index: *index,
            });
        }
    }
}

/// The component or instance type at `index`.
fn closure(scope: &Env, index: u32) -> &TypeClosure {
    match &scope.types[index as usize] {
        TypeEntity::Component(ty) | TypeEntity::Instance(ty) => ty,
        other => unreachable!("validation asks for a component or instance type, not {other:?}"),
    }
}

/// Whether `module` has all exports of `ty`, and no imports but those of `ty`.
fn module_matches(module: &core::Module, ty: &ModuleType) -> bool {
    let exports = ty.exports.iter().all(|(name, expected)| {
        module
            .export(name)
            .is_some_and(|actual| core::matches(&actual.ty, expected))
    });
    let given: BTreeMap<(&str, &str), &core::ExternType> = ty
        .imports
        .iter()
        .map(|(module, name, ty)| ((&**module, &**name), ty))
        .collect();
    exports
        && module.imports().iter().all(|import| {
            let given = given.get(&(import.module.as_str(), import.name.as_str()));
            given.is_some_and(|given| core::matches(given, &import.ty))
        })
}

fn declared_sort(desc: ExternDesc) -> Sort {
    match desc {
        ExternDesc::CoreModule(_) => Sort::CoreModule,
        ExternDesc::Func(_) => Sort::Func,
        ExternDesc::TypeEq(_) | ExternDesc::SubResource => Sort::Type,
        ExternDesc::Component(_) => Sort::Component,
        ExternDesc::Instance(_) => Sort::Instance,
    }
}

fn sort_name(sort: Sort) -> &'static str {
    match sort {
        Sort::CoreModule => "core module",
        Sort::Func => "function",
        Sort::Type => "type",
        Sort::Component => "component",
        Sort::Instance => "instance",
    }
}
