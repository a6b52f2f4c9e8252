//! Values that go into and come out of runtimes.

pub use assize_protocol::value::*;

pub mod call;
