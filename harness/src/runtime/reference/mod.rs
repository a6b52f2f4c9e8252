//! The reference runtime, in process.
//!
//! Components run on the abstract machine in its deterministic profile; core modules run on the
//! machine's core interpreter alone.

mod core_store;
pub(crate) mod values;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use assize_reference::LoadError;
use assize_reference::component::ast::Component;
use assize_reference::component::env::{Entity, InstanceValue};
use assize_reference::component::link::LinkError;
use assize_reference::core;
use assize_reference::machine::choice::Deterministic;
use assize_reference::machine::embed::{InstantiateError, Machine};
use assize_reference::machine::limits::Limits;
use assize_reference::machine::stop::{Stop, Trap};

use wasmparser::Parser;

use self::core_store::CoreRuntime;
use super::{
    Capability, DefinitionId, Failure, InstanceId, MessageMatching, OutcomeClass, Reading, Runtime,
    RuntimeFactory, RuntimeInfo, usage,
};
use crate::error::HarnessError;
use crate::rules::{Coverage, Rule};
use crate::value::Value;

/// The parts of the specification that the reference runtime has.
const CAPABILITIES: [&str; 14] = [
    "components",
    "async",
    "async-builtins",
    "stackful",
    "threads",
    "error-context",
    "fixed-length-lists",
    "map",
    "implements",
    "memory64",
    "exceptions",
    "tail-calls",
    "function-references",
    "multi-memory",
];

/// Starts [`Reference`]s.
pub struct ReferenceFactory {
    info: RuntimeInfo,
    limits: Limits,
    mutant: Option<Rule>,
}

impl ReferenceFactory {
    /// The same with these bounds.
    pub fn with_limits(self, limits: Limits) -> Self {
        ReferenceFactory { limits, ..self }
    }

    /// Starts references that have one rule wrong: a trap that does not come, or a branch that is
    /// taken the other way.
    pub fn with_mutant(self, mutant: Rule) -> Self {
        let mutant = Some(mutant);
        ReferenceFactory { mutant, ..self }
    }

    /// Starts a reference that holds nothing.
    pub fn reference(&self, reading: Reading) -> Reference {
        let mut machine = Machine::new(self.limits.clone(), reading);
        machine.mutant = self.mutant;
        Reference::new(self.info.clone(), machine)
    }
}

impl Default for ReferenceFactory {
    fn default() -> Self {
        ReferenceFactory {
            info: RuntimeInfo {
                name: super::REFERENCE.to_owned(),
                version: assize_reference::VERSION.to_owned(),
                capabilities: CAPABILITIES
                    .map(|name| Capability(name.to_owned()))
                    .to_vec(),
                match_messages: MessageMatching::ClassOnly,
            },
            limits: limits(),
            mutant: None,
        }
    }
}

impl RuntimeFactory for ReferenceFactory {
    fn info(&self) -> &RuntimeInfo {
        &self.info
    }

    fn start(&self, reading: Reading) -> Result<Box<dyn Runtime>, HarnessError> {
        Ok(Box::new(self.reference(reading)))
    }
}

/// The bounds for a script. Scripts are no strangers' input, and some need memories of more than
/// 2^28 bytes, so they may have all that 32 bits address. Pages that nobody wrote take no room.
pub fn limits() -> Limits {
    Limits {
        core: core::Limits {
            memory_pages: 1 << 16,
            ..Limits::default().core
        },
        ..Limits::default()
    }
}

/// The reference runtime.
pub struct Reference {
    info: RuntimeInfo,
    /// The machine with nothing in it.
    empty: Machine,
    machine: Machine,
    core: CoreRuntime,
    definitions: Vec<Definition>,
    instances: Vec<Instance>,
    registered: BTreeMap<Arc<str>, Entity>,
    covered: Coverage,
}

#[derive(Clone)]
enum Definition {
    Component(Arc<Component>),
    Module(core::Module),
}

#[derive(Clone)]
enum Instance {
    Component(Arc<InstanceValue>),
    Core(core::InstanceAddr),
}

impl Reference {
    /// A runtime that begins, and begins again when it is reset, with the machine `empty`.
    pub fn new(info: RuntimeInfo, empty: Machine) -> Reference {
        Reference {
            info,
            machine: empty.clone(),
            empty,
            core: CoreRuntime::default(),
            definitions: Vec::new(),
            instances: Vec::new(),
            registered: BTreeMap::new(),
            covered: Coverage::default(),
        }
    }

    /// Which rules have been reached since the start, resets included.
    pub fn coverage(&self) -> Coverage {
        let mut covered = self.covered.clone();
        covered.merge(&self.machine.coverage);
        covered
    }

    fn add_instance(&mut self, instance: Instance) -> InstanceId {
        let id = InstanceId(self.instances.len() as u32);
        self.instances.push(instance);
        id
    }

    fn instance(&self, id: InstanceId) -> Result<Instance, Failure> {
        let instance = self.instances.get(id.0 as usize).cloned();
        instance.ok_or_else(|| usage(format!("there is no instance {}", id.0)))
    }

    fn invoke_component(
        &mut self,
        instance: &InstanceValue,
        export: &str,
        args: &[Value],
    ) -> Result<Vec<Value>, Failure> {
        let func = match instance.exports.get(export) {
            Some(Entity::Func(func)) => *func,
            Some(_) => return Err(usage(format!("the export `{export}` is not a function"))),
            None => return Err(usage(format!("there is no export `{export}`"))),
        };
        let ty = self.machine.store.func(func).ty().clone();
        if args.len() != ty.params.len() {
            let (given, taken) = (args.len(), ty.params.len());
            return Err(usage(format!(
                "`{export}` takes {taken} arguments, not {given}"
            )));
        }
        let args = args
            .iter()
            .zip(&*ty.params)
            .map(|(arg, ty)| values::to_machine(arg, ty))
            .collect::<Result<_, _>>()
            .map_err(|error| usage(format!("an argument of `{export}` does not fit: {error}")))?;
        self.machine.refuel();
        let results = self
            .machine
            .call(func, args, &mut Deterministic)
            .map_err(stop_failure)?;
        Ok(results
            .iter()
            .zip(&*ty.result)
            .map(|(value, ty)| values::from_machine(value, ty))
            .collect())
    }
}

impl Runtime for Reference {
    fn info(&self) -> &RuntimeInfo {
        &self.info
    }

    fn reset(&mut self) -> Result<(), Failure> {
        self.covered.merge(&self.machine.coverage);
        self.machine = self.empty.clone();
        self.core = CoreRuntime::default();
        self.definitions.clear();
        self.instances.clear();
        self.registered.clear();
        Ok(())
    }

    fn set_deadline(&mut self, deadline: Option<Instant>) {
        // Component code is bounded by the machine's fuel, which is spent long before a deadline.
        self.core.set_deadline(deadline);
    }

    fn define(&mut self, wasm: &[u8]) -> Result<DefinitionId, Failure> {
        let definition = if Parser::is_component(wasm) {
            Definition::Component(Component::new(wasm).map_err(load_failure)?)
        } else {
            Definition::Module(core::Module::new(wasm).map_err(load_failure)?)
        };
        let id = DefinitionId(self.definitions.len() as u32);
        self.definitions.push(definition);
        Ok(id)
    }

    fn instantiate(&mut self, definition: DefinitionId) -> Result<InstanceId, Failure> {
        let definition = self.definitions.get(definition.0 as usize).cloned();
        let instance = match definition {
            None => return Err(usage("there is no such definition".to_owned())),
            Some(Definition::Module(module)) => Instance::Core(self.core.instantiate(&module)?),
            Some(Definition::Component(component)) => {
                self.machine.refuel();
                let machine = &mut self.machine;
                let result = machine.instantiate(&component, &self.registered, &mut Deterministic);
                Instance::Component(result.map_err(|error| match error {
                    InstantiateError::Link(LinkError::HigherOrder { .. }) => {
                        let feature = "components as imports".to_owned();
                        Failure::new(OutcomeClass::Unsupported { feature }, error.to_string())
                    }
                    InstantiateError::Link(_) => {
                        Failure::new(OutcomeClass::Unlinkable, error.to_string())
                    }
                    InstantiateError::Stop(stop) => stop_failure(stop),
                })?)
            }
        };
        Ok(self.add_instance(instance))
    }

    fn register(&mut self, name: &str, instance: InstanceId) -> Result<(), Failure> {
        match self.instance(instance)? {
            Instance::Component(instance) => {
                self.registered
                    .insert(name.into(), Entity::Instance(instance));
            }
            Instance::Core(instance) => self.core.register(name, instance),
        }
        Ok(())
    }

    fn invoke(
        &mut self,
        instance: InstanceId,
        export: &str,
        args: &[Value],
    ) -> Result<Vec<Value>, Failure> {
        match self.instance(instance)? {
            Instance::Component(instance) => self.invoke_component(&instance, export, args),
            Instance::Core(instance) => self.core.invoke(instance, export, args),
        }
    }

    fn get(&mut self, instance: InstanceId, global: &str) -> Result<Value, Failure> {
        match self.instance(instance)? {
            Instance::Core(instance) => self.core.get(instance, global),
            Instance::Component(_) => Err(usage("components have no globals".to_owned())),
        }
    }
}

fn load_failure(error: LoadError) -> Failure {
    let class = match &error {
        LoadError::Malformed { .. } => OutcomeClass::Malformed,
        LoadError::Invalid { .. } => OutcomeClass::Invalid,
        LoadError::Unsupported { feature } => OutcomeClass::Unsupported {
            feature: feature.to_string(),
        },
    };
    Failure::new(class, error.to_string())
}

fn stop_failure(stop: Stop) -> Failure {
    let (class, rule) = match stop {
        Stop::Trap(Trap::Rule(rule)) => (OutcomeClass::Trap, Some(rule.id().to_owned())),
        Stop::Trap(Trap::Core(_) | Trap::Host(_)) => (OutcomeClass::Trap, None),
        // What the deadlock leaves behind can never be resumed, so to a caller it is a trap.
        Stop::Deadlock => (OutcomeClass::Trap, None),
        Stop::Limit(_) => (OutcomeClass::Exhaustion, None),
        Stop::Broken => (OutcomeClass::Crash, None),
        Stop::Unsupported(feature) => (
            OutcomeClass::Unsupported {
                feature: feature.to_owned(),
            },
            None,
        ),
    };
    Failure {
        class,
        message: stop.to_string(),
        rule,
    }
}
