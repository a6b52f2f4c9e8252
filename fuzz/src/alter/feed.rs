//! Cases out of tests: one of its components changed, and sometimes what the host does.

use std::fs;
use std::path::{Path, PathBuf};

use arbitrary::Unstructured;
use assize_harness::host::{self, Case, Command, Step};

use super::{AlterError, alter};
use crate::corpus::{Feed, walk};
use crate::error::FuzzError;
use crate::generate::Source;
use crate::trial::{Rejected, Trial};

/// How many changes are tried before a test is taken as it is.
const TRIES: u64 = 16;

/// Tests that are changed.
pub struct AlteredTests {
    tests: Vec<Test>,
}

/// A test, and where it is from.
struct Test {
    path: PathBuf,
    case: Case,
}

impl AlteredTests {
    /// Reads every host-driven test (`.wat`) and every script (`.wast`) below these directories. A script
    /// that cannot be read as one is left out: suites have such on purpose.
    ///
    /// # Errors
    /// [`FuzzError::Io`] where a directory cannot be read, and [`FuzzError::EmptyCorpus`] where there is
    /// no test.
    pub fn load(dirs: &[PathBuf]) -> Result<AlteredTests, FuzzError> {
        let mut paths = Vec::new();
        for dir in dirs {
            walk(dir, &is_test, &mut paths)?;
        }
        paths.sort();
        let mut tests = Vec::new();
        for path in paths {
            let text = fs::read_to_string(&path).map_err(FuzzError::io(&path))?;
            let cases = match path.extension().is_some_and(|end| end == "wat") {
                true => Case::parse(&text).map(|case| vec![case]),
                false => host::cases(&text),
            };
            let cases = cases.unwrap_or_default().into_iter();
            tests.extend(cases.map(|case| Test {
                path: path.clone(),
                case,
            }));
        }
        match (tests.is_empty(), dirs.first()) {
            (true, Some(dir)) => Err(FuzzError::EmptyCorpus(dir.clone())),
            _ => Ok(AlteredTests { tests }),
        }
    }
}

impl Feed for AlteredTests {
    fn trial(&self, seed: u64, number: u64) -> Result<Trial, Rejected> {
        let rejected = |error: arbitrary::Error| Rejected(error.to_string());
        let source = Source::seeded(seed, number);
        let mut bytes = Unstructured::new(source.bytes());
        let test = bytes.choose(&self.tests).map_err(rejected)?;
        let mut case = test.case.clone();
        commands(&mut case, &mut bytes).map_err(rejected)?;
        let which = bytes
            .choose_index(case.components.len())
            .map_err(rejected)?;
        let component = &mut case.components[which].1;
        for attempt in 0..TRIES {
            // What is chosen for one attempt would be chosen again, had it no bytes of its own.
            let source = Source::seeded(seed ^ attempt.rotate_left(32), number);
            match alter(component, &mut Unstructured::new(&source.bytes()[1024..])) {
                Ok(altered) => {
                    *component = altered.into();
                    break;
                }
                Err(AlterError::Broken(_) | AlterError::Choices(_)) => {}
                Err(AlterError::Nothing) => break,
                Err(error) => return Err(Rejected(error.to_string())),
            }
        }
        let about = format!("{}, changed by the fuzzer.", name(&test.path));
        Ok(Trial::made(about, case))
    }
}

/// Sometimes has a call go on beside the next, or be cancelled.
fn commands(case: &mut Case, u: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let is_await = |command: &Command| matches!(command.step, Step::Await(_));
    let awaits = case.commands.iter().enumerate();
    let awaits: Vec<_> = awaits
        .filter(|(_, command)| is_await(command))
        .map(|(at, _)| at)
        .collect();
    if awaits.is_empty() || u.ratio(3, 4)? {
        return Ok(());
    }
    let at = *u.choose(&awaits)?;
    match u.arbitrary()? {
        true => {
            let command = case.commands.remove(at);
            case.commands.push(command);
        }
        false => {
            let Step::Await(call) = &case.commands[at].step else {
                return Ok(());
            };
            let step = Step::Cancel(call.clone());
            let line = case.commands[at].line;
            case.commands.insert(at, Command { line, step });
        }
    }
    Ok(())
}

/// The file's name, and that of its directory.
fn name(path: &Path) -> String {
    let parts: Vec<_> = path.iter().collect();
    let last = &parts[parts.len().saturating_sub(2)..];
    let last: PathBuf = last.iter().collect();
    last.display().to_string()
}

fn is_test(path: &Path) -> bool {
    path.extension()
        .is_some_and(|end| end == "wat" || end == "wast")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::{Judge, Outcome};
    use crate::subject::{Seat, Subject};

    fn feed() -> AlteredTests {
        let host = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec-tests/host");
        AlteredTests::load(&[host]).unwrap()
    }

    #[test]
    fn what_the_reference_does_with_changed_tests_is_admissible() {
        let feed = feed();
        let mut judge = Judge::default();
        let mut seat = Seat::new(Subject::find("reference@seed:5").unwrap());
        let (mut admissible, mut undecided) = (0, 0);
        for number in 0..200 {
            let trial = feed.trial(3, number).unwrap();
            match judge.judge(&trial, &mut seat) {
                Ok(Outcome::Admissible(_)) => admissible += 1,
                Ok(Outcome::Finding(finding)) => panic!("{number}: {}", finding.what),
                Ok(_) => undecided += 1,
                // Some changes make a component that the host cannot serve.
                Err(_) => {}
            }
        }
        assert!(
            admissible > 120,
            "{admissible} admissible, {undecided} not decided"
        );
    }

    #[test]
    fn a_changed_test_can_be_written_down_and_read_again() {
        let feed = feed();
        for number in 0..50 {
            let trial = feed.trial(1, number).unwrap();
            let read = Case::parse(&trial.text()).unwrap();
            let steps = |case: &Case| {
                case.commands
                    .iter()
                    .map(|c| c.step.clone())
                    .collect::<Vec<_>>()
            };
            assert_eq!(steps(&read), steps(&trial.case), "{}", trial.text());
            assert_eq!(read.components.len(), trial.case.components.len());
        }
    }

    #[test]
    fn a_directory_without_tests_is_said() {
        let dir = tempfile::tempdir().unwrap();
        let error = AlteredTests::load(&[dir.path().to_owned()]).err().unwrap();
        assert!(matches!(error, FuzzError::EmptyCorpus(_)));
    }
}
