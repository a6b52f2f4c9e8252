//! What is different from an earlier run.

use std::collections::HashMap;

use maud::{Markup, html};

use super::{
    Plan,
    show::{self, number, several},
    table::{Called::As, table, words},
};
use crate::{
    changes::{Change, Changes, Difference},
    text::Text,
};

/// How many entries of each list are shown.
const SHOWN: usize = 100;

/// The pages of tests, by suite and file.
type Pages<'p> = HashMap<(&'p str, &'p str), &'p str>;

/// The section; nothing where there is no earlier run.
pub(super) fn section(plan: &Plan<'_>) -> Markup {
    let Some(changes) = &plan.report.changes else {
        return html! {};
    };
    let Changes {
        baseline,
        better,
        worse,
        new,
        gone,
    } = changes;
    let tests = plan.run.tests.iter().zip(&plan.tests);
    let pages: Pages<'_> = tests
        .map(|(test, page)| {
            let suite = plan.run.suite(test.suite).name.as_str();
            ((suite, test.file.as_str()), page.as_str())
        })
        .collect();
    html! {
        section {
            h2 #changes { "Since the earlier run" }
            p { "Compared with " code { (baseline) } ": "
                (number(worse.len())) " worse, " (number(better.len())) " better; tests on runtimes: "
                (number(new.len())) " new, " (number(gone.len())) " gone."
            }
            (list("Worse", worse, true, |one| change(one, &pages)))
            (list("Better", better, false, |one| change(one, &pages)))
            (list("New", new, false, |one| difference(one, &pages)))
            (list("Gone", gone, false, |one| difference(one, &pages)))
        }
    }
}

fn list<T>(name: &str, entries: &[T], open: bool, row: impl Fn(&T) -> Markup) -> Markup {
    html! {
        @if !entries.is_empty() {
            details open[open] {
                summary { (name) " (" (number(entries.len())) ")" }
                (table(As(name), Some("tests"), ["Test", "Runtime", "What"].map(words), entries.iter().take(SHOWN).map(row)))
                @if entries.len() > SHOWN { p.note { "and " (number(entries.len() - SHOWN)) " more" } }
            }
        }
    }
}

fn change(change: &Change, pages: &Pages<'_>) -> Markup {
    html! {
        tr {
            th scope="row" { (test(&change.suite, &change.file, Some(change.line), pages)) }
            td data-of="Runtime" { (change.runtime) }
            td data-of="What" { (show::verdict(change.before)) " → " (show::verdict(change.after)) }
        }
    }
}

fn difference(difference: &Difference, pages: &Pages<'_>) -> Markup {
    html! {
        tr {
            th scope="row" { (test(&difference.suite, &difference.file, None, pages)) }
            td data-of="Runtime" { (difference.runtime) }
            td data-of="What" { (several(difference.directives, "directive")) ", the worst: " (show::verdict(difference.verdict)) }
        }
    }
}

/// A test's name, as a link where it has a page.
fn test(suite: &Text, file: &Text, line: Option<u32>, pages: &Pages<'_>) -> Markup {
    let name = html! { (suite) "/" (file) @if let Some(line) = line { ":" (line) } };
    html! {
        @match (pages.get(&(suite.as_str(), file.as_str())), line) {
            (Some(page), Some(line)) => { a href={ (page) "#L" (line) } { (name) } }
            (Some(page), None) => { a href=(page) { (name) } }
            (None, _) => { (name) }
        }
    }
}
