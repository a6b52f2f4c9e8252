//! How long it takes to make components of a program, and to run it in the chassis.

use assize_fuzz::emit::{self, EmitError, Emitted};
use assize_fuzz::program::Program;
use assize_fuzz::program::samples;
use assize_reference::explore::run::{Ran, Run};
use assize_reference::explore::script::Script;
use assize_reference::machine::choice::Deterministic;
use assize_reference::machine::limits::Limits;
use assize_reference::machine::reading::Reading;

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
fn shape_key(bencher: divan::Bencher<'_, '_>, name: &str) {
    let program = program(name);
    bencher.bench(|| program.shape_key());
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
    bencher.bench(|| emit::chassis_commands(&program));
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

fn run(script: &Script) -> Ran {
    let start = Run::new(Limits::default(), Reading::Text);
    start.finish(script, &mut Deterministic, 1_000)
}

fn script(program: &Program, emitted: Result<Emitted, EmitError>) -> Script {
    let emitted = emitted.expect("a sample is a program");
    samples::script(program, &emitted).expect("the reference takes samples")
}
