//! `cargo xtask adapter`: programs that put a runtime behind the protocol.

use std::{io, path::PathBuf};

use crate::{Outcome, cli, error::XtaskError};

pub mod check;
mod jco;
mod wasmtime;

/// Why an adapter could not be built.
#[derive(Debug, thiserror::Error)]
pub enum AdapterError {
    #[error("`{0}` is no version of Wasmtime: write it like 47 or 47.0.4")]
    Version(String),
    #[error("cannot read or write {}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{} is not as expected: {reason}", path.display())]
    Manifest { path: PathBuf, reason: String },
    #[error("`cargo {command}` failed in {}", directory.display())]
    Build { command: String, directory: PathBuf },
    #[error("npm, which comes with Node, is needed to install jco: {0}")]
    Npm(String),
    #[error("{0}")]
    NoProgram(String),
}

/// Builds an adapter.
pub fn build(what: &cli::AdapterBuild) -> Result<Outcome, XtaskError> {
    match what {
        cli::AdapterBuild::Jco(arguments) => jco::build(arguments.host),
        cli::AdapterBuild::Wasmtime(arguments) => wasmtime::build(arguments),
    }
}
