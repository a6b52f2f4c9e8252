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

mod arrows;
mod case;
mod drive;
mod events;
mod explain;
mod inside;
mod opening;
mod oracle;
mod plan;
mod run;
mod script;
mod verdict;

pub use arrows::{Arrow, Passage};
pub use case::{Case, CaseError, Command, Invocation, Step, WrittenComponent};
pub use drive::{Driven, StepOutcome, drive};
pub(crate) use events::Types;
pub use explain::{Explanation, Row, Standing, Timeline};
pub use opening::Definitions;
pub use oracle::{Answer, By, Deviation, Observation, Oracle};
pub use plan::{PlanError, Planned, PlannedStep, StepKind, plan_case};
pub(crate) use run::run;
pub use run::{BOUNDS, missing};
pub use script::cases;
pub use verdict::{judge, judge_and_explain};
