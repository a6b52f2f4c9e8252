//! From bytes to a [`Definition`], section by section, in one pass.
//!
//! `wasmparser` decodes and validates with all of WebAssembly 3.0 switched on, so that a module is
//! called malformed or invalid only if it is that. Whether this interpreter has what the module
//! needs is a second question, answered when the whole module has proved valid.
//!
//! Spec: WebAssembly 3.0, "Binary Format", "Modules".

mod reject;
mod sections;
#[cfg(test)]
mod tests;
pub(crate) mod types;

use wasmparser::{FuncValidatorAllocations, Parser, ValidPayload, Validator, WasmFeatures};

use super::digest::digest;
use super::module::Definition;
use super::translate::{self, Rejection};
use crate::error::LoadError;

pub use types::{block_type, heap_type, val_type};

/// WebAssembly 3.0. Threads are a proposal of their own, though `wasmparser` counts them in.
const FEATURES: WasmFeatures = WasmFeatures::WASM3.difference(WasmFeatures::THREADS);

/// Decodes, validates and translates a module.
pub fn decode(bytes: &[u8]) -> Result<Definition, LoadError> {
    let mut validator = Validator::new_with_features(FEATURES);
    let mut allocations = FuncValidatorAllocations::default();
    let mut definition = Definition {
        id: digest(bytes),
        ..Definition::default()
    };
    // What the module needs in vain. From then on it is only validated.
    let mut unsupported = None;
    for payload in parser().parse_all(bytes) {
        let payload = payload.map_err(LoadError::malformed)?;
        let valid = validator.payload(&payload);
        let function = match valid.map_err(|error| reject::classify(bytes, error))? {
            ValidPayload::Func(function, body) => Some((function, body)),
            _ => None,
        };
        let section = match function {
            Some((function, body)) => {
                let mut function = function.into_validator(allocations);
                let into = unsupported.is_none().then_some(&mut definition);
                let section = translate::function(&mut function, &body, into);
                allocations = function.into_allocations();
                section.map_err(|rejection| match rejection {
                    Rejection::Error(error) => reject::classify(bytes, error),
                    Rejection::Unsupported(error) => error,
                })
            }
            None if unsupported.is_none() => definition.section(&payload),
            None => Ok(()),
        };
        match section {
            Err(LoadError::Unsupported { feature }) => _ = unsupported.get_or_insert(feature),
            other => other?,
        }
    }
    match unsupported {
        Some(feature) => Err(LoadError::Unsupported { feature }),
        None => Ok(definition),
    }
}

fn parser() -> Parser {
    let mut parser = Parser::new(0);
    parser.set_features(FEATURES);
    parser
}
