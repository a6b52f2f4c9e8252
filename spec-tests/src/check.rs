//! Runs a file on the reference and holds what happened against what its comments say.

use std::fs;
use std::path::Path;

use assize_harness::HarnessError;
use assize_harness::expectations::Expectations;
use assize_harness::mutants::mutant;
use assize_harness::results::Verdict;
use assize_harness::rules::{Coverage, Rule, run_file};
use assize_harness::runtime::reference::ReferenceFactory;
use assize_harness::suite::{Filter, Locations, Suite, SuiteFile, SuiteName};
use assize_harness::wast::Covered;

use crate::claims::{Claims, Way};

/// The suite, what is expected of the reference, and how to start it.
pub struct Checker {
    /// The suite, in full.
    pub suite: Suite,
    expectations: Expectations,
    reference: ReferenceFactory,
}

/// What came of one file.
#[derive(Debug, Default)]
pub struct Checked {
    /// What is not as it should be, each with its line.
    pub faults: Vec<String>,
    /// The rules that the file reached.
    pub coverage: Coverage,
}

impl Checker {
    /// Finds the suite in the workspace.
    ///
    /// # Errors
    /// [`HarnessError`] where the suite or the expectations cannot be read.
    pub fn new() -> Result<Checker, HarnessError> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let expectations = workspace.join("adapters/reference/expectations.toml");
        let locations = Locations::from_env(workspace);
        Ok(Checker {
            suite: Suite::discover(SuiteName::SpecTests, &locations, &Filter::default())?,
            expectations: Expectations::load(&expectations)?,
            reference: ReferenceFactory::default(),
        })
    }

    /// Runs `file`.
    ///
    /// # Errors
    /// [`HarnessError`] where the file cannot be read or the reference does not start.
    pub fn check(&self, file: &SuiteFile) -> Result<Checked, HarnessError> {
        let directives = run_file(file, self.suite.reading(), &self.reference)?;
        let text = fs::read_to_string(&file.path).unwrap_or_default();
        let mut checked = Checked::default();
        for directive in directives {
            let (line, column) = (directive.place.line, directive.place.column);
            let mut faults = self.judge(file, &directive);
            let claims = match directive.place.directive.as_str() {
                "script" => Claims::above_script(&text, line),
                _ => Claims::above(&text, line),
            };
            faults.extend(claims.faults.iter().cloned());
            if directive.judgement.verdict == Verdict::Pass {
                faults.extend(contradictions(&claims, &directive));
            }
            let place = |fault| format!("spec-tests/{}:{line}:{column}: {fault}", file.name);
            checked.faults.extend(faults.into_iter().map(place));
            checked.coverage.merge(&directive.coverage);
        }
        Ok(checked)
    }

    /// The directives of `file` at which the mutant of `rule` panics.
    ///
    /// # Errors
    /// Those of [`run_file`].
    pub fn panics(&self, file: &SuiteFile, rule: Rule) -> Result<Vec<String>, HarnessError> {
        let directives = run_file(file, self.suite.reading(), &mutant(rule))?;
        let crashed = directives.into_iter().filter_map(|directive| {
            let actual = directive.judgement.detail?.actual?;
            let (name, line, id) = (&file.name, directive.place.line, rule.id());
            let panicked = actual.starts_with("panicked");
            panicked.then(|| format!("spec-tests/{name}:{line}: without {id}: {actual}"))
        });
        Ok(crashed.collect())
    }

    /// What is not as expected in the verdict.
    fn judge(&self, file: &SuiteFile, directive: &Covered) -> Vec<String> {
        let (verdict, line) = (directive.judgement.verdict, directive.place.line);
        let announced = self
            .expectations
            .about(&self.suite.name, &file.name, line)
            .any(|expectation| expectation.verdict == verdict);
        if verdict == Verdict::Pass || announced {
            return Vec::new();
        }
        let detail = directive.judgement.detail.clone().unwrap_or_default();
        let name = &directive.place.directive;
        let expected = detail.expected.unwrap_or_default();
        let actual = detail.actual.unwrap_or_default();
        vec![format!(
            "{name}: {verdict}\n  expected {expected}\n  actual   {actual}"
        )]
    }
}

/// What the comments claim and the reference did not do.
fn contradictions(claims: &Claims, directive: &Covered) -> Vec<String> {
    let mut faults = Vec::new();
    let reached = |rule: Rule, way: Way| directive.coverage.count(rule, way.holds()) > 0;
    for (rule, way) in &claims.rules {
        if !reached(*rule, *way) {
            let (id, words) = (rule.id(), way.words());
            faults.push(format!("never came about here: rule {id} {words}"));
        }
    }
    if directive.place.directive == "assert_trap" {
        let trapped = directive.judgement.rule.as_deref();
        let claimed = claims.first_that_holds().map(Rule::id);
        if trapped != claimed {
            let [trapped, claimed] = [trapped, claimed].map(|rule| rule.unwrap_or("no rule"));
            faults.push(format!("trapped under {trapped}, not under {claimed}"));
        }
    }
    faults
}
