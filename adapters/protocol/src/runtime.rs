//! The face of a runtime under test.
//!
//! [`Runtime`] is small on purpose: identifiers, bytes and values go in, values and
//! [`Failure`]s come out, and nothing of the runtime's own objects is visible. So the same
//! trait serves an embedded crate and a process at the other end of a pipe.
//!
//! The second half of the trait is about calls that overlap and about the host world. A runtime
//! that has nothing of it leaves the default methods, which answer `unsupported`.

use std::fmt;
use std::path::Path;
use std::time::Instant;

use crate::host::{HostEvent, Imports};
use crate::message::{Form, RunReply};
use crate::value::Value;

/// A component or module that a runtime holds, since the last reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DefinitionId(pub u32);

/// An instance that a runtime holds, since the last reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InstanceId(pub u32);

/// A call that was begun, since the last reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId(pub u32);

/// How the call of an export ended, where it did not fail.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It returned these values: none or one.
    Returned(Vec<Value>),
    /// It was cancelled, as the host had asked, and returned nothing.
    Cancelled,
}

/// A call that was begun: it may have ended at once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Begun {
    /// The call.
    pub call: CallId,
    /// How it ended, if it has.
    pub outcome: Option<Outcome>,
}

/// Which side to take where the specification's text and its own tests contradict each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Reading {
    /// The text of `CanonicalABI.md`.
    #[default]
    Text,
    /// The tests beside it.
    Tests,
}

/// A part of WebAssembly or of the component model that a runtime has.
///
/// The names are those of the specification's feature list, such as `async`, `threads`, `gc`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Capability(pub String);

/// Whether the texts in `assert_trap` and its kin are compared with a runtime's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageMatching {
    /// Only the outcome's class counts.
    ClassOnly,
    /// The runtime's message must also contain the text.
    Contains,
}

/// Who a runtime is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuntimeInfo {
    /// The name used on the command line, in results and for the adapter's directory.
    pub name: String,
    /// The version, as the runtime itself gives it.
    pub version: String,
    /// What the runtime has.
    pub capabilities: Vec<Capability>,
    /// How strictly its messages are compared.
    pub match_messages: MessageMatching,
}

/// The kind of an unsuccessful outcome.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OutcomeClass {
    /// The bytes do not decode.
    Malformed,
    /// The bytes decode but do not validate.
    Invalid,
    /// An import is missing or does not fit.
    Unlinkable,
    /// Execution trapped.
    Trap,
    /// Execution ended in an exception that nothing caught.
    Exception,
    /// Execution suspended to a tag that nothing handles.
    Suspension,
    /// The call stack is used up, or another limit of the runtime is reached.
    Exhaustion,
    /// The runtime does not have the named feature.
    Unsupported {
        /// The feature's name.
        feature: String,
    },
    /// The directive asks for something that does not exist: no such export, wrong kind of
    /// argument, an unknown identifier.
    Usage,
    /// The deadline passed and the runtime gave up.
    Timeout,
    /// A call is open and nothing can go on unless the host does something.
    Deadlock,
    /// The runtime died.
    Crash,
    /// The runtime answered what is not an answer of the protocol.
    Protocol,
}

impl fmt::Display for OutcomeClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            OutcomeClass::Malformed => "malformed",
            OutcomeClass::Invalid => "invalid",
            OutcomeClass::Unlinkable => "unlinkable",
            OutcomeClass::Trap => "trap",
            OutcomeClass::Exception => "exception",
            OutcomeClass::Suspension => "suspension",
            OutcomeClass::Exhaustion => "exhaustion",
            OutcomeClass::Unsupported { feature } => return write!(f, "unsupported ({feature})"),
            OutcomeClass::Usage => "usage error",
            OutcomeClass::Timeout => "timeout",
            OutcomeClass::Deadlock => "deadlock",
            OutcomeClass::Crash => "crash",
            OutcomeClass::Protocol => "protocol error",
        };
        f.write_str(name)
    }
}

/// An unsuccessful outcome of a request to a runtime.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Failure {
    /// What kind of outcome it is.
    pub class: OutcomeClass,
    /// The runtime's own words, on one or more lines.
    pub message: String,
    /// The identifier of the specification's rule that was broken, where the runtime can tell.
    pub rule: Option<String>,
}

impl Failure {
    /// A failure without a rule.
    pub fn new(class: OutcomeClass, message: impl Into<String>) -> Self {
        Failure {
            class,
            message: message.into(),
            rule: None,
        }
    }
}

impl std::error::Error for Failure {}

impl fmt::Display for Failure {
    /// The class and the message, which may begin with the class itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let class = self.class.to_string();
        let begins = self.message.strip_prefix(&class);
        if begins.is_some_and(|rest| rest.starts_with(':')) {
            f.write_str(&self.message)
        } else {
            write!(f, "{class}: {}", self.message)
        }
    }
}

/// What a request is answered with that asks for something that does not exist.
pub fn usage(message: impl Into<String>) -> Failure {
    Failure::new(OutcomeClass::Usage, message)
}

/// What a request is answered with that needs what the runtime does not have.
pub fn unsupported(feature: &str) -> Failure {
    let message = format!("the runtime does not have `{feature}`");
    let feature = feature.to_owned();
    Failure::new(OutcomeClass::Unsupported { feature }, message)
}

/// The capability of runtimes that answer [`Runtime::remains`].
pub const REMAINS: &str = "remains";

/// The capability of runtimes that check themselves: one that was built with its assertions on may end
/// in a crash where another one goes on.
pub const DEBUG_ASSERTIONS: &str = "debug-assertions";

/// A runtime under test.
///
/// Identifiers are the runtime's to choose and stay good until [`reset`](Runtime::reset).
/// An identifier that the runtime never gave out is answered with [`OutcomeClass::Usage`].
/// An instance that trapped is the runtime's business too: what a later call on it gives is
/// what the specification says of such instances.
pub trait Runtime: Send {
    /// Who this is.
    fn info(&self) -> &RuntimeInfo;

    /// Forgets every definition, instance and registered name, and the deadline.
    ///
    /// # Errors
    /// [`OutcomeClass::Crash`] where the runtime does not come up again.
    fn reset(&mut self) -> Result<(), Failure>;

    /// Sets the moment after which the runtime should give up with [`OutcomeClass::Timeout`].
    /// A runtime that cannot is abandoned in its thread when the time is over.
    fn set_deadline(&mut self, deadline: Option<Instant>);

    /// Decodes and validates a component or core module; the header tells which it is.
    fn define(&mut self, wasm: &[u8]) -> Result<DefinitionId, Failure>;

    /// Instantiates a definition. Imports are looked up among the registered names and in the
    /// host modules that the suites rely on (`spectest`).
    fn instantiate(&mut self, definition: DefinitionId) -> Result<InstanceId, Failure>;

    /// Makes the exports of an instance available to later instantiations under a name.
    /// A name that is registered already is replaced.
    fn register(&mut self, name: &str, instance: InstanceId) -> Result<(), Failure>;

    /// Calls an export and waits until it returned.
    fn invoke(
        &mut self,
        instance: InstanceId,
        export: &str,
        args: &[Value],
    ) -> Result<Vec<Value>, Failure>;

    /// Reads an exported global of a core instance.
    fn get(&mut self, instance: InstanceId, global: &str) -> Result<Value, Failure>;

    /// Instantiates a definition. What `imports` names comes from there, everything else from
    /// where [`instantiate`](Runtime::instantiate) takes it.
    fn instantiate_with(
        &mut self,
        definition: DefinitionId,
        imports: &Imports,
    ) -> Result<InstanceId, Failure> {
        if imports.is_empty() {
            self.instantiate(definition)
        } else if imports.host.is_empty() {
            Err(unsupported("imports"))
        } else {
            Err(unsupported("host"))
        }
    }

    /// Begins the call of a component's export, and returns when the callee has returned or
    /// blocked, or as soon as the runtime has taken the call on. Several calls may be open.
    fn begin(
        &mut self,
        _instance: InstanceId,
        _export: &str,
        _args: &[Value],
    ) -> Result<Begun, Failure> {
        Err(unsupported("concurrent-calls"))
    }

    /// Runs everything that can run until the call has ended. [`OutcomeClass::Deadlock`] where
    /// nothing can go on and it has not.
    fn finish(&mut self, _call: CallId) -> Result<Outcome, Failure> {
        Err(unsupported("concurrent-calls"))
    }

    /// Asks the callee of an open call to cancel it.
    fn cancel(&mut self, _call: CallId) -> Result<(), Failure> {
        Err(unsupported("call-cancel"))
    }

    /// What the runtime takes a test as: [`Form::Component`] where it is driven by the methods
    /// above, any other form where it runs whole tests.
    fn form(&self) -> Form {
        Form::Component
    }

    /// Runs a whole test, which is in a file, and says whether it passed.
    fn run(&mut self, form: Form, _path: &Path) -> Result<RunReply, Failure> {
        let name = match form {
            Form::Component => "component",
            Form::Wast => "wast",
            Form::Command => "command",
        };
        Err(unsupported(name))
    }

    /// What happened in the host world since this was last asked, in the order in which the
    /// runtime saw it.
    fn take_events(&mut self) -> Vec<HostEvent> {
        Vec::new()
    }

    /// What the runtime still keeps of tasks, threads, waitables and handles once nothing goes on any
    /// more, in its own words. Nothing where it keeps none, or where what it keeps is kept for the
    /// harness. Asked at the end of a test, after which only a reset follows.
    fn remains(&mut self) -> Result<Option<String>, Failure> {
        Err(unsupported(REMAINS))
    }

    /// The process that the runtime has for itself, by the number that the system has for it; nothing
    /// where it has none or shares this one.
    fn process(&self) -> Option<u32> {
        None
    }
}
