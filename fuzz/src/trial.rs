//! Cases: what is run, and what it was made from.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use assize_harness::host::{Case, Command, Invocation, Step, WrittenComponent};
use assize_harness::value::Value;
use serde::{Deserialize, Serialize};

use crate::emit::{self, Emitted, Shapes};
use crate::error::FuzzError;
use crate::program::Program;

/// The form of a component that a program becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// One core function for each body.
    Straight,
    /// Core code that interprets the bodies.
    Chassis,
}

/// One case.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Where it comes from.
    pub origin: Origin,
    /// What is run.
    pub case: Case,
}

/// Where a case comes from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// A program, in this form.
    Program(Box<Program>, Shape),
    /// A host-driven test.
    Text(String),
    /// Something else that makes cases, and what it made this one of.
    Made(String),
}

impl Trial {
    /// The case of a program, in this form.
    ///
    /// # Errors
    /// [`Rejected`] where the program is none, or does not have this form.
    pub fn of(program: Program, shape: Shape) -> Result<Trial, Rejected> {
        let emitted = emit(&program, shape)?;
        Ok(Trial::emitted(program, shape, emitted))
    }

    fn emitted(program: Program, shape: Shape, emitted: Emitted) -> Trial {
        Trial {
            case: Case {
                components: named(emitted.components),
                commands: emitted.commands.into_iter().map(command).collect(),
            },
            origin: Origin::Program(Box::new(program), shape),
        }
    }

    /// The case of a program on a chassis, whose components may have been made for another program.
    ///
    /// # Errors
    /// Those of [`Trial::of`].
    pub fn on_chassis(program: Program, chassis: &Chassis) -> Result<Trial, Rejected> {
        // The lock is held while a chassis is looked up or made: what another thread left there is
        // whole.
        let mut shapes = chassis.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_shape = shapes.chassis(&program);
        drop(shapes);
        let emitted = of_shape.and_then(|chassis| chassis.emit(&program));
        let emitted = emitted.map_err(|error| Rejected(error.to_string()))?;
        Ok(Trial::emitted(program, Shape::Chassis, emitted))
    }

    /// The program and its form, if it is one.
    pub fn shaped(&self) -> Option<(&Program, Shape)> {
        match &self.origin {
            Origin::Program(program, shape) => Some((program, *shape)),
            Origin::Text(_) | Origin::Made(_) => None,
        }
    }

    /// The program.
    pub fn program(&self) -> Option<&Program> {
        self.shaped().map(|(program, _)| program)
    }

    /// The case of a host-driven test; `path` says where it is from.
    ///
    /// # Errors
    /// [`FuzzError::File`] where the text is none.
    pub fn parse(path: &Path, text: String) -> Result<Trial, FuzzError> {
        let case = Case::parse(&text).map_err(|error| FuzzError::file(path, error))?;
        Ok(Trial {
            origin: Origin::Text(text),
            case,
        })
    }

    /// A case that is no program, and what it was made of.
    pub fn made(about: String, mut case: Case) -> Trial {
        // Each component needs a name, by which the script can tell it from others.
        for (at, (name, _)) in case.components.iter_mut().enumerate() {
            name.get_or_insert_with(|| format!("component{at}"));
        }
        Trial {
            origin: Origin::Made(about),
            case,
        }
    }

    fn written(&self, about: &str) -> String {
        let components = self.case.components.iter();
        let components =
            components.map(|(name, wasm)| (name.clone().unwrap_or_default(), wasm.clone()));
        let lines = self.case.commands.iter();
        let lines = lines.map(|command| command.step.line(&self.case.components));
        emit::written(about, lines, &components.collect::<Vec<_>>())
    }

    /// The case as a host-driven test.
    pub fn text(&self) -> String {
        match &self.origin {
            Origin::Program(program, shape) => match emit(program, *shape) {
                Ok(emitted) => emit::wat(&emitted, ABOUT),
                Err(rejected) => format!(";; {rejected}\n"),
            },
            Origin::Text(text) => text.clone(),
            Origin::Made(about) => self.written(about),
        }
    }
}

/// The chassis of recent shapes, for all threads.
#[derive(Debug, Default)]
pub struct Chassis(Mutex<Shapes>);

/// What the comment of a program's text says.
const ABOUT: &str = "Made by the fuzzer.";

fn emit(program: &Program, shape: Shape) -> Result<Emitted, Rejected> {
    let emitted = match shape {
        Shape::Straight => emit::straight(program),
        Shape::Chassis => emit::chassis(program),
    };
    emitted.map_err(|error| Rejected(error.to_string()))
}

fn named(components: Vec<(String, Arc<[u8]>)>) -> Vec<WrittenComponent> {
    let components = components.into_iter();
    components.map(|(name, wasm)| (Some(name), wasm)).collect()
}

/// A command as the harness has it. There are no lines: the first one stands for all.
fn command(command: emit::Command) -> Command {
    let step = match command {
        emit::Command::Instance { name, component } => Step::Instance {
            name,
            component,
            with: Vec::new(),
        },
        emit::Command::Start {
            call,
            instance,
            export,
            args,
        } => Step::Start {
            call,
            instance: Some(instance),
            what: Invocation::Written(format!("{export}({})", args.join(", "))),
        },
        emit::Command::Load {
            call,
            instance,
            export,
            words,
        } => Step::Start {
            call,
            instance: Some(instance),
            what: Invocation::Made {
                export,
                args: vec![Value::List(words.into_iter().map(Value::U64).collect())],
            },
        },
        emit::Command::Await(call) => Step::Await(call),
        emit::Command::Cancel(call) => Step::Cancel(call),
    };
    Command { line: 1, step }
}

/// A case that is none: what generates cases made a mistake.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Rejected(pub String);
