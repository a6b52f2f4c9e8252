//! What is to be done with a finding: whether it is known, and if not, which smallest program it has.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::looks::Looks;
use crate::error::FuzzError;
use crate::findings::{Fate, Findings, Record};
use crate::known::Known;
use crate::minimise::{Limits, minimise};
use crate::oracle::{Finding, Judge};
use crate::subject::{Seat, Subject};
use crate::trial::Trial;

/// What findings are held against.
pub(super) struct Triage<'s> {
    pub findings: &'s Findings,
    pub known: &'s Known,
    pub looks: &'s Mutex<Looks>,
    /// The seed of the campaign.
    pub seed: u64,
    /// How long a program is made smaller.
    pub limits: Limits,
}

impl Triage<'_> {
    fn looks(&self) -> MutexGuard<'_, Looks> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a finding is declared, or its smallest programs have been often enough.
    pub fn is_known(&self, found: &Finding, subject: &Subject) -> bool {
        let info = subject.info();
        let declared = self.known.find(&found.signature, info);
        declared.is_some() || self.looks().are_enough(&found.signature, info)
    }

    /// Writes the finding of case `number` as it is. Gives where.
    ///
    /// # Errors
    /// Those of [`Findings::write`].
    pub fn write(
        &self,
        subject: &Subject,
        trial: &Trial,
        found: &Finding,
        number: u64,
    ) -> Result<PathBuf, FuzzError> {
        let record = Record::new(subject, trial, found, self.seed, number);
        self.findings.write(trial, found, &record)
    }

    /// Puts a smaller case in the place of a finding that is written, or nothing where that turns out to
    /// be known.
    ///
    /// # Errors
    /// Those of [`Findings::settle`], and [`FuzzError::Io`] where it cannot be kept that it is known.
    pub fn settle(
        &self,
        trial: &Trial,
        found: &Finding,
        number: u64,
        judge: &mut Judge,
        seat: &mut Seat,
    ) -> Result<Fate, FuzzError> {
        let began = Instant::now();
        let Some(smaller) = minimise(trial, found, judge, seat, &self.limits) else {
            return Ok(Fate::New);
        };
        let (subject, time) = (&seat.subject, began.elapsed());
        let record = Record::new(subject, trial, found, self.seed, number);
        let info = subject.info();
        let fate = self
            .findings
            .settle(&smaller, time, record, self.known, info)?;
        if fate == Fate::Known {
            self.looks().add(&found.signature, info)?;
        }
        Ok(fate)
    }
}
