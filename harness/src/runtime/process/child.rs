//! A child process with pipes: lines in, lines out, limits, and an end.
//!
//! Three threads serve the pipes, so that neither a child that does not read nor one that does
//! not write can hold the harness up. Each keeps little: of standard output the line that is being
//! read and one more, of standard error the end.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use super::group::{self, Tail};
use super::{AdapterCommand, ProcessLimits, protocol_error};
use crate::runtime::{Failure, OutcomeClass};

/// How often a silent child is looked at, whether it still lives.
const LOOK: Duration = Duration::from_millis(20);
/// How long what a dead child has written may take to arrive.
const LAST_WORDS: Duration = Duration::from_millis(200);
/// How long a child may take to exit when it was told to.
const FAREWELL: Duration = Duration::from_millis(500);
/// The signal that a process gets when its processor time is over.
const SIGXCPU: i32 = 24;

/// What the reader of standard output found.
enum Line {
    Whole(Vec<u8>),
    TooLong,
}

/// A running child, which leads a process group of its own.
pub(crate) struct Child {
    process: std::process::Child,
    limits: ProcessLimits,
    /// Absent once the child was told that there is no more.
    requests: Option<Sender<Vec<u8>>>,
    lines: Receiver<Line>,
    tail: Tail,
    /// Disconnected when standard error has ended.
    tail_ended: Receiver<()>,
}

impl Child {
    /// The process's number.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Starts the command.
    pub(crate) fn spawn(command: &AdapterCommand, limits: ProcessLimits) -> Result<Self, Failure> {
        let failed = |error: io::Error| {
            let program = &command.program;
            let message = format!("the adapter does not start: `{program}`: {error}");
            Failure::new(OutcomeClass::Crash, message)
        };
        let mut process = Command::new(&command.program)
            .args(&command.args)
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(failed)?;
        let (requests, to_write) = mpsc::channel();
        let (found, lines) = mpsc::sync_channel(1);
        let (ended, tail_ended) = mpsc::sync_channel(0);
        let tail = Tail::default();
        let (stdin, stdout, stderr) = (
            process.stdin.take(),
            process.stdout.take(),
            process.stderr.take(),
        );
        let child = Child {
            process,
            limits,
            requests: Some(requests),
            lines,
            tail: Arc::clone(&tail),
            tail_ended,
        };
        if let (Some(stdin), Some(stdout), Some(stderr)) = (stdin, stdout, stderr) {
            let limit = limits.line;
            spawn(move || write_requests(stdin, &to_write)).map_err(failed)?;
            spawn(move || read_lines(stdout, limit, &found)).map_err(failed)?;
            spawn(move || group::read_tail(stderr, &tail, ended)).map_err(failed)?;
        }
        group::limit_memory(child.process.id(), limits.memory);
        child.renew_cpu();
        Ok(child)
    }

    /// Sends a line. Whether the child reads it shows in what it answers.
    pub(crate) fn send(&self, mut line: Vec<u8>) {
        line.push(b'\n');
        if let Some(requests) = &self.requests {
            let _ = requests.send(line);
        }
    }

    /// The next line, for which the child has until `deadline`.
    pub(crate) fn receive(&mut self, deadline: Instant) -> Result<Vec<u8>, Failure> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left.min(LOOK)) {
                Ok(line) => return self.whole(line),
                Err(RecvTimeoutError::Disconnected) => return Err(self.died()),
                Err(RecvTimeoutError::Timeout) if self.exited() => {
                    // A grandchild may hold the pipe open, so its end is not waited for.
                    return match self.lines.recv_timeout(LAST_WORDS) {
                        Ok(line) => self.whole(line),
                        Err(_) => Err(self.died()),
                    };
                }
                Err(RecvTimeoutError::Timeout) if left.is_zero() => {
                    let message = self.with_tail("the adapter did not answer in time".to_owned());
                    return Err(Failure::new(OutcomeClass::Timeout, message));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    fn whole(&self, line: Line) -> Result<Vec<u8>, Failure> {
        match line {
            Line::Whole(line) => Ok(line),
            Line::TooLong => {
                let limit = self.limits.line;
                let message = format!("the adapter wrote a line of more than {limit} bytes");
                Err(protocol_error(message))
            }
        }
    }

    /// Whether the child has written anything that was not asked for.
    pub(crate) fn chatters(&self) -> bool {
        self.lines.try_recv().is_ok()
    }

    fn exited(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(Some(_)))
    }

    /// The failure that a dead child is: how it ended, and its last words. A child that closed its
    /// output and lives is given a moment, and then ended.
    fn died(&mut self) -> Failure {
        let status = self.wait(LAST_WORDS);
        self.kill_group();
        let _ = self.tail_ended.recv_timeout(LAST_WORDS);
        let Some(status) = status else {
            return protocol_error(
                self.with_tail("the adapter closed its output and lived on".into()),
            );
        };
        if status.signal() == Some(SIGXCPU) {
            let limit = self.limits.cpu.as_secs();
            let message = format!("the adapter used more than {limit} s of processor time");
            return Failure::new(OutcomeClass::Timeout, message);
        }
        let message = self.with_tail(format!("the adapter died: {status}"));
        Failure::new(OutcomeClass::Crash, message)
    }

    /// A message, followed by the last lines of standard error.
    fn with_tail(&self, message: String) -> String {
        match &*group::last_lines(&self.tail) {
            "" => message,
            last => format!("{message}; its last words:\n{last}"),
        }
    }

    /// Waits for the child's end.
    pub(crate) fn wait(&mut self, patience: Duration) -> Option<ExitStatus> {
        let until = Instant::now() + patience;
        loop {
            match self.process.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if Instant::now() < until => thread::sleep(Duration::from_millis(1)),
                _ => return None,
            }
        }
    }

    /// Ends every process of the child's group, at once.
    fn kill_group(&self) {
        group::kill(self.process.id());
    }

    /// Gives the child its processor time anew.
    #[cfg(target_os = "linux")]
    pub(crate) fn renew_cpu(&self) {
        let used = cpu_seconds(self.process.id()).unwrap_or_default();
        let cpu = used + self.limits.cpu.as_secs();
        let id = self.process.id();
        group::limit(id, rlimit::Resource::CPU, cpu, rlimit::INFINITY);
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn renew_cpu(&self) {}

    /// Tells the child that there are no more requests.
    pub(crate) fn end_input(&mut self) {
        self.requests = None;
    }

    /// Tells the child to end, after this last line, and waits a little for it.
    pub(crate) fn dismiss(&mut self, last: Vec<u8>) {
        self.send(last);
        self.end_input();
        self.wait(FAREWELL);
    }
}

impl Drop for Child {
    /// Whatever is left of the group is ended.
    fn drop(&mut self) {
        self.requests = None;
        self.kill_group();
        let _ = self.process.wait();
    }
}

/// Seconds of processor time that a process has used, rounded up.
#[cfg(target_os = "linux")]
fn cpu_seconds(id: u32) -> Option<u64> {
    /// The unit of the times in `/proc`, on every machine that Linux runs Rust on.
    const TICKS: u64 = 100;
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name of the program stands in parentheses and may hold anything.
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut times = after_name.split_whitespace().skip(11);
    let user: u64 = times.next()?.parse().ok()?;
    let system: u64 = times.next()?.parse().ok()?;
    Some((user + system).div_ceil(TICKS))
}

fn spawn(work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let thread = thread::Builder::new().name("assize-adapter".to_owned());
    thread.stack_size(256 << 10).spawn(work).map(drop)
}

fn write_requests(mut stdin: impl Write, requests: &Receiver<Vec<u8>>) {
    for request in requests {
        if stdin
            .write_all(&request)
            .and_then(|()| stdin.flush())
            .is_err()
        {
            // The child does not read any more: what it answers tells the rest.
            return;
        }
    }
}

fn read_lines(stdout: impl Read, limit: usize, found: &SyncSender<Line>) {
    let mut stdout = BufReader::with_capacity(64 << 10, stdout);
    loop {
        let mut line = Vec::new();
        let cap = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        match (&mut stdout).take(cap).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        if line.len() > limit {
            let _ = found.send(Line::TooLong);
            return;
        }
        if found.send(Line::Whole(line)).is_err() {
            return;
        }
    }
}
