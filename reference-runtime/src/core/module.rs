//! A module, decoded, validated and translated: everything about it that never changes.
//!
//! Spec: WebAssembly 3.0, "Modules".

use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;

use wasmparser::Operator;

use super::constant::ConstExpr;
use super::decode;
use super::op::Op;
use super::types::{ExternType, FuncType, GlobalType, MemoryType, TableType, TagType};
use crate::error::LoadError;

/// A module ready to be instantiated. Cheap to clone; modules of equal bytes are equal.
#[derive(Clone)]
pub struct Module(Arc<Definition>);

/// An operator that is not in this interpreter's repertoire.
pub(super) fn unsupported_operator(operator: &Operator<'_>) -> LoadError {
    macro_rules! name_proposal {
        ($(@$proposal:ident $name:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident
            ($($arity:tt)*))*) => {
            match operator {
                $(Operator::$name { .. } => stringify!($proposal),)*
                _ => "unknown instruction",
            }
        };
    }
    LoadError::Unsupported {
        feature: wasmparser::for_each_operator!(name_proposal),
    }
}

impl Module {
    /// Decodes, validates and translates a module in one pass.
    pub fn new(bytes: &[u8]) -> Result<Module, LoadError> {
        Ok(Module(Arc::new(decode::decode(bytes)?)))
    }

    /// What it imports, in order.
    pub fn imports(&self) -> &[Import] {
        &self.0.imports
    }

    /// What it exports, in order.
    pub fn exports(&self) -> &[Export] {
        &self.0.exports
    }

    /// The export of that name. Names are unique.
    pub fn export(&self, name: &str) -> Option<&Export> {
        let position = *self.0.export_names.get(name)?;
        self.0.exports.get(position)
    }

    /// How many bytes its data segments have together.
    pub fn data_len(&self) -> u64 {
        let segments = self.0.data.iter();
        segments.map(|segment| segment.bytes.len() as u64).sum()
    }

    pub(super) fn definition(&self) -> &Definition {
        &self.0
    }
}

impl PartialEq for Module {
    fn eq(&self, other: &Module) -> bool {
        self.0.id == other.0.id
    }
}

impl Eq for Module {}

impl Hash for Module {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.id.hash(state);
    }
}

impl fmt::Debug for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Module({:#x})", self.0.id)
    }
}

/// An import of a module.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Import {
    /// The first part of its name.
    pub module: String,
    /// The second part of its name.
    pub name: String,
    /// What it must be.
    pub ty: ExternType,
}

/// An export of a module.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Export {
    /// Its name.
    pub name: String,
    /// What it is, as the module declares it.
    pub ty: ExternType,
    /// Where to find it in the module's index space of its kind.
    pub(super) index: u32,
}

/// What a module consists of. Indices are valid, and operands balanced.
#[derive(Debug, Default)]
pub struct Definition {
    /// A digest of the bytes.
    pub id: u128,
    /// All defined types: without garbage collection they are all of functions.
    pub types: Vec<FuncType>,
    pub imports: Vec<Import>,
    pub exports: Vec<Export>,
    pub export_names: HashMap<String, usize>,
    /// The index spaces, imports first.
    pub spaces: Spaces,
    /// How many functions are imported: the index of the first that the module defines.
    pub imported_funcs: u32,
    /// The functions that the module defines itself.
    pub functions: Vec<Function>,
    pub tables: Vec<TableDefinition>,
    pub memories: Vec<MemoryType>,
    pub globals: Vec<GlobalDefinition>,
    pub tags: Vec<TagType>,
    pub elements: Vec<ElementSegment>,
    pub data: Vec<DataSegment>,
    /// The function to run after instantiation.
    pub start: Option<u32>,
    /// The bodies of all functions, one after the other.
    pub code: Vec<Op>,
    /// The `try_table` blocks of all functions, in the order in which they begin.
    pub handlers: Vec<Handler>,
}

/// The types of everything that the module can refer to by index, imported or its own.
#[derive(Debug, Default)]
pub struct Spaces {
    pub funcs: Vec<FuncType>,
    pub tables: Vec<TableType>,
    pub memories: Vec<MemoryType>,
    pub globals: Vec<GlobalType>,
    pub tags: Vec<TagType>,
}

impl Definition {
    /// How much an instance of it takes: whatever it has an address or a slot for.
    pub fn entities(&self) -> usize {
        let spaces = &self.spaces;
        let elements = self.elements.iter().map(|segment| match &segment.items {
            ElementItems::Functions(items) => items.len(),
            ElementItems::Expressions(items) => items.len(),
        });
        spaces.funcs.len()
            + spaces.tables.len()
            + spaces.memories.len()
            + spaces.globals.len()
            + spaces.tags.len()
            + self.elements.len()
            + self.data.len()
            + elements.sum::<usize>()
    }
}

/// A function that a module defines. Counts are of slots.
#[derive(Debug)]
pub struct Function {
    /// The position of its first instruction.
    pub entry: u32,
    /// Parameters; they lie where the caller left them.
    pub params: u32,
    /// Parameters and other locals.
    pub locals: u32,
    /// Locals and the most operands that there are at once.
    pub frame: u32,
    /// Which of the module's handlers are its own.
    pub handlers: Range<u32>,
}

/// A `try_table` block.
#[derive(Debug)]
pub struct Handler {
    /// The positions of the instructions inside.
    pub range: Range<u32>,
    /// Its clauses, in order.
    pub catches: Vec<Catch>,
}

/// A clause of a `try_table` block.
#[derive(Clone, Copy, Debug)]
pub struct Catch {
    /// The exceptions it catches; `None` is all.
    pub tag: Option<u32>,
    /// What it passes to its label after the exception's own values.
    pub passes: Passes,
    /// The position it goes to.
    pub target: u32,
    /// The slot, counted from the function's first local, of the first value passed.
    pub height: u32,
}

/// Whether a clause wants the exception itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passes {
    /// Only the values.
    Values,
    /// The values, then a reference.
    Reference,
}

/// A table that a module defines.
#[derive(Debug)]
pub struct TableDefinition {
    pub ty: TableType,
    /// What its elements are at first; null if absent.
    pub init: Option<ConstExpr>,
}

/// A global that a module defines.
#[derive(Debug)]
pub struct GlobalDefinition {
    pub ty: GlobalType,
    pub init: ConstExpr,
}

/// An element segment.
#[derive(Debug)]
pub struct ElementSegment {
    pub mode: Mode,
    pub items: ElementItems,
}

/// The elements of a segment.
#[derive(Debug)]
pub enum ElementItems {
    /// References to functions.
    Functions(Vec<u32>),
    /// Any references.
    Expressions(Vec<ConstExpr>),
}

/// A data segment.
#[derive(Debug)]
pub struct DataSegment {
    pub mode: Mode,
    pub bytes: Vec<u8>,
}

/// What instantiation does with a segment.
#[derive(Debug)]
pub enum Mode {
    /// Keeps it for instructions to use.
    Passive,
    /// Copies it to a place in a table or memory, and drops it.
    Active { target: u32, offset: ConstExpr },
    /// Drops it: it only declares the functions in it.
    Declarative,
}
