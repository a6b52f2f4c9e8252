//! Findings as directories: everything that somebody needs who wants to see for themselves.

mod report;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use assize_harness::runtime::RuntimeInfo;

use crate::error::FuzzError;
use crate::known::Known;
use crate::minimise::size;
use crate::oracle::Finding;
use crate::program::Program;
use crate::signature::gist::Gist;
use crate::signature::{HASH_DIGITS, Signature};
use crate::subject::Subject;
use crate::trial::{Origin, Shape, Trial};

/// The version of [`Record`].
pub const VERSION: u32 = 1;

/// The files of a finding.
pub mod files {
    /// The program, as plain data.
    pub const PROGRAM: &str = "program.json";
    /// The case as a host-driven test.
    pub const CASE: &str = "case.wat";
    /// The case as a script for the runtime's own program.
    pub const SCRIPT: &str = "case.wast";
    /// What was found, for programs to read.
    pub const RECORD: &str = "finding.json";
    /// What was found, for people.
    pub const REPORT: &str = "report.md";
}

/// What was found, beside the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// [`VERSION`].
    pub version: u32,
    /// The runtime, as the command line calls it.
    pub against: String,
    /// The runtime's version.
    pub runtime_version: String,
    /// What the finding has in common with others.
    pub signature: Signature,
    /// The form of the component; none where the case was no program.
    pub form: Option<Shape>,
    /// The seed of the campaign.
    pub seed: u64,
    /// The case's number in it.
    pub number: u64,
    /// What the smallest program is made of; none where none has been looked for.
    #[serde(default)]
    pub gist: Option<Gist>,
    /// How it was looked for.
    #[serde(default)]
    pub shrunk: Option<Shrunk>,
}

/// How a smallest program was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shrunk {
    /// How many steps it has.
    pub steps: usize,
    /// How long that took, in milliseconds.
    pub millis: u64,
}

impl Record {
    /// What was found in this case of a campaign.
    pub fn new(
        subject: &Subject,
        trial: &Trial,
        finding: &Finding,
        seed: u64,
        number: u64,
    ) -> Record {
        Record {
            version: VERSION,
            against: subject.name.clone(),
            runtime_version: subject.info().version.clone(),
            signature: finding.signature.clone(),
            form: trial.shaped().map(|(_, shape)| shape),
            seed,
            number,
            gist: None,
            shrunk: None,
        }
    }

    /// The same of the smallest program that was found in this time.
    pub fn of_smallest(self, trial: &Trial, finding: &Finding, time: Duration) -> Record {
        let shrunk = |program| Shrunk {
            steps: size(program),
            millis: u64::try_from(time.as_millis()).unwrap_or(u64::MAX),
        };
        Record {
            signature: finding.signature.clone(),
            form: trial.shaped().map(|(_, shape)| shape),
            gist: trial.program().map(Gist::of),
            shrunk: trial.program().map(shrunk),
            ..self
        }
    }

    fn cause(&self) -> Option<String> {
        Some(self.signature.cause(self.gist.as_ref()?))
    }
}

/// What becomes of a finding when its smallest program is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stays.
    New,
    /// Its cause is known: it goes.
    Known,
    /// There is a finding of that cause already: it goes.
    Twin,
}

/// The directory that findings are in.
#[derive(Clone, Debug)]
pub struct Findings {
    /// Where.
    pub root: PathBuf,
}

/// A finding that was read again.
#[derive(Clone, Debug)]
pub struct Saved {
    /// What was found.
    pub record: Record,
    /// The program, if it was one.
    pub program: Option<Program>,
    /// The case as a host-driven test.
    pub text: String,
}

impl Findings {
    /// The directory of the findings with this signature.
    pub fn path(&self, signature: &Signature) -> PathBuf {
        self.root.join(signature.id())
    }

    /// Whether there is one.
    pub fn has(&self, signature: &Signature) -> bool {
        self.path(signature).join(files::RECORD).is_file()
    }

    /// Writes a finding, in the place of one with the same signature.
    ///
    /// It is written beside its place and then moved there, so that what stands there is whole.
    ///
    /// # Errors
    /// [`FuzzError::Io`] where there is no room, or no right to write.
    pub fn write(
        &self,
        trial: &Trial,
        finding: &Finding,
        record: &Record,
    ) -> Result<PathBuf, FuzzError> {
        let path = self.path(&finding.signature);
        let beside = self
            .root
            .join(format!(".{}-{}", record.signature.id(), std::process::id()));
        let written = fill(&beside, trial, finding, record).and_then(|()| replace(&path, &beside));
        if let Err(error) = written {
            // What is left of it is of no use; that it cannot be removed either changes nothing.
            let _ = fs::remove_dir_all(&beside);
            return Err(error);
        }
        Ok(path)
    }

    /// Puts back what was taken away to make room for something that then never came, since the process
    /// was ended between the two, and removes what such a process had not written to the end.
    ///
    /// # Errors
    /// [`FuzzError::Io`] where a directory cannot be read or written.
    pub fn recover(&self) -> Result<(), FuzzError> {
        let entries = match fs::read_dir(&self.root) {
            Ok(entries) => entries,
            // There are no findings.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(FuzzError::io(&self.root)(error)),
        };
        for entry in entries {
            let hidden = entry.map_err(FuzzError::io(&self.root))?.path();
            let name = hidden.file_name().and_then(|name| name.to_str());
            let Some(name) = name.and_then(|name| name.strip_prefix('.')) else {
                continue;
            };
            if let Some(path) = name.strip_suffix(FORMER).map(|id| self.root.join(id)) {
                match path.exists() {
                    true => fs::remove_dir_all(&hidden).map_err(FuzzError::io(&hidden))?,
                    false => fs::rename(&hidden, &path).map_err(FuzzError::io(&path))?,
                }
            } else if writer(name).is_some_and(has_ended) && hidden.is_dir() {
                match fs::remove_dir_all(&hidden) {
                    // Another campaign, which begins as well, was faster.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    removed => removed.map_err(FuzzError::io(&hidden))?,
                }
            }
        }
        Ok(())
    }

    /// Writes the smallest program of a finding, found in this time, in the place of what was found, unless
    /// that program says that the finding is known, or that it has the cause of another one.
    ///
    /// # Errors
    /// Those of [`Findings::write`].
    pub fn settle(
        &self,
        (trial, finding): &(Trial, Finding),
        time: Duration,
        record: Record,
        known: &Known,
        info: &RuntimeInfo,
    ) -> Result<Fate, FuzzError> {
        let record = record.of_smallest(trial, finding, time);
        let signature = &record.signature;
        let is_known = record.gist.as_ref().is_some_and(|gist| {
            let entry = known.find_smallest(signature, gist, info);
            entry.is_some()
        });
        let fate = match is_known {
            true => Fate::Known,
            false if self.has_twin(&record)? => Fate::Twin,
            false => Fate::New,
        };
        if fate == Fate::New {
            self.write(trial, finding, &record)?;
        } else {
            let path = self.path(signature);
            fs::remove_dir_all(&path).map_err(FuzzError::io(&path))?;
        }
        Ok(fate)
    }

    /// Whether there is another finding with the same cause.
    fn has_twin(&self, record: &Record) -> Result<bool, FuzzError> {
        let Some(cause) = record.cause() else {
            return Ok(false);
        };
        let own = self.path(&record.signature);
        for dir in fs::read_dir(&self.root).map_err(FuzzError::io(&self.root))? {
            let dir = dir.map_err(FuzzError::io(&self.root))?.path();
            // One that is being written, or is of an older version, is no twin of anything yet.
            let text = fs::read_to_string(dir.join(files::RECORD)).unwrap_or_default();
            let other: Option<Record> = serde_json::from_str(&text).ok();
            let same = other.and_then(|other| other.cause()).as_ref() == Some(&cause);
            if same && dir != own {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Reads a finding.
    ///
    /// # Errors
    /// [`FuzzError::Io`] where a file cannot be read, and [`FuzzError::File`] where one is not what it
    /// has to be.
    pub fn read(dir: &Path) -> Result<Saved, FuzzError> {
        if !dir.exists() {
            // Of a name alone, the parent is empty.
            let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty());
            let root = parent.unwrap_or(Path::new(".")).to_owned();
            Findings { root }.recover()?;
        }
        let read = |name: &str| {
            let path = dir.join(name);
            fs::read_to_string(&path).map_err(FuzzError::io(&path))
        };
        let record: Record = versioned(&dir.join(files::RECORD), &read(files::RECORD)?, VERSION)?;
        let program = match record.form {
            None => None,
            Some(_) => Some(program(&dir.join(files::PROGRAM))?),
        };
        Ok(Saved {
            record,
            program,
            text: read(files::CASE)?,
        })
    }
}

/// What the name of a finding ends in that is being replaced.
const FORMER: &str = ".former";

/// The process that writes, or wrote, a finding under this name beside its place.
fn writer(name: &str) -> Option<u32> {
    let (id, process) = name.rsplit_once('-')?;
    let (_, hash) = id.rsplit_once('-')?;
    let is_id = hash.len() == HASH_DIGITS && hash.bytes().all(|digit| digit.is_ascii_hexdigit());
    process.parse().ok().filter(|_| is_id)
}

/// Whether a process is gone for sure, which not every system tells.
fn has_ended(process: u32) -> bool {
    let processes = Path::new("/proc");
    processes.join("self").exists() && !processes.join(process.to_string()).exists()
}

/// Puts a directory into the place of another. At no time is neither of them there.
fn replace(path: &Path, by: &Path) -> Result<(), FuzzError> {
    let name = path.file_name().unwrap_or_default().display();
    let former = path.with_file_name(format!(".{name}{FORMER}"));
    match fs::rename(path, &former) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return fs::rename(by, path).map_err(FuzzError::io(path));
        }
        Err(error) => return Err(FuzzError::io(path)(error)),
    }
    if let Err(error) = fs::rename(by, path) {
        let back = fs::rename(&former, path);
        back.map_err(FuzzError::io(&former))?;
        return Err(FuzzError::io(path)(error));
    }
    fs::remove_dir_all(&former).map_err(FuzzError::io(&former))
}

/// Writes a file that is there as a whole or as it was before.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), FuzzError> {
    let name = path.file_name().unwrap_or_default().display();
    let beside = path.with_file_name(format!(".{name}-{}", std::process::id()));
    let written = fs::write(&beside, bytes)
        .map_err(FuzzError::io(path))
        .and_then(|()| fs::rename(&beside, path).map_err(FuzzError::io(path)));
    if written.is_err() {
        // What is left of it is of no use; that it cannot be removed either changes nothing.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Reads a program.
///
/// # Errors
/// [`FuzzError::Io`] where it cannot be read, and [`FuzzError::File`] where it is none, or of another
/// version.
pub fn program(path: &Path) -> Result<Program, FuzzError> {
    let text = fs::read_to_string(path).map_err(FuzzError::io(path))?;
    let program: Program = versioned(path, &text, crate::program::VERSION)?;
    program
        .check()
        .map_err(|fault| FuzzError::file(path, fault))?;
    Ok(program)
}

/// Reads what is of this version. The version is looked at first, since all else may be different in
/// another one.
fn versioned<T: for<'t> Deserialize<'t>>(
    path: &Path,
    text: &str,
    reads: u32,
) -> Result<T, FuzzError> {
    #[derive(Deserialize)]
    struct Version {
        version: u32,
    }
    let Version { version } = json(path, text)?;
    if version != reads {
        let reason = format!("it is of version {version}, and this program reads {reads}");
        return Err(FuzzError::file(path, reason));
    }
    json(path, text)
}

fn json<T: for<'t> Deserialize<'t>>(path: &Path, text: &str) -> Result<T, FuzzError> {
    serde_json::from_str(text).map_err(|error| FuzzError::file(path, error))
}

/// Writes all files of a finding into a directory that is to become its own.
fn fill(dir: &Path, trial: &Trial, finding: &Finding, record: &Record) -> Result<(), FuzzError> {
    fs::create_dir_all(dir).map_err(FuzzError::io(dir))?;
    let write = |name: &str, bytes: &[u8]| {
        let path = dir.join(name);
        fs::write(&path, bytes).map_err(FuzzError::io(&path))
    };
    if let Origin::Program(program, _) = &trial.origin {
        write(files::PROGRAM, pretty(program).as_bytes())?;
    }
    for (name, wasm) in &trial.case.components {
        let name = match (name, trial.case.components.len()) {
            (Some(name), 2..) => format!("case-{name}.wasm"),
            _ => "case.wasm".to_owned(),
        };
        write(&name, wasm)?;
    }
    write(files::CASE, trial.text().as_bytes())?;
    if let Some(script) = &finding.script {
        write(files::SCRIPT, script.as_bytes())?;
    }
    write(
        files::REPORT,
        report::report(trial, finding, record).as_bytes(),
    )?;
    // Last: a directory that has it is whole.
    write(files::RECORD, pretty(record).as_bytes())
}

/// As JSON for people. Plain data always can be written so.
fn pretty<T: Serialize>(value: &T) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::{Outcome, finding};
    use crate::program::samples;
    use crate::signature::Kind;
    use crate::subject::Subject;
    use crate::testing::info;

    fn found(message: &str) -> (Trial, Finding) {
        let sample = samples::all().into_iter().find(|s| s.name == "threads");
        let trial = Trial::of(sample.unwrap().program, Shape::Straight).unwrap();
        let Outcome::Finding(found) = finding(Kind::Protocol, "r", message.to_owned()) else {
            panic!("it is one");
        };
        (trial, *found)
    }

    fn settle(findings: &Findings, found: &(Trial, Finding), known: &Known) -> Fate {
        let info = info("1");
        let subject = Subject::find("reference").unwrap();
        let record = Record::new(&subject, &found.0, &found.1, 0, 0);
        findings.write(&found.0, &found.1, &record).unwrap();
        let time = Duration::from_millis(20);
        findings.settle(found, time, record, known, &info).unwrap()
    }

    #[test]
    fn a_finding_stays_with_its_smallest_program() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().to_owned();
        let findings = Findings { root };
        let found = found("it does not know");
        assert_eq!(settle(&findings, &found, &Known::default()), Fate::New);
        let saved = Findings::read(&findings.path(&found.1.signature)).unwrap();
        let gist = saved.record.gist.unwrap();
        assert!(gist.telling().contains("thread.yield"), "{gist:?}");
        assert_eq!(saved.record.shrunk.map(|shrunk| shrunk.millis), Some(20));
    }

    #[test]
    fn a_finding_goes_that_its_smallest_program_says_is_known() {
        let root = tempfile::tempdir().unwrap();
        let toml = "[[known]]\nruntime = \"r\"\nsmallest = [\"thread.*\"]\nreason = \"x\"\n";
        fs::write(root.path().join("r.toml"), toml).unwrap();
        let known = Known::load(root.path()).unwrap();
        let root = root.path().join("findings");
        let findings = Findings { root };
        let found = found("it does not know");
        assert_eq!(settle(&findings, &found, &known), Fate::Known);
        assert!(!findings.has(&found.1.signature));
    }

    #[test]
    fn of_findings_with_the_same_cause_the_first_stays() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().to_owned();
        let findings = Findings { root };
        let known = Known::default();
        let (first, other) = (found("it does not know"), found("it does not care"));
        assert_eq!(settle(&findings, &first, &known), Fate::New);
        assert_eq!(settle(&findings, &other, &known), Fate::New);
        // Another signature, which says the same of the cause.
        let mut twin = first.clone();
        twin.1.signature.builtin = Some("thread.index".to_owned());
        assert_eq!(settle(&findings, &twin, &known), Fate::Twin);
        assert!(findings.has(&first.1.signature));
        assert!(!findings.has(&twin.1.signature));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn what_a_process_that_is_gone_had_begun_to_write_is_removed_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let mut ended = std::process::Command::new("true").spawn().unwrap();
        ended.wait().unwrap();
        let (ended, lives) = (ended.id(), std::process::id());
        let id = found("it does not know").1.signature.id();
        let gone = format!(".{id}-{ended}");
        let kept = [
            format!(".{id}-{lives}"),
            format!("{id}-{ended}"),
            format!(".cache-{ended}"),
            id,
        ];
        for name in kept.iter().chain([&gone]) {
            fs::create_dir(root.path().join(name)).unwrap();
            fs::write(root.path().join(name).join(files::PROGRAM), "{").unwrap();
        }
        let findings = Findings {
            root: root.path().to_owned(),
        };
        findings.recover().unwrap();
        assert!(!root.path().join(gone).exists());
        for name in kept {
            assert!(root.path().join(&name).exists(), "{name}");
        }
    }
}
