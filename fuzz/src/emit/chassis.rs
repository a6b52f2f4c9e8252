//! Chassis that are kept: what is made of a shape once, for all programs that have it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::program::{InstanceId, Program, Signatures};

use super::code::{Vocabulary, bodies};
use super::interface::Interface;
use super::{Command, EmitError, Emitted, Form, commands, components, context, links, root_name};

/// The components of a shape, and how bodies are written for them.
#[derive(Clone, Debug)]
pub struct Chassis {
    key: u64,
    signatures: Vec<Signatures>,
    vocabularies: Vec<Vocabulary>,
    components: Vec<(String, Arc<[u8]>)>,
}

impl Chassis {
    /// The chassis of a program's shape.
    ///
    /// # Errors
    /// [`EmitError::Fault`] if [`Program::check_shape`] finds one.
    pub fn new(program: &Program) -> Result<Chassis, EmitError> {
        program.check_shape()?;
        let context = context(program, Form::Chassis);
        let instances = (0..).map(InstanceId).zip(&context.uses);
        let vocabularies = instances.map(|(id, uses)| {
            let interface = Interface::new(program, id, uses, Form::Chassis);
            Vocabulary::new(&program.instances[id.index()], &interface)
        });
        Ok(Chassis {
            key: program.shape_key(),
            signatures: program.signatures(),
            vocabularies: vocabularies.collect(),
            components: components(&context),
        })
    }

    /// The components of all programs of this shape.
    pub fn components(&self) -> &[(String, Arc<[u8]>)] {
        &self.components
    }

    /// The components, and what the host does in a program of this shape.
    ///
    /// # Errors
    /// Those of [`Chassis::commands`].
    pub fn emit(&self, program: &Program) -> Result<Emitted, EmitError> {
        Ok(Emitted {
            commands: self.commands(program)?,
            components: self.components.clone(),
        })
    }

    /// What the host does in a program of this shape: it hands the bodies in, and then does what the
    /// program says.
    ///
    /// # Errors
    /// [`EmitError`] where the shape is another one, where the program is none, where something happens
    /// at a start, or where bodies are too large.
    pub fn commands(&self, program: &Program) -> Result<Vec<Command>, EmitError> {
        if program.shape_key() != self.key {
            return Err(EmitError::Shape);
        }
        program.check_bodies(&self.signatures)?;
        let mut loads = Vec::new();
        for (number, vocabulary) in (0..).zip(&self.vocabularies) {
            let instance = InstanceId(number);
            let call = format!("l{number}");
            let load = Command::Load {
                call: call.clone(),
                instance: root_name(program, instance),
                export: links::load_name(instance),
                words: bodies(program, instance, vocabulary)?,
            };
            loads.extend([load, Command::Await(call)]);
        }
        Ok(commands(program, loads))
    }
}

/// How many chassis are kept.
const KEPT: usize = 64;

/// The chassis of recent shapes.
#[derive(Clone, Debug, Default)]
pub struct Shapes {
    known: HashMap<u64, Arc<Chassis>>,
}

impl Shapes {
    /// The chassis of a program's shape, which is made if it is not there.
    ///
    /// # Errors
    /// Those of [`Chassis::new`].
    pub fn chassis(&mut self, program: &Program) -> Result<Arc<Chassis>, EmitError> {
        let key = program.shape_key();
        if let Some(known) = self.known.get(&key) {
            return Ok(known.clone());
        }
        let chassis = Arc::new(Chassis::new(program)?);
        if self.known.len() >= KEPT {
            self.known.clear();
        }
        self.known.insert(key, chassis.clone());
        Ok(chassis)
    }
}
