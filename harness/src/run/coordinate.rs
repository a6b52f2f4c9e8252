//! The thread that hands out files, collects reports and watches the clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use super::worker::{Event, Job, Report, Work, work};
use super::{Observer, RunOptions};

use crate::error::HarnessError;
use crate::host::Explanation;
use crate::results::{DirectiveResult, FileResult};
use crate::runtime::{Reading, RuntimeFactory};
use crate::suite::Suite;
use crate::wast::{Judgement, Place};

/// How long after its file's time a worker may take to notice before it is abandoned.
const GRACE: Duration = Duration::from_secs(2);

/// Scripts nest deeply, and so do the parsers and compilers that read them.
pub(crate) const WORKER_STACK: usize = 32 << 20;

/// What is known of a file that is being run.
struct Running {
    job: usize,
    began: Instant,
    places: Vec<Place>,
    directives: Vec<DirectiveResult>,
    explanation: Option<Box<Explanation>>,
}

/// A worker's number, and the file that it is at.
struct Worker {
    id: usize,
    running: Option<Running>,
}

pub(super) struct Coordinator<'a> {
    suite: &'a Suite,
    work: Arc<Work>,
    options: RunOptions,
    observer: &'a mut dyn Observer,
    reports: (Sender<Report>, Receiver<Report>),
    workers: Vec<Worker>,
    next_worker: usize,
    results: Vec<(usize, FileResult)>,
}

impl<'a> Coordinator<'a> {
    pub(super) fn new(
        suite: &'a Suite,
        runtimes: &[Arc<dyn RuntimeFactory>],
        options: RunOptions,
        observer: &'a mut dyn Observer,
    ) -> Self {
        let jobs = (0..runtimes.len()).flat_map(|runtime| {
            suite.files.iter().map(move |file| Job {
                runtime,
                file: file.clone(),
            })
        });
        let work = Work {
            jobs: jobs.collect(),
            runtimes: runtimes.to_vec(),
            timeout: options.timeout,
            reading: options.reading.unwrap_or(suite.reading()),
            judged_by: options.reading.unwrap_or(Reading::Either),
            next: AtomicUsize::new(0),
        };
        Coordinator {
            suite,
            work: Arc::new(work),
            options,
            observer,
            reports: mpsc::channel(),
            workers: Vec::new(),
            next_worker: 0,
            results: Vec::new(),
        }
    }

    pub(super) fn run(mut self) -> Result<Vec<FileResult>, HarnessError> {
        for _ in 0..self.options.jobs.get().min(self.work.jobs.len()) {
            self.hire()?;
        }
        while !self.workers.is_empty() {
            match self.reports.1.recv_timeout(self.until_first_overdue()) {
                Ok((worker, event)) => self.handle(worker, event),
                Err(RecvTimeoutError::Timeout) => self.abandon_overdue()?,
                // Cannot be: `self` holds a sender. If it could, there would be nothing to wait for.
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.results.sort_by_key(|(job, _)| *job);
        Ok(self.results.into_iter().map(|(_, result)| result).collect())
    }

    fn hire(&mut self) -> Result<(), HarnessError> {
        let id = self.next_worker;
        self.next_worker += 1;
        let (shared, reports) = (Arc::clone(&self.work), self.reports.0.clone());
        thread::Builder::new()
            .name(format!("assize-worker-{id}"))
            .stack_size(WORKER_STACK)
            .spawn(move || work(id, &shared, &reports))
            .map_err(|source| HarnessError::Io {
                path: self.suite.root.clone(),
                source,
            })?;
        self.workers.push(Worker { id, running: None });
        Ok(())
    }

    fn handle(&mut self, id: usize, event: Event) {
        // What an abandoned worker still reports is not heard.
        let Some(position) = self.workers.iter().position(|worker| worker.id == id) else {
            return;
        };
        if let Event::Idle = event {
            self.workers.remove(position);
            return;
        }
        let worker = &mut self.workers[position];
        match (event, worker.running.as_mut()) {
            (Event::Started { job }, _) => {
                let began = Instant::now();
                let (places, directives) = (Vec::new(), Vec::new());
                worker.running = Some(Running {
                    job,
                    began,
                    places,
                    directives,
                    explanation: None,
                });
                if let Some(Job { runtime, file }) = self.work.jobs.get(job) {
                    let info = self.work.runtimes[*runtime].info();
                    self.observer.file_started(&info.name, &file.name);
                }
            }
            (Event::Planned { places }, Some(running)) => running.places = places,
            (Event::Explained { explanation }, Some(running)) => {
                running.explanation = Some(explanation);
            }
            (
                Event::Judged {
                    place,
                    judgement,
                    took,
                },
                Some(running),
            ) => {
                let result = result(self.suite, &self.work, running.job, &place, judgement, took);
                running.directives.push(result);
            }
            (Event::Finished { took }, Some(_)) => {
                if let Some(running) = worker.running.take() {
                    self.finish(running, took);
                }
            }
            (_, None) | (Event::Idle, _) => {}
        }
    }

    fn finish(&mut self, running: Running, took: Duration) {
        let Some(job) = self.work.jobs.get(running.job) else {
            return;
        };
        let info = self.work.runtimes[job.runtime].info();
        let result = FileResult {
            runtime: info.name.clone(),
            version: info.version.clone(),
            suite: self.suite.name.clone(),
            file: job.file.name.clone(),
            directives: running.directives,
            explanation: running.explanation,
            micros: micros(took),
        };
        self.observer.file_finished(&result);
        self.results.push((running.job, result));
    }

    fn until_first_overdue(&self) -> Duration {
        let patience = self.options.timeout + GRACE;
        let running = self
            .workers
            .iter()
            .filter_map(|worker| worker.running.as_ref());
        let longest = running
            .map(|running| running.began.elapsed())
            .max()
            .unwrap_or_default();
        patience.saturating_sub(longest)
    }

    /// Gives up on workers that are far over their time, and hires others for the jobs left.
    fn abandon_overdue(&mut self) -> Result<(), HarnessError> {
        let patience = self.options.timeout + GRACE;
        let mut kept = Vec::new();
        let mut overdue = Vec::new();
        for worker in std::mem::take(&mut self.workers) {
            match worker.running {
                Some(running) if running.began.elapsed() >= patience => overdue.push(running),
                running => kept.push(Worker { running, ..worker }),
            }
        }
        self.workers = kept;
        for mut running in overdue {
            self.time_out_rest(&mut running);
            let took = running.began.elapsed();
            self.finish(running, took);
            if self.work.next.load(Ordering::Relaxed) < self.work.jobs.len() {
                self.hire()?;
            }
        }
        Ok(())
    }

    fn time_out_rest(&self, running: &mut Running) {
        let judged = running.directives.len();
        let mut rest = running.places.get(judged..).unwrap_or_default().to_vec();
        if running.places.is_empty() {
            rest.push(Place::file(1, 1));
        }
        for (index, place) in rest.iter().enumerate() {
            let (message, took) = if index == 0 {
                (
                    "still running when the file's time was over; abandoned",
                    running.began.elapsed(),
                )
            } else {
                ("not run: the file's time was over", Duration::ZERO)
            };
            let judgement = Judgement::timeout(message);
            let result = result(self.suite, &self.work, running.job, place, judgement, took);
            running.directives.push(result);
        }
    }
}

fn result(
    suite: &Suite,
    work: &Work,
    job: usize,
    place: &Place,
    judgement: Judgement,
    took: Duration,
) -> DirectiveResult {
    let job = &work.jobs[job];
    let info = work.runtimes[job.runtime].info();
    DirectiveResult {
        runtime: info.name.clone(),
        version: info.version.clone(),
        suite: suite.name.clone(),
        file: job.file.name.clone(),
        line: place.line,
        column: place.column,
        directive: place.directive.clone(),
        verdict: judgement.verdict,
        capability: judgement.capability,
        detail: judgement.detail,
        rule: judgement.rule,
        micros: micros(took),
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
