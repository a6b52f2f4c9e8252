//! A suite that was built: how many tests there are of each form, and why there are no more.

use std::{collections::BTreeMap, path::Path};

use assize_protocol::{
    case::{FormEntry, SuiteManifest},
    message::Form,
};

use crate::{
    grid::{Align, Cell, Grid},
    style::{BOLD, DIM, PLAIN, Styled},
};

const FORMS: [(Form, &str); 3] = [
    (Form::Component, "component"),
    (Form::Wast, "wast"),
    (Form::Command, "command"),
];

/// How many of the reasons are shown for which tests lack a form.
const REASONS: usize = 6;

/// What was built, in numbers; `path` is where its list is.
pub fn built(manifest: &SuiteManifest, path: &Path) -> String {
    let mut grid = Grid::new([vec![Align::Left], vec![Align::Right; 4]].concat());
    let head = ["form", "tests", "checks", "left out", "without"];
    grid.row(head.into_iter().map(|name| Cell::new(name, DIM)).collect());
    grid.rule();
    for (form, name) in FORMS {
        let entries: Vec<&FormEntry> = manifest
            .tests
            .iter()
            .flat_map(|test| &test.forms)
            .filter(|entry| entry.form == form)
            .collect();
        let checks: usize = entries.iter().map(|entry| entry.checks).sum();
        let left_out: usize = entries.iter().map(|entry| entry.left_out).sum();
        let without = manifest.tests.len() - entries.len();
        let number = |number: usize| Cell::new(number.to_string(), PLAIN);
        grid.row(vec![
            Cell::new(name, BOLD),
            number(entries.len()),
            number(checks),
            number(left_out),
            number(without),
        ]);
    }
    let mut text = format!("\n{grid}");
    for (form, name) in FORMS {
        text += &reasons(manifest, form, name);
    }
    text + &format!("\n  {} tests: {}\n", manifest.tests.len(), path.display())
}

/// The most frequent reasons for which tests lack a form.
fn reasons(manifest: &SuiteManifest, form: Form, name: &str) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for test in &manifest.tests {
        for missing in test.missing.iter().filter(|missing| missing.form == form) {
            // What follows the first colon is about the one test.
            let reason = missing.reason.split(':').next().unwrap_or_default();
            *counts.entry(reason).or_default() += 1;
        }
    }
    if counts.is_empty() {
        return String::new();
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(reason, count)| (std::cmp::Reverse(*count), *reason));
    let mut grid = Grid::new(vec![Align::Right, Align::Left]);
    for (reason, count) in counts.iter().take(REASONS) {
        grid.row(vec![
            Cell::new(count.to_string(), PLAIN),
            Cell::new(*reason, PLAIN),
        ]);
    }
    let others: usize = counts.iter().skip(REASONS).map(|(_, count)| count).sum();
    if others > 0 {
        grid.row(vec![
            Cell::new(others.to_string(), PLAIN),
            Cell::new("for other reasons", DIM),
        ]);
    }
    format!("\n  {}\n{grid}", Styled(DIM, format!("no {name}, because")))
}
