//! Asks, after a campaign, why the process of a runtime has become so large.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::supervise::{Program, Spec};
use super::{Observer, Progress};
use crate::corpus::Feed;
use crate::error::FuzzError;
use crate::findings::{Findings, Record};
use crate::growth;
use crate::known::Known;
use crate::oracle::{BOUNDS, Judge};
use crate::subject::{Seat, Subject};

/// Where the process of a runtime has grown a lot, runs the last cases again to see with which of them it
/// does.
///
/// # Errors
/// Those of [`Subject::isolated`], and [`FuzzError::Io`] where a finding cannot be written.
pub(super) fn weigh(
    spec: &Spec,
    program: &Program,
    feed: &dyn Feed,
    stop: &Arc<AtomicBool>,
    total: &mut Progress,
    observer: &mut dyn Observer,
) -> Result<(), FuzzError> {
    let heavy = |name: &&String| total.grown.get(*name) > Some(&growth::SUSPICIOUS);
    let heavy: Vec<&String> = spec.against.iter().filter(heavy).collect();
    for name in heavy {
        let mut seat = Seat::new(Subject::isolated(name, &program.serve)?);
        let mut judge = Judge::new(BOUNDS, spec.timeout);
        for number in total.next.saturating_sub(growth::SUSPECTS)..total.next {
            let Ok(trial) = feed.trial(spec.seed, number) else {
                continue;
            };
            let mut grows = |limits| growth::check(&trial, &mut judge, &mut seat, limits, stop);
            let found = grows(growth::LIKELY).and_then(|_| grows(growth::CERTAIN));
            let Some(found) = found else { continue };
            let findings = Findings {
                root: spec.findings.clone(),
            };
            let id = found.signature.id();
            total.found += 1;
            let known = Known::load(&spec.known)?;
            let known = known.find(&found.signature, seat.subject.info()).is_some();
            if known || findings.has(&found.signature) {
                total.known.insert(id);
            } else {
                total.new.insert(id);
                let record = Record::new(&seat.subject, &trial, &found, spec.seed, number);
                let dir = findings.write(&trial, &found, &record)?;
                observer.found(&found.signature.in_words(), &dir);
            }
            break;
        }
    }
    Ok(())
}
