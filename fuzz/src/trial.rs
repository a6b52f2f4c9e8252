//! Cases: what is run, and what it was made from.

use std::path::Path;

use assize_harness::host::Case;
use serde::{Deserialize, Serialize};

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
}

impl Trial {
    /// The program.
    pub fn program(&self) -> Option<&Program> {
        match &self.origin {
            Origin::Program(program, _) => Some(program),
            Origin::Text(_) => None,
        }
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

    /// The case as a host-driven test.
    pub fn text(&self) -> String {
        match &self.origin {
            Origin::Program(..) => String::new(),
            Origin::Text(text) => text.clone(),
        }
    }
}

/// A case that is none: what generates cases made a mistake.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Rejected(pub String);
