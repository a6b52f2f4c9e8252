//! A runtime in another process, behind the protocol of `adapters/PROTOCOL.md`.
//!
//! The harness owns the process: it starts it, gives it work as long as it answers, and ends it
//! with all its children as soon as it does not. A process that died, fell silent or answered
//! nonsense costs the test at hand; the next reset starts a fresh one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::{
    Failure, MessageMatching, OutcomeClass, Reading, Runtime, RuntimeFactory, RuntimeInfo,
};
use crate::error::HarnessError;

mod child;
mod client;
mod events;
pub mod group;

pub(crate) use child::Child;
use client::Process;

/// The command that starts an adapter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AdapterCommand {
    /// The name to use in place of the one that the adapter gives itself.
    pub name: Option<String>,
    /// The program.
    pub program: String,
    /// Its arguments.
    pub args: Vec<String>,
}

impl AdapterCommand {
    /// Reads `command args` or `name=command args`, with a shell's quotes. `None` for a single
    /// word that is no path, which is meant as the name of a runtime.
    pub fn parse(text: &str) -> Option<AdapterCommand> {
        let (name, command) = match text.split_once('=') {
            Some((name, command)) if is_name(name) => (Some(name.to_owned()), command),
            _ => (None, text),
        };
        let mut words = shlex::split(command)?.into_iter();
        let program = words.next()?;
        let args: Vec<String> = words.collect();
        let is_command = name.is_some() || !args.is_empty() || program.contains('/');
        is_command.then_some(AdapterCommand {
            name,
            program,
            args,
        })
    }

    /// A program with its arguments.
    pub fn of(program: &str, args: &[&str]) -> AdapterCommand {
        AdapterCommand {
            name: None,
            program: program.to_owned(),
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
        }
    }

    /// The program's file name: what the runtime is called as long as it has not said a name.
    fn file_name(&self) -> &str {
        self.program.rsplit('/').next().unwrap_or(&self.program)
    }
}

/// Names are what directories of adapters are called.
pub(super) fn is_name(text: &str) -> bool {
    let fits =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte);
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.bytes().all(fits)
}

/// What an adapter's process may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProcessLimits {
    /// Bytes of memory that it may have for writing, whether it has touched them or not. Memory
    /// that a runtime only reserves does not count. Of each process in the adapter's group.
    pub memory: u64,
    /// Processor time between two resets.
    pub cpu: Duration,
    /// Bytes of one line of its answers.
    pub line: usize,
    /// Wall-clock time for its start, a reset, and for any request whose file has no deadline.
    pub patience: Duration,
    /// How much longer than its deadline it may take to answer `timeout` by itself.
    pub grace: Duration,
}

impl Default for ProcessLimits {
    /// 8 GiB, two minutes, 4 MiB, ten seconds, one second.
    fn default() -> Self {
        ProcessLimits {
            memory: 8 << 30,
            cpu: Duration::from_secs(120),
            line: 4 << 20,
            patience: Duration::from_secs(10),
            grace: Duration::from_secs(1),
        }
    }
}

/// So many starts in a row that failed, and no more are tried.
const STARTS: u32 = 3;

/// Starts adapters of one command.
pub struct ProcessFactory {
    command: AdapterCommand,
    limits: ProcessLimits,
    info: RuntimeInfo,
    refusal: Option<Failure>,
    health: Arc<Health>,
}

/// How the last starts went, all workers together.
#[derive(Default)]
struct Health {
    failed_starts: AtomicU32,
}

impl Health {
    fn may_start(&self) -> bool {
        self.failed_starts.load(Ordering::Relaxed) < STARTS
    }

    fn started(&self) {
        self.failed_starts.store(0, Ordering::Relaxed);
    }

    fn failed(&self) {
        self.failed_starts.fetch_add(1, Ordering::Relaxed);
    }
}

impl ProcessFactory {
    /// Starts the adapter once, to ask who it is. One that does not answer is a runtime too: all
    /// its tests end like its first start did.
    pub fn new(command: AdapterCommand, limits: ProcessLimits) -> Self {
        let health = Arc::new(Health::default());
        let unknown = RuntimeInfo {
            name: command.file_name().to_owned(),
            version: "unknown".to_owned(),
            capabilities: Vec::new(),
            match_messages: MessageMatching::ClassOnly,
        };
        let mut probe = Process::new(
            command.clone(),
            limits,
            Reading::default(),
            unknown,
            Arc::clone(&health),
        );
        let refusal = probe.reset().err();
        let mut info = probe.info().clone();
        if let Some(name) = &command.name {
            info.name = name.clone();
        }
        ProcessFactory {
            command,
            limits,
            info,
            refusal,
            health,
        }
    }

    /// Why the adapter's first start came to nothing, if it did.
    pub fn refusal(&self) -> Option<&Failure> {
        self.refusal.as_ref()
    }
}

impl RuntimeFactory for ProcessFactory {
    fn info(&self) -> &RuntimeInfo {
        &self.info
    }

    /// The process itself is started by the first reset.
    fn start(&self, reading: Reading) -> Result<Box<dyn Runtime>, HarnessError> {
        Ok(Box::new(Process::new(
            self.command.clone(),
            self.limits,
            reading,
            self.info.clone(),
            Arc::clone(&self.health),
        )))
    }
}

/// An answer that is none.
fn protocol_error(message: impl Into<String>) -> Failure {
    Failure::new(OutcomeClass::Protocol, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Option<(Option<String>, Vec<String>)> {
        AdapterCommand::parse(text).map(|command| {
            let words = std::iter::once(command.program).chain(command.args);
            (command.name, words.collect())
        })
    }

    #[test]
    fn a_command_has_several_words_or_a_path_or_a_name() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let named = Some("my-runtime".to_owned());
        assert_eq!(
            parsed("python3 'my adapter.py'"),
            Some((None, words(&["python3", "my adapter.py"])))
        );
        assert_eq!(parsed("./adapter"), Some((None, words(&["./adapter"]))));
        assert_eq!(
            parsed("my-runtime=adapter"),
            Some((named, words(&["adapter"])))
        );
        assert_eq!(
            parsed("run --with=this"),
            Some((None, words(&["run", "--with=this"])))
        );
        assert_eq!(parsed("wasmtime"), None);
        assert_eq!(parsed(""), None);
        assert_eq!(parsed("an 'open quote"), None);
    }
}
