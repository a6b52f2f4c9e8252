//! Any bytes given to the reference end in an outcome: not in a panic, an abort, a hang or
//! unbounded memory.
//!
//! The bytes are valid components with damage done to them. They come from our own tests, and from
//! the official ones where they are there.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use assize_fuzz::drive::{Calls, Outcome, Schedule, drive, tight_limits};
use assize_fuzz::mutate::{Edit, apply};
use assize_reference::machine::stop::Stop;
use cap::Cap;
use proptest::prelude::*;
use wast::parser::{self, ParseBuffer};
use wast::{Wast, WastDirective};

/// All memory that the process may have, in bytes. Asking for more aborts the test.
#[global_allocator]
static MEMORY: Cap<std::alloc::System> = Cap::new(std::alloc::System, 1 << 30);

/// What one component may take, far above what the limits make of it.
const TIME: Duration = Duration::from_secs(10);

static CORPUS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let official = match std::env::var_os("ASSIZE_OFFICIAL") {
        Some(official) => PathBuf::from(official),
        None => workspace.join("../shared/official/component-model"),
    };
    let mut files = Vec::new();
    find_scripts(&workspace.join("spec-tests"), &mut files);
    find_scripts(&official, &mut files);
    files.iter().flat_map(|file| components(file)).collect()
});

fn find_scripts(dir: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(dir) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            find_scripts(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "wast")
        {
            found.push(path);
        }
    }
}

/// The binaries of the components that a script defines.
fn components(file: &Path) -> Vec<Vec<u8>> {
    let Ok(text) = fs::read_to_string(file) else {
        return Vec::new();
    };
    let Ok(buffer) = ParseBuffer::new(&text) else {
        return Vec::new();
    };
    let Ok(script) = parser::parse::<Wast<'_>>(&buffer) else {
        return Vec::new();
    };
    let directives = script.directives.into_iter();
    let components = directives.filter_map(|directive| match directive {
        WastDirective::Module(mut wat) | WastDirective::ModuleDefinition(mut wat) => {
            wat.encode().ok()
        }
        _ => None,
    });
    components.collect()
}

fn edit() -> impl Strategy<Value = Edit> {
    let at = any::<usize>;
    let length = || 0..64_usize;
    prop_oneof![
        4 => (at(), any::<u8>()).prop_map(|(at, byte)| Edit::Set { at, byte }),
        6 => (at(), -2..=2_i8).prop_map(|(at, by)| Edit::Nudge { at, by }),
        4 => (at(), 0..8_u8).prop_map(|(at, bit)| Edit::Flip { at, bit }),
        1 => (at(), proptest::collection::vec(any::<u8>(), 1..8))
            .prop_map(|(at, bytes)| Edit::Insert { at, bytes }),
        1 => (at(), length()).prop_map(|(at, length)| Edit::Remove { at, length }),
        1 => (at(), length(), at(), any::<bool>())
            .prop_map(|(from, length, to, keep)| Edit::Copy { from, length, to, keep }),
        1 => at().prop_map(|length| Edit::Truncate { length }),
    ]
}

fn schedule() -> impl Strategy<Value = Schedule> {
    prop_oneof![
        1 => Just(Schedule::Deterministic),
        3 => any::<u64>().prop_map(Schedule::Random),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(4_000)
    ))]

    #[test]
    fn a_damaged_component_ends_in_an_outcome_in_time_and_in_bounded_memory(
        component in any::<prop::sample::Index>(),
        edits in proptest::collection::vec(edit(), 0..4),
        schedule in schedule(),
        calls in prop_oneof![Just(Calls::InTurn), Just(Calls::AtOnce)],
    ) {
        prop_assert!(!CORPUS.is_empty(), "our own tests define components");
        let bytes = apply(component.get::<Vec<u8>>(&CORPUS), &edits);
        let started = Instant::now();
        let outcome = drive(&bytes, tight_limits(), schedule, calls);
        let elapsed = started.elapsed();
        prop_assert!(elapsed < TIME, "{elapsed:?} until {outcome}");
        if let Outcome::Called { stopped, .. } = &outcome {
            prop_assert!(!stopped.contains(&Stop::Broken), "only a mutant can be broken");
        }
    }
}
