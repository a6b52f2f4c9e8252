//! The Canonical ABI of values: how a component value becomes core values and memory, and back.
//!
//! The files follow the sections of `CanonicalABI.md` from "Despecialization" to "Lifting and
//! Lowering Values", and the functions carry its names. What the rest of the machine needs is
//! [`Cx::lift_flat_values`] and [`Cx::lower_flat_values`].

mod buffer;
pub mod context;
pub mod despecialize;
pub mod flatten;
mod handles;
pub mod layout;
mod lift;
pub mod load;
mod lower;
mod scalar;
mod store;
mod strings;
#[cfg(test)]
mod testing;
pub mod types;
pub mod value;
mod values;

pub use context::{BorrowScope, CoreValueIter, Cx, LiftLowerOptions, PtrType};
pub use flatten::flatten_functype;
pub use value::{StringValue, Value};
