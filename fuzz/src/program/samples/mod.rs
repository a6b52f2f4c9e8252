//! Small programs, written by hand, for tests and benchmarks.

pub(crate) mod build;
mod calls;
mod code;
mod script;
mod values;

use super::Program;

pub use script::{ScriptError, script};

/// A program, and what it shows on the reference in the deterministic schedule.
#[derive(Clone, Debug)]
pub struct Sample {
    /// What it is about.
    pub name: &'static str,
    /// The program.
    pub program: Program,
    /// Each mark's place and number, in order.
    pub marks: Vec<(u32, u64)>,
}

/// All of them.
pub fn all() -> Vec<Sample> {
    let samples: [(_, Make); _] = [
        ("chain", calls::chain),
        ("donut", calls::donut),
        ("asynchronous", calls::asynchronous),
        ("stackful", calls::stackful),
        ("siblings", values::siblings),
        ("resources", values::resources),
        ("childs_resource", values::childs_resource),
        ("threads", code::threads),
        ("wide", values::wide),
        ("two_roots", calls::two_roots),
        ("nominal", values::nominal),
        ("control", code::control),
        ("handlers", code::handlers),
        ("starts", code::starts),
    ];
    samples
        .into_iter()
        .map(|(name, make)| {
            let (program, marks) = make();
            Sample {
                name,
                program,
                marks,
            }
        })
        .collect()
}

type Made = (Program, Vec<(u32, u64)>);
type Make = fn() -> Made;
