//! The fuzzer: programs, the components that they become, and what is made of a runtime's answers.
//!
//! [`program`] is what is generated, shrunk and kept. Beside it stands the fuzzing of the reference
//! itself with damaged components ([`mutate`], [`drive`]): whatever bytes it is given, it must answer
//! with an outcome, never with a panic, an abort, a hang or unbounded memory.

pub mod alter;
pub mod bench;
pub mod campaign;
pub mod chaos;
pub mod core;
pub mod corners;
pub mod corpus;
pub mod drive;
pub mod emit;
pub mod error;
pub mod findings;
pub mod generate;
pub mod growth;
pub mod guided;
pub mod known;
mod leak;
pub mod lowers;
pub mod metamorphic;
pub mod minimise;
pub mod mutate;
pub mod oracle;
pub mod program;
pub mod promote;
pub mod roundtrip;
pub mod signature;
mod splice;
pub mod standalone;
pub mod starve;
pub mod subject;
pub mod targets;
#[cfg(test)]
mod testing;
pub mod trial;
pub mod vary;
