//! The messages of the protocol: one JSON object a line, a response for each request, in order.
//!
//! `adapters/PROTOCOL.md` explains them with examples; `adapters/schema/protocol.schema.json` is
//! made from these types. A reader ignores fields that it does not know, and an adapter answers a
//! method that it does not know with the failure `unsupported`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::host::{CopyEnd, Effect, HostFunction};
use crate::runtime::{Failure, MessageMatching, OutcomeClass, Reading};
use crate::types::Type;

/// The version of the protocol that this crate speaks.
pub const VERSION: u32 = 1;

/// The commit of `WebAssembly/component-model` that the tests are written against.
pub const REVISION: &str = "6d28164";

/// The methods by their names on the wire.
pub const METHODS: [&str; 12] = [
    "hello",
    "load",
    "instantiate",
    "register",
    "call",
    "await",
    "cancel",
    "get",
    "run",
    "remains",
    "reset",
    "bye",
];

/// One line from the harness to the adapter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Request {
    /// Comes back in the response.
    pub id: u64,
    /// Milliseconds after which the adapter should give up with the failure `timeout`. The harness
    /// ends the adapter somewhat later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    /// What is asked for.
    #[serde(flatten)]
    pub method: Method,
}

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "method", rename_all = "kebab-case")]
pub enum Method {
    /// The first request: who is there, and what can they do?
    Hello(Hello),
    /// Decode and validate a component or core module.
    Load(Load),
    /// Make an instance of a definition.
    Instantiate(Instantiate),
    /// Let later instantiations import from an instance, under a name.
    Register(Register),
    /// Call an export.
    Call(Call),
    /// Run until an open call has ended.
    Await(OpenCall),
    /// Ask the callee of an open call to cancel it.
    Cancel(OpenCall),
    /// Read an exported global of a core instance.
    Get(Get),
    /// Run a whole test: for adapters with the form `wast` or `command`.
    Run(Run),
    /// Say what is still kept: for adapters with the capability `remains`.
    Remains,
    /// Forget all definitions, instances, names and host state.
    Reset,
    /// Answer, and exit.
    Bye,
}

/// The parameters of `hello`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hello {
    /// The version of the protocol that the harness speaks.
    pub protocol: u32,
    /// The commit of the specification that the tests are written against.
    pub revision: String,
    /// What the tests follow where the specification's text and its own tests differ.
    #[serde(default)]
    pub reading: WireReading,
}

/// A reading of the specification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WireReading {
    /// The text of `CanonicalABI.md`.
    #[default]
    Text,
    /// The tests beside it.
    Tests,
}

/// The parameters of `load`: the bytes, in one way or the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Load {
    /// The file that holds them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The bytes themselves, in base64 with padding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wasm: Option<String>,
}

/// The parameters of `instantiate`. An import that is not named here is looked up among the
/// registered names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Instantiate {
    /// The definition's number.
    pub definition: u32,
    /// Instances by the name of the import that they are for.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub imports: std::collections::BTreeMap<String, u32>,
    /// The functions of the host world that the definition imports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub host: Vec<WireHostFunction>,
    /// The names of the resource types that the definition imports from the host world.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
}

/// A function of the host world, with its type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WireHostFunction {
    /// The name of the imported instance that the function belongs to.
    pub instance: String,
    /// The function's whole name, which begins with its verb.
    pub name: String,
    /// Whether its type says `async`.
    #[serde(rename = "async")]
    pub is_async: bool,
    /// Names and types of the parameters.
    pub params: Vec<(String, Type)>,
    /// The result's type; null where there is none.
    pub result: Option<Type>,
}

/// The parameters of `register`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Register {
    /// The name; one that is taken is replaced.
    pub name: String,
    /// The instance's number.
    pub instance: u32,
}

/// The parameters of `call`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Call {
    /// The instance's number.
    pub instance: u32,
    /// The exported function's name.
    pub export: String,
    /// The arguments: values of the types in `params`, or core values.
    #[serde(default)]
    pub args: Vec<Json>,
    /// The parameters' types, of a component's function.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub params: Vec<Type>,
    /// The result's type, of a component's function that has a result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Type>,
    /// Whether the instance is a core instance, whose values tell their own types.
    #[serde(default, skip_serializing_if = "is_false")]
    pub core: bool,
    /// Whether to answer only when the call has ended. Otherwise the answer comes when the callee
    /// has returned or blocked, or as soon as the runtime has taken the call on.
    #[serde(default = "yes")]
    pub wait: bool,
}

fn is_false(value: &bool) -> bool {
    !value
}

fn yes() -> bool {
    true
}

/// The parameters of `await` and `cancel`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenCall {
    /// The call's number.
    pub call: u32,
}

/// The parameters of `get`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Get {
    /// The core instance's number.
    pub instance: u32,
    /// The exported global's name.
    pub global: String,
}

/// The parameters of `run`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    /// What the file is.
    pub form: Form,
    /// The file.
    pub path: String,
}

/// What an adapter takes a test as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// A component, driven message by message.
    Component,
    /// A script in the text format.
    Wast,
    /// A component that exports `wasi:cli/run` and checks itself.
    Command,
}

/// One line from the adapter to the harness: `ok` or `failure`, one of the two.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Response {
    /// The id of the request.
    pub id: u64,
    /// What was asked for, where it was done. Each method has a shape of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ok: Option<Json>,
    /// Why it was not done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<WireFailure>,
    /// What the host saw since the response before this one, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
}

/// Why a request was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WireFailure {
    /// What kind of failure it is.
    pub class: FailureClass,
    /// The runtime's own words.
    pub message: String,
    /// The identifier of the specification's rule that was broken, where the runtime can tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// With the class `unsupported`: what is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feature: Option<String>,
}

/// The kinds of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FailureClass {
    /// The bytes do not decode.
    Malformed,
    /// The bytes decode and do not validate.
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
    /// The runtime or its adapter does not have what the request needs.
    Unsupported,
    /// The request names something that does not exist, or an argument does not fit.
    Usage,
    /// The time of the request is over.
    Timeout,
    /// A call is open, and nothing can go on unless the host does something.
    Deadlock,
    /// The runtime is lost, and the adapter noticed.
    Crash,
}

/// The answer to `hello`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HelloReply {
    /// The runtime's name.
    pub name: String,
    /// The runtime's version, as it gives it itself.
    pub version: String,
    /// The version of the protocol that the adapter speaks.
    pub protocol: u32,
    /// The parts of the specification and of the host world that it has.
    pub capabilities: Vec<String>,
    /// What it takes a test as.
    #[serde(default = "component_only")]
    pub forms: Vec<Form>,
    /// How the harness should compare its messages with those that tests give.
    #[serde(default)]
    pub match_messages: WireMatching,
}

fn component_only() -> Vec<Form> {
    vec![Form::Component]
}

/// How messages are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WireMatching {
    /// Only the failure's class counts.
    #[default]
    Class,
    /// The message must also contain the test's text.
    Contains,
}

/// The answer to `load`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LoadReply {
    /// A number for the definition, good until the next `reset`.
    pub definition: u32,
}

/// The answer to `instantiate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InstantiateReply {
    /// A number for the instance, good until the next `reset`.
    pub instance: u32,
}

/// The answer to `call` and, without the number, to `await`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CallReply {
    /// A number for the call, good until the next `reset`. It may be left out where the call has
    /// ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<u32>,
    /// How the call ended; null while it is open.
    pub outcome: Option<WireOutcome>,
}

/// How a call ended, where it did not fail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum WireOutcome {
    /// It returned these values: none or one, and of a core function any number.
    Returned {
        /// The values.
        returned: Vec<Json>,
    },
    /// It was cancelled.
    Cancelled {
        /// Always true.
        cancelled: bool,
    },
}

/// The answer to `get`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetReply {
    /// The global's value, a core value.
    pub value: Json,
}

/// The answer to `run`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunReply {
    /// Whether the test passed.
    pub passed: bool,
    /// What the runtime said.
    pub message: String,
}

/// The answer to `remains`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RemainsReply {
    /// What the runtime keeps, in its own words; null where it keeps nothing.
    pub remains: Option<String>,
}

/// What the host saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Event {
    /// A host function was called.
    Call {
        /// The function's whole name.
        call: String,
        /// The arguments.
        args: Vec<Json>,
    },
    /// A pending call of the host was cancelled.
    Cancelled {
        /// The call's token.
        cancelled: u32,
    },
    /// A copy of an end that the host holds has ended.
    Copied {
        /// The end's token.
        copied: u32,
        /// Of a read: the values, or their number where the elements have no type.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        values: Option<Json>,
        /// Of a write: how many values were taken.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        written: Option<u32>,
        /// Why the copy ended.
        end: WireCopyEnd,
    },
    /// The destructor of a host resource was called.
    Dropped {
        /// The name under which the host world exports the resource type.
        dropped: String,
        /// The resource's representation.
        rep: u32,
    },
}

/// Why a copy ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WireCopyEnd {
    /// It moved something, or nothing was asked for.
    Completed,
    /// The other end was dropped.
    Dropped,
    /// It was cancelled.
    Cancelled,
}

mod convert;
