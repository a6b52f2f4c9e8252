//! Checks of all that is no call.

use std::io::Write;
use std::time::Duration;

use assize_protocol::message::{HelloReply, REVISION, VERSION};
use serde_json::{Value as Json, json};

use super::components::{EXPORTS_MODULE, IMPORTS, IMPORTS_MODULE, INVALID, SMALL};
use super::session::{Session, binary, wasm};
use super::{CAPABILITIES, Check, Run, Step, shown};

/// What an adapter may take to put its things away.
const FAREWELL: Duration = Duration::from_secs(5);

pub(super) const CHECKS: [Check; 13] = [
    Check {
        name: "hello/capabilities",
        why: "a capability that is misspelt leaves out every test that needs it",
        needs: &[],
        run: Run::Steps(capabilities),
    },
    Check {
        name: "request/id",
        why: "the harness matches answers to requests by their ids",
        needs: &[],
        run: Run::Steps(|session| {
            for id in [0, 1, 70_000, u64::from(u32::MAX), (1 << 53) - 1] {
                session.ok(json!({"id": id, "method": "reset"}))?;
            }
            session.silent()
        }),
    },
    Check {
        name: "request/unknown-field",
        why: "later versions of the protocol add fields",
        needs: &[],
        run: Run::Steps(|session| {
            session
                .ok(json!({"method": "reset", "frobnicate": {"a": [1]}}))
                .map(drop)
        }),
    },
    Check {
        name: "request/unknown-method",
        why: "later versions of the protocol add methods, and the conversation goes on without them",
        needs: &[],
        run: Run::Steps(|session| {
            let response = session.ask(json!({"method": "frobnicate"}))?;
            let class = response.failure.map(|failure| json!(failure.class));
            if class != Some(json!("unsupported")) {
                return Err(session.wrong("a failure of class unsupported"));
            }
            session.ok(json!({"method": "reset"})).map(drop)
        }),
    },
    Check {
        name: "load/wasm",
        why: "the harness sends the bytes of most tests in the request",
        needs: &[],
        run: Run::Steps(|session| session.load(SMALL).map(drop)),
    },
    Check {
        name: "load/path",
        why: "prebuilt tests are named by their files",
        needs: &[],
        run: Run::Steps(load_path),
    },
    Check {
        name: "load/malformed",
        why: "bytes that are no WebAssembly are refused, and the adapter goes on",
        needs: &[],
        run: Run::Steps(|session| {
            // The header of a component, and a section whose length goes past the end.
            let request = json!({"method": "load", "wasm": "AGFzbQ0AAQAB/w=="});
            session.fails(request, &["malformed", "invalid"])
        }),
    },
    Check {
        name: "load/invalid",
        why: "tests of validation tell a component that is refused from one that is accepted",
        needs: &[],
        run: Run::Steps(|session| {
            let request = json!({"method": "load", "wasm": wasm(INVALID)});
            session.fails(request, &["invalid", "malformed"])
        }),
    },
    Check {
        name: "instantiate/component",
        why: "every test begins with an instance",
        needs: &[],
        run: Run::Steps(|session| session.instance(SMALL).map(drop)),
    },
    Check {
        name: "instantiate/missing-import",
        why: "tests of linking ask for the class unlinkable",
        needs: &[],
        run: Run::Steps(|session| {
            let definition = session.load(IMPORTS)?;
            let request = json!({"method": "instantiate", "definition": definition});
            session.fails(request, &["unlinkable"])
        }),
    },
    Check {
        name: "instantiate/unknown-definition",
        why: "a number that the adapter never gave out is a misuse, and no crash",
        needs: &[],
        run: Run::Steps(|session| {
            let request = json!({"method": "instantiate", "definition": 4_000_000});
            session.fails(request, &["usage"])
        }),
    },
    Check {
        name: "register/import",
        why: "what is registered can be imported by what is instantiated later",
        needs: &[],
        run: Run::Steps(|session| {
            let instance = session.instance(EXPORTS_MODULE)?;
            session
                .ok(json!({"method": "register", "name": "registered", "instance": instance}))?;
            session.instance(IMPORTS_MODULE).map(drop)
        }),
    },
    Check {
        name: "reset/forgets",
        why: "one process runs many tests, none of which may see what another has left",
        needs: &[],
        run: Run::Steps(|session| {
            let instance = session.instance(SMALL)?;
            session.ok(json!({"method": "reset"}))?;
            let call = json!({"method": "call", "instance": instance, "export": "f"});
            session.fails(call, &["usage"])
        }),
    },
];

/// The checks after which there is no process.
pub(super) const LAST: [Check; 2] = [
    Check {
        name: "bye/exit",
        why: "an adapter that is told to end puts its things away and exits with status 0",
        needs: &[],
        run: Run::Steps(|session| {
            session.ok(json!({"method": "bye"}))?;
            session.exits(FAREWELL)
        }),
    },
    Check {
        name: "bye/end-of-input",
        why: "an adapter whose harness is gone does not live on",
        needs: &[],
        run: Run::Steps(|session| session.exits(FAREWELL)),
    },
];

/// Starts the adapter and greets it.
pub(super) fn hello(session: &mut Session) -> Step {
    session.start()?;
    let hello = json!({
        "method": "hello", "protocol": VERSION, "revision": REVISION, "reading": "text",
    });
    let ok = session.ok(hello)?;
    let reply: HelloReply = serde_json::from_value(ok).map_err(|error| {
        session.wrong(format!(
            "`ok` with name, version, protocol, capabilities and forms ({error})"
        ))
    })?;
    if reply.protocol != VERSION {
        return Err(session.wrong(format!("`protocol`: {VERSION}")));
    }
    if reply.name.is_empty() || reply.version.is_empty() {
        return Err(session.wrong("a `name` and a `version` that are not empty"));
    }
    session.hello = Some(reply);
    session.silent()
}

fn capabilities(session: &mut Session) -> Step {
    let declared = session.hello.clone().map(|hello| hello.capabilities);
    let declared = declared.unwrap_or_default();
    let unknown: Vec<&String> = declared
        .iter()
        .filter(|name| !CAPABILITIES.contains(&name.as_str()))
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    session.note(format!("hello declared {}", shown(&json!(unknown))));
    Err(session.wrong(format!("names among {}", CAPABILITIES.join(", "))))
}

fn load_path(session: &mut Session) -> Step {
    let file = tempfile::NamedTempFile::new().and_then(|mut file| {
        file.write_all(&binary(SMALL))?;
        Ok(file)
    });
    let file = match file {
        Ok(file) => file,
        Err(error) => return Err(super::Stop::Missing(format!("a file of our own: {error}"))),
    };
    let path: Json = file.path().to_string_lossy().into();
    let ok = session.ok(json!({"method": "load", "path": path}))?;
    session.number(&ok, "definition").map(drop)
}
