//! The [`Runtime`] at the harness's end of the pipe.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use assize_protocol::host::{HostEvent, Imports};
use assize_protocol::message::{
    Call, CallReply, Form, Get, GetReply, Hello, HelloReply, Instantiate, InstantiateReply, Load,
    LoadReply, Method, OpenCall, REVISION, Register, RemainsReply, Request, Response, Run,
    RunReply, VERSION, WireOutcome,
};
use assize_protocol::types::Type;
use assize_protocol::value::json::{core_from_json, from_json, to_json};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::child::Child;
use super::events::HostTypes;
use super::{AdapterCommand, Health, ProcessLimits, protocol_error};
use crate::interface::{Interface, Signature};
use crate::runtime::{
    Begun, CallId, Capability, DefinitionId, Failure, InstanceId, Outcome, OutcomeClass, REMAINS,
    Reading, Runtime, RuntimeInfo, unsupported, usage,
};
use crate::value::Value;

/// How much of an answer that is none is shown.
const SHOWN: usize = 200;

/// What the harness knows of a definition, and of its instances.
#[derive(Clone)]
enum Known {
    /// A core module: its values tell their own types.
    Core,
    /// A component; its interface, if it could be read.
    Component(Option<Arc<Interface>>),
}

/// A runtime in another process.
pub(super) struct Process {
    command: AdapterCommand,
    limits: ProcessLimits,
    reading: Reading,
    info: RuntimeInfo,
    /// What it takes a test as.
    form: Form,
    health: Arc<Health>,
    /// Absent before the first reset, and when the process is lost.
    child: Option<Child>,
    next_id: u64,
    deadline: Option<Instant>,
    definitions: BTreeMap<DefinitionId, Known>,
    instances: BTreeMap<InstanceId, Known>,
    /// The result types of open calls.
    calls: BTreeMap<CallId, Option<Type>>,
    host: HostTypes,
    events: Vec<HostEvent>,
}

impl Process {
    /// A runtime without a process, which the first reset starts.
    pub(super) fn new(
        command: AdapterCommand,
        limits: ProcessLimits,
        reading: Reading,
        info: RuntimeInfo,
        health: Arc<Health>,
    ) -> Self {
        Process {
            command,
            limits,
            reading,
            info,
            form: Form::Component,
            health,
            child: None,
            next_id: 1,
            deadline: None,
            definitions: BTreeMap::new(),
            instances: BTreeMap::new(),
            calls: BTreeMap::new(),
            host: HostTypes::default(),
            events: Vec::new(),
        }
    }

    /// Starts a process and asks it who it is.
    fn start(&mut self) -> Result<(), Failure> {
        if !self.health.may_start() {
            let message = "the adapter failed to start several times in a row and was given up";
            return Err(Failure::new(OutcomeClass::Crash, message));
        }
        let started = self.hello();
        match &started {
            Ok(()) => self.health.started(),
            Err(_) => {
                self.child = None;
                self.health.failed();
            }
        }
        started
    }

    fn hello(&mut self) -> Result<(), Failure> {
        self.child = Some(Child::spawn(&self.command, self.limits)?);
        let reading = match self.reading {
            Reading::Text | Reading::Either => assize_protocol::runtime::Reading::Text,
            Reading::Tests => assize_protocol::runtime::Reading::Tests,
        };
        let hello: HelloReply = self.request(Method::Hello(Hello {
            protocol: VERSION,
            revision: REVISION.to_owned(),
            reading: reading.into(),
        }))?;
        if hello.protocol != VERSION {
            let theirs = hello.protocol;
            let message =
                format!("the adapter speaks version {theirs} of the protocol, not {VERSION}");
            return Err(self.lost(protocol_error(message)));
        }
        // One that can be driven is driven: what it then shows is more than one verdict.
        let known = [Form::Component, Form::Wast, Form::Command];
        let taken = known.into_iter().find(|form| hello.forms.contains(form));
        self.form = taken.ok_or_else(|| unsupported("component"))?;
        let name = self.command.name.clone();
        self.info = RuntimeInfo {
            name: name.unwrap_or(hello.name),
            version: hello.version,
            capabilities: hello.capabilities.into_iter().map(Capability).collect(),
            match_messages: hello.match_messages.into(),
        };
        Ok(())
    }

    /// Has a request answered. A process that does not answer as it should is ended.
    fn request<T: DeserializeOwned>(&mut self, method: Method) -> Result<T, Failure> {
        let answer = self.exchange(method)?;
        serde_json::from_value(answer).map_err(|error| {
            self.lost(protocol_error(format!(
                "`ok` of the answer has a fault: {error}"
            )))
        })
    }

    fn exchange(&mut self, method: Method) -> Result<Json, Failure> {
        let Some(child) = &mut self.child else {
            let message = "the adapter's process was lost";
            return Err(Failure::new(OutcomeClass::Crash, message));
        };
        let id = self.next_id;
        self.next_id += 1;
        let now = Instant::now();
        let left = self.deadline.map(|at| at.saturating_duration_since(now));
        let patience = left.unwrap_or(self.limits.patience) + self.limits.grace;
        let request = Request {
            id,
            timeout_ms: left.map(|left| u64::try_from(left.as_millis()).unwrap_or(u64::MAX)),
            method,
        };
        let line = serde_json::to_vec(&request)
            .map_err(|error| usage(format!("the request cannot be written: {error}")))?;
        if child.chatters() {
            return Err(self.lost(protocol_error("the adapter wrote without being asked")));
        }
        child.send(line);
        let answer = child.receive(now + patience);
        let answer = answer.and_then(|line| response(&line, id));
        let response = answer.map_err(|failure| self.lost(failure))?;
        for event in response.events {
            let event = self
                .host
                .read(event)
                .map_err(|failure| self.lost(failure))?;
            self.events.push(event);
        }
        match (response.ok, response.failure) {
            (Some(ok), None) => Ok(ok),
            (None, Some(failure)) => {
                let failure = Failure::from(failure);
                Err(match failure.class {
                    OutcomeClass::Crash => self.lost(failure),
                    _ => failure,
                })
            }
            _ => Err(self.lost(protocol_error(
                "the answer has not one of `ok` and `failure`",
            ))),
        }
    }

    /// Ends the process, for this reason.
    fn lost(&mut self, failure: Failure) -> Failure {
        self.child = None;
        failure
    }

    fn known(&self, instance: InstanceId) -> Result<Known, Failure> {
        let known = self.instances.get(&instance).cloned();
        known.ok_or_else(|| usage(format!("there is no instance {}", instance.0)))
    }

    fn call(
        &mut self,
        instance: InstanceId,
        export: &str,
        args: &[Value],
        wait: bool,
    ) -> Result<(CallReply, ResultTypes), Failure> {
        let known = self.known(instance)?;
        let (params, types) = match &known {
            Known::Core => (Vec::new(), ResultTypes::Core),
            Known::Component(interface) => {
                let Signature { params, result, .. } = signature(interface.as_deref(), export)?;
                if params.len() != args.len() {
                    let (taken, given) = (params.len(), args.len());
                    let message = format!("`{export}` takes {taken} arguments, not {given}");
                    return Err(usage(message));
                }
                let params = params.into_iter().map(|(_, ty)| ty).collect();
                (params, ResultTypes::Component(result))
            }
        };
        let result = match &types {
            ResultTypes::Core => None,
            ResultTypes::Component(result) => result.clone(),
        };
        let reply = self.request(Method::Call(Call {
            instance: instance.0,
            export: export.to_owned(),
            args: args.iter().map(to_json).collect(),
            params,
            result,
            core: matches!(known, Known::Core),
            wait,
        }))?;
        Ok((reply, types))
    }

    fn outcome(&mut self, outcome: WireOutcome, types: &ResultTypes) -> Result<Outcome, Failure> {
        let returned = match outcome {
            WireOutcome::Cancelled { .. } => return Ok(Outcome::Cancelled),
            WireOutcome::Returned { returned } => returned,
        };
        let values: Result<Vec<Value>, _> = match types {
            ResultTypes::Core => returned.iter().map(core_from_json).collect(),
            ResultTypes::Component(result) if result.iter().len() == returned.len() => {
                let typed = returned.iter().zip(result);
                typed.map(|(value, ty)| from_json(value, ty)).collect()
            }
            ResultTypes::Component(result) => {
                let (given, due) = (returned.len(), result.iter().len());
                let message = format!("the call returned {given} values, not {due}");
                return Err(self.lost(protocol_error(message)));
            }
        };
        let values = values.map_err(|error| {
            self.lost(protocol_error(format!(
                "a value that the call returned: {error}"
            )))
        })?;
        Ok(Outcome::Returned(values))
    }
}

/// By what the results of a call are read.
enum ResultTypes {
    Core,
    Component(Option<Type>),
}

/// An object whose fields do not matter.
#[derive(serde::Deserialize)]
struct Done {}

/// The type of an export, without which its arguments cannot be written.
fn signature(interface: Option<&Interface>, export: &str) -> Result<Signature, Failure> {
    let interface = interface.ok_or_else(|| unsupported("types that the harness cannot read"))?;
    let signature = interface.functions.get(export).cloned();
    signature.ok_or_else(|| usage(format!("there is no exported function `{export}`")))
}

/// Reads a line as the response to the request with this id.
fn response(line: &[u8], id: u64) -> Result<Response, Failure> {
    let response: Response = serde_json::from_slice(line).map_err(|error| {
        let shown = String::from_utf8_lossy(line.get(..SHOWN).unwrap_or(line));
        protocol_error(format!(
            "the answer is no response: {error}: {}",
            shown.trim_end()
        ))
    })?;
    if response.id != id {
        let theirs = response.id;
        return Err(protocol_error(format!(
            "the answer is to request {theirs}, not {id}"
        )));
    }
    Ok(response)
}

impl Runtime for Process {
    fn info(&self) -> &RuntimeInfo {
        &self.info
    }

    /// Has the process forget everything; starts a fresh one where there is none, or where the
    /// old one does not do it.
    fn reset(&mut self) -> Result<(), Failure> {
        self.deadline = None;
        self.definitions.clear();
        self.instances.clear();
        self.calls.clear();
        self.host = HostTypes::default();
        let warm = self.child.is_some() && self.request::<Done>(Method::Reset).is_ok();
        self.events.clear();
        if !warm {
            return self.start();
        }
        if let Some(child) = &self.child {
            child.renew_cpu();
        }
        Ok(())
    }

    fn set_deadline(&mut self, deadline: Option<Instant>) {
        self.deadline = deadline;
    }

    fn define(&mut self, wasm: &[u8]) -> Result<DefinitionId, Failure> {
        let reply: LoadReply = self.request(Method::Load(Load {
            path: None,
            wasm: Some(STANDARD.encode(wasm)),
        }))?;
        let known = match wasmparser::Parser::is_component(wasm) {
            true => Known::Component(Interface::of(wasm).ok().map(Arc::new)),
            false => Known::Core,
        };
        let id = DefinitionId(reply.definition);
        self.definitions.insert(id, known);
        Ok(id)
    }

    fn instantiate(&mut self, definition: DefinitionId) -> Result<InstanceId, Failure> {
        self.instantiate_with(definition, &Imports::default())
    }

    /// What the definition imports from the host world is told even where the caller does not.
    fn instantiate_with(
        &mut self,
        definition: DefinitionId,
        imports: &Imports,
    ) -> Result<InstanceId, Failure> {
        let known = self.definitions.get(&definition).cloned();
        let known = known.ok_or_else(|| usage(format!("no definition {}", definition.0)))?;
        let (mut host, mut resources) = (imports.host.clone(), imports.resources.clone());
        if let (Known::Component(Some(interface)), true) = (&known, host.is_empty()) {
            host.clone_from(&interface.host);
            resources.clone_from(&interface.resources);
        }
        self.host.add(&host);
        let instances = imports.instances.iter();
        let reply: InstantiateReply = self.request(Method::Instantiate(Instantiate {
            definition: definition.0,
            imports: instances.map(|(name, id)| (name.clone(), id.0)).collect(),
            host: host.into_iter().map(Into::into).collect(),
            resources,
        }))?;
        let id = InstanceId(reply.instance);
        self.instances.insert(id, known);
        Ok(id)
    }

    fn register(&mut self, name: &str, instance: InstanceId) -> Result<(), Failure> {
        let (name, instance) = (name.to_owned(), instance.0);
        let Done {} = self.request(Method::Register(Register { name, instance }))?;
        Ok(())
    }

    fn invoke(
        &mut self,
        instance: InstanceId,
        export: &str,
        args: &[Value],
    ) -> Result<Vec<Value>, Failure> {
        let (reply, types) = self.call(instance, export, args, true)?;
        let Some(outcome) = reply.outcome else {
            let message = "the answer to a call that was to be waited for has no outcome";
            return Err(self.lost(protocol_error(message)));
        };
        match self.outcome(outcome, &types)? {
            Outcome::Returned(values) => Ok(values),
            Outcome::Cancelled => {
                let message = "a call was cancelled that nobody asked to cancel";
                Err(self.lost(protocol_error(message)))
            }
        }
    }

    fn begin(
        &mut self,
        instance: InstanceId,
        export: &str,
        args: &[Value],
    ) -> Result<Begun, Failure> {
        let (reply, types) = self.call(instance, export, args, false)?;
        let Some(call) = reply.call.map(CallId) else {
            let message = "the answer to a call that was not to be waited for has no number";
            return Err(self.lost(protocol_error(message)));
        };
        let outcome = match reply.outcome {
            Some(outcome) => Some(self.outcome(outcome, &types)?),
            None => None,
        };
        if let ResultTypes::Component(result) = types {
            self.calls.insert(call, result);
        }
        Ok(Begun { call, outcome })
    }

    fn finish(&mut self, call: CallId) -> Result<Outcome, Failure> {
        let types = self.calls.get(&call).cloned();
        let types = types
            .map(ResultTypes::Component)
            .unwrap_or(ResultTypes::Core);
        let reply: CallReply = self.request(Method::Await(OpenCall { call: call.0 }))?;
        match reply.outcome {
            Some(outcome) => self.outcome(outcome, &types),
            None => {
                let message = "the answer to `await` has no outcome";
                Err(self.lost(protocol_error(message)))
            }
        }
    }

    fn cancel(&mut self, call: CallId) -> Result<(), Failure> {
        let Done {} = self.request(Method::Cancel(OpenCall { call: call.0 }))?;
        Ok(())
    }

    fn take_events(&mut self) -> Vec<HostEvent> {
        std::mem::take(&mut self.events)
    }

    /// Asks only a runtime that says that it can tell.
    fn remains(&mut self) -> Result<Option<String>, Failure> {
        let mut declared = self.info.capabilities.iter();
        if !declared.any(|capability| capability.0 == REMAINS) {
            return Err(unsupported(REMAINS));
        }
        let reply: RemainsReply = self.request(Method::Remains)?;
        Ok(reply.remains)
    }

    fn process(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    fn form(&self) -> Form {
        self.form
    }

    fn run(&mut self, form: Form, path: &Path) -> Result<RunReply, Failure> {
        let path = path.display().to_string();
        self.request(Method::Run(Run { form, path }))
    }

    fn get(&mut self, instance: InstanceId, global: &str) -> Result<Value, Failure> {
        let (instance, global) = (instance.0, global.to_owned());
        let reply: GetReply = self.request(Method::Get(Get { instance, global }))?;
        core_from_json(&reply.value)
            .map_err(|error| self.lost(protocol_error(format!("the value of the global: {error}"))))
    }
}

impl Drop for Process {
    /// A process in good health is told to end, so that it can put things away.
    fn drop(&mut self) {
        let request = Request {
            id: self.next_id,
            timeout_ms: None,
            method: Method::Bye,
        };
        if let (Some(child), Ok(line)) = (&mut self.child, serde_json::to_vec(&request)) {
            child.dismiss(line);
        }
    }
}
