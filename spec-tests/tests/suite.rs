//! Each file of the suite is a test: on the reference, every directive passes and does what its
//! comments say. One test more: together, they reach every rule both ways.

use std::process::ExitCode;
use std::sync::Arc;

use assize_harness::HarnessError;
use assize_harness::rules::{Coverage, Rule};
use assize_spec_tests::check::Checker;
use assize_spec_tests::gaps;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let checker = match Checker::new() {
        Ok(checker) => Arc::new(checker),
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let mut trials: Vec<Trial> = checker
        .suite
        .files
        .iter()
        .map(|file| {
            let (checker, file) = (checker.clone(), file.clone());
            Trial::test(file.name.clone(), move || {
                none(&checker.check(&file)?.faults)
            })
        })
        .collect();
    let all = checker.clone();
    trials.push(Trial::test(
        "every rule is reached both ways or listed as a gap",
        move || none(&gaps::faults(&reached(&all)?)),
    ));
    // It takes a minute, and only mutants are at stake.
    let no_panics = Trial::test("no mutant of the reference panics", move || {
        none(&panics(&checker)?)
    });
    trials.push(no_panics.with_ignored_flag(true));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// What all files together reach.
fn reached(checker: &Checker) -> Result<Coverage, HarnessError> {
    let mut coverage = Coverage::default();
    for file in &checker.suite.files {
        coverage.merge(&checker.check(file)?.coverage);
    }
    Ok(coverage)
}

/// Every panic of every mutant on every file.
fn panics(checker: &Checker) -> Result<Vec<String>, HarnessError> {
    let mut panics = Vec::new();
    for file in &checker.suite.files {
        let reached = checker.check(file)?.coverage;
        for rule in Rule::ALL {
            if reached.count(*rule, true) + reached.count(*rule, false) > 0 {
                panics.extend(checker.panics(file, *rule)?);
            }
        }
    }
    Ok(panics)
}

/// Fails with the faults, if there are any.
fn none(faults: &[String]) -> Result<(), Failed> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults.join("\n").into())
    }
}
