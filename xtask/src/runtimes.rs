//! `cargo xtask runtimes`: which runtimes are known, and which of them are on this machine.

use assize_harness::runtime::known::known;
use assize_reports::{runtimes_json, runtimes_table};

use crate::{
    Outcome,
    cli::{Format, Runtimes},
    error::XtaskError,
    print, workspace,
};

/// Lists the runtimes. One that is not here is no failure.
pub fn run(arguments: &Runtimes) -> Result<Outcome, XtaskError> {
    let known = known(workspace(), &std::env::var_os("PATH").unwrap_or_default())?;
    print(&match arguments.format {
        Format::Table => runtimes_table(&known),
        Format::Json => runtimes_json(&known),
    })?;
    Ok(Outcome::AsExpected)
}
