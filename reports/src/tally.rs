//! Counting: how many tests and directives have which verdict, for a runtime in a suite or in one
//! folder of it.

use std::{collections::BTreeMap, ops::AddAssign};

use assize_harness::results::Verdict;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    model::{Run, RuntimeIndex, SuiteIndex, TestRun},
    text::Text,
};

/// How many directives have which verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Verdicts {
    /// All of them.
    pub total: usize,
    /// The runtime did what the directive says.
    pub pass: usize,
    /// It did something else.
    pub fail: usize,
    /// It lacks a capability that the directive needs.
    pub unsupported: usize,
    /// It died.
    pub crash: usize,
    /// The file's time was over.
    pub timeout: usize,
    /// It answered what is not an answer of the protocol.
    #[serde(rename = "protocol-error")]
    pub protocol_error: usize,
    /// Neither that it is right nor that it is wrong was found out.
    pub undecided: usize,
    /// The directive could not be judged.
    pub error: usize,
}

impl Verdicts {
    /// How many directives have this verdict.
    pub fn get(&self, verdict: Verdict) -> usize {
        match verdict {
            Verdict::Pass => self.pass,
            Verdict::Fail => self.fail,
            Verdict::Unsupported => self.unsupported,
            Verdict::Crash => self.crash,
            Verdict::Timeout => self.timeout,
            Verdict::Protocol => self.protocol_error,
            Verdict::Undecided => self.undecided,
            Verdict::Error => self.error,
        }
    }

    fn add(&mut self, verdict: Verdict) {
        self.total += 1;
        *match verdict {
            Verdict::Pass => &mut self.pass,
            Verdict::Fail => &mut self.fail,
            Verdict::Unsupported => &mut self.unsupported,
            Verdict::Crash => &mut self.crash,
            Verdict::Timeout => &mut self.timeout,
            Verdict::Protocol => &mut self.protocol_error,
            Verdict::Undecided => &mut self.undecided,
            Verdict::Error => &mut self.error,
        } += 1;
    }
}

impl AddAssign for Verdicts {
    fn add_assign(&mut self, other: Self) {
        self.total += other.total;
        self.pass += other.pass;
        self.fail += other.fail;
        self.unsupported += other.unsupported;
        self.crash += other.crash;
        self.timeout += other.timeout;
        self.protocol_error += other.protocol_error;
        self.undecided += other.undecided;
        self.error += other.error;
    }
}

/// Files, and their directives by verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Tally {
    /// Files that were run.
    pub files: usize,
    /// Files of which every directive passed.
    pub files_passed: usize,
    /// The directives of these files.
    pub directives: Verdicts,
}

impl From<&TestRun> for Tally {
    fn from(run: &TestRun) -> Self {
        let mut directives = Verdicts::default();
        for directive in &run.directives {
            directives.add(directive.verdict);
        }
        Self {
            files: 1,
            files_passed: usize::from(run.passed()),
            directives,
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.files += other.files;
        self.files_passed += other.files_passed;
        self.directives += other.directives;
    }
}

/// What was counted together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The suite.
    pub suite: SuiteIndex,
    /// The folder within the suite, empty for files at its top; absent where the whole suite is
    /// counted.
    pub folder: Option<Text>,
    /// The runtime.
    pub runtime: RuntimeIndex,
    /// The counts.
    pub tally: Tally,
}

/// Counts the files of each folder and runtime apart: by suite, then folder, then runtime.
pub fn by_folder(run: &Run) -> Vec<Group> {
    group(run, |test| Some(test.folder()))
}

/// Counts the files of each suite and runtime apart: by suite, then runtime.
pub fn by_suite(run: &Run) -> Vec<Group> {
    group(run, |_| None)
}

/// Counts everything together.
pub fn overall(run: &Run) -> Tally {
    let mut tally = Tally::default();
    run.runs().for_each(|(_, run)| tally += Tally::from(run));
    tally
}

/// What one runtime has, in all suites.
pub fn of_runtime(run: &Run, runtime: RuntimeIndex) -> Tally {
    let mut tally = Tally::default();
    let runs = run.runs().filter(|(_, run)| run.runtime == runtime);
    runs.for_each(|(_, run)| tally += Tally::from(run));
    tally
}

fn group(run: &Run, folder: impl Fn(&crate::model::Test) -> Option<&str>) -> Vec<Group> {
    let mut groups: BTreeMap<_, Tally> = BTreeMap::new();
    for (test, of_test) in run.runs() {
        let key = (test.suite, folder(test), of_test.runtime);
        *groups.entry(key).or_default() += Tally::from(of_test);
    }
    let groups = groups.into_iter();
    let groups = groups.map(|((suite, folder, runtime), tally)| Group {
        suite,
        folder: folder.map(Text::ours),
        runtime,
        tally,
    });
    groups.collect()
}
