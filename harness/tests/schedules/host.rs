//! Host-driven tests on a reference that chooses at random: whatever it shows is admissible.

use std::fs;
use std::path::Path;
use std::time::Duration;

use assize_harness::host::{Case, Planned, drive, judge};
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
