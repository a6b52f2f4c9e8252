//! Wasmtime, embedded.

use assize_wasmtime::{StartError, Wasmtimes};

use super::{Reading, Runtime, RuntimeFactory, RuntimeInfo};
use crate::error::HarnessError;

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
