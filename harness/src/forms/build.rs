//! Writing a suite's tests in all their forms.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use assize_protocol::case::{
    Expect, FormEntry, MissingForm, SCHEMA, SuiteManifest, TestEntry, TestKind,
};
use assize_protocol::message::{Form, REVISION};
use assize_reference::explore::exhaustive::Bounds;
use serde::Serialize;

use super::case::{CaseFiles, host_case, script_case};
use super::command::command;
use super::standalone::standalone;
use crate::error::HarnessError;
use crate::suite::{HOST_TEST, Suite, SuiteFile};

/// The folders of the forms, in the directory of the suite.
const FOLDERS: [&str; 3] = ["component", "wast", "command"];

/// The file that lists the tests.
const MANIFEST: &str = "suite.json";

/// How far the schedules of a command are explored. Of one that needs more there is no command.
const BOUNDS: Bounds = Bounds {
    states: 200_000,
    depth: 100_000,
    time: Duration::from_secs(10),
};

/// A suite that was built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// Its list of tests.
    pub manifest: SuiteManifest,
    /// Where that is written.
    pub path: PathBuf,
}

/// Builds every test of a suite, and says of each when it is done. What a build before this one has
/// written to the directory is removed.
///
/// # Errors
/// [`HarnessError::Io`] where a file cannot be read or written.
pub fn build(
    suite: &Suite,
    out: &Path,
    done: &mut dyn FnMut(&TestEntry),
) -> Result<Built, HarnessError> {
    let path = out.join(MANIFEST);
    if path.exists() {
        for folder in FOLDERS.map(|folder| out.join(folder)) {
            if folder.exists() {
                fs::remove_dir_all(&folder).map_err(io(&folder))?;
            }
        }
    }
    let mut tests = Vec::new();
    for file in &suite.files {
        let test = Builder::new(file, out)?.build()?;
        done(&test);
        tests.push(test);
    }
    let manifest = SuiteManifest {
        schema: SCHEMA,
        suite: suite.name.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        revision: REVISION.to_owned(),
        tests,
    };
    write(&path, &json(&manifest))?;
    Ok(Built { manifest, path })
}

/// A test in the making.
struct Builder<'s> {
    out: &'s Path,
    text: String,
    test: TestEntry,
}

impl<'s> Builder<'s> {
    fn new(file: &'s SuiteFile, out: &'s Path) -> Result<Self, HarnessError> {
        let text = fs::read_to_string(&file.path).map_err(io(&file.path))?;
        let (name, extension) = file.name.rsplit_once('.').unwrap_or((&file.name, ""));
        let kind = match extension == HOST_TEST {
            true => TestKind::HostDriven,
            false => TestKind::Script,
        };
        let test = TestEntry {
            name: name.to_owned(),
            kind,
            requires: Vec::new(),
            forms: Vec::new(),
            missing: Vec::new(),
        };
        Ok(Builder { out, text, test })
    }

    fn build(mut self) -> Result<TestEntry, HarnessError> {
        let case = match self.test.kind {
            TestKind::Script => script_case(&self.test.name, &self.text),
            TestKind::HostDriven => host_case(&self.test.name, &self.text),
        };
        match case {
            Ok(files) => {
                self.test.requires.clone_from(&files.case.requires);
                self.component(&files)?;
                self.wast(&files)?;
                self.command(&files)?;
            }
            Err(error) => {
                for form in [Form::Component, Form::Wast, Form::Command] {
                    self.missing(form, error.to_string());
                }
            }
        }
        Ok(self.test)
    }

    fn component(&mut self, files: &CaseFiles) -> Result<(), HarnessError> {
        if files.case.commands.is_empty() {
            self.missing(Form::Component, "all of it is left out".to_owned());
            return Ok(());
        }
        let folder = format!("component/{}", self.test.name);
        for (binary, wasm) in files.case.binaries.iter().zip(&files.binaries) {
            write(&self.out.join(&folder).join(&binary.file), wasm)?;
        }
        let path = format!("{folder}/case.json");
        let left_out = files.case.left_out.len();
        self.form(
            Form::Component,
            path,
            &json(&files.case),
            (expectations(files), left_out),
        )
    }

    fn wast(&mut self, files: &CaseFiles) -> Result<(), HarnessError> {
        if self.test.kind == TestKind::HostDriven {
            let reason = "a script has no words for what the host does";
            self.missing(Form::Wast, reason.to_owned());
            return Ok(());
        }
        let path = format!("wast/{}.wast", self.test.name);
        let checks = expectations(files) + files.case.left_out.len();
        match standalone(&self.text) {
            Ok(text) => self.form(Form::Wast, path, text.as_bytes(), (checks, 0)),
            Err(error) => {
                self.missing(Form::Wast, error.to_string());
                Ok(())
            }
        }
    }

    fn command(&mut self, files: &CaseFiles) -> Result<(), HarnessError> {
        let path = format!("command/{}.wasm", self.test.name);
        match command(files, &BOUNDS) {
            Ok(composed) => {
                let counts = (composed.checks, composed.left_out.len());
                self.form(Form::Command, path, &composed.wasm, counts)
            }
            Err(reason) => {
                self.missing(Form::Command, reason.to_string());
                Ok(())
            }
        }
    }

    fn form(
        &mut self,
        form: Form,
        path: String,
        content: &[u8],
        (checks, left_out): (usize, usize),
    ) -> Result<(), HarnessError> {
        write(&self.out.join(&path), content)?;
        self.test.forms.push(FormEntry {
            form,
            path,
            checks,
            left_out,
        });
        Ok(())
    }

    fn missing(&mut self, form: Form, reason: String) {
        self.test.missing.push(MissingForm { form, reason });
    }
}

/// How many commands of a case expect more than that they are done.
fn expectations(files: &CaseFiles) -> usize {
    let commands = files.case.commands.iter();
    commands
        .filter(|command| command.expect != Expect::Done)
        .count()
}

/// A document, with a line's end at its own. Plain data with text for keys can always be written.
fn json(document: &impl Serialize) -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(document).unwrap_or_default();
    text.push(b'\n');
    text
}

fn write(path: &Path, content: &[u8]) -> Result<(), HarnessError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(io(folder))?;
    }
    fs::write(path, content).map_err(io(path))
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> HarnessError {
    let path = path.to_path_buf();
    |source| HarnessError::Io { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::Coverage;

    #[test]
    fn a_built_suite_lists_its_tests_with_their_forms_and_says_what_is_missing() {
        let dir = tempfile::tempdir().unwrap();
        let host = ";; script: call a = f()\n(component
          (import \"assize:host/world@0.1.0\" (instance $h (export \"trace\" (func))))
          (export \"f\" (func $h \"trace\")))";
        let script = "(component $c (core module $m (func (export \"f\")))
            (core instance $i (instantiate $m))
            (func (export \"f\") (canon lift (core func $i \"f\"))))
          (assert_return (invoke \"f\"))";
        let files = [("a/host.wat", host), ("b.wast", script), ("c.wast", "(")];
        let files = files.map(|(name, text)| {
            let path = dir.path().join(name);
            write(&path, text.as_bytes()).unwrap();
            let name = name.to_owned();
            SuiteFile { name, path }
        });
        let suite = Suite {
            name: "suite".to_owned(),
            root: dir.path().to_path_buf(),
            files: files.to_vec(),
            coverage: Coverage::Full,
        };
        let out = dir.path().join("out");
        let mut told = 0;
        let built = build(&suite, &out, &mut |_| told += 1).unwrap();
        assert_eq!(told, 3);
        let forms: Vec<Vec<&str>> = built
            .manifest
            .tests
            .iter()
            .map(|test| test.forms.iter().map(|form| form.path.as_str()).collect())
            .collect();
        let of_script = vec!["component/b/case.json", "wast/b.wast", "command/b.wasm"];
        assert_eq!(
            forms,
            [vec!["component/a/host/case.json"], of_script, vec![]]
        );
        assert!(forms.iter().flatten().all(|path| out.join(path).is_file()));
        let missing = built.manifest.tests.iter().map(|test| test.missing.len());
        assert_eq!(missing.collect::<Vec<_>>(), [2, 0, 3]);
        let read: SuiteManifest = serde_json::from_slice(&fs::read(&built.path).unwrap()).unwrap();
        assert_eq!(read, built.manifest);
    }
}
