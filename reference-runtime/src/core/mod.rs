//! Core WebAssembly: a small-step interpreter whose whole state is plain data.
//!
//! A module is decoded and validated by `wasmparser` and translated once into a flat form with
//! resolved branch targets ([`Module`]). Everything that changes while code runs lives in the
//! [`Store`] and in [`Stack`]s, both of which can be cloned, hashed and compared; a suspended call
//! is just a `Stack` that nobody runs.
//!
//! All of WebAssembly 3.0 is here except garbage collection and SIMD: a module that needs more is
//! refused with [`LoadError::Unsupported`](crate::LoadError::Unsupported).

mod constant;
pub(crate) mod decode;
mod digest;
mod instantiate;
mod interpret;
mod module;
mod op;
mod rec_group;
mod store;
#[cfg(test)]
mod testing;
mod translate;

pub mod memory;
pub mod numeric;
pub mod stack;
pub mod table;
pub mod trap;
pub mod types;
pub mod values;

pub use instantiate::InstantiateError;
pub use memory::{IndexType, Memory};
pub use module::{Export, Import, Module};
pub use stack::{Exit, Stack};
pub use store::{Extern, Store};
pub use table::Table;
pub use trap::{Limit, Limits, Trap};
pub use types::{
    DefType, ExternType, FuncType, GlobalType, HeapType, MemoryType, Mutability, RefType, Size,
    TableType, TagType, TypeId, ValType, matches,
};
pub use values::{
    ExnAddr, ExternRef, FuncAddr, GlobalAddr, HostFunc, InstanceAddr, MemAddr, TableAddr, TagAddr,
    Value,
};
