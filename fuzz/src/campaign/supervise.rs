//! A campaign in a process of its own, so that a runtime that takes the process with it is a finding
//! and not the end.
//!
//! The process is given a [`Spec`] as one line of JSON, and says what it is at and how far it has come
//! in lines of JSON. It ends when its standard input does. Where it dies, the cases that it was at are
//! run once more, each with its runtime in a process for itself, and a new process goes on without them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::dead::Dead;
use super::weigh::weigh;
use super::{Fatal, Observer, Options, Progress, Sign, State, Until, Watch};
use crate::alter::AlteredTests;
use crate::chaos::ChaosFeed;
use crate::corpus::{Corpus, Feed, Generator, WithFirst};
use crate::error::FuzzError;
use crate::findings::Findings;
use crate::generate::Capabilities;
use crate::known::Known;
use crate::subject::Subject;
use crate::trial::Shape;

/// A campaign as data.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Spec {
    /// The runtimes, as the command line calls them. Where there are none, the reference runs the cases
    /// alone.
    pub against: Vec<String>,
    /// Where cases come from.
    pub cases: Cases,
    /// The seed that they are made from.
    pub seed: u64,
    /// The number of the first one.
    pub from: u64,
    /// Those that are left out.
    pub skip: BTreeSet<u64>,
    /// Components of which its processes have died.
    pub fatal: Fatal,
    /// When it is over.
    pub until: Until,
    /// How many run at once.
    pub jobs: NonZeroUsize,
    /// Where findings are written.
    pub findings: PathBuf,
    /// Where those are listed that are known.
    pub known: PathBuf,
    /// How long a new finding is made smaller.
    pub minimise: Duration,
    /// How long a runtime may take for a case.
    pub timeout: Duration,
    /// Where the campaign is kept when it is not over.
    pub state: Option<PathBuf>,
}

/// Where cases come from.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cases {
    /// They are made, in these forms by turns.
    Made(Vec<Shape>),
    /// They lie in this directory.
    Corpus(PathBuf),
    /// They are the tests below these directories, changed.
    Altered(Vec<PathBuf>),
    /// Their code is chance.
    Chaos,
}

/// What the process says, one on each line.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Message {
    Sign(Sign),
    Progress(Progress),
    Found(String, PathBuf),
    Failed(String),
    Done(Progress),
}

impl Spec {
    fn subjects(&self) -> Result<Vec<Subject>, FuzzError> {
        let subjects = self.against.iter().map(|name| Subject::find(name));
        subjects.collect()
    }

    /// What gives the cases: such as all of the runtimes can run.
    ///
    /// # Errors
    /// Those of [`Corpus::load`].
    fn feed(&self, subjects: &[Subject]) -> Result<Arc<dyn Feed>, FuzzError> {
        let made = |shapes: &[Shape]| Generator::new(shapes.to_vec(), common(subjects));
        Ok(match &self.cases {
            Cases::Corpus(dir) => Arc::new(Corpus::load(dir)?),
            Cases::Altered(dirs) => Arc::new(AlteredTests::load(dirs)?),
            Cases::Chaos => Arc::new(ChaosFeed),
            Cases::Made(shapes) => Arc::new(WithFirst(Arc::new(made(shapes)))),
        })
    }

    fn options(&self, watch: Watch) -> Result<Options, FuzzError> {
        let subjects = self.subjects()?;
        Ok(Options {
            feed: self.feed(&subjects)?,
            subjects,
            seed: self.seed,
            from: self.from,
            until: self.until,
            jobs: self.jobs,
            findings: Findings {
                root: self.findings.clone(),
            },
            known: Known::load(&self.known)?,
            minimise: self.minimise,
            timeout: self.timeout,
            state: self.state.clone(),
            skip: self.skip.clone(),
            fatal: self.fatal.clone(),
            watch: Some(watch),
        })
    }
}

/// What all of the runtimes have; the reference has everything.
fn common(subjects: &[Subject]) -> Capabilities {
    let has = |subject: &Subject| {
        let names = subject.info().capabilities.iter();
        names
            .map(|name| name.0.clone())
            .collect::<BTreeSet<String>>()
    };
    let common = subjects.iter().map(has);
    let common = common.reduce(|a, b| a.intersection(&b).cloned().collect());
    match common {
        Some(common) => Capabilities::named(common.iter().map(String::as_str)),
        None => Capabilities::all(),
    }
}

/// Runs the campaign that is described on standard input, in this process.
///
/// # Errors
/// [`FuzzError::Process`] where there is no such description. What goes wrong later is told on standard
/// output.
pub fn serve() -> Result<(), FuzzError> {
    let mut line = String::new();
    let read = io::stdin().read_line(&mut line);
    let spec: Result<Spec, String> = read
        .map_err(|error| error.to_string())
        .and_then(|_| serde_json::from_str(&line).map_err(|error| error.to_string()));
    let spec = spec.map_err(|error| FuzzError::Process(format!("no campaign: {error}")))?;
    let stop = Arc::new(AtomicBool::new(false));
    let its_stop = Arc::clone(&stop);
    thread::spawn(move || {
        // Whatever else comes, the end of it is what counts.
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        its_stop.store(true, Ordering::Relaxed);
    });
    let teller = Teller::default();
    let watch_teller = teller.clone();
    let watch: Watch = Arc::new(move |sign| watch_teller.tell(&Message::Sign(sign)));
    let mut observer = teller.clone();
    let ran = spec
        .options(watch)
        .and_then(|options| super::run(options, &stop, &mut observer));
    teller.tell(&match ran {
        Ok(progress) => Message::Done(progress),
        Err(error) => Message::Failed(error.to_string()),
    });
    Ok(())
}

/// Writes messages, each at once.
#[derive(Clone, Default)]
struct Teller(Arc<Mutex<()>>);

impl Teller {
    fn tell(&self, message: &Message) {
        let _turn = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Plain data always can be written so.
        let line = serde_json::to_string(message).unwrap_or_default() + "\n";
        let mut out = io::stdout().lock();
        // Where nobody reads any more, standard input has ended as well.
        let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
    }
}

impl Observer for Teller {
    fn progress(&mut self, progress: &Progress) {
        self.tell(&Message::Progress(progress.clone()));
    }

    fn found(&mut self, what: &str, dir: &Path) {
        self.tell(&Message::Found(what.to_owned(), dir.to_owned()));
    }
}

/// How the processes are started.
pub struct Program {
    /// A program that calls [`serve`], with its arguments.
    pub campaign: Vec<String>,
    /// The command that serves a runtime that is built in, without its name.
    pub serve: String,
}

/// How often a process may die before it has come any further.
const DEATHS: u32 = 20;

/// Runs a campaign in other processes, until it is over or `stop` is set.
///
/// # Errors
/// What is wrong with the campaign, or that its processes die without end.
pub fn run(
    mut spec: Spec,
    program: &Program,
    stop: &Arc<AtomicBool>,
    observer: &mut dyn Observer,
) -> Result<Progress, FuzzError> {
    // What is wrong with it is said here, before there is any process.
    let subjects = spec.subjects()?;
    subjects.iter().try_for_each(Subject::check)?;
    let feed = spec.feed(&subjects)?;
    let known = Known::load(&spec.known)?;
    let root = spec.findings.clone();
    Findings { root }.recover()?;
    let began = Instant::now();
    let time = spec.until;
    let mut total = Progress::default();
    let mut deaths = 0;
    loop {
        if let Until::Time(time) = time {
            spec.until = Until::Time(time.saturating_sub(began.elapsed()));
        }
        let mut process = Process::start(&spec, program)?;
        let ended = process.follow(stop, &total, observer)?;
        total.add(&process.progress);
        if let Ended::Done = ended {
            total.elapsed = began.elapsed();
            weigh(&spec, program, feed.as_ref(), stop, &mut total, observer)?;
            return Ok(total);
        }
        let status = process
            .child
            .wait()
            .map_err(FuzzError::io(Path::new("the campaign")))?;
        deaths = if process.progress.cases > 0 {
            0
        } else {
            deaths + 1
        };
        if process.running.is_empty() || deaths > DEATHS {
            let reason = format!("the process that runs cases ends by itself: {status}");
            return Err(FuzzError::Process(reason));
        }
        let mut fatal = Vec::new();
        for (worker, (number, at)) in process.running.clone() {
            spec.skip.insert(number);
            let dead = Dead {
                spec: &spec,
                known: &known,
                program,
                name: &spec.against[at],
                number,
                said: process.said.get(&worker).cloned(),
                status,
            };
            let trial = dead.examine(feed.as_ref(), stop, &mut total, observer)?;
            fatal.extend(trial.map(|trial| (at, trial)));
        }
        for (at, trial) in &fatal {
            spec.fatal.died(*at, trial);
        }
        spec.from = spec.from.max(process.progress.next);
        spec.skip.extend(&process.progress.ahead);
        if let Some(path) = &spec.state {
            let (next, skip) = (spec.from, spec.skip.clone());
            State { next, skip }.write(path)?;
        }
        if stop.load(Ordering::Relaxed) {
            total.elapsed = began.elapsed();
            return Ok(total);
        }
    }
}

enum Ended {
    Done,
    Died,
}

/// A process that runs a campaign.
struct Process {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Message>,
    progress: Progress,
    /// What each worker is at.
    running: BTreeMap<u64, (u64, usize)>,
    /// What the first panic of each worker said that is at a case.
    said: BTreeMap<u64, String>,
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.stdin.take());
        // It has ended, or nobody waits for what it still does.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Process {
    fn start(spec: &Spec, program: &Program) -> Result<Process, FuzzError> {
        let (name, arguments) = program
            .campaign
            .split_first()
            .ok_or_else(|| FuzzError::Process("there is no program for campaigns".to_owned()))?;
        let failed = |error: io::Error| FuzzError::Process(format!("{name}: {error}"));
        let mut command = Command::new(name);
        command.args(arguments);
        // Ctrl-C is for this process, which then lets that one come to its end.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let mut stdin = child.stdin.take();
        if let Some(stdin) = &mut stdin {
            let line = serde_json::to_string(spec).unwrap_or_default() + "\n";
            stdin.write_all(line.as_bytes()).map_err(failed)?;
        }
        let (sender, messages) = mpsc::channel();
        let stdout = child.stdout.take();
        thread::spawn(move || {
            let lines = stdout
                .into_iter()
                .flat_map(|out| BufReader::new(out).lines());
            for line in lines.map_while(Result::ok) {
                // A line that was cut off is the last one.
                let Ok(message) = serde_json::from_str(&line) else {
                    return;
                };
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Ok(Process {
            child,
            stdin,
            messages,
            progress: Progress {
                next: spec.from,
                ..Progress::default()
            },
            running: BTreeMap::new(),
            said: BTreeMap::new(),
        })
    }

    /// Passes on what the process says, until it says no more.
    fn follow(
        &mut self,
        stop: &AtomicBool,
        total: &Progress,
        observer: &mut dyn Observer,
    ) -> Result<Ended, FuzzError> {
        loop {
            if stop.load(Ordering::Relaxed) {
                self.stdin = None;
            }
            let message = match self.messages.recv_timeout(Duration::from_millis(100)) {
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => return Ok(Ended::Died),
            };
            match message {
                Message::Sign(Sign::Runs {
                    worker,
                    number,
                    subject,
                }) => {
                    self.said.remove(&worker);
                    self.running.insert(worker, (number, subject));
                }
                Message::Sign(Sign::Rests { worker }) => {
                    self.running.remove(&worker);
                }
                Message::Sign(Sign::Panics { worker, message }) => {
                    // What follows a first panic on the way out says less.
                    self.said.entry(worker).or_insert(message);
                }
                Message::Found(what, dir) => observer.found(&what, &dir),
                Message::Failed(reason) => return Err(FuzzError::Process(reason)),
                Message::Done(progress) => {
                    self.progress = progress;
                    return Ok(Ended::Done);
                }
                Message::Progress(progress) => {
                    let mut all = total.clone();
                    all.add(&progress);
                    observer.progress(&all);
                    self.progress = progress;
                }
            }
        }
    }
}
