//! The abstract machine: its state, its rules, its choices, and how it takes one step.

mod call;
mod canon;
pub mod choice;
pub mod embed;
mod event;
mod instantiate;
pub mod limits;
pub mod log;
pub mod reading;
pub mod rules;
mod run;
mod schedule;
pub mod state;
pub mod step;
pub mod stop;
pub mod store;
pub mod table;
mod task;
pub mod thread;
pub mod waitable;
mod whole;
