use std::fs;
use std::path::Path;
use std::time::Duration;

use assize_reference::explore::check::{Admissibility, Observed, check};
use assize_reference::explore::pct::Pct;
use assize_reference::explore::random::Random;
use assize_reference::explore::script::Trace;
use assize_reference::machine::choice::Scheduler;

use super::*;
use crate::suite::{Filter, Locations, Suite, SuiteName};
use crate::wast::{PlanError, plan_component, plan_text};

/// An instance whose export `first` starts threads 1 and 2, and returns the number of the one that
/// ran first.
const RACE: &str = r#"(component
  (core module $T (table (export "t") 1 funcref))
  (core instance $t (instantiate $T))
  (alias core export $t "t" (core table $table))
  (core type $start (func (param i32)))
  (core func $new (canon thread.new-indirect $start (core table $table)))
  (core func $resume (canon thread.resume-later))
  (core func $yield (canon thread.yield))
  (core func $return (canon task.return (result u32)))
  (core module $M
    (import "" "t" (table 1 funcref))
    (import "" "new" (func $new (param i32 i32) (result i32)))
    (import "" "resume" (func $resume (param i32)))
    (import "" "yield" (func $yield (result i32)))
    (import "" "return" (func $return (param i32)))
    (global $first (mut i32) (i32.const 0))
    (func $thread (param i32)
      (if (i32.eqz (global.get $first)) (then (global.set $first (local.get 0)))))
    (elem (i32.const 0) $thread)
    (func (export "first")
      (call $resume (call $new (i32.const 0) (i32.const 1)))
      (call $resume (call $new (i32.const 0) (i32.const 2)))
      (loop $again
        (drop (call $yield))
        (br_if $again (i32.eqz (global.get $first))))
      (call $return (global.get $first))))
  (core instance $m (instantiate $M (with "" (instance
    (export "t" (table $table)) (export "new" (func $new)) (export "resume" (func $resume))
    (export "yield" (func $yield)) (export "return" (func $return))))))
  (func (export "first") async (result u32) (canon lift (core func $m "first") async)))
"#;

fn bounds() -> Bounds {
    Bounds {
        states: 100_000,
        time: Duration::from_secs(600),
        ..Bounds::default()
    }
}

fn race() -> Plan {
    let text = format!("{RACE}(assert_return (invoke \"first\") (u32.const 1))\n");
    plan_text(&text, Reading::Text).expect("it is a script")
}

#[test]
fn an_assertion_that_a_schedule_breaks_is_named_with_a_schedule_that_breaks_it() {
    let plan = race();
    let found = explore(&plan, Reading::Text, Memory::Action, &bounds());
    assert!(found.complete && !found.holds);
    let [instance, call] = &found.actions[..] else {
        panic!("{:?}", found.actions);
    };
    assert!(instance.holds && !call.holds);
    assert_eq!((call.line, &*call.wanted), (31, "returned 1"));
    let events: Vec<_> = call
        .outcomes
        .iter()
        .map(|o| (&*o.event, o.as_wanted))
        .collect();
    assert_eq!(events, [("returned 1", true), ("returned 2", false)]);

    let schedule = call.outcomes[1]
        .schedule
        .join("\n")
        .parse()
        .expect("it was written so");
    let traced = trace(&plan, Reading::Text, Which::Schedule(schedule)).expect("it fits");
    assert!(traced.ended && !traced.holds);
    let host: Vec<_> = traced.lines.iter().filter(|line| line.depth == 0).collect();
    assert!(
        host.iter()
            .any(|line| line.what == "31: invoke first() -> returned 2")
    );
}

#[test]
fn the_same_seed_gives_the_same_trace_and_some_seed_another_one() {
    let plan = race();
    let lines = |seed| {
        let traced = trace(&plan, Reading::Text, Which::Seed(seed)).expect("no schedule");
        traced
            .lines
            .into_iter()
            .map(|line| line.what)
            .collect::<Vec<_>>()
    };
    assert_eq!(lines(1), lines(1));
    assert!((2..20).any(|seed| lines(seed) != lines(1)));
}

#[test]
fn calls_of_a_component_are_written_in_wave_and_checked_against_its_types() {
    let text = r#"(component
      (core module $M (func (export "f") (param i32 i32) (result i32)
        (i32.add (local.get 0) (local.get 1))))
      (core instance $m (instantiate $M))
      (func (export "f") (param "a" u8) (param "b" u32) (result u32)
        (canon lift (core func $m "f"))))"#;
    let buffer = wast::parser::ParseBuffer::new(text).expect("it has tokens");
    let mut wat: wast::Wat<'_> = wast::parser::parse(&buffer).expect("it is a component");
    let wasm = wat.encode().expect("it can be encoded");
    let plan = |call: &str| plan_component(&wasm, &[call.to_owned()], Reading::Text);
    let found = plan("f(2, 40)").expect("the call fits");
    let found = explore(&found, Reading::Text, Memory::Script, &bounds());
    assert_eq!(found.actions[1].outcomes[0].event, "returned 42");
    for wrong in ["f(2)", "f(256, 1)", "f(true, 1)", "g()", "f(1,", ""] {
        assert!(
            matches!(plan(wrong), Err(PlanError::Call { .. })),
            "{wrong}"
        );
    }
}

#[test]
fn directives_that_no_schedule_changes_are_left_out() {
    let text = "(module)\n(assert_invalid (component (export \"f\" (func 0))) \"\")\n";
    let plan = plan_text(text, Reading::Text).expect("it is a script");
    assert!(plan.script.actions.is_empty());
    let lines: Vec<u32> = plan.left_out.iter().map(|(place, _)| place.line).collect();
    assert_eq!(lines, [1, 2]);
}

fn exactly(trace: &Trace) -> Vec<Observed> {
    trace.iter().cloned().map(Observed::Exactly).collect()
}

/// What some random runs show is admissible, what they show with two different events swapped is
/// not, and an exhaustive search has all that they show.
fn hold_against_each_other(name: &str, plan: &Plan) {
    let start = || Run::new(limits(), Reading::Tests);
    let everything = Search {
        script: &plan.script,
        memory: Memory::Action,
        follow: &|_, _| true,
        lanes: None,
        bounds: bounds(),
        goal: Goal::All,
    };
    let found = exhaustive::explore(everything, start());
    for seed in 0..10 {
        let (mut random, mut pct) = (Random::new(seed), Pct::new(seed, 3, 50));
        let schedulers: [&mut dyn Scheduler; 2] = [&mut random, &mut pct];
        for scheduler in schedulers {
            let trace = start().finish(&plan.script, scheduler, 20_000).trace;
            if trace.contains(&Event::GivenUp) {
                continue;
            }
            let answer = check(&plan.script, start(), &exactly(&trace), bounds());
            let is_admissible = matches!(answer, Admissibility::Admissible { .. });
            assert!(is_admissible, "{name}, seed {seed}: {answer:?}");
            for (event, outcomes) in trace.iter().zip(&found.outcomes) {
                let known = outcomes
                    .iter()
                    .any(|outcome| outcome.event() == Some(event));
                assert!(known || !found.complete, "{name}, seed {seed}: {event:?}");
            }
            let mut swapped = trace.clone();
            let last = swapped.len().saturating_sub(1);
            if swapped.first() != swapped.last() {
                swapped.swap(0, last);
                let answer = check(&plan.script, start(), &exactly(&swapped), bounds());
                let is_first_to_fail =
                    matches!(&answer, Admissibility::Inadmissible(at) if at.actions == 0);
                assert!(is_first_to_fail, "{name}, seed {seed}: {answer:?}");
            }
        }
    }
}

#[test]
fn the_schedulers_agree_on_the_official_files_where_they_are_here() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let filter = Filter::new(&["async/*".to_owned()]).expect("it is a glob");
    let locations = Locations::from_env(workspace);
    let Ok(suite) = Suite::discover(SuiteName::Official, &locations, &filter) else {
        return;
    };
    assert!(!suite.files.is_empty());
    for file in &suite.files {
        let text = fs::read_to_string(&file.path).expect("the file is text");
        let plan = plan_text(&text, Reading::Tests).expect("it is a script");
        hold_against_each_other(&file.name, &plan);
    }
}
