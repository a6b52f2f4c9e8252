//! The host's world as a component imports it: what it declares is what there is.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{LinkError, Linker, closure};
use crate::component::ast::{Component, Definition, ExternDesc, Rep};
use crate::component::env::{Entity, Env, InstanceValue};
use crate::component::types::Label;
use crate::host::{HostFunc, Verb, WORLD};
use crate::machine::state::{Definer, FuncInst, ResourceType};
use crate::machine::store::Store;

use super::Args;

/// An instance of the host's world that is not in the store yet.
#[derive(Clone, Debug)]
pub struct HostWorld {
    exports: BTreeMap<Label, Entity>,
    funcs: Vec<HostFunc>,
    resources: Vec<Label>,
}

/// What the host has to offer so that `component` gets the host's world that it imports; nothing if
/// it imports none, or if `imports` has it already.
///
/// The import must come before any definition that makes functions or resource types.
pub fn host_world(
    component: &Arc<Component>,
    imports: &BTreeMap<Label, Entity>,
    store: &Store,
) -> Result<Option<HostWorld>, LinkError> {
    let is_world = |definition: &Definition| matches!(definition, Definition::Import(import) if &*import.name == WORLD);
    let Some(position) = component.definitions.iter().position(is_world) else {
        return Ok(None);
    };
    let Definition::Import(import) = &component.definitions[position] else {
        return Ok(None);
    };
    let ExternDesc::Instance(ty) = import.desc else {
        return Ok(None);
    };
    if imports.contains_key(WORLD) {
        return Ok(None);
    }
    let mut linker = Linker::new(store);
    let mut scope = Env::default();
    for definition in &component.definitions[..position] {
        linker.define(&mut scope, definition, &Args::Compare(imports))?;
    }
    linker.path.push(import.name.clone());
    if !linker.funcs.is_empty() || linker.resources > 0 {
        let reason = "it must be imported before functions and resource types are defined";
        return Err(linker.host_error(reason.to_owned()));
    }
    let ty = closure(&scope, ty);
    let mut world = HostWorld {
        exports: BTreeMap::new(),
        funcs: Vec::new(),
        resources: Vec::new(),
    };
    let mut scope = Env::new(ty.outer.clone());
    for decl in &ty.body.decls {
        linker.declare(&mut scope, decl, |linker, scope, name, desc| {
            linker.path.push(name.clone());
            let entity = linker.host_item(&mut world, scope, name, desc)?;
            linker.path.pop();
            world.exports.insert(name.clone(), entity.clone());
            Ok(entity)
        })?;
    }
    Ok(Some(world))
}

impl Linker<'_> {
    fn host_item(
        &mut self,
        world: &mut HostWorld,
        scope: &Env,
        name: &Label,
        desc: ExternDesc,
    ) -> Result<Entity, LinkError> {
        match desc {
            ExternDesc::TypeEq(ty) => Ok(Entity::Type(scope.types[ty as usize].clone())),
            ExternDesc::SubResource => {
                world.resources.push(name.clone());
                Ok(Entity::Type(self.resource()))
            }
            ExternDesc::Func(ty) => {
                let ty = scope.func_type(ty).clone();
                let Some(verb) = Verb::of(name) else {
                    let reason = "the host has no function whose name begins so".to_owned();
                    return Err(self.host_error(reason));
                };
                if !verb.fits(&ty) {
                    let expected = verb.expected();
                    return Err(self.host_error(format!("the host has it as `{expected}`")));
                }
                let func = self.func(&ty);
                let name = name.clone();
                world.funcs.push(HostFunc { name, verb, ty });
                Ok(Entity::Func(func))
            }
            ExternDesc::CoreModule(_) | ExternDesc::Component(_) | ExternDesc::Instance(_) => {
                Err(self.host_error("the host has only functions and types".to_owned()))
            }
        }
    }

    fn host_error(&self, reason: String) -> LinkError {
        let path = self.path();
        LinkError::Host { path, reason }
    }
}

impl Store {
    /// Adds an instance of the host's world that [`host_world`] has found for this store.
    pub fn define_host_world(&mut self, world: HostWorld) -> Arc<InstanceValue> {
        Arc::make_mut(&mut self.funcs).extend(world.funcs.into_iter().map(FuncInst::Host));
        let resources = world.resources.into_iter().map(|name| ResourceType {
            definer: Definer::Host(name),
            dtor: None,
            rep: Rep::I32,
        });
        Arc::make_mut(&mut self.resource_types).extend(resources);
        Arc::new(InstanceValue {
            exports: world.exports,
        })
    }
}
