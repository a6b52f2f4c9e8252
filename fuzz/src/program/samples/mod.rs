//! Small programs, written by hand, for tests and benchmarks.

pub(crate) mod build;
mod calls;
mod code;
mod script;
mod values;

use super::{End, Program};
use build::{SYNC, block, function, instance, k, mark, program, ty};

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

/// Those that both forms can be made of.
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

/// One that does something at the starts of its instances: a child's comes before its parent's.
pub fn starts() -> Sample {
    let mut root = instance(None, &[]);
    root.start = Some(block(vec![mark(1, k(0))], End::Nothing));
    let body = vec![block(vec![mark(2, k(0))], End::Nothing)];
    root.functions
        .push(function(ty(false, &[], None), SYNC, &[], body));
    let mut child = instance(Some(0), &[]);
    child.start = Some(block(vec![mark(3, k(0))], End::Nothing));
    Sample {
        name: "starts",
        program: program(vec![root, child], &[(0, 0, &[])]),
        marks: vec![(3, 0), (1, 0), (2, 0)],
    }
}
