//! A page for each runtime: what it is, what was not expected of it, what is known to fail and why,
//! and what it does not claim to have.

use std::collections::BTreeMap;

use assize_harness::{host::Standing, results::Verdict};
use maud::{Markup, html};

use super::{
    Plan, index,
    layout::{Page, root_of},
    show::{self, Counts, number, several},
    table::{
        Called::{As, By},
        numbers, table, words,
    },
};
use crate::model::{Directive, Entry, RuntimeIndex, Status, SuiteIndex, TestRun};

/// How many directives of one test are named.
const LINES: usize = 6;

/// How many tests of one reason are named.
const TESTS: usize = 30;

/// How many tests with unexpected results are listed.
const ROWS: usize = 100;

/// About how many bytes known failures may have.
const REASONS: usize = 160_000;

/// About how many bytes a link to a test or one of its lines has.
const LINK: usize = 100;

/// How much is told here of what went wrong; the test's page tells more.
const SHORT: usize = 160;

pub(super) fn page(plan: &Plan<'_>, index: RuntimeIndex) -> Page {
    let run = plan.run;
    let runtime = run.runtime(index);
    let path = plan.runtimes[index.0].clone();
    let root = root_of(&path);
    let body = html! {
        h1 { (runtime.name) }
        p.lede { "Version " (runtime.version) "." }
        section {
            h2 #results { "Results" }
            (results(plan, index))
        }
        section {
            h2 #unexpected { "Unexpected" }
            (unexpected(plan, index, &root))
        }
        section {
            h2 #known { "Known failures" }
            @if let Some(file) = &runtime.expectations { p.note { "As written down in " code { (file) } "." } }
            (known(plan, index, &root))
        }
        section {
            h2 #unsupported { "Not supported" }
            (unsupported(plan, index, &root))
        }
        section {
            h2 #capabilities { "Capabilities" }
            @match &runtime.capabilities {
                None => { p.note { "What it says that it has was not recorded." } }
                Some(none) if none.is_empty() => { p { "It claims none beyond what every runtime has." } }
                Some(names) => {
                    p { "What it says that it has:" }
                    ul.names { @for name in names { li { code { (name) } } } }
                }
            }
        }
    };
    Page {
        path,
        title: format!("{} {}", runtime.name, runtime.version),
        above: vec![
            (index::PATH.to_owned(), "Matrix".to_owned()),
            ("index.html#runtimes".to_owned(), "Runtimes".to_owned()),
        ],
        body,
    }
}

fn results(plan: &Plan<'_>, index: RuntimeIndex) -> Markup {
    let run = plan.run;
    let mut suites: BTreeMap<SuiteIndex, (Counts, usize, usize)> = BTreeMap::new();
    for (test, of_test) in run.runs().filter(|(_, one)| one.runtime == index) {
        let (counts, tests, passed) = suites.entry(test.suite).or_default();
        counts.add(of_test);
        *tests += 1;
        *passed += usize::from(of_test.passed());
    }
    // An expectation that is about nothing belongs to no test.
    for stale in run.stale_of(index) {
        suites.entry(stale.suite).or_default().0.unexpected += 1;
    }
    let columns = [words("Suite"), numbers("Tests passed"), words("Directives")];
    let row = |(suite, (counts, tests, passed)): (SuiteIndex, (Counts, usize, usize))| {
        html! {
            tr {
                th scope="row" { (run.suite(suite).name) }
                td.n data-of="Tests passed" { (number(passed)) " of " (number(tests)) }
                td.counts data-of="Directives" { (counts.shown()) }
            }
        }
    };
    table(By("results"), None, columns, suites.into_iter().map(row))
}

/// Directives of tests, by test.
type ByTest<'r> = BTreeMap<usize, Vec<&'r Directive>>;

/// What came of each test on the runtime.
fn runs<'r>(
    plan: &Plan<'r>,
    index: RuntimeIndex,
) -> impl Iterator<Item = (usize, &'r TestRun)> + use<'r> {
    let tests = plan.run.tests.iter().enumerate();
    tests.filter_map(move |(place, test)| Some((place, test.on(index)?)))
}

fn unexpected(plan: &Plan<'_>, index: RuntimeIndex, root: &str) -> Markup {
    let mut verdicts = ByTest::new();
    let mut mended: Vec<(usize, &Entry)> = Vec::new();
    for (test, of_test) in runs(plan, index) {
        for directive in of_test.directives.iter().filter(|one| one.is_unexpected()) {
            verdicts.entry(test).or_default().push(directive);
        }
        mended.extend(of_test.mended.iter().map(|entry| (test, entry)));
    }
    let stale: Vec<_> = plan.run.stale_of(index).collect();
    let compared = runs(plan, index)
        .flat_map(|(_, of_test)| &of_test.directives)
        .all(|one| one.status != Status::NotCompared);
    html! {
        @if !compared {
            p.note { "What is known of this runtime was not recorded, so that nothing can be said to be unexpected." }
        } @else if verdicts.is_empty() && mended.is_empty() && stale.is_empty() {
            p { "Nothing: all that did not pass is known below." }
        }
        @if !verdicts.is_empty() { (by_test(plan, index, &verdicts, root)) }
        @if !mended.is_empty() {
            h3 #mended { "Passes again" }
            ul {
                @for (test, entry) in &mended {
                    li {
                        (test_link(plan, *test, root))
                        " was known as " (show::verdict(entry.verdict)) ": " (show::reason(entry))
                        " " span.note { "(entry on line " (entry.defined_at) ")" }
                    }
                }
            }
        }
        @if !stale.is_empty() {
            h3 #stale { "About nothing" }
            ul {
                @for stale in &stale {
                    li {
                        "The suite " (plan.run.suite(stale.suite).name) " has no such " (stale.missing) " as "
                        code { (stale.entry.glob) @if let Some(line) = stale.entry.line { ":" (line) } }
                        " " span.note { "(entry on line " (stale.entry.defined_at) ")" }
                    }
                }
            }
        }
    }
}

/// What happened first of what was not expected in a test.
fn first(plan: &Plan<'_>, test: usize, runtime: RuntimeIndex, directives: &[&Directive]) -> String {
    let test = &plan.run.tests[test];
    let trace = test.on(runtime).and_then(|run| run.trace.as_deref());
    let rows = trace.map(|trace| trace.observed.rows.iter());
    let refused = rows.and_then(|mut rows| rows.find(|row| row.standing == Standing::First));
    match refused {
        Some(row) => format!("not allowed: {}", row.what),
        None => {
            let actual = directives.first().and_then(|one| one.actual.as_deref());
            actual.unwrap_or_default().to_owned()
        }
    }
}

fn by_test(plan: &Plan<'_>, index: RuntimeIndex, tests: &ByTest<'_>, root: &str) -> Markup {
    let columns = ["Test", "Verdict", "Lines", "The first"].map(words);
    let rows = tests.iter().take(ROWS).map(|(test, directives)| {
        html! {
            tr {
                th scope="row" { (test_link(plan, *test, root)) }
                td { @if let Some(first) = directives.first() { (show::verdict(first.verdict)) } }
                td data-of="Lines" { (lines(plan, *test, directives, root)) }
                td data-of="The first" { (short(&first(plan, *test, index, directives))) }
            }
        }
    });
    html! {
        (table(As("Unexpected results"), Some("tests"), columns, rows))
        @if tests.len() > ROWS { p.note { "and " (several(tests.len() - ROWS, "more test")) ", which the matrix leads to" } }
    }
}

fn test_link(plan: &Plan<'_>, test: usize, root: &str) -> Markup {
    html! { a href={ (root) (plan.tests[test]) } { (plan.test_name(&plan.run.tests[test])) } }
}

fn lines(plan: &Plan<'_>, test: usize, directives: &[&Directive], root: &str) -> Markup {
    let (shown, more) = directives.split_at(directives.len().min(LINES));
    html! {
        @for (position, directive) in shown.iter().enumerate() {
            @if position > 0 { ", " }
            a href={ (root) (plan.tests[test]) "#L" (directive.line) } { (directive.line) }
        }
        @if !more.is_empty() { span.note { " and " (number(more.len())) " more" } }
    }
}

/// The beginning of a message, in one line.
fn short(message: &str) -> Markup {
    let (shown, left) = show::cut(message, SHORT);
    html! { (shown) @if left > 0 { "…" } }
}

/// Known failures that share a reason.
#[derive(Default)]
struct Known<'r> {
    entry: Option<&'r Entry>,
    tests: ByTest<'r>,
}

fn known(plan: &Plan<'_>, index: RuntimeIndex, root: &str) -> Markup {
    let mut reasons: BTreeMap<(Verdict, &str, Option<&str>), Known<'_>> = BTreeMap::new();
    for (test, of_test) in runs(plan, index) {
        for directive in &of_test.directives {
            if let Status::Known(entry) = &directive.status {
                let key = (entry.verdict, &*entry.reason, entry.upstream.as_deref());
                let known = reasons.entry(key).or_default();
                known.entry = Some(entry);
                known.tests.entry(test).or_default().push(directive);
            }
        }
    }
    let mut sum = 0;
    let shown = reasons.iter().take_while(|((_, reason, _), known)| {
        let tests = known.tests.values().take(TESTS);
        let links = tests.map(|directives| 1 + directives.len().min(LINES));
        sum += show::cost(reason) + LINK * (2 + links.sum::<usize>());
        sum <= REASONS
    });
    let shown = shown.count();
    let rows = reasons.iter().take(shown).map(|((verdict, _, _), known)| {
        html! {
            tr {
                td { (show::verdict(*verdict)) }
                td data-of="Why" { @if let Some(entry) = known.entry { (show::reason(entry)) } }
                td data-of="Where" { (places(plan, &known.tests, root)) }
            }
        }
    });
    html! {
        @if reasons.is_empty() { p { "None." } }
        @else {
            (table(By("known"), Some("known"), ["Verdict", "Why", "Where"].map(words), rows))
            @if reasons.len() > shown { p.note { "and " (several(reasons.len() - shown, "more reason")) } }
        }
    }
}

/// Tests with lines of them; folded where there are many.
fn places(plan: &Plan<'_>, tests: &ByTest<'_>, root: &str) -> Markup {
    let directives: usize = tests.values().map(Vec::len).sum();
    let list = html! {
        ul.places {
            @for (test, directives) in tests.iter().take(TESTS) {
                li { (test_link(plan, *test, root)) ": " (lines(plan, *test, directives, root)) }
            }
            @if tests.len() > TESTS { li.note { "and " (several(tests.len() - TESTS, "more test")) } }
        }
    };
    html! {
        @if tests.len() > 2 {
            details {
                summary { (several(directives, "directive")) " in " (several(tests.len(), "test")) }
                (list)
            }
        } @else { (list) }
    }
}

fn unsupported(plan: &Plan<'_>, index: RuntimeIndex, root: &str) -> Markup {
    let mut capabilities: BTreeMap<&str, ByTest<'_>> = BTreeMap::new();
    for (test, of_test) in runs(plan, index) {
        for directive in &of_test.directives {
            if directive.verdict == Verdict::Unsupported {
                let name = directive.capability.as_deref().unwrap_or("not recorded");
                let tests = capabilities.entry(name).or_default();
                tests.entry(test).or_default().push(directive);
            }
        }
    }
    let rows = capabilities.iter().map(|(name, tests)| {
        html! {
            tr {
                th scope="row" { code { (name) } }
                td data-of="Where it is needed" { (places(plan, tests, root)) }
            }
        }
    });
    html! {
        @if capabilities.is_empty() { p { "Nothing: it has what the tests need." } }
        @else {
            p { "Directives that need a capability which it does not claim. They are no failures." }
            (table(By("unsupported"), Some("known"), ["Capability", "Where it is needed"].map(words), rows))
        }
    }
}
