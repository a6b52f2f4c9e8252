//! Runtimes that are a command line: it is given a file, and its exit status says how the test
//! went.
//!
//! `wast-cli` is any program that runs scripts, `command` any that runs a component which exports
//! `wasi:cli/run`. So a runtime without an adapter can be tried, file by file; what it is told is
//! less than what an adapter is, and what it tells is one word.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use assize_protocol::message::{Form, RunReply};

use super::process::ProcessLimits;
use super::process::group::{self, Tail};
use super::process::is_name;
use super::{
    DefinitionId, Failure, InstanceId, MessageMatching, OutcomeClass, Reading, Runtime,
    RuntimeFactory, RuntimeInfo, unsupported,
};
use crate::error::HarnessError;
use crate::value::Value;

/// The name of a program that runs scripts.
pub const WAST_CLI: &str = "wast-cli";

/// The name of a program that runs commands.
pub const COMMAND: &str = "command";

/// The program that runs scripts where none is named: Wasmtime's, with every feature of the
/// component model that it has.
pub const WAST_DEFAULT: &str = "wasmtime wast \
    -W component-model-async,component-model-more-async-builtins,component-model-async-stackful \
    -W component-model-threading,component-model-error-context,component-model-memory64 \
    -W component-model-map,component-model-fixed-length-lists,component-model-implements";

/// The line that installs it.
pub const WAST_INSTALL: &str = "cargo install --locked wasmtime-cli";

/// What stands for the file among a program's arguments. Otherwise it comes last.
const FILE: &str = "{}";

/// How often a running program is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// How long a program has to say its version, or its last words.
const PATIENCE: Duration = Duration::from_secs(5);
const LAST_WORDS: Duration = Duration::from_millis(200);

/// A command line and what it takes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CommandLine {
    /// What the runtime is called.
    pub name: String,
    /// What the command line takes: [`Form::Wast`] or [`Form::Command`].
    pub form: Form,
    /// The program and its arguments.
    pub words: Vec<String>,
}

impl CommandLine {
    /// Reads `wast-cli`, `wast-cli:COMMAND` or `command:COMMAND`, each with `NAME=` before it or
    /// without. `None` for anything else.
    pub fn parse(text: &str) -> Option<CommandLine> {
        let (name, text) = match text.split_once('=') {
            Some((name, text)) if is_name(name) => (Some(name), text),
            _ => (None, text),
        };
        let (kind, command) = match text.split_once(':') {
            Some((kind, command)) => (kind, command),
            None if text == WAST_CLI => (text, WAST_DEFAULT),
            None => return None,
        };
        let form = match kind {
            WAST_CLI => Form::Wast,
            COMMAND => Form::Command,
            _ => return None,
        };
        let words = shlex::split(command).filter(|words| !words.is_empty())?;
        Some(CommandLine {
            name: name.unwrap_or(kind).to_owned(),
            form,
            words,
        })
    }

    /// The command for a file.
    fn on(&self, path: &Path) -> Command {
        let mut words = self.words.iter();
        let mut command = Command::new(words.next().map(String::as_str).unwrap_or_default());
        let mut placed = false;
        for word in words {
            if word == FILE {
                placed = true;
                command.arg(path);
            } else {
                command.arg(word);
            }
        }
        if !placed {
            command.arg(path);
        }
        command
    }

    fn program(&self) -> &str {
        self.words.first().map(String::as_str).unwrap_or_default()
    }
}

/// Starts runtimes of one command line.
pub struct CommandLineFactory {
    line: CommandLine,
    limits: ProcessLimits,
    info: RuntimeInfo,
}

impl CommandLineFactory {
    /// Looks for the program and asks it for its version.
    ///
    /// # Errors
    /// [`HarnessError::RuntimeNotFound`] where the program is Wasmtime's and not here,
    /// [`HarnessError::RuntimeStart`] where another one is not.
    pub fn new(line: CommandLine, limits: ProcessLimits) -> Result<Self, HarnessError> {
        let path = env::var_os("PATH").unwrap_or_default();
        if program(line.program(), &path).is_none() {
            return Err(match line.program() {
                "wasmtime" => HarnessError::RuntimeNotFound {
                    runtime: "wasmtime-cli",
                    install: WAST_INSTALL,
                },
                other => HarnessError::RuntimeStart {
                    runtime: line.name.clone(),
                    reason: format!("there is no program `{other}`"),
                },
            });
        }
        let info = RuntimeInfo {
            name: line.name.clone(),
            version: version(line.program()).unwrap_or_else(|| "unknown".to_owned()),
            capabilities: Vec::new(),
            match_messages: MessageMatching::ClassOnly,
        };
        Ok(CommandLineFactory { line, limits, info })
    }
}

/// The program that a name stands for: a path, or a name in one of the directories of `path`.
pub(crate) fn program(name: &str, path: &OsStr) -> Option<PathBuf> {
    let is_program = |file: &PathBuf| {
        let metadata = fs::metadata(file);
        metadata.is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
    };
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(is_program);
    }
    let places = env::split_paths(path).map(|directory| directory.join(name));
    places.filter(|_| !name.is_empty()).find(is_program)
}

impl RuntimeFactory for CommandLineFactory {
    fn info(&self) -> &RuntimeInfo {
        &self.info
    }

    fn start(&self, _: Reading) -> Result<Box<dyn Runtime>, HarnessError> {
        Ok(Box::new(CommandLineRuntime {
            line: self.line.clone(),
            limits: self.limits,
            info: self.info.clone(),
            deadline: None,
        }))
    }
}

/// What a program says to `--version`: the first word that begins like a version. `None` where it
/// does not start, or says none.
pub(crate) fn version(program: &str) -> Option<String> {
    let mut command = Command::new(program);
    command.arg("--version");
    let until = Instant::now() + PATIENCE;
    let ended = Running::start(command, ProcessLimits::default())
        .ok()?
        .end(until)?;
    let is_version = |word: &&str| {
        let number = word.strip_prefix('v').unwrap_or(word);
        number.starts_with(|first: char| first.is_ascii_digit()) && number.contains('.')
    };
    let word = ended.words.split_whitespace().find(is_version)?;
    Some(
        word.trim_start_matches('v')
            .trim_end_matches([',', ';', ')'])
            .to_owned(),
    )
}

/// A runtime that is a command line.
struct CommandLineRuntime {
    line: CommandLine,
    limits: ProcessLimits,
    info: RuntimeInfo,
    deadline: Option<Instant>,
}

impl Runtime for CommandLineRuntime {
    fn info(&self) -> &RuntimeInfo {
        &self.info
    }

    fn reset(&mut self) -> Result<(), Failure> {
        self.deadline = None;
        Ok(())
    }

    fn set_deadline(&mut self, deadline: Option<Instant>) {
        self.deadline = deadline;
    }

    fn form(&self) -> Form {
        self.line.form
    }

    fn run(&mut self, _: Form, path: &Path) -> Result<RunReply, Failure> {
        let until = self.deadline;
        let until = until.unwrap_or_else(|| Instant::now() + self.limits.patience);
        let running = Running::start(self.line.on(path), self.limits).map_err(|error| {
            let program = self.line.program();
            Failure::new(
                OutcomeClass::Crash,
                format!("`{program}` does not start: {error}"),
            )
        })?;
        let Some(Ended { status, words }) = running.end(until) else {
            return Err(Failure::new(
                OutcomeClass::Timeout,
                "it did not end in time",
            ));
        };
        let message = format!("{status}\n{words}").trim_end().to_owned();
        match status.signal() {
            Some(_) => Err(Failure::new(OutcomeClass::Crash, message)),
            None => Ok(RunReply {
                passed: status.success(),
                message,
            }),
        }
    }

    fn define(&mut self, _: &[u8]) -> Result<DefinitionId, Failure> {
        Err(unsupported("component"))
    }

    fn instantiate(&mut self, _: DefinitionId) -> Result<InstanceId, Failure> {
        Err(unsupported("component"))
    }

    fn register(&mut self, _: &str, _: InstanceId) -> Result<(), Failure> {
        Err(unsupported("component"))
    }

    fn invoke(&mut self, _: InstanceId, _: &str, _: &[Value]) -> Result<Vec<Value>, Failure> {
        Err(unsupported("component"))
    }

    fn get(&mut self, _: InstanceId, _: &str) -> Result<Value, Failure> {
        Err(unsupported("component"))
    }
}

/// A program that runs, with threads that keep the end of what it writes.
struct Running {
    process: Child,
    tail: Tail,
    /// Disconnected when both outputs have ended.
    written: Receiver<()>,
}

/// How a program ended.
struct Ended {
    status: ExitStatus,
    /// The last lines of both its outputs.
    words: String,
}

impl Running {
    fn start(mut command: Command, limits: ProcessLimits) -> std::io::Result<Running> {
        let mut process = command
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()?;
        group::limit_memory(process.id(), limits.memory);
        let tail = Tail::default();
        let (ended, written) = mpsc::sync_channel(0);
        if let (Some(out), Some(err)) = (process.stdout.take(), process.stderr.take()) {
            let (out_tail, out_ended) = (Arc::clone(&tail), ended.clone());
            thread::spawn(move || group::read_tail(out, &out_tail, out_ended));
            let err_tail = Arc::clone(&tail);
            thread::spawn(move || group::read_tail(err, &err_tail, ended));
        }
        Ok(Running {
            process,
            tail,
            written,
        })
    }

    /// Waits for the end; none where that does not come in time.
    fn end(mut self, until: Instant) -> Option<Ended> {
        loop {
            match self.process.try_wait() {
                Ok(Some(status)) => {
                    group::kill(self.process.id());
                    let _ = self.written.recv_timeout(LAST_WORDS);
                    let words = group::last_lines(&self.tail);
                    return Some(Ended { status, words });
                }
                Ok(None) if Instant::now() < until => thread::sleep(LOOK),
                _ => return None,
            }
        }
    }
}

impl Drop for Running {
    /// Whatever is left of the group is ended.
    fn drop(&mut self) {
        if !matches!(self.process.try_wait(), Ok(Some(_))) {
            group::kill(self.process.id());
            let _ = self.process.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runtime(form: Form, script: &str) -> Box<dyn Runtime> {
        let words = ["/bin/sh", "-c", script, "sh"].map(str::to_owned).to_vec();
        let name = "fake".to_owned();
        let line = CommandLine { name, form, words };
        let info = RuntimeInfo {
            name: "fake".to_owned(),
            version: "1".to_owned(),
            capabilities: Vec::new(),
            match_messages: MessageMatching::ClassOnly,
        };
        let limits = ProcessLimits::default();
        let factory = CommandLineFactory { line, limits, info };
        factory.start(Reading::Text).unwrap()
    }

    fn run(script: &str) -> Result<RunReply, Failure> {
        runtime(Form::Wast, script).run(Form::Wast, Path::new("some.wast"))
    }

    #[test]
    fn a_command_line_says_what_it_takes_and_may_be_given_a_name() {
        let parsed = |text: &str| {
            let line = CommandLine::parse(text)?;
            Some((line.name, line.form, line.words.join("|")))
        };
        let some = |name: &str, form, words: &str| Some((name.to_owned(), form, words.to_owned()));
        let default = WAST_DEFAULT
            .split_whitespace()
            .collect::<Vec<_>>()
            .join("|");
        assert_eq!(parsed("wast-cli"), some(WAST_CLI, Form::Wast, &default));
        assert_eq!(
            parsed("old=wast-cli:w 'a b'"),
            some("old", Form::Wast, "w|a b")
        );
        assert_eq!(
            parsed("command:run -S x=y"),
            some(COMMAND, Form::Command, "run|-S|x=y")
        );
        for other in [
            "command",
            "wasmtime",
            "wast-cli:",
            "name=python3 a.py",
            "a:b",
        ] {
            assert_eq!(parsed(other), None, "{other}");
        }
    }

    #[test]
    fn the_file_comes_last_or_where_its_place_is_marked() {
        let args = |text: &str| {
            let line = CommandLine::parse(text).unwrap();
            let command = line.on(Path::new("f.wasm"));
            let args = command
                .get_args()
                .map(|arg| arg.to_string_lossy().into_owned());
            args.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(args("command:run -a"), "-a f.wasm");
        assert_eq!(args("command:run {} -- b"), "f.wasm -- b");
    }

    #[test]
    fn a_program_that_is_not_here_is_said_before_anything_runs() {
        let error = |text: &str| {
            let line = CommandLine::parse(text).unwrap();
            let factory = CommandLineFactory::new(line, ProcessLimits::default());
            factory.err().map(|error| error.to_string())
        };
        assert_eq!(error("command:/bin/sh -c true"), None);
        assert_eq!(
            error("mine=command:/nowhere/mine run").unwrap(),
            "runtime `mine` does not start: there is no program `/nowhere/mine`"
        );
    }

    #[test]
    fn the_exit_status_is_the_verdict_and_the_last_words_are_kept() {
        let passed = run("echo \"$1\"").unwrap();
        assert_eq!(
            (passed.passed, &*passed.message),
            (true, "exit status: 0\nsome.wast")
        );
        let failed = run("echo why >&2; exit 3").unwrap();
        assert_eq!(
            (failed.passed, &*failed.message),
            (false, "exit status: 3\nwhy")
        );
    }

    #[test]
    fn a_program_that_a_signal_ends_has_crashed() {
        let failure = run("kill -s SEGV $$").unwrap_err();
        assert_eq!(failure.class, OutcomeClass::Crash);
    }

    #[test]
    fn a_program_that_does_not_end_is_ended() {
        let began = Instant::now();
        let mut runtime = runtime(Form::Command, "sleep 60 & sleep 60");
        runtime.set_deadline(Some(began + Duration::from_millis(100)));
        let failure = runtime.run(Form::Command, Path::new("x")).unwrap_err();
        assert_eq!(failure.class, OutcomeClass::Timeout);
        assert!(began.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn a_flood_of_words_costs_only_its_beginning() {
        let flood = run("yes word | head -n 100000; exit 1").unwrap();
        assert_eq!(
            flood.message,
            format!("exit status: 1{}", "\nword".repeat(10))
        );
    }
}
