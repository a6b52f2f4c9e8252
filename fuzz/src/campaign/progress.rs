//! What a campaign has come to so far.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use assize_harness::host::By;
use assize_harness::rules::{Coverage, Rule};
use serde::{Deserialize, Serialize};

use crate::corpus::FIRST;
use crate::error::FuzzError;
use crate::oracle::{Finding, Outcome};
use crate::trial::{Rejected, Trial};

/// How far a campaign has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// How many cases were run.
    pub cases: u64,
    /// How often a runtime, or the reference alone, did what the reference does in its first schedule.
    pub first: u64,
    /// How often it did what another schedule does.
    pub searched: u64,
    /// How many cases have a runtime of which there is no telling.
    pub undecided: u64,
    /// How often a case needed what a runtime does not have.
    pub unsupported: u64,
    /// How many cases were none.
    pub rejected: u64,
    /// How often something was found, whatever it was.
    pub found: u64,
    /// The signatures of what was not known.
    pub new: BTreeSet<String>,
    /// The signatures of what was.
    pub known: BTreeSet<String>,
    /// Why cases were undecided, and how often.
    pub undecided_because: BTreeMap<String, u64>,
    /// Why cases were rejected, and how often.
    pub rejected_because: BTreeMap<String, u64>,
    /// How many rules were reached.
    pub rules: Rules,
    /// By how many bytes each runtime's process has grown since its first thousand cases or so; of several
    /// processes, the one that has grown most.
    pub grown: BTreeMap<String, u64>,
    /// How long it has taken.
    pub elapsed: Duration,
    /// The number of the first case that has not ended.
    pub next: u64,
    /// Cases after it that have.
    pub ahead: BTreeSet<u64>,
}

/// How many rules of the specification the reference has reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// All there are.
    pub all: usize,
    /// One way or the other.
    pub reached: usize,
    /// Both ways.
    pub both_ways: usize,
}

impl Rules {
    /// Those of what was covered.
    pub fn of(coverage: &Coverage) -> Rules {
        let ways = |rule: &Rule| {
            let ways = [false, true].map(|holds| coverage.count(*rule, holds) > 0);
            ways.into_iter().filter(|way| *way).count()
        };
        Rules {
            all: Rule::ALL.len(),
            reached: Rule::ALL.iter().filter(|rule| ways(rule) > 0).count(),
            both_ways: Rule::ALL.iter().filter(|rule| ways(rule) == 2).count(),
        }
    }
}

impl Progress {
    /// Adds what another part of the campaign has come to, which went on where this one ended.
    pub fn add(&mut self, later: &Progress) {
        self.cases += later.cases;
        self.first += later.first;
        self.searched += later.searched;
        self.undecided += later.undecided;
        self.unsupported += later.unsupported;
        self.rejected += later.rejected;
        self.found += later.found;
        self.elapsed += later.elapsed;
        self.next = self.next.max(later.next);
        self.ahead.clone_from(&later.ahead);
        self.new.extend(later.new.iter().cloned());
        self.known.extend(later.known.iter().cloned());
        // What the earlier part has found is known to the later one.
        self.known.retain(|id| !self.new.contains(id));
        for (runtime, grown) in &later.grown {
            let mine = self.grown.entry(runtime.clone()).or_default();
            *mine = (*mine).max(*grown);
        }
        for (mine, theirs) in [
            (&mut self.undecided_because, &later.undecided_because),
            (&mut self.rejected_because, &later.rejected_because),
        ] {
            for (why, times) in theirs {
                *mine.entry(why.clone()).or_default() += times;
            }
        }
        self.rules = Rules {
            all: self.rules.all.max(later.rules.all),
            reached: self.rules.reached.max(later.rules.reached),
            both_ways: self.rules.both_ways.max(later.rules.both_ways),
        };
    }

    /// The last line of a campaign.
    pub fn line(&self) -> String {
        let (new, known) = (self.new.len(), self.known.len());
        let (undecided, cases) = (self.undecided, self.cases);
        format!("findings: {new} new, {known} known; undecided: {undecided} of {cases} cases")
    }
}

/// What came of one case.
pub(crate) struct Done {
    pub(crate) coverage: Coverage,
    /// Of each runtime; findings are entered on their own.
    pub(crate) outcomes: Vec<Outcome>,
    /// What was found of the same program written in another way: with which runtime, and of which of
    /// the two.
    pub(crate) others: Vec<(usize, Trial, Finding)>,
}

/// Whether a signature has been seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// It has.
    Before,
    /// It has not, and it is now.
    Now,
}

/// Where workers enter what they have come to.
pub(crate) struct Board {
    began: Instant,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    progress: Progress,
    coverage: Coverage,
    running: BTreeSet<u64>,
    /// Cases that have ended while an earlier one was running.
    ahead: BTreeSet<u64>,
    news: Vec<(String, PathBuf)>,
    /// How often each process of a runtime was weighed, and how heavy it was once it was warm.
    weights: BTreeMap<(String, u32), (u32, u64)>,
    failed: Option<FuzzError>,
}

/// After so many cases, a worker weighs the processes of its runtimes.
pub(super) const WEIGHED: u64 = 64;

/// After so many times, a process is warm.
const WARM: u32 = 16;

/// How many reasons are told apart.
const REASONS: usize = 50;

impl Board {
    pub(crate) fn new(began: Instant) -> Board {
        let inner = Mutex::default();
        Board { began, inner }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn begins(&self, number: u64) {
        self.inner().running.insert(number);
    }

    /// A case has ended, in whatever way.
    pub(crate) fn ends(&self, number: u64, done: Result<Done, Rejected>) {
        let mut inner = self.inner();
        inner.running.remove(&number);
        if inner.running.first().is_some_and(|first| *first < number) {
            inner.ahead.insert(number);
        }
        let is_first = number >= FIRST;
        if !is_first {
            inner.progress.cases += 1;
        }
        let done = match done {
            Ok(done) => done,
            Err(Rejected(why)) => {
                inner.progress.rejected += 1;
                note(&mut inner.progress.rejected_because, why);
                return;
            }
        };
        inner.coverage.merge(&done.coverage);
        inner.progress.found += done.others.len() as u64;
        let mut undecided = None;
        // What comes before all cases counts only for what is found.
        let counted = |outcome: &Outcome| !is_first || matches!(outcome, Outcome::Finding(_));
        for outcome in done.outcomes.into_iter().filter(counted) {
            match outcome {
                Outcome::Admissible(By::First) => inner.progress.first += 1,
                Outcome::Admissible(By::Search) => inner.progress.searched += 1,
                Outcome::Unsupported { .. } => inner.progress.unsupported += 1,
                Outcome::Undecided { why } => undecided = Some(why),
                Outcome::Finding(_) => inner.progress.found += 1,
            }
        }
        if let Some(why) = undecided {
            inner.progress.undecided += 1;
            note(&mut inner.progress.undecided_because, why);
        }
    }

    /// A process of a runtime has so many bytes of memory.
    pub(super) fn weighs(&self, runtime: &str, process: u32, bytes: u64) {
        let mut inner = self.inner();
        let weight = inner.weights.entry((runtime.to_owned(), process));
        let (times, warm) = weight.or_default();
        *times += 1;
        if *times <= WARM {
            *warm = bytes;
        }
        let grown = bytes.saturating_sub(*warm);
        let most = inner.progress.grown.entry(runtime.to_owned()).or_default();
        *most = (*most).max(grown);
    }

    /// Enters a signature that is new, unless it has been.
    pub(crate) fn enter_new(&self, signature: String) -> Seen {
        match self.inner().progress.new.insert(signature) {
            true => Seen::Now,
            false => Seen::Before,
        }
    }

    pub(crate) fn enter_known(&self, signature: String) {
        self.inner().progress.known.insert(signature);
    }

    /// What was new turned out to be known.
    pub(super) fn take_back(&self, signature: String) {
        let mut inner = self.inner();
        inner.progress.new.remove(&signature);
        inner.progress.known.insert(signature);
    }

    pub(crate) fn is_new(&self, signature: &str) -> bool {
        self.inner().progress.new.contains(signature)
    }

    /// A new finding has been written.
    pub(crate) fn tell(&self, what: String, dir: PathBuf) {
        self.inner().news.push((what, dir));
    }

    pub(crate) fn take_news(&self) -> Vec<(String, PathBuf)> {
        std::mem::take(&mut self.inner().news)
    }

    /// Something went wrong that ends the campaign.
    pub(crate) fn fail(&self, error: FuzzError) {
        self.inner().failed.get_or_insert(error);
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.inner().failed.is_some()
    }

    /// How far it has come, if `next` is the next case to be taken.
    pub(crate) fn progress(&self, next: u64) -> Progress {
        let mut inner = self.inner();
        let first = inner.running.first().copied();
        let next = first.map_or(next, |first| first.min(next));
        inner.ahead.retain(|number| *number > next);
        Progress {
            next,
            ahead: inner.ahead.clone(),
            rules: Rules::of(&inner.coverage),
            elapsed: self.began.elapsed(),
            ..inner.progress.clone()
        }
    }

    pub(crate) fn take_failure(&self) -> Option<FuzzError> {
        self.inner().failed.take()
    }
}

fn note(reasons: &mut BTreeMap<String, u64>, why: String) {
    let first = why.lines().next().unwrap_or_default().to_owned();
    if reasons.len() < REASONS || reasons.contains_key(&first) {
        *reasons.entry(first).or_default() += 1;
    }
}
