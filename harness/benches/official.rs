//! The official files of `async/` on the reference, loaded beforehand: all of them under the
//! deterministic profile, and single ones under every schedule.

use std::fs;
use std::path::Path;
use std::time::Duration;

use assize_harness::explore::limits;
use assize_harness::suite::{Filter, Locations, Suite, SuiteName};
use assize_harness::wast::{Plan, plan_text};
use assize_reference::explore::exhaustive::{Bounds, Exploration, Goal, Memory, Search, explore};
use assize_reference::explore::run::Run;
use assize_reference::explore::script::{ActionIndex, Event};
use assize_reference::machine::choice::Deterministic;
use assize_reference::machine::reading::Reading;
use divan::counter::ItemsCount;

/// The files that have more than ten states.
const FILES: [&str; 2] = ["async-calls-sync", "big-interleaving-test"];

fn main() {
    divan::main();
}

/// The texts of the files that match `glob`.
fn texts(glob: &str) -> Vec<String> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let filter = Filter::new(&[glob]).expect("it is a glob");
    let locations = Locations::from_env(workspace);
    let suite = Suite::discover(SuiteName::Official, &locations, &filter)
        .expect("the official suite is where it is looked for");
    let read = |path: &Path| fs::read_to_string(path).expect("the file is text");
    suite.files.iter().map(|file| read(&file.path)).collect()
}

fn plan(text: &str) -> Plan {
    plan_text(text, Reading::Tests).expect("it is a script")
}

fn plans(texts: &[String]) -> Vec<Plan> {
    texts.iter().map(|text| plan(text)).collect()
}

fn start() -> Run {
    Run::new(limits(), Reading::Tests)
}

fn run_all(plans: &[Plan]) {
    for plan in plans {
        let ran = start().finish(&plan.script, &mut Deterministic, 100_000);
        assert_eq!(ran.trace.len(), plan.planned.len());
    }
}

#[divan::bench]
fn deterministic_async(bencher: divan::Bencher) {
    let plans = plans(&texts("async/*"));
    bencher.bench_local(|| run_all(&plans));
}

#[divan::bench]
fn load_and_run_deterministic_async(bencher: divan::Bencher) {
    let texts = texts("async/*");
    bencher.bench_local(|| {
        run_all(&plans(&texts));
    });
}

fn explore_all(plan: &Plan) -> Exploration {
    let search = Search {
        script: &plan.script,
        memory: Memory::Action,
        follow: &|action: ActionIndex, event: &Event| plan.planned[action].judge(event),
        lanes: None,
        bounds: Bounds {
            time: Duration::from_secs(600),
            ..Bounds::default()
        },
        goal: Goal::All,
    };
    explore(search, start())
}

/// What is counted are the states after a choice.
#[divan::bench(args = FILES, sample_count = 2)]
fn exhaustive_states(bencher: divan::Bencher, file: &str) {
    let plan = plan(&texts(&format!("async/{file}"))[0]);
    let found = explore_all(&plan);
    assert!(found.complete);
    let states = ItemsCount::new(found.states);
    bencher.counter(states).bench_local(|| explore_all(&plan));
}

/// What is counted are the machine's steps, each of which leads to another state of the machine.
#[divan::bench(args = FILES, sample_count = 2)]
fn exhaustive_steps(bencher: divan::Bencher, file: &str) {
    let plan = plan(&texts(&format!("async/{file}"))[0]);
    let steps = ItemsCount::new(explore_all(&plan).steps);
    bencher.counter(steps).bench_local(|| explore_all(&plan));
}
