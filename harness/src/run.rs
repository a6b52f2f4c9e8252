//! Runs the files of a suite on runtimes: in parallel, each within its time, crashes contained.
//!
//! Files are run by worker threads. The calling thread collects what they report and watches
//! the clock. A worker that does not stop soon after its file's time is over is abandoned with
//! its runtime and another takes its place, so that one hang never ends a run.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use crate::error::HarnessError;
use crate::results::FileResult;
use crate::runtime::{Reading, RuntimeFactory};
use crate::suite::Suite;

pub mod contain;
pub(crate) mod coordinate;
mod whole;
mod worker;

/// How to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunOptions {
    /// How many files are run at the same time.
    pub jobs: NonZeroUsize,
    /// The wall-clock time that one file has on one runtime.
    pub timeout: Duration,
    /// How the reference reads the specification where it contradicts itself; as the suite's
    /// authors do if absent.
    pub reading: Option<Reading>,
}

impl Default for RunOptions {
    /// As many jobs as there are cores, thirty seconds a file, each suite's own reading.
    fn default() -> Self {
        let jobs = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        RunOptions {
            jobs,
            timeout: Duration::from_secs(30),
            reading: None,
        }
    }
}

/// Is told how a run goes on. Calls come from the thread that runs, in the order of events.
pub trait Observer {
    /// A file begins to run on a runtime.
    fn file_started(&mut self, runtime: &str, file: &str) {
        let _ = (runtime, file);
    }

    /// A file is done on a runtime.
    fn file_finished(&mut self, result: &FileResult) {
        let _ = result;
    }
}

/// An observer that does not care.
impl Observer for () {}

/// Runs every file of a suite on every runtime.
///
/// Results come in the order of the runtimes as given and, for each, of the suite's files.
/// Whatever a file or a runtime does is in the results: a file that cannot be read or is not a
/// script has one error, directives after a crash are errors, those after the file's time
/// timeouts.
///
/// # Errors
/// [`HarnessError::Io`] where the system gives no thread.
pub fn run(
    suite: &Suite,
    runtimes: &[Arc<dyn RuntimeFactory>],
    options: RunOptions,
    observer: &mut dyn Observer,
) -> Result<Vec<FileResult>, HarnessError> {
    coordinate::Coordinator::new(suite, runtimes, options, observer).run()
}

#[cfg(test)]
mod tests;
