//! A conversation with the adapter that is checked.

use std::time::{Duration, Instant};

use assize_protocol::message::{Event, FailureClass, HelloReply, Response};
use assize_protocol::types::Type;
use assize_protocol::value::Value;
use assize_protocol::value::json::{from_json, to_json};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use super::{Complaint, Step, Stop, cut, messages, shown};
use crate::runtime::Failure;
use crate::runtime::process::{AdapterCommand, Child, ProcessLimits};

/// How long an adapter may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How soon after an answer a second line would come from an adapter that writes two.
const SILENCE: Duration = Duration::from_millis(20);

/// A conversation.
pub(super) struct Session {
    command: AdapterCommand,
    limits: ProcessLimits,
    child: Option<Child>,
    next_id: u64,
    /// The answer to the first `hello`.
    pub(super) hello: Option<HelloReply>,
    /// The last request, for complaints.
    sent: Json,
    /// The last answer.
    came: String,
    /// The events of the last answer.
    pub(super) events: Vec<Event>,
}

impl Session {
    pub(super) fn new(command: AdapterCommand, limits: ProcessLimits) -> Self {
        Session {
            command,
            limits,
            child: None,
            next_id: 1,
            hello: None,
            sent: Json::Null,
            came: String::new(),
            events: Vec::new(),
        }
    }

    /// Starts a process, in place of the one that there may be.
    pub(super) fn start(&mut self) -> Step {
        self.sent = Json::String("nothing yet".to_owned());
        match Child::spawn(&self.command, self.limits) {
            Ok(child) => self.child = Some(child),
            Err(failure) => {
                self.came = failure.message;
                return Err(self.wrong("a process that starts"));
            }
        }
        Ok(())
    }

    /// A process that holds nothing, for the next check.
    pub(super) fn fresh(&mut self) -> Step {
        if self.child.is_none() {
            messages::hello(self)?;
        }
        self.ok(json!({"method": "reset"})).map(drop)
    }

    /// Says in words what came, where it is not the last answer.
    pub(super) fn note(&mut self, came: String) {
        self.came = came;
    }

    /// What is wrong with the last answer.
    pub(super) fn wrong(&self, expected: impl Into<String>) -> Stop {
        Stop::Wrong(Box::new(Complaint {
            sent: shown(&self.sent),
            expected: expected.into(),
            came: self.came.clone(),
        }))
    }

    /// Sends a request as it is, with an id, and gives the answer whatever it is.
    pub(super) fn ask(&mut self, mut request: Json) -> Step<Response> {
        if request.get("id").is_none() {
            request["id"] = self.next_id.into();
            self.next_id += 1;
        }
        let id = request["id"].clone();
        let line = request.to_string();
        self.sent = request;
        let Some(child) = &mut self.child else {
            self.came = "the process was lost".to_owned();
            return Err(self.wrong("an answer"));
        };
        child.send(line.into_bytes());
        let answer = child.receive(Instant::now() + PATIENCE);
        let line = answer.map_err(|failure| self.lost(&failure, "an answer"))?;
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        self.came = cut(&text);
        let response: Response = serde_json::from_str(&text).map_err(|error| {
            self.wrong(format!(
                "one line with one response of the protocol ({error})"
            ))
        })?;
        if id != response.id {
            return Err(self.wrong(format!("the request's id, {id}, in the response")));
        }
        if response.ok.is_some() == response.failure.is_some() {
            return Err(self.wrong("`ok` or `failure`, one of the two"));
        }
        self.events.clone_from(&response.events);
        Ok(response)
    }

    fn lost(&mut self, failure: &Failure, expected: &str) -> Stop {
        self.child = None;
        self.came = failure.to_string();
        self.wrong(expected)
    }

    /// Sends a request that the adapter has to fulfil. It may say that it does not support it.
    pub(super) fn ok(&mut self, request: Json) -> Step<Json> {
        let response = self.ask(request)?;
        match (response.ok, response.failure) {
            (Some(ok), _) => Ok(ok),
            (None, Some(failure)) if failure.class == FailureClass::Unsupported => {
                Err(Stop::Missing(failure.feature.unwrap_or(failure.message)))
            }
            _ => Err(self.wrong("`ok`")),
        }
    }

    /// Sends a request that has to fail in one of these classes.
    pub(super) fn fails(&mut self, request: Json, classes: &[&str]) -> Step {
        let failure = self.ask(request)?.failure;
        let class = failure.as_ref().map(|failure| json!(failure.class));
        match (class.as_ref().and_then(Json::as_str), failure) {
            (Some(class), _) if classes.contains(&class) => Ok(()),
            (Some("unsupported"), Some(failure)) => {
                Err(Stop::Missing(failure.feature.unwrap_or(failure.message)))
            }
            _ => Err(self.wrong(format!("a failure of class {}", classes.join(" or ")))),
        }
    }

    /// The number that an answer gives a thing.
    pub(super) fn number(&self, ok: &Json, field: &str) -> Step<u64> {
        let number = ok.get(field).and_then(Json::as_u64);
        let number = number.filter(|number| u32::try_from(*number).is_ok());
        number.ok_or_else(|| self.wrong(format!("`ok` with a number `{field}`")))
    }

    /// Loads a component or module in the text format.
    pub(super) fn load(&mut self, text: &str) -> Step<u64> {
        let ok = self.ok(json!({"method": "load", "wasm": wasm(text)}))?;
        self.number(&ok, "definition")
    }

    /// Loads and instantiates.
    pub(super) fn instance(&mut self, text: &str) -> Step<u64> {
        let definition = self.load(text)?;
        let ok = self.ok(json!({"method": "instantiate", "definition": definition}))?;
        self.number(&ok, "instance")
    }

    /// Calls a function of a component and waits: what it returns, none or one value.
    pub(super) fn call(
        &mut self,
        instance: u64,
        export: &str,
        args: &[(&Value, &Type)],
        result: Option<&Type>,
    ) -> Step<Option<Value>> {
        let values: Vec<Json> = args.iter().map(|(value, _)| to_json(value)).collect();
        let types: Vec<&Type> = args.iter().map(|(_, ty)| *ty).collect();
        let ok = self.ok(json!({
            "method": "call", "instance": instance, "export": export,
            "args": values, "params": types, "result": result,
        }))?;
        self.returned(&ok, result)
    }

    /// What a call returned, by its type.
    pub(super) fn returned(&self, ok: &Json, result: Option<&Type>) -> Step<Option<Value>> {
        let values = ok["outcome"]["returned"].as_array();
        let values = values.ok_or_else(|| self.wrong("an `outcome` with what was `returned`"))?;
        match (&values[..], result) {
            ([], None) => Ok(None),
            ([value], Some(ty)) => {
                let value = from_json(value, ty);
                value
                    .map(Some)
                    .map_err(|error| self.wrong(format!("{}: {error}", error.expected)))
            }
            _ => Err(self.wrong(format!("{} values in `returned`", result.iter().len()))),
        }
    }

    /// Complains if the adapter writes a line that nobody asked for.
    pub(super) fn silent(&mut self) -> Step {
        let Some(child) = &mut self.child else {
            return Ok(());
        };
        std::thread::sleep(SILENCE);
        if child.chatters() {
            self.child = None;
            self.came = "another line on standard output".to_owned();
            return Err(self.wrong("one line for one request, and logs on standard error"));
        }
        Ok(())
    }

    /// Waits for the process to exit by itself, after its input has ended.
    pub(super) fn exits(&mut self, patience: Duration) -> Step {
        let Some(mut child) = self.child.take() else {
            return Ok(());
        };
        child.end_input();
        match child.wait(patience) {
            Some(status) if status.success() => Ok(()),
            status => {
                self.came = status.map_or("it lives on".to_owned(), |status| status.to_string());
                Err(self.wrong("the end of the process with status 0"))
            }
        }
    }
}

/// The binary of a text that is part of this program, in base64.
pub(super) fn wasm(text: &str) -> String {
    STANDARD.encode(binary(text))
}

/// The binary of a text that is part of this program.
pub(super) fn binary(text: &str) -> Vec<u8> {
    let buffer = wast::parser::ParseBuffer::new(text);
    let encoded = buffer.and_then(|buffer| {
        let mut wat = wast::parser::parse::<wast::Wat<'_>>(&buffer)?;
        wat.encode()
    });
    encoded.expect("the texts of the battery are tested")
}
