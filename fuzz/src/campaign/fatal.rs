//! Components of which the process of a campaign dies.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};

use crate::trial::Trial;

/// After so many deaths no more cases with a component are run: before, it may have been what a case did.
const ENOUGH: u32 = 3;

/// How often the process has died of a case with a component, by the position of the runtime and the
/// component's hash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fatal(BTreeMap<usize, BTreeMap<u64, u32>>);

impl Fatal {
    /// It has died of this case once more.
    pub fn died(&mut self, runtime: usize, trial: &Trial) {
        let deaths = self.0.entry(runtime).or_default();
        for component in components(trial) {
            *deaths.entry(component).or_default() += 1;
        }
    }

    /// Why the case is not run, if one of its components was fatal often enough.
    pub(super) fn says(&self, runtime: usize, trial: &Trial) -> Option<String> {
        let deaths = self.0.get(&runtime)?;
        let is_fatal = |component| {
            deaths
                .get(&component)
                .is_some_and(|deaths| *deaths >= ENOUGH)
        };
        let any = components(trial).any(is_fatal);
        any.then(|| format!("the process has died {ENOUGH} times of cases with the same component"))
    }
}

fn components(trial: &Trial) -> impl Iterator<Item = u64> {
    let components = trial.case.components.iter();
    components.map(|(_, wasm)| {
        let mut hasher = DefaultHasher::new();
        wasm.hash(&mut hasher);
        hasher.finish()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::samples::all;
    use crate::trial::Shape;

    #[test]
    fn a_component_is_left_out_after_several_deaths_with_the_runtime_that_died() {
        let trials: Vec<_> = all()
            .into_iter()
            .take(2)
            .map(|sample| Trial::of(sample.program, Shape::Straight).unwrap())
            .collect();
        let mut fatal = Fatal::default();
        for _ in 0..ENOUGH {
            assert_eq!(fatal.says(0, &trials[0]), None);
            fatal.died(0, &trials[0]);
        }
        assert!(fatal.says(0, &trials[0]).is_some());
        assert_eq!(fatal.says(1, &trials[0]), None);
        assert_eq!(fatal.says(0, &trials[1]), None);
        let line = serde_json::to_string(&fatal).unwrap();
        assert_eq!(serde_json::from_str::<Fatal>(&line).unwrap(), fatal);
    }
}
