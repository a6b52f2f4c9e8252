//! A page for each feature: its tests, and what came of them on each runtime.

use std::iter;

use maud::{Markup, html};

use super::{
    Feature, Plan, index,
    layout::{Page, root_of},
    show::{self, Counts, several},
    table::{self, Called::As, table, words},
};

/// How much of a test's first comment a list shows.
const HEADLINE: usize = 160;

pub(super) fn page(plan: &Plan<'_>, feature: &Feature<'_>) -> Page {
    let run = plan.run;
    let suite = &run.suite(feature.suite).name;
    let name = feature.name(run);
    let root = root_of(&feature.page);
    let columns = iter::once(words("Test")).chain(table::runtimes(plan, &root));
    let rows = feature.tests.iter().map(|test| row(plan, *test, &root));
    let body = html! {
        h1 { (name) }
        p.lede { (several(feature.tests.len(), "test")) " of the suite " (suite) "." }
        (index::legend())
        (table(As("Tests"), Some("tests"), columns, rows))
    };
    Page {
        path: feature.page.clone(),
        title: format!("{name} · {suite}"),
        above: index::above(suite).to_vec(),
        body,
    }
}

fn row(plan: &Plan<'_>, index: usize, root: &str) -> Markup {
    let test = &plan.run.tests[index];
    let file = test
        .file
        .rsplit_once('/')
        .map_or(&*test.file, |(_, file)| file);
    let headline = test.headline();
    let (shown, left) = show::cut(&headline, HEADLINE);
    html! {
        tr {
            th scope="row" {
                a href={ (root) (plan.tests[index]) } { (file) }
                @if !headline.is_empty() { p.note { (show::prose(shown)) @if left > 0 { "…" } } }
            }
            @for runtime in plan.run.runtime_indices() {
                @match test.on(runtime) {
                    None => { td.note data-of=(plan.run.label(runtime)) { "not run" } }
                    Some(run) => { td.counts data-of=(plan.run.label(runtime)) { (Counts::of(run).shown()) } }
                }
            }
        }
    }
}
