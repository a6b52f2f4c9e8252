//! Whatever passes the check becomes valid components, which show the same in both forms, and whatever
//! does not is said to be wrong: nothing panics.
//!
//! The programs are samples with damage done to their JSON: numbers changed, parts taken away,
//! repeated, or put where others of the same name stand.

use std::sync::LazyLock;

use arbitrary::Unstructured;
use assize_fuzz::drive::tight_limits;
use assize_fuzz::emit::{self, EmitError, Emitted, Shapes};
use assize_fuzz::generate::{self, Profile, ProgramForm, Source};
use assize_fuzz::program::{Program, samples};
use assize_reference::component::ast::Component;
use assize_reference::explore::run::{Ran, Run};
use assize_reference::explore::script::Event;
use assize_reference::machine::choice::Deterministic;
use assize_reference::machine::reading::Reading;
use assize_reference::machine::stop::Stop;
use proptest::prelude::*;
use serde_json::Value;
use wasmparser::{Validator, WasmFeatures};

/// The most choices of one run.
const MAX_CHOICES: usize = 1_000;

static SAMPLES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let samples = samples::all().into_iter();
    let programs = samples.map(|sample| serde_json::to_value(&sample.program));
    programs
        .collect::<Result<_, _>>()
        .expect("a program is JSON")
});

/// What is done to a part of a program.
#[derive(Clone, Debug)]
enum Damage {
    /// A number becomes another one.
    Number(u64),
    /// An element of a list is taken away.
    Remove(usize),
    /// An element of a list is repeated.
    Repeat(usize),
    /// The part becomes another part of any sample that stands under the same name.
    Graft(usize, usize),
    /// The part is nothing.
    Null,
}

fn damage() -> impl Strategy<Value = Damage> {
    let numbers = prop_oneof![
        0..4_u64,
        Just(16),
        Just(17),
        Just(u32::MAX.into()),
        any::<u64>()
    ];
    prop_oneof![
        3 => numbers.prop_map(Damage::Number),
        1 => any::<usize>().prop_map(Damage::Remove),
        1 => any::<usize>().prop_map(Damage::Repeat),
        4 => (any::<usize>(), any::<usize>()).prop_map(|(a, b)| Damage::Graft(a, b)),
        1 => Just(Damage::Null),
    ]
}

/// All parts with the names under which they stand, as JSON pointers.
fn parts(value: &Value, name: &str, pointer: &str, found: &mut Vec<(String, String)>) {
    found.push((name.to_owned(), pointer.to_owned()));
    match value {
        Value::Array(elements) => {
            for (position, element) in elements.iter().enumerate() {
                parts(element, name, &format!("{pointer}/{position}"), found);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                parts(field, name, &format!("{pointer}/{name}"), found);
            }
        }
        _ => {}
    }
}

/// Those parts of a program that are of the kind that the damage is done to.
fn candidates(program: &Value, damage: &Damage) -> Vec<(String, String)> {
    let mut found = Vec::new();
    parts(program, "", "", &mut found);
    found.retain(|(_, pointer)| {
        let part = program.pointer(pointer);
        part.is_some_and(|part| match damage {
            Damage::Number(_) => part.is_number(),
            Damage::Remove(_) | Damage::Repeat(_) => part.as_array().is_some_and(|a| !a.is_empty()),
            Damage::Graft(..) | Damage::Null => !pointer.is_empty(),
        })
    });
    found
}

fn apply(program: &mut Value, at: usize, damage: &Damage) {
    let candidates = candidates(program, damage);
    if candidates.is_empty() {
        return;
    }
    let (name, pointer) = &candidates[at % candidates.len()];
    let Some(part) = program.pointer_mut(pointer) else {
        return;
    };
    match (damage, part) {
        (Damage::Number(number), part) => *part = (*number).into(),
        (Damage::Null, part) => *part = Value::Null,
        (Damage::Remove(position), Value::Array(elements)) => {
            elements.remove(position % elements.len());
        }
        (Damage::Repeat(position), Value::Array(elements)) => {
            let element = elements[position % elements.len()].clone();
            elements.push(element);
        }
        (Damage::Graft(sample, position), part) => {
            let sample = &SAMPLES[sample % SAMPLES.len()];
            let mut found = Vec::new();
            parts(sample, "", "", &mut found);
            found.retain(|(other, _)| other == name);
            if let Some((_, pointer)) = found.get(position % found.len().max(1))
                && let Some(graft) = sample.pointer(pointer)
            {
                *part = graft.clone();
            }
        }
        _ => {}
    }
}

/// Both validators take all components.
fn assert_valid(emitted: &Emitted, program: &Program) {
    for (name, wasm) in &emitted.components {
        let mut validator = Validator::new_with_features(WasmFeatures::all());
        let valid = validator.validate_all(wasm).map_err(|e| e.to_string());
        let valid = valid.and_then(|_| Component::new(wasm).map_err(|error| error.to_string()));
        if let Err(error) = valid {
            panic!("{name}: {error}\n{program:?}\n{}", emit::wat(emitted, ""));
        }
    }
}

/// What the host sees in the deterministic schedule; none if a limit is passed, which instructions
/// count towards, or if an argument is none that samples have.
fn run(program: &Program, emitted: &Emitted) -> Option<Ran> {
    let script = samples::script(program, emitted).ok()?;
    let start = Run::new(tight_limits(), Reading::Text);
    let ran = start.finish(&script, &mut Deterministic, MAX_CHOICES);
    let limited = |event: &Event| matches!(event, Event::GivenUp | Event::Stopped(Stop::Limit(_)));
    (!ran.trace.iter().any(limited)).then_some(ran)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(2_000)
    ))]

    #[test]
    fn what_passes_the_check_becomes_valid_components_that_show_the_same(
        sample in any::<prop::sample::Index>(),
        damages in proptest::collection::vec((any::<usize>(), damage()), 0..6),
    ) {
        let mut program = sample.get::<Value>(&SAMPLES).clone();
        for (at, damage) in &damages {
            apply(&mut program, *at, damage);
        }
        let Ok(program) = serde_json::from_value::<Program>(program) else {
            return Ok(());
        };
        let checked = program.check();
        let straight = emit::straight(&program);
        match &straight {
            Ok(emitted) => assert_valid(emitted, &program),
            Err(error) => {
                prop_assert_eq!(Err(error.clone()), checked.clone().map_err(EmitError::from));
            }
        }
        let chassis = emit::chassis(&program);
        match &chassis {
            Ok(emitted) => assert_valid(emitted, &program),
            Err(EmitError::Fault(fault)) => prop_assert_eq!(Err(fault.clone()), checked),
            Err(EmitError::Start(_) | EmitError::TooLarge(_)) => {}
            Err(error @ EmitError::Shape) => panic!("{error}"),
        }
        if let (Ok(straight), Ok(chassis)) = (straight, chassis) {
            assert_same(&program, &straight, &chassis);
        }
    }
}

/// Both forms show the same, where both come to an end.
fn assert_same(program: &Program, straight: &Emitted, chassis: &Emitted) {
    let (Some(seen), Some(of_chassis)) = (run(program, straight), run(program, chassis)) else {
        return;
    };
    let actions = |ran: &Ran| {
        let before = ran.trace.len().saturating_sub(program.actions.len());
        ran.trace[before..].to_vec()
    };
    assert_eq!(seen.seen, of_chassis.seen, "{}", emit::wat(straight, ""));
    assert_eq!(
        actions(&seen),
        actions(&of_chassis),
        "{}",
        emit::wat(straight, "")
    );
}

#[test]
fn generated_programs_become_valid_components_that_show_the_same() {
    for form in [ProgramForm::Straight, ProgramForm::Chassis] {
        let profile = Profile {
            form,
            ..Profile::default()
        };
        let mut shapes = Shapes::default();
        for case in 0..300 {
            let source = Source::seeded(7, case);
            let mut bytes = Unstructured::new(source.bytes());
            let generated = generate::program(&mut bytes, &profile);
            let program = generated.expect("the generator makes programs").program;
            let straight = emit::straight(&program);
            let straight = straight.unwrap_or_else(|error| panic!("{form:?} {case}: {error}"));
            assert_valid(&straight, &program);
            if form == ProgramForm::Chassis {
                let chassis = shapes.chassis(&program);
                let chassis = chassis.and_then(|chassis| chassis.emit(&program));
                let chassis = chassis.unwrap_or_else(|error| panic!("{form:?} {case}: {error}"));
                assert_same(&program, &straight, &chassis);
            }
        }
    }
}
