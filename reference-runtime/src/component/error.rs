//! Why bytes are not a component that can be instantiated.

use thiserror::Error;

use crate::core;

/// Why bytes are not a component that can be instantiated. Offsets count from the start of the
/// bytes, in whatever nested component or module the fault is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Error)]
pub enum LoadError {
    /// The bytes follow no rule of the binary format.
    #[error("malformed: {message} (at offset {offset:#x})")]
    Malformed {
        /// Where in the bytes.
        offset: usize,
        /// What is wrong there.
        message: String,
    },
    /// The bytes are a component, which breaks a rule of validation.
    #[error("invalid: {message} (at offset {offset:#x})")]
    Invalid {
        /// Where in the bytes.
        offset: usize,
        /// Which rule is broken there.
        message: String,
    },
    /// The component needs something that this runtime does not have.
    #[error("unsupported: {feature}")]
    Unsupported {
        /// What it needs.
        feature: &'static str,
    },
}

impl LoadError {
    pub(super) fn malformed(error: wasmparser::Error) -> LoadError {
        LoadError::Malformed {
            offset: error.offset(),
            message: error.message().to_owned(),
        }
    }

    pub(super) fn invalid(error: wasmparser::Error) -> LoadError {
        LoadError::Invalid {
            offset: error.offset(),
            message: error.message().to_owned(),
        }
    }

    /// What is wrong with a core module whose bytes begin at `start`.
    pub(super) fn in_module(error: core::LoadError, start: usize) -> LoadError {
        match error {
            core::LoadError::Malformed { offset, message } => LoadError::Malformed {
                offset: start + offset,
                message,
            },
            core::LoadError::Invalid { offset, message } => LoadError::Invalid {
                offset: start + offset,
                message,
            },
            core::LoadError::Unsupported { feature } => LoadError::Unsupported { feature },
        }
    }
}
