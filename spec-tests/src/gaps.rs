//! The rules that our tests do not reach both ways.

use assize_harness::rules::{Coverage, Rule};

use crate::claims::Way;

/// One way of one rule that no test of ours reaches.
#[derive(Clone, Copy, Debug)]
pub struct Gap {
    /// The rule.
    pub rule: Rule,
    /// The way that is not reached.
    pub way: Way,
    /// Why.
    pub reason: &'static str,
}

/// What no test can reach.
pub const UNREACHABLE: &[Gap] = &[Gap {
    rule: Rule::TableAddLimit,
    way: Way::Holds,
    reason: "a table of 2^28 - 1 elements: the machine's own limit on handles comes first",
}];

/// What is not in the list and not reached, and what is in the list and reached.
pub fn faults(coverage: &Coverage) -> Vec<String> {
    let mut faults = Vec::new();
    for rule in Rule::ALL {
        for way in Way::BOTH {
            let reached = coverage.count(*rule, way.holds()) > 0;
            let gap = UNREACHABLE
                .iter()
                .find(|gap| gap.rule == *rule && gap.way == way);
            let (id, words) = (rule.id(), way.words());
            match gap {
                None if !reached => faults.push(format!("no test shows: {id} {words}")),
                Some(gap) if reached => {
                    let reason = gap.reason;
                    faults.push(format!(
                        "listed as a gap, and reached: {id} {words} ({reason})"
                    ));
                }
                _ => {}
            }
        }
    }
    faults
}
