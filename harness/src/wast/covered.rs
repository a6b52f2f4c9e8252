//! Running a script with the rules that each of its directives reached.

use std::time::{Duration, Instant};

use super::judge::Judgement;
use super::script::{Place, Sink, run};
use crate::rules::Coverage;
use crate::runtime::Runtime;

/// A judged directive, and which rules the runtime reached during it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// Where the directive stands.
    pub place: Place,
    /// How it went.
    pub judgement: Judgement,
    /// The rules that were reached; none on a runtime that does not know.
    pub coverage: Option<Coverage>,
}

/// Runs a script like [`run_text`](super::run_text), with the rules that each directive reached.
pub fn run_covered(
    text: &str,
    runtime: &mut dyn Runtime,
    deadline: Option<Instant>,
) -> Vec<Covered> {
    struct Collect {
        before: Option<Coverage>,
        now: Option<Coverage>,
        covered: Vec<Covered>,
    }
    impl Sink for Collect {
        fn planned(&mut self, _: &[Place]) {}

        fn ran(&mut self, runtime: &dyn Runtime) {
            self.before = self.now.take();
            self.now = runtime.coverage();
        }

        fn judged(&mut self, place: &Place, judgement: Judgement, _: Duration) {
            let coverage = match (&self.before, &self.now) {
                (Some(before), Some(now)) => Some(now.since(before)),
                _ => None,
            };
            self.covered.push(Covered {
                place: place.clone(),
                judgement,
                coverage,
            });
        }
    }
    let mut collect = Collect {
        before: None,
        now: runtime.coverage(),
        covered: Vec::new(),
    };
    run(text, runtime, deadline, &mut collect);
    collect.covered
}
