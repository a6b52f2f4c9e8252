//! `cargo xtask explore`: every schedule of a file.

use std::{ffi::OsStr, fs, path::Path};

use assize_harness::{
    error::HarnessError,
    explore::explore,
    wast::{Plan, plan_component, plan_text},
};
use assize_reference::{
    explore::exhaustive::{Bounds, Memory},
    machine::reading::Reading,
};
use assize_reports::{explored, explored_json};

use crate::{
    Outcome,
    cli::{Explore, Format, Script},
    error::XtaskError,
};

/// Explores the file, reports on standard output, and says whether every expectation holds in
/// every schedule.
pub fn run(arguments: &Explore) -> Result<Outcome, XtaskError> {
    let (plan, memory) = plan(&arguments.script)?;
    let bounds = Bounds {
        states: arguments.max_states,
        time: arguments.time,
        ..Bounds::default()
    };
    let found = explore(&plan, arguments.script.reading.into(), memory, &bounds);
    let file = arguments.script.file.display().to_string();
    crate::print(&match arguments.format {
        Format::Table => explored(&file, &found),
        Format::Json => explored_json(&file, &found),
    })?;
    Ok(if found.holds {
        Outcome::AsExpected
    } else {
        Outcome::Unexpected
    })
}

/// The plan of a file, and what makes two of its runs different.
fn plan(script: &Script) -> Result<(Plan, Memory), XtaskError> {
    let read = |path: &Path| {
        fs::read(path).map_err(|source| HarnessError::Io {
            path: path.to_owned(),
            source,
        })
    };
    let bytes = read(&script.file)?;
    let reading: Reading = script.reading.into();
    let plan = if script.file.extension() == Some(OsStr::new("wast")) {
        let text = String::from_utf8_lossy(&bytes);
        plan_text(&text, reading).map(|plan| (plan, Memory::Action))
    } else {
        plan_component(&bytes, &script.invoke, reading).map(|plan| (plan, Memory::Script))
    };
    plan.map_err(|error| XtaskError::Plan {
        file: script.file.clone(),
        error,
    })
}
