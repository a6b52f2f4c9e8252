//! What each component imports and exports, so that every instance gets what it names.
//!
//! Components are nested as the instances are, and take nothing from outside but by imports. So what
//! one instance names of another is exported by each component around the latter, up to the one in
//! which both stand, and imported by each component from there down to the former.

use std::collections::BTreeSet;

use assize_protocol::types::Type;

use crate::program::{
    Action, Callee, FunctionId, FunctionType, HostId, InstanceId, Owner, Program, ResourceId,
    resource_of, walk,
};

use super::Form;
use super::uses::Uses;

/// A function that components pass on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Item {
    /// The host's for marks.
    Mark,
    /// Another one of the host's.
    Host(HostId),
    /// An instance's.
    Function(InstanceId, FunctionId),
    /// The one that takes the bodies of an instance, in the chassis.
    Load(InstanceId),
}

impl Item {
    /// The name under which it is imported and exported.
    pub(super) fn name(self, program: &Program) -> String {
        match self {
            Item::Mark => "trace-mark".to_owned(),
            Item::Host(host) => format!("{}-{}", program.host[host.index()].verb, host.0),
            Item::Function(instance, function) => export_name(instance, function),
            Item::Load(instance) => load_name(instance),
        }
    }

    /// The instance that defines it; none for the host's.
    fn owner(self) -> Option<InstanceId> {
        match self {
            Item::Mark | Item::Host(_) => None,
            Item::Function(instance, _) | Item::Load(instance) => Some(instance),
        }
    }

    /// Its type.
    pub(super) fn ty(self, program: &Program) -> FunctionType {
        let sync = |params| FunctionType {
            is_async: false,
            params,
            result: None,
        };
        match self {
            Item::Mark => sync(vec![Type::U32, Type::U64]),
            Item::Load(_) => sync(vec![Type::List(Box::new(Type::U64))]),
            Item::Host(host) => program.function_type(Callee::Host(host)).clone(),
            Item::Function(instance, function) => {
                let callee = Callee::Function { instance, function };
                program.function_type(callee).clone()
            }
        }
    }

    /// The names of its parameters.
    pub(super) fn param_names(self, program: &Program) -> Vec<String> {
        match self {
            Item::Mark => vec!["place".to_owned(), "value".to_owned()],
            Item::Load(_) => vec!["code".to_owned()],
            Item::Host(_) | Item::Function(..) => {
                let count = self.ty(program).params.len();
                (0..count).map(|number| format!("p{number}")).collect()
            }
        }
    }
}

/// The name under which a function is exported.
pub(super) fn export_name(instance: InstanceId, function: FunctionId) -> String {
    format!("i{}-f{}", instance.0, function.0)
}

/// The name of the function that takes an instance's bodies.
pub(super) fn load_name(instance: InstanceId) -> String {
    format!("load-i{}", instance.0)
}

/// What a component imports and exports.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    /// The functions that it imports; for a root those of the host world.
    pub(super) imports: BTreeSet<Item>,
    /// The functions that it exports.
    pub(super) exports: BTreeSet<Item>,
    /// The resource types that it imports; for a root those of the host world.
    pub(super) imported_resources: BTreeSet<ResourceId>,
    /// The resource types that it exports.
    pub(super) exported_resources: BTreeSet<ResourceId>,
}

/// What each instance's component imports and exports.
pub(super) fn links(program: &Program, uses: &[Uses], form: Form) -> Vec<Links> {
    let mut links = vec![Links::default(); program.instances.len()];
    for (number, instance) in (0..).zip(&program.instances) {
        let id = InstanceId(number);
        let uses = &uses[id.index()];
        if uses.marks {
            pass(program, &mut links, id, Item::Mark);
        }
        for import in &uses.imports {
            let item = match instance.imports[import.index()].callee {
                Callee::Host(host) => Item::Host(host),
                Callee::Function { instance, function } => Item::Function(instance, function),
            };
            pass(program, &mut links, id, item);
        }
        if form == Form::Chassis {
            export(program, &mut links, Item::Load(id));
            let functions = (0..instance.functions.len() as u32).map(FunctionId);
            functions.for_each(|f| export(program, &mut links, Item::Function(id, f)));
        }
    }
    // Where everything is exported, actions have nothing to add, and have not been checked.
    let actions = match form {
        Form::Straight => &program.actions[..],
        Form::Chassis => &[],
    };
    for action in actions {
        if let Action::Start {
            instance, function, ..
        } = action
        {
            export(program, &mut links, Item::Function(*instance, *function));
        }
    }
    for number in 0..program.instances.len() {
        let id = InstanceId(number as u32);
        for resource in needed(program, &uses[number], &links[number], id) {
            pass_resource(program, &mut links, id, resource);
        }
    }
    links
}

/// The components that import what `owner` defines so that `from` can name it, and those that export
/// it.
fn route(
    program: &Program,
    from: InstanceId,
    owner: Option<InstanceId>,
) -> (Vec<InstanceId>, Vec<InstanceId>) {
    let Some(owner) = owner else {
        return (program.ancestry(from).collect(), Vec::new());
    };
    let importers = program.ancestry(from);
    let exporters = program.ancestry(owner);
    (
        importers
            .take_while(|component| !program.is_within(owner, *component))
            .collect(),
        exporters
            .take_while(|component| !program.is_within(from, *component))
            .collect(),
    )
}

fn pass(program: &Program, links: &mut [Links], from: InstanceId, item: Item) {
    let (importers, exporters) = route(program, from, item.owner());
    for component in importers {
        links[component.index()].imports.insert(item);
    }
    for component in exporters {
        links[component.index()].exports.insert(item);
    }
}

fn pass_resource(program: &Program, links: &mut [Links], from: InstanceId, resource: ResourceId) {
    let owner = match program.resources[resource.index()].owner {
        Owner::Host => None,
        Owner::Instance { instance, .. } => Some(instance),
    };
    let (importers, exporters) = route(program, from, owner);
    for component in importers {
        let imported = &mut links[component.index()].imported_resources;
        imported.insert(resource);
    }
    for component in exporters {
        let exported = &mut links[component.index()].exported_resources;
        exported.insert(resource);
    }
}

/// Has the function exported all the way to the host.
fn export(program: &Program, links: &mut [Links], item: Item) {
    if let Some(owner) = item.owner() {
        for component in program.ancestry(owner) {
            links[component.index()].exports.insert(item);
        }
    }
}

/// The resource types that are named in a component.
fn needed(program: &Program, uses: &Uses, links: &Links, id: InstanceId) -> BTreeSet<ResourceId> {
    let instance = &program.instances[id.index()];
    let mut needed = BTreeSet::new();
    let mut of_type = |ty: &Type| {
        walk(ty, &mut |ty| {
            if let Type::Own(name) | Type::Borrow(name) = ty {
                needed.extend(resource_of(name));
            }
        });
    };
    for function in &instance.functions {
        function.ty.types().for_each(&mut of_type);
    }
    for item in links.imports.iter().chain(&links.exports) {
        item.ty(program).types().for_each(&mut of_type);
    }
    let canons = uses.canons.iter();
    let canons = canons.map(|canon| &instance.canons[canon.index()]);
    let mut of_canons = Vec::new();
    for canon in canons {
        canon.ty().into_iter().for_each(&mut of_type);
        of_canons.extend(canon.resource());
    }
    needed.extend(of_canons);
    needed
}
