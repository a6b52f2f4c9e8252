//! The script interpreter: runs the directives of a `.wast` file on a runtime and judges them.
//!
//! One directive gives one [`Judgement`], whatever happens: a runtime's refusal, its panic, the
//! end of the file's time and a name that an earlier directive failed to define are all
//! judgements, and the rest of the file is still accounted for.
//!
//! What an assertion accepts:
//! - `assert_invalid` and `assert_malformed` accept a rejection as malformed or as invalid, since
//!   decoders and validators do not draw that line at the same place; a text that does not parse
//!   or assemble counts as a rejection.
//! - `assert_unlinkable`, `assert_trap`, `assert_exception`, `assert_suspension` and
//!   `assert_exhaustion` accept exactly their class, after a definition that is accepted.
//! - The text that an assertion carries is kept in the detail and compared only where
//!   [`MessageMatching`](crate::runtime::MessageMatching) asks for it.

mod covered;
mod interpret;
mod judge;
mod plan;
pub(crate) mod script;
mod values;

/// An argument in WAVE, if it is one of the component model.
pub(crate) fn argument_text(argument: &::wast::WastArg<'_>) -> Option<String> {
    match argument {
        ::wast::WastArg::Component(value) => Some(values::component_value(value).to_string()),
        _ => None,
    }
}

pub use covered::{Covered, run_covered, run_covered_host};
pub(crate) use interpret::assemble;
pub use judge::Judgement;
pub(crate) use judge::returned;
pub(crate) use plan::{Names, component_argument, component_pattern};
pub use plan::{Plan, PlanError, Planned, Wanted, plan_component, plan_text};
pub use script::{Place, panic_message, run_text};

#[cfg(test)]
mod tests;
