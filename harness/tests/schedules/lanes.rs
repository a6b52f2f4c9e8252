//! The same of what host-driven tests show of the host's world.

use assize_reference::explore::check::{Admissibility, Observed, check_host};
use assize_reference::explore::exhaustive::{Goal, Memory, Outcome, Search, explore};
use assize_reference::explore::lanes::{Cancellations, End, Lanes};
use assize_reference::explore::script::{Event, Trace};
use assize_reference::host::HostEvent;

use crate::files::{File, bounds, chances, host_files};

/// Seeds for each file.
const SEEDS: u64 = 20;

/// Outcomes that are changed, for each file.
const OUTCOMES: usize = 4;

/// What all runs show, if there are not too many states to tell.
fn outcomes(file: &File) -> Option<Vec<Outcome>> {
    let search = Search {
        script: &file.plan.script,
        memory: Memory::Script,
        follow: &|_, _| true,
        lanes: None,
        bounds: bounds(),
        goal: Goal::All,
    };
    let found = explore(search, file.start());
    found.complete.then_some(())?;
    found.outcomes.into_iter().last()
}

fn ask(file: &File, trace: &Trace, seen: &[HostEvent]) -> Admissibility {
    let observed: Vec<_> = trace.iter().cloned().map(Observed::Exactly).collect();
    let lanes = Lanes::new(seen.iter().cloned(), End::Complete, Cancellations::Seen);
    check_host(&file.plan.script, file.start(), &observed, &lanes, bounds())
}

/// What comes after a trap does not count.
fn has_stopped(trace: &Trace) -> bool {
    trace.iter().any(|event| matches!(event, Event::Stopped(_)))
}

#[test]
fn what_chance_shows_of_the_host_is_admissible_and_among_what_an_exploration_finds() {
    let files = host_files();
    assert!(!files.is_empty(), "our own tests have some");
    for file in files {
        let known = outcomes(&file);
        for chance in chances(SEEDS) {
            let ran = file.run(chance);
            if ran.trace.contains(&Event::GivenUp) {
                continue;
            }
            let is = |outcome: &Outcome| (&outcome.trace, &outcome.seen) == (&ran.trace, &ran.seen);
            let found = known.as_ref().is_none_or(|known| known.iter().any(is));
            assert!(found, "{}, {chance:?}: {ran:?}", file.name);
            if !has_stopped(&ran.trace) {
                let answer = ask(&file, &ran.trace, &ran.seen);
                let refused = matches!(answer, Admissibility::Inadmissible(_));
                assert!(!refused, "{}, {chance:?}: {answer:?}", file.name);
            }
        }
    }
}

/// The events with one dropped, doubled, or swapped with the next one, in every way.
fn changes(seen: &[HostEvent]) -> Vec<Vec<HostEvent>> {
    let mut changed = Vec::new();
    for at in 0..seen.len() {
        let mut dropped = seen.to_vec();
        let event = dropped.remove(at);
        changed.push(dropped);
        let mut doubled = seen.to_vec();
        doubled.insert(at, event);
        changed.push(doubled);
        if at + 1 < seen.len() {
            let mut swapped = seen.to_vec();
            swapped.swap(at, at + 1);
            changed.push(swapped);
        }
    }
    changed
}

#[test]
fn changed_events_of_the_host_are_admissible_exactly_if_some_schedule_shows_them() {
    let (mut shown, mut refused) = (0, 0);
    for file in host_files() {
        let Some(outcomes) = outcomes(&file) else {
            continue;
        };
        let lanes = |seen: &[HostEvent]| {
            Lanes::new(seen.iter().cloned(), End::Complete, Cancellations::Seen)
        };
        let known: Vec<_> = outcomes
            .iter()
            .map(|outcome| (&outcome.trace, lanes(&outcome.seen)))
            .collect();
        let calm = outcomes
            .iter()
            .filter(|outcome| !has_stopped(&outcome.trace));
        for outcome in calm.take(OUTCOMES) {
            for seen in changes(&outcome.seen) {
                let is_known = known.contains(&(&outcome.trace, lanes(&seen)));
                match ask(&file, &outcome.trace, &seen) {
                    Admissibility::Admissible { .. } => {
                        assert!(is_known, "{}: {seen:?}", file.name);
                        shown += 1;
                    }
                    Admissibility::Inadmissible(_) => {
                        assert!(!is_known, "{}: {seen:?}", file.name);
                        refused += 1;
                    }
                    Admissibility::Undecided { states } => {
                        panic!("{}: {states} states do not decide {seen:?}", file.name)
                    }
                }
            }
        }
    }
    println!("{shown} changes that some schedule shows, {refused} that none does");
    assert!(refused > 0);
}
