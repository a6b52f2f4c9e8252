//! Where a target runs its programs: a runtime, what is known of it, and a count of what came of them.
//!
//! A fuzzer dies of a finding, so one that is known must be none. Which are, `fuzz/known` says, and a
//! campaign, which keeps a directory for the processes of its fuzzers and tells them by [`TALLY`] where it
//! is. There each signature that is met leaves a mark, so that no other process dies of it, and each
//! process leaves the count of its cases.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::process;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use assize_harness::run::contain::witness_panics_of_this_thread;

use super::Input;
use crate::campaign::{Board, Done, Progress};
use crate::error::FuzzError;
use crate::known::Known;
use crate::oracle::{Finding, Judge, Outcome};
use crate::program::Program;
use crate::subject::{Seat, Subject};
use crate::trial::{Rejected, Shape, Trial};

/// The variable of the environment that names the directory of a campaign.
pub const TALLY: &str = "ASSIZE_FUZZ_TALLY";

/// What stands before a finding's signature on standard error.
pub const FOUND: &str = "assize: found ";

/// How often counts are written.
const WRITE: Duration = Duration::from_secs(1);

/// A runtime, and what it has come to.
pub struct Post {
    judge: Judge,
    seat: Seat,
    known: Known,
    board: Board,
    cases: u64,
    ledger: Option<Ledger>,
    written: Instant,
}

impl Post {
    /// For this runtime, in this thread, whose panics print nothing from now on but what is found.
    ///
    /// # Errors
    /// Those of [`Subject::find`] and [`Known::built_in`], and [`FuzzError::Io`] where the directory of the
    /// campaign cannot be made.
    pub fn new(name: &str) -> Result<Post, FuzzError> {
        // The hook that libFuzzer has set ends the process before a panic of a runtime can be caught. One
        // that ends it anyhow should be told.
        witness_panics_of_this_thread(|message| eprintln!("{message}"));
        let dir = std::env::var_os(TALLY).map(PathBuf::from);
        Ok(Post {
            judge: Judge::default(),
            seat: Seat::new(Subject::find(name)?),
            known: Known::built_in()?,
            board: Board::new(Instant::now()),
            cases: 0,
            ledger: dir.map(Ledger::new).transpose()?,
            written: Instant::now(),
        })
    }

    /// Runs a program. Panics where something is found that nobody has met before.
    pub fn run(&mut self, program: Program) -> Input {
        let number = self.cases;
        self.cases += 1;
        self.board.begins(number);
        let done = self.judged(program);
        let (input, found) = match &done {
            Err(_) => (Input::Useless, None),
            Ok(done) => match &done.outcomes[..] {
                [Outcome::Unsupported { .. }] => (Input::Useless, None),
                [Outcome::Finding(finding)] => (Input::Useful, Some(finding.clone())),
                _ => (Input::Useful, None),
            },
        };
        self.board.ends(number, done);
        let is_new = found.as_deref().is_some_and(|found| self.enter(found));
        if is_new || self.written.elapsed() > WRITE {
            self.write();
        }
        if let Some(found) = found.filter(|_| is_new) {
            eprintln!("{FOUND}{}: {}", found.signature.id(), found.what);
            panic!("{}", found.what);
        }
        input
    }

    fn judged(&mut self, program: Program) -> Result<Done, Rejected> {
        let trial = Trial::of(program, Shape::Straight)?;
        let prepared = self.judge.prepare(&trial)?;
        let consulted = self.judge.consult(&prepared);
        let outcome = consulted.run(&trial, &mut self.seat);
        Ok(Done {
            coverage: consulted.coverage().clone(),
            outcomes: vec![outcome],
            others: Vec::new(),
        })
    }

    /// Enters what was found. Whether it is new.
    fn enter(&self, found: &Finding) -> bool {
        let id = found.signature.id();
        let known = self.known.find(&found.signature, self.seat.subject.info());
        let ledger = self.ledger.as_ref();
        let is_new = known.is_none() && ledger.is_none_or(|ledger| ledger.mark(&id));
        match is_new {
            true => drop(self.board.enter_new(id)),
            false => self.board.enter_known(id),
        }
        is_new
    }

    fn write(&mut self) {
        self.written = Instant::now();
        if let Some(ledger) = &self.ledger {
            ledger.write(&self.board.progress(self.cases));
        }
    }
}

/// The directory in which the fuzzers of a campaign tell what they have come to.
pub struct Ledger {
    dir: PathBuf,
    /// The file of this process.
    own: PathBuf,
}

impl Ledger {
    /// In this directory, which is made if need be.
    ///
    /// # Errors
    /// [`FuzzError::Io`] where it cannot be made.
    pub fn new(dir: PathBuf) -> Result<Ledger, FuzzError> {
        let met = dir.join("met");
        fs::create_dir_all(&met).map_err(FuzzError::io(&met))?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.unwrap_or_default().as_nanos();
        let own = dir.join(format!("{}-{now}.json", process::id()));
        Ok(Ledger { dir, own })
    }

    /// Marks a signature as met. Whether it was not before.
    pub fn mark(&self, id: &str) -> bool {
        let path = self.dir.join("met").join(id);
        let made = OpenOptions::new().write(true).create_new(true).open(path);
        // What cannot be marked for another reason is not kept back.
        !made.is_err_and(|error| error.kind() == std::io::ErrorKind::AlreadyExists)
    }

    /// Marks what has a directory in `findings` already.
    ///
    /// # Errors
    /// [`FuzzError::Io`] where that cannot be read.
    pub fn mark_all(&self, findings: &Path) -> Result<(), FuzzError> {
        for id in written(findings)? {
            self.mark(&id);
        }
        Ok(())
    }

    /// Writes the count of this process. What cannot be written is lost, and the next one may be written.
    fn write(&self, progress: &Progress) {
        let text = serde_json::to_string(progress).unwrap_or_default();
        let beside = self.own.with_extension("tmp");
        let _ = fs::write(&beside, text).and_then(|()| fs::rename(&beside, &self.own));
    }

    /// What all processes have come to together. A file that is none is passed over.
    ///
    /// # Errors
    /// [`FuzzError::Io`] where the directory cannot be read.
    pub fn sum(&self) -> Result<Progress, FuzzError> {
        let mut sum = Progress::default();
        for entry in fs::read_dir(&self.dir).map_err(FuzzError::io(&self.dir))? {
            let path = entry.map_err(FuzzError::io(&self.dir))?.path();
            if path.extension().is_none_or(|end| end != "json") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap_or_default();
            if let Ok(progress) = serde_json::from_str(&text) {
                sum.add(&progress);
            }
        }
        Ok(sum)
    }
}

/// The signatures that have a directory. There are none where there is no directory.
fn written(findings: &Path) -> Result<BTreeSet<String>, FuzzError> {
    let entries = match fs::read_dir(findings) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        entries => entries.map_err(FuzzError::io(findings))?,
    };
    let mut ids = BTreeSet::new();
    for entry in entries {
        let entry = entry.map_err(FuzzError::io(findings))?;
        if entry.path().join(crate::findings::files::RECORD).is_file() {
            ids.extend(entry.file_name().into_string().ok());
        }
    }
    Ok(ids)
}

/// A signature's short name, as a fuzzer says it.
pub fn said(line: &str) -> Option<&str> {
    let (id, _) = line.strip_prefix(FOUND)?.split_once(": ")?;
    Some(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::{Kind, Signature};

    #[test]
    fn a_signature_is_met_for_the_first_time_once() {
        let dir = tempfile::tempdir().unwrap();
        let ledger = Ledger::new(dir.path().join("tally")).unwrap();
        assert!(ledger.mark("wasmtime-crash-1"));
        assert!(!ledger.mark("wasmtime-crash-1"));
        assert!(
            !Ledger::new(dir.path().join("tally"))
                .unwrap()
                .mark("wasmtime-crash-1")
        );
        let found = dir.path().join("findings/wasmtime-hang-2");
        fs::create_dir_all(&found).unwrap();
        ledger.mark_all(&dir.path().join("findings")).unwrap();
        assert!(ledger.mark("wasmtime-hang-2"), "it has no record");
    }

    #[test]
    fn counts_of_all_processes_are_summed() {
        let dir = tempfile::tempdir().unwrap();
        for cases in [3, 4] {
            let ledger = Ledger::new(dir.path().to_owned()).unwrap();
            ledger.write(&Progress {
                cases,
                ..Progress::default()
            });
        }
        fs::write(dir.path().join("x.json"), "{").unwrap();
        assert_eq!(
            Ledger::new(dir.path().to_owned())
                .unwrap()
                .sum()
                .unwrap()
                .cases,
            7
        );
    }

    #[test]
    fn what_is_said_of_a_finding_can_be_read() {
        let signature = Signature::of_message(Kind::Crash, "r", "it: broke");
        let line = format!("{FOUND}{}: it: broke", signature.id());
        assert_eq!(said(&line), Some(signature.id().as_str()));
        assert_eq!(said("assize"), None);
    }
}
