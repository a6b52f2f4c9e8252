//! The runtimes under test: which there are, and how they are started.

use std::sync::Arc;

pub use assize_protocol::runtime::{
    Begun, CallId, Capability, DEBUG_ASSERTIONS, DefinitionId, Failure, InstanceId,
    MessageMatching, Outcome, OutcomeClass, REMAINS, Runtime, RuntimeInfo, unsupported, usage,
};
pub use assize_reference::machine::reading::Reading;

use self::command_line::{CommandLine, CommandLineFactory};
use self::process::{AdapterCommand, ProcessFactory, ProcessLimits};
use crate::error::HarnessError;

pub mod command_line;
#[cfg(test)]
pub(crate) mod fake;
pub mod jco;
pub mod known;
pub mod process;
pub mod reference;
pub mod wasmtime;

/// Starts runtimes of one kind: one for each worker of a run, and a new one after a crash.
pub trait RuntimeFactory: Send + Sync {
    /// Who the runtimes are.
    fn info(&self) -> &RuntimeInfo;

    /// Starts a runtime that holds nothing. One that can read the specification both ways where
    /// it contradicts itself reads it as told; all others have a reading of their own.
    ///
    /// # Errors
    /// [`HarnessError::RuntimeStart`] where it does not come up.
    fn start(&self, reading: Reading) -> Result<Box<dyn Runtime>, HarnessError>;
}

/// The names that [`find`] knows, in the order in which reports list them.
pub const KNOWN: [&str; 3] = [REFERENCE, WASMTIME, jco::NAME];

/// Those of them that are part of this program and always there.
pub const EMBEDDED: [&str; 2] = [REFERENCE, WASMTIME];

/// The name of the reference.
pub const REFERENCE: &str = "reference";

/// The name of Wasmtime.
pub const WASMTIME: &str = "wasmtime";

/// The factory for the runtime with this name, for another release of Wasmtime that was built
/// (`wasmtime@47`), for jco on another JavaScript host (`jco@deno`), for a [command line](CommandLine::parse) that runs whole tests
/// (`wast-cli:command args`), or for the adapter that this command starts: `command args` or
/// `name=command args`.
///
/// # Errors
/// [`HarnessError::UnknownRuntime`] where the text is neither, [`HarnessError::RuntimeNotFound`]
/// where the runtime is not installed, or [`HarnessError::RuntimeStart`] where it cannot even be
/// configured on this machine or was not built.
pub fn find(name: &str) -> Result<Arc<dyn RuntimeFactory>, HarnessError> {
    match name {
        REFERENCE => Ok(Arc::new(reference::ReferenceFactory::default())),
        WASMTIME => Ok(Arc::new(wasmtime::WasmtimeFactory::new()?)),
        jco::NAME => Ok(Arc::new(jco::factory(jco::Host::Node)?)),
        text if let Some(host) = text.strip_prefix("jco@") => {
            let unknown = || HarnessError::UnknownRuntime {
                name: text.to_owned(),
                known: jco::Host::ALL.map(jco::Host::runtime).to_vec(),
            };
            let host = jco::Host::named(host).ok_or_else(unknown)?;
            Ok(Arc::new(jco::factory(host)?))
        }
        text if let Some(line) = CommandLine::parse(text) => {
            let limits = ProcessLimits::default();
            Ok(Arc::new(CommandLineFactory::new(line, limits)?))
        }
        text => match other_command(text)? {
            Some(command) => {
                let limits = ProcessLimits::default();
                Ok(Arc::new(ProcessFactory::new(command, limits)))
            }
            None => Err(HarnessError::UnknownRuntime {
                name: text.to_string(),
                known: KNOWN.to_vec(),
            }),
        },
    }
}

/// The command of a runtime that runs in a process of its own.
fn other_command(text: &str) -> Result<Option<AdapterCommand>, HarnessError> {
    match text.strip_prefix("wasmtime@") {
        Some(version) => wasmtime::release(version).map(Some),
        None => Ok(AdapterCommand::parse(text)),
    }
}
