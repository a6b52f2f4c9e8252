//! How long it takes to make components of a program, and to run it in the chassis.

use std::collections::BTreeMap;

use assize_fuzz::emit::{self, Command};
use assize_fuzz::program::Program;
use assize_fuzz::program::samples;
use assize_reference::abi::Value;
use assize_reference::component::ast::Component;
use assize_reference::explore::run::{Ran, Run};
use assize_reference::explore::script::{Action, Script};
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
    let script = script(&emit::straight(&program(name)).expect("a sample is a program"));
    bencher.bench(|| run(&script));
}

#[divan::bench(args = SAMPLES)]
fn run_chassis(bencher: divan::Bencher<'_, '_>, name: &str) {
    let script = script(&emit::chassis(&program(name)).expect("a sample is a program"));
    bencher.bench(|| run(&script));
}

fn run(script: &Script) -> Ran {
    let start = Run::new(Limits::default(), Reading::Text);
    start.finish(script, &mut Deterministic, 1_000)
}

/// The commands as the reference takes them.
fn script(emitted: &emit::Emitted) -> Script {
    let mut made = BTreeMap::new();
    let mut actions = Vec::new();
    for command in &emitted.commands {
        let number = actions.len();
        actions.push(match command {
            Command::Instance { name, component } => {
                made.insert(name.clone(), number);
                let (_, wasm) = &emitted.components[*component];
                Action::Instantiate {
                    component: Component::new(wasm).expect("samples become components"),
                    imports: BTreeMap::new(),
                }
            }
            Command::Start {
                call,
                instance,
                export,
                args,
            } => {
                made.insert(call.clone(), number);
                Action::Start {
                    instance: made[instance],
                    export: export.as_str().into(),
                    args: args.iter().map(|arg| value(arg)).collect(),
                }
            }
            Command::Await(call) => Action::Await { call: made[call] },
            Command::Cancel(call) => Action::Cancel { call: made[call] },
        });
    }
    Script { actions }
}

/// Arguments are numbers, code, or the first case of a variant.
fn value(text: &str) -> Value {
    let number = |text: &str| text.trim().parse().unwrap_or(0);
    match text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
    {
        Some(words) => Value::List(
            words
                .split(',')
                .map(|word| Value::U64(number(word)))
                .collect(),
        ),
        None if text == "none" => Value::Variant {
            case: 0,
            payload: None,
        },
        None => Value::U32(number(text) as u32),
    }
}
