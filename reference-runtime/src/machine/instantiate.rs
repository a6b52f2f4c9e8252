//! Instantiating a component: its definitions are evaluated one after the other.
//!
//! The instantiation is a part of the machine's state like a thread, so that what a start function
//! does is steps like any others. Spec: Explainer.md, "Component Definitions"; Concurrency.md,
//! "Interaction with the start function".

use std::collections::BTreeMap;
use std::sync::Arc;

use super::limits::{Limit, PART_FUEL};
use super::state::{Caller, ComponentInstance, Definer, InstanceId, LiftedFunc, ResourceType};
use super::step::Step;
use super::stop::Stop;
use super::thread::Control;
use crate::component::ast::{self, Alias, CoreInstance, CoreSort, Definition, Instance, Type};
use crate::component::env::{ComponentValue, Entity, Env, InstanceValue, TypeEntity};
use crate::component::types::{Label, ResourceTypeId};
use crate::core::{Extern, FuncAddr, GlobalAddr, InstanceAddr, MemAddr, TableAddr, TagAddr};

/// How many bytes of a module's data segments are copied for a unit of fuel.
const BYTES_PER_FUEL: u64 = 64;

/// A component that is being instantiated.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Instantiation {
    component: Arc<ast::Component>,
    /// How many definitions have been evaluated.
    position: usize,
    /// The instance that comes of it.
    pub(super) inst: InstanceId,
    /// The component-level index spaces.
    pub(super) env: Env,
    /// The core index spaces.
    pub(super) core: CoreSpaces,
    /// What satisfies the imports.
    args: BTreeMap<Label, Entity>,
    exports: BTreeMap<Label, Entity>,
}

/// The core index spaces of a component.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct CoreSpaces {
    pub(super) instances: Vec<CoreInstanceValue>,
    pub(super) funcs: Vec<FuncAddr>,
    pub(super) tables: Vec<TableAddr>,
    pub(super) memories: Vec<MemAddr>,
    globals: Vec<GlobalAddr>,
    tags: Vec<TagAddr>,
}

/// A core instance, made from a module or put together from exports.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum CoreInstanceValue {
    Module(InstanceAddr),
    Exports(Arc<BTreeMap<Label, Extern>>),
}

impl CoreSpaces {
    fn push(&mut self, item: Extern) {
        match item {
            Extern::Func(addr) => self.funcs.push(addr),
            Extern::Table(addr) => self.tables.push(addr),
            Extern::Memory(addr) => self.memories.push(addr),
            Extern::Global(addr) => self.globals.push(addr),
            Extern::Tag(addr) => self.tags.push(addr),
        }
    }

    /// The memory at `index`.
    pub(super) fn memory(&self, index: u32) -> MemAddr {
        self.memories[index as usize]
    }

    fn get(&self, sort: CoreSort, index: u32) -> Extern {
        let at = index as usize;
        match sort {
            CoreSort::Func => Extern::Func(self.funcs[at]),
            CoreSort::Table => Extern::Table(self.tables[at]),
            CoreSort::Memory => Extern::Memory(self.memories[at]),
            CoreSort::Global => Extern::Global(self.globals[at]),
            CoreSort::Tag => Extern::Tag(self.tags[at]),
        }
    }
}

impl Step<'_> {
    /// Begins to instantiate `component`, for the instance `parent` or for the host.
    pub fn begin_instantiation(
        &mut self,
        component: ComponentValue,
        args: BTreeMap<Label, Entity>,
        parent: Option<InstanceId>,
    ) -> Result<(), Stop> {
        if self.store.instances.len() >= self.limits.instances as usize {
            return Err(Limit::Instances.into());
        }
        if self.store.control.len() >= self.limits.nesting as usize {
            return Err(Limit::Nesting.into());
        }
        let inst = InstanceId(self.store.instances.len() as u32);
        let instance = Arc::new(ComponentInstance::new(parent));
        self.store.instances.push(instance);
        self.store
            .control
            .push(Control::Instantiate(Box::new(Instantiation {
                component: component.component,
                position: 0,
                inst,
                env: Env::new(component.outer),
                core: CoreSpaces::default(),
                args,
                exports: BTreeMap::new(),
            })));
        Ok(())
    }

    /// Evaluates the next definition, or hands over the finished instance.
    pub(super) fn step_instantiation(&mut self, mut this: Box<Instantiation>) -> Result<(), Stop> {
        let component = this.component.clone();
        let Some(definition) = component.definitions.get(this.position) else {
            self.finish_instantiation(*this);
            return Ok(());
        };
        self.spend(definition.size() * PART_FUEL)?;
        this.position += 1;
        let next = self.evaluate(&mut this, definition)?;
        self.store.control.push(Control::Instantiate(this));
        match next {
            Next::Definition => Ok(()),
            Next::Instantiate {
                component,
                args,
                parent,
            } => self.begin_instantiation(component, args, Some(parent)),
            Next::Start { func, inst } => {
                let caller = Caller::Machine {
                    args: Vec::new(),
                    results: Vec::new(),
                };
                self.call(LiftedFunc::of_machine(func, inst), caller, None)?;
                Ok(())
            }
        }
    }

    fn finish_instantiation(&mut self, this: Instantiation) {
        let value = Arc::new(InstanceValue {
            exports: this.exports,
        });
        match self.store.control.last_mut() {
            Some(Control::Instantiate(parent)) => parent.env.push(Entity::Instance(value)),
            _ => self.store.roots.push(value),
        }
    }

    fn evaluate(
        &mut self,
        this: &mut Instantiation,
        definition: &Definition,
    ) -> Result<Next, Stop> {
        match definition {
            Definition::CoreModule(module) => this.env.core_modules.push(module.clone()),
            Definition::CoreType(ty) => this.env.core_types.push(ty.clone()),
            Definition::CoreInstance(instance) => return self.core_instance(this, instance),
            Definition::Component(component) => {
                let component = this.env.eval_component(component);
                this.env.push(Entity::Component(component));
            }
            Definition::Instance(instance) => return Ok(instance_definition(this, instance)),
            Definition::Alias(alias) => self.alias(this, alias),
            Definition::Type(Type::Resource { rep, dtor }) => {
                let id = ResourceTypeId(self.store.resource_types.len() as u32);
                let dtor = dtor.map(|index| this.core.funcs[index as usize]);
                Arc::make_mut(&mut self.store.resource_types).push(ResourceType {
                    definer: Definer::Instance(this.inst),
                    dtor,
                    rep: *rep,
                });
                this.env.types.push(TypeEntity::Resource(id));
            }
            Definition::Type(ty) => {
                let ty = this.env.eval_type(ty);
                this.env.types.push(ty);
            }
            Definition::Canon(canon) => self.canon(this, canon)?,
            Definition::Import(import) => {
                let entity = this.args[&import.name].clone();
                this.env.push(entity);
            }
            Definition::Export(export) => {
                let entity = this.env.get(export.sort, export.index);
                this.exports.insert(export.name.clone(), entity.clone());
                this.env.push(entity);
            }
        }
        Ok(Next::Definition)
    }

    fn core_instance(
        &mut self,
        this: &mut Instantiation,
        instance: &CoreInstance,
    ) -> Result<Next, Stop> {
        match instance {
            CoreInstance::FromExports(exports) => {
                let exports = exports
                    .iter()
                    .map(|(name, sort, index)| (name.clone(), this.core.get(*sort, *index)))
                    .collect();
                this.core
                    .instances
                    .push(CoreInstanceValue::Exports(Arc::new(exports)));
                Ok(Next::Definition)
            }
            CoreInstance::Instantiate { module, args } => {
                let module = this.env.core_modules[*module as usize].clone();
                self.spend(module.data_len() / BYTES_PER_FUEL)?;
                let args: BTreeMap<&str, u32> =
                    args.iter().map(|(name, index)| (&**name, *index)).collect();
                let mut imports = Vec::with_capacity(module.imports().len());
                for import in module.imports() {
                    let instance = &this.core.instances[args[import.module.as_str()] as usize];
                    imports.extend(self.core_export(instance, &import.name));
                }
                let (addr, start) = self.store.core.instantiate(&module, &imports)?;
                this.core.instances.push(CoreInstanceValue::Module(addr));
                Ok(match start {
                    Some(func) => Next::Start {
                        func,
                        inst: this.inst,
                    },
                    None => Next::Definition,
                })
            }
        }
    }

    fn core_export(&self, instance: &CoreInstanceValue, name: &str) -> Option<Extern> {
        match instance {
            CoreInstanceValue::Module(addr) => self.store.core.export(*addr, name),
            CoreInstanceValue::Exports(exports) => exports.get(name).copied(),
        }
    }

    fn alias(&self, this: &mut Instantiation, alias: &Alias) {
        match alias {
            Alias::InstanceExport { instance, name, .. } => {
                let entity = this.env.instances[*instance as usize].exports[name].clone();
                this.env.push(entity);
            }
            Alias::CoreInstanceExport { instance, name, .. } => {
                let export = self.core_export(&this.core.instances[*instance as usize], name);
                this.core
                    .push(export.expect("validation has found the export"));
            }
            &Alias::Outer { sort, count, index } => {
                this.env.alias_outer(ast::OuterRef { sort, count, index });
            }
        }
    }
}

/// What an instantiation does after a definition.
enum Next {
    /// It goes on with the next one.
    Definition,
    /// It waits for another instantiation.
    Instantiate {
        component: ComponentValue,
        args: BTreeMap<Label, Entity>,
        parent: InstanceId,
    },
    /// It waits for a start function.
    Start { func: FuncAddr, inst: InstanceId },
}

fn instance_definition(this: &mut Instantiation, instance: &Instance) -> Next {
    let named = |items: &[(Label, ast::Sort, u32)]| {
        items
            .iter()
            .map(|(name, sort, index)| (name.clone(), this.env.get(*sort, *index)))
            .collect()
    };
    match instance {
        Instance::FromExports(exports) => {
            let value = InstanceValue {
                exports: named(exports),
            };
            this.env.push(Entity::Instance(Arc::new(value)));
            Next::Definition
        }
        Instance::Instantiate { component, args } => Next::Instantiate {
            component: this.env.components[*component as usize].clone(),
            args: named(args),
            parent: this.inst,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::testing::encode;
    use crate::machine::choice::Deterministic;
    use crate::machine::embed::{InstantiateError, Machine};
    use crate::machine::limits::Limits;
    use crate::machine::reading::Reading;

    /// Instantiates the component that has `text` inside, with at most so much fuel, and gives how
    /// much it took.
    fn instantiate(text: &str, fuel: u64) -> Result<u64, InstantiateError> {
        let bytes = encode(&format!("(component {text})"));
        let component = ast::Component::new(&bytes).expect("the component is valid");
        let limits = Limits {
            fuel,
            ..Limits::default()
        };
        let mut machine = Machine::new(limits, Reading::Text);
        machine.instantiate(&component, &BTreeMap::new(), &mut Deterministic)?;
        Ok(fuel - machine.store.fuel)
    }

    fn fuel_of(text: &str) -> u64 {
        instantiate(text, u64::MAX).expect("nothing in it stops")
    }

    fn repeat(count: usize, text: impl Fn(usize) -> String) -> String {
        (0..count).map(text).collect()
    }

    #[test]
    fn each_part_of_a_type_is_paid_for_in_each_instance() {
        let types = [
            ("record", "(field \"l#\" u8)"),
            ("variant", "(case \"l#\" u8)"),
            ("tuple", "u8 "),
            ("enum", "\"l#\" "),
            ("func", "(param \"l#\" u8)"),
        ];
        for (constructor, part) in types {
            let fuel = |n| {
                fuel_of(&format!(
                    "(component $c (type ({constructor} {})))
                     (instance (instantiate $c)) (instance (instantiate $c))",
                    repeat(n, |i| part.replace('#', &i.to_string()))
                ))
            };
            assert_eq!(fuel(100) - fuel(10), 2 * 90 * PART_FUEL, "{constructor}");
        }
    }

    #[test]
    fn whoever_lowers_a_function_pays_for_the_size_of_its_type() {
        let fuel = |cases, lowers| {
            fuel_of(&format!(
                "(core module $m (func (export \"f\") (param i32 i32)))
                 (core instance $m (instantiate $m))
                 (type $v (variant {}))
                 (func $f (param \"v\" $v) (canon lift (core func $m \"f\")))
                 {}",
                repeat(cases, |i| format!("(case \"c{i}\" u8)")),
                repeat(lowers, |_| "(core func (canon lower (func $f)))".to_owned()),
            ))
        };
        let of_a_lower = |cases| fuel(cases, 3) - fuel(cases, 2);
        assert_eq!(of_a_lower(100) - of_a_lower(10), 90 * PART_FUEL);
    }

    #[test]
    fn the_data_of_a_module_is_paid_for_in_each_instance() {
        let fuel = |len| {
            fuel_of(&format!(
                "(core module $m (memory 1) (data (i32.const 0) \"{}\"))
                 (core instance (instantiate $m)) (core instance (instantiate $m))",
                "x".repeat(len)
            ))
        };
        assert_eq!(fuel(6_400) - fuel(0), 2 * 100);
    }

    #[test]
    fn a_type_that_is_huge_in_thousands_of_instances_runs_out_of_fuel() {
        let fields = repeat(1_000, |i| format!("(field \"l{i}\" u8)"));
        let instances = |of: &str| repeat(60, |_| format!("(instance (instantiate {of}))"));
        let text = format!(
            "(component $c (type (record {fields})))
             (component $d (alias outer 1 $c (component $c)) {})
             {}",
            instances("$c"),
            instances("$d"),
        );
        assert_eq!(
            instantiate(&text, 1_000_000),
            Err(InstantiateError::Stop(Limit::Fuel.into()))
        );
    }
}
