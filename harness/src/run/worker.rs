//! A worker: takes files one after the other, runs each on its runtime, reports.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use assize_protocol::message::Form;

use super::contain::contain_panics_of_this_thread;
use super::whole;
use crate::host::{self, Explanation};
use crate::runtime::{Reading, Runtime, RuntimeFactory};
use crate::suite::{HOST_TEST, SuiteFile};
use crate::wast::script::{self, Ended, Sink, panic_message};
use crate::wast::{Judgement, Place};

/// One file to run on one runtime.
pub(super) struct Job {
    /// The runtime's place in [`Work::runtimes`].
    pub(super) runtime: usize,
    /// The file.
    pub(super) file: SuiteFile,
}

/// What all workers share.
pub(super) struct Work {
    pub(super) jobs: Vec<Job>,
    pub(super) runtimes: Vec<Arc<dyn RuntimeFactory>>,
    pub(super) timeout: Duration,
    /// What a reference follows.
    pub(super) reading: Reading,
    /// What host-driven tests are judged by.
    pub(super) judged_by: Reading,
    /// The first job that no worker has taken yet.
    pub(super) next: AtomicUsize,
}

/// What a worker reports.
pub(super) enum Event {
    /// It begins with a job, by its place in [`Work::jobs`].
    Started { job: usize },
    /// The file has these directives.
    Planned { places: Vec<Place> },
    /// What was seen of the host-driven test that the file is.
    Explained { explanation: Box<Explanation> },
    /// A directive is judged.
    Judged {
        place: Place,
        judgement: Judgement,
        took: Duration,
    },
    /// The file is done.
    Finished { took: Duration },
    /// There are no more jobs.
    Idle,
}

/// An event and the worker that reports it.
pub(super) type Report = (usize, Event);

/// A worker's thread from begin to end.
pub(super) fn work(id: usize, work: &Work, reports: &Sender<Report>) {
    contain_panics_of_this_thread();
    let mut runtimes: Vec<Option<Box<dyn Runtime>>> = Vec::new();
    runtimes.resize_with(work.runtimes.len(), || None);
    // A report that nobody takes means that the run is over or the worker abandoned.
    let tell = |event| reports.send((id, event)).is_ok();
    loop {
        let index = work.next.fetch_add(1, Ordering::Relaxed);
        let Some(job) = work.jobs.get(index) else {
            break;
        };
        let Some((factory, slot)) = work
            .runtimes
            .get(job.runtime)
            .zip(runtimes.get_mut(job.runtime))
        else {
            break;
        };
        if !tell(Event::Started { job: index }) {
            return;
        }
        let began = Instant::now();
        let mut telling = Telling { tell: &tell };
        let step = || run_file(&job.file.path, factory.as_ref(), slot, work, &mut telling);
        if let Err(panic) = catch_unwind(AssertUnwindSafe(step)) {
            let judgement = Judgement::crash(panic_message(&*panic));
            telling.judged(&Place::file(1, 1), judgement, began.elapsed());
        }
        if !tell(Event::Finished {
            took: began.elapsed(),
        }) {
            return;
        }
    }
    tell(Event::Idle);
}

/// Passes a script's results on as events.
struct Telling<'t> {
    tell: &'t dyn Fn(Event) -> bool,
}

impl Sink<dyn Runtime> for Telling<'_> {
    fn explains(&self) -> bool {
        true
    }

    fn explained(&mut self, explanation: Explanation) {
        let explanation = Box::new(explanation);
        (self.tell)(Event::Explained { explanation });
    }

    fn planned(&mut self, places: &[Place]) {
        (self.tell)(Event::Planned {
            places: places.to_vec(),
        });
    }

    fn judged(&mut self, place: &Place, judgement: Judgement, took: Duration) {
        (self.tell)(Event::Judged {
            place: place.clone(),
            judgement,
            took,
        });
    }
}

/// Runs one file. The slot keeps the runtime for the next file, unless it was lost.
fn run_file(
    path: &Path,
    factory: &dyn RuntimeFactory,
    slot: &mut Option<Box<dyn Runtime>>,
    work: &Work,
    sink: &mut dyn Sink<dyn Runtime>,
) {
    let began = Instant::now();
    let mut error = |message: String| {
        sink.judged(
            &Place::file(1, 1),
            Judgement::error(message),
            began.elapsed(),
        );
    };
    let text = match fs::read(path).map(String::from_utf8) {
        Ok(Ok(text)) => text,
        Ok(Err(not_utf8)) => {
            let offset = not_utf8.utf8_error().valid_up_to();
            return error(format!("not a script: not UTF-8 at byte {offset}"));
        }
        Err(unreadable) => return error(format!("cannot be read: {unreadable}")),
    };
    // While the runtime is out of its slot, a panic loses it.
    let mut runtime = match slot.take().map_or_else(|| factory.start(work.reading), Ok) {
        Ok(runtime) => runtime,
        Err(failed) => return error(failed.to_string()),
    };
    if let Err(failure) = runtime.reset() {
        let judgement = Judgement::failed("a runtime that starts", failure);
        return sink.judged(&Place::file(1, 1), judgement, began.elapsed());
    }
    let deadline = Some(began + work.timeout);
    let is_script = path
        .extension()
        .is_none_or(|extension| extension != HOST_TEST);
    let ended = match is_script {
        _ if runtime.form() != Form::Component => {
            let source = match is_script {
                true => whole::Source::Script,
                false => whole::Source::HostDriven,
            };
            whole::run(&text, source, runtime.as_mut(), deadline, sink)
        }
        true => script::run(&text, runtime.as_mut(), deadline, sink),
        false => host::run(&text, runtime.as_mut(), deadline, work.judged_by, sink),
    };
    if ended == Ended::Well {
        *slot = Some(runtime);
    }
}
