//! What can go wrong with fuzzing itself, as opposed to with a runtime.

use std::io;
use std::path::{Path, PathBuf};

use assize_harness::HarnessError;

/// An error of the fuzzer: bad input, or a system that gives no room.
#[derive(Debug, thiserror::Error)]
pub enum FuzzError {
    /// A runtime is not there.
    #[error(transparent)]
    Harness(#[from] HarnessError),
    /// A name is no runtime's.
    #[error("`{name}`: {reason}")]
    Subject {
        /// The name as given.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A directory or a file cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The directory or file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file is not what it has to be.
    #[error("{}: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The process that runs cases failed, or dies whatever it runs.
    #[error("{0}")]
    Process(String),
    /// Coverage cannot guide a campaign: something is missing, or does not do.
    #[error("{0}")]
    Engine(String),
    /// A case cannot become a test.
    #[error("{}: {reason}", path.display())]
    NoTest {
        /// The case.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// A directory has nothing in it to run.
    #[error("{}: there is no `.wat` and no program in it", .0.display())]
    EmptyCorpus(PathBuf),
}

impl FuzzError {
    /// A file is not what it has to be.
    pub fn file(path: &Path, reason: impl ToString) -> FuzzError {
        FuzzError::File {
            path: path.to_owned(),
            reason: reason.to_string(),
        }
    }

    /// For `map_err`: something about this path failed.
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> FuzzError {
        let path = path.to_owned();
        |source| FuzzError::Io { path, source }
    }
}
