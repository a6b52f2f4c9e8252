//! The form `command`: one component that exports `wasi:cli/run` and checks itself.
//!
//! It contains the test's components, and beside them a driver, which calls their exports, compares
//! what they return, and returns an error from `run` on the first difference. All calls come from a
//! component, one after the other: so a command can hold a runtime to what a test expects of calls
//! that return, and to nothing else. It is built only of calls that return what is expected in
//! every schedule of the reference.

mod compare;
mod driver;
mod image;
mod layout;
mod node;
mod outer;
mod select;
mod types;

use assize_protocol::case::{LeftOut, TestKind};
use assize_reference::explore::exhaustive::{Bounds, Memory};
use assize_reference::machine::reading::Reading;

use self::driver::{Check, Driver, driver};
use self::outer::{Exported, outer};
use self::select::{Placed, Selected, Selection, select};
use super::case::CaseFiles;
use crate::explore::explore;
use crate::value::Value;
use crate::wast::{Wanted, plan_component};

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    /// The component.
    pub wasm: Vec<u8>,
    /// How many calls it checks.
    pub checks: usize,
    /// The directives that it leaves out.
    pub left_out: Vec<LeftOut>,
}

/// Why there is no command of a test.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCommand {
    /// The host's part in it is what it is about.
    #[error("it is about what the host does")]
    HostDriven,
    /// None of its calls can be checked from inside.
    #[error("{0}")]
    NothingToCheck(String),
    /// The reference does not say of any part of it that all schedules end as expected.
    #[error("not every schedule ends as expected: {0}")]
    ScheduleDependent(String),
    /// The component cannot be put together.
    #[error("{0}")]
    Driver(String),
}

/// The command of a case. Every schedule of it is explored within these bounds.
///
/// # Errors
/// [`NoCommand`] with the reason why it has none.
pub fn command(files: &CaseFiles, bounds: &Bounds) -> Result<Composed, NoCommand> {
    if files.case.kind == TestKind::HostDriven {
        return Err(NoCommand::HostDriven);
    }
    let mut selection = select(files);
    if selection.checks.is_empty() {
        let reason = selection.left_out.last().map(|left| left.reason.clone());
        let reason = reason.unwrap_or_else(|| "it makes no calls".to_owned());
        return Err(NoCommand::NothingToCheck(reason));
    }
    let driver = match holds(files, &selection, bounds)? {
        Ok(driver) => driver,
        Err(reason) => hold(files, &mut selection, bounds, reason)?,
    };
    let Selection {
        placed,
        checks,
        left_out,
        ..
    } = selection;
    Ok(Composed {
        wasm: outer(&files.binaries, &placed, &driver, Exported::Command),
        checks: checks.len(),
        left_out,
    })
}

/// Keeps the groups of instances of which, alone and together, every schedule ends as expected.
fn hold(
    files: &CaseFiles,
    selection: &mut Selection,
    bounds: &Bounds,
    reason: String,
) -> Result<Driver, NoCommand> {
    let mut groups: Vec<usize> = selection.checks.iter().map(|check| check.group).collect();
    groups.dedup();
    for group in groups {
        let alone = part(selection, |other| other == group);
        if let Err(reason) = holds(files, &alone, bounds)? {
            leave_out(selection, group, &reason);
        }
    }
    if selection.checks.is_empty() {
        return Err(NoCommand::ScheduleDependent(reason));
    }
    holds(files, selection, bounds)?.map_err(NoCommand::ScheduleDependent)
}

/// The instances and checks of some groups.
fn part(selection: &Selection, wanted: impl Fn(usize) -> bool) -> Selection {
    let placed = selection
        .placed
        .iter()
        .filter(|placed| wanted(placed.group));
    let checks = selection.checks.iter().filter(|check| wanted(check.group));
    Selection {
        placed: placed.cloned().collect(),
        checks: checks.cloned().collect(),
        ..Selection::default()
    }
}

fn leave_out(selection: &mut Selection, group: usize, reason: &str) {
    let (left, kept) = std::mem::take(&mut selection.checks)
        .into_iter()
        .partition::<Vec<Selected>, _>(|check| check.group == group);
    selection.checks = kept;
    selection.placed.retain(|placed| placed.group != group);
    selection
        .left_out
        .extend(left.into_iter().map(|check| LeftOut {
            line: check.line,
            directive: check.directive,
            reason: format!("not every schedule ends as expected: {reason}"),
        }));
}

/// The driver of a selection, if every schedule ends as expected; the inner error says what does
/// not.
fn holds(
    files: &CaseFiles,
    selection: &Selection,
    bounds: &Bounds,
) -> Result<Result<Driver, String>, NoCommand> {
    let checks: Vec<Check> = selection.checks.iter().map(|c| c.check.clone()).collect();
    let driver = driver(&checks).map_err(|error| NoCommand::Driver(error.0))?;
    let placed: &[Placed] = &selection.placed;
    let wasm = outer(&files.binaries, placed, &driver, Exported::Function);
    Ok(explored(&wasm, bounds).map(|()| driver))
}

/// Whether `run` of a component returns `ok` in every schedule. The error says what else it does.
fn explored(wasm: &[u8], bounds: &Bounds) -> Result<(), String> {
    let calls = ["run()".to_owned()];
    let plan = plan_component(wasm, &calls, Reading::Text);
    let mut plan = plan.map_err(|error| error.to_string())?;
    if let Some(run) = plan.planned.last_mut() {
        run.wanted = Wanted::Returned(vec![Value::Result(Ok(None))]);
    }
    let found = explore(&plan, Reading::Text, Memory::Action, bounds);
    let ends = found.actions.iter().flat_map(|action| &action.outcomes);
    if let Some(other) = ends.into_iter().find(|outcome| !outcome.as_wanted) {
        return Err(other.event.clone());
    }
    match found.complete {
        true => Ok(()),
        false => Err(format!("more than {} states", found.states)),
    }
}

#[cfg(test)]
mod tests;
