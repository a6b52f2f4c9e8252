//! The first page: what was run, how the runtimes stand, and the matrix of features and runtimes.

use assize_harness::results::Verdict;
use maud::{Markup, html};

use super::{
    Feature, Plan, changes,
    layout::Page,
    names,
    show::{self, Counts, number, several},
    table::{self, Called::By, numbers, runtime_link, table, words},
};
use crate::model::{Problem, RuntimeIndex, SuiteIndex};

pub(super) const PATH: &str = "index.html";

pub(super) fn page(plan: &Plan<'_>) -> Page {
    let run = plan.run;
    let suites = (0..run.suites.len()).map(SuiteIndex);
    let body = html! {
        h1 { "Conformance to the Component Model" }
        p.lede {
            (several(run.runtimes.len(), "runtime")) " of WASI preview 3 and "
            (several(run.tests.len(), "test")) ", held against the specification"
            @if let Some(revision) = &run.about.revision { " at revision " code { (revision) } }
            "."
            @if let Some(began) = run.about.began { " Run on " time { (show::date(began)) } }
            @if let Some(elapsed) = run.about.elapsed { ", in " (show::duration(elapsed)) }
            @if run.about.began.is_some() { "." }
        }
        (problems(&run.problems))
        section {
            h2 #runtimes { "Runtimes" }
            (runtimes(plan))
        }
        (changes::section(plan))
        section {
            h2 #matrix { "Features" }
            p { "A feature is a folder of a suite. Each cell counts directives: the single steps and assertions of its tests." }
            (legend())
            @for suite in suites { (matrix(plan, suite)) }
        }
    };
    Page {
        path: PATH.to_owned(),
        title: "Conformance".to_owned(),
        above: Vec::new(),
        body,
    }
}

/// What is missing or damaged in what this was made of.
fn problems(problems: &[Problem]) -> Markup {
    html! {
        @if !problems.is_empty() {
            section.warning {
                h2 #problems { "This run is not whole" }
                p { "Shown is what its files hold. What is missing or damaged in them:" }
                ul {
                    @for problem in problems {
                        li {
                            code { (problem.file) @if let Some(line) = problem.line { ":" (line) } }
                            " " (show::message(&problem.what))
                        }
                    }
                }
            }
        }
    }
}

/// The pages above those that belong to a suite.
pub(super) fn above(suite: &str) -> [(String, String); 2] {
    let of_suite = format!("{PATH}#suite-{}", names::slug(suite));
    [
        (PATH.to_owned(), "Matrix".to_owned()),
        (of_suite, suite.to_owned()),
    ]
}

fn runtimes(plan: &Plan<'_>) -> Markup {
    let columns = [
        words("Runtime"),
        words("Version"),
        numbers("Tests passed"),
        words("Directives"),
        words("As expected?"),
    ];
    let runtimes = plan.run.runtime_indices();
    let rows = runtimes.map(|runtime| runtime_row(plan, runtime));
    table(By("runtimes"), None, columns, rows)
}

fn runtime_row(plan: &Plan<'_>, index: RuntimeIndex) -> Markup {
    let run = plan.run;
    let (mut counts, mut tests, mut passed) = (Counts::default(), 0, 0);
    for (_, of_test) in run.runs().filter(|(_, one)| one.runtime == index) {
        counts.add(of_test);
        tests += 1;
        passed += usize::from(of_test.passed());
    }
    counts.unexpected += run.stale_of(index).count();
    let unexpected = std::mem::take(&mut counts.unexpected);
    html! {
        tr {
            th scope="row" { (runtime_link(plan, index, "")) }
            td data-of="Version" { (run.runtime(index).version) }
            td.n data-of="Tests passed" { (number(passed)) " of " (number(tests)) }
            td.counts data-of="Directives" { (counts.shown()) }
            td data-of="As expected" {
                @match unexpected {
                    0 => { span.c.good { b aria-hidden="true" { "✓" } " yes, all of it is known" } }
                    more => {
                        a.c.unexpected href={ (plan.runtimes[index.0]) "#unexpected" } {
                            b aria-hidden="true" { "!" } " no: " (number(more)) " unexpected"
                        }
                    }
                }
            }
        }
    }
}

/// What signs mean.
pub(super) fn legend() -> Markup {
    html! {
        details.legend {
            summary { "What the signs mean" }
            dl {
                @for verdict in Verdict::ALL {
                    div { dt { (show::verdict(verdict)) } dd { (show::meaning(verdict)) } }
                }
                div { dt { (show::unexpected("unexpected")) } dd { "not what is known of the runtime" } }
            }
        }
    }
}

fn matrix(plan: &Plan<'_>, suite: SuiteIndex) -> Markup {
    let run = plan.run;
    let name = &run.suite(suite).name;
    let id = format!("suite-{}", names::slug(name));
    let features = plan.features.iter().filter(|one| one.suite == suite);
    let columns = [words("Feature"), numbers("Tests")].into_iter();
    let columns = columns.chain(table::runtimes(plan, ""));
    html! {
        h3 #(id) {
            (name)
            @if run.suite(suite).in_full == Some(false) { span.note { " in part" } }
        }
        (table(By(&id), None, columns, features.map(|feature| row(plan, feature))))
    }
}

fn row(plan: &Plan<'_>, feature: &Feature<'_>) -> Markup {
    html! {
        tr {
            th scope="row" { a href=(feature.page) { (feature.name(plan.run)) } }
            td.n data-of="Tests" { (number(feature.tests.len())) }
            @for runtime in plan.run.runtime_indices() { (cell(plan, feature, runtime)) }
        }
    }
}

fn cell(plan: &Plan<'_>, feature: &Feature<'_>, runtime: RuntimeIndex) -> Markup {
    let mut counts = Counts::default();
    for test in &feature.tests {
        if let Some(run) = plan.run.tests[*test].on(runtime) {
            counts.add(run);
        }
    }
    let name = plan.run.label(runtime);
    html! {
        @match counts.total() {
            0 => { td.note data-of=(name) { "not run" } }
            _ => { td.counts data-of=(name) { (counts.shown()) } }
        }
    }
}
