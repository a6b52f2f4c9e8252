//! The search: a page, and the list that it searches, which is a script because a page that was
//! opened from a disk cannot fetch anything.

use maud::html;
use serde::Serialize;

use super::{Plan, index, layout::Page, show};

pub(super) const PATH: &str = "search.html";

/// How much is known of each thing beside its name.
const WORDS: usize = 200;

/// Something to be found: what it is, its name, some words about it, and its page.
#[derive(Serialize)]
struct Entry<'p>(&'static str, &'p str, &'p str, &'p str);

pub(super) fn page() -> Page {
    let body = html! {
        h1 { "Search" }
        form.search.large role="search" action="search.html" {
            label for="query" { "Tests, rules, features and runtimes" }
            input #query type="search" name="q" autocomplete="off" spellcheck="false";
            button { "Search" }
        }
        noscript { p { "The search needs JavaScript. The matrix lists all tests by their features, and the list of rules all rules." } }
        p #found role="status" {}
        ol #results {}
        script src="assets/search.js" defer {}
    };
    Page {
        path: PATH.to_owned(),
        title: "Search".to_owned(),
        above: vec![(index::PATH.to_owned(), "Matrix".to_owned())],
        body,
    }
}

/// The script with everything that can be found.
pub(super) fn entries(plan: &Plan<'_>) -> String {
    let run = plan.run;
    let tests = run.tests.iter().zip(&plan.tests);
    let tests: Vec<_> = tests
        .map(|(test, page)| (plan.test_name(test), test.headline(), page))
        .collect();
    let labels: Vec<_> = plan
        .run
        .runtime_indices()
        .map(|one| run.label(one))
        .collect();
    let names: Vec<_> = plan.features.iter().map(|one| one.name(run)).collect();

    let mut entries = Vec::new();
    let runtimes = labels.iter().zip(&run.runtimes).zip(&plan.runtimes);
    entries.extend(
        runtimes.map(|((label, runtime), page)| Entry("runtime", label, &runtime.version, page)),
    );
    let features = plan.features.iter().zip(&names);
    entries.extend(features.map(|(feature, name)| {
        let suite = &run.suite(feature.suite).name;
        Entry("feature", name, suite, &feature.page)
    }));
    entries.extend(plan.rules.iter().map(|rule| {
        let meaning = rule.known.map_or("", |rule| rule.meaning());
        Entry("rule", &rule.id, meaning, &rule.page)
    }));
    entries.extend(tests.iter().map(|(name, headline, page)| {
        let (words, _) = show::cut(headline, WORDS);
        Entry("test", name, words, page)
    }));
    let list = serde_json::to_string(&entries).expect("texts can be written as JSON");
    format!("assizeSearch({list});\n")
}
