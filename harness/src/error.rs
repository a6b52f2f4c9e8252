//! What can go wrong in the harness itself, as opposed to in a runtime.
//!
//! A runtime's misbehaviour is a [`Verdict`](crate::results::Verdict), never one of these.

use std::path::PathBuf;

/// An error of the harness: bad input on the command line, in a suite's directory or in an
/// expectations file.
#[derive(Debug, thiserror::Error)]
pub enum HarnessError {
    /// No directory holds the suite.
    #[error("suite `{suite}` not found; looked in {}", paths(.looked_in))]
    SuiteNotFound {
        /// The suite's name.
        suite: &'static str,
        /// Every directory that was tried, in order.
        looked_in: Vec<PathBuf>,
    },
    /// A directory or a file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The directory or file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A glob on the command line does not parse.
    #[error("bad glob `{glob}`: {reason}")]
    Glob {
        /// The glob as given.
        glob: String,
        /// What is wrong with it.
        reason: String,
    },
    /// No runtime has this name.
    #[error(
        "unknown runtime `{name}`; known runtimes: {}; any other is given by the command that starts its \
         adapter, as `command args` or `name=command`",
        known.join(", ")
    )]
    UnknownRuntime {
        /// The name as given.
        name: String,
        /// The names that exist.
        known: Vec<&'static str>,
    },
    /// A known runtime is not installed.
    #[error("runtime `{runtime}` not found; `{install}` installs it")]
    RuntimeNotFound {
        /// The runtime's name.
        runtime: &'static str,
        /// The line that installs it.
        install: &'static str,
    },
    /// A runtime could not be set up at all.
    #[error("runtime `{runtime}` does not start: {reason}")]
    RuntimeStart {
        /// The runtime's name.
        runtime: String,
        /// The runtime's own message.
        reason: String,
    },
    /// An expectations file is not what it has to be.
    #[error("{}:{line}: {reason}", path.display())]
    Expectations {
        /// The expectations file.
        path: PathBuf,
        /// The line, from 1.
        line: u32,
        /// What is wrong there.
        reason: String,
    },
}

fn paths(paths: &[PathBuf]) -> String {
    let shown: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    shown.join(", ")
}
