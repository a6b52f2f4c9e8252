//! How long it takes to make components of a program, and to run it in the chassis.

use arbitrary::Unstructured;
use assize_fuzz::corpus::{Feed, Generator};
use assize_fuzz::emit::{self, EmitError, Emitted, Shapes};
use assize_fuzz::generate::{self, Capabilities, Profile, ProgramForm, Source};
use assize_fuzz::program::Program;
use assize_fuzz::program::samples;
use assize_fuzz::trial::Shape;
use assize_reference::explore::run::{Ran, Run};
use assize_reference::explore::script::Script;
use assize_reference::machine::choice::Deterministic;
use assize_reference::machine::limits::Limits;
use assize_reference::machine::reading::Reading;

/// As in `xtask`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

const SAMPLES: [&str; 4] = ["chain", "asynchronous", "siblings", "nominal"];

fn program(name: &str) -> Program {
    let mut samples = samples::all().into_iter();
    let sample = samples.find(|sample| sample.name == name);
    sample.expect("there is a sample of this name").program
}

#[divan::bench(args = SAMPLES)]
fn check(bencher: divan::Bencher<'_, '_>, name: &str) {
    let program = program(name);
    bencher.bench(|| program.check());
}

#[divan::bench(args = SAMPLES)]
fn straight(bencher: divan::Bencher<'_, '_>, name: &str) {
    let program = program(name);
    bencher.bench(|| emit::straight(&program));
}

#[divan::bench(args = SAMPLES)]
fn chassis(bencher: divan::Bencher<'_, '_>, name: &str) {
    let program = program(name);
    bencher.bench(|| emit::chassis(&program));
}

#[divan::bench(args = SAMPLES)]
fn chassis_commands(bencher: divan::Bencher<'_, '_>, name: &str) {
    let program = program(name);
    let mut shapes = Shapes::default();
    bencher.bench_local(|| shapes.chassis(&program)?.commands(&program));
}

#[divan::bench(args = SAMPLES)]
fn run_straight(bencher: divan::Bencher<'_, '_>, name: &str) {
    let program = program(name);
    let script = script(&program, emit::straight(&program));
    bencher.bench(|| run(&script));
}

#[divan::bench(args = SAMPLES)]
fn run_chassis(bencher: divan::Bencher<'_, '_>, name: &str) {
    let program = program(name);
    let script = script(&program, emit::chassis(&program));
    bencher.bench(|| run(&script));
}

/// Programs of the generator's, one after the other, in the form that the chassis can be made of.
fn generated() -> impl Iterator<Item = Program> {
    let profile = Profile {
        form: ProgramForm::Chassis,
        ..Profile::default()
    };
    let programs = (0..200).map(move |case| {
        let source = Source::seeded(1, case);
        let mut bytes = Unstructured::new(source.bytes());
        let generated = generate::program(&mut bytes, &profile);
        generated.expect("the generator makes programs").program
    });
    programs.collect::<Vec<_>>().into_iter().cycle()
}

#[divan::bench_group]
mod of_the_generator {
    use super::*;

    /// All that a campaign does for a case before it runs it.
    #[divan::bench(args = [Shape::Straight, Shape::Chassis], sample_count = 20, sample_size = 500)]
    fn trial(bencher: divan::Bencher<'_, '_>, shape: Shape) {
        let feed = Generator::new(vec![shape], Capabilities::all());
        let mut numbers = 0..;
        bencher
            .with_inputs(|| numbers.next().unwrap_or(0))
            .bench_local_values(|number| feed.trial(1, number));
    }

    #[divan::bench]
    fn check(bencher: divan::Bencher<'_, '_>) {
        let mut programs = generated();
        bencher
            .with_inputs(|| programs.next())
            .bench_local_values(|program| program.map(|program| program.check()));
    }

    #[divan::bench]
    fn straight(bencher: divan::Bencher<'_, '_>) {
        let mut programs = generated();
        bencher
            .with_inputs(|| programs.next())
            .bench_local_values(|program| program.map(|program| emit::straight(&program)));
    }

    #[divan::bench]
    fn chassis(bencher: divan::Bencher<'_, '_>) {
        let mut programs = generated();
        bencher
            .with_inputs(|| programs.next())
            .bench_local_values(|program| program.map(|program| emit::chassis(&program)));
    }

    #[divan::bench]
    fn chassis_commands(bencher: divan::Bencher<'_, '_>) {
        let mut programs = generated();
        let mut shapes = Shapes::default();
        let mut commands = |program: Program| shapes.chassis(&program)?.commands(&program);
        bencher
            .with_inputs(|| programs.next())
            .bench_local_values(|program| program.map(&mut commands));
    }

    #[divan::bench(sample_count = 200)]
    fn run_chassis(bencher: divan::Bencher<'_, '_>) {
        let scripts = generated().take(200).filter_map(|program| {
            let emitted = emit::chassis(&program).ok()?;
            samples::script(&program, &emitted).ok()
        });
        let scripts: Vec<_> = scripts.collect();
        let mut next = (0..scripts.len()).cycle();
        bencher
            .with_inputs(|| next.next().unwrap_or(0))
            .bench_local_values(|script| run(&scripts[script]));
    }
}

fn run(script: &Script) -> Ran {
    let start = Run::new(Limits::default(), Reading::Text);
    start.finish(script, &mut Deterministic, 1_000)
}

fn script(program: &Program, emitted: Result<Emitted, EmitError>) -> Script {
    let emitted = emitted.expect("a sample is a program");
    samples::script(program, &emitted).expect("the reference takes samples")
}
