//! The schedulers agree on what can be: what chance finds is admissible, replays to the same run,
//! and is among the outcomes of an exploration; and what no schedule shows is inadmissible.

use std::collections::{HashMap, HashSet};

use assize_harness::suite::SuiteName;
use assize_reference::explore::check::{Admissibility, Observed, check};
use assize_reference::explore::exhaustive::{Exploration, Goal, Memory, Search, explore};
use assize_reference::explore::script::{Event, Trace};
use assize_reference::machine::stop::Stop;

use crate::files::{Chance, File, bounds, chances, files};

/// Seeds for each file.
const SEEDS: u64 = 5;

/// Traces that are changed, for each file, and about how many of their changes are looked at.
const TRACES: usize = 5;
const CHANGES: usize = 20;

fn all_files() -> impl Iterator<Item = File> {
    let suites = [SuiteName::Official, SuiteName::SpecTests];
    suites.into_iter().flat_map(files)
}

fn everything(file: &File, memory: Memory) -> Exploration {
    let search = Search {
        script: &file.plan.script,
        memory,
        follow: &|_, _| true,
        lanes: None,
        bounds: bounds(),
        goal: Goal::All,
    };
    explore(search, file.start())
}

/// Every trace that the file can show, if there are not too many states to tell.
fn traces(file: &File) -> Option<Vec<Trace>> {
    let found = everything(file, Memory::Script);
    let whole = found.outcomes.into_iter().last()?;
    let traces = whole.into_iter().map(|outcome| outcome.trace);
    found.complete.then(|| traces.collect())
}

fn ask(file: &File, trace: &Trace) -> Admissibility {
    let observed: Vec<_> = trace.iter().cloned().map(Observed::Exactly).collect();
    check(&file.plan.script, file.start(), &observed, bounds())
}

fn is_admissible(file: &File, trace: &Trace, chance: Chance) {
    match ask(file, trace) {
        Admissibility::Admissible { schedule } => {
            let ran = file.replay(schedule).expect("it is one of this script");
            assert_eq!(&ran.trace, trace, "{}, {chance:?}", file.name);
        }
        Admissibility::Undecided { .. } => {}
        answer => panic!("{}, {chance:?}: {answer:?}", file.name),
    }
}

#[test]
fn what_chance_finds_is_admissible() {
    for file in all_files() {
        let mut asked = HashSet::new();
        for chance in chances(SEEDS) {
            let trace = file.run(chance).trace;
            if !trace.contains(&Event::GivenUp) && !asked.contains(&trace) {
                is_admissible(&file, &trace, chance);
                asked.insert(trace);
            }
        }
    }
}

#[test]
fn a_schedule_replays_to_the_run_that_it_was_written_down_in() {
    for file in all_files() {
        for chance in chances(SEEDS) {
            let ran = file.run(chance);
            let text = ran.schedule.to_string();
            let schedule = text.parse().expect("it was written so");
            let again = file.replay(schedule).expect("it is one of this script");
            assert_eq!(again, ran, "{}, {chance:?}", file.name);
        }
    }
}

#[test]
fn an_exploration_has_every_outcome_that_chance_finds() {
    let (mut whole, mut single, mut left_out) = (0, 0, Vec::new());
    for file in all_files() {
        if let Some(traces) = traces(&file) {
            let traces: HashSet<Trace> = traces.into_iter().collect();
            for chance in chances(SEEDS) {
                let trace = file.run(chance).trace;
                let known = traces.contains(&trace) || trace.contains(&Event::GivenUp);
                assert!(known, "{}, {chance:?}: {trace:?}", file.name);
            }
            whole += 1;
        } else {
            let found = everything(&file, Memory::Action);
            if !found.complete {
                left_out.push(file.name);
                continue;
            }
            for chance in chances(SEEDS) {
                let trace = file.run(chance).trace;
                for (event, outcomes) in trace.iter().zip(&found.outcomes) {
                    let mut events = outcomes.iter().filter_map(|outcome| outcome.event());
                    let known = *event == Event::GivenUp || events.any(|known| known == event);
                    assert!(known, "{}, {chance:?}: {event:?}", file.name);
                }
            }
            single += 1;
        }
    }
    assert!(whole + single > 0);
    println!("{whole} files by whole traces, {single} by the outcomes of actions");
    println!("not explored to the end: {left_out:?}");
}

/// The trace with one event changed, dropped, or swapped with the next one, in every way.
fn changes(trace: &Trace) -> Vec<Trace> {
    let mut changed = Vec::new();
    for at in 0..trace.len() {
        for event in other_events(&trace[at]) {
            let mut trace = trace.clone();
            trace[at] = event;
            changed.push(trace);
        }
        let mut dropped = trace.clone();
        dropped.remove(at);
        changed.push(dropped);
        if at + 1 < trace.len() {
            let mut swapped = trace.clone();
            swapped.swap(at, at + 1);
            changed.push(swapped);
        }
    }
    changed
}

/// Other events than this one that an action may end with.
fn other_events(event: &Event) -> Vec<Event> {
    let others = [
        Event::Instantiated,
        Event::Returned(Vec::new()),
        Event::Cancelled,
        Event::Stopped(Stop::Deadlock),
    ];
    others.into_iter().filter(|other| other != event).collect()
}

/// How many events the two have in common at their beginning.
fn common(one: &Trace, other: &Trace) -> usize {
    let pairs = one.iter().zip(other);
    pairs.take_while(|(one, other)| one == other).count()
}

#[test]
fn a_changed_trace_is_admissible_exactly_if_some_schedule_shows_it() {
    let mut answers: HashMap<bool, usize> = HashMap::new();
    for file in all_files() {
        let Some(traces) = traces(&file) else {
            continue;
        };
        let changed: Vec<Trace> = traces.iter().take(TRACES).flat_map(changes).collect();
        let every = changed.len().div_ceil(CHANGES).max(1);
        for trace in changed.iter().step_by(every) {
            let answer = ask(&file, trace);
            let shown = traces.contains(trace);
            *answers.entry(shown).or_default() += 1;
            match answer {
                Admissibility::Admissible { .. } => assert!(shown, "{}: {trace:?}", file.name),
                Admissibility::Inadmissible(at) => {
                    let longest = traces.iter().map(|known| common(known, trace)).max();
                    assert!(!shown, "{}: {trace:?}", file.name);
                    assert_eq!(Some(at.actions), longest, "{}: {trace:?}", file.name);
                }
                Admissibility::Undecided { .. } => {
                    // What a run would have shown past a limit is not known.
                    let limited = |event: &Event| matches!(event, Event::Stopped(stop) if stop.decides_nothing());
                    let is_limited = traces.iter().flatten().any(limited);
                    assert!(is_limited && !shown, "{}: {trace:?}", file.name);
                }
            }
        }
    }
    println!("changed traces by whether some schedule shows them: {answers:?}");
    assert!(answers.get(&false).is_some_and(|&asked| asked > 0));
}
