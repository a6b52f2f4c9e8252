//! Assize's reference runtime: the Component Model of WebAssembly as an abstract machine.
//!
//! The machine's whole state is plain data, each choice that the specification leaves open is one
//! call to one function, and each of its normative rules has a name. The specification is
//! WebAssembly/component-model at commit 6d28164; doc comments cite its files by name.

/// The version of the reference runtime.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

pub mod abi;
pub mod builtins;
pub mod component;
pub mod core;
mod error;
pub mod explore;
pub mod host;
pub mod machine;

pub use error::LoadError;
