//! `cargo xtask adapter check`: what helps to write an adapter.

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
pub fn check(arguments: &CheckAdapter) -> Result<Outcome, XtaskError> {
    let mut words = arguments.command.iter().map(String::as_str);
    let given: Vec<&str> = words.by_ref().collect();
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
