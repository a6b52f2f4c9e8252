//! Findings as directories: everything that somebody needs who wants to see for themselves.

mod report;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::FuzzError;
use crate::oracle::Finding;
use crate::program::Program;
use crate::signature::Signature;
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
        }
    }
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
    /// was ended between the two.
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
            let former = entry.map_err(FuzzError::io(&self.root))?.path();
            let name = former.file_name().and_then(|name| name.to_str());
            let id = name.and_then(|name| name.strip_prefix('.')?.strip_suffix(FORMER));
            let Some(path) = id.map(|id| self.root.join(id)) else {
                continue;
            };
            match path.exists() {
                true => fs::remove_dir_all(&former).map_err(FuzzError::io(&former))?,
                false => fs::rename(&former, &path).map_err(FuzzError::io(&path))?,
            }
        }
        Ok(())
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
        let record: Record = json(&dir.join(files::RECORD), &read(files::RECORD)?)?;
        if record.version != VERSION {
            let found = record.version;
            let reason = format!("it is of version {found}, and this program reads {VERSION}");
            return Err(FuzzError::file(&dir.join(files::RECORD), reason));
        }
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
    #[derive(Deserialize)]
    struct Version {
        version: u32,
    }
    let text = fs::read_to_string(path).map_err(FuzzError::io(path))?;
    let Version { version } = json(path, &text)?;
    if version != crate::program::VERSION {
        let reads = crate::program::VERSION;
        let reason = format!("it is of version {version}, and this program reads {reads}");
        return Err(FuzzError::file(path, reason));
    }
    let program: Program = json(path, &text)?;
    program
        .check()
        .map_err(|fault| FuzzError::file(path, fault))?;
    Ok(program)
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
