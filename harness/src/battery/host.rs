//! Checks of the host world.

use assize_protocol::host::HOST_WORLD;
use assize_protocol::message::Event;
use assize_protocol::types::Type;
use assize_protocol::value::Value;
use serde_json::{Value as Json, json};

use super::components::{TRACES, WAITS};
use super::session::{Session, wasm};
use super::{Check, Run, Step};

pub(super) const CHECKS: [Check; 2] = [
    Check {
        name: "host/trace",
        why: "calls of the host are events of the answer during which they happened, in order",
        needs: &["host.trace"],
        run: Run::Steps(trace),
    },
    Check {
        name: "host/pending",
        why: "two calls are open until the guest resolves what they wait for",
        needs: &["async", "host.pending", "concurrent-calls"],
        run: Run::Steps(pending),
    },
];

/// Instantiates a component that imports these functions of the host world.
fn instance(session: &mut Session, text: &str, host: &Json) -> Step<u64> {
    let ok = session.ok(json!({"method": "load", "wasm": wasm(text)}))?;
    let definition = session.number(&ok, "definition")?;
    let ok = session.ok(json!({
        "method": "instantiate", "definition": definition, "host": host,
    }))?;
    session.number(&ok, "instance")
}

fn trace(session: &mut Session) -> Step {
    let host = json!([
        {"instance": HOST_WORLD, "name": "trace-number", "async": false,
            "params": [["n", "s64"]], "result": null},
        {"instance": HOST_WORLD, "name": "trace-text", "async": false,
            "params": [["s", "string"]], "result": null},
        {"instance": HOST_WORLD, "name": "echo-byte", "async": false,
            "params": [["v", "u8"]], "result": "u8"},
    ]);
    let instance = instance(session, TRACES, &host)?;
    let came = session.call(instance, "run", &[], Some(&Type::U8))?;
    if came != Some(Value::U8(8)) {
        return Err(session.wrong("8, which `echo-byte` was given"));
    }
    let calls = [
        ("trace-number", json!("7")),
        ("trace-text", json!("seven")),
        ("echo-byte", json!(8)),
    ];
    let expected = calls.map(|(call, arg)| Event::Call {
        call: call.to_owned(),
        args: vec![arg],
    });
    if session.events != expected {
        return Err(session.wrong(format!("`events`: {}", json!(expected))));
    }
    session.ok(json!({"method": "reset"}))?;
    if session.events.is_empty() {
        return Ok(());
    }
    Err(session.wrong("no events: each is told once"))
}

fn pending(session: &mut Session) -> Step {
    let host = json!([
        {"instance": HOST_WORLD, "name": "pending", "async": true,
            "params": [["token", "u32"]], "result": "u8"},
        {"instance": HOST_WORLD, "name": "resolve", "async": false,
            "params": [["token", "u32"], ["value", "u8"]], "result": null},
    ]);
    let instance = instance(session, WAITS, &host)?;
    let mut calls = Vec::new();
    for token in [1, 2] {
        let ok = session.ok(json!({
            "method": "call", "instance": instance, "export": "wait", "wait": false,
            "args": [token], "params": ["u32"], "result": "u8",
        }))?;
        if ok.get("outcome") != Some(&Json::Null) {
            return Err(session.wrong("`outcome`: null, since the call waits for the host"));
        }
        calls.push(session.number(&ok, "call")?);
    }
    for (token, value) in [(2, 20), (1, 10)] {
        let args = [
            (&Value::U32(token), &Type::U32),
            (&Value::U8(value), &Type::U8),
        ];
        session.call(instance, "free", &args, None)?;
    }
    for (call, value) in calls.into_iter().zip([10, 20]) {
        let ok = session.ok(json!({"method": "await", "call": call}))?;
        if session.returned(&ok, Some(&Type::U8))? != Some(Value::U8(value)) {
            return Err(session.wrong(format!("{value} from call {call}")));
        }
    }
    Ok(())
}
