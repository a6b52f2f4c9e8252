//! From a module and its imports to an instance.
//!
//! Spec: WebAssembly 3.0, "Modules", "Instantiation".

use std::sync::Arc;

use thiserror::Error;

use super::constant::ConstExpr;
use super::module::{Definition, ElementItems, Mode, Module};
use super::store::{DataState, Extern, Func, FuncCode, Instance, Segments, Store};
use super::trap::{Limit, Trap};
use super::types::matches;
use super::values::{FuncAddr, InstanceAddr, Value, reference};

/// Why a module was not instantiated.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Error)]
pub enum InstantiateError {
    /// The imports are not what the module asks for. The store is as it was.
    #[error("unlinkable: {message}")]
    Link {
        /// Which import, and why.
        message: String,
    },
    /// A segment did not fit. What was written before remains.
    #[error("trap: {0}")]
    Trap(#[from] Trap),
    /// The machine has no room for it.
    #[error("limit: {0}")]
    Limit(#[from] Limit),
}

impl Store {
    /// Checks the imports, allocates an instance and copies its active segments.
    ///
    /// The start function is not run: it is returned, and the instance is complete once the caller
    /// has run it.
    pub fn instantiate(
        &mut self,
        module: &Module,
        imports: &[Extern],
    ) -> Result<(InstanceAddr, Option<FuncAddr>), InstantiateError> {
        self.check_imports(module, imports)?;
        let definition = module.definition();
        self.reserve(definition.entities())?;
        let address = InstanceAddr(self.instances.len() as u32);
        let mut instance = Instance::importing(module, imports);
        self.add_funcs(definition, address, &mut instance);
        for ty in &definition.tags {
            instance.tags.push(self.alloc_tag(ty.clone()));
        }
        for ty in &definition.memories {
            instance.memories.push(self.alloc_memory(ty)?);
        }
        for global in &definition.globals {
            let value = self.constant(&global.init, &instance);
            let address = self.alloc_global_slot(global.ty.clone(), value);
            instance.globals.push(address);
        }
        for table in &definition.tables {
            let init = match &table.init {
                Some(init) => self.constant(init, &instance),
                None => 0,
            };
            let init = Value::from_reference(&table.ty.element.heap, init);
            instance.tables.push(self.alloc_table(&table.ty, init)?);
        }
        let segments = Segments {
            elements: self.element_values(definition, &instance),
            data: vec![DataState::Present; definition.data.len()],
        };
        let start = definition.start.map(|index| instance.funcs[index as usize]);
        Arc::make_mut(&mut self.instances).push(Arc::new(instance));
        Arc::make_mut(&mut self.segments).push(Arc::new(segments));
        self.run_element_segments(definition, address)?;
        self.run_data_segments(definition, address)?;
        Ok((address, start))
    }

    fn check_imports(&self, module: &Module, imports: &[Extern]) -> Result<(), InstantiateError> {
        let expected = module.imports();
        if imports.len() != expected.len() {
            return Err(InstantiateError::Link {
                message: format!("{} imports given, {} needed", imports.len(), expected.len()),
            });
        }
        for (given, import) in imports.iter().zip(expected) {
            let actual = self.extern_type(*given);
            if !matches(&actual, &import.ty) {
                return Err(InstantiateError::Link {
                    message: format!(
                        "incompatible import type: `{}` `{}` needs a {}, {:?}, and is given {:?}",
                        import.module,
                        import.name,
                        import.ty.kind(),
                        import.ty,
                        actual,
                    ),
                });
            }
        }
        Ok(())
    }

    /// The functions come first: whatever else there is may refer to them, and they refer to the
    /// instance only by its address.
    fn add_funcs(
        &mut self,
        definition: &Definition,
        address: InstanceAddr,
        instance: &mut Instance,
    ) {
        let own = definition.spaces.funcs.iter().skip(instance.funcs.len());
        for (function, ty) in (0..).zip(own) {
            instance.funcs.push(self.alloc_func(Func {
                ty: ty.clone(),
                code: FuncCode::Wasm {
                    instance: address,
                    function,
                },
            }));
        }
    }

    fn constant(&self, expression: &ConstExpr, instance: &Instance) -> u64 {
        expression.evaluate(&instance.funcs, &instance.globals, &self.globals)
    }

    fn element_values(&self, definition: &Definition, instance: &Instance) -> Vec<Arc<[u64]>> {
        let values = |items: &ElementItems| match items {
            ElementItems::Functions(indices) => (indices.iter())
                .map(|index| reference(Some(instance.funcs[*index as usize].0)))
                .collect(),
            ElementItems::Expressions(expressions) => (expressions.iter())
                .map(|expression| self.constant(expression, instance))
                .collect(),
        };
        let segments = definition.elements.iter();
        segments.map(|segment| values(&segment.items)).collect()
    }

    fn run_element_segments(
        &mut self,
        definition: &Definition,
        address: InstanceAddr,
    ) -> Result<(), Trap> {
        for (index, segment) in definition.elements.iter().enumerate() {
            if let Mode::Active { target, offset } = &segment.mode {
                let instance = self.instances[address.index()].clone();
                let dst = self.constant(offset, &instance);
                let elements = &self.segments[address.index()].elements[index];
                let table = &mut self.tables[instance.tables[*target as usize].index()];
                table
                    .init(elements, dst, 0, elements.len() as u64)
                    .ok_or(Trap::OutOfBoundsTableAccess)?;
            }
            if !matches!(segment.mode, Mode::Passive) {
                self.drop_elements(address, index);
            }
        }
        Ok(())
    }

    fn run_data_segments(
        &mut self,
        definition: &Definition,
        address: InstanceAddr,
    ) -> Result<(), Trap> {
        for (index, segment) in definition.data.iter().enumerate() {
            if let Mode::Active { target, offset } = &segment.mode {
                let instance = self.instances[address.index()].clone();
                let dst = self.constant(offset, &instance);
                let memory = &mut self.memories[instance.memories[*target as usize].index()];
                memory
                    .write(dst, &segment.bytes)
                    .ok_or(Trap::OutOfBoundsMemoryAccess)?;
            }
            if !matches!(segment.mode, Mode::Passive) {
                self.drop_data(address, index);
            }
        }
        Ok(())
    }

    /// `elem.drop`
    pub(super) fn drop_elements(&mut self, instance: InstanceAddr, segment: usize) {
        self.segments_mut(instance).elements[segment] = Arc::new([]);
    }

    /// `data.drop`
    pub(super) fn drop_data(&mut self, instance: InstanceAddr, segment: usize) {
        self.segments_mut(instance).data[segment] = DataState::Dropped;
    }

    fn segments_mut(&mut self, instance: InstanceAddr) -> &mut Segments {
        let all = Arc::make_mut(&mut self.segments);
        Arc::make_mut(&mut all[instance.index()])
    }
}

impl Instance {
    /// An instance that has its imports and nothing of its own.
    fn importing(module: &Module, imports: &[Extern]) -> Instance {
        let mut instance = Instance {
            module: module.clone(),
            funcs: Vec::new(),
            tables: Vec::new(),
            memories: Vec::new(),
            globals: Vec::new(),
            tags: Vec::new(),
        };
        for import in imports {
            match *import {
                Extern::Func(address) => instance.funcs.push(address),
                Extern::Table(address) => instance.tables.push(address),
                Extern::Memory(address) => instance.memories.push(address),
                Extern::Global(address) => instance.globals.push(address),
                Extern::Tag(address) => instance.tags.push(address),
            }
        }
        instance
    }
}
