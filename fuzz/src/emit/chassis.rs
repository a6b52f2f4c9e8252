//! Chassis that are kept: what is made of a shape once, for all programs that have it.

use std::sync::Arc;

use crate::program::{InstanceId, Program, Signatures};

use super::code::{self, Vocabulary, bodies};
use super::interface::Interface;
use super::{Command, EmitError, Emitted, Form, commands, components, context, links, root_name};

/// The components of a shape, and how bodies are written for them.
#[derive(Clone, Debug)]
pub struct Chassis {
    /// A program of the shape.
    shape: Program,
    signatures: Vec<Signatures>,
    vocabularies: Vec<Vocabulary>,
    components: Vec<(String, Arc<[u8]>)>,
}

impl Chassis {
    /// The chassis of a program's shape.
    ///
    /// # Errors
    /// [`EmitError::Fault`] if [`Program::check_shape`] finds one, or [`Program::check`] where something
    /// happens at a start; [`EmitError::Start`] and [`EmitError::TooLarge`] for what happens there.
    pub fn new(program: &Program) -> Result<Chassis, EmitError> {
        program.check_shape()?;
        let signatures = program.signatures();
        // What happens at a start belongs to the shape.
        if program
            .instances
            .iter()
            .any(|instance| instance.start.is_some())
        {
            program.check_bodies(&signatures)?;
        }
        let mut context = context(program, Form::Chassis);
        let instances = (0..).map(InstanceId).zip(&context.uses);
        let vocabularies = instances.map(|(id, uses)| {
            let interface = Interface::new(program, id, uses, Form::Chassis);
            Vocabulary::new(&program.instances[id.index()], &interface)
        });
        let vocabularies: Vec<_> = vocabularies.collect();
        let starts = (0..).map(InstanceId).zip(&vocabularies);
        let starts = starts.map(|(id, vocabulary)| code::start(program, id, vocabulary));
        context.starts = starts.collect::<Result<_, _>>()?;
        Ok(Chassis {
            shape: program.clone(),
            signatures,
            vocabularies,
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
    /// [`EmitError`] where the shape is another one, where the program is none, or where bodies are too
    /// large.
    pub fn commands(&self, program: &Program) -> Result<Vec<Command>, EmitError> {
        if !self.shape.has_shape_of(program) {
            return Err(EmitError::Shape);
        }
        program.check_bodies(&self.signatures)?;
        let mut loads = Vec::new();
        for (number, vocabulary) in (0..).zip(&self.vocabularies) {
            let instance = InstanceId(number);
            let words = bodies(program, instance, vocabulary)?;
            if words.is_empty() {
                continue;
            }
            let call = format!("l{number}");
            let load = Command::Load {
                call: call.clone(),
                instance: root_name(program, instance),
                export: links::load_name(instance),
                words,
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
    /// The last used last.
    known: Vec<Arc<Chassis>>,
}

impl Shapes {
    /// The chassis of a program's shape, which is made if it is not there.
    ///
    /// # Errors
    /// Those of [`Chassis::new`].
    pub fn chassis(&mut self, program: &Program) -> Result<Arc<Chassis>, EmitError> {
        let is_its = |chassis: &Arc<Chassis>| chassis.shape.has_shape_of(program);
        let chassis = match self.known.iter().position(is_its) {
            Some(known) => self.known.remove(known),
            None => Arc::new(Chassis::new(program)?),
        };
        if self.known.len() >= KEPT {
            self.known.remove(0);
        }
        self.known.push(Arc::clone(&chassis));
        Ok(chassis)
    }
}
