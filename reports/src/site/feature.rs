//! A page for each feature: its tests, and what came of them on each runtime.

use maud::{Markup, html};

use super::{
    Feature, Plan, index,
    layout::{Page, root_of},
    show::{self, Counts, several},
};

/// How much of a test's first comment a list shows.
const HEADLINE: usize = 160;

pub(super) fn page(plan: &Plan<'_>, feature: &Feature<'_>) -> Page {
    let run = plan.run;
    let suite = &run.suite(feature.suite).name;
    let name = feature.name(run);
    let root = root_of(&feature.page);
    let body = html! {
        h1 { (name) }
        p.lede { (several(feature.tests.len(), "test")) " of the suite " (suite) "." }
        (index::legend())
        div.wide role="group" aria-label="Tests" tabindex="0" {
            table.tests.stack {
                thead {
                    tr {
                        th scope="col" { "Test" }
                        @for runtime in plan.run.runtime_indices() {
                            th scope="col" { a href={ (root) (plan.runtimes[runtime.0]) } { (run.label(runtime)) } }
                        }
                    }
                }
                tbody { @for test in &feature.tests { (row(plan, *test, &root)) } }
            }
        }
    };
    Page {
        path: feature.page.clone(),
        title: format!("{name} · {suite}"),
        above: vec![
            (index::PATH.to_owned(), "Matrix".to_owned()),
            (
                format!("{}#suite-{}", index::PATH, super::names::slug(suite)),
                suite.to_string(),
            ),
        ],
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
