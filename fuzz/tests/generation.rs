//! Generated programs become components that validators and the reference accept, and reach what the
//! specification decides.

use arbitrary::Unstructured;
use assize_fuzz::emit::{chassis, straight, wat};
use assize_fuzz::generate::{Generator, Profile, ProgramForm, Source};
use assize_fuzz::program::Program;
use assize_fuzz::program::samples::{self, ScriptError};
use assize_reference::explore::random::Random;
use assize_reference::explore::run::{Run, Status};
use assize_reference::explore::schedule::Recorder;
use assize_reference::explore::script::Script;
use assize_reference::machine::limits::Limits;
use assize_reference::machine::reading::Reading;
use assize_reference::machine::rules::{Coverage, Rule};
use wasmparser::{Validator, WasmFeatures};

/// The most choices of one run.
const MAX_CHOICES: usize = 2_000;

fn generator(form: ProgramForm) -> Generator {
    Generator::new(Profile {
        form,
        ..Profile::default()
    })
}

fn program(generator: &Generator, case: u64) -> Program {
    let source = Source::seeded(1, case);
    let generated = generator.program(&mut Unstructured::new(source.bytes()));
    generated.expect("bytes that run out are no error").program
}

/// What the host does with components that validators and the reference accept; none where it gives
/// arguments that the samples do not have.
fn script(generator: &Generator, case: u64) -> Option<Script> {
    let program = program(generator, case);
    let emitted = match generator.profile().form {
        ProgramForm::Straight => straight(&program),
        ProgramForm::Chassis => chassis(&program),
    };
    let emitted = emitted.unwrap_or_else(|error| panic!("{case}: {error}"));
    for (name, wasm) in &emitted.components {
        let mut validator = Validator::new_with_features(WasmFeatures::all());
        if let Err(error) = validator.validate_all(wasm) {
            panic!("{case}: {name}: {error}\n{}", wat(&emitted, ""));
        }
    }
    match samples::script(&program, &emitted) {
        Ok(script) => Some(script),
        Err(ScriptError::Argument(_)) => None,
        Err(error) => panic!("{case}: {error}\n{}", wat(&emitted, "")),
    }
}

fn run(generator: &Generator, case: u64) -> Option<Run> {
    let script = script(generator, case)?;
    let mut run = Run::new(Limits::default(), Reading::Text);
    let mut random = Random::new(case);
    let mut recorder = Recorder::new(&mut random);
    while run.advance(&script, &mut recorder) == Status::Going
        && recorder.choices.len() < MAX_CHOICES
    {}
    Some(run)
}

/// Rules that no program reaches, since none can say what they are about: tables of 2^28 elements,
/// and exceptions.
const OUT_OF_REACH: [Rule; 2] = [Rule::TableAddLimit, Rule::LiftException];

/// Whether a rule is about something else than values and resources.
fn is_async(rule: Rule) -> bool {
    let values = [
        "Loading",
        "Storing",
        "Flat Lifting",
        "Flat Lowering",
        "Lifting and Lowering Values",
    ];
    let heading = rule.heading();
    !values.contains(&heading) && !heading.starts_with("canon resource.")
}

/// In how many of a hundred of the ways of rules, and which were not.
fn reached(coverage: &Coverage, rules: impl Fn(Rule) -> bool) -> (f64, Vec<String>) {
    let rules = Rule::ALL.iter().copied().filter(|rule| rules(*rule));
    let ways = rules.flat_map(|rule| [(rule, false), (rule, true)]);
    let ways = ways.filter(|way| !way.1 || !OUT_OF_REACH.contains(&way.0));
    let (all, missed) = ways.fold((0, Vec::new()), |(all, mut missed), (rule, holds)| {
        if coverage.count(rule, holds) == 0 {
            missed.push(format!("{} {holds}", rule.id()));
        }
        (all + 1, missed)
    });
    let share = 100.0 * (all - missed.len()) as f64 / all as f64;
    (share, missed)
}

#[test]
fn a_few_thousand_programs_reach_what_the_specification_decides() {
    let generator = generator(ProgramForm::Straight);
    let mut coverage = Coverage::default();
    let mut silent = 0;
    let cases = 4_000;
    for case in 0..cases {
        if let Some(run) = run(&generator, case) {
            coverage.merge(&run.machine().coverage);
            silent += u64::from(run.seen().is_empty());
        }
    }
    let (asynchronous, missed) = reached(&coverage, is_async);
    assert!(asynchronous >= 97.0, "{asynchronous:.1} %: {missed:?}");
    let (all, missed) = reached(&coverage, |_| true);
    assert!(all >= 95.0, "{all:.1} %: {missed:?}");
    assert!(silent * 20 < cases, "{silent} of {cases} show nothing");
}

#[test]
fn programs_in_fixed_shapes_run_too() {
    let generator = generator(ProgramForm::Chassis);
    let mut coverage = Coverage::default();
    for case in 0..300 {
        if let Some(run) = run(&generator, case) {
            coverage.merge(&run.machine().coverage);
        }
    }
    let (asynchronous, missed) = reached(&coverage, is_async);
    assert!(asynchronous >= 65.0, "{asynchronous:.1} %: {missed:?}");
}

#[test]
fn the_reference_never_loses_what_something_still_refers_to() {
    let generator = generator(ProgramForm::Chassis);
    for case in 0..300 {
        let Some(script) = script(&generator, case) else {
            continue;
        };
        let mut run = Run::new(Limits::default(), Reading::Text);
        let mut random = Random::new(case);
        let mut recorder = Recorder::new(&mut random);
        while run.advance_one(&script, &mut recorder) == Status::Going
            && recorder.choices.len() < MAX_CHOICES
        {
            assert!(run.machine().store.is_whole(), "{case}");
        }
    }
}
