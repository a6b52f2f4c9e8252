//! The store: all that code can read and change, apart from its own stack.
//!
//! What never changes once it exists is shared between clones of the store.
//!
//! Spec: WebAssembly 3.0, "Runtime Structure", "Store".

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::memory::Memory;
use super::module::Module;
use super::table::Table;
use super::trap::{Limit, Limits};
use super::types::{
    ExternType, FuncType, GlobalType, MemoryType, Mutability, RefType, Size, TableType, TagType,
};
use super::values::{
    ExnAddr, FuncAddr, GlobalAddr, HostFunc, InstanceAddr, MemAddr, TableAddr, TagAddr, Value,
};

/// Everything allocated, by address. Nothing is ever freed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Store {
    pub(super) funcs: Arc<Vec<Func>>,
    pub(super) tables: Vec<Table>,
    table_types: Arc<Vec<RefType>>,
    pub(super) memories: Vec<Memory>,
    /// The values of globals, as they lie in slots.
    pub(super) globals: Vec<u64>,
    pub(super) global_types: Arc<Vec<GlobalType>>,
    pub(super) tags: Arc<Vec<TagType>>,
    pub(super) exceptions: Vec<Exception>,
    pub(super) instances: Arc<Vec<Arc<Instance>>>,
    /// The segments of the instances.
    pub(super) segments: Arc<Vec<Arc<Segments>>>,
    pub(super) limits: Limits,
    /// The pages of all memories.
    pages: u64,
    /// The elements of all tables.
    elements: u64,
    /// What counts towards [`Limits::entities`].
    entities: usize,
}

impl Hash for Store {
    /// Looks only at what can change after instantiation; the rest differs seldom.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.memories.hash(state);
        self.globals.hash(state);
        self.tables.hash(state);
        self.exceptions.hash(state);
        for segments in self.segments.iter() {
            segments.data.hash(state);
            let elements = segments.elements.iter();
            elements.for_each(|segment| segment.is_empty().hash(state));
        }
    }
}

/// A function and its type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Func {
    pub ty: FuncType,
    pub code: FuncCode,
}

/// Who runs a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FuncCode {
    /// The interpreter; the function is counted from the first that the module defines.
    Wasm {
        instance: InstanceAddr,
        function: u32,
    },
    /// The embedder.
    Host(HostFunc),
}

/// An exception: its tag, and its values as they lie in slots.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Exception {
    pub tag: TagAddr,
    pub fields: Vec<u64>,
}

/// A module and what its indices stand for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Instance {
    pub module: Module,
    pub funcs: Vec<FuncAddr>,
    pub tables: Vec<TableAddr>,
    pub memories: Vec<MemAddr>,
    pub globals: Vec<GlobalAddr>,
    pub tags: Vec<TagAddr>,
}

/// What is left of the segments of an instance. Apart from the instance, because they change.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Segments {
    /// The references in each element segment; none once it was dropped.
    pub elements: Vec<Arc<[u64]>>,
    /// Whether each data segment is still there.
    pub data: Vec<DataState>,
}

/// Whether a data segment can still be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DataState {
    /// Its bytes are those of the module.
    Present,
    /// It has no bytes.
    Dropped,
}

/// Something that can be imported and exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extern {
    /// A function
    Func(FuncAddr),
    /// A table
    Table(TableAddr),
    /// A memory
    Memory(MemAddr),
    /// A global
    Global(GlobalAddr),
    /// A tag
    Tag(TagAddr),
}

impl Store {
    /// An empty store.
    pub fn new(limits: Limits) -> Store {
        Store {
            limits,
            ..Store::default()
        }
    }

    /// Adds a function of the embedder's. A call of it ends a run with
    /// [`Exit::Host`](super::Exit::Host).
    pub fn host_func(&mut self, host: HostFunc, ty: FuncType) -> FuncAddr {
        self.alloc_func(Func {
            ty,
            code: FuncCode::Host(host),
        })
    }

    pub(super) fn alloc_func(&mut self, func: Func) -> FuncAddr {
        let address = FuncAddr(self.funcs.len() as u32);
        Arc::make_mut(&mut self.funcs).push(func);
        address
    }

    /// Adds a table of which each element is `init`.
    pub fn alloc_table(&mut self, ty: &TableType, init: Value) -> Result<TableAddr, Limit> {
        let limit = self.limits.table_elements;
        if ty.size.min > limit.saturating_sub(self.elements) {
            return Err(Limit::Table);
        }
        let table = Table::new(ty.size.min, ty.size.max, ty.index, limit, init.to_slot())?;
        self.elements += ty.size.min;
        let address = TableAddr(self.tables.len() as u32);
        self.tables.push(table);
        Arc::make_mut(&mut self.table_types).push(ty.element.clone());
        Ok(address)
    }

    /// `table.grow`
    pub(super) fn grow_table(&mut self, table: TableAddr, delta: u64, init: u64) -> Option<u64> {
        if delta > self.limits.table_elements.saturating_sub(self.elements) {
            return None;
        }
        let old = self.tables[table.index()].grow(delta, init)?;
        self.elements += delta;
        Some(old)
    }

    /// Adds a memory of zeros.
    pub fn alloc_memory(&mut self, ty: &MemoryType) -> Result<MemAddr, Limit> {
        let limit = self.limits.memory_pages;
        if ty.size.min > limit.saturating_sub(self.pages) {
            return Err(Limit::Memory);
        }
        let memory = Memory::new(ty.size.min, ty.size.max, ty.index, limit)?;
        self.pages += ty.size.min;
        let address = MemAddr(self.memories.len() as u32);
        self.memories.push(memory);
        Ok(address)
    }

    /// `memory.grow`
    pub(super) fn grow_memory(&mut self, memory: MemAddr, delta: u64) -> Option<u64> {
        if delta > self.limits.memory_pages.saturating_sub(self.pages) {
            return None;
        }
        let old = self.memories[memory.index()].grow(delta)?;
        self.pages += delta;
        Some(old)
    }

    /// Counts what an instance is going to consist of.
    pub(super) fn reserve(&mut self, entities: usize) -> Result<(), Limit> {
        let total = self.entities.saturating_add(entities);
        if self.instances.len() >= self.limits.instances || total > self.limits.entities {
            return Err(Limit::Instances);
        }
        self.entities = total;
        Ok(())
    }

    /// Adds a global. The value must be of its type.
    pub fn alloc_global(&mut self, ty: GlobalType, value: Value) -> GlobalAddr {
        self.alloc_global_slot(ty, value.to_slot())
    }

    pub(super) fn alloc_global_slot(&mut self, ty: GlobalType, value: u64) -> GlobalAddr {
        let address = GlobalAddr(self.globals.len() as u32);
        self.globals.push(value);
        Arc::make_mut(&mut self.global_types).push(ty);
        address
    }

    /// Adds a tag, different from all others.
    pub fn alloc_tag(&mut self, ty: TagType) -> TagAddr {
        let address = TagAddr(self.tags.len() as u32);
        Arc::make_mut(&mut self.tags).push(ty);
        address
    }

    pub(super) fn alloc_exception(&mut self, exception: Exception) -> Result<ExnAddr, Limit> {
        if self.exceptions.len() >= self.limits.exceptions {
            return Err(Limit::Exceptions);
        }
        let address = ExnAddr(self.exceptions.len() as u32);
        self.exceptions.push(exception);
        Ok(address)
    }

    /// What an instance exports under a name.
    pub fn export(&self, instance: InstanceAddr, name: &str) -> Option<Extern> {
        let instance = &self.instances[instance.index()];
        let export = instance.module.export(name)?;
        let index = export.index as usize;
        Some(match export.ty {
            ExternType::Func(_) => Extern::Func(instance.funcs[index]),
            ExternType::Table(_) => Extern::Table(instance.tables[index]),
            ExternType::Memory(_) => Extern::Memory(instance.memories[index]),
            ExternType::Global(_) => Extern::Global(instance.globals[index]),
            ExternType::Tag(_) => Extern::Tag(instance.tags[index]),
        })
    }

    /// The module that an instance was made from.
    pub fn module(&self, instance: InstanceAddr) -> &Module {
        &self.instances[instance.index()].module
    }

    /// The type of something as it is now: a table or memory that grew has grown in its type.
    pub fn extern_type(&self, item: Extern) -> ExternType {
        match item {
            Extern::Func(address) => ExternType::Func(self.func_type(address).clone()),
            Extern::Table(address) => ExternType::Table(self.table_type(address)),
            Extern::Memory(address) => ExternType::Memory(self.memory_type(address)),
            Extern::Global(address) => ExternType::Global(self.global_type(address).clone()),
            Extern::Tag(address) => ExternType::Tag(self.tags[address.index()].clone()),
        }
    }

    /// The type of a function.
    pub fn func_type(&self, func: FuncAddr) -> &FuncType {
        &self.funcs[func.index()].ty
    }

    /// The type of a global.
    pub fn global_type(&self, global: GlobalAddr) -> &GlobalType {
        &self.global_types[global.index()]
    }

    fn table_type(&self, address: TableAddr) -> TableType {
        let table = self.table(address);
        TableType {
            element: self.table_types[address.index()].clone(),
            index: table.index(),
            size: Size {
                min: table.size(),
                max: table.max(),
            },
        }
    }

    fn memory_type(&self, address: MemAddr) -> MemoryType {
        let memory = self.memory(address);
        MemoryType {
            index: memory.index(),
            size: Size {
                min: memory.size_pages(),
                max: memory.max_pages(),
            },
        }
    }

    /// A memory.
    pub fn memory(&self, memory: MemAddr) -> &Memory {
        &self.memories[memory.index()]
    }

    /// A memory, to be written.
    pub fn memory_mut(&mut self, memory: MemAddr) -> &mut Memory {
        &mut self.memories[memory.index()]
    }

    /// A table.
    pub fn table(&self, table: TableAddr) -> &Table {
        &self.tables[table.index()]
    }

    /// An element of a table, if there are as many.
    pub fn table_get(&self, table: TableAddr, index: u64) -> Option<Value> {
        let element = self.table(table).get(index)?;
        let ty = &self.table_types[table.index()];
        Some(Value::from_reference(&ty.heap, element))
    }

    /// The value of a global.
    pub fn global_get(&self, global: GlobalAddr) -> Value {
        Value::from_slot(
            &self.global_type(global).value,
            self.globals[global.index()],
        )
    }

    /// Sets a global. Gives `None`, and sets nothing, if it is a constant one. The value must be
    /// of its type.
    pub fn global_set(&mut self, global: GlobalAddr, value: Value) -> Option<()> {
        if self.global_type(global).mutability == Mutability::Const {
            return None;
        }
        self.globals[global.index()] = value.to_slot();
        Some(())
    }
}
