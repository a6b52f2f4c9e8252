//! Everything that a machine's guests live in.

use super::state::{
    ComponentInstance, FuncId, FuncInst, InstanceId, ResourceType, Subtask, SubtaskId, Task, TaskId,
};
use crate::component::types::ResourceTypeId;
use crate::core;

/// The store: all instances, functions, tasks and subtasks, and the core store under them.
///
/// Spec: CanonicalABI.md, "Embedding".
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Store {
    /// The core instances and what they own.
    pub core: core::Store,
    /// The component instances.
    pub instances: Vec<ComponentInstance>,
    /// The resource types.
    pub resource_types: Vec<ResourceType>,
    /// The component functions.
    pub funcs: Vec<FuncInst>,
    /// The tasks that have not ended.
    pub tasks: Slab<Task>,
    /// The subtasks that have not been delivered.
    pub subtasks: Slab<Subtask>,
    /// What is left of [`Limits::fuel`](super::limits::Limits::fuel).
    pub fuel: u64,
}

impl Store {
    /// The instance `id`.
    pub fn instance(&self, id: InstanceId) -> &ComponentInstance {
        &self.instances[id.0 as usize]
    }

    /// The instance `id`, to change.
    pub fn instance_mut(&mut self, id: InstanceId) -> &mut ComponentInstance {
        &mut self.instances[id.0 as usize]
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

    /// The subtask `id`, to change.
    pub fn subtask_mut(&mut self, id: SubtaskId) -> &mut Subtask {
        self.subtasks.get_mut(id.0)
    }
}

/// A vector whose freed places are used again, so that a state that repeats compares equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slab<T> {
    places: Vec<Option<T>>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Slab { places: Vec::new() }
    }
}

impl<T> Slab<T> {
    /// Puts `value` at the lowest free place.
    pub fn add(&mut self, value: T) -> u32 {
        let place = self.places.iter().position(Option::is_none).unwrap_or(self.places.len());
        if place == self.places.len() {
            self.places.push(None);
        }
        self.places[place] = Some(value);
        place as u32
    }

    /// What is at `place`.
    pub fn get(&self, place: u32) -> &T {
        self.places[place as usize].as_ref().expect("an id is kept only while its place is taken")
    }

    /// What is at `place`, to change.
    pub fn get_mut(&mut self, place: u32) -> &mut T {
        self.places[place as usize].as_mut().expect("an id is kept only while its place is taken")
    }

    /// Takes out what is at `place`.
    pub fn remove(&mut self, place: u32) -> T {
        let value = self.places[place as usize].take();
        while matches!(self.places.last(), Some(None)) {
            self.places.pop();
        }
        value.expect("an id is kept only while its place is taken")
    }
}
