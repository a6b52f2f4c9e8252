//! A badge for each runtime, as shields.io's endpoint reads it: what share of the tests passes.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{Report, json::pretty, model::RuntimeIndex, tally};

/// What shields.io draws a badge from: the content of `badge-<runtime>.json`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Badge {
    /// The version of shields.io's format: 1.
    schema_version: u32,
    /// The left part.
    label: String,
    /// The right part.
    message: String,
    /// The colour of the right part: a name that shields.io knows.
    color: Color,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Color {
    BrightGreen,
    Green,
    Yellow,
    Orange,
    Red,
    LightGrey,
}

/// How many characters of a runtime's name a badge has.
const NAME: usize = 40;

/// The badge of each runtime, with the name of its file.
pub fn badges(report: &Report) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for runtime in report.run.runtime_indices() {
        let stem = file_stem(report.run.label(runtime));
        let taken = |name: &String| files.iter().any(|(other, _)| other == name);
        let mut names = (1..).map(|number| match number {
            1 => format!("badge-{stem}.json"),
            _ => format!("badge-{stem}-{number}.json"),
        });
        if let Some(name) = names.find(|name| !taken(name)) {
            files.push((name, pretty(&badge(report, runtime))));
        }
    }
    files
}

fn badge(report: &Report, runtime: RuntimeIndex) -> Badge {
    let run = &report.run;
    let tally = tally::of_runtime(run, runtime);
    let label = format!("assize: {}", crate::wrap::cut(run.label(runtime), NAME));
    let share = match tally.files {
        0 => "nothing run".to_owned(),
        files => {
            // Rounded down, so that only all is 100 %.
            let tenths = tally.files_passed * 1000 / files;
            let (whole, tenth) = (tenths / 10, tenths % 10);
            let percent = match (whole, tenth) {
                (100, _) => "100".to_owned(),
                _ => format!("{whole}.{tenth}"),
            };
            format!("{}/{files} tests ({percent} %)", tally.files_passed)
        }
    };
    let mut message = match changes(report, runtime) {
        Some(changes) => format!("{share}, {changes}"),
        None => share,
    };
    if run.is_incomplete() {
        message += ", incomplete";
    }
    Badge {
        schema_version: 1,
        label,
        message,
        color: match (tally.files_passed * 100).checked_div(tally.files) {
            None => Color::LightGrey,
            Some(_) if run.is_incomplete() => Color::LightGrey,
            Some(100) => Color::BrightGreen,
            Some(90..) => Color::Green,
            Some(75..) => Color::Yellow,
            Some(50..) => Color::Orange,
            Some(_) => Color::Red,
        },
    }
}

/// What is better and worse on this runtime, where anything is.
fn changes(report: &Report, runtime: RuntimeIndex) -> Option<String> {
    let changes = report.changes.as_ref()?;
    let name = report.run.label(runtime);
    let count = |list: &[crate::changes::Change]| {
        let of_runtime = list.iter().filter(|change| change.runtime == *name);
        of_runtime.count()
    };
    let parts = [
        (count(&changes.better), "better"),
        (count(&changes.worse), "worse"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// A name as a part of a file's name, whatever it holds.
pub(crate) fn file_stem(name: &str) -> String {
    let plain = |character: char| match character {
        'a'..='z' | '0'..='9' | '.' | '_' | '-' => character,
        'A'..='Z' => character.to_ascii_lowercase(),
        _ => '-',
    };
    let stem: String = name.chars().take(NAME).map(plain).collect();
    let stem = stem.trim_matches(['.', '-']);
    if stem.is_empty() { "runtime" } else { stem }.to_owned()
}
