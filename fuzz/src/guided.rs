//! Campaigns that coverage guides: cargo-fuzz builds a target with its runtime instrumented, libFuzzer
//! looks for programs that reach more of it, and what it ends with becomes findings as everywhere else.
//!
//! Each job is a process of libFuzzer's. All of them work on one corpus, to which they write what is new at
//! once, so that it is whole whenever they are stopped. A job that ends with an input that it has found
//! something with is started again.

mod artifacts;
mod fuzzer;
mod tools;

use std::fs;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use assize_harness::runtime::{REFERENCE, WASMTIME};

pub use self::artifacts::{Campaign, Confirm, Unconfirmed, confirm, is_artifact};
use self::fuzzer::Fuzzer;
pub use self::fuzzer::Guidance;
pub use self::tools::Tools;
use crate::campaign::Progress;
use crate::corpus;
use crate::error::FuzzError;
use crate::targets::{self, Ledger};

/// A target that takes programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Programs on Wasmtime.
    DifferentialWasmtime,
    /// Programs on the reference.
    ReferenceOnly,
}

impl Target {
    const ALL: [Target; 2] = [Target::DifferentialWasmtime, Target::ReferenceOnly];

    /// The target for what the command line calls a runtime.
    ///
    /// # Errors
    /// [`FuzzError::Engine`] where none is built in that coverage could guide.
    pub fn against(names: &[String]) -> Result<Target, FuzzError> {
        let known = |name: &str| {
            Target::ALL
                .into_iter()
                .find(|target| target.runtime() == name)
        };
        match names {
            [name] => known(name).ok_or_else(|| {
                FuzzError::Engine(format!(
                    "`libfuzzer` is guided by the coverage of a runtime that is built in: \
                     `--against` {WASMTIME} or {REFERENCE}, not `{name}`; `--engine random` takes any"
                ))
            }),
            _ => Err(FuzzError::Engine(format!(
                "`libfuzzer` runs programs on one runtime: `--against` {WASMTIME} or {REFERENCE}"
            ))),
        }
    }

    fn runtime(self) -> &'static str {
        match self {
            Target::DifferentialWasmtime => WASMTIME,
            Target::ReferenceOnly => REFERENCE,
        }
    }

    /// What campaigns call the runtime that it runs.
    pub fn subject(self) -> &'static str {
        match self {
            Target::DifferentialWasmtime => WASMTIME,
            Target::ReferenceOnly => targets::SEED,
        }
    }

    /// Its name in `fuzz/Cargo.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Target::DifferentialWasmtime => "differential_wasmtime",
            Target::ReferenceOnly => "reference_only",
        }
    }
}

/// A campaign.
pub struct Guided {
    /// What is run.
    pub target: Target,
    /// The root of the workspace.
    pub workspace: PathBuf,
    /// Where inputs are kept that reach something of their own. It is given seeds if it is empty.
    pub corpus: PathBuf,
    /// Where inputs are kept with which something was found, and what the processes tell.
    pub work: PathBuf,
    /// Where findings are, of which none is reported again.
    pub findings: PathBuf,
    /// How long it runs; until it is stopped if there is no telling.
    pub time: Option<Duration>,
    /// How many processes there are.
    pub jobs: NonZeroUsize,
    /// The seed that seeds are made from, and libFuzzer's choices.
    pub seed: u64,
}

/// Watches a campaign.
pub trait Watcher {
    /// What is built now, in the words of cargo.
    fn builds(&mut self, line: &str);

    /// How far it has come; called some times a second.
    fn progress(&mut self, progress: &Progress, guidance: &Guidance);
}

/// What came of a campaign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hunt {
    /// What the targets have counted.
    pub progress: Progress,
    /// How far coverage has come.
    pub guidance: Guidance,
    /// The inputs with which something was found, of this campaign and of earlier ones that were stopped
    /// before they were run again.
    pub artifacts: Vec<Artifact>,
}

/// An input with which libFuzzer has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Where it lies.
    pub path: PathBuf,
    /// What was said of it last, if that is known.
    pub said: Option<String>,
}

/// How many programs an empty corpus is given.
const SEEDS: u64 = 300;

/// How often the processes are looked at.
const LOOK: Duration = Duration::from_millis(200);

/// How long a process may take to end after its time.
const GRACE: Duration = Duration::from_secs(40);

/// How often processes may end one after the other without an input to show for it.
const DEATHS: u32 = 5;

impl Guided {
    /// Where libFuzzer puts the inputs with which something was found.
    pub fn artifacts(&self) -> PathBuf {
        self.work.join("artifacts")
    }

    /// Builds the target and runs it until the time is over, or `stop` is set.
    ///
    /// # Errors
    /// [`FuzzError::Engine`] where it cannot be built, or ends by itself whatever it is given;
    /// [`FuzzError::Io`] where there is no room for its files.
    pub fn run(
        &self,
        tools: &Tools,
        stop: &AtomicBool,
        watcher: &mut dyn Watcher,
    ) -> Result<Hunt, FuzzError> {
        let ledger = self.prepare()?;
        tools.build(self, stop, watcher)?;
        let began = Instant::now();
        let mut jobs = Vec::new();
        if !stop.load(Ordering::Relaxed) {
            for number in 0..self.jobs.get() {
                jobs.push(Job::start(self, tools, number, self.time)?);
            }
        }
        let mut hunt = Hunt::default();
        while !jobs.is_empty() {
            thread::sleep(LOOK);
            let left = self.time.map(|time| time.saturating_sub(began.elapsed()));
            let late = self.time.is_some_and(|time| began.elapsed() > time + GRACE);
            if stop.load(Ordering::Relaxed) || late {
                jobs.iter_mut().for_each(|job| job.fuzzer.stop());
            }
            let mut going = Vec::new();
            for mut job in jobs {
                let Some(ended) = job.fuzzer.look(&mut hunt)? else {
                    going.push(job);
                    continue;
                };
                let over = left.is_some_and(|left| left < LOOK) || stop.load(Ordering::Relaxed);
                if !over {
                    job.restart(self, tools, left, ended)?;
                    going.push(job);
                }
            }
            jobs = going;
            hunt.progress = self.count(&ledger, began)?;
            watcher.progress(&hunt.progress, &hunt.guidance);
        }
        let found = hunt.artifacts;
        hunt.artifacts = artifacts::list(&self.artifacts(), &found)?;
        Ok(hunt)
    }

    /// Makes what has to be there.
    fn prepare(&self) -> Result<Ledger, FuzzError> {
        for dir in [&self.corpus, &self.artifacts()] {
            fs::create_dir_all(dir).map_err(FuzzError::io(dir))?;
        }
        let mut inputs = fs::read_dir(&self.corpus).map_err(FuzzError::io(&self.corpus))?;
        if inputs.next().is_none() {
            corpus::emit_programs(&self.corpus, self.seed, SEEDS)?;
        }
        let tally = self.tally();
        match fs::remove_dir_all(&tally) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(FuzzError::io(&tally)(error));
            }
            _ => {}
        }
        let ledger = Ledger::new(tally)?;
        ledger.mark_all(&self.findings)?;
        Ok(ledger)
    }

    fn tally(&self) -> PathBuf {
        self.work.join("tally")
    }

    /// What the processes have counted. What is new shows when their inputs are run again.
    fn count(&self, ledger: &Ledger, began: Instant) -> Result<Progress, FuzzError> {
        Ok(Progress {
            new: Default::default(),
            elapsed: began.elapsed(),
            ..ledger.sum()?
        })
    }

    /// What libFuzzer is told. Each process may have so much time.
    fn arguments(&self, job: usize, left: Option<Duration>) -> Vec<String> {
        let artifacts = self.artifacts();
        let seed = self.seed.wrapping_mul(64).wrapping_add(job as u64) as u32;
        let mut arguments = vec![
            format!("-artifact_prefix={}/", artifacts.display()),
            // As in fuzz/oss-fuzz/target.options, which says why.
            "-max_len=65536".to_owned(),
            "-len_control=0".to_owned(),
            "-timeout=30".to_owned(),
            "-rss_limit_mb=2560".to_owned(),
            "-detect_leaks=0".to_owned(),
            "-use_value_profile=0".to_owned(),
            // What other processes add to the corpus is taken up.
            "-reload=1".to_owned(),
            "-print_final_stats=1".to_owned(),
            // 0 would be another one each time.
            format!("-seed={}", seed.max(1)),
        ];
        arguments.extend(left.map(|left| format!("-max_total_time={}", left.as_secs().max(1))));
        arguments
    }
}

/// A process, and how often it has ended for nothing.
struct Job {
    number: usize,
    fuzzer: Fuzzer,
    deaths: u32,
}

impl Job {
    fn start(
        guided: &Guided,
        tools: &Tools,
        number: usize,
        left: Option<Duration>,
    ) -> Result<Job, FuzzError> {
        let command = tools.run(guided, &guided.arguments(number, left));
        let fuzzer = Fuzzer::start(command, &guided.tally())?;
        Ok(Job {
            number,
            fuzzer,
            deaths: 0,
        })
    }

    fn restart(
        &mut self,
        guided: &Guided,
        tools: &Tools,
        left: Option<Duration>,
        ended: fuzzer::Ended,
    ) -> Result<(), FuzzError> {
        let deaths = match ended.input {
            true => 0,
            false => self.deaths + 1,
        };
        if deaths >= DEATHS {
            let (name, words) = (guided.target.name(), ended.words);
            let reason = format!("`{name}` ends by itself and leaves no input: {words}");
            return Err(FuzzError::Engine(reason));
        }
        *self = Job {
            deaths,
            // Other choices than those with which it has ended.
            ..Job::start(guided, tools, self.number + guided.jobs.get(), left)?
        };
        Ok(())
    }
}
