//! Every runtime that is known, and whether it is on this machine.
//!
//! What stands here of runtimes that nobody has put behind the protocol yet is what their authors
//! said in November 2026.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use assize_protocol::message::Form;
use serde::Serialize;

use super::command_line::{WAST_INSTALL, program, version};
use super::process::{AdapterCommand, ProcessFactory, ProcessLimits};
use super::{REFERENCE, RuntimeFactory, RuntimeInfo, WASMTIME, jco, reference, wasmtime};
use crate::error::HarnessError;

/// A runtime that is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KnownRuntime {
    /// What it is called.
    pub name: String,
    /// Whether it is here.
    pub presence: Presence,
    /// The version that is here.
    pub version: Option<String>,
    /// How much of the component model it has.
    pub components: Components,
    /// What it takes a test as; empty where it takes none.
    pub forms: Vec<Form>,
    /// The parts of the specification and of the host world that it says it has.
    pub capabilities: Vec<String>,
    /// What `--runtime` takes for it, where it can be run.
    pub runtime: Option<String>,
    /// The line that installs it, where it is not here and there is one.
    pub install: Option<String>,
    /// What else is to be known.
    pub note: Option<String>,
}

/// Whether a runtime is on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// It is part of this program.
    BuiltIn,
    /// It was found.
    Found,
    /// It was not.
    NotFound,
}

/// How much of the component model a runtime has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Components {
    /// What WASI 0.3 needs.
    Async,
    /// What WASI 0.2 needs.
    Sync,
    /// Some of it.
    InPart,
    /// Nothing.
    None,
}

/// A runtime that is a program, which this project has no adapter for.
struct Program {
    name: &'static str,
    /// What the program is called; empty where there is none.
    program: &'static str,
    components: Components,
    forms: &'static [Form],
    /// What `--runtime` takes for it.
    runtime: Option<&'static str>,
    install: Option<&'static str>,
    note: &'static str,
}

const PROGRAMS: [Program; 10] = [
    Program {
        name: "wasmtime-cli",
        program: "wasmtime",
        components: Components::Async,
        forms: &[Form::Wast, Form::Command],
        runtime: Some("wast-cli"),
        install: Some(WAST_INSTALL),
        note: "its program, which runs scripts and commands",
    },
    Program {
        name: "zwasm",
        program: "zwasm",
        components: Components::Sync,
        forms: &[Form::Command],
        runtime: Some("zwasm=command:zwasm run"),
        install: None,
        note: "commands of WASI 0.2",
    },
    Program {
        name: "wazy",
        program: "",
        components: Components::Async,
        forms: &[],
        runtime: None,
        install: Some("go get github.com/samyfodil/wazy@latest"),
        note: "a library for Go: it needs an adapter of its own",
    },
    Program {
        name: "spin",
        program: "spin",
        components: Components::Sync,
        forms: &[],
        runtime: None,
        install: Some("cargo install --git https://github.com/spinframework/spin spin-cli"),
        note: "Wasmtime behind triggers: no form of a test fits",
    },
    Program {
        name: "viceroy",
        program: "viceroy",
        components: Components::Sync,
        forms: &[],
        runtime: None,
        install: Some("cargo install --locked viceroy"),
        note: "Wasmtime with Fastly's interfaces: no form of a test fits",
    },
    Program {
        name: "wasmedge",
        program: "wasmedge",
        components: Components::InPart,
        forms: &[],
        runtime: None,
        install: None,
        note: "the component model is under way (WasmEdge issue 4236)",
    },
    Program {
        name: "wasmer",
        program: "wasmer",
        components: Components::None,
        forms: &[],
        runtime: None,
        install: None,
        note: "no component model (wasmer issue 4439)",
    },
    Program {
        name: "wamr",
        program: "iwasm",
        components: Components::None,
        forms: &[],
        runtime: None,
        install: None,
        note: "no component model (wasm-micro-runtime issue 2126)",
    },
    Program {
        name: "wazero",
        program: "wazero",
        components: Components::None,
        forms: &[],
        runtime: None,
        install: Some("go install github.com/tetratelabs/wazero/cmd/wazero@latest"),
        note: "no component model, by decision (wazero issue 2289)",
    },
    Program {
        name: "workerd",
        program: "workerd",
        components: Components::None,
        forms: &[],
        runtime: None,
        install: Some("npm install --global workerd"),
        note: "no component model of its own; runs what jco makes of one: jco@workerd",
    },
];

/// Looks for every known runtime: those that are built in, those that `cargo xtask adapter build`
/// has put below the workspace, and programs in the directories of `path`.
///
/// # Errors
/// [`HarnessError::RuntimeStart`] where one that is built in cannot be configured.
pub fn known(workspace: &Path, path: &OsStr) -> Result<Vec<KnownRuntime>, HarnessError> {
    let reference = reference::ReferenceFactory::default();
    let embedded = wasmtime::WasmtimeFactory::new()?;
    let mut known = vec![
        built_in(
            REFERENCE,
            reference.info(),
            "the specification, as this project reads it",
        ),
        built_in(WASMTIME, embedded.info(), "embedded"),
    ];
    known.extend(releases(workspace));
    known.extend(jco::Host::ALL.map(|host| of_jco(host, workspace, path)));
    known.extend(PROGRAMS.iter().map(|program| program.look(path)));
    Ok(known)
}

fn capabilities(info: &RuntimeInfo) -> Vec<String> {
    let capabilities = info.capabilities.iter();
    capabilities
        .map(|capability| capability.0.clone())
        .collect()
}

fn built_in(name: &str, info: &RuntimeInfo, note: &str) -> KnownRuntime {
    KnownRuntime {
        name: name.to_owned(),
        presence: Presence::BuiltIn,
        version: Some(info.version.clone()),
        components: Components::Async,
        forms: vec![Form::Component],
        capabilities: capabilities(info),
        runtime: Some(name.to_owned()),
        install: None,
        note: Some(note.to_owned()),
    }
}

/// An adapter of ours that is there, asked who it is.
fn adapter(runtime: &str, command: AdapterCommand, note: &str) -> KnownRuntime {
    let factory = ProcessFactory::new(command, ProcessLimits::default());
    let note = match factory.refusal() {
        Some(refusal) => format!("it is here and cannot be used: {}", refusal.message),
        None => note.to_owned(),
    };
    KnownRuntime {
        name: runtime.to_owned(),
        presence: Presence::Found,
        version: Some(factory.info().version.clone()),
        components: Components::Async,
        forms: vec![Form::Component],
        capabilities: capabilities(factory.info()),
        runtime: Some(runtime.to_owned()),
        install: None,
        note: Some(note),
    }
}

/// The other releases of Wasmtime that an adapter was built for.
fn releases(workspace: &Path) -> Vec<KnownRuntime> {
    let adapters = fs::read_dir(workspace.join("target/adapters"));
    let names = adapters.into_iter().flatten().flatten();
    let names = names.filter_map(|entry| entry.file_name().into_string().ok());
    let versions = names.filter_map(|name| Some(name.strip_prefix("wasmtime-")?.to_owned()));
    let mut versions: Vec<String> = versions
        .filter(|version| wasmtime::built_adapter(version).is_file())
        .collect();
    versions.sort();
    if versions.is_empty() {
        return vec![KnownRuntime {
            name: "wasmtime@N".to_owned(),
            presence: Presence::NotFound,
            version: None,
            components: Components::Async,
            forms: vec![Form::Component],
            capabilities: Vec::new(),
            runtime: None,
            install: Some("cargo xtask adapter build wasmtime --version N".to_owned()),
            note: Some("any other release".to_owned()),
        }];
    }
    let found = versions.into_iter().filter_map(|version| {
        let command = wasmtime::release(&version).ok()?;
        Some(adapter(
            &format!("wasmtime@{version}"),
            command,
            "another release",
        ))
    });
    found.collect()
}

fn of_jco(host: jco::Host, workspace: &Path, path: &OsStr) -> KnownRuntime {
    let note = match host {
        jco::Host::Node => "components as JavaScript, on Node",
        jco::Host::Deno => "the same on Deno",
        jco::Host::Bun => "the same on Bun, whose engine is JavaScriptCore",
        jco::Host::Workerd => "the same in a worker of Cloudflare's runtime",
        jco::Host::Chromium => "the same in a page of Chromium without a window",
    };
    match host.command(workspace, path) {
        Some(command) => adapter(host.runtime(), command, note),
        None => KnownRuntime {
            name: host.runtime().to_owned(),
            presence: Presence::NotFound,
            version: None,
            components: Components::Async,
            forms: vec![Form::Component],
            capabilities: Vec::new(),
            runtime: None,
            install: Some(host.install().to_owned()),
            note: Some(note.to_owned()),
        },
    }
}

impl Program {
    fn look(&self, path: &OsStr) -> KnownRuntime {
        let found = program(self.program, path);
        let here = found.is_some();
        KnownRuntime {
            name: self.name.to_owned(),
            presence: match here {
                true => Presence::Found,
                false => Presence::NotFound,
            },
            version: found.and_then(|path| version(&path.display().to_string())),
            components: self.components,
            forms: self.forms.to_vec(),
            capabilities: Vec::new(),
            runtime: self.runtime.filter(|_| here).map(str::to_owned),
            install: self.install.filter(|_| !here).map(str::to_owned),
            note: Some(self.note.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::runtime::command_line::WAST_DEFAULT;

    #[test]
    fn programs_are_found_on_the_path_and_asked_for_their_version() {
        let dir = tempfile::tempdir().unwrap();
        let program = dir.path().join("wasmtime");
        fs::write(
            &program,
            "#!/bin/sh\necho \"wasmtime 48.0.8 (abc 2026-10-01)\"\n",
        )
        .unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(dir.path().join("wasmer"), "not a program").unwrap();
        let known = known(dir.path(), dir.path().as_os_str()).unwrap();
        let find = |name: &str| known.iter().find(|runtime| runtime.name == name).unwrap();
        let cli = find("wasmtime-cli");
        assert_eq!(cli.presence, Presence::Found);
        assert_eq!(cli.version.as_deref(), Some("48.0.8"));
        assert_eq!(cli.runtime.as_deref(), Some("wast-cli"));
        assert_eq!(cli.install, None);
        for name in ["wasmer", "jco", "jco@bun", "wasmtime@N", "spin", "wazy"] {
            assert_eq!(find(name).presence, Presence::NotFound, "{name}");
            assert_eq!(find(name).runtime, None, "{name}");
        }
        assert_eq!(find("reference").presence, Presence::BuiltIn);
    }

    #[test]
    fn an_adapter_that_refuses_to_start_is_found_and_says_why() {
        let answer = r#"{"id":1,"failure":{"class":"unsupported","message":"no JSPI here"}}"#;
        let script = format!("read hello; echo '{answer}'; read bye");
        let known = adapter(
            "jco@bun",
            AdapterCommand::of("sh", &["-c", &script]),
            "on Bun",
        );
        assert_eq!(known.presence, Presence::Found);
        let note = known.note.unwrap();
        assert!(note.ends_with("no JSPI here"), "{note}");
    }

    #[test]
    fn a_runtime_without_a_component_model_says_so_and_takes_no_test() {
        for program in PROGRAMS {
            let none = program.components == Components::None;
            assert_eq!(
                none,
                program.note.starts_with("no component model"),
                "{}",
                program.name
            );
            assert!(!none || program.forms.is_empty(), "{}", program.name);
        }
    }

    #[test]
    fn the_default_program_for_scripts_is_the_one_that_is_looked_for() {
        assert!(WAST_DEFAULT.starts_with("wasmtime "));
    }
}
