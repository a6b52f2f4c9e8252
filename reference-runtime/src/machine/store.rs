//! Everything that a machine's guests live in.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::limits::Limits;
use super::reading::{Decisions, Reading};
use super::state::{
    ComponentInstance, FuncId, FuncInst, HostCall, InstanceId, ResourceType, Subtask, SubtaskId,
    Task, TaskId, ThreadId,
};
use super::thread::{CallId, Control, Thread};
use super::waitable::{Shared, SharedId};
use crate::builtins::CanonFunc;
use crate::component::env::InstanceValue;
use crate::component::types::ResourceTypeId;
use crate::core;
use crate::host::Host;

/// The store: all instances, functions, tasks and subtasks, and the core store under them.
///
/// Spec: CanonicalABI.md, "Embedding".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// The core instances and what they own.
    pub core: core::Store,
    /// The component instances. Clones share those that neither has changed since.
    pub instances: Vec<Arc<ComponentInstance>>,
    /// The resource types. These and the next two only grow, and clones share them until they do.
    pub resource_types: Arc<Vec<ResourceType>>,
    /// The component functions.
    pub funcs: Arc<Vec<FuncInst>>,
    /// The core functions that `canon` definitions made; a core host function is an index here.
    pub canons: Arc<Vec<CanonFunc>>,
    /// The tasks that have not ended.
    pub tasks: Slab<Task>,
    /// The subtasks that have not been delivered.
    pub subtasks: Slab<Subtask>,
    /// The threads that have not ended.
    pub threads: Slab<Thread>,
    /// What runs now, innermost last.
    pub control: Vec<Control>,
    /// The root component instances, by what they export.
    pub roots: Vec<Arc<InstanceValue>>,
    /// The streams and futures that have an end.
    pub shared: Slab<Shared>,
    /// The host's calls, until it takes their outcome.
    pub host_calls: BTreeMap<CallId, HostCall>,
    /// What the host keeps for the functions of its world.
    pub host: Host,
    /// What was decided where the specification contradicts itself.
    pub decisions: Decisions,
    /// What is left of [`Limits::fuel`](super::limits::Limits::fuel).
    pub fuel: u64,
}

impl Store {
    /// A store with nothing in it.
    pub fn new(limits: &Limits, reading: Reading) -> Store {
        Store {
            core: core::Store::new(limits.core),
            instances: Vec::new(),
            resource_types: Arc::default(),
            funcs: Arc::default(),
            canons: Arc::default(),
            tasks: Slab::default(),
            subtasks: Slab::default(),
            threads: Slab::default(),
            control: Vec::new(),
            roots: Vec::new(),
            shared: Slab::default(),
            host_calls: BTreeMap::new(),
            host: Host::default(),
            decisions: Decisions::new(reading),
            fuel: limits.fuel,
        }
    }

    /// Stops everything that was running, for good: no thread that is on the control stack goes on,
    /// and what it had entered stays entered.
    pub fn abandon(&mut self) {
        self.control.clear();
    }

    /// The instance `id`.
    pub fn instance(&self, id: InstanceId) -> &ComponentInstance {
        &self.instances[id.0 as usize]
    }

    /// The instance `id`, to change.
    pub fn instance_mut(&mut self, id: InstanceId) -> &mut ComponentInstance {
        Arc::make_mut(&mut self.instances[id.0 as usize])
    }

    /// The resource type `id`.
    pub fn resource_type(&self, id: ResourceTypeId) -> &ResourceType {
        &self.resource_types[id.0 as usize]
    }

    /// The component function `id`.
    pub fn func(&self, id: FuncId) -> &FuncInst {
        &self.funcs[id.0 as usize]
    }

    /// The task `id`, which has not ended.
    pub fn task(&self, id: TaskId) -> &Task {
        self.tasks.get(id.0)
    }

    /// The task `id`, to change.
    pub fn task_mut(&mut self, id: TaskId) -> &mut Task {
        self.tasks.get_mut(id.0)
    }

    /// The subtask `id`, which has not been delivered.
    pub fn subtask(&self, id: SubtaskId) -> &Subtask {
        self.subtasks.get(id.0)
    }

    /// The thread `id`, which has not ended.
    pub fn thread(&self, id: ThreadId) -> &Thread {
        self.threads.get(id.0)
    }

    /// The thread `id`, to change.
    pub fn thread_mut(&mut self, id: ThreadId) -> &mut Thread {
        self.threads.get_mut(id.0)
    }

    /// The stream or future `id`, which has an end.
    pub fn shared(&self, id: SharedId) -> &Shared {
        self.shared.get(id.0)
    }

    /// The stream or future `id`, to change.
    pub fn shared_mut(&mut self, id: SharedId) -> &mut Shared {
        self.shared.get_mut(id.0)
    }

    /// The host's call `id`, unless the host has taken its outcome.
    pub fn host_call_mut(&mut self, id: CallId) -> Option<&mut HostCall> {
        self.host_calls.get_mut(&id)
    }

    /// The subtask `id`, to change.
    pub fn subtask_mut(&mut self, id: SubtaskId) -> &mut Subtask {
        self.subtasks.get_mut(id.0)
    }
}

/// Definitions only ever add to `resource_types`, `funcs` and `canons`, in the order of the
/// script, so how many there are tells apart the states that one script can reach. Fuel is no
/// matter of what a state can still do.
impl Hash for Store {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.core.hash(state);
        self.instances.hash(state);
        let defined = [
            self.resource_types.len(),
            self.funcs.len(),
            self.canons.len(),
        ];
        defined.hash(state);
        (&self.tasks, &self.subtasks, &self.threads).hash(state);
        (&self.control, &self.roots, &self.shared).hash(state);
        (&self.host_calls, &self.host, &self.decisions).hash(state);
    }
}

/// A vector whose freed places are used again, so that a state that repeats compares equal. Clones
/// share the values that neither has changed since.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slab<T> {
    places: Vec<Option<Arc<T>>>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Slab { places: Vec::new() }
    }
}

impl<T: Clone> Slab<T> {
    /// The lowest free place, where [`Slab::add`] puts the next value.
    pub fn next_place(&self) -> u32 {
        self.places
            .iter()
            .position(Option::is_none)
            .unwrap_or(self.places.len()) as u32
    }

    /// Puts `value` at the lowest free place.
    pub fn add(&mut self, value: T) -> u32 {
        let place = self.next_place();
        if place as usize == self.places.len() {
            self.places.push(None);
        }
        self.places[place as usize] = Some(Arc::new(value));
        place
    }

    /// How many places are taken.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether no place is taken.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// All values.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.places.iter().flatten().map(Arc::as_ref)
    }

    /// All values, to change.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.places.iter_mut().flatten().map(Arc::make_mut)
    }

    /// All values with their places.
    pub fn enumerate(&self) -> impl Iterator<Item = (u32, &T)> {
        let places = self.places.iter().enumerate();
        places.filter_map(|(place, value)| Some((place as u32, value.as_deref()?)))
    }

    /// Whether `place` is taken.
    pub fn has(&self, place: u32) -> bool {
        matches!(self.places.get(place as usize), Some(Some(_)))
    }

    /// What is at `place`.
    pub fn get(&self, place: u32) -> &T {
        self.places[place as usize]
            .as_ref()
            .expect("an id is kept only while its place is taken")
    }

    /// What is at `place`, to change.
    pub fn get_mut(&mut self, place: u32) -> &mut T {
        let value = self.places[place as usize].as_mut();
        Arc::make_mut(value.expect("an id is kept only while its place is taken"))
    }

    /// Takes out what is at `place`.
    pub fn remove(&mut self, place: u32) -> T {
        let value = self.places[place as usize].take();
        while matches!(self.places.last(), Some(None)) {
            self.places.pop();
        }
        Arc::unwrap_or_clone(value.expect("an id is kept only while its place is taken"))
    }
}
