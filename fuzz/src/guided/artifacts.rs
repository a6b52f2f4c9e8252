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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::num::NonZeroUsize;
    use std::time::Duration;

    use super::*;
    use crate::campaign::Fatal;
    use crate::corpus::emit_programs;
    use crate::targets;

    fn spec(dir: &Path) -> Spec {
        Spec {
            against: vec![targets::SEED.to_owned()],
            cases: Cases::Chaos,
            seed: 3,
            from: 0,
            skip: BTreeSet::new(),
            fatal: Fatal::default(),
            until: Until::Stopped,
            jobs: NonZeroUsize::MIN,
            findings: dir.join("findings"),
            known: dir.join("known"),
            minimise: Duration::ZERO,
            timeout: Duration::from_secs(1),
            state: None,
        }
    }

    /// An input, of which this was said.
    fn artifact(dir: &Path, name: &str, said: Option<&str>) -> Artifact {
        emit_programs(dir, 3, 1).unwrap();
        let path = dir.join(name);
        fs::copy(dir.join("3-0.json"), &path).unwrap();
        Artifact {
            path,
            said: said.map(str::to_owned),
        }
    }

    /// Runs inputs again, with a campaign that finds something with those that `shows` names.
    fn run(dir: &Path, artifacts: &[Artifact], shows: &str) -> (Progress, Vec<Unconfirmed>) {
        let mut campaign = |spec: Spec| {
            let Cases::Corpus(path) = spec.cases else {
                panic!("it is one input");
            };
            let mut progress = Progress::default();
            if path.ends_with(shows) {
                progress.found = 1;
                progress.new.insert("wasmtime-hang-1".to_owned());
            }
            Ok(progress)
        };
        let with = Confirm {
            spec: spec(dir),
            campaign: &mut campaign,
            stop: &|| false,
        };
        confirm(artifacts, with).unwrap()
    }

    #[test]
    fn what_is_found_again_is_removed_and_what_is_not_stays() {
        let dir = tempfile::tempdir().unwrap();
        let [shown, slow] = ["crash-1", "timeout-2"].map(|name| artifact(dir.path(), name, None));
        let artifacts = list(dir.path(), &[]).unwrap();
        assert_eq!(artifacts, [shown.clone(), slow.clone()]);
        let (progress, unconfirmed) = run(dir.path(), &artifacts, "crash-1");
        assert_eq!(progress.new.len(), 1);
        assert_eq!(unconfirmed, [Unconfirmed::of(&slow)]);
        assert!(!shown.path.exists() && slow.path.exists());
    }

    #[test]
    fn what_only_a_sanitizer_has_seen_is_a_finding_with_its_words() {
        let dir = tempfile::tempdir().unwrap();
        let said = "AddressSanitizer: heap-use-after-free x.rs:3";
        let artifacts = [artifact(dir.path(), "crash-1", Some(said))];
        let (progress, unconfirmed) = run(dir.path(), &artifacts, "none");
        assert_eq!(unconfirmed, []);
        let [id] = &progress.new.iter().collect::<Vec<_>>()[..] else {
            panic!("{progress:?}");
        };
        let report = dir.path().join("findings").join(id).join("report.md");
        let report = fs::read_to_string(report).unwrap();
        assert!(report.contains("heap-use-after-free"), "{report}");

        let artifacts = [artifact(dir.path(), "crash-2", Some(said))];
        let (progress, _) = run(dir.path(), &artifacts, "none");
        assert_eq!((progress.new.len(), progress.known.len()), (0, 1));
    }

    #[test]
    fn what_is_no_case_is_told_and_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("oom-1");
        let artifact = Artifact {
            path,
            said: Some("libFuzzer: out-of-memory".to_owned()),
        };
        let (progress, unconfirmed) = run(dir.path(), &[artifact], "oom-1");
        assert_eq!((progress.found, unconfirmed.len()), (0, 1));
        assert_eq!(unconfirmed[0].said, "libFuzzer: out-of-memory");
    }
}
