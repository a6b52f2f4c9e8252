//! The harness: it runs suites of `.wast` files on runtimes and judges every directive.
//!
//! [`suite`] finds files, [`run`](mod@run) runs them on [`runtime`]s through the script
//! interpreter in [`wast`], [`results`] is what comes out, and [`expectations`] says which of it
//! was known before. Nothing here prints: reports are made elsewhere from the results.

pub mod battery;
mod begun;
pub mod error;
pub mod expectations;
pub mod explore;
pub mod forms;
pub mod host;
pub mod interface;
pub mod mutants;
pub mod results;
pub mod rules;
pub mod run;
pub mod runtime;
pub mod suite;
pub mod value;
pub mod wast;

pub use error::HarnessError;
