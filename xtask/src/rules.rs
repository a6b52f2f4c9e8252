//! `cargo xtask rules` and `cargo xtask mutants`: how much of the specification a suite tests.

use assize_harness::{
    mutants,
    rules::{Coverage, coverage},
    run::RunOptions,
    runtime::reference::ReferenceFactory,
    suite::Suite,
};
use assize_reports::{mutants_json, mutants_table, rules_json, rules_table};

use crate::{
    Outcome,
    cli::{Format, Mutants, Rules, Selection, SuiteName},
    conformance::named_suites,
    error::XtaskError,
};

/// Shows how often the suites reach each rule.
pub fn rules(arguments: &Rules) -> Result<Outcome, XtaskError> {
    let reference = ReferenceFactory::default();
    let mut reached = Coverage::default();
    for suite in suites(&arguments.selection)? {
        reached.merge(&coverage(&suite, &reference)?);
    }
    crate::print(&match arguments.format {
        Format::Table => rules_table(&reached),
        Format::Json => rules_json(&reached),
    })?;
    Ok(Outcome::AsExpected)
}

/// Shows which mutants the suites do not kill.
pub fn mutants(arguments: &Mutants) -> Result<Outcome, XtaskError> {
    let jobs = arguments.jobs.unwrap_or(RunOptions::default().jobs);
    let mutants = mutants::run(&suites(&arguments.selection)?, jobs)?;
    crate::print(&match arguments.format {
        Format::Table => mutants_table(&mutants),
        Format::Json => mutants_json(&mutants),
    })?;
    Ok(Outcome::AsExpected)
}

/// The suites that were asked for; our own where none was.
fn suites(selection: &Selection) -> Result<Vec<Suite>, XtaskError> {
    if selection.suite.is_empty() {
        named_suites(selection, &[SuiteName::SpecTests])
    } else {
        named_suites(selection, &selection.suite)
    }
}
