//! A process of cargo-fuzz's, with all that it has started, and what it says.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use assize_harness::runtime::process::group;

use super::{Artifact, Hunt};
use crate::error::FuzzError;
use crate::targets;

/// How many lines are kept of what was said.
const TAIL: usize = 6;

/// How long a process may take to end that was asked to.
const FAREWELL: Duration = Duration::from_secs(3);

/// How long what a process has said may take to arrive when it has ended.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// How far coverage has come, in libFuzzer's numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guidance {
    /// How many places of the program were reached.
    pub places: u64,
    /// How many features were, which are places, how often they are come to, and the ways between.
    pub features: u64,
    /// How many inputs there are in the corpus.
    pub inputs: u64,
}

impl Guidance {
    /// What a line of libFuzzer's says, such as `#512 NEW cov: 9 ft: 12 corp: 3/40b lim: 4 …`.
    fn read(line: &str) -> Option<Guidance> {
        let mut words = line.strip_prefix('#')?.split_whitespace();
        let mut guidance = Guidance::default();
        while let Some(word) = words.next() {
            let number = |text: Option<&str>| text?.parse().ok();
            match word {
                "cov:" => guidance.places = number(words.next())?,
                "ft:" => guidance.features = number(words.next())?,
                "corp:" => guidance.inputs = number(words.next()?.split('/').next())?,
                _ => {}
            }
        }
        (guidance.features > 0).then_some(guidance)
    }

    fn grow(&mut self, other: &Guidance) {
        self.places = self.places.max(other.places);
        self.features = self.features.max(other.features);
        self.inputs = self.inputs.max(other.inputs);
    }
}

/// How a process has ended.
pub(super) struct Ended {
    pub(super) status: ExitStatus,
    /// Whether it has left an input.
    pub(super) input: bool,
    /// The last that it said, in one line.
    pub(super) words: String,
}

/// A process, which leads a group of its own: Ctrl-C is for this one, which then asks that to end.
pub(super) struct Fuzzer {
    child: Child,
    lines: Receiver<String>,
    tail: VecDeque<String>,
    /// What was said of the input that it is at.
    said: Option<String>,
    input: bool,
    asked: Option<Instant>,
}

impl Fuzzer {
    /// Starts a command; `temp` is where it puts what it needs for a while.
    pub(super) fn start(mut command: Command, temp: &Path) -> Result<Fuzzer, FuzzError> {
        let mut child = command
            .env("TMPDIR", temp)
            // A backtrace of every panic that is caught would take more than the program itself.
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(|error| FuzzError::Engine(format!("cargo does not start: {error}")))?;
        let (sender, lines) = mpsc::channel();
        if let (Some(out), Some(err)) = (child.stdout.take(), child.stderr.take()) {
            let its_sender = sender.clone();
            thread::spawn(move || read(out, &its_sender));
            thread::spawn(move || read(err, &sender));
        }
        Ok(Fuzzer {
            child,
            lines,
            tail: VecDeque::new(),
            said: None,
            input: false,
            asked: None,
        })
    }

    /// Asks it to end, and ends it if it has been asked for long.
    pub(super) fn stop(&mut self) {
        match self.asked {
            None => {
                group::interrupt(self.child.id());
                self.asked = Some(Instant::now());
            }
            Some(asked) if asked.elapsed() > FAREWELL => group::kill(self.child.id()),
            Some(_) => {}
        }
    }

    /// Takes what it has said, and tells if it has ended.
    pub(super) fn look(&mut self, hunt: &mut Hunt) -> Result<Option<Ended>, FuzzError> {
        while let Ok(line) = self.lines.try_recv() {
            self.take(line, hunt);
        }
        let status = self.child.try_wait();
        let Some(status) = status.map_err(FuzzError::io(Path::new("cargo fuzz")))? else {
            return Ok(None);
        };
        while let Ok(line) = self.lines.recv_timeout(LAST_WORDS) {
            self.take(line, hunt);
        }
        let words: Vec<_> = self.tail.iter().map(|line| line.trim()).collect();
        Ok(Some(Ended {
            status,
            input: self.input,
            words: words.join(" | "),
        }))
    }

    /// The last line that it said.
    pub(super) fn last_line(&self) -> Option<&str> {
        self.tail.back().map(String::as_str)
    }

    fn take(&mut self, line: String, hunt: &mut Hunt) {
        if let Some(guidance) = Guidance::read(&line) {
            hunt.guidance.grow(&guidance);
        } else if let Some(words) = words(&line) {
            self.said = Some(words);
        } else if let Some((_, path)) = line.split_once("Test unit written to ") {
            self.input = true;
            hunt.artifacts.push(Artifact {
                path: PathBuf::from(path.trim()),
                said: self.said.take(),
            });
        }
        if !line.trim().is_empty() {
            self.tail.push_back(line);
            let excess = self.tail.len().saturating_sub(TAIL);
            self.tail.drain(..excess);
        }
    }
}

/// What a line says of an input with which something was found.
fn words(line: &str) -> Option<String> {
    match line.strip_prefix("SUMMARY: ") {
        // The lines before say which.
        Some("libFuzzer: deadly signal") => None,
        Some(summary) => Some(summary.to_owned()),
        None if targets::said(line).is_some() || line.starts_with("panicked at ") => {
            Some(line.to_owned())
        }
        None => None,
    }
}

impl Drop for Fuzzer {
    /// Whatever is left of the group is ended.
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(Some(_))) {
            group::kill(self.child.id());
            let _ = self.child.wait();
        }
    }
}

fn read(output: impl Read, lines: &Sender<String>) {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    while let Ok(1..) = output.read_until(b'\n', &mut line) {
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        if lines.send(text).is_err() {
            return;
        }
        line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fuzzer(script: &str) -> Fuzzer {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        Fuzzer::start(command, Path::new("/")).unwrap()
    }

    fn end(fuzzer: &mut Fuzzer, hunt: &mut Hunt) -> Ended {
        loop {
            if let Some(ended) = fuzzer.look(hunt).unwrap() {
                return ended;
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    #[test]
    fn what_libfuzzer_says_of_coverage_is_read() {
        let line =
            "#2048\tREDUCE cov: 11412 ft: 40331 corp: 300/2Mb lim: 65536 exec/s: 40 rss: 612Mb";
        let guidance = Guidance {
            places: 11412,
            features: 40331,
            inputs: 300,
        };
        assert_eq!(Guidance::read(line), Some(guidance));
        assert_eq!(Guidance::read("INFO: seed corpus: files: 300"), None);
        assert_eq!(Guidance::read("#2\tcov: x"), None);
    }

    #[test]
    fn each_input_is_told_of_with_the_words_that_stand_before_it() {
        let script = "echo 'assize: found wasmtime-crash-12: it broke' >&2
            echo 'SUMMARY: libFuzzer: deadly signal' >&2
            echo \"artifact_prefix='a/'; Test unit written to a/crash-1\" >&2
            echo 'SUMMARY: AddressSanitizer: heap-use-after-free x.rs:3' >&2
            echo 'Test unit written to a/crash-2' >&2; exit 77";
        let mut hunt = Hunt::default();
        let ended = end(&mut fuzzer(script), &mut hunt);
        assert_eq!(ended.status.code(), Some(77));
        assert!(
            ended.input && ended.words.ends_with("a/crash-2"),
            "{}",
            ended.words
        );
        let said: Vec<_> = hunt
            .artifacts
            .iter()
            .map(|artifact| {
                (
                    artifact.path.to_str().unwrap(),
                    artifact.said.as_deref().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            said,
            [
                ("a/crash-1", "assize: found wasmtime-crash-12: it broke"),
                ("a/crash-2", "AddressSanitizer: heap-use-after-free x.rs:3"),
            ]
        );
    }

    #[test]
    fn a_process_that_is_asked_to_end_ends_with_all_that_it_has_started() {
        let mut fuzzer = fuzzer("sleep 100 & echo begun; wait");
        let mut hunt = Hunt::default();
        while fuzzer.last_line().is_none() {
            assert!(fuzzer.look(&mut hunt).unwrap().is_none());
        }
        let asked = Instant::now();
        fuzzer.stop();
        assert!(!end(&mut fuzzer, &mut hunt).status.success());
        assert!(asked.elapsed() < FAREWELL);
    }
}
