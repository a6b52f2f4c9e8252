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
    /// The directory of its files: `programs/`, which is the corpus and is given seeds if it is empty;
    /// `artifacts/`, the inputs with which something was found; `tally/`, what the processes tell.
    pub dir: PathBuf,
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
    fn corpus(&self) -> PathBuf {
        self.dir.join("programs")
    }

    fn artifacts(&self) -> PathBuf {
        self.dir.join("artifacts")
    }

    fn tally(&self) -> PathBuf {
        self.dir.join("tally")
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
        let corpus = self.corpus();
        for dir in [&corpus, &self.artifacts()] {
            fs::create_dir_all(dir).map_err(FuzzError::io(dir))?;
        }
        let mut inputs = fs::read_dir(&corpus).map_err(FuzzError::io(&corpus))?;
        if inputs.next().is_none() {
            corpus::emit_programs(&corpus, self.seed, SEEDS)?;
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// Remembers what it was told last.
    #[derive(Default)]
    struct Memory {
        built: String,
        guidance: Guidance,
    }

    impl Watcher for Memory {
        fn builds(&mut self, line: &str) {
            self.built = line.to_owned();
        }

        fn progress(&mut self, _: &Progress, guidance: &Guidance) {
            self.guidance = guidance.clone();
        }
    }

    fn guided(dir: &Path) -> Guided {
        Guided {
            target: Target::ReferenceOnly,
            workspace: dir.to_owned(),
            dir: dir.join("work"),
            findings: dir.join("findings"),
            time: Some(Duration::from_secs(2)),
            jobs: NonZeroUsize::MIN,
            seed: 7,
        }
    }

    fn run(dir: &Path, script: &str) -> (Result<Hunt, FuzzError>, Memory) {
        let versions = "case \"$*\" in *--version) echo cargo 1.97.0-nightly; exit;; esac";
        let cargo = tools::tests::fake(dir, &format!("{versions}\n{script}"));
        let mut memory = Memory::default();
        let tools = Tools::of(cargo).unwrap();
        let hunt = guided(dir).run(&tools, &AtomicBool::new(false), &mut memory);
        (hunt, memory)
    }

    #[test]
    fn only_a_runtime_that_is_built_in_can_be_guided() {
        let against = |names: &[&str]| {
            let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
            Target::against(&names).map_err(|error| error.to_string())
        };
        assert_eq!(against(&["wasmtime"]), Ok(Target::DifferentialWasmtime));
        assert_eq!(against(&["reference"]), Ok(Target::ReferenceOnly));
        let jco = "`libfuzzer` is guided by the coverage of a runtime that is built in: `--against` \
                   wasmtime or reference, not `jco`; `--engine random` takes any";
        assert_eq!(against(&["jco"]), Err(jco.to_owned()));
        assert!(against(&["wasmtime", "reference"]).is_err());
    }

    #[test]
    fn a_process_that_finds_something_is_started_again_and_its_input_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        // It ends with an input once, and then goes on until its time is over.
        let script = "echo \"$@\" >> calls
            case \"$*\" in *' build '*) echo Compiling x >&2; exit;; esac
            echo '#8 NEW cov: 5 ft: 9 corp: 2/3b' >&2
            [ -f once ] && sleep 2 && exit
            touch once work/artifacts/crash-1
            echo 'SUMMARY: AddressSanitizer: SEGV x.rs' >&2
            echo 'Test unit written to work/artifacts/crash-1' >&2
            exit 77";
        let (hunt, memory) = run(dir.path(), script);
        let hunt = hunt.unwrap();
        let [artifact] = &hunt.artifacts[..] else {
            panic!("{hunt:?}");
        };
        assert!(artifact.path.ends_with("work/artifacts/crash-1"));
        assert_eq!(
            artifact.said.as_deref(),
            Some("AddressSanitizer: SEGV x.rs")
        );
        assert_eq!(memory.built, "Compiling x");
        assert_eq!((memory.guidance.places, memory.guidance.features), (5, 9));
        let seeds = fs::read_dir(dir.path().join("work/programs")).unwrap();
        assert_eq!(seeds.count(), SEEDS as usize);
        let calls = fs::read_to_string(dir.path().join("calls")).unwrap();
        let calls = calls.replace(dir.path().to_str().unwrap(), "DIR");
        let calls: Vec<_> = calls.lines().collect();
        // The time that is left depends on the machine; the seed is another one.
        let again = calls
            .get(2)
            .and_then(|call| call.split_once("-max_total_time="));
        insta::assert_snapshot!(format!("{}\n{}", calls[..2].join("\n"), again.unwrap().0), @r"
        +nightly fuzz build --release --debug-assertions --sanitizer address reference_only
        +nightly fuzz run --release --debug-assertions --sanitizer address reference_only DIR/work/programs -- -artifact_prefix=DIR/work/artifacts/ -max_len=65536 -len_control=0 -timeout=30 -rss_limit_mb=2560 -detect_leaks=0 -seed=448 -max_total_time=2
        +nightly fuzz run --release --debug-assertions --sanitizer address reference_only DIR/work/programs -- -artifact_prefix=DIR/work/artifacts/ -max_len=65536 -len_control=0 -timeout=30 -rss_limit_mb=2560 -detect_leaks=0 -seed=449 
        ");
    }

    #[test]
    fn a_process_that_ends_for_nothing_again_and_again_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let script = "case \"$*\" in *' build '*) exit;; esac; echo no such flag >&2; exit 1";
        let error = run(dir.path(), script).0.unwrap_err().to_string();
        assert_eq!(
            error,
            "`reference_only` ends by itself and leaves no input: no such flag"
        );
    }

    #[test]
    fn what_cannot_be_built_is_an_error_with_the_last_words_of_cargo() {
        let dir = tempfile::tempdir().unwrap();
        let error = run(dir.path(), "echo 'error: no linker' >&2; exit 101").0;
        let error = error.unwrap_err().to_string();
        assert_eq!(error, "`reference_only` cannot be built: error: no linker");
    }
}
