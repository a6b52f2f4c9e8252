//! Our own tests: `.wast` files by feature and host-driven tests (`.wat`), and what they say about
//! themselves.
//!
//! Before each directive, comments tell which rules it is about and which way they go. [`claims`]
//! reads them, [`check`] runs a file on the reference and holds what happened against them, and
//! [`gaps`] lists the rules that no test reaches one of the ways, with reasons.

pub mod check;
pub mod claims;
pub mod gaps;
