//! A worker: takes cases, runs each on every runtime, and sees to what is found.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle, Thread};
use std::time::{Duration, Instant};

use assize_harness::run::contain::witness_panics_of_this_thread;
use assize_harness::wast::panic_message;

use super::progress::{Done, Seen, WEIGHED};
use super::{STACK, Shared, Sign};
use crate::error::FuzzError;
use crate::findings::Fate;
use crate::growth;
use crate::metamorphic;
use crate::oracle::{BOUNDS, Finding, Judge, Outcome, finding};
use crate::signature::Kind;
use crate::subject::{Seat, Subject};
use crate::trial::{Rejected, Trial};

/// A worker, as the one who watches it has it.
pub(super) struct Worker {
    thread: JoinHandle<()>,
    desk: Arc<Desk>,
}

/// What a worker has before it.
struct Desk {
    /// The worker's number.
    number: u64,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// The case, the position of the runtime, and since when that runs.
    running: Option<(u64, usize, Instant)>,
    /// Whether nobody waits for this worker any more.
    given_up: bool,
}

impl Desk {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn runs(&self, running: Option<(u64, usize)>) {
        self.inner().running = running.map(|(number, at)| (number, at, Instant::now()));
    }

    fn is_given_up(&self) -> bool {
        self.inner().given_up
    }
}

impl Worker {
    pub(super) fn start(shared: &Arc<Shared>) -> Result<Worker, FuzzError> {
        let desk = Arc::new(Desk {
            number: shared.workers.fetch_add(1, Ordering::Relaxed),
            inner: Mutex::default(),
        });
        let (shared, its_desk, watcher) =
            (Arc::clone(shared), Arc::clone(&desk), thread::current());
        let thread = thread::Builder::new()
            .stack_size(STACK)
            .spawn(move || work(&shared, &its_desk, &watcher))
            .map_err(FuzzError::io(Path::new("a thread")))?;
        Ok(Worker { thread, desk })
    }

    pub(super) fn has_ended(&self) -> bool {
        self.thread.is_finished()
    }

    /// Whether its runtime has not come back for so long.
    pub(super) fn hangs(&self, time: Duration) -> bool {
        let running = self.desk.inner().running;
        running.is_some_and(|(_, _, since)| since.elapsed() > time)
    }

    /// Waits for it no longer, and reports the case that it is at.
    pub(super) fn give_up(&self, shared: &Shared) {
        let running = {
            let mut inner = self.desk.inner();
            inner.given_up = true;
            inner.running
        };
        let Some((number, at, _)) = running else {
            return;
        };
        let subject = &shared.options.subjects[at];
        let message = "it does not even come back when its time is over".to_owned();
        let hang = finding(Kind::Hang, &subject.info().name, message);
        let trial = shared.options.feed.trial(shared.options.seed, number);
        if let (Ok(trial), Outcome::Finding(found)) = (&trial, &hang) {
            let dir = found_it(shared, number, subject, trial, found);
            if let Some(dir) = dir {
                shared.board.tell(found.signature.in_words(), dir);
            }
        }
        shared.board.ends(
            number,
            trial.map(|_| Done {
                coverage: Default::default(),
                outcomes: vec![hang],
                others: Vec::new(),
            }),
        );
    }
}

fn work(shared: &Arc<Shared>, desk: &Desk, watcher: &Thread) {
    let its_shared = Arc::clone(shared);
    let worker = desk.number;
    witness_panics_of_this_thread(move |message| {
        let message = message.to_owned();
        its_shared.tell(Sign::Panics { worker, message });
    });
    let mut judge = judge(shared);
    let subjects = shared.options.subjects.iter();
    let mut seats: Vec<Seat> = subjects.cloned().map(Seat::new).collect();
    while let Some(number) = shared.take() {
        shared.board.begins(number);
        let done = case(shared, number, desk, &mut judge, &mut seats);
        if desk.is_given_up() {
            return;
        }
        shared.board.ends(number, done);
        if number % WEIGHED == 0 {
            for seat in &seats {
                let process = seat.process();
                if let Some(bytes) = growth::resident(process) {
                    shared.board.weighs(&seat.subject.name, process, bytes);
                }
            }
        }
    }
    watcher.unpark();
}

fn judge(shared: &Shared) -> Judge {
    Judge::new(BOUNDS, shared.options.timeout)
}

fn case(
    shared: &Shared,
    number: u64,
    desk: &Desk,
    judge: &mut Judge,
    seats: &mut [Seat],
) -> Result<Done, Rejected> {
    let trial = shared.options.feed.trial(shared.options.seed, number)?;
    let run = || run(shared, number, &trial, desk, judge, seats);
    let done = match catch_unwind(AssertUnwindSafe(run)) {
        Ok(done) => done?,
        // Runtimes do not let panics out: this is the reference's.
        Err(panic) => {
            *judge = self::judge(shared);
            let crash = finding(Kind::Crash, "oracle", panic_message(&*panic));
            Done {
                coverage: Default::default(),
                outcomes: vec![crash],
                others: Vec::new(),
            }
        }
    };
    if desk.is_given_up() {
        return Ok(done);
    }
    for (at, outcome) in done.outcomes.iter().enumerate() {
        if let Outcome::Finding(found) = outcome {
            follow_up(shared, number, at, desk, &trial, found, judge, seats);
        }
    }
    for (at, trial, found) in &done.others {
        follow_up(shared, number, *at, desk, trial, found, judge, seats);
    }
    Ok(done)
}

/// Enters a finding, and makes its program smaller if it is new.
#[expect(clippy::too_many_arguments, reason = "what a worker has before it")]
fn follow_up(
    shared: &Shared,
    number: u64,
    at: usize,
    desk: &Desk,
    trial: &Trial,
    found: &Finding,
    judge: &mut Judge,
    seats: &mut [Seat],
) {
    let (worker, subject) = (desk.number, at);
    let seat = &mut seats[at];
    if let Some(dir) = found_it(shared, number, &seat.subject, trial, found) {
        shared.tell(Sign::Runs {
            worker,
            number,
            subject,
        });
        let triage = shared.triage();
        match triage.settle(trial, found, number, judge, seat) {
            Ok(Fate::New) => shared.board.tell(found.signature.in_words(), dir),
            Ok(Fate::Known | Fate::Twin) => shared.board.take_back(found.signature.id()),
            Err(error) => shared.board.fail(error),
        }
        shared.tell(Sign::Rests { worker });
    }
}

fn run(
    shared: &Shared,
    number: u64,
    trial: &Trial,
    desk: &Desk,
    judge: &mut Judge,
    seats: &mut [Seat],
) -> Result<Done, Rejected> {
    let prepared = judge.prepare(trial)?;
    let consulted = judge.consult(&prepared);
    let (mut outcomes, mut others) = (Vec::new(), Vec::new());
    if seats.is_empty() {
        outcomes.push(consulted.alone());
    }
    for (at, seat) in seats.iter_mut().enumerate() {
        let worker = desk.number;
        shared.tell(Sign::Runs {
            worker,
            number,
            subject: at,
        });
        desk.runs(Some((number, at)));
        let outcome = match shared.options.fatal.says(at, trial) {
            Some(why) => Outcome::Undecided { why },
            None => consulted.run(trial, seat),
        };
        let admissible = matches!(outcome, Outcome::Admissible(_));
        if let Some(way) = metamorphic::way(number).filter(|_| admissible) {
            desk.runs(Some((number, at)));
            let found = metamorphic::check(trial, way, judge, seat);
            others.extend(found.map(|(trial, found)| (at, trial, found)));
        }
        outcomes.push(outcome);
        desk.runs(None);
        shared.tell(Sign::Rests { worker });
    }
    Ok(Done {
        coverage: consulted.coverage().clone(),
        outcomes,
        others,
    })
}

/// Enters a finding, and writes it if it is new; gives where.
fn found_it(
    shared: &Shared,
    number: u64,
    subject: &Subject,
    trial: &Trial,
    found: &Finding,
) -> Option<PathBuf> {
    let id = found.signature.id();
    let triage = shared.triage();
    let reported = || !shared.board.is_new(&id) && shared.options.findings.has(&found.signature);
    if triage.is_known(found, subject) || reported() {
        shared.board.enter_known(id);
        return None;
    }
    if shared.board.enter_new(id) == Seen::Before {
        return None;
    }
    match triage.write(subject, trial, found, number) {
        Ok(dir) => Some(dir),
        Err(error) => {
            shared.board.fail(error);
            None
        }
    }
}
