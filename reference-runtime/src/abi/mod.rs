//! The Canonical ABI of values: how a component value becomes core values and memory, and back.
//!
//! The files follow the sections of `CanonicalABI.md` from "Despecialization" to "Lifting and
//! Lowering Values", and the functions carry its names.

pub mod context;
pub mod despecialize;
pub mod flatten;
pub mod layout;
#[cfg(test)]
mod testing;
pub mod types;
pub mod value;

pub use context::{BorrowScope, CoreValueIter, Cx, LiftLowerOptions, PtrType};
pub use value::{StringValue, Value};
