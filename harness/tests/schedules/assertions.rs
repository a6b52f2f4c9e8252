//! Every assertion of the official suite holds under every schedule that chance finds, but for
//! those of which we say that they need not.

use std::collections::BTreeSet;

use assize_harness::suite::SuiteName;
use assize_reference::explore::script::Event;

use crate::files::{chances, files};

/// `docs/spec-notes.md`, "Assertions of the official tests that depend on the schedule".
const DEPEND: [(&str, u32); 6] = [
    ("async/async-calls-sync.wast", 250),
    ("async/async-calls-sync.wast", 251),
    ("async/big-interleaving-test.wast", 873),
    ("async/big-interleaving-test.wast", 934),
    ("async/big-interleaving-test.wast", 1256),
    ("async/big-interleaving-test.wast", 1469),
];

#[test]
fn only_assertions_that_are_known_to_depend_on_the_schedule_fail_under_chance() {
    let mut broken = BTreeSet::new();
    for file in files(SuiteName::Official) {
        for chance in chances(20) {
            let ran = file.run(chance);
            assert!(
                !ran.trace.contains(&Event::GivenUp),
                "{}, {chance:?}",
                file.name
            );
            let ended = file.plan.planned.iter().zip(&ran.trace);
            // What else goes wrong after that may be a consequence.
            let failed = ended
                .into_iter()
                .find(|(planned, event)| !planned.judge(event));
            if let Some((planned, event)) = failed {
                let place = (file.name.as_str(), planned.place.line);
                let known = DEPEND.iter().find(|known| **known == place);
                let line = planned.line(event);
                let schedule = &ran.schedule;
                let known =
                    known.unwrap_or_else(|| panic!("{}:{line}, {chance:?}\n{schedule}", file.name));
                broken.insert(*known);
            }
        }
    }
    let unbroken: Vec<_> = DEPEND
        .iter()
        .filter(|place| !broken.contains(*place))
        .collect();
    println!("held in each of these runs, though they need not: {unbroken:?}");
}
