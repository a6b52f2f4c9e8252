//! Components on Wasmtime: stores, instances, calls.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Accessor, AccessorTask, Component, Func, Instance, Linker, Val};
use wasmtime::{Engine, Store, Trap};

use super::event_loop::{self, Stop};
use super::host::{self, World};
use super::values::{from_wasmtime, to_wasmtime};
use super::{Host, failures, next_id, store};
use assize_protocol::host::HostEvent;
use assize_protocol::runtime::{Begun, CallId, Failure, Outcome, OutcomeClass, usage};
use assize_protocol::value::Value;

/// How many turns of the event loop a call that was begun may take before the next request.
const TURNS: u32 = 1_000;

/// Where an instance lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home {
    /// In a store for itself, so that its traps end nothing else.
    Own,
    /// In the store of all that the test instantiates with imports.
    Shared,
}

/// A component instance.
#[derive(Clone)]
pub(super) struct ComponentInstance {
    store: StoreIndex,
    component: Component,
    instance: Instance,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct StoreIndex(usize);

struct ComponentStore {
    store: Store<Host>,
    /// What ended it: after a trap, Wasmtime's tasks are in an undefined state.
    ended: Option<Failure>,
}

/// An open call, or one that has ended.
struct Call {
    store: StoreIndex,
    result: CallResult,
}

/// What a call came to, once it has.
type CallResult = Arc<Mutex<Option<wasmtime::Result<Vec<Val>>>>>;

/// All component instances of a test.
pub(super) struct Components {
    engine: Engine,
    linker: Linker<Host>,
    world: World,
    stores: Vec<ComponentStore>,
    shared: Option<StoreIndex>,
    calls: Vec<Call>,
    /// The handles that the harness was told of.
    handles: Vec<(StoreIndex, Val)>,
}

impl Components {
    pub(super) fn new(engine: &Engine) -> Self {
        let mut linker = Linker::new(engine);
        linker.allow_shadowing(true);
        Components {
            engine: engine.clone(),
            linker,
            world: World::default(),
            stores: Vec::new(),
            shared: None,
            calls: Vec::new(),
            handles: Vec::new(),
        }
    }

    pub(super) fn set_deadline(&mut self, deadline: Host) {
        for store in &mut self.stores {
            *store.store.data_mut() = deadline;
        }
    }

    pub(super) fn take_events(&mut self) -> Vec<HostEvent> {
        self.world.take_events()
    }

    fn home(&mut self, home: Home, deadline: Host) -> StoreIndex {
        if let (Home::Shared, Some(shared)) = (home, self.shared) {
            return shared;
        }
        let index = StoreIndex(self.stores.len());
        let store = store(&self.engine, deadline);
        self.stores.push(ComponentStore { store, ended: None });
        if home == Home::Shared {
            self.shared = Some(index);
        }
        index
    }

    /// Links and instantiates. What `imports` does not name comes from the registered names.
    pub(super) fn instantiate(
        &mut self,
        component: Component,
        home: Home,
        imports: &BTreeMap<&str, ComponentInstance>,
        deadline: Host,
    ) -> Result<ComponentInstance, Failure> {
        let mut linker = self.linker.clone();
        for (name, instance) in imports {
            self.offer(&mut linker, name, instance)?;
        }
        host::link(&mut linker, &component, &self.world)?;
        let linked = linker
            .instantiate_pre(&component)
            .map_err(|error| failures::linking(&error))?;
        let index = self.home(home, deadline);
        let store = self.alive(index)?;
        let started = event_loop::complete(linked.instantiate_async(&mut *store));
        let instance = match started {
            Some(Ok(instance)) => instance,
            Some(Err(error)) => return Err(self.trapped(index, &error)),
            None => {
                let error = Trap::AsyncDeadlock.into();
                return Err(self.trapped(index, &error));
            }
        };
        Ok(ComponentInstance {
            store: index,
            component,
            instance,
        })
    }

    /// Offers the exported modules and resource types to later instantiations.
    pub(super) fn register(
        &mut self,
        name: &str,
        instance: &ComponentInstance,
    ) -> Result<(), Failure> {
        let mut linker = self.linker.clone();
        self.offer(&mut linker, name, instance)?;
        self.linker = linker;
        Ok(())
    }

    /// Of an instance, Wasmtime can link into another one what is not bound to the instance's
    /// task: a trampoline through the host would be another caller than the guest is.
    fn offer(
        &mut self,
        linker: &mut Linker<Host>,
        name: &str,
        offered: &ComponentInstance,
    ) -> Result<(), Failure> {
        let refused = |error: wasmtime::Error| usage(format!("{error:#}"));
        let ty = offered.component.component_type();
        let store = &mut self.stores[offered.store.0].store;
        let mut linker = linker.instance(name).map_err(refused)?;
        for (export, item) in ty.exports(&self.engine) {
            let defined = match item.ty {
                ComponentItem::Module(_) => offered
                    .instance
                    .get_module(&mut *store, export)
                    .map(|module| linker.module(export, &module)),
                ComponentItem::Resource(_) => offered
                    .instance
                    .get_resource(&mut *store, export)
                    .map(|resource| linker.resource(export, resource, |_, _| Ok(()))),
                ComponentItem::Type(_) => None,
                _ => {
                    let feature = "importing functions of another component instance".to_string();
                    let message = format!("`{export}` is bound to its instance");
                    let class = OutcomeClass::Unsupported { feature };
                    return Err(Failure::new(class, message));
                }
            };
            defined.transpose().map_err(refused)?;
        }
        Ok(())
    }

    /// Calls an exported function and waits until it returned. A deadlock is a trap of the call.
    pub(super) fn invoke(
        &mut self,
        instance: &ComponentInstance,
        export: &str,
        args: &[Value],
    ) -> Result<Vec<Value>, Failure> {
        let index = instance.store;
        let (func, params, results) = self.prepare(instance, export, args)?;
        let mut results = vec![Val::Bool(false); results];
        let world = self.world.clone();
        let store = self.alive(index)?;
        let call = func.start_call_concurrent(&mut *store, &params, &mut results);
        let call = call.map_err(|error| failures::execution(&error))?;
        let wait =
            async |accessor: &Accessor<Host>| func.finish_call_concurrent(accessor, call).await;
        match event_loop::run(store, &world, wait) {
            Ok(Ok(Ok(()))) => Ok(self.values(index, &results)),
            Ok(Ok(Err(error))) => Err(failures::execution(&error)),
            Ok(Err(Stop::Idle)) => Err(failures::execution(&Trap::AsyncDeadlock.into())),
            Ok(Err(Stop::Late)) => Err(late()),
            Err(error) => Err(self.trapped(index, &error)),
        }
    }

    /// Begins a call.
    pub(super) fn begin(
        &mut self,
        instance: &ComponentInstance,
        export: &str,
        args: &[Value],
    ) -> Result<Begun, Failure> {
        let id = CallId(next_id(self.calls.len())?);
        let store = instance.store;
        let result = self.start(instance, export, args)?;
        self.calls.push(Call {
            store,
            result: Arc::clone(&result),
        });
        if self.run(store, &result, TURNS)? == Err(Stop::Late) {
            return Err(late());
        }
        let outcome = self.ended(store, &result)?;
        Ok(Begun { call: id, outcome })
    }

    /// Waits for the end of a call that was begun.
    pub(super) fn finish(&mut self, id: CallId) -> Result<Outcome, Failure> {
        let call = self.calls.get(id.0 as usize);
        let call = call.ok_or_else(|| usage(format!("no call {}", id.0)))?;
        let (store, result) = (call.store, Arc::clone(&call.result));
        let stop = self.run(store, &result, u32::MAX)?;
        if let Some(outcome) = self.ended(store, &result)? {
            return Ok(outcome);
        }
        if stop == Err(Stop::Late) {
            return Err(late());
        }
        let message = "nothing can go on, and the call has not returned";
        Err(Failure::new(OutcomeClass::Deadlock, message))
    }

    /// Puts a call into the event loop.
    fn start(
        &mut self,
        instance: &ComponentInstance,
        export: &str,
        args: &[Value],
    ) -> Result<CallResult, Failure> {
        let (func, params, results) = self.prepare(instance, export, args)?;
        let result = CallResult::default();
        let task = CallTask {
            func,
            params,
            results,
            result: Arc::clone(&result),
        };
        let store = self.alive(instance.store)?;
        #[cfg(not(feature = "before-47"))]
        store
            .spawn(task)
            .map_err(|error| failures::execution(&error))?;
        #[cfg(feature = "before-47")]
        store.spawn(task);
        Ok(result)
    }

    /// An exported function, arguments for it, and the number of its results.
    fn prepare(
        &mut self,
        instance: &ComponentInstance,
        export: &str,
        args: &[Value],
    ) -> Result<(Func, Vec<Val>, usize), Failure> {
        let index = instance.store;
        let store = self.alive(index)?;
        let func = instance
            .instance
            .get_func(&mut *store, export)
            .ok_or_else(|| usage(format!("no exported function `{export}`")))?;
        let ty = func.ty(&*store);
        let (wanted, given) = (ty.params().len(), args.len());
        if wanted != given {
            return Err(usage(format!(
                "`{export}` takes {wanted} arguments, {given} given"
            )));
        }
        let handle = |number: u32| {
            let (home, handle) = self.handles.get(number as usize)?;
            (*home == index).then(|| handle.clone())
        };
        let mut params = Vec::new();
        for (arg, (name, ty)) in args.iter().zip(ty.params()) {
            let param = to_wasmtime(arg, &ty, &handle);
            params.push(param.ok_or_else(|| usage(format!("{arg} is not a value for `{name}`")))?);
        }
        Ok((func, params, ty.results().len()))
    }

    /// Runs a store until a call has ended, or for so many turns.
    fn run(
        &mut self,
        index: StoreIndex,
        call: &CallResult,
        turns: u32,
    ) -> Result<Result<(), Stop>, Failure> {
        let left = Cell::new(turns);
        let wait = async |_: &Accessor<Host>| {
            poll_fn(|_| {
                left.set(left.get().saturating_sub(1));
                match left.get() == 0 || lock(call).is_some() {
                    true => Poll::Ready(()),
                    false => Poll::Pending,
                }
            })
            .await;
        };
        let world = self.world.clone();
        let stopped = event_loop::run(self.alive(index)?, &world, wait);
        stopped.map_err(|error| self.trapped(index, &error))
    }

    /// What a call returned, if it has.
    fn ended(&mut self, store: StoreIndex, call: &CallResult) -> Result<Option<Outcome>, Failure> {
        match &*lock(call) {
            None => Ok(None),
            Some(Err(error)) => Err(failures::execution(error)),
            Some(Ok(values)) => Ok(Some(Outcome::Returned(self.values(store, values)))),
        }
    }

    /// Values that a guest of the store returned. Handles are kept from now on.
    fn values(&mut self, store: StoreIndex, values: &[Val]) -> Vec<Value> {
        let handles = &mut self.handles;
        let mut keep = |handle: &Val| {
            let number = u32::try_from(handles.len()).ok();
            handles.push((store, handle.clone()));
            number
        };
        values
            .iter()
            .map(|value| from_wasmtime(value, &mut keep))
            .collect()
    }

    /// What Wasmtime still keeps of tasks, threads, waitables and handles once nothing goes on any more.
    /// Nothing where the harness itself keeps a handle.
    #[cfg(not(feature = "before-48"))]
    pub(super) fn remains(&mut self) -> Option<String> {
        if !self.handles.is_empty() {
            return None;
        }
        (0..self.stores.len()).find_map(|store| self.remains_in(StoreIndex(store)))
    }

    #[cfg(not(feature = "before-48"))]
    fn remains_in(&mut self, index: StoreIndex) -> Option<String> {
        let never = CallResult::default();
        match self.run(index, &never, TURNS) {
            Ok(Err(Stop::Idle)) => super::remains::of(&mut self.stores[index.0].store),
            _ => None,
        }
    }

    /// The store, unless its guests have come to an end.
    fn alive(&mut self, index: StoreIndex) -> Result<&mut Store<Host>, Failure> {
        let store = &mut self.stores[index.0];
        match &store.ended {
            Some(failure) => Err(failure.clone()),
            None => Ok(&mut store.store),
        }
    }

    /// A trap that may have ended the guests of the shared store.
    fn trapped(&mut self, index: StoreIndex, error: &wasmtime::Error) -> Failure {
        let failure = failures::execution(error);
        if self.shared == Some(index) {
            let message = format!("an earlier trap ended all guests: {}", failure.message);
            let class = failure.class.clone();
            self.stores[index.0].ended = Some(Failure::new(class, message));
        }
        failure
    }
}

fn late() -> Failure {
    failures::execution(&Trap::Interrupt.into())
}

fn lock(result: &CallResult) -> std::sync::MutexGuard<'_, Option<wasmtime::Result<Vec<Val>>>> {
    result.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A call as a task of the event loop.
struct CallTask {
    func: Func,
    params: Vec<Val>,
    results: usize,
    result: CallResult,
}

impl AccessorTask<Host> for CallTask {
    async fn run(self, accessor: &Accessor<Host>) -> wasmtime::Result<()> {
        let mut results = vec![Val::Bool(false); self.results];
        let call = self
            .func
            .call_concurrent(accessor, &self.params, &mut results);
        let ended = call.await.map(|()| results);
        *lock(&self.result) = Some(ended);
        Ok(())
    }
}
