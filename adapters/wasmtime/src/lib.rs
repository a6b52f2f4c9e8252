//! Wasmtime, embedded, with every feature of the component model that it has.
//!
//! Core instances of a script share a store, since they may import from one another. A component
//! instance of a script has a store of its own, as in Wasmtime's own script runner: a trap poisons
//! the whole store. Instances that are given imports share one, so that handles can pass from one
//! to the other. Of a component instance, only what is not bound to its tasks can be imported
//! elsewhere: modules and resource types.
//!
//! What Wasmtime lacks of the host world: it cancels a host function as soon as the guest asks
//! (`host.stubborn`), takes the arguments of every call at once (`host.unstarted`), and has no way
//! for a host to cancel the call of an export (`call-cancel`).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use wasmtime::component::Component;
use wasmtime::{Config, Engine, Module, Store, UpdateDeadline};

use assize_protocol::host::{HostEvent, Imports};
use assize_protocol::recent::{Bytes, COMPONENTS, Recent};
use assize_protocol::runtime::{
    Begun, CallId, Capability, DEBUG_ASSERTIONS, DefinitionId, Failure, InstanceId,
    MessageMatching, Outcome, OutcomeClass, REMAINS, Runtime, RuntimeInfo, usage,
};
use assize_protocol::value::Value;

use self::core::Cores;
use components::{ComponentInstance, Components, Home};

mod components;
mod core;
mod event_loop;
mod failures;
mod host;
#[cfg(not(feature = "before-48"))]
mod remains;
mod values;

/// How often a running guest looks whether its time is over.
const TICK: Duration = Duration::from_millis(20);

/// What a store carries: when its guests have to stop.
type Host = Option<Instant>;

/// Starts Wasmtime runtimes, which share one engine.
pub struct Wasmtimes {
    engine: Engine,
    info: Arc<RuntimeInfo>,
    compiled: Compiled,
}

/// The components that were compiled last, for all runtimes.
type Compiled = Arc<Mutex<Recent<Bytes, Component>>>;

impl Wasmtimes {
    /// Configures the engine and starts the clock that interrupts guests.
    ///
    /// # Errors
    /// [`StartError`] where Wasmtime does not accept the configuration on this
    /// machine.
    pub fn new() -> Result<Self, StartError> {
        let engine = Engine::new(&config()).map_err(start_error)?;
        let weak = engine.weak();
        let clock = move || {
            while let Some(engine) = weak.upgrade() {
                engine.increment_epoch();
                drop(engine);
                thread::sleep(TICK);
            }
        };
        thread::Builder::new()
            .name("wasmtime-clock".to_string())
            .spawn(clock)
            .map_err(start_error)?;
        let info = RuntimeInfo {
            name: "wasmtime".to_string(),
            version: version().to_string(),
            capabilities: CAPABILITIES
                .into_iter()
                .filter(|name| !(cfg!(feature = "before-48") && SINCE_48.contains(name)))
                .chain(cfg!(debug_assertions).then_some(DEBUG_ASSERTIONS))
                .map(|name| Capability(name.to_string()))
                .collect(),
            match_messages: MessageMatching::ClassOnly,
        };
        Ok(Wasmtimes {
            engine,
            info: Arc::new(info),
            compiled: Arc::new(Mutex::new(Recent::new(COMPONENTS))),
        })
    }

    /// Who the runtimes are.
    pub fn info(&self) -> &RuntimeInfo {
        &self.info
    }

    /// Starts a runtime that holds nothing.
    ///
    /// # Errors
    /// [`StartError`] where the host modules of the core suite cannot be made.
    pub fn start(&self) -> Result<Wasmtime, StartError> {
        let mut held = Held::new(&self.engine);
        held.cores = Some(Cores::new(&self.engine, None).map_err(start_error)?);
        let info = Arc::clone(&self.info);
        Ok(Wasmtime {
            engine: self.engine.clone(),
            info,
            deadline: None,
            compiled: Arc::clone(&self.compiled),
            held,
        })
    }
}

/// The version: the one that a build outside of the workspace was told, or the one in the
/// workspace's lock file. The crate does not tell its own.
fn version() -> &'static str {
    if let Some(version) = option_env!("ASSIZE_WASMTIME_VERSION") {
        return version;
    }
    let lock = include_str!("../../../Cargo.lock");
    let (_, after) = lock
        .split_once("name = \"wasmtime\"\nversion = \"")
        .unwrap_or_default();
    after
        .split_once('"')
        .map_or("unknown", |(version, _)| version)
}

/// Wasmtime could not be set up on this machine.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StartError(String);

fn start_error(error: impl std::fmt::Display) -> StartError {
    StartError(error.to_string())
}

const CAPABILITIES: [&str; 28] = [
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
    "gc",
    "exceptions",
    "tail-calls",
    "function-references",
    "multi-memory",
    "simd",
    "concurrent-calls",
    REMAINS,
    "host.trace",
    "host.pending",
    "host.cancellation",
    "host.streams",
    "host.stream-cancel",
    "host.zero-length",
    "host.hold",
    "host.give",
    "host.futures",
    "host.resources",
];

/// Those that earlier releases have not, or, like fixed-length lists, not towards the host.
const SINCE_48: [&str; 3] = ["memory64", "fixed-length-lists", REMAINS];

fn config() -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .wasm_component_model_async(true)
        .wasm_component_model_more_async_builtins(true)
        .wasm_component_model_async_stackful(true)
        .wasm_component_model_threading(true)
        .wasm_component_model_error_context(true)
        .wasm_component_model_map(true)
        .wasm_component_model_fixed_length_lists(true)
        .wasm_component_model_implements(true);
    #[cfg(not(feature = "before-48"))]
    config.wasm_component_model_memory64(true);
    config
        .wasm_gc(true)
        .wasm_function_references(true)
        .wasm_exceptions(true)
        .wasm_tail_call(true)
        .wasm_multi_memory(true)
        .wasm_memory64(true)
        .wasm_extended_const(true)
        .wasm_simd(true)
        .wasm_relaxed_simd(true);
    // A backtrace costs far more than the trap that it explains, and nothing else wants the tables for it.
    config
        .wasm_backtrace_max_frames(None)
        .generate_address_map(false)
        .native_unwind_info(false)
        .epoch_interruption(true);
    // Files are what runs in parallel. Compiler threads that all files share would let a
    // compilation that takes forever hold up every other file.
    config.parallel_compilation(false);
    config
}

/// A definition that compiled.
#[derive(Clone)]
enum Definition {
    Core(Module),
    Component(Component),
}

/// An instance of a definition.
enum Instance {
    Core(wasmtime::Instance),
    Component(Box<ComponentInstance>),
}

/// Everything that a reset forgets.
struct Held {
    definitions: Vec<Definition>,
    instances: Vec<Instance>,
    /// Not there before they are wanted: most scripts have none, and to make them takes as long as a small
    /// component.
    cores: Option<Cores>,
    components: Components,
}

impl Held {
    fn new(engine: &Engine) -> Held {
        Held {
            definitions: Vec::new(),
            instances: Vec::new(),
            cores: None,
            components: Components::new(engine),
        }
    }
}

/// A store whose guests trap when the deadline is over.
fn store(engine: &Engine, deadline: Host) -> Store<Host> {
    let mut store = Store::new(engine, deadline);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|store| match store.data() {
        Some(deadline) if Instant::now() >= *deadline => Err(wasmtime::Trap::Interrupt.into()),
        _ => Ok(UpdateDeadline::Continue(1)),
    });
    store
}

/// A Wasmtime runtime.
pub struct Wasmtime {
    engine: Engine,
    info: Arc<RuntimeInfo>,
    deadline: Host,
    compiled: Compiled,
    held: Held,
}

impl Wasmtime {
    /// The component, compiled now or before.
    fn component(&self, wasm: &[u8]) -> wasmtime::Result<Component> {
        let compiled = || self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(component) = compiled().get(wasm) {
            return Ok(component);
        }
        // Others go on while this one is compiled.
        let component = Component::from_binary(&self.engine, wasm)?;
        compiled().put(wasm, component.clone());
        Ok(component)
    }

    /// The core instances, none of which may be there yet.
    fn cores(&mut self) -> Result<&mut Cores, Failure> {
        let cores = match self.held.cores.take() {
            Some(cores) => cores,
            None => Cores::new(&self.engine, self.deadline).map_err(crash)?,
        };
        Ok(self.held.cores.insert(cores))
    }

    /// Instantiates; where an instance is offered under the name of an import, from there.
    fn instantiate_in(
        &mut self,
        home: Home,
        definition: DefinitionId,
        imports: &BTreeMap<String, InstanceId>,
    ) -> Result<InstanceId, Failure> {
        let found = self.held.definitions.get(definition.0 as usize).cloned();
        let instance = match found {
            Some(Definition::Core(module)) => Instance::Core(self.cores()?.instantiate(&module)?),
            Some(Definition::Component(component)) => {
                let mut offered = BTreeMap::new();
                for (name, id) in imports {
                    let Instance::Component(instance) = find(&self.held.instances, *id)? else {
                        return Err(usage("a core instance is no import of a component"));
                    };
                    offered.insert(name.as_str(), (**instance).clone());
                }
                let components = &mut self.held.components;
                let instance = components.instantiate(component, home, &offered, self.deadline)?;
                Instance::Component(Box::new(instance))
            }
            None => return Err(usage(format!("no definition {}", definition.0))),
        };
        let id = next_id(self.held.instances.len())?;
        self.held.instances.push(instance);
        Ok(InstanceId(id))
    }
}

fn find(instances: &[Instance], id: InstanceId) -> Result<&Instance, Failure> {
    let found = instances.get(id.0 as usize);
    found.ok_or_else(|| usage(format!("no instance {}", id.0)))
}

impl Runtime for Wasmtime {
    fn info(&self) -> &RuntimeInfo {
        &self.info
    }

    fn reset(&mut self) -> Result<(), Failure> {
        self.deadline = None;
        self.held = Held::new(&self.engine);
        Ok(())
    }

    fn set_deadline(&mut self, deadline: Option<Instant>) {
        self.deadline = deadline;
        if let Some(cores) = &mut self.held.cores {
            cores.set_deadline(deadline);
        }
        self.held.components.set_deadline(deadline);
    }

    fn define(&mut self, wasm: &[u8]) -> Result<DefinitionId, Failure> {
        let definition = if wasmparser::Parser::is_component(wasm) {
            self.component(wasm).map(Definition::Component)
        } else {
            Module::from_binary(&self.engine, wasm).map(Definition::Core)
        };
        let definition = definition.map_err(|error| failures::definition(&error))?;
        let id = next_id(self.held.definitions.len())?;
        self.held.definitions.push(definition);
        Ok(DefinitionId(id))
    }

    fn instantiate(&mut self, definition: DefinitionId) -> Result<InstanceId, Failure> {
        self.instantiate_in(Home::Own, definition, &BTreeMap::new())
    }

    fn instantiate_with(
        &mut self,
        definition: DefinitionId,
        imports: &Imports,
    ) -> Result<InstanceId, Failure> {
        let home = match imports.is_empty() {
            true => Home::Own,
            false => Home::Shared,
        };
        self.instantiate_in(home, definition, &imports.instances)
    }

    fn register(&mut self, name: &str, instance: InstanceId) -> Result<(), Failure> {
        let held = &mut self.held;
        match find(&held.instances, instance)? {
            Instance::Core(instance) => {
                let instance = *instance;
                self.cores()?.register(name, instance)
            }
            Instance::Component(instance) => held.components.register(name, instance),
        }
    }

    fn invoke(
        &mut self,
        instance: InstanceId,
        export: &str,
        args: &[Value],
    ) -> Result<Vec<Value>, Failure> {
        let held = &mut self.held;
        match find(&held.instances, instance)? {
            Instance::Component(instance) => held.components.invoke(instance, export, args),
            Instance::Core(instance) => {
                let instance = *instance;
                self.cores()?.invoke(&instance, export, args)
            }
        }
    }

    fn begin(
        &mut self,
        instance: InstanceId,
        export: &str,
        args: &[Value],
    ) -> Result<Begun, Failure> {
        let held = &mut self.held;
        match find(&held.instances, instance)? {
            Instance::Component(instance) => held.components.begin(instance, export, args),
            Instance::Core(_) => Err(usage("calls of core modules do not overlap")),
        }
    }

    fn finish(&mut self, call: CallId) -> Result<Outcome, Failure> {
        self.held.components.finish(call)
    }

    fn take_events(&mut self) -> Vec<HostEvent> {
        self.held.components.take_events()
    }

    #[cfg(not(feature = "before-48"))]
    fn remains(&mut self) -> Result<Option<String>, Failure> {
        Ok(self.held.components.remains())
    }

    fn get(&mut self, instance: InstanceId, global: &str) -> Result<Value, Failure> {
        match find(&self.held.instances, instance)? {
            Instance::Component(_) => Err(usage("components have no globals")),
            Instance::Core(instance) => {
                let instance = *instance;
                self.cores()?.get(&instance, global)
            }
        }
    }
}

fn crash(error: wasmtime::Error) -> Failure {
    Failure::new(OutcomeClass::Crash, format!("{error:#}"))
}

fn next_id(held: usize) -> Result<u32, Failure> {
    u32::try_from(held).map_err(|_| Failure::new(OutcomeClass::Exhaustion, "too many identifiers"))
}
