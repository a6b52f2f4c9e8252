//! Runs the files of a suite on runtimes: in parallel, each within its time, crashes contained.

use std::num::NonZeroUsize;
use std::time::Duration;

use crate::results::FileResult;

/// How to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunOptions {
    /// How many files are run at the same time.
    pub jobs: NonZeroUsize,
    /// The wall-clock time that one file has on one runtime.
    pub timeout: Duration,
}

impl Default for RunOptions {
    /// As many jobs as there are cores, thirty seconds a file.
    fn default() -> Self {
        let jobs = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        RunOptions {
            jobs,
            timeout: Duration::from_secs(30),
        }
    }
}

/// Is told how a run goes on. Calls come from one thread, in the order in which files end.
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
