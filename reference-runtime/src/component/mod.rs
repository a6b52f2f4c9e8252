//! Components: decoding, types, and the definitions that instantiation evaluates.
//!
//! A component binary becomes a [`Component`](ast::Component): a list of definitions in the order
//! of the binary, each of which appends to one index space. Instantiation evaluates that list;
//! nothing is resolved before, so the evaluator reads like the sections of `Explainer.md`.

pub mod ast;
pub mod decode;
pub mod env;
pub mod link;
pub mod outer;
pub mod size;
#[cfg(test)]
pub(crate) mod testing;
pub mod types;
pub mod validate;
