//! `cargo xtask fuzz --engine libfuzzer`.

use std::num::NonZeroUsize;
use std::path;
use std::sync::atomic::Ordering;

use assize_fuzz::campaign::supervise::{self, Cases, Spec};
use assize_fuzz::campaign::{Progress, Until};
use assize_fuzz::error::FuzzError;
use assize_fuzz::guided::{self, Confirm, Guided, Target, Tools};
use assize_fuzz::oracle::TIMEOUT;
use assize_reports::note_line;

use super::status::{self, Status};
use super::{FINDINGS, KNOWN, MINIMISE, cores, interrupts, program, summary};
use crate::cli::{Campaign, CaseGenerator, ProgramForm};
use crate::{Outcome, error::XtaskError, workspace};

/// Where corpora are, each with the inputs with which something was found.
const LIBFUZZER: &str = "target/assize/libfuzzer";

/// Runs a campaign that coverage guides.
pub fn run(arguments: &Campaign) -> Result<Outcome, XtaskError> {
    let target = Target::against(&arguments.against)?;
    for (given, what) in [
        (arguments.cases.is_some(), "--cases"),
        (arguments.from.is_some(), "--from"),
        (arguments.form != ProgramForm::Both, "--form"),
        (
            arguments.generator != CaseGenerator::Programs,
            "--generator",
        ),
    ] {
        if given {
            let reason = format!("`{what}` is of `--engine random`: libFuzzer makes its own cases");
            return Err(FuzzError::Engine(reason).into());
        }
    }
    let tools = Tools::find()?;
    let dir = arguments.corpus.clone();
    let dir = dir.unwrap_or_else(|| workspace().join(LIBFUZZER).join(target.name()));
    let findings = arguments.findings.clone();
    let campaign = Guided {
        target,
        workspace: workspace().to_owned(),
        // cargo-fuzz runs elsewhere.
        dir: path::absolute(&dir).map_err(|error| FuzzError::file(&dir, error))?,
        findings: findings.unwrap_or_else(|| workspace().join(FINDINGS)),
        time: arguments.time,
        jobs: arguments.jobs.unwrap_or_else(cores),
        seed: arguments.seed,
    };
    let stop = interrupts()?;
    let mut status = Status::new();
    let hunted = campaign.run(&tools, &stop, &mut status);
    status.finish();
    let hunt = hunted?;
    let spec = Spec {
        against: vec![target.subject().to_owned()],
        cases: Cases::Corpus(campaign.dir.clone()),
        seed: arguments.seed,
        from: 0,
        skip: Default::default(),
        fatal: Default::default(),
        until: Until::Cases(1),
        jobs: NonZeroUsize::MIN,
        findings: campaign.findings.clone(),
        known: workspace().join(KNOWN),
        minimise: MINIMISE,
        timeout: TIMEOUT,
        state: None,
    };
    let program = program()?;
    let mut status = Status::new();
    let confirm = Confirm {
        spec,
        campaign: &mut |spec| supervise::run(spec, &program, &stop, &mut status),
        stop: &|| stop.load(Ordering::Relaxed),
    };
    let confirmed = guided::confirm(&hunt.artifacts, confirm);
    status.finish();
    let (found, unconfirmed) = confirmed?;
    for input in unconfirmed {
        let (path, said) = (input.path.display(), input.said);
        let note = format!("{path} shows nothing when it is run again: {said}");
        anstream::eprintln!("{}", note_line(&note));
    }
    // All else was counted when it was run for the first time.
    let mut progress = Progress {
        found: found.found,
        new: found.new,
        known: found.known,
        ..Progress::default()
    };
    progress.add(&hunt.progress);
    crate::print(&format!("{}\n", status::coverage(&hunt.guidance)))?;
    summary(&progress)
}
