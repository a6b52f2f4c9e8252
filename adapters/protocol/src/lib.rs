//! What an adapter needs, and nothing else: the face of a runtime, its values and types, and the
//! host world.
//!
//! An adapter in Rust implements [`runtime::Runtime`]. It depends on this crate and on its
//! runtime, and on nothing else of the project.

pub mod case;
pub mod host;
pub mod message;
pub mod recent;
pub mod runtime;
pub mod schema;
pub mod serve;
pub mod types;
pub mod value;
