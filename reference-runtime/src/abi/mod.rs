//! The Canonical ABI of values: how a component value becomes core values and memory, and back.
//!
//! The files follow the sections of `CanonicalABI.md` from "Alignment" to "Lifting and Lowering
//! Values", and the functions carry its names.

pub mod context;
pub mod value;

pub use context::{BorrowScope, CoreValueIter, Cx, LiftLowerOptions, PtrType};
pub use value::{StringValue, Value};
