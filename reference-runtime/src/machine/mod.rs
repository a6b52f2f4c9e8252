//! The abstract machine: its state, its rules, its choices, and how it takes one step.

pub mod choice;
pub mod limits;
pub mod rules;
pub mod state;
pub mod step;
pub mod stop;
pub mod store;
pub mod table;
