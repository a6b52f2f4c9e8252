//! Counting: how many files and directives have which verdict, for a runtime in a suite or in one
//! folder of it.

use std::ops::AddAssign;

use assize_harness::results::{FileResult, Verdict};
use serde::{Serialize, Serializer, ser::SerializeMap};

/// Directives by verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verdicts([usize; Verdict::ALL.len()]);

impl Verdicts {
    /// How many directives have this verdict.
    pub fn get(&self, verdict: Verdict) -> usize {
        Verdict::ALL
            .iter()
            .zip(self.0)
            .find(|(known, _)| **known == verdict)
            .map_or(0, |(_, n)| n)
    }

    /// How many directives there are.
    pub fn total(&self) -> usize {
        self.0.iter().sum()
    }
}

impl Serialize for Verdicts {
    /// An object with `total` and one member a verdict, zeros included.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1 + Verdict::ALL.len()))?;
        map.serialize_entry("total", &self.total())?;
        for (verdict, count) in Verdict::ALL.iter().zip(self.0) {
            map.serialize_entry(verdict.name(), &count)?;
        }
        map.end()
    }
}

/// Files, and their directives by verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Files that were run.
    pub files: usize,
    /// Files of which every directive passed.
    pub files_passed: usize,
    /// The directives of these files.
    pub directives: Verdicts,
}

impl From<&FileResult> for Tally {
    fn from(file: &FileResult) -> Self {
        Self {
            files: 1,
            files_passed: usize::from(file.passed()),
            directives: Verdicts(Verdict::ALL.map(|verdict| file.count(verdict))),
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.files += other.files;
        self.files_passed += other.files_passed;
        for (mine, theirs) in self.directives.0.iter_mut().zip(other.directives.0) {
            *mine += theirs;
        }
    }
}

/// What was counted together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The suite's name.
    pub suite: String,
    /// The folder within the suite, empty for files at its top; absent where the whole suite is
    /// counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// The runtime's name.
    pub runtime: String,
    /// The runtime's version.
    pub version: String,
    /// The counts.
    #[serde(flatten)]
    pub tally: Tally,
}

/// Counts the files of each folder and runtime apart: by suite, then folder, then runtime.
pub fn by_folder(files: &[FileResult]) -> Vec<Group> {
    group(files, |file| Some(file.folder().to_owned()))
}

/// Counts the files of each suite and runtime apart: by suite, then runtime.
pub fn by_suite(files: &[FileResult]) -> Vec<Group> {
    group(files, |_| None)
}

/// Counts everything together.
pub fn overall(files: &[FileResult]) -> Tally {
    let mut tally = Tally::default();
    files.iter().for_each(|file| tally += Tally::from(file));
    tally
}

/// Suites and runtimes come in the order in which the files name them, folders in that of the
/// alphabet, whatever the order of the files.
fn group(files: &[FileResult], folder: impl Fn(&FileResult) -> Option<String>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for file in files {
        let group = Group {
            suite: file.suite.clone(),
            folder: folder(file),
            runtime: file.runtime.clone(),
            version: file.version.clone(),
            tally: Tally::from(file),
        };
        match groups.iter_mut().find(|known| known.counts_with(&group)) {
            Some(known) => known.tally += group.tally,
            None => groups.push(group),
        }
    }
    let suites = distinct(files, |file| &file.suite);
    let runtimes = distinct(files, |file| &file.runtime);
    groups.sort_by_key(|group| {
        let place = |names: &[&str], name: &str| names.iter().position(|known| *known == name);
        (
            place(&suites, &group.suite),
            group.folder.clone(),
            place(&runtimes, &group.runtime),
        )
    });
    groups
}

/// The different names that files have, in the order in which they first appear.
pub(crate) fn distinct(files: &[FileResult], name: impl Fn(&FileResult) -> &String) -> Vec<&str> {
    let mut names = Vec::new();
    for file in files {
        let name = name(file).as_str();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

impl Group {
    fn counts_with(&self, other: &Group) -> bool {
        self.suite == other.suite
            && self.folder == other.folder
            && self.runtime == other.runtime
            && self.version == other.version
    }
}
