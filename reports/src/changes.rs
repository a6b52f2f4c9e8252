//! What is different from an earlier run: better, worse, new, gone.

use std::collections::HashMap;

use assize_harness::results::Verdict;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    json::VerdictName,
    model::{Directive, Run, Runtime, RuntimeIndex, SuiteIndex, Test, TestRun},
    text::Text,
};

/// A run held against an earlier one, the baseline.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Changes {
    /// Where the baseline was read from, as it should be shown.
    pub baseline: Text,
    /// Directives whose verdict is better than it was.
    pub better: Vec<Change>,
    /// Directives whose verdict is worse than it was.
    pub worse: Vec<Change>,
    /// What the baseline does not have.
    pub new: Vec<Difference>,
    /// What the baseline has and this run does not, of runtimes and suites that were run, unless
    /// only a part of the suite was.
    pub gone: Vec<Difference>,
}

/// A directive with another verdict than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// The runtime's name.
    pub runtime: Text,
    /// The suite's name.
    pub suite: Text,
    /// The file.
    pub file: Text,
    /// The line on which the directive starts, from 1.
    pub line: u32,
    /// The directive's keyword.
    pub directive: Text,
    /// The verdict of the baseline.
    #[schemars(with = "VerdictName")]
    pub before: Verdict,
    /// The verdict now.
    #[schemars(with = "VerdictName")]
    pub after: Verdict,
}

/// Directives of one file on one runtime that only one of the runs has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// The runtime's name.
    pub runtime: Text,
    /// The suite's name.
    pub suite: Text,
    /// The file.
    pub file: Text,
    /// How many directives these are.
    pub directives: usize,
    /// The worst of their verdicts.
    #[schemars(with = "VerdictName")]
    pub verdict: Verdict,
}

/// How bad a verdict is; passes are 0. What says something about the runtime weighs more than
/// what could not be judged, and the end of its process more than a wrong answer.
pub fn severity(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Pass => 0,
        Verdict::Undecided => 1,
        Verdict::Unsupported => 2,
        Verdict::Error => 3,
        Verdict::Fail => 4,
        Verdict::Timeout => 5,
        Verdict::Protocol => 6,
        Verdict::Crash => 7,
    }
}

/// Which directive: its line, column and keyword, and how many there were of these before in its
/// file.
type Key<'r> = (u32, u32, &'r str, usize);

impl Changes {
    /// Holds `run` against `baseline`. A runtime is compared with the same version of it, or with
    /// the only other one that the baseline has.
    pub fn new(run: &Run, baseline: &Run, name: &str) -> Changes {
        let earlier = Named::new(baseline);
        let mut changes = Changes {
            baseline: Text::message(name),
            ..Changes::default()
        };
        for (test, now) in run.runs() {
            let before = earlier.find(run, test, now);
            changes.compare(run, test, now, before);
        }
        let here = Named::new(run);
        for (test, before) in baseline.runs() {
            let suite = &baseline.suite(test.suite).name;
            let mut suites = run.suites.iter();
            let in_full = suites.any(|one| one.name == *suite && one.in_full != Some(false));
            let was_run = in_full && here.partner(baseline.runtime(before.runtime)).is_some();
            if was_run {
                let gone = missing(before, here.find(baseline, test, before));
                changes
                    .gone
                    .extend(difference(baseline, test, before, &gone));
            }
        }
        changes
    }

    fn compare(&mut self, run: &Run, test: &Test, now: &TestRun, before: Option<&TestRun>) {
        let known = before.map(keyed).unwrap_or_default();
        let known: HashMap<Key<'_>, Verdict> = known
            .into_iter()
            .map(|(key, directive)| (key, directive.verdict))
            .collect();
        let mut new = Vec::new();
        for (key, directive) in keyed(now) {
            let Some(before) = known.get(&key).copied() else {
                new.push(directive);
                continue;
            };
            let after = directive.verdict;
            let list = match severity(after).cmp(&severity(before)) {
                std::cmp::Ordering::Less => &mut self.better,
                std::cmp::Ordering::Greater => &mut self.worse,
                std::cmp::Ordering::Equal => continue,
            };
            list.push(Change {
                runtime: run.label(now.runtime).clone(),
                suite: run.suite(test.suite).name.clone(),
                file: test.file.clone(),
                line: directive.line,
                directive: directive.keyword.clone(),
                before,
                after,
            });
        }
        self.new.extend(difference(run, test, now, &new));
    }

    /// The numbers in words, such as `2 better, 1 worse, 0 new, 0 gone`. What is new or gone is
    /// counted by directives.
    pub fn counts(&self) -> String {
        let count = |list: &[Difference]| list.iter().map(|one| one.directives).sum::<usize>();
        format!(
            "{} better, {} worse, {} new, {} gone",
            self.better.len(),
            self.worse.len(),
            count(&self.new),
            count(&self.gone)
        )
    }
}

/// The directives of a test, each with what tells it from the others.
fn keyed(run: &TestRun) -> Vec<(Key<'_>, &Directive)> {
    let mut seen: HashMap<(u32, u32, &str), usize> = HashMap::new();
    let keyed = run.directives.iter().map(|directive| {
        let (line, column, keyword) = (directive.line, directive.column, &*directive.keyword);
        let count = seen.entry((line, column, keyword)).or_default();
        let key = (line, column, keyword, *count);
        *count += 1;
        (key, directive)
    });
    keyed.collect()
}

/// The directives of one run that another does not have.
fn missing<'r>(of: &'r TestRun, other: Option<&TestRun>) -> Vec<&'r Directive> {
    let other = other.map(keyed).unwrap_or_default();
    let other: std::collections::HashSet<Key<'_>> = other.into_iter().map(|(key, _)| key).collect();
    let of = keyed(of).into_iter();
    let of = of.filter(|(key, _)| !other.contains(key));
    of.map(|(_, directive)| directive).collect()
}

fn difference(
    run: &Run,
    test: &Test,
    on: &TestRun,
    directives: &[&Directive],
) -> Option<Difference> {
    let verdicts = directives.iter().map(|directive| directive.verdict);
    Some(Difference {
        runtime: run.label(on.runtime).clone(),
        suite: run.suite(test.suite).name.clone(),
        file: test.file.clone(),
        directives: directives.len(),
        verdict: verdicts.max_by_key(|verdict| severity(*verdict))?,
    })
}

/// A run in which tests are found by their names.
struct Named<'r> {
    run: &'r Run,
    suites: HashMap<&'r str, SuiteIndex>,
    tests: HashMap<(SuiteIndex, &'r str), &'r Test>,
}

impl<'r> Named<'r> {
    fn new(run: &'r Run) -> Named<'r> {
        let suites = run.suites.iter().enumerate();
        let suites = suites.map(|(index, suite)| (&*suite.name, SuiteIndex(index)));
        let tests = run.tests.iter();
        let tests = tests.map(|test| ((test.suite, &*test.file), test));
        Named {
            run,
            suites: suites.collect(),
            tests: tests.collect(),
        }
    }

    /// The runtime of this run that is compared with one of another run.
    fn partner(&self, runtime: &Runtime) -> Option<RuntimeIndex> {
        let named = self.run.runtimes.iter().enumerate();
        let mut named = named.filter(|(_, one)| one.name == runtime.name);
        let same = named
            .clone()
            .find(|(_, one)| one.version == runtime.version);
        let only = named.next().filter(|_| named.next().is_none());
        same.or(only).map(|(index, _)| RuntimeIndex(index))
    }

    /// The same test on the same runtime.
    fn find(&self, of: &Run, test: &Test, on: &TestRun) -> Option<&'r TestRun> {
        let runtime = self.partner(of.runtime(on.runtime))?;
        let suite = *self.suites.get(&*of.suite(test.suite).name)?;
        let test = *self.tests.get(&(suite, &*test.file))?;
        test.on(runtime)
    }
}
