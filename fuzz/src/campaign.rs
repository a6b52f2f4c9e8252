//! A campaign: cases, one after the other, each on every runtime, until somebody or something says
//! that it is enough.
//!
//! Worker threads take cases by their numbers. The calling thread watches the clock: a worker whose
//! runtime does not come back is given up with its runtime, which is a finding, and another takes its
//! place.

mod dead;
mod fatal;
mod looks;
mod progress;
mod state;
pub mod supervise;
mod triage;
mod weigh;
mod worker;

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

pub use self::fatal::Fatal;
use self::looks::Looks;
pub(crate) use self::progress::{Board, Done};
pub use self::progress::{Progress, Rules};
pub use self::state::{Key, State};
use self::triage::Triage;
use self::worker::Worker;
use crate::corpus::{FIRST, Feed};
use crate::error::FuzzError;
use crate::findings::Findings;
use crate::known::Known;
use crate::minimise;
use crate::subject::Subject;

/// When a campaign is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Until {
    /// After so many cases of the seed.
    Cases(u64),
    /// After so long.
    Time(Duration),
    /// When somebody stops it.
    Stopped,
}

/// What a campaign does.
pub struct Options {
    /// The runtimes. Where there are none, the reference runs the cases alone.
    pub subjects: Vec<Subject>,
    /// Where cases come from.
    pub feed: Arc<dyn Feed>,
    /// The seed that they are made from.
    pub seed: u64,
    /// The number of the first one.
    pub from: u64,
    /// When it is over.
    pub until: Until,
    /// How many run at once.
    pub jobs: NonZeroUsize,
    /// Where findings are written.
    pub findings: Findings,
    /// Those that are known.
    pub known: Known,
    /// How long a new finding is made smaller.
    pub minimise: Duration,
    /// How long a runtime may take for a case.
    pub timeout: Duration,
    /// Where a campaign is kept that is not over.
    pub state: Option<PathBuf>,
    /// Cases that are left out, since this process would not survive them.
    pub skip: BTreeSet<u64>,
    /// Components that are left out, for the same reason.
    pub fatal: Fatal,
    /// Is told what workers are at.
    pub watch: Option<Watch>,
}

/// Is told what workers are at, by themselves and before they are.
pub type Watch = Arc<dyn Fn(Sign) + Send + Sync>;

/// What a worker is at. If the process dies, its last signs say why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// It runs a case.
    Runs {
        /// The worker.
        worker: u64,
        /// The case's number.
        number: u64,
        /// The runtime's position in [`Options::subjects`].
        subject: usize,
    },
    /// It has done so.
    Rests {
        /// The worker.
        worker: u64,
    },
    /// It panics.
    Panics {
        /// The worker.
        worker: u64,
        /// Where, and what the panic says.
        message: String,
    },
}

/// Watches a campaign.
pub trait Observer: Send {
    /// How far it has come; called some ten times a second.
    fn progress(&mut self, progress: &Progress);

    /// A new finding has been written to this directory.
    fn found(&mut self, what: &str, dir: &std::path::Path);
}

/// The stack of a thread that runs cases, in bytes: what deeply nested components and guests need.
pub(crate) const STACK: usize = 64 << 20;

/// How long a runtime may take beyond its own deadline before its thread is given up.
const GRACE: Duration = Duration::from_secs(3);

/// How often the clock is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// How often a campaign is kept.
const KEEP: Duration = Duration::from_secs(2);

/// What all workers share.
struct Shared {
    options: Options,
    /// How many of the cases have been taken that come before all others.
    first: AtomicU64,
    /// The number of the next case.
    next: AtomicU64,
    /// Whether to take no more.
    enough: AtomicBool,
    /// Whether somebody wants to stop.
    stop: Arc<AtomicBool>,
    board: Board,
    looks: Mutex<Looks>,
    /// How many workers there have been.
    workers: AtomicU64,
}

/// Runs a campaign until it is over, or until `stop` is set; then what is under way is ended first.
///
/// # Errors
/// [`FuzzError::Io`] where a finding or the state cannot be written, and [`FuzzError::File`] where what
/// stands beside the findings cannot be read.
pub fn run(
    options: Options,
    stop: &Arc<AtomicBool>,
    observer: &mut dyn Observer,
) -> Result<Progress, FuzzError> {
    let began = Instant::now();
    let deadline = match options.until {
        Until::Time(time) => Some(began + time),
        Until::Cases(_) | Until::Stopped => None,
    };
    let looks = Looks::load(&options.findings.root, options.known.fingerprint())?;
    let shared = Arc::new(Shared {
        first: AtomicU64::new(0),
        next: AtomicU64::new(options.from),
        enough: AtomicBool::new(false),
        stop: Arc::clone(stop),
        board: Board::new(began),
        looks: Mutex::new(looks),
        workers: AtomicU64::new(0),
        options,
    });
    let mut workers = Vec::new();
    for _ in 0..shared.options.jobs.get() {
        workers.push(Worker::start(&shared)?);
    }
    let mut kept = Instant::now();
    while !workers.iter().all(Worker::has_ended) {
        thread::park_timeout(LOOK);
        let late = deadline.is_some_and(|deadline| Instant::now() >= deadline);
        if late || stop.load(Ordering::Relaxed) || shared.board.has_failed() {
            shared.enough.store(true, Ordering::Relaxed);
        }
        for worker in &mut workers {
            if worker.hangs(shared.options.timeout + GRACE) {
                worker.give_up(&shared);
                *worker = Worker::start(&shared)?;
            }
        }
        report(&shared, observer);
        if kept.elapsed() >= KEEP {
            keep(&shared)?;
            kept = Instant::now();
        }
    }
    report(&shared, observer);
    if let Some(error) = shared.board.take_failure() {
        return Err(error);
    }
    let interrupted = stop.load(Ordering::Relaxed);
    match shared.options.until {
        Until::Cases(_) if !interrupted => State::forget(shared.options.state.as_deref())?,
        _ => keep(&shared)?,
    }
    Ok(shared.progress())
}

/// Tells how far the campaign has come.
fn report(shared: &Shared, observer: &mut dyn Observer) {
    for (what, dir) in shared.board.take_news() {
        observer.found(&what, &dir);
    }
    observer.progress(&shared.progress());
}

fn keep(shared: &Shared) -> Result<(), FuzzError> {
    let Some(path) = &shared.options.state else {
        return Ok(());
    };
    let progress = shared.progress();
    let skip = shared.options.skip.union(&progress.ahead).copied();
    let state = State {
        next: progress.next,
        skip: skip.filter(|number| *number >= progress.next).collect(),
    };
    state.write(path)
}

impl Shared {
    /// The number of the next case, unless there has been enough.
    fn take(&self) -> Option<u64> {
        loop {
            if self.enough.load(Ordering::Relaxed) {
                return None;
            }
            let first = self.first.fetch_add(1, Ordering::Relaxed);
            if first < self.options.feed.first() {
                match FIRST + first {
                    number if self.options.skip.contains(&number) => continue,
                    number => return Some(number),
                }
            }
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            match self.options.until {
                Until::Cases(cases) if number >= cases => return None,
                _ if self.options.skip.contains(&number) => {}
                _ => return Some(number),
            }
        }
    }

    fn progress(&self) -> Progress {
        self.board.progress(self.next.load(Ordering::Relaxed))
    }

    fn tell(&self, sign: Sign) {
        if let Some(watch) = &self.options.watch {
            watch(sign);
        }
    }

    fn triage(&self) -> Triage<'_> {
        Triage {
            findings: &self.options.findings,
            known: &self.options.known,
            looks: &self.looks,
            seed: self.options.seed,
            limits: minimise::Limits {
                time: self.options.minimise,
                stop: Arc::clone(&self.stop),
            },
        }
    }
}
