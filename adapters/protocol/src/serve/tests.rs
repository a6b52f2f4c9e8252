use std::time::Instant;

use serde_json::{Value as Json, json};

use super::serve;
use crate::host::{HostEvent, Imports};
use crate::runtime::{
    Begun, CallId, Capability, DefinitionId, Failure, InstanceId, MessageMatching, Outcome,
    OutcomeClass, Runtime, RuntimeInfo, usage,
};
use crate::value::Value;

/// Answers with what it was asked.
struct Echo {
    info: RuntimeInfo,
    events: Vec<HostEvent>,
    deadline: Option<Instant>,
}

impl Echo {
    fn new() -> Self {
        let info = RuntimeInfo {
            name: "echo".into(),
            version: "1".into(),
            capabilities: vec![Capability("async".into())],
            match_messages: MessageMatching::ClassOnly,
        };
        Echo {
            info,
            events: Vec::new(),
            deadline: None,
        }
    }
}

impl Runtime for Echo {
    fn info(&self) -> &RuntimeInfo {
        &self.info
    }

    fn reset(&mut self) -> Result<(), Failure> {
        Ok(())
    }

    fn set_deadline(&mut self, deadline: Option<Instant>) {
        self.deadline = deadline;
    }

    fn define(&mut self, wasm: &[u8]) -> Result<DefinitionId, Failure> {
        Ok(DefinitionId(wasm.len() as u32))
    }

    fn instantiate(&mut self, definition: DefinitionId) -> Result<InstanceId, Failure> {
        Ok(InstanceId(definition.0 + 1))
    }

    fn instantiate_with(
        &mut self,
        definition: DefinitionId,
        imports: &Imports,
    ) -> Result<InstanceId, Failure> {
        Ok(InstanceId(definition.0 + imports.host.len() as u32))
    }

    fn register(&mut self, name: &str, _: InstanceId) -> Result<(), Failure> {
        Err(usage(name))
    }

    fn invoke(&mut self, _: InstanceId, f: &str, args: &[Value]) -> Result<Vec<Value>, Failure> {
        self.events.push(HostEvent::Call {
            function: f.into(),
            args: args.to_vec(),
        });
        let class = match self.deadline {
            Some(_) => OutcomeClass::Timeout,
            None => return Ok(args.to_vec()),
        };
        Err(Failure::new(class, "out of time"))
    }

    fn begin(&mut self, _: InstanceId, _: &str, _: &[Value]) -> Result<Begun, Failure> {
        let outcome = None;
        Ok(Begun {
            call: CallId(5),
            outcome,
        })
    }

    fn finish(&mut self, _: CallId) -> Result<Outcome, Failure> {
        Ok(Outcome::Cancelled)
    }

    fn remains(&mut self) -> Result<Option<String>, Failure> {
        Ok(self.deadline.map(|_| "1 task".into()))
    }

    fn take_events(&mut self) -> Vec<HostEvent> {
        std::mem::take(&mut self.events)
    }

    fn get(&mut self, _: InstanceId, _: &str) -> Result<Value, Failure> {
        Err(Failure {
            rule: Some("some/rule".into()),
            ..Failure::new(OutcomeClass::Trap, "trapped")
        })
    }
}

fn talk(requests: &[Json]) -> Vec<Json> {
    let hello = json!({"id": 1, "method": "hello", "protocol": 1, "revision": "x"});
    let lines: Vec<String> = [&hello]
        .into_iter()
        .chain(requests)
        .map(Json::to_string)
        .collect();
    raw(&lines.join("\n")).split_off(1)
}

fn raw(input: &str) -> Vec<Json> {
    let mut output = Vec::new();
    let mut start = |_| Ok(Box::new(Echo::new()) as Box<dyn Runtime>);
    serve(&mut start, input.as_bytes(), &mut output).unwrap();
    let output = String::from_utf8(output).unwrap();
    let lines = output.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn hello_tells_who_is_there() {
    let answer =
        &raw(r#"{"id": 9, "method": "hello", "protocol": 1, "revision": "x", "new": 0}"#)[0];
    let expected = json!({"id": 9, "ok": {
        "name": "echo", "version": "1", "protocol": 1, "capabilities": ["async"],
        "forms": ["component"], "match_messages": "class",
    }});
    assert_eq!(*answer, expected);
}

#[test]
fn requests_reach_the_runtime_and_answers_carry_their_ids() {
    let answers = talk(&[
        json!({"id": 2, "method": "load", "wasm": "AAAA"}),
        json!({"id": 3, "method": "instantiate", "definition": 3, "host": [
            {"instance": "h", "name": "trace", "async": false, "params": [], "result": null}]}),
        json!({"id": 4, "method": "call", "instance": 4, "export": "f", "args": ["1"], "params": ["u64"]}),
        json!({"id": 5, "method": "call", "instance": 4, "export": "f", "args": [{"i32": 1}], "core": true}),
        json!({"id": 6, "method": "call", "instance": 4, "export": "f", "wait": false}),
        json!({"id": 7, "method": "await", "call": 5}),
        json!({"id": 8, "method": "get", "instance": 4, "global": "g"}),
        json!({"id": 9, "method": "remains"}),
        json!({"id": 10, "method": "remains", "timeout_ms": 1000}),
        json!({"id": 11, "method": "reset"}),
    ]);
    let call = |args: Json| json!([{"call": "f", "args": args}]);
    let expected = [
        json!({"id": 2, "ok": {"definition": 3}}),
        json!({"id": 3, "ok": {"instance": 4}}),
        json!({"id": 4, "ok": {"outcome": {"returned": ["1"]}}, "events": call(json!(["1"]))}),
        json!({"id": 5, "ok": {"outcome": {"returned": [{"i32": 1}]}}, "events": call(json!([{"i32": 1}]))}),
        json!({"id": 6, "ok": {"call": 5, "outcome": null}}),
        json!({"id": 7, "ok": {"call": 5, "outcome": {"cancelled": true}}}),
        json!({"id": 8, "failure": {"class": "trap", "message": "trapped", "rule": "some/rule"}}),
        json!({"id": 9, "ok": {"remains": null}}),
        json!({"id": 10, "ok": {"remains": "1 task"}}),
        json!({"id": 11, "ok": {}}),
    ];
    assert_eq!(answers, expected);
}

#[test]
fn the_time_of_a_request_is_told_to_the_runtime() {
    let call = |time: Json| json!({"id": 2, "method": "call", "instance": 0, "export": "f", "timeout_ms": time});
    let answers = talk(&[call(json!(1000)), call(json!(null))]);
    assert_eq!(answers[0]["failure"]["class"], "timeout");
    assert_eq!(answers[1]["ok"]["outcome"]["returned"], json!([]));
}

#[test]
fn what_cannot_be_done_is_answered_and_the_conversation_goes_on() {
    let answers = talk(&[
        json!({"id": 2, "method": "dance"}),
        json!({"id": 3, "method": "load"}),
        json!({"id": 4, "method": "load", "wasm": "?"}),
        json!({"id": 5, "method": "call", "instance": 0, "export": "f", "args": [300], "params": ["u8"]}),
        json!({"id": 6, "method": "call", "instance": 0, "export": "f", "args": [1]}),
        json!({"id": 7, "method": "get"}),
        json!({"id": 8, "method": "cancel", "call": 1}),
    ]);
    let classes: Vec<&Json> = answers.iter().map(|a| &a["failure"]["class"]).collect();
    assert_eq!(classes[0], "unsupported");
    assert_eq!(classes[1..6], ["usage"; 5]);
    assert_eq!(classes[6], "unsupported");
    assert_eq!(answers[6]["failure"]["feature"], "call-cancel");
}

#[test]
fn nothing_is_served_before_hello_and_nothing_after_bye() {
    let answers = raw(
        "{\"id\": 1, \"method\": \"reset\"}\nnonsense\n{\"id\": 2, \"method\": \"bye\"}\n{\"id\": 3, \"method\": \"bye\"}",
    );
    assert_eq!(answers.len(), 3);
    assert_eq!(answers[0]["failure"]["class"], "usage");
    assert_eq!(answers[1]["id"], 0);
    assert_eq!(answers[2], json!({"id": 2, "ok": {}}));
}
