//! Core modules in the making.

use std::collections::HashMap;

use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, ExportKind,
    ExportSection, Function, FunctionSection, GlobalSection, GlobalType, ImportSection,
    MemorySection, MemoryType, Module, NameMap, NameSection, RefType, StartSection, TableSection,
    TableType, TypeSection, ValType,
};

use crate::program::{CoreType, MEMORY_SIZE, Memory, Signature};

/// The size of a page of memory, in bytes.
const PAGE: u32 = 65_536;

/// A core module in the making. Imports come first, then functions, then what they consist of in the
/// same order.
#[derive(Default)]
pub(super) struct CoreModule {
    types: TypeSection,
    known: HashMap<Signature, u32>,
    imports: ImportSection,
    functions: FunctionSection,
    tables: TableSection,
    memories: MemorySection,
    globals: GlobalSection,
    exports: ExportSection,
    start: Option<u32>,
    elements: ElementSection,
    code: CodeSection,
    data: DataSection,
    /// How many functions, tables and memories there are, imports included.
    counts: [u32; 3],
    names: Names,
}

#[derive(Default)]
struct Names {
    functions: NameMap,
    tables: NameMap,
    memories: NameMap,
    globals: NameMap,
}

/// What is imported.
#[derive(Clone, Copy)]
pub(super) enum Imported<'a> {
    Function(&'a Signature),
    Table(u32),
    Memory(&'a Memory),
}

pub(super) fn val_type(ty: CoreType) -> ValType {
    match ty {
        CoreType::I32 => ValType::I32,
        CoreType::I64 => ValType::I64,
        CoreType::F32 => ValType::F32,
        CoreType::F64 => ValType::F64,
    }
}

/// The core type of a function without a result.
pub(super) fn taking(params: &[CoreType]) -> Signature {
    Signature {
        params: params.to_vec(),
        result: None,
    }
}

fn memory_type(memory: &Memory) -> MemoryType {
    let pages = u64::from(MEMORY_SIZE / PAGE);
    MemoryType {
        minimum: pages,
        maximum: Some(pages),
        memory64: memory.wide,
        shared: false,
        page_size_log2: None,
    }
}

fn table_type(size: u32) -> TableType {
    TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: size.into(),
        maximum: None,
        shared: false,
    }
}

impl CoreModule {
    /// The index of a function type.
    pub(super) fn ty(&mut self, signature: &Signature) -> u32 {
        if let Some(known) = self.known.get(signature) {
            return *known;
        }
        let index = self.types.len();
        let params = signature.params.iter().copied().map(val_type);
        let result = signature.result.map(val_type);
        let types = self.types.ty();
        types.function(params.collect::<Vec<_>>(), result);
        self.known.insert(signature.clone(), index);
        index
    }

    /// Imports something under its name, and gives its index.
    pub(super) fn import(&mut self, module: &str, name: &str, what: Imported<'_>) -> u32 {
        let (space, ty) = match what {
            Imported::Function(signature) => (0, EntityType::Function(self.ty(signature))),
            Imported::Table(size) => (1, EntityType::Table(table_type(size))),
            Imported::Memory(memory) => (2, EntityType::Memory(memory_type(memory))),
        };
        self.imports.import(module, name, ty);
        let index = self.counts[space];
        self.counts[space] += 1;
        let names = match space {
            0 => &mut self.names.functions,
            1 => &mut self.names.tables,
            _ => &mut self.names.memories,
        };
        names.append(index, name);
        index
    }

    /// Declares the next function, and gives its index.
    pub(super) fn declare(&mut self, name: &str, signature: &Signature) -> u32 {
        let ty = self.ty(signature);
        self.functions.function(ty);
        let index = self.counts[0];
        self.counts[0] += 1;
        self.names.functions.append(index, name);
        index
    }

    /// What the next declared function consists of.
    pub(super) fn define(&mut self, function: &Function) {
        self.code.function(function);
    }

    /// Defines a table of functions and exports it.
    pub(super) fn table(&mut self, name: &str, size: u32) {
        self.tables.table(table_type(size));
        let index = self.counts[1];
        self.counts[1] += 1;
        self.names.tables.append(index, name);
        self.exports.export(name, ExportKind::Table, index);
    }

    /// Defines a memory and exports it.
    pub(super) fn memory(&mut self, name: &str, memory: &Memory) {
        self.memories.memory(memory_type(memory));
        let index = self.counts[2];
        self.counts[2] += 1;
        self.names.memories.append(index, name);
        self.exports.export(name, ExportKind::Memory, index);
    }

    /// Defines a mutable number, and gives its index.
    pub(super) fn global(&mut self, name: &str, value: i64) -> u32 {
        let index = self.globals.len();
        let ty = GlobalType {
            val_type: ValType::I64,
            mutable: true,
            shared: false,
        };
        self.globals.global(ty, &ConstExpr::i64_const(value));
        self.names.globals.append(index, name);
        index
    }

    /// Exports a function.
    pub(super) fn export(&mut self, name: &str, function: u32) {
        self.exports.export(name, ExportKind::Func, function);
    }

    /// Has a function called when the module is instantiated.
    pub(super) fn start(&mut self, function: u32) {
        self.start = Some(function);
    }

    /// Fills a table from its beginning.
    pub(super) fn fill(&mut self, table: u32, functions: &[u32]) {
        self.fill_from(table, 0, functions);
    }

    /// The same, from this element on.
    pub(super) fn fill_from(&mut self, table: u32, first: u32, functions: &[u32]) {
        let offset = ConstExpr::i32_const(first as i32);
        let elements = Elements::Functions(functions.into());
        self.elements.active(Some(table), &offset, elements);
    }

    /// Has bytes stand in a memory with addresses of 32 bits when the module is instantiated.
    pub(super) fn data(&mut self, memory: u32, address: u32, bytes: Vec<u8>) {
        let offset = ConstExpr::i32_const(address as i32);
        self.data.active(memory, &offset, bytes);
    }

    /// The module.
    pub(super) fn finish(self) -> Module {
        let mut module = Module::new();
        module.section(&self.types).section(&self.imports);
        module.section(&self.functions);
        if !self.tables.is_empty() {
            module.section(&self.tables);
        }
        if !self.memories.is_empty() {
            module.section(&self.memories);
        }
        if !self.globals.is_empty() {
            module.section(&self.globals);
        }
        module.section(&self.exports);
        if let Some(function_index) = self.start {
            module.section(&StartSection { function_index });
        }
        if !self.elements.is_empty() {
            module.section(&self.elements);
        }
        module.section(&self.code);
        if !self.data.is_empty() {
            module.section(&self.data);
        }
        let mut names = NameSection::new();
        names.functions(&self.names.functions);
        names.tables(&self.names.tables);
        names.memories(&self.names.memories);
        names.globals(&self.names.globals);
        module.section(&names);
        module
    }
}
