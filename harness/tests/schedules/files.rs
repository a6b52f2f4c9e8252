//! What is run: the files of a suite, and how.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use assize_harness::explore::limits;
use assize_harness::host::plan_case;
use assize_harness::suite::{Filter, Locations, Suite, SuiteName};
use assize_harness::wast::{Plan, plan_text};
use assize_reference::explore::exhaustive::Bounds;
use assize_reference::explore::pct::Pct;
use assize_reference::explore::random::Random;
use assize_reference::explore::replay::{Replay, ReplayError};
use assize_reference::explore::run::{Ran, Run};
use assize_reference::explore::schedule::Schedule;
use assize_reference::machine::choice::{Deterministic, Scheduler};
use assize_reference::machine::reading::Reading;

/// The most choices of a run.
const MAX_CHOICES: usize = 20_000;

/// The orderings that a bug needs which PCT looks for.
const DEPTH: u32 = 3;

/// A file of a suite.
pub struct File {
    pub name: String,
    pub plan: Plan,
    pub reading: Reading,
    /// How many choices the deterministic run has.
    length: u32,
}

/// A scheduler that chooses at random.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chance {
    Random(u64),
    Pct(u64),
}

/// The files of a suite that one can explore, in which something happens; none where the suite is
/// not there.
pub fn files(suite: SuiteName) -> Vec<File> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let globs: Vec<String> = env::var("ASSIZE_ONLY").into_iter().collect();
    let filter = Filter::new(&globs).expect("it is a glob");
    let Ok(found) = Suite::discover(suite, &Locations::from_env(workspace), &filter) else {
        return Vec::new();
    };
    let reading = match suite {
        SuiteName::Official => Reading::Tests,
        SuiteName::SpecTests | SuiteName::Core => Reading::Text,
    };
    let file = |file: &assize_harness::suite::SuiteFile| {
        let text = fs::read_to_string(&file.path).expect("the file is text");
        let plan = plan_text(&text, reading).ok()?;
        let file = File {
            name: file.name.clone(),
            plan,
            reading,
            length: 0,
        };
        let length = file.finish(&mut Deterministic).schedule.choices.len() as u32;
        let has_actions = !file.plan.script.actions.is_empty();
        has_actions.then_some(File { length, ..file })
    };
    found.files.iter().filter_map(file).collect()
}

/// The host-driven tests, all that can be explored.
pub fn host_files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec-tests/host");
    let topics = fs::read_dir(root)
        .expect("our own tests are here")
        .flatten();
    let cases = topics.flat_map(|topic| fs::read_dir(topic.path()).into_iter().flatten());
    let paths = cases.flatten().map(|case| case.path());
    let is_case = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "wat");
    let mut paths: Vec<_> = paths.filter(is_case).collect();
    paths.sort();
    let file = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("the file is text");
        let plan = plan_case(&text).expect("our own tests can be planned");
        let file = File {
            name: path.display().to_string(),
            plan,
            reading: Reading::Text,
            length: 0,
        };
        let length = file.finish(&mut Deterministic).schedule.choices.len() as u32;
        File { length, ..file }
    };
    paths.iter().map(file).collect()
}

impl File {
    /// A run that has not begun.
    pub fn start(&self) -> Run {
        Run::new(limits(), self.reading)
    }

    /// The run that a scheduler makes of it.
    pub fn finish(&self, scheduler: &mut dyn Scheduler) -> Ran {
        let script = &self.plan.script;
        self.start().finish(script, scheduler, MAX_CHOICES)
    }

    /// A run by chance.
    pub fn run(&self, chance: Chance) -> Ran {
        match chance {
            Chance::Random(seed) => self.finish(&mut Random::new(seed)),
            Chance::Pct(seed) => self.finish(&mut Pct::new(seed, DEPTH, self.length)),
        }
    }

    /// The run of a schedule.
    pub fn replay(&self, schedule: Schedule) -> Result<Ran, ReplayError> {
        let mut replay = Replay::new(schedule);
        let ran = self.finish(&mut replay);
        replay.finish().map(|()| ran)
    }
}

/// Both schedulers with each seed: as many as the environment says, or else `default`.
pub fn chances(default: u64) -> impl Iterator<Item = Chance> {
    let seeds = 0..number("ASSIZE_SEEDS", default);
    seeds.flat_map(|seed| [Chance::Random(seed), Chance::Pct(seed)])
}

/// The bounds of one exploration.
pub fn bounds() -> Bounds {
    Bounds {
        states: number("ASSIZE_STATES", 5_000),
        time: Duration::from_secs(3600),
        ..Bounds::default()
    }
}

pub fn number(variable: &str, default: u64) -> u64 {
    let given = env::var(variable).ok();
    given.map_or(default, |given| given.parse().expect("it is a number"))
}
