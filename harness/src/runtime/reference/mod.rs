//! The reference runtime, in process.
//!
//! Components run on the abstract machine in its deterministic profile; core modules run on the
//! machine's core interpreter alone.

mod core_store;
mod host;
mod remains;
pub(crate) mod values;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use assize_reference::LoadError;
use assize_reference::component::ast::Component;
use assize_reference::component::env::{Entity, InstanceValue};
use assize_reference::component::link::LinkError;
use assize_reference::component::types::FuncType;
use assize_reference::core;
use assize_reference::explore::random::Random;
use assize_reference::machine::choice::{Deterministic, Scheduler};
use assize_reference::machine::embed::{InstantiateError, Machine};
use assize_reference::machine::limits::Limits;
use assize_reference::machine::state::FuncId;
use assize_reference::machine::stop::{Stop, Trap};

use assize_protocol::host::{HostEvent, Imports};
use assize_protocol::recent::{Bytes, COMPONENTS, Recent};
use assize_protocol::runtime::{Begun, CallId, Outcome};
use wasmparser::Parser;

use self::core_store::CoreRuntime;
use self::host::{Calls, Opening};
pub use self::remains::left;
use super::{
    Capability, DefinitionId, Failure, InstanceId, MessageMatching, OutcomeClass, REMAINS, Reading,
    Runtime, RuntimeFactory, RuntimeInfo, usage,
};
use crate::error::HarnessError;
use crate::rules::{Coverage, Rule};
use crate::value::Value;

/// The parts of the specification that the reference runtime has.
const CAPABILITIES: [&str; 30] = [
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
    "concurrent-calls",
    "call-cancel",
    "trap-site",
    REMAINS,
    "host.trace",
    "host.pending",
    "host.cancellation",
    "host.stubborn",
    "host.unstarted",
    "host.streams",
    "host.stream-cancel",
    "host.zero-length",
    "host.hold",
    "host.give",
    "host.futures",
    "host.resources",
];

/// Starts [`Reference`]s.
pub struct ReferenceFactory {
    info: RuntimeInfo,
    limits: Limits,
    mutant: Option<Rule>,
    seed: Option<u64>,
    decoded: Decoded,
}

/// The components that were decoded last, for all references of a factory.
type Decoded = Arc<Mutex<Recent<Bytes, Arc<Component>>>>;

impl ReferenceFactory {
    /// Starts references that make random choices, which the seed decides on.
    pub fn with_seed(self, seed: u64) -> Self {
        let seed = Some(seed);
        ReferenceFactory { seed, ..self }
    }

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
        let reference = Reference::new(self.info.clone(), machine).with_seed(self.seed);
        Reference {
            decoded: Arc::clone(&self.decoded),
            ..reference
        }
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
            seed: None,
            decoded: decoded(),
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

fn decoded() -> Decoded {
    Arc::new(Mutex::new(Recent::new(COMPONENTS)))
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
    /// Makes the choices that the specification leaves open.
    scheduler: Box<dyn Scheduler + Send>,
    /// Makes the scheduler anew.
    seed: Option<u64>,
    calls: Calls,
    decoded: Decoded,
    opening: Opening,
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
            scheduler: Box::new(Deterministic),
            seed: None,
            calls: Calls::default(),
            decoded: decoded(),
            opening: Opening::default(),
        }
    }

    /// The same with random choices, which the seed decides on, from each reset on.
    pub fn with_seed(self, seed: Option<u64>) -> Reference {
        let scheduler = scheduler(seed);
        Reference {
            seed,
            scheduler,
            ..self
        }
    }

    /// The component, decoded now or before.
    fn component(&self, wasm: &[u8]) -> Result<Arc<Component>, LoadError> {
        let decoded = || self.decoded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(component) = decoded().get(wasm) {
            return Ok(component);
        }
        // Others go on while this one is decoded.
        let component = Component::new(wasm)?;
        decoded().put(wasm, component.clone());
        Ok(component)
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

    /// The function that an instance exports, with its type.
    fn export(
        &self,
        instance: &InstanceValue,
        export: &str,
    ) -> Result<(FuncId, Arc<FuncType>), Failure> {
        let func = match instance.exports.get(export) {
            Some(Entity::Func(func)) => *func,
            Some(_) => return Err(usage(format!("the export `{export}` is not a function"))),
            None => return Err(usage(format!("there is no export `{export}`"))),
        };
        Ok((func, self.machine.store.func(func).ty().clone()))
    }

    fn invoke_component(
        &mut self,
        instance: &InstanceValue,
        export: &str,
        args: &[Value],
    ) -> Result<Vec<Value>, Failure> {
        self.opening.end();
        let (func, ty) = self.export(instance, export)?;
        let args = arguments(export, args, &ty)?;
        self.machine.refuel();
        let results = self
            .machine
            .call(func, args, self.scheduler.as_mut())
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
        self.scheduler = scheduler(self.seed);
        self.calls = Calls::default();
        self.opening.begin();
        Ok(())
    }

    fn set_deadline(&mut self, deadline: Option<Instant>) {
        // Component code is bounded by the machine's fuel, which is spent long before a deadline.
        self.core.set_deadline(deadline);
    }

    fn define(&mut self, wasm: &[u8]) -> Result<DefinitionId, Failure> {
        let definition = if Parser::is_component(wasm) {
            Definition::Component(self.component(wasm).map_err(load_failure)?)
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
                let registered = self.registered.clone();
                self.instantiate_component(&component, &registered)?
            }
        };
        Ok(self.add_instance(instance))
    }

    fn instantiate_with(
        &mut self,
        definition: DefinitionId,
        imports: &Imports,
    ) -> Result<InstanceId, Failure> {
        let given = self.instances_for(imports)?;
        let component = self.definitions.get(definition.0 as usize).cloned();
        let Some(Definition::Component(component)) = component else {
            return self.instantiate(definition);
        };
        let instance = self.instantiate_component(&component, &given)?;
        Ok(self.add_instance(instance))
    }

    fn begin(
        &mut self,
        instance: InstanceId,
        export: &str,
        args: &[Value],
    ) -> Result<Begun, Failure> {
        self.begin_call(instance, export, args)
    }

    fn finish(&mut self, call: CallId) -> Result<Outcome, Failure> {
        self.finish_call(call)
    }

    fn cancel(&mut self, call: CallId) -> Result<(), Failure> {
        self.cancel_call(call)
    }

    fn take_events(&mut self) -> Vec<HostEvent> {
        self.host_events()
    }

    fn remains(&mut self) -> Result<Option<String>, Failure> {
        Ok(self.what_remains())
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

/// The machine's choices: those of the deterministic profile, or random ones.
fn scheduler(seed: Option<u64>) -> Box<dyn Scheduler + Send> {
    match seed {
        None => Box::new(Deterministic),
        Some(seed) => Box::new(Random::new(seed)),
    }
}

/// The arguments of `export` as the machine has them.
fn arguments(
    export: &str,
    args: &[Value],
    ty: &FuncType,
) -> Result<Vec<assize_reference::abi::Value>, Failure> {
    if args.len() != ty.params.len() {
        let (given, taken) = (args.len(), ty.params.len());
        return Err(usage(format!(
            "`{export}` takes {taken} arguments, not {given}"
        )));
    }
    args.iter()
        .zip(&*ty.params)
        .map(|(arg, ty)| values::to_machine(arg, ty))
        .collect::<Result<_, _>>()
        .map_err(|error| usage(format!("an argument of `{export}` does not fit: {error}")))
}

fn instantiate_failure(error: InstantiateError) -> Failure {
    match error {
        InstantiateError::Link(LinkError::HigherOrder { .. }) => {
            let feature = "components as imports".to_owned();
            Failure::new(OutcomeClass::Unsupported { feature }, error.to_string())
        }
        InstantiateError::Link(_) => Failure::new(OutcomeClass::Unlinkable, error.to_string()),
        InstantiateError::Stop(stop) => stop_failure(stop),
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
