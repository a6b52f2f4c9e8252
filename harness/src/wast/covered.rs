//! Running a script with the rules that each of its directives reached.

use std::time::{Duration, Instant};

use super::judge::Judgement;
use super::script::{Place, Sink, run};
use crate::rules::Coverage;
use crate::runtime::Reading;
use crate::runtime::reference::Reference;

/// A judged directive, and which rules the runtime reached during it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// Where the directive stands.
    pub place: Place,
    /// How it went.
    pub judgement: Judgement,
    /// The rules that were reached.
    pub coverage: Coverage,
}

/// Runs a script on the reference like [`run_text`](super::run_text), with the rules that each directive reached.
pub fn run_covered(text: &str, runtime: &mut Reference, deadline: Option<Instant>) -> Vec<Covered> {
    covered(runtime, |runtime, collect| {
        run(text, runtime, deadline, collect);
    })
}

/// Runs a host-driven test in the same way.
pub fn run_covered_host(
    text: &str,
    runtime: &mut Reference,
    deadline: Option<Instant>,
    reading: Reading,
) -> Vec<Covered> {
    covered(runtime, |runtime, collect| {
        crate::host::run(text, runtime, deadline, reading, collect);
    })
}

fn covered(
    runtime: &mut Reference,
    run: impl FnOnce(&mut Reference, &mut dyn Sink<Reference>),
) -> Vec<Covered> {
    struct Collect {
        before: Coverage,
        now: Coverage,
        covered: Vec<Covered>,
    }
    impl Sink<Reference> for Collect {
        fn planned(&mut self, _: &[Place]) {}

        fn ran(&mut self, runtime: &Reference) {
            self.before = std::mem::replace(&mut self.now, runtime.coverage());
        }

        fn judged(&mut self, place: &Place, judgement: Judgement, _: Duration) {
            self.covered.push(Covered {
                place: place.clone(),
                judgement,
                coverage: self.now.since(&self.before),
            });
        }
    }
    let mut collect = Collect {
        before: Coverage::default(),
        now: runtime.coverage(),
        covered: Vec::new(),
    };
    run(runtime, &mut collect);
    collect.covered
}
