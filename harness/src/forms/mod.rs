//! One test in three forms, so that no runtime has to read a text format that changes.
//!
//! - `component`: the binaries, and beside them [`case.json`](assize_protocol::case::Case), which
//!   says what to do with them in the protocol's terms;
//! - `wast`: a script whose components are binary, for any program that runs scripts;
//! - `command`: one component that exports `wasi:cli/run` and checks itself, for runtimes that can
//!   only run a command. It is built where the reference says "as expected" in every schedule.

mod build;
mod case;
mod command;
pub(crate) mod features;
mod standalone;

pub use build::{Built, build};
pub use case::{CaseFiles, host_case, script_case};
pub use command::{Composed, NoCommand, command};
pub use standalone::standalone;
