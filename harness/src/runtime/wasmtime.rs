//! Wasmtime: embedded, and where its other releases are built.

use std::path::{Path, PathBuf};

use assize_wasmtime::{StartError, Wasmtimes};

use super::{Reading, Runtime, RuntimeFactory, RuntimeInfo};
use crate::error::HarnessError;

/// The program that serves another release of Wasmtime, such as `47` or `47.0.4`, once
/// `cargo xtask adapter build wasmtime` has built it.
pub fn built_adapter(version: &str) -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let package = format!("target/adapters/wasmtime-{version}/target/debug/assize-wasmtime");
    workspace.join(package)
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
