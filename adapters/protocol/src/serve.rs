//! Serves a runtime over the protocol: reads requests, has the runtime do them, writes responses.

use std::fs;
use std::io::{self, BufRead, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use crate::host::Imports;
use crate::message::{
    Call, CallReply, Event, GetReply, Hello, HelloReply, Instantiate, InstantiateReply, Load,
    LoadReply, METHODS, Method, RemainsReply, Request, Response, VERSION,
};
use crate::runtime::{
    CallId, DefinitionId, Failure, InstanceId, Outcome, OutcomeClass, Reading, Runtime, usage,
};
use crate::value::Value;
use crate::value::json::{core_from_json, from_json, to_json};

/// Starts the runtime, once the harness has said how it reads the specification.
pub type Start<'s> = dyn FnMut(Reading) -> Result<Box<dyn Runtime>, Failure> + 's;

/// Answers requests until `bye` or the end of the input.
///
/// The runtime is started by the first `hello`; whatever comes before it is a misuse. A panic of
/// the runtime is not caught: the end of the process is what the harness waits for.
///
/// # Errors
/// Those of reading and writing.
pub fn serve(start: &mut Start<'_>, input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let mut server = Server {
        start,
        runtime: None,
    };
    for line in input.lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let (id, request) = read(&line);
        let last = matches!(&request, Ok(request) if request.method == Method::Bye);
        let answer = request.and_then(|request| server.answer(request));
        let (ok, failure) = match answer {
            Ok(ok) => (Some(ok), None),
            Err(failure) => (None, Some(failure.into())),
        };
        let events = server.events();
        let response = Response {
            id,
            ok,
            failure,
            events,
        };
        serde_json::to_writer(&mut output, &response)?;
        output.write_all(b"\n")?;
        output.flush()?;
        if last {
            break;
        }
    }
    Ok(())
}

/// A request with its id, which is 0 where it cannot be read.
fn read(line: &str) -> (u64, Result<Request, Failure>) {
    let message: Json = match serde_json::from_str(line) {
        Ok(message) => message,
        Err(error) => return (0, Err(usage(format!("the request is not JSON: {error}")))),
    };
    let id = message.get("id").and_then(Json::as_u64).unwrap_or_default();
    let method = message.get("method").and_then(Json::as_str);
    if let Some(method) = method
        && !METHODS.contains(&method)
    {
        let feature = method.to_owned();
        let message = format!("there is no method `{method}`");
        let failure = Failure::new(OutcomeClass::Unsupported { feature }, message);
        return (id, Err(failure));
    }
    let request = serde_json::from_value(message);
    let request = request.map_err(|error| usage(format!("the request has a fault: {error}")));
    (id, request)
}

struct Server<'s, 't> {
    start: &'s mut Start<'t>,
    runtime: Option<Box<dyn Runtime>>,
}

/// Any reply as JSON. The replies are plain data, so this cannot fail.
fn reply(reply: impl serde::Serialize) -> Result<Json, Failure> {
    serde_json::to_value(reply)
        .map_err(|error| Failure::new(OutcomeClass::Crash, error.to_string()))
}

impl Server<'_, '_> {
    fn events(&mut self) -> Vec<Event> {
        let runtime = self.runtime.as_deref_mut();
        let events = runtime.map(Runtime::take_events).unwrap_or_default();
        events.into_iter().map(Event::from).collect()
    }

    fn answer(&mut self, request: Request) -> Result<Json, Failure> {
        let method = match request.method {
            Method::Hello(hello) => return self.hello(&hello),
            Method::Bye => return Ok(json!({})),
            method => method,
        };
        let runtime = self.runtime.as_deref_mut();
        let runtime = runtime.ok_or_else(|| usage("the first request must be `hello`"))?;
        let time = request.timeout_ms.map(Duration::from_millis);
        runtime.set_deadline(time.and_then(|time| Instant::now().checked_add(time)));
        match method {
            Method::Load(load) => {
                let DefinitionId(definition) = runtime.define(&bytes(load)?)?;
                reply(LoadReply { definition })
            }
            Method::Instantiate(request) => {
                let definition = DefinitionId(request.definition);
                let InstanceId(instance) =
                    runtime.instantiate_with(definition, &imports(request))?;
                reply(InstantiateReply { instance })
            }
            Method::Register(request) => {
                runtime.register(&request.name, InstanceId(request.instance))?;
                Ok(json!({}))
            }
            Method::Call(request) => reply(call(runtime, &request)?),
            Method::Await(open) => {
                let outcome = Some(runtime.finish(CallId(open.call))?.into());
                let call = Some(open.call);
                reply(CallReply { call, outcome })
            }
            Method::Cancel(open) => {
                runtime.cancel(CallId(open.call))?;
                Ok(json!({}))
            }
            Method::Get(get) => {
                let value = runtime.get(InstanceId(get.instance), &get.global)?;
                reply(GetReply {
                    value: to_json(&value),
                })
            }
            Method::Run(request) => reply(runtime.run(request.form, Path::new(&request.path))?),
            Method::Remains => reply(RemainsReply {
                remains: runtime.remains()?,
            }),
            Method::Reset => {
                runtime.reset()?;
                Ok(json!({}))
            }
            // Answered above.
            Method::Hello(_) | Method::Bye => Ok(json!({})),
        }
    }

    fn hello(&mut self, hello: &Hello) -> Result<Json, Failure> {
        let runtime = (self.start)(hello.reading.into())?;
        let info = runtime.info();
        let names = info.capabilities.iter();
        let answer = HelloReply {
            name: info.name.clone(),
            version: info.version.clone(),
            protocol: VERSION,
            capabilities: names.map(|capability| capability.0.clone()).collect(),
            forms: vec![runtime.form()],
            match_messages: info.match_messages.into(),
        };
        self.runtime = Some(runtime);
        reply(answer)
    }
}

fn bytes(load: Load) -> Result<Vec<u8>, Failure> {
    match (load.path, load.wasm) {
        (Some(path), None) => {
            fs::read(&path).map_err(|error| usage(format!("`{path}` cannot be read: {error}")))
        }
        (None, Some(text)) => {
            let bytes = STANDARD.decode(text);
            bytes.map_err(|error| usage(format!("`wasm` is not base64: {error}")))
        }
        _ => Err(usage("`load` needs `path` or `wasm`, one of the two")),
    }
}

fn imports(request: Instantiate) -> Imports {
    let instances = request.imports.into_iter();
    Imports {
        instances: instances.map(|(name, id)| (name, InstanceId(id))).collect(),
        host: request.host.into_iter().map(Into::into).collect(),
        resources: request.resources,
    }
}

fn call(runtime: &mut dyn Runtime, call: &Call) -> Result<CallReply, Failure> {
    let args = arguments(call)?;
    let instance = InstanceId(call.instance);
    if call.wait {
        let values = runtime.invoke(instance, &call.export, &args)?;
        let outcome = Some(Outcome::Returned(values).into());
        return Ok(CallReply {
            call: None,
            outcome,
        });
    }
    let begun = runtime.begin(instance, &call.export, &args)?;
    Ok(CallReply {
        call: Some(begun.call.0),
        outcome: begun.outcome.map(Into::into),
    })
}

fn arguments(call: &Call) -> Result<Vec<Value>, Failure> {
    let does_not_fit = |error| usage(format!("an argument of `{}`: {error}", call.export));
    if call.core {
        let args = call.args.iter().map(core_from_json);
        return args.collect::<Result<_, _>>().map_err(does_not_fit);
    }
    if call.args.len() != call.params.len() {
        let (given, types) = (call.args.len(), call.params.len());
        return Err(usage(format!("{given} arguments with {types} types")));
    }
    let args = call.args.iter().zip(&call.params);
    let args = args.map(|(arg, ty)| from_json(arg, ty));
    args.collect::<Result<_, _>>().map_err(does_not_fit)
}

#[cfg(test)]
mod tests;
