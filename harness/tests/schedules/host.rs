//! Host-driven tests on a reference that chooses at random: whatever it shows is admissible.

use std::fs;
use std::path::Path;
use std::time::Duration;

use assize_harness::host::{Case, Planned, Timeline, drive, judge, judge_and_explain};
use assize_harness::results::Verdict;
use assize_harness::runtime::Runtime;
use assize_harness::runtime::reference::ReferenceFactory;
use assize_harness::suite::{Filter, Locations, Suite, SuiteName};
use assize_reference::explore::exhaustive::Bounds;
use assize_reference::machine::reading::Reading;

use super::files::number;

/// With how many seeds each test is run.
fn seeds() -> u64 {
    number("ASSIZE_SEEDS", 10)
}

#[test]
fn what_a_random_reference_shows_the_host_is_admissible() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let filter = Filter::new(&["host/**".to_owned()]).expect("it is a glob");
    let suite = Suite::discover(
        SuiteName::SpecTests,
        &Locations::from_env(workspace),
        &filter,
    );
    let suite = suite.expect("our own tests are there");
    assert!(!suite.files.is_empty());
    let bounds = Bounds {
        time: Duration::from_secs(60),
        ..Bounds::default()
    };
    for file in &suite.files {
        let text = fs::read_to_string(&file.path).expect("the file is text");
        let case = Case::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", file.name));
        let planned = Planned::new(&case).unwrap_or_else(|error| panic!("{}: {error}", file.name));
        for seed in 0..seeds() {
            let factory = ReferenceFactory::default().with_seed(seed);
            let mut reference = factory.reference(Reading::Text);
            reference.reset().expect("the reference begins again");
            let driven = drive(&planned, &mut reference);
            let judgement = judge(&planned, &driven, Reading::Text, bounds);
            assert_eq!(
                judgement.verdict,
                Verdict::Pass,
                "{}, seed {seed}: {judgement:#?}",
                file.name
            );
        }
    }
}

#[test]
fn a_runtime_that_follows_the_tests_is_blamed_only_where_the_text_alone_is_asked_for() {
    let file = "../spec-tests/host/streams/cancelled_after_its_elements_came.wat";
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file));
    let case = Case::parse(&text.expect("the file is text")).expect("it is a test");
    let planned = Planned::new(&case).expect("the reference takes it");
    let mut reference = ReferenceFactory::default().reference(Reading::Tests);
    let driven = drive(&planned, &mut reference);
    let by = |reading| judge_and_explain(&planned, &driven, reading, Bounds::default());
    for reading in [Reading::Tests, Reading::Either] {
        let (judgement, explanation) = by(reading);
        assert_eq!(judgement.verdict, Verdict::Pass, "{reading:?}");
        let explanation = explanation.expect("there are timelines");
        // What the reference does there is what the tests want.
        let steps = |timeline: &Timeline| {
            let steps = timeline.rows.iter().filter(|row| row.what.contains(" -> "));
            steps.map(|row| row.what.clone()).collect::<Vec<_>>()
        };
        assert_eq!(steps(&explanation.reference), steps(&explanation.observed));
    }
    let (judgement, _) = by(Reading::Text);
    assert_eq!(judgement.verdict, Verdict::Fail);
}
