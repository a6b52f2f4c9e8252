//! Reports: what came out of a run, as text for people, as one JSON document, and as JSON lines.
//!
//! Everything here is made from the harness's results and nothing else, so that a report can be
//! made again from results that were kept. Text carries colours; writing it through `anstream`
//! takes them out where they do not belong.

mod badge;
mod battery;
mod built;
pub mod changes;
mod date;
mod explore;
mod grid;
mod json;
mod junit;
mod markdown;
pub mod model;
pub mod reader;
pub mod record;
mod rules;
mod runtimes;
pub mod site;
mod style;
mod table;
pub mod tally;
pub mod text;
mod timeline;
mod unexpected;
mod wrap;

use std::fmt::Display;

use assize_harness::expectations::Comparison;

use crate::{changes::Changes, model::Run, text::Text};

pub use badge::badges;
pub use battery::{battery, battery_json};
pub use built::built;
pub use explore::{explored, explored_json, traced, traced_json};
pub use json::{badge_schema, json, summary_schema};
pub use junit::junit;
pub use markdown::markdown;
pub use record::ReportError;
pub use rules::{mutants_json, mutants_table, rules_json, rules_table};
pub use runtimes::{runtimes_json, runtimes_table};
pub use table::terminal;
pub use timeline::explained as explained_host;

/// What is reported: the same for every format.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The run.
    pub run: Run,
    /// What is different from an earlier run, if it was held against one.
    pub changes: Option<Changes>,
    /// Where the results are, as it should be shown.
    pub results: Text,
}

/// One suite on one runtime, held against the runtime's expectations.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The suite's name.
    pub suite: String,
    /// The runtime's name.
    pub runtime: String,
    /// What did not go as expected.
    pub comparison: Comparison,
}

/// An error as it is shown on a terminal.
pub fn error_line(error: &impl Display) -> String {
    format!("{} {error}", style::Styled(style::BAD, "error:"))
}

/// A remark as it is shown on a terminal: nothing is wrong, but the reader should know.
pub fn note_line(note: &impl Display) -> String {
    format!("{} {note}", style::Styled(style::ODD, "note:"))
}
