//! Mutants of the reference: does a suite notice when one rule is wrong?
//!
//! A mutant is the reference with one rule switched off, if it is a trap, or turned round, if it
//! is a branch. A suite kills a mutant when some directive goes otherwise than on the reference
//! itself. What survives is what the suite does not test.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use assize_reference::machine::limits::Limits;
use serde::Serialize;

use crate::error::HarnessError;
use crate::results::Verdict;
use crate::rules::{Coverage, Rule, run_file};
use crate::run::contain::contain_panics_of_this_thread;
use crate::run::coordinate::WORKER_STACK;
use crate::runtime::reference::{self, ReferenceFactory};
use crate::suite::{Suite, SuiteFile, SuiteName};
use crate::wast::Covered;

/// What one call may take on a mutant, which may well never end: some hundred times what the
/// calls of a test take.
const FUEL: u64 = 10_000_000;

/// What a suite made of one mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// The rule that is wrong.
    pub rule: Rule,
    /// Whether that was noticed.
    pub fate: Fate,
}

/// Whether a mutant was noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "fate")]
pub enum Fate {
    /// No directive of the suites has to do with the rule.
    Unreached,
    /// Every directive went as on the reference.
    Survived,
    /// A directive went otherwise.
    Killed {
        /// The suite's name.
        suite: String,
        /// The file, from the suite's root.
        file: String,
        /// The directive's line, from 1.
        line: u32,
        /// The verdict on the reference, with the rule that it named.
        reference: String,
        /// The verdict on the mutant, with what happened.
        mutant: String,
    },
}

/// A file as it goes on the reference.
struct Original<'s> {
    suite: &'s Suite,
    file: &'s SuiteFile,
    directives: Vec<Covered>,
    coverage: Coverage,
}

/// Runs `suites` on every mutant of the reference, `jobs` at a time. The mutants come in the
/// order of the specification.
///
/// # Errors
/// [`HarnessError::Io`] where a file cannot be read or the system gives no thread.
pub fn run(suites: &[Suite], jobs: NonZeroUsize) -> Result<Vec<Mutant>, HarnessError> {
    let mut originals = Vec::new();
    for suite in suites {
        for file in &suite.files {
            originals.push(Original::new(suite, file)?);
        }
    }
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let work = || {
        contain_panics_of_this_thread();
        while let Some(rule) = Rule::ALL.get(next.fetch_add(1, Ordering::Relaxed)) {
            let fate = fate(*rule, &originals);
            let mut done = done.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            done.push((*rule, fate));
        }
    };
    thread::scope(|scope| {
        for _ in 0..jobs.get() {
            thread::Builder::new()
                .stack_size(WORKER_STACK)
                .spawn_scoped(scope, work)
                .map_err(no_thread)?;
        }
        Ok::<(), HarnessError>(())
    })?;
    let mut done = done
        .into_inner()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    done.sort_by_key(|(rule, _)| *rule);
    done.into_iter()
        .map(|(rule, fate)| Ok(Mutant { rule, fate: fate? }))
        .collect()
}

fn no_thread(source: std::io::Error) -> HarnessError {
    HarnessError::Io {
        path: "a thread".into(),
        source,
    }
}

/// Starts references that have `rule` wrong, with so little fuel that none runs for long.
pub fn mutant(rule: Rule) -> ReferenceFactory {
    factory().with_mutant(rule)
}

fn factory() -> ReferenceFactory {
    ReferenceFactory::default().with_limits(Limits {
        fuel: FUEL,
        ..reference::limits()
    })
}

/// Runs the files that reach `rule` on its mutant, until one of them notices.
fn fate(rule: Rule, originals: &[Original<'_>]) -> Result<Fate, HarnessError> {
    let factory = mutant(rule);
    let mut fate = Fate::Unreached;
    for original in originals.iter().filter(|original| original.reaches(rule)) {
        fate = Fate::Survived;
        let reading = original.suite.reading();
        let directives = run_file(original.file, reading, &factory)?;
        if let Some(killed) = original.first_difference(&directives) {
            return Ok(killed);
        }
    }
    Ok(fate)
}

impl<'s> Original<'s> {
    fn new(suite: &'s Suite, file: &'s SuiteFile) -> Result<Self, HarnessError> {
        let directives = run_file(file, suite.reading(), &factory())?;
        let mut coverage = Coverage::default();
        for directive in &directives {
            coverage.merge(&directive.coverage);
        }
        Ok(Original {
            suite,
            file,
            directives,
            coverage,
        })
    }

    /// Whether the file evaluates the rule's condition at all. Until it does, a mutant is the
    /// reference.
    fn reaches(&self, rule: Rule) -> bool {
        [false, true]
            .into_iter()
            .any(|holds| self.coverage.count(rule, holds) > 0)
    }

    fn first_difference(&self, mutant: &[Covered]) -> Option<Fate> {
        let (original, mutant) = self
            .directives
            .iter()
            .zip(mutant)
            .find(|(original, mutant)| self.outcome(original) != self.outcome(mutant))?;
        Some(Fate::Killed {
            suite: self.suite.name.clone(),
            file: self.file.name.clone(),
            line: original.place.line,
            reference: in_words(original),
            mutant: in_words(mutant),
        })
    }

    /// What a suite compares: the verdict, and in our own suite, whose comments name it, the rule
    /// under which a call traps.
    fn outcome<'c>(&self, covered: &'c Covered) -> (Verdict, Option<&'c str>) {
        let names_rules = self.suite.name == SuiteName::SpecTests.name();
        let rule = covered.judgement.rule.as_deref();
        (covered.judgement.verdict, rule.filter(|_| names_rules))
    }
}

fn in_words(covered: &Covered) -> String {
    let judgement = &covered.judgement;
    let detail = judgement.detail.clone().unwrap_or_default();
    match detail.actual {
        Some(actual) => format!("{}: {actual}", judgement.verdict),
        None => judgement.verdict.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::suite::Coverage as Files;

    /// A handle that is not there is dropped: the trap comes under `table.get/bounds`, and without
    /// that rule under the next one.
    const MISSING: &str = r#"(component
      (type $r (resource (rep i32)))
      (core func $drop (canon resource.drop $r))
      (func (export "drop") (param "index" u32) (canon lift (core func $drop))))
    (assert_trap (invoke "drop" (u32.const 1)) "missing")"#;

    fn fates(suite: SuiteName) -> Vec<Mutant> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.wast");
        fs::write(&path, MISSING).unwrap();
        let name = "a.wast".to_owned();
        let suite = Suite {
            name: suite.name().to_owned(),
            root: dir.path().to_owned(),
            files: vec![SuiteFile { name, path }],
            coverage: Files::Full,
        };
        run(&[suite], NonZeroUsize::new(2).unwrap()).unwrap()
    }

    fn fate_of(rule: Rule, mutants: &[Mutant]) -> Fate {
        let mutant = mutants.iter().find(|mutant| mutant.rule == rule);
        mutant.unwrap().fate.clone()
    }

    #[test]
    fn every_rule_has_a_mutant_in_the_order_of_the_specification() {
        let rules: Vec<Rule> = fates(SuiteName::Official)
            .into_iter()
            .map(|mutant| mutant.rule)
            .collect();
        assert_eq!(rules, Rule::ALL);
    }

    #[test]
    fn a_mutant_that_traps_under_another_rule_is_noticed_where_comments_name_rules() {
        let bounds = Rule::TableGetBounds;
        let official = fates(SuiteName::Official);
        assert_eq!(fate_of(bounds, &official), Fate::Survived);
        let ours = fates(SuiteName::SpecTests);
        let Fate::Killed { line, mutant, .. } = fate_of(bounds, &ours) else {
            panic!("not killed");
        };
        assert_eq!(line, 5);
        assert!(mutant.contains(Rule::TableGetEmpty.id()), "{mutant}");
    }

    #[test]
    fn what_the_suite_does_not_evaluate_is_unreached() {
        let official = fates(SuiteName::Official);
        assert_eq!(fate_of(Rule::StreamNewMayLeave, &official), Fate::Unreached);
        assert_eq!(fate_of(Rule::TableGetEmpty, &official), Fate::Unreached);
    }
}
