//! The progress bar of `conformance`: on a terminal only, and on standard error, so that standard
//! output can be piped.

use assize_harness::{results::FileResult, run::Observer};
use indicatif::{ProgressBar, ProgressStyle};

const TEMPLATE: &str =
    "{prefix:>12.cyan.bold} [{bar:30}] {pos}/{len} files {elapsed:.dim}  {wide_msg:.dim}";

/// A bar that moves on with each file and names one that is being run.
pub struct Progress {
    bar: ProgressBar,
    running: Vec<String>,
}

impl Progress {
    /// A bar for so many runs of a file. It stays invisible where nobody watches: when standard
    /// error is not a terminal, and in CI.
    pub fn new(files: usize) -> Self {
        let bar = match std::env::var_os("CI") {
            Some(_) => ProgressBar::hidden(),
            None => ProgressBar::new(files as u64),
        };
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_prefix("Running");
        Self {
            bar,
            running: Vec::new(),
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// Names the file that has been running longest: if the bar stands still, this is why.
    fn show_oldest(&self) {
        self.bar
            .set_message(self.running.first().cloned().unwrap_or_default());
    }
}

impl Observer for Progress {
    fn file_started(&mut self, runtime: &str, file: &str) {
        self.running.push(format!("{runtime} {file}"));
        self.show_oldest();
    }

    fn file_finished(&mut self, result: &FileResult) {
        let name = format!("{} {}", result.runtime, result.file);
        self.running.retain(|running| *running != name);
        self.bar.inc(1);
        self.show_oldest();
    }
}

/// The progress bar of `suite build`.
pub struct Building(Progress);

impl Building {
    /// A bar for so many tests, where somebody watches.
    pub fn new(tests: usize) -> Self {
        let progress = Progress::new(tests);
        progress.bar.set_prefix("Building");
        Self(progress)
    }

    /// A test is built.
    pub fn built(&self, name: &str) {
        self.0.bar.inc(1);
        self.0.bar.set_message(name.to_owned());
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.0.finish();
    }
}
