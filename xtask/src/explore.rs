//! `cargo xtask explore`: every schedule of a file; and `cargo xtask trace`: one of them.

use std::{ffi::OsStr, fs, io, path::Path};

use assize_harness::host::plan_case;
use assize_harness::{
    error::HarnessError,
    explore::{self, Explored, Which},
    wast::{Plan, plan_component, plan_text},
};
use assize_reference::{
    explore::{
        exhaustive::{Bounds, Memory},
        schedule::Schedule,
    },
    machine::reading::Reading,
};
use assize_reports::{explored, explored_json, traced, traced_json};

use crate::{
    Outcome,
    cli::{Explore, Format, Script, Trace},
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
    let found = explore::explore(&plan, arguments.script.reading.into(), memory, &bounds);
    let file = arguments.script.file.display().to_string();
    crate::print(&match arguments.format {
        Format::Table => explored(&file, &found),
        Format::Json => explored_json(&file, &found),
    })?;
    if let Some(path) = &arguments.schedule {
        write_schedule(path, &found)?;
    }
    Ok(outcome(found.holds))
}

/// Runs the file once, shows what happens, and says whether every expectation held.
pub fn trace(arguments: &Trace) -> Result<Outcome, XtaskError> {
    let (plan, _) = plan(&arguments.script)?;
    let which = match (&arguments.schedule, arguments.seed) {
        (Some(file), _) => Which::Schedule(schedule(file)?),
        (None, Some(seed)) => Which::Seed(seed),
        (None, None) => Which::Schedule(Schedule::default()),
    };
    let run = explore::trace(&plan, arguments.script.reading.into(), which)?;
    let file = arguments.script.file.display().to_string();
    crate::print(&match arguments.format {
        Format::Table => traced(&run),
        Format::Json => traced_json(&file, &run),
    })?;
    Ok(outcome(run.holds))
}

fn outcome(holds: bool) -> Outcome {
    if holds {
        Outcome::AsExpected
    } else {
        Outcome::Unexpected
    }
}

/// Writes the schedule of the first expectation that does not hold, if there is one.
fn write_schedule(path: &Path, found: &Explored) -> Result<(), XtaskError> {
    let outcomes = found.actions.iter().flat_map(|action| &action.outcomes);
    let Some(outcome) = outcomes.clone().find(|outcome| !outcome.as_wanted) else {
        return Ok(());
    };
    let mut text = outcome.schedule.join("\n");
    text.push('\n');
    fs::write(path, text).map_err(|source| io_error(path, source))
}

fn schedule(path: &Path) -> Result<Schedule, XtaskError> {
    let text = fs::read_to_string(path).map_err(|source| io_error(path, source))?;
    text.parse().map_err(|error| XtaskError::Schedule {
        file: path.to_owned(),
        error,
    })
}

fn io_error(path: &Path, source: io::Error) -> XtaskError {
    let path = path.to_owned();
    HarnessError::Io { path, source }.into()
}

/// The plan of a file, and what makes two of its runs different.
fn plan(script: &Script) -> Result<(Plan, Memory), XtaskError> {
    let bytes = fs::read(&script.file).map_err(|source| io_error(&script.file, source))?;
    let reading: Reading = script.reading.into();
    let text = || String::from_utf8_lossy(&bytes);
    let plan = match script.file.extension().and_then(OsStr::to_str) {
        Some("wast") => plan_text(&text(), reading).map(|plan| (plan, Memory::Action)),
        Some("wat") => plan_case(&text()).map(|plan| (plan, Memory::Script)),
        _ => {
            let plan = plan_component(&bytes, &script.invoke, reading);
            plan.map(|plan| (plan, Memory::Script))
        }
    };
    plan.map_err(|error| XtaskError::Plan {
        file: script.file.clone(),
        error,
    })
}
