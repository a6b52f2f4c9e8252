//! A run as one JSON document. Its shape is stable and described in `docs/verdicts.md`; a change
//! that could break a reader raises [`SCHEMA`].

use assize_harness::{
    expectations::{Stale, Unexpected},
    results::FileResult,
};
use serde::Serialize;

use crate::{
    Compared, Group, Run, Tally,
    tally::{by_folder, by_suite, overall},
};

/// The version of the document's shape.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    as_expected: bool,
    millis: u128,
    totals: Tally,
    suites: Vec<Group>,
    folders: Vec<Group>,
    unexpected: Vec<Of<'a, Unexpected>>,
    stale: Vec<Of<'a, Stale>>,
}

/// Something about one suite on one runtime.
#[derive(Serialize)]
struct Of<'a, T> {
    suite: &'a str,
    runtime: &'a str,
    #[serde(flatten)]
    what: &'a T,
}

/// The whole run as a JSON document, with a line break at its end.
pub fn json(run: &Run) -> String {
    let files: &[FileResult] = &run.files;
    let document = Document {
        schema: SCHEMA,
        as_expected: run.is_as_expected(),
        millis: run.elapsed.as_millis(),
        totals: overall(files),
        suites: by_suite(files),
        folders: by_folder(files),
        unexpected: collect(run, |compared| compared.comparison.unexpected.as_slice()),
        stale: collect(run, |compared| compared.comparison.stale.as_slice()),
    };
    pretty(&document)
}

/// A document of ours as text, with a line break at its end.
pub(crate) fn pretty(document: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(document)
        .expect("the document has string keys and no number that JSON lacks");
    text.push('\n');
    text
}

fn collect<T>(run: &Run, list: impl Fn(&Compared) -> &[T]) -> Vec<Of<'_, T>> {
    run.compared
        .iter()
        .flat_map(|compared| {
            let Compared { suite, runtime, .. } = compared;
            list(compared).iter().map(move |what| Of {
                suite,
                runtime,
                what,
            })
        })
        .collect()
}
