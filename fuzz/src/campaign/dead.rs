//! Cases during which the process of a campaign died.

use std::path::Path;
use std::process::ExitStatus;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::thread;

use assize_protocol::runtime::OutcomeClass;

use super::looks::Looks;
use super::supervise::{Program, Spec};
use super::triage::Triage;
use super::{Observer, Progress, STACK};
use crate::corpus::{FIRST, Feed};
use crate::error::FuzzError;
use crate::findings::{Fate, Findings};
use crate::known::Known;
use crate::minimise::Limits;
use crate::oracle::{Finding, Judge, Outcome, finding};
use crate::signature::Kind;
use crate::subject::{Seat, Subject};
use crate::trial::Trial;

/// A case during which a process died.
pub(super) struct Dead<'s> {
    pub spec: &'s Spec,
    pub known: &'s Known,
    pub program: &'s Program,
    /// The runtime, as the command line calls it.
    pub name: &'s str,
    /// The case.
    pub number: u64,
    /// What the panic said that its worker had, if it had one.
    pub said: Option<String>,
    /// How the process ended.
    pub status: ExitStatus,
}

impl Dead<'_> {
    /// Runs the case with its runtime in a process for itself, and reports what comes of it. Gives the
    /// case if it is what the process died of.
    pub fn examine(
        &self,
        feed: &dyn Feed,
        stop: &Arc<AtomicBool>,
        total: &mut Progress,
        observer: &mut dyn Observer,
    ) -> Result<Option<Trial>, FuzzError> {
        if self.number < FIRST {
            total.cases += 1;
        }
        let Ok(trial) = feed.trial(self.spec.seed, self.number) else {
            return Ok(None);
        };
        let subject = Subject::isolated(self.name, &self.program.serve)?;
        let died = thread::scope(|scope| {
            let work = || self.judge(&trial, subject, stop, total, observer);
            let thread = thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, work)
                .map_err(FuzzError::io(Path::new("a thread")))?;
            match thread.join() {
                Ok(result) => result,
                Err(_) => Err(FuzzError::Process("the oracle panicked".to_owned())),
            }
        })?;
        Ok(died.then_some(trial))
    }

    /// Whether the process died of it.
    fn judge(
        &self,
        trial: &Trial,
        subject: Subject,
        stop: &Arc<AtomicBool>,
        total: &mut Progress,
        observer: &mut dyn Observer,
    ) -> Result<bool, FuzzError> {
        let mut judge = Judge::new(crate::oracle::BOUNDS, self.spec.timeout);
        let mut seat = Seat::new(subject);
        let outcome = judge.judge(trial, &mut seat);
        let Some(found) = self.finding(outcome.ok(), &seat.subject) else {
            return Ok(false);
        };
        let died = found.signature.kind == Kind::Crash;
        let findings = Findings {
            root: self.spec.findings.clone(),
        };
        // The process that kept them is dead, and the next one reads them.
        let looks = Mutex::new(Looks::load(&findings.root, self.known.fingerprint())?);
        let triage = Triage {
            findings: &findings,
            known: self.known,
            looks: &looks,
            seed: self.spec.seed,
            limits: Limits {
                time: self.spec.minimise,
                stop: Arc::clone(stop),
            },
        };
        let id = found.signature.id();
        total.found += 1;
        if total.new.contains(&id) {
            return Ok(died);
        }
        if triage.is_known(&found, &seat.subject) || findings.has(&found.signature) {
            total.known.insert(id);
            return Ok(died);
        }
        let dir = triage.write(&seat.subject, trial, &found, self.number)?;
        match triage.settle(trial, &found, self.number, &mut judge, &mut seat)? {
            Fate::New => {
                observer.found(&found.signature.in_words(), &dir);
                total.new.insert(id);
            }
            Fate::Known | Fate::Twin => {
                total.known.insert(id);
            }
        }
        Ok(died)
    }

    /// The finding, if it was this case: alone it shows it again, or it is known to have panicked.
    fn finding(&self, outcome: Option<Outcome>, subject: &Subject) -> Option<Finding> {
        match outcome? {
            Outcome::Finding(found) => Some(*found),
            Outcome::Undecided { .. } | Outcome::Unsupported { .. } => None,
            Outcome::Admissible(_) => {
                let said = self.said.clone()?;
                let message = format!("{said}\n{} ({})", OutcomeClass::Crash, self.status);
                match finding(Kind::Crash, &subject.info().name, message) {
                    Outcome::Finding(found) => Some(*found),
                    _ => None,
                }
            }
        }
    }
}
