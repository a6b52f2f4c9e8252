//! Host-driven tests: a component and a script of what the host does, and no expectation. What a
//! runtime shows is held against every schedule that the specification allows.
//!
//! A file has a comment, the script in comment lines, and one component or several:
//!
//! ```text
//! ;; What the test is about.
//! ;; script: start a = run(1)
//! ;; script: await a
//! (component ...)
//! ```

mod case;
mod drive;
mod events;
mod explain;
mod plan;
mod run;
mod verdict;

pub use case::{Case, CaseError, Command, Step};
pub use drive::{Driven, StepOutcome, drive};
pub(crate) use events::Types;
pub use explain::{Arrow, Explanation, Passage, Row, Standing, Timeline};
pub use plan::{PlanError, Planned, PlannedStep, StepKind, plan_case};
pub use run::BOUNDS;
pub(crate) use run::run;
pub use verdict::{judge, judge_and_explain};
