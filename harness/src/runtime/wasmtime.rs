//! Wasmtime: embedded, and where its other releases are built.

use std::path::{Path, PathBuf};

use assize_wasmtime::{StartError, Wasmtimes};

use super::process::AdapterCommand;
use super::{Reading, Runtime, RuntimeFactory, RuntimeInfo, WASMTIME};
use crate::error::HarnessError;

/// The program that serves another release of Wasmtime, such as `47` or `47.0.4`, once
/// `cargo xtask adapter build wasmtime` has built it.
pub fn built_adapter(version: &str) -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let package = format!("target/adapters/wasmtime-{version}/target/debug/assize-wasmtime");
    workspace.join(package)
}

/// The command that starts another release.
///
/// # Errors
/// [`HarnessError::RuntimeStart`] where it was not built.
pub(super) fn release(version: &str) -> Result<AdapterCommand, HarnessError> {
    let name = format!("{WASMTIME}-{version}");
    let program = built_adapter(version);
    if !program.is_file() {
        return Err(HarnessError::RuntimeStart {
            runtime: name,
            reason: format!(
                "it is not built: run `cargo xtask adapter build wasmtime --version {version}`"
            ),
        });
    }
    Ok(AdapterCommand {
        name: Some(name),
        program: program.display().to_string(),
        args: Vec::new(),
    })
}

/// Starts Wasmtime runtimes.
pub struct WasmtimeFactory(Wasmtimes);

impl WasmtimeFactory {
    /// Configures the engine.
    ///
    /// # Errors
    /// [`HarnessError::RuntimeStart`] where Wasmtime does not accept the configuration on this
    /// machine.
    pub fn new() -> Result<Self, HarnessError> {
        Ok(WasmtimeFactory(Wasmtimes::new().map_err(start_error)?))
    }
}

impl RuntimeFactory for WasmtimeFactory {
    fn info(&self) -> &RuntimeInfo {
        self.0.info()
    }

    fn start(&self, _: Reading) -> Result<Box<dyn Runtime>, HarnessError> {
        Ok(Box::new(self.0.start().map_err(start_error)?))
    }
}

fn start_error(error: StartError) -> HarnessError {
    HarnessError::RuntimeStart {
        runtime: "wasmtime".to_string(),
        reason: error.to_string(),
    }
}
