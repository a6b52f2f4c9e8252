//! Why bytes are not a component or module that can be instantiated.

use thiserror::Error;

/// Why bytes are not a component or module that can be instantiated. Offsets count from the start
/// of the bytes, in whatever nested component or module the fault is.
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
    /// The bytes break a rule of validation.
    #[error("invalid: {message} (at offset {offset:#x})")]
    Invalid {
        /// Where in the bytes.
        offset: usize,
        /// Which rule is broken there.
        message: String,
    },
    /// The bytes are valid and need something that this runtime does not have.
    #[error("unsupported: {feature}")]
    Unsupported {
        /// What they need.
        feature: &'static str,
    },
}

impl LoadError {
    pub(crate) fn malformed(error: wasmparser::Error) -> LoadError {
        LoadError::Malformed {
            offset: error.offset(),
            message: error.message().to_owned(),
        }
    }

    pub(crate) fn invalid(error: wasmparser::Error) -> LoadError {
        LoadError::Invalid {
            offset: error.offset(),
            message: error.message().to_owned(),
        }
    }

    /// The same, in bytes of which those that were loaded are a part from `start` on.
    pub(crate) fn within(self, start: usize) -> LoadError {
        match self {
            LoadError::Malformed { offset, message } => LoadError::Malformed {
                offset: start + offset,
                message,
            },
            LoadError::Invalid { offset, message } => LoadError::Invalid {
                offset: start + offset,
                message,
            },
            LoadError::Unsupported { feature } => LoadError::Unsupported { feature },
        }
    }
}
