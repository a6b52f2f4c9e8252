//! How good a campaign is: how soon it notices that the reference has one rule wrong.
//!
//! Each mutant of the reference is a runtime under test. The cases are the same for all, so they are
//! made and run on the reference once; a mutant runs only those that come to its rule, since until
//! then it is the reference. What a campaign against that mutant alone would have taken is counted:
//! all that was shared, and its own runs.

mod survivors;

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use assize_harness::rules::{Coverage, Rule, RuleKind};
use assize_harness::run::contain::contain_panics_of_this_thread;
use serde::Serialize;

use crate::campaign::STACK;
use crate::corpus::Feed;
use crate::error::FuzzError;
use crate::oracle::{Judge, Outcome};
use crate::subject::{Seat, Subject};
pub use survivors::{Kind, Survivors, Why};

/// What to measure.
pub struct Options<'f> {
    /// The rules whose mutants are tested.
    pub rules: Vec<Rule>,
    /// The seeds; each is a campaign of its own.
    pub seeds: Vec<u64>,
    /// How much processor time a campaign has against one mutant.
    pub limit: Duration,
    /// How many seeds are tried at once.
    pub jobs: NonZeroUsize,
    /// Where cases come from.
    pub feed: &'f dyn Feed,
    /// Which mutants are not found out, and why.
    pub survivors: &'f Survivors,
}

/// What was measured.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// Each mutant.
    pub mutants: Vec<Mutant>,
    /// How many cases each seed has come to.
    pub cases: BTreeMap<u64, u64>,
    /// How many rules the reference has reached with all seeds.
    #[serde(skip)]
    pub coverage: Coverage,
}

/// A mutant, and what came of it with each seed.
#[derive(Clone, Debug, Serialize)]
pub struct Mutant {
    /// The rule that is wrong.
    pub rule: String,
    /// With each seed.
    pub seeds: BTreeMap<u64, Fate>,
    /// Why it is not found out, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
}

/// How many mutants were found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Score {
    /// With every seed.
    pub found: usize,
    /// Of so many that a program can tell from the reference.
    pub observable: usize,
    /// How many it cannot.
    pub equivalent: usize,
}

/// What came of a mutant with one seed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It was found out.
    Found {
        /// With this case.
        number: u64,
        /// How many cases that are.
        cases: u64,
        /// How much processor time it took, in milliseconds.
        millis: u64,
        /// How it showed.
        signature: String,
    },
    /// It was not.
    Survived {
        /// How many cases came to its rule.
        reached: u64,
    },
}

impl Mutant {
    /// Whether it was found out with every seed.
    pub fn is_found(&self) -> bool {
        let found = |fate: &Fate| matches!(fate, Fate::Found { .. });
        self.seeds.values().all(found)
    }

    /// Whether it was found out with some seed, although it is said why it is not.
    pub fn is_found_after_all(&self) -> bool {
        let found = |fate: &Fate| matches!(fate, Fate::Found { .. });
        self.why.is_some() && self.seeds.values().any(found)
    }

    /// Whether no program can tell it from the reference.
    pub fn is_equivalent(&self) -> bool {
        let why = self.why.as_ref();
        why.is_some_and(|why| why.kind == Kind::Equivalent)
    }
}

impl Measured {
    /// How many mutants were found out.
    pub fn score(&self) -> Score {
        let (equivalent, observable): (Vec<_>, Vec<_>) = self
            .mutants
            .iter()
            .partition(|mutant| mutant.is_equivalent());
        let found = observable.iter().filter(|mutant| mutant.is_found());
        Score {
            found: found.count(),
            observable: observable.len(),
            equivalent: equivalent.len(),
        }
    }
}

/// Measures, until all mutants are found out, the time is over, or `stop` is set.
///
/// # Errors
/// [`FuzzError::Io`] where the system gives no thread.
pub fn bench(
    options: &Options<'_>,
    stop: &AtomicBool,
    tell: &(dyn Fn(u64, u64, usize) + Sync),
) -> Result<Measured, FuzzError> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let work = || {
        contain_panics_of_this_thread();
        while let Some(seed) = options.seeds.get(next.fetch_add(1, Ordering::Relaxed)) {
            let run = Campaign::new(options, *seed).run(options, stop, tell);
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            done.push((*seed, run));
        }
    };
    thread::scope(|scope| {
        for _ in 0..options.jobs.get().min(options.seeds.len()) {
            thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, work)
                .map_err(FuzzError::io(Path::new("a thread")))?;
        }
        Ok::<(), FuzzError>(())
    })?;
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut coverage = Coverage::default();
    for (_, run) in &done {
        coverage.merge(&run.coverage);
    }
    let mutants = options.rules.iter().map(|rule| Mutant {
        rule: rule.id().to_owned(),
        seeds: done
            .iter()
            .filter_map(|(seed, run)| Some((*seed, run.fates.get(rule)?.clone())))
            .collect(),
        why: options.survivors.why(*rule).cloned(),
    });
    Ok(Measured {
        mutants: mutants.collect(),
        cases: done.iter().map(|(seed, run)| (*seed, run.cases)).collect(),
        coverage,
    })
}

/// The campaigns against all mutants, with one seed.
struct Campaign {
    seed: u64,
    cases: u64,
    coverage: Coverage,
    open: Vec<Suspect>,
    fates: BTreeMap<Rule, Fate>,
    /// The processor time that all campaigns would have taken.
    shared: Duration,
}

/// A mutant that has not been found out.
struct Suspect {
    rule: Rule,
    seat: Seat,
    own: Duration,
    reached: u64,
}

impl Campaign {
    fn new(options: &Options<'_>, seed: u64) -> Campaign {
        let open = options.rules.iter().map(|rule| Suspect {
            rule: *rule,
            seat: Seat::new(Subject::mutant(*rule)),
            own: Duration::ZERO,
            reached: 0,
        });
        Campaign {
            seed,
            cases: 0,
            coverage: Coverage::default(),
            open: open.collect(),
            fates: BTreeMap::new(),
            shared: Duration::ZERO,
        }
    }

    fn run(
        mut self,
        options: &Options<'_>,
        stop: &AtomicBool,
        tell: &(dyn Fn(u64, u64, usize) + Sync),
    ) -> Campaign {
        let mut judge = Judge::default();
        while !self.open.is_empty() && !stop.load(Ordering::Relaxed) {
            self.case(options, &mut judge);
            tell(self.seed, self.cases, self.open.len());
        }
        for suspect in std::mem::take(&mut self.open) {
            self.survives(&suspect);
        }
        self
    }

    fn survives(&mut self, suspect: &Suspect) {
        let reached = suspect.reached;
        self.fates.insert(suspect.rule, Fate::Survived { reached });
    }

    fn case(&mut self, options: &Options<'_>, judge: &mut Judge) {
        let number = self.cases;
        self.cases += 1;
        let began = Clock::now();
        let Ok(trial) = options.feed.trial(self.seed, number) else {
            self.shared += began.elapsed();
            return self.end_those_out_of_time(options.limit);
        };
        let Ok(prepared) = judge.prepare(&trial) else {
            self.shared += began.elapsed();
            return self.end_those_out_of_time(options.limit);
        };
        let consulted = judge.consult(&prepared);
        self.shared += began.elapsed();
        self.coverage.merge(consulted.coverage());
        let mut left = Vec::new();
        for mut suspect in std::mem::take(&mut self.open) {
            let coverage = consulted.coverage();
            let count = |holds| coverage.count(suspect.rule, holds);
            // A trap that is switched off is noticed only where it would come.
            let reaches = match suspect.rule.kind() {
                RuleKind::Trap => count(true) > 0,
                RuleKind::Branch => count(true) + count(false) > 0,
            };
            if !reaches {
                left.push(suspect);
                continue;
            }
            suspect.reached += 1;
            let began = Clock::now();
            let outcome = consulted.run(&trial, &mut suspect.seat);
            suspect.own += began.elapsed();
            match outcome {
                Outcome::Finding(found) => {
                    let took = self.shared + suspect.own;
                    let fate = Fate::Found {
                        number,
                        cases: self.cases,
                        millis: took.as_millis() as u64,
                        signature: found.signature.id(),
                    };
                    self.fates.insert(suspect.rule, fate);
                }
                _ => left.push(suspect),
            }
        }
        self.open = left;
        self.end_those_out_of_time(options.limit);
    }

    fn end_those_out_of_time(&mut self, limit: Duration) {
        let shared = self.shared;
        let (late, left): (Vec<_>, Vec<_>) = std::mem::take(&mut self.open)
            .into_iter()
            .partition(|suspect| shared + suspect.own >= limit);
        self.open = left;
        for suspect in late {
            self.survives(&suspect);
        }
    }
}

/// The processor time of this thread where the system tells it, and otherwise the time.
enum Clock {
    Processor(Duration),
    Wall(Instant),
}

impl Clock {
    fn now() -> Clock {
        match processor_time() {
            Some(time) => Clock::Processor(time),
            None => Clock::Wall(Instant::now()),
        }
    }

    fn elapsed(&self) -> Duration {
        match self {
            Clock::Processor(began) => {
                let now = processor_time().unwrap_or(*began);
                now.saturating_sub(*began)
            }
            Clock::Wall(began) => began.elapsed(),
        }
    }
}

/// How long this thread has run. Linux only.
fn processor_time() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanos = text.split(' ').next()?.parse().ok()?;
    Some(Duration::from_nanos(nanos))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Generator;
    use crate::generate::Capabilities;
    use crate::signature;
    use crate::trial::Shape;

    /// Without these the machine loses what something still refers to, or blocks where it must not.
    const NEEDED: [Rule; 8] = [
        Rule::ExitUnresolved,
        Rule::ReturnBorrows,
        Rule::SubtaskDropUndelivered,
        Rule::WaitableSetDropWaiting,
        Rule::WaitableSetWaitMayLeave,
        Rule::ThreadResumeLaterSuspended,
        Rule::ThreadYieldMayLeave,
        Rule::ThreadYieldThenResumeSuspended,
    ];

    #[test]
    fn a_mutant_that_cannot_go_on_says_so_and_does_not_panic() {
        let feed = Generator::new(vec![Shape::Chassis], Capabilities::all());
        let mut judge = Judge::default();
        let mut seats = NEEDED.map(|rule| Seat::new(Subject::mutant(rule)));
        let mut stuck = 0;
        for number in 0..1_500 {
            let trial = feed.trial(4, number).unwrap();
            let prepared = judge.prepare(&trial).unwrap();
            let consulted = judge.consult(&prepared);
            for (rule, seat) in NEEDED.iter().zip(&mut seats) {
                if consulted.coverage().count(*rule, true) == 0 {
                    continue;
                }
                if let Outcome::Finding(found) = consulted.run(&trial, seat)
                    && found.signature.kind == signature::Kind::Crash
                {
                    let what = &found.what;
                    assert!(what.contains("stuck: "), "{} {number}: {what}", rule.id());
                    stuck += 1;
                }
            }
        }
        assert!(stuck > 0);
    }

    fn mutant(seeds: &[Fate], kind: Option<Kind>) -> Mutant {
        Mutant {
            rule: "a/rule".to_owned(),
            seeds: (1..).zip(seeds.iter().cloned()).collect(),
            why: kind.map(|kind| Why {
                kind,
                reason: "none can".to_owned(),
            }),
        }
    }

    #[test]
    fn only_what_is_equivalent_does_not_count_and_each_seed_has_to_find_it() {
        let survived = Fate::Survived { reached: 3 };
        let found = Fate::Found {
            number: 0,
            cases: 1,
            millis: 1,
            signature: String::new(),
        };
        let both = [found.clone(), found.clone()];
        let one = [found, survived.clone()];
        let none = [survived.clone(), survived];
        let measured = Measured {
            mutants: vec![
                mutant(&both, None),
                mutant(&one, None),
                mutant(&none, Some(Kind::Equivalent)),
                mutant(&none, Some(Kind::OutOfReach)),
            ],
            cases: BTreeMap::new(),
            coverage: Coverage::default(),
        };
        let score = Score {
            found: 1,
            observable: 3,
            equivalent: 1,
        };
        assert_eq!(measured.score(), score);
        assert!(mutant(&one, Some(Kind::Equivalent)).is_found_after_all());
        assert!(!mutant(&one, None).is_found_after_all());
        assert!(!mutant(&none, Some(Kind::OutOfReach)).is_found_after_all());
    }
}
