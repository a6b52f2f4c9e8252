//! What the schedulers find on components whose interleavings can be counted by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;

use super::check::{Admissibility, Observed, check};
use super::exhaustive::{Bounds, Exploration, Goal, Memory, Search, Shown, explore};
use super::pct::Pct;
use super::random::Random;
use super::replay::{Replay, ReplayError};
use super::run::{Ran, Run};
use super::schedule::Schedule;
use super::script::{Action, Event, Script, Trace};
use crate::abi::{StringValue, Value};
use crate::component::ast::Component;
use crate::component::testing::encode;
use crate::machine::choice::Scheduler;
use crate::machine::limits::Limits;
use crate::machine::reading::Reading;
use crate::machine::stop::{Stop, Trap};

/// A component whose export `run` makes threads 1, 2, … and waits until all of them are done. Each
/// thread does what `body` says, in which `$push` appends its number to the digits of the result.
fn component(threads: u32, body: &str) -> String {
    let start = "(call $resume (call $new (i32.const 0) (i32.const {})))";
    let starts: String = (1..=threads)
        .map(|thread| start.replace("{}", &thread.to_string()))
        .collect();
    format!(
        r#"(component
          (core module $T (table (export "t") 1 funcref))
          (core instance $t (instantiate $T))
          (alias core export $t "t" (core table $table))
          (core type $start (func (param i32)))
          (core func $new (canon thread.new-indirect $start (core table $table)))
          (core func $resume (canon thread.resume-later))
          (core func $yield (canon thread.yield))
          (core func $set (canon waitable-set.new))
          (core module $Mem (memory (export "m") 1))
          (core instance $mem (instantiate $Mem))
          (core func $wait (canon waitable-set.wait (memory (core memory $mem "m"))))
          (core func $return (canon task.return (result u32)))
          (core module $M
            (import "" "t" (table 1 funcref))
            (import "" "new" (func $new (param i32 i32) (result i32)))
            (import "" "resume" (func $resume (param i32)))
            (import "" "yield" (func $yield (result i32)))
            (import "" "set" (func $set (result i32)))
            (import "" "wait" (func $wait (param i32 i32) (result i32)))
            (import "" "return" (func $return (param i32)))
            (global $digits (mut i32) (i32.const 0))
            (global $done (mut i32) (i32.const 0))
            (func $push (param i32)
              (global.set $digits
                (i32.add (i32.mul (global.get $digits) (i32.const 10)) (local.get 0))))
            (func $pause (drop (call $yield)))
            (func $thread (param $id i32)
              {body}
              (global.set $done (i32.add (global.get $done) (i32.const 1))))
            (elem (i32.const 0) $thread)
            (func (export "run")
              (global.set $digits (i32.const 0))
              (global.set $done (i32.const 0))
              {starts}
              (loop $again
                (drop (call $yield))
                (br_if $again (i32.ne (global.get $done) (i32.const {threads}))))
              (call $return (global.get $digits)))
            (func (export "stuck")
              (drop (call $wait (call $set) (i32.const 0)))))
          (core instance $m (instantiate $M (with "" (instance
            (export "t" (table $table))
            (export "new" (func $new))
            (export "resume" (func $resume))
            (export "yield" (func $yield))
            (export "set" (func $set))
            (export "wait" (func $wait))
            (export "return" (func $return))))))
          (func (export "run") async (result u32) (canon lift (core func $m "run") async))
          (func (export "stuck") async (result u32) (canon lift (core func $m "stuck") async)))"#
    )
}

const PUSH: &str = "(call $push (local.get $id))";
const PUSH_TWICE: &str = "(call $push (local.get $id)) (call $pause) (call $push (local.get $id))";
/// Thread 2 traps if it is the first.
const TRAP_IF_FIRST: &str = "(if (i32.and (i32.eqz (global.get $digits)) \
     (i32.eq (local.get $id) (i32.const 2))) (then unreachable)) (call $push (local.get $id))";

/// One instance of a component, and calls of these exports.
fn script(text: &str, exports: &[&str]) -> Script {
    let component = Component::new(&encode(text)).expect("the component is valid");
    let imports = BTreeMap::new();
    let mut actions = vec![Action::Instantiate { component, imports }];
    actions.extend(exports.iter().map(|&export| Action::Invoke {
        instance: 0,
        export: export.into(),
        args: Vec::new(),
    }));
    Script { actions }
}

fn start() -> Run {
    Run::new(Limits::default(), Reading::Text)
}

fn bounds() -> Bounds {
    Bounds {
        time: Duration::from_secs(600),
        ..Bounds::default()
    }
}

fn explored(script: &Script, memory: Memory) -> Exploration {
    let search = Search {
        script,
        memory,
        follow: &|_, _| true,
        lanes: None,
        bounds: bounds(),
        goal: Goal::All,
    };
    let found = explore(search, start());
    assert!(found.complete);
    found
}

fn ran(script: &Script, scheduler: &mut dyn Scheduler) -> Ran {
    start().finish(script, scheduler, 100_000)
}

fn digits(event: &Event) -> u32 {
    match event {
        Event::Returned(values) => match values[..] {
            [Value::U32(digits)] => digits,
            _ => panic!("{values:?}"),
        },
        event => panic!("{event:?}"),
    }
}

/// The digits that a call of `run` can return.
fn results(threads: u32, body: &str) -> Vec<u32> {
    let found = explored(&script(&component(threads, body), &["run"]), Memory::Action);
    let events = found.outcomes[1]
        .iter()
        .filter_map(|outcome| outcome.event());
    let results: BTreeSet<u32> = events.map(digits).collect();
    results.into_iter().collect()
}

#[test]
fn two_threads_of_one_step_have_two_interleavings() {
    assert_eq!(results(2, PUSH), [12, 21]);
}

#[test]
fn three_threads_of_one_step_have_six_interleavings() {
    // 3! orders.
    assert_eq!(results(3, PUSH), [123, 132, 213, 231, 312, 321]);
}

#[test]
fn two_threads_of_two_steps_have_six_interleavings() {
    // The first thread's two steps are two of the four: "4 choose 2" is 6.
    let interleavings = [1122, 1212, 1221, 2112, 2121, 2211];
    assert_eq!(results(2, PUSH_TWICE), interleavings);
}

#[test]
fn three_threads_of_two_steps_have_ninety_interleavings() {
    // 6! orders of six steps, of which the orders within each of three pairs are one: 720 / 8.
    assert_eq!(results(3, PUSH_TWICE).len(), 90);
}

#[test]
fn the_outcomes_of_two_calls_are_found_together_where_the_script_is_remembered() {
    // 2 outcomes of each call, which go together in 2 · 2 ways.
    let script = script(&component(2, PUSH), &["run", "run"]);
    let found = explored(&script, Memory::Script);
    let counts: Vec<usize> = found.outcomes.iter().map(Vec::len).collect();
    assert_eq!(counts, [1, 2, 4]);
    let found = explored(&script, Memory::Action);
    let counts: Vec<usize> = found.outcomes.iter().map(Vec::len).collect();
    assert_eq!(counts, [1, 2, 2]);
}

#[test]
fn a_trap_that_only_some_schedules_lead_to_is_found_with_one_of_them() {
    let script = script(&component(2, TRAP_IF_FIRST), &["run"]);
    let found = explored(&script, Memory::Action);
    let (traps, returns): (Vec<_>, Vec<_>) = found.outcomes[1].iter().partition(|outcome| {
        matches!(
            outcome.event(),
            Some(Event::Stopped(Stop::Trap(Trap::Core(_))))
        )
    });
    assert_eq!((traps.len(), returns.len()), (1, 1));
    let replayed = ran(&script, &mut Replay::new(traps[0].schedule.clone()));
    assert_eq!(replayed.trace, traps[0].trace);
}

#[test]
fn a_deadlock_is_an_outcome() {
    let script = script(&component(1, PUSH), &["stuck"]);
    let found = explored(&script, Memory::Action);
    let events: Vec<_> = found.outcomes[1]
        .iter()
        .map(|o| o.event().cloned())
        .collect();
    assert_eq!(events, [Some(Event::Stopped(Stop::Deadlock))]);
}

#[test]
fn a_thread_that_yields_until_another_is_done_need_never_end() {
    let script = script(&component(1, PUSH), &["run"]);
    let found = explored(&script, Memory::Action);
    assert!(found.endless.is_some());
    assert_eq!(found.outcomes[1].len(), 1);
}

#[test]
fn a_search_that_is_given_up_says_so() {
    let script = script(&component(3, PUSH_TWICE), &["run"]);
    let few = Bounds {
        states: 5,
        ..bounds()
    };
    let search = Search {
        script: &script,
        memory: Memory::Action,
        follow: &|_, _| true,
        lanes: None,
        bounds: few,
        goal: Goal::All,
    };
    let found = explore(search, start());
    assert!(!found.complete);
    assert_eq!(found.states, 5);
}

#[test]
fn a_schedule_of_another_script_is_refused_with_the_step() {
    let script = script(&component(2, PUSH), &["run"]);
    let replay = |text: &str| {
        let schedule: Schedule = text.parse().expect("it is a schedule");
        let mut replay = Replay::new(schedule);
        ran(&script, &mut replay);
        replay.finish()
    };
    let schedule = ran(&script, &mut Random::new(3)).schedule.to_string();
    assert_eq!(replay(&schedule), Ok(()));
    let lines = schedule.lines().count();
    let longer = replay(&format!("{schedule}tick 0/2\n"));
    assert_eq!(longer, Err(ReplayError::TooLong { step: lines + 1 }));
    match replay("set-event 0/9\n") {
        Err(ReplayError::Mismatch(mismatch)) => assert_eq!(mismatch.step, 1),
        other => panic!("{other:?}"),
    }
}

fn exactly(trace: &Trace) -> Vec<Observed> {
    trace.iter().cloned().map(Observed::Exactly).collect()
}

fn instantiated_and(event: Event) -> Vec<Observed> {
    exactly(&vec![Event::Instantiated, event])
}

fn returned(digits: u32) -> Event {
    Event::Returned(vec![Value::U32(digits)])
}

#[test]
fn a_trace_is_inadmissible_from_the_first_event_that_no_schedule_shows() {
    let script = script(&component(2, PUSH), &["run"]);
    let checked = |trace: &[Observed]| match check(&script, start(), trace, bounds()) {
        Admissibility::Inadmissible(frontier) => {
            let next = frontier.next.iter().map(|shown| match shown {
                Shown::Action(event) => format!("{event:?}"),
                other => format!("{other:?}"),
            });
            (frontier.actions, next.collect::<BTreeSet<_>>())
        }
        other => panic!("{other:?}"),
    };
    let of = |events: &[Event]| {
        events
            .iter()
            .map(|e| format!("{e:?}"))
            .collect::<BTreeSet<_>>()
    };
    let both = of(&[returned(12), returned(21)]);
    let first = of(&[Event::Instantiated]);
    assert_eq!(checked(&instantiated_and(returned(11))), (1, both.clone()));
    let trap = [Observed::Exactly(Event::Instantiated), Observed::Trap];
    assert_eq!(checked(&trap), (1, both.clone()));
    let dropped_at_the_end = exactly(&vec![Event::Instantiated]);
    assert_eq!(checked(&dropped_at_the_end), (1, both));
    let dropped_at_the_beginning = exactly(&vec![returned(12)]);
    assert_eq!(checked(&dropped_at_the_beginning), (0, first.clone()));
    let swapped = exactly(&vec![returned(12), Event::Instantiated]);
    assert_eq!(checked(&swapped), (0, first));
    let mut longer = instantiated_and(returned(12));
    longer.push(Observed::Trap);
    assert_eq!(checked(&longer), (2, BTreeSet::new()));
}

#[test]
fn a_trap_without_its_rule_is_admissible_where_a_schedule_traps() {
    let script = script(&component(2, TRAP_IF_FIRST), &["run"]);
    let trace = [Observed::Exactly(Event::Instantiated), Observed::Trap];
    let Admissibility::Admissible { schedule } = check(&script, start(), &trace, bounds()) else {
        panic!("a schedule traps");
    };
    let ran = ran(&script, &mut Replay::new(schedule));
    assert!(matches!(ran.trace[1], Event::Stopped(Stop::Trap(_))));
}

#[test]
fn a_check_that_is_given_up_is_undecided() {
    let script = script(&component(3, PUSH_TWICE), &["run"]);
    let trace = instantiated_and(returned(0));
    let few = Bounds {
        states: 5,
        ..bounds()
    };
    let answer = check(&script, start(), &trace, few);
    assert_eq!(answer, Admissibility::Undecided { states: 5 });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn replaying_a_schedule_gives_the_same_trace_and_schedule(seed in any::<u64>()) {
        let script = script(&component(3, PUSH_TWICE), &["run", "run"]);
        let walked = ran(&script, &mut Random::new(seed));
        let text = walked.schedule.to_string();
        let mut replay = Replay::new(text.parse().expect("it was written so"));
        let replayed = ran(&script, &mut replay);
        prop_assert_eq!(replay.finish(), Ok(()));
        prop_assert_eq!(&replayed, &walked);
    }

    #[test]
    fn what_random_schedulers_show_is_admissible_and_no_other_result_is(
        seed in any::<u64>(),
        depth in 1..5_u32,
    ) {
        let script = script(&component(2, PUSH_TWICE), &["run"]);
        let walks: [&mut dyn Scheduler; 2] =
            [&mut Random::new(seed), &mut Pct::new(seed, depth, 20)];
        for scheduler in walks {
            let Ran { trace, .. } = start().finish(&script, scheduler, 2_000);
            // A thread of high priority that spins is never interrupted.
            if trace.contains(&Event::GivenUp) {
                continue;
            }
            let answer = check(&script, start(), &exactly(&trace), bounds());
            prop_assert!(matches!(answer, Admissibility::Admissible { .. }), "{:?}", answer);
            let changed = instantiated_and(returned(digits(&trace[1]) + 1));
            let answer = check(&script, start(), &changed, bounds());
            let allowed = [1122, 1212, 1221, 2112, 2121, 2211];
            let is_allowed = allowed.contains(&(digits(&trace[1]) + 1));
            prop_assert_eq!(matches!(answer, Admissibility::Admissible { .. }), is_allowed);
        }
    }
}

#[test]
fn the_exhaustive_search_finds_every_outcome_of_many_random_runs() {
    let script = script(&component(3, PUSH_TWICE), &["run"]);
    let found = explored(&script, Memory::Script);
    let outcomes: Vec<&Trace> = found.outcomes[1].iter().map(|o| &o.trace).collect();
    let mut seen = BTreeSet::new();
    for seed in 0..2_000 {
        let ran = ran(&script, &mut Random::new(seed));
        assert!(
            outcomes.contains(&&ran.trace),
            "seed {seed}: {:?}",
            ran.trace
        );
        seen.insert(digits(&ran.trace[1]));
    }
    assert!(seen.len() > 80, "{} of 90", seen.len());
}

/// `returns` gives a result by a `task.return` without the memory that its lift has, which the tests want and
/// the text does not allow; `calls` calls a child, which is the other way round.
const DISPUTED: &str = r#"(component
  (core module $Mem (memory (export "m") 1))
  (core instance $mem (instantiate $Mem))
  (core func $return (canon task.return (result u32)))
  (component $C
    (core module $N (func (export "f")))
    (core instance $n (instantiate $N))
    (func (export "f") (canon lift (core func $n "f"))))
  (instance $c (instantiate $C))
  (core func $f (canon lower (func $c "f")))
  (core module $M
    (import "" "return" (func $return (param i32)))
    (import "" "f" (func $f))
    (func (export "returns") (call $return (i32.const 7)))
    (func (export "calls") (call $f)))
  (core instance $m (instantiate $M (with "" (instance
    (export "return" (func $return))
    (export "f" (func $f))))))
  (func (export "returns") async (result u32)
    (canon lift (core func $m "returns") async (memory (core memory $mem "m"))))
  (func (export "calls") (canon lift (core func $m "calls"))))"#;

/// Whether each call returned, in every way in which the script can go.
fn returns(exports: &[&str], reading: Reading) -> BTreeSet<Vec<bool>> {
    let script = script(DISPUTED, exports);
    let search = Search {
        script: &script,
        memory: Memory::Script,
        follow: &|_, _| true,
        lanes: None,
        bounds: bounds(),
        goal: Goal::All,
    };
    let found = explore(search, Run::new(Limits::default(), reading));
    assert!(found.complete);
    let returned = |event: &Event| matches!(event, Event::Returned(_));
    let last = found.outcomes.last().into_iter().flatten();
    last.map(|outcome| outcome.trace.iter().skip(1).map(returned).collect())
        .collect()
}

#[test]
fn each_dispute_may_be_decided_for_itself_and_stays_so() {
    let both = ["calls", "returns"];
    let goes = |exports: &[&str], reading| Vec::from_iter(returns(exports, reading));
    assert_eq!(goes(&both, Reading::Text), [vec![true, false]]);
    assert_eq!(goes(&both, Reading::Tests), [vec![false, false]]);
    let either = [vec![false, false], vec![true, false], vec![true, true]];
    assert_eq!(goes(&both, Reading::Either), either);
    let twice = ["calls", "calls"];
    assert_eq!(
        goes(&twice, Reading::Either),
        [vec![false, false], vec![true, true]]
    );
}

#[test]
fn a_search_looks_at_the_clock_where_all_alternatives_lead_to_one_state() {
    let text = r#"(component
      (core module $M
        (memory (export "m") 1)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 8192))
        (func (export "f") (param i32 i32)))
      (core instance $m (instantiate $M))
      (func (export "f") (param "l" (list string))
        (canon lift (core func $m "f") (memory (core memory $m "m")) (realloc (core func $m "realloc")))))"#;
    let mut script = script(text, &["f"]);
    let strings = vec![Value::String(StringValue::host("\u{e9}")); 34];
    if let Some(Action::Invoke { args, .. }) = script.actions.last_mut() {
        args.push(Value::List(strings));
    }
    let search = Search {
        script: &script,
        memory: Memory::Action,
        follow: &|_, _| true,
        lanes: None,
        bounds: Bounds {
            time: Duration::from_millis(50),
            ..bounds()
        },
        goal: Goal::All,
    };
    let found = explore(search, start());
    assert!(
        !found.complete && found.states < 64,
        "{} states",
        found.states
    );
}
