//! `cargo xtask adapter check`: what an adapter gets wrong.

use assize_harness::{
    battery,
    runtime::process::{AdapterCommand, ProcessLimits},
};

use crate::{
    Outcome,
    cli::{CheckAdapter, Format},
    error::XtaskError,
};

/// Runs the battery on the adapter that the command starts.
pub fn run(arguments: &CheckAdapter) -> Result<Outcome, XtaskError> {
    let given: Vec<&str> = arguments.command.iter().map(String::as_str).collect();
    let command = match given[..] {
        // One word may be a whole command in quotes.
        [text] => AdapterCommand::parse(text).unwrap_or_else(|| AdapterCommand::of(text, &[])),
        [program, ref args @ ..] => AdapterCommand::of(program, args),
        [] => AdapterCommand::of("", &[]),
    };
    let battery = battery::run(&command, ProcessLimits::default());
    crate::print(&match arguments.format {
        Format::Table => assize_reports::battery(&given.join(" "), &battery),
        Format::Json => assize_reports::battery_json(&battery),
    })?;
    Ok(match battery.passed() {
        true => Outcome::AsExpected,
        false => Outcome::Unexpected,
    })
}
