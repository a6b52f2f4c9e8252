//! Reports: what came out of a run, as text for people, as one JSON document, and as JSON lines.
//!
//! Everything here is made from the harness's results and nothing else, so that a report can be
//! made again from results that were kept. Text carries colours; writing it through `anstream`
//! takes them out where they do not belong.

mod battery;
mod built;
mod explore;
mod grid;
mod json;
pub mod model;
pub mod reader;
pub mod record;
mod rules;
mod runtimes;
pub mod site;
mod style;
mod table;
mod tally;
pub mod text;
mod timeline;
mod unexpected;

use std::{fmt::Display, path::PathBuf, time::Duration};

use assize_harness::{expectations::Comparison, results::FileResult};

pub use battery::{battery, battery_json};
pub use built::built;
pub use explore::{explored, explored_json, traced, traced_json};
pub use json::json;
pub use record::ReportError;
pub use rules::{mutants_json, mutants_table, rules_json, rules_table};
pub use runtimes::{runtimes_json, runtimes_table};
pub use table::terminal;
pub use tally::{Group, Tally, Verdicts, by_folder, by_suite, overall};
pub use timeline::explained as explained_host;

/// A run that is over: its results, and how they compare with what was expected.
#[derive(Debug, Clone)]
pub struct Run {
    /// Every file on every runtime.
    pub files: Vec<FileResult>,
    /// One comparison for each suite and runtime.
    pub compared: Vec<Compared>,
    /// Wall-clock time of the whole run.
    pub elapsed: Duration,
}

/// One suite on one runtime, held against the runtime's expectations.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The suite's name.
    pub suite: String,
    /// The directory that the suite's files were read from, as it should be shown.
    pub root: PathBuf,
    /// The runtime's name.
    pub runtime: String,
    /// The runtime's expectations file, as it should be shown.
    pub expectations: PathBuf,
    /// What did not go as expected.
    pub comparison: Comparison,
}

impl Run {
    /// Whether every result was as expected and every expectation was about something.
    pub fn is_as_expected(&self) -> bool {
        self.compared
            .iter()
            .all(|compared| compared.comparison.is_clean())
    }
}

/// An error as it is shown on a terminal.
pub fn error_line(error: &impl Display) -> String {
    format!("{} {error}", style::Styled(style::BAD, "error:"))
}

/// A remark as it is shown on a terminal: nothing is wrong, but the reader should know.
pub fn note_line(note: &impl Display) -> String {
    format!("{} {note}", style::Styled(style::ODD, "note:"))
}
