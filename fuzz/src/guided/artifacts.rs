//! Inputs with which libFuzzer has ended, as cases of a campaign.

use std::fs;
use std::path::{Path, PathBuf};

use super::Artifact;
use crate::campaign::supervise::{Cases, Spec};
use crate::campaign::{Progress, Until};
use crate::corpus::{Corpus, Feed};
use crate::error::FuzzError;
use crate::findings::{Findings, Record};
use crate::known::Known;
use crate::oracle::{Outcome, finding};
use crate::signature::Kind;
use crate::subject::Subject;

/// What the names begin with that libFuzzer gives to inputs with which something was found.
pub const PREFIXES: [&str; 4] = ["crash-", "leak-", "oom-", "timeout-"];

/// Whether a file is an input with which something was found.
pub fn is_artifact(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| PREFIXES.iter().any(|prefix| name.starts_with(prefix)))
}

/// Every input in a directory, with what is known of it.
pub(super) fn list(dir: &Path, told: &[Artifact]) -> Result<Vec<Artifact>, FuzzError> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir).map_err(FuzzError::io(dir))? {
        let path = entry.map_err(FuzzError::io(dir))?.path();
        paths.extend(is_artifact(&path).then_some(path));
    }
    paths.sort();
    let said = |path: &PathBuf| {
        let mut told = told.iter().rev();
        let same = told.find(|artifact| artifact.path.file_name() == path.file_name());
        same.and_then(|artifact| artifact.said.clone())
    };
    let artifacts = paths.into_iter().map(|path| Artifact {
        said: said(&path),
        path,
    });
    Ok(artifacts.collect())
}

/// Runs a campaign, and tells how far it has come.
pub type Campaign<'c> = dyn FnMut(Spec) -> Result<Progress, FuzzError> + 'c;

/// What is needed to run inputs again.
pub struct Confirm<'c> {
    /// A campaign that has no cases yet.
    pub spec: Spec,
    /// What runs campaigns.
    pub campaign: &'c mut Campaign<'c>,
    /// Whether somebody wants to stop.
    pub stop: &'c dyn Fn() -> bool,
}

/// An input that shows nothing when it is run again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unconfirmed {
    /// Where it lies.
    pub path: PathBuf,
    /// What was said of it.
    pub said: String,
}

/// Runs each input as a campaign of its own, without instrumentation. Those with which something is found
/// again are removed, since the finding has the program. What only a sanitizer has seen is a finding too;
/// what else is not found again is told, and not reported.
///
/// # Errors
/// Those of a campaign.
pub fn confirm(
    artifacts: &[Artifact],
    mut with: Confirm<'_>,
) -> Result<(Progress, Vec<Unconfirmed>), FuzzError> {
    let (mut total, mut unconfirmed) = (Progress::default(), Vec::new());
    for artifact in artifacts {
        if (with.stop)() {
            break;
        }
        let Some(progress) = run_again(artifact, &mut with)? else {
            // Somebody who stops it has not seen it through.
            if !(with.stop)() {
                unconfirmed.push(Unconfirmed::of(artifact));
            }
            continue;
        };
        fs::remove_file(&artifact.path).map_err(FuzzError::io(&artifact.path))?;
        total.add(&progress);
    }
    Ok((total, unconfirmed))
}

/// What is found with an input, if anything is.
fn run_again(artifact: &Artifact, with: &mut Confirm<'_>) -> Result<Option<Progress>, FuzzError> {
    // Where a target does not come to the end of making a case, there may be none.
    let Ok(corpus) = Corpus::load(&artifact.path) else {
        return Ok(None);
    };
    let mut spec = with.spec.clone();
    spec.cases = Cases::Corpus(artifact.path.clone());
    spec.until = Until::Cases(1);
    let progress = (with.campaign)(spec)?;
    match progress.found {
        0 if (with.stop)() => Ok(None),
        0 => of_the_sanitizer(artifact, &corpus, &with.spec),
        _ => Ok(Some(progress)),
    }
}

impl Unconfirmed {
    fn of(artifact: &Artifact) -> Unconfirmed {
        let said = artifact.said.clone();
        Unconfirmed {
            path: artifact.path.clone(),
            said: said.unwrap_or_else(|| "what was said of it is lost".to_owned()),
        }
    }
}

/// Reports what a sanitizer has said of an input.
fn of_the_sanitizer(
    artifact: &Artifact,
    corpus: &Corpus,
    spec: &Spec,
) -> Result<Option<Progress>, FuzzError> {
    let is_its = |said: &&String| said.contains("Sanitizer: ");
    let (Some(said), Some(name)) = (artifact.said.as_ref().filter(is_its), spec.against.first())
    else {
        return Ok(None);
    };
    let subject = Subject::find(name)?;
    let runtime = subject.info().name.clone();
    let Outcome::Finding(found) = finding(Kind::Crash, &runtime, said.clone()) else {
        return Ok(None);
    };
    let trial = corpus.trial(spec.seed, 0);
    let trial = trial.map_err(|rejected| FuzzError::file(&artifact.path, rejected))?;
    let findings = Findings {
        root: spec.findings.clone(),
    };
    let id = found.signature.id();
    let mut progress = Progress {
        cases: 1,
        found: 1,
        ..Progress::default()
    };
    let known = Known::load(&spec.known)?;
    let known = known.find(&found.signature, subject.info()).is_some();
    if known || findings.has(&found.signature) {
        progress.known.insert(id);
    } else {
        let record = Record::new(&subject, &trial, &found, spec.seed, 0);
        findings.write(&trial, &found, &record)?;
        progress.new.insert(id);
    }
    Ok(Some(progress))
}
