//! The component of an instance, with those of its children inside.

mod calls;

use std::collections::BTreeMap;

use assize_protocol::types::Type;
use wasm_encoder::{
    ComponentBuilder, ComponentExportKind, ComponentTypeRef, ExportKind, InstanceType, ModuleArg,
    TypeBounds, ValType,
};

use crate::program::{FunctionType, Instance, InstanceId, Owner, Program, ResourceId, When};

pub(super) use self::calls::Realloc;
use super::Form;
use super::core::{CoreModule, Imported, taking};
use super::interface::Interface;
use super::interpreter;
use super::libc;
use super::links::{Item, Links};
use super::names::Names;
use super::straight::{self, CANON, LIBC, START};
use super::types::{Nominal, TypeEnv};
use super::uses::Uses;

/// The instance that a root imports.
const WORLD: &str = "assize:host/world@0.1.0";

/// What is known of the whole program.
pub(super) struct Context<'p> {
    pub(super) program: &'p Program,
    pub(super) form: Form,
    pub(super) uses: Vec<Uses>,
    pub(super) links: Vec<Links>,
    pub(super) nominal: Nominal,
    /// What happens at the start of each instance, as the chassis has it.
    pub(super) starts: Vec<Vec<u64>>,
}

/// A component in the making.
pub(super) struct Maker<'c> {
    pub(super) context: &'c Context<'c>,
    pub(super) id: InstanceId,
    pub(super) instance: &'c Instance,
    pub(super) links: &'c Links,
    pub(super) interface: Interface,
    pub(super) builder: ComponentBuilder,
    pub(super) names: Names,
    pub(super) types: TypeEnv,
    /// The component functions that are there.
    funcs: BTreeMap<Item, u32>,
    /// The core instances of `$libc` and of the main module.
    libc: u32,
    main: u32,
    /// The memories, and the `realloc` of each.
    memories: Vec<(u32, u32)>,
    pub(super) threads_table: u32,
}

/// The component of an instance.
pub(super) fn component(context: &Context<'_>, id: InstanceId) -> ComponentBuilder {
    let program = context.program;
    let mut maker = Maker {
        context,
        id,
        instance: &program.instances[id.index()],
        links: &context.links[id.index()],
        interface: Interface::new(program, id, &context.uses[id.index()], context.form),
        builder: ComponentBuilder::default(),
        names: Names::default(),
        types: TypeEnv::default(),
        funcs: BTreeMap::new(),
        libc: 0,
        main: 0,
        memories: Vec::new(),
        threads_table: 0,
    };
    match maker.instance.parent {
        None => maker.import_world(),
        Some(_) => maker.import_from_parent(),
    }
    maker.libc();
    maker.resources();
    maker.main();
    maker.lift(When::Early);
    maker.children();
    maker.fix();
    maker.lift(When::Late);
    maker.start();
    maker.export();
    let Maker {
        mut builder, names, ..
    } = maker;
    if context.form == Form::Straight {
        builder.custom_section(&names.section().as_custom());
    }
    builder
}

impl Maker<'_> {
    fn program(&self) -> &Program {
        self.context.program
    }

    /// The types of all parameters and results of some functions.
    fn types_of<'i>(&self, items: impl Iterator<Item = &'i Item>) -> Vec<Type> {
        let types = items.map(|item| item.ty(self.program()));
        types
            .flat_map(|ty| ty.types().cloned().collect::<Vec<_>>())
            .collect()
    }

    /// Imports what a root takes of the host world, if that is anything.
    fn import_world(&mut self) {
        let links = self.links;
        if links.imports.is_empty() && links.imported_resources.is_empty() {
            return;
        }
        let context = self.context;
        let (program, nominal) = (context.program, &context.nominal);
        let mut world = InstanceType::new();
        let mut types = TypeEnv::default();
        let resource = ComponentTypeRef::Type(TypeBounds::SubResource);
        for resource_id in &links.imported_resources {
            let index = world.type_count();
            world.export(resource_name(*resource_id), resource);
            types.set_resource(*resource_id, index);
        }
        let used = self.types_of(links.imports.iter());
        for (name, ty) in nominal.within(used.iter()) {
            let bound = TypeBounds::Eq(types.index(&mut world, ty));
            let index = world.type_count();
            world.export(&name, ComponentTypeRef::Type(bound));
            types.set_type(ty, index);
        }
        for item in &links.imports {
            let ty = types.function(&mut world, &item.param_names(program), &item.ty(program));
            world.export(item.name(program), ComponentTypeRef::Func(ty));
        }
        let ty = self.builder.type_instance(None, &world);
        self.names.types.append(ty, "world");
        let host = self.builder.import(WORLD, ComponentTypeRef::Instance(ty));
        self.names.instances.append(host, "host");
        for resource in &links.imported_resources {
            self.alias_resource(host, *resource);
        }
        for (name, ty) in nominal.within(used.iter()) {
            let index = self.alias_type(host, &name);
            self.types.set_type(ty, index);
        }
        for item in &links.imports {
            self.alias_func(host, *item);
        }
    }

    /// Imports what a nested component takes from the one around it.
    fn import_from_parent(&mut self) {
        let links = self.links;
        let context = self.context;
        let program = context.program;
        for resource in &links.imported_resources {
            let name = resource_name(*resource);
            let ty = ComponentTypeRef::Type(TypeBounds::SubResource);
            let index = self.builder.import(name.as_str(), ty);
            self.names.types.append(index, &name);
            self.types.set_resource(*resource, index);
        }
        let used = self.types_of(links.imports.iter());
        for (name, ty) in context.nominal.within(used.iter()) {
            let bound = TypeBounds::Eq(self.types.index(&mut self.builder, ty));
            let index = self
                .builder
                .import(name.as_str(), ComponentTypeRef::Type(bound));
            self.names.types.append(index, &name);
            self.types.set_type(ty, index);
        }
        for item in &links.imports {
            let ty = self.function_type(*item);
            let name = item.name(program);
            let index = self
                .builder
                .import(name.as_str(), ComponentTypeRef::Func(ty));
            self.names.funcs.append(index, &name);
            self.funcs.insert(*item, index);
        }
    }

    /// What a child is given for its imports.
    fn args(&mut self, child: InstanceId) -> Vec<(String, ComponentExportKind, u32)> {
        let context = self.context;
        let links = &context.links[child.index()];
        let mut args = Vec::new();
        for resource in &links.imported_resources {
            let index = self.types.resource(*resource).unwrap_or(u32::MAX);
            args.push((resource_name(*resource), ComponentExportKind::Type, index));
        }
        let used = self.types_of(links.imports.iter());
        for (name, ty) in context.nominal.within(used.iter()) {
            let index = self.types.index(&mut self.builder, ty);
            args.push((name, ComponentExportKind::Type, index));
        }
        for item in &links.imports {
            let index = self.func(*item);
            let name = item.name(context.program);
            args.push((name, ComponentExportKind::Func, index));
        }
        args
    }

    fn func(&self, item: Item) -> u32 {
        self.funcs.get(&item).copied().unwrap_or(u32::MAX)
    }

    fn alias_func(&mut self, instance: u32, item: Item) {
        let name = item.name(self.program());
        let kind = ComponentExportKind::Func;
        let index = self.builder.alias_export(instance, &name, kind);
        self.names.funcs.append(index, &name);
        self.funcs.insert(item, index);
    }

    fn alias_type(&mut self, instance: u32, name: &str) -> u32 {
        let kind = ComponentExportKind::Type;
        let index = self.builder.alias_export(instance, name, kind);
        self.names.types.append(index, name);
        index
    }

    fn alias_resource(&mut self, instance: u32, resource: ResourceId) {
        let index = self.alias_type(instance, &resource_name(resource));
        self.types.set_resource(resource, index);
    }

    fn function_type(&mut self, item: Item) -> u32 {
        let (names, ty) = (item.param_names(self.program()), item.ty(self.program()));
        self.types.function(&mut self.builder, &names, &ty)
    }

    fn core_module(&mut self, name: &str, module: &wasm_encoder::Module) -> u32 {
        let index = self.builder.core_module(None, module);
        self.names.core_modules.append(index, name);
        index
    }

    fn core_instance(&mut self, name: &str, module: u32, args: &[(&str, u32)]) -> u32 {
        let args: Vec<_> = args
            .iter()
            .map(|(name, instance)| (*name, ModuleArg::Instance(*instance)))
            .collect();
        let index = self.builder.core_instantiate(None, module, args);
        self.names.core_instances.append(index, name);
        index
    }

    pub(super) fn name_core_func(&mut self, index: u32, name: &str) -> u32 {
        self.names.core_funcs.append(index, name);
        index
    }

    /// A core function that a core instance exports.
    fn core_func(&mut self, instance: u32, name: &str) -> u32 {
        let kind = ExportKind::Func;
        let index = self.builder.core_alias_export(None, instance, name, kind);
        self.name_core_func(index, name)
    }

    fn libc(&mut self) {
        let form = self.context.form;
        let module = libc::libc(self.instance, &self.interface, form);
        let module = self.core_module("Libc", &module);
        self.libc = self.core_instance(LIBC, module, &[]);
        for (id, _) in libc::memories(self.instance) {
            let name = libc::memory_name(id);
            let (libc, kind) = (self.libc, ExportKind::Memory);
            let memory = self.builder.core_alias_export(None, libc, &name, kind);
            self.names.core_memories.append(memory, &name);
            let realloc = self.core_func(self.libc, &libc::realloc_name(id));
            self.memories.push((memory, realloc));
        }
        if self.interface.threads {
            self.threads_table = self.table(libc::THREADS);
        }
    }

    fn table(&mut self, name: &str) -> u32 {
        let (libc, kind) = (self.libc, ExportKind::Table);
        let index = self.builder.core_alias_export(None, libc, name, kind);
        self.names.core_tables.append(index, name);
        index
    }

    /// Defines the instance's own resource types, and exports those that others name.
    fn resources(&mut self) {
        let context = self.context;
        for (number, resource) in (0..).zip(&context.program.resources) {
            let id = ResourceId(number);
            let Owner::Instance {
                instance,
                destructor,
            } = &resource.owner
            else {
                continue;
            };
            if *instance != self.id {
                continue;
            }
            let destructor = destructor.is_some().then(|| libc::destructor_name(id));
            let destructor = destructor.map(|name| self.core_func(self.libc, &name));
            let index = self.builder.type_resource(None, ValType::I32, destructor);
            self.names
                .types
                .append(index, &format!("own-{}", resource_name(id)));
            self.types.set_resource(id, index);
            if self.exports_resource(id) {
                self.export_resource(id, index);
            }
        }
    }

    /// Whether a resource type has to be exported: others name it, or a function's type does.
    fn exports_resource(&self, resource: ResourceId) -> bool {
        let name = resource_name(resource);
        self.links.exported_resources.contains(&resource)
            || self.types_of(self.links.exports.iter()).iter().any(|ty| {
                let mut found = false;
                crate::program::walk(ty, &mut |ty| {
                    found |= matches!(ty, Type::Own(r) | Type::Borrow(r) if *r == name);
                });
                found
            })
    }

    fn export_resource(&mut self, resource: ResourceId, index: u32) {
        let name = resource_name(resource);
        let kind = ComponentExportKind::Type;
        let index = self.builder.export(name.as_str(), kind, index, None);
        self.names.types.append(index, &name);
        self.types.set_resource(resource, index);
    }

    /// Exports nominal types that were not imported, so that exported functions can mention them.
    fn export_types(&mut self, ty: &FunctionType) {
        let context = self.context;
        for (name, ty) in context.nominal.within(ty.types()) {
            if self.types.is_named(ty) {
                continue;
            }
            let index = self.types.index(&mut self.builder, ty);
            let kind = ComponentExportKind::Type;
            let index = self.builder.export(name.as_str(), kind, index, None);
            self.names.types.append(index, &name);
            self.types.set_type(ty, index);
        }
    }

    /// Instantiates the main module.
    fn main(&mut self) {
        let context = self.context;
        let uses = &context.uses[self.id.index()];
        let module = match context.form {
            Form::Straight => straight::main(context.program, self.id, &self.interface, uses),
            Form::Chassis => {
                let start = &context.starts[self.id.index()];
                interpreter::main(context.program, self.id, &self.interface, uses, start)
            }
        };
        let calls: Vec<_> = self.interface.early().cloned().collect();
        let canons = self.canon_instance("canon", &calls);
        let module = self.core_module("Main", &module);
        let args = [(CANON, canons), (LIBC, self.libc)];
        self.main = self.core_instance("main", module, &args);
    }

    /// Instantiates the children, each with what it imports. What one exports, later ones can import.
    fn children(&mut self) {
        let context = self.context;
        for child in context.program.children(self.id) {
            let nested = component(context, child);
            let index = self.builder.component(None, nested);
            let name = format!("i{}", child.0);
            self.names.components.append(index, &name);
            let args = self.args(child);
            let instance = self.builder.instantiate(None, index, args);
            self.names.instances.append(instance, &name);
            let links = &context.links[child.index()];
            for resource in &links.exported_resources {
                self.alias_resource(instance, *resource);
                if self.exports_resource(*resource)
                    && let Some(index) = self.types.resource(*resource)
                {
                    self.export_resource(*resource, index);
                }
            }
            for item in &links.exports {
                self.alias_func(instance, *item);
            }
        }
    }

    /// Fills the table of what comes late.
    fn fix(&mut self) {
        let calls: Vec<_> = self.interface.late().cloned().collect();
        if calls.is_empty() {
            return;
        }
        let mut module = CoreModule::default();
        let functions = calls.iter().map(|call| {
            let function = Imported::Function(&call.signature);
            module.import(CANON, &call.name, function)
        });
        let functions: Vec<_> = functions.collect();
        let table = Imported::Table(functions.len() as u32);
        let table = module.import(LIBC, libc::LATE, table);
        module.fill(table, &functions);
        let canons = self.canon_instance("late", &calls);
        let module = self.core_module("Fix", &module.finish());
        self.core_instance("fix", module, &[(CANON, canons), (LIBC, self.libc)]);
    }

    /// Has what happens at the start happen.
    fn start(&mut self) {
        if self.instance.start.is_none() {
            return;
        }
        let mut module = CoreModule::default();
        let start = module.import("main", START, Imported::Function(&taking(&[])));
        module.start(start);
        let module = self.core_module("Start", &module.finish());
        self.core_instance(START, module, &[("main", self.main)]);
    }

    /// Exports functions. What is passed on gets a type that is written here, since that can mention
    /// only types that are imported or exported here.
    fn export(&mut self) {
        let context = self.context;
        for item in &self.links.exports {
            let passed_on = match item {
                Item::Function(owner, _) | Item::Load(owner) => *owner != self.id,
                Item::Mark | Item::Host(_) => false,
            };
            let ty = passed_on.then(|| {
                self.export_types(&item.ty(context.program));
                ComponentTypeRef::Func(self.function_type(*item))
            });
            let (index, name) = (self.func(*item), item.name(context.program));
            let kind = ComponentExportKind::Func;
            let index = self.builder.export(name.as_str(), kind, index, ty);
            self.names.funcs.append(index, &format!("{name}.export"));
        }
    }
}

/// The name of a resource type.
fn resource_name(resource: ResourceId) -> String {
    format!("r{}", resource.0)
}
