//! Probabilistic concurrency testing: threads by priority, with a few places where that changes.
//!
//! Each thread gets a random priority when it is first seen, and the ready thread of the highest
//! priority runs. At `depth - 1` choices, which are drawn beforehand, the thread that would run
//! falls below all others. If a bug needs `depth` orderings, a run of `k` choices over `n` threads
//! shows it with a probability of at least 1/(n·k^(depth-1)), which a random walk cannot promise.
//!
//! That is said of runs that end. A thread that yields until another one has done something would
//! never let that one run if its priority were the higher one. So in a run that is longer than it
//! was thought to be, the thread that would run falls from time to time. Shorter runs, of which the
//! probability above is true, are left alone.
//!
//! Source: S. Burckhardt, P. Kothari, M. Musuvathi, S. Nagarakatti, "A Randomized Scheduler with
//! Probabilistic Guarantees of Finding Bugs", ASPLOS 2010.

use std::collections::BTreeMap;

use super::random::Numbers;
use crate::machine::choice::{ChoicePoint, Scheduler};
use crate::machine::state::ThreadId;

/// Chooses threads by priority, and everything else at random.
#[derive(Clone, Debug)]
pub struct Pct {
    numbers: Numbers,
    /// The higher runs first. Those that were given at a change are below all that were drawn.
    priorities: BTreeMap<ThreadId, u64>,
    /// The choices of threads at which priorities change, counted from 0.
    changes: Vec<u64>,
    /// How many threads have been chosen.
    chosen: u64,
    /// How many are thought to be chosen in a run, at least 1.
    length: u32,
    /// The priority that the next change gives.
    lowest: u64,
}

/// Drawn priorities are at least this; those that a change gives are below it.
const DRAWN: u64 = 1 << 63;

impl Pct {
    /// The scheduler with this seed, for bugs that need `depth` orderings, in runs of about
    /// `length` choices.
    pub fn new(seed: u64, depth: u32, length: u32) -> Pct {
        let mut numbers = Numbers::new(seed);
        let length = length.max(1);
        let changes = (1..depth).map(|_| numbers.below(length).into());
        Pct {
            changes: changes.collect(),
            numbers,
            priorities: BTreeMap::new(),
            chosen: 0,
            length,
            lowest: DRAWN - 1,
        }
    }

    fn priority(&mut self, thread: ThreadId) -> u64 {
        let numbers = &mut self.numbers;
        let drawn = || numbers.next() | DRAWN;
        *self.priorities.entry(thread).or_insert_with(drawn)
    }

    /// Whether priorities change at the next choice.
    fn changes_now(&self) -> bool {
        let is_overdue = self.chosen > 0 && self.chosen.is_multiple_of(self.length.into());
        is_overdue || self.changes.contains(&self.chosen)
    }

    /// The position of the thread with the highest priority.
    fn highest(&mut self, threads: &[ThreadId]) -> usize {
        let mut highest = (0, 0);
        for (position, &thread) in threads.iter().enumerate() {
            highest = highest.max((self.priority(thread), position));
        }
        highest.1
    }
}

impl Scheduler for Pct {
    fn choose(&mut self, _point: ChoicePoint, options: u32) -> u32 {
        self.numbers.below(options)
    }

    fn choose_thread(&mut self, _point: ChoicePoint, threads: &[ThreadId]) -> u32 {
        if self.changes_now() {
            let falls = threads[self.highest(threads)];
            self.priorities.insert(falls, self.lowest);
            self.lowest -= 1;
        }
        self.chosen += 1;
        self.highest(threads) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THREADS: [ThreadId; 3] = [ThreadId(4), ThreadId(2), ThreadId(9)];

    fn chosen(pct: &mut Pct, times: usize) -> Vec<u32> {
        let choose = |_| pct.choose_thread(ChoicePoint::Tick, &THREADS);
        (0..times).map(choose).collect()
    }

    #[test]
    fn without_changes_one_thread_runs_for_as_long_as_it_is_ready() {
        for seed in 0..20 {
            let chosen = chosen(&mut Pct::new(seed, 1, 10), 10);
            assert!(
                chosen.iter().all(|&thread| thread == chosen[0]),
                "{chosen:?}"
            );
        }
    }

    #[test]
    fn a_change_lets_another_thread_run_from_there_on() {
        for seed in 0..20 {
            let chosen = chosen(&mut Pct::new(seed, 2, 10), 10);
            let switches = chosen.windows(2).filter(|pair| pair[0] != pair[1]).count();
            // A change at the very first choice is none that can be seen.
            assert!(switches <= 1, "{chosen:?}");
        }
        let switching = (0..200)
            .filter(|&seed| {
                let chosen = chosen(&mut Pct::new(seed, 2, 10), 10);
                chosen[0] != chosen[9]
            })
            .count();
        assert!(switching > 100, "{switching} of 200");
    }

    #[test]
    fn threads_that_are_always_ready_do_not_keep_others_from_running_for_ever() {
        for seed in 0..20 {
            let mut chosen = chosen(&mut Pct::new(seed, 1, 10), 21);
            assert!(chosen[..10].iter().all(|&thread| thread == chosen[0]));
            chosen.sort();
            chosen.dedup();
            assert_eq!(chosen, [0, 1, 2]);
        }
    }
}
