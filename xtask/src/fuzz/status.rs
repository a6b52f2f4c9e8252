//! How far a campaign has come, on a terminal.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use assize_fuzz::campaign::{Observer, Progress};
use assize_fuzz::guided::{Guidance, Watcher};
use indicatif::{ProgressBar, ProgressStyle};

/// The line that shows how far a campaign has come, where somebody watches.
pub struct Status {
    bar: ProgressBar,
}

impl Status {
    /// A line that says nothing yet.
    pub fn new() -> Status {
        let bar = match std::env::var_os("CI") {
            Some(_) => ProgressBar::hidden(),
            None => ProgressBar::new_spinner(),
        };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed:.dim}  {wide_msg}") {
            bar.set_style(style);
        }
        Status { bar }
    }

    /// Takes the line away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Observer for Status {
    fn progress(&mut self, progress: &Progress) {
        self.bar.tick();
        self.bar.set_message(line(progress));
    }

    fn found(&mut self, what: &str, dir: &Path) {
        self.bar.suspend(|| {
            anstream::eprintln!("found: {what}\n       {}", dir.display());
        });
    }
}

impl Watcher for Status {
    fn builds(&mut self, line: &str) {
        self.bar.tick();
        self.bar.set_message(format!("building: {}", line.trim()));
    }

    fn progress(&mut self, progress: &Progress, guidance: &Guidance) {
        self.bar.tick();
        let message = format!("{}, {}", coverage(guidance), line(progress));
        self.bar.set_message(message);
    }
}

/// How far coverage has come.
pub fn coverage(guidance: &Guidance) -> String {
    let Guidance {
        places,
        features,
        inputs,
    } = guidance;
    format!("coverage {places}, features {features}, corpus {inputs}")
}

fn line(progress: &Progress) -> String {
    let rules = progress.rules;
    format!(
        "{} cases, {:.0}/s, rules {}/{} ({} both ways), findings {} new {} known, {} undecided, {} rejected",
        progress.cases,
        rate(progress.cases, progress.elapsed),
        rules.reached,
        rules.all,
        rules.both_ways,
        progress.new.len(),
        progress.known.len(),
        progress.undecided,
        progress.rejected,
    )
}

fn rate(cases: u64, elapsed: Duration) -> f64 {
    cases as f64 / elapsed.as_secs_f64().max(0.001)
}

/// What a campaign says when it is over, before its last line.
pub fn details(progress: &Progress) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(text, "{}", line(progress));
    let _ = writeln!(
        text,
        "as the reference does first: {}; in another of its schedules: {}; unsupported: {}",
        progress.first, progress.searched, progress.unsupported
    );
    for (what, reasons) in [
        ("undecided", &progress.undecided_because),
        ("rejected", &progress.rejected_because),
    ] {
        for (reason, times) in reasons {
            let _ = writeln!(text, "{what} {times} times: {reason}");
        }
    }
    for (runtime, bytes) in &progress.grown {
        let _ = match bytes >> 20 {
            0 => Ok(()),
            mebibytes => writeln!(text, "memory: {runtime} has grown by {mebibytes} MiB"),
        };
    }
    for id in &progress.new {
        let _ = writeln!(text, "new: {id}");
    }
    text
}
