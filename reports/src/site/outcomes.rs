//! What came of a test's directives on the runtimes, side by side, with those together that ended
//! in the same way.

use std::{
    collections::{BTreeMap, HashMap},
    mem,
};

use assize_harness::results::Verdict;

use crate::{
    model::{Directive, Run, Status, Test},
    text::Text,
};

/// Where a directive is, which is what makes it the same on two runtimes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place<'r> {
    pub line: u32,
    pub column: u32,
    pub keyword: &'r str,
}

/// What came of the directive at one place: one for each runtime of the run, where it was run.
pub(super) type Row<'r> = Vec<Option<&'r Directive>>;

/// Directives that ended in the same way on every runtime.
#[derive(Debug)]
pub(super) struct Group<'r> {
    /// Where they are, in the order of the file.
    pub places: Vec<Place<'r>>,
    /// What came of the first of them.
    pub row: Row<'r>,
}

/// What came of each directive, in the order of the file.
pub(super) fn rows<'r>(run: &'r Run, test: &'r Test) -> BTreeMap<Place<'r>, Row<'r>> {
    let mut rows = BTreeMap::new();
    for of_test in &test.runs {
        for directive in &of_test.directives {
            let place = Place {
                line: directive.line,
                column: directive.column,
                keyword: &directive.keyword,
            };
            let row = rows
                .entry(place)
                .or_insert_with(|| vec![None; run.runtimes.len()]);
            row[of_test.runtime.0] = Some(directive);
        }
    }
    rows
}

/// What did not pass on every runtime, in groups, in the order of their first directives.
pub(super) fn groups<'r>(rows: &BTreeMap<Place<'r>, Row<'r>>) -> Vec<Group<'r>> {
    let mut groups: Vec<Group<'r>> = Vec::new();
    let mut known = HashMap::new();
    for (place, row) in rows {
        if row.iter().flatten().all(|one| one.verdict == Verdict::Pass) {
            continue;
        }
        let key: Vec<_> = row.iter().map(|one| one.map(Likeness::of)).collect();
        let next = groups.len();
        let index = *known.entry(key).or_insert(next);
        if index == next {
            groups.push(Group {
                places: Vec::new(),
                row: row.clone(),
            });
        }
        groups[index].places.push(*place);
    }
    groups
}

/// Whether it was not tried, because it builds on another directive of which nothing came.
pub(super) fn was_not_run(directive: &Directive) -> bool {
    let actual = directive.actual.as_deref().unwrap_or_default();
    directive.verdict == Verdict::Error && actual.starts_with("not run: ")
}

/// What has to be the same for two results to be shown as one. What a directive asks for does not
/// matter where it was not tried, nor does what that is due to, nor the place of the entry that
/// announces its verdict.
#[derive(PartialEq, Eq, Hash)]
struct Likeness<'r> {
    verdict: Verdict,
    status: mem::Discriminant<Status>,
    reason: Option<&'r str>,
    capability: Option<&'r str>,
    expected: Option<&'r str>,
    actual: Option<&'r str>,
    rule: Option<&'r str>,
}

impl<'r> Likeness<'r> {
    fn of(directive: &'r Directive) -> Self {
        let passed = directive.verdict == Verdict::Pass;
        let tried = !matches!(directive.verdict, Verdict::Unsupported | Verdict::Error);
        let unless_passed = |text: &'r Option<Text>| text.as_deref().filter(|_| !passed);
        Likeness {
            verdict: directive.verdict,
            status: mem::discriminant(&directive.status),
            reason: match &directive.status {
                Status::Known(entry) => Some(&entry.reason),
                _ => None,
            },
            capability: directive.capability.as_deref(),
            expected: unless_passed(&directive.expected).filter(|_| tried),
            actual: match was_not_run(directive) {
                true => None,
                false => unless_passed(&directive.actual),
            },
            rule: unless_passed(&directive.rule),
        }
    }
}
