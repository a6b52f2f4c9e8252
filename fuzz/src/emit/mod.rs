//! From a program to the components that a runtime is given, and to what the host does with them.
//!
//! There are two forms. [`straight`] is for people: a core function for each block of steps, and no
//! more than the steps use. [`chassis`] is for throughput: its components depend on the program's
//! shape alone, and their core code interprets bodies that the host hands in, so that a runtime
//! compiles a shape once for thousands of programs. A host sees the same of both, but for the calls
//! that hand the bodies in.
//!
//! Each instance is one component, in which those of its children stand. It consists of core modules:
//! `$Libc` with memories and tables, `$Main` with the code, `$Fix`, which puts what children export
//! into a table that the code calls through, and `$Start`.

mod canons;
mod chassis;
mod code;
mod component;
mod core;
mod instructions;
mod interface;
mod interpreter;
mod libc;
mod links;
mod names;
mod straight;
#[cfg(test)]
mod tests;
mod types;
mod uses;

use std::fmt;
use std::sync::Arc;

use crate::program::{Action, Fault, InstanceId, Program};

pub use chassis::{Chassis, Shapes};
use component::Context;

/// Components, and what the host does with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emitted {
    /// The components of the root instances, each with its name: `i` and the instance's position.
    pub components: Vec<(String, Arc<[u8]>)>,
    /// What the host does, in order.
    pub commands: Vec<Command>,
}

/// One thing that the host does. As text it is a line of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// It instantiates a component.
    Instance {
        /// The instance's name, which is the component's.
        name: String,
        /// The component's place in [`Emitted::components`].
        component: usize,
    },
    /// It calls an export.
    Start {
        /// The call's name.
        call: String,
        /// The instance's name.
        instance: String,
        /// The export's name.
        export: String,
        /// The arguments, each in WAVE.
        args: Vec<String>,
    },
    /// It calls an export that takes bodies.
    Load {
        /// The call's name.
        call: String,
        /// The instance's name.
        instance: String,
        /// The export's name.
        export: String,
        /// The bodies.
        words: Vec<u64>,
    },
    /// It waits until the call of this name has ended.
    Await(String),
    /// It asks for the call of this name to be cancelled.
    Cancel(String),
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Command::Instance { name, .. } => write!(f, "instance {name} = ${name}"),
            Command::Start {
                call,
                instance,
                export,
                args,
            } => write!(f, "start {call} = {instance}.{export}({})", args.join(", ")),
            Command::Load {
                call,
                instance,
                export,
                words,
            } => {
                let words: Vec<_> = words.iter().map(u64::to_string).collect();
                write!(
                    f,
                    "start {call} = {instance}.{export}([{}])",
                    words.join(", ")
                )
            }
            Command::Await(call) => write!(f, "await {call}"),
            Command::Cancel(call) => write!(f, "cancel {call}"),
        }
    }
}

/// Why a program becomes no component.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmitError {
    /// It is no program.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// What happens at an instance's start may run other bodies, which the chassis does not have yet.
    #[error("instance {0} may run other bodies at its start, which the chassis does not have then")]
    Start(u32),
    /// It has another shape than the chassis.
    #[error("the program has another shape than the chassis")]
    Shape,
    /// The bodies of an instance do not fit into the memory that the chassis has for them.
    #[error("the bodies of instance {0} are too large for the chassis")]
    TooLarge(u32),
}

/// Which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Straight,
    Chassis,
}

/// The readable form.
///
/// # Errors
/// [`EmitError::Fault`] if [`Program::check`] finds one.
pub fn straight(program: &Program) -> Result<Emitted, EmitError> {
    program.check()?;
    Ok(Emitted {
        components: components(&context(program, Form::Straight)),
        commands: commands(program, Vec::new()),
    })
}

/// The form whose components are the same for all programs of a shape ([`Program::has_shape_of`]). Who
/// emits many programs of few shapes keeps [`Chassis`].
///
/// # Errors
/// [`EmitError`] also where other bodies may run at a start, or bodies are too large.
pub fn chassis(program: &Program) -> Result<Emitted, EmitError> {
    Chassis::new(program)?.emit(program)
}

/// The text of a test that a host drives: what it is about, the script, and the components.
pub fn wat(emitted: &Emitted, about: &str) -> String {
    let commands = emitted.commands.iter().map(ToString::to_string);
    written(about, commands, &emitted.components)
}

/// A host-driven test of these components with this script.
pub fn written(
    about: &str,
    script: impl Iterator<Item = String>,
    components: &[(String, Arc<[u8]>)],
) -> String {
    let mut text = String::new();
    for line in about.lines() {
        text += format!(";; {line}").trim_end();
        text.push('\n');
    }
    for line in script {
        text += &format!(";; script: {line}\n");
    }
    for (name, wasm) in components {
        text += named(&print(wasm), name).trim_end();
        text.push('\n');
    }
    text
}

/// The text of a component with this name, whatever name it has.
fn named(printed: &str, name: &str) -> String {
    let Some(rest) = printed.strip_prefix("(component") else {
        return printed.to_owned();
    };
    let rest = match rest.strip_prefix(" $") {
        Some(named) => {
            named.trim_start_matches(|c: char| !c.is_whitespace() && c != ')' && c != '(')
        }
        None => rest,
    };
    format!("(component ${name}{rest}")
}

/// What cannot be printed, because it was never emitted here, is said in a comment.
fn print(wasm: &[u8]) -> String {
    let mut printed = String::new();
    let mut config = wasmprinter::Config::new();
    config.fold_instructions(true);
    match config.print(wasm, &mut wasmprinter::PrintFmtWrite(&mut printed)) {
        Ok(()) => printed,
        Err(error) => format!(";; it cannot be printed: {error}"),
    }
}

fn roots(program: &Program) -> impl Iterator<Item = InstanceId> {
    let instances = (0..).map(InstanceId).zip(&program.instances);
    instances
        .filter(|(_, instance)| instance.parent.is_none())
        .map(|(id, _)| id)
}

fn context(program: &Program, form: Form) -> Context<'_> {
    let uses = uses::uses(program, form);
    Context {
        program,
        form,
        links: links::links(program, &uses, form),
        uses,
        nominal: types::Nominal::of(program),
        starts: Vec::new(),
    }
}

fn components(context: &Context<'_>) -> Vec<(String, Arc<[u8]>)> {
    let components = roots(context.program).map(|id| {
        let component = component::component(context, id);
        (instance_name(id), component.finish().into())
    });
    components.collect()
}

fn instance_name(instance: InstanceId) -> String {
    format!("i{}", instance.0)
}

/// The name of the root in which an instance stands.
fn root_name(program: &Program, instance: InstanceId) -> String {
    let root = program.ancestry(instance).last().unwrap_or(instance);
    instance_name(root)
}

/// All roots are instantiated, then come the calls that prepare them, then what the program says.
fn commands(program: &Program, before: Vec<Command>) -> Vec<Command> {
    let instances = roots(program).enumerate();
    let instances = instances.map(|(component, id)| Command::Instance {
        name: instance_name(id),
        component,
    });
    let mut commands: Vec<_> = instances.chain(before).collect();
    commands.extend(program.actions.iter().enumerate().map(|(number, action)| {
        let call = |number| format!("c{number}");
        match action {
            Action::Start {
                instance,
                function,
                args,
            } => Command::Start {
                call: call(number as u32),
                instance: root_name(program, *instance),
                export: links::export_name(*instance, *function),
                args: args.clone(),
            },
            Action::Await(action) => Command::Await(call(action.0)),
            Action::Cancel(action) => Command::Cancel(call(action.0)),
        }
    }));
    commands
}
