//! Why a command could not be carried out.

use std::{io, path::PathBuf, process::ExitCode};

use assize_fuzz::error::FuzzError;
use assize_harness::{error::HarnessError, wast::PlanError};
use assize_reference::explore::{replay::ReplayError, schedule::ScheduleError};
use assize_reports::{ReportError, reader::ReadError};

use crate::{adapter::AdapterError, fetch::FetchError};

/// An error that ends a command. A runtime that breaks a rule is none: it is a result.
#[derive(Debug, thiserror::Error)]
pub enum XtaskError {
    #[error(transparent)]
    Harness(#[from] HarnessError),
    #[error(transparent)]
    Report(#[from] ReportError),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("{what}; name a directory for files with `--out DIR`")]
    NeedsOut { what: &'static str },
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error(transparent)]
    Adapter(#[from] AdapterError),
    #[error(transparent)]
    Fuzz(#[from] FuzzError),
    #[error("cannot watch for Ctrl-C: {0}")]
    Interrupt(#[source] io::Error),
    #[error("no file of the suites matches {}", globs.join(" or "))]
    NothingMatches { globs: Vec<String> },
    #[error("{}: {error}", file.display())]
    Plan { file: PathBuf, error: PlanError },
    #[error("{}: {error}", file.display())]
    Schedule { file: PathBuf, error: ScheduleError },
    #[error("the schedule is not one of this script: {0}")]
    Replay(#[from] ReplayError),
    #[error("cannot print the report: {0}")]
    Print(#[source] io::Error),
    #[error(
        "two runtimes are called `{name}`; give one another name with `--runtime NAME=COMMAND`"
    )]
    SameName { name: String },
    #[error("`--expectations` is of one runtime; name that with `--runtime`")]
    ExpectationsOfOne,
    #[error("cannot serve: {0}")]
    Serve(#[source] io::Error),
    #[error("cannot start cargo: {0}")]
    Cargo(#[source] io::Error),
}

impl XtaskError {
    /// 2 where the command line, or what it names, is wrong; 1 for what goes wrong on the way.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Harness(_)
            | Self::Fuzz(_)
            | Self::Plan { .. }
            | Self::Schedule { .. }
            | Self::Replay(_)
            | Self::Adapter(AdapterError::Version(_))
            | Self::NothingMatches { .. }
            | Self::Read(_)
            | Self::NeedsOut { .. }
            | Self::ExpectationsOfOne
            | Self::SameName { .. } => ExitCode::from(2),
            Self::Report(_)
            | Self::Fetch(_)
            | Self::Adapter(_)
            | Self::Print(_)
            | Self::Interrupt(_)
            | Self::Serve(_)
            | Self::Cargo(_) => ExitCode::FAILURE,
        }
    }
}
