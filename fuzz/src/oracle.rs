//! What is to be said of one case on one runtime.

use std::time::{Duration, Instant};

use assize_harness::host::{
    Answer, By, Definitions, Deviation, Driven, Oracle, Planned, Timeline, missing,
};
use assize_harness::rules::Coverage;
use assize_harness::runtime::{Failure, OutcomeClass, Reading};
use assize_reference::explore::exhaustive::Bounds;
use assize_reference::explore::run::Run;
use assize_reference::explore::schedule::Schedule;
use assize_reference::machine::limits::Limits;

use crate::drive::tight_limits;
use crate::leak;
use crate::signature::{Kind, Signature};
use crate::starve;
use crate::subject::Seat;
use crate::trial::{Chassis, Rejected, Trial};

/// How far the schedules of one case are searched. A campaign has others to run.
pub const BOUNDS: Bounds = Bounds {
    states: 200_000,
    depth: 20_000,
    time: Duration::from_millis(500),
};

/// What came of a case on a runtime.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The specification allows it.
    Admissible(By),
    /// It does not, or the runtime came to grief.
    Finding(Box<Finding>),
    /// There is no telling.
    Undecided {
        /// Why.
        why: String,
    },
    /// The case needs what the runtime does not claim to have.
    Unsupported {
        /// What.
        capability: String,
    },
}

/// Something that a runtime should not do.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What it has in common with others of its kind.
    pub signature: Signature,
    /// What happened, in words.
    pub what: String,
    /// How that differs from what is allowed, where it is about that.
    pub deviation: Option<Deviation>,
    /// What the reference does first, where the finding is about no difference in what is shown.
    pub reference: Option<Timeline>,
    /// A script that the runtime's own program can run and that it fails, where there is one.
    pub script: Option<String>,
}

/// Runs cases and judges what comes of them. One for each thread.
pub struct Judge {
    definitions: Definitions,
    limits: Limits,
    bounds: Bounds,
    timeout: Duration,
    chassis: Chassis,
}

/// How long a runtime may take for a case: much longer than it needs on a machine that is busy.
pub const TIMEOUT: Duration = Duration::from_secs(10);

impl Default for Judge {
    fn default() -> Self {
        Judge::new(BOUNDS, TIMEOUT)
    }
}

/// A case that the reference has run once.
pub struct Prepared {
    planned: Planned,
}

impl Judge {
    /// A judge that searches schedules so far, and gives runtimes so much time for a case.
    pub fn new(bounds: Bounds, timeout: Duration) -> Judge {
        let limits = tight_limits();
        Judge {
            definitions: Definitions::new(limits.clone()),
            limits,
            bounds,
            timeout,
            chassis: Chassis::default(),
        }
    }

    /// The chassis of the programs that this judge has written in another way.
    pub(crate) fn chassis(&self) -> &Chassis {
        &self.chassis
    }

    /// Resolves a case.
    ///
    /// # Errors
    /// [`Rejected`] where the reference or the validator refuses it.
    pub fn prepare(&mut self, trial: &Trial) -> Result<Prepared, Rejected> {
        let planned = Planned::with(&trial.case, &mut self.definitions);
        let planned = planned.map_err(|error| Rejected(error.to_string()))?;
        Ok(Prepared { planned })
    }

    /// Runs a case on one runtime.
    ///
    /// # Errors
    /// Those of [`Judge::prepare`].
    pub fn judge(&mut self, trial: &Trial, seat: &mut Seat) -> Result<Outcome, Rejected> {
        let prepared = self.prepare(trial)?;
        Ok(self.consult(&prepared).run(trial, seat))
    }

    /// Runs a case on a runtime and says nothing of it.
    ///
    /// # Errors
    /// A failure that is not about what the guest does.
    pub fn run_only(&self, prepared: &Prepared, seat: &mut Seat) -> Result<Driven, Failure> {
        seat.run(&prepared.planned, Instant::now() + self.timeout)
    }

    /// The oracle for a case: the reference runs it once.
    pub fn consult<'p>(&self, prepared: &'p Prepared) -> Consulted<'p> {
        let planned = &prepared.planned;
        let oracle = Oracle::within(planned, Reading::Either, self.limits.clone(), self.bounds);
        Consulted {
            planned,
            oracle,
            limits: self.limits.clone(),
            bounds: self.bounds,
            timeout: self.timeout,
        }
    }
}

/// A case with what the reference says of it.
pub struct Consulted<'p> {
    planned: &'p Planned,
    oracle: Oracle<'p>,
    limits: Limits,
    bounds: Bounds,
    timeout: Duration,
}

impl Consulted<'_> {
    /// The rules that the reference has reached.
    pub fn coverage(&self) -> &Coverage {
        self.oracle.coverage()
    }

    /// What there is to say where no runtime is asked.
    pub fn alone(&self) -> Outcome {
        match self.oracle.gave_up() {
            Some(why) => gives_up(&why),
            None => Outcome::Admissible(By::First),
        }
    }

    /// Runs the case on a runtime.
    pub fn run(&self, trial: &Trial, seat: &mut Seat) -> Outcome {
        self.run_and_tell(trial, seat).0
    }

    /// The same, and what the runtime has shown, if it came to that.
    pub(crate) fn run_and_tell(&self, trial: &Trial, seat: &mut Seat) -> (Outcome, Option<Driven>) {
        let spins = trial.program().and_then(starve::number);
        if let Some(why) = self.oracle.gave_up()
            && spins.is_none()
        {
            return (gives_up(&why), None);
        }
        let info = seat.subject.info();
        if let Some(capability) = missing(self.planned, &info.capabilities) {
            let capability = capability.to_owned();
            return (Outcome::Unsupported { capability }, None);
        }
        let runtime = info.name.clone();
        let driven = match seat.run(self.planned, Instant::now() + self.timeout) {
            Ok(driven) => driven,
            Err(failure) => return (failed(&runtime, &failure), None),
        };
        let outcome = match spins {
            Some(number) => spun(number, &runtime, &driven),
            None => match self.judge(trial, &runtime, &driven) {
                Outcome::Admissible(by) => match self.leaked(seat, &driven) {
                    Ok(None) => Outcome::Admissible(by),
                    Ok(Some(what)) => leak_finding(trial, &runtime, what),
                    Err(failure) => failed(&runtime, &failure),
                },
                outcome => outcome,
            },
        };
        (outcome, Some(driven))
    }

    /// What the runtime keeps where nothing is to remain. That is asked only of schedules that come to the
    /// end of the script, so it must have.
    fn leaked(&self, seat: &mut Seat, driven: &Driven) -> Result<Option<String>, Failure> {
        if driven.failure().is_some() || !leak::is_clean(self.oracle.first()) {
            return Ok(None);
        }
        let remains = seat.remains(Instant::now() + self.timeout)?;
        let clean = || {
            let start = Run::new(self.limits.clone(), Reading::Either);
            leak::is_always_clean(&self.planned.script, start, self.bounds)
        };
        Ok(remains.filter(|_| clean()))
    }

    /// What the oracle says of something that a runtime has shown.
    pub(crate) fn answer(&self, driven: &Driven) -> Answer {
        self.oracle.answer(driven)
    }

    fn judge(&self, trial: &Trial, runtime: &str, driven: &Driven) -> Outcome {
        match self.answer(driven) {
            Answer::Admissible { by, .. } => Outcome::Admissible(by),
            Answer::Undecided(why) => Outcome::Undecided { why },
            Answer::Failed(failure) => self.beside(failed(runtime, &failure), driven),
            Answer::NoTrace(reason) => finding(Kind::Protocol, runtime, reason),
            Answer::Inadmissible(deviation) => {
                let signature = Signature::of(runtime, &deviation, driven, trial.program());
                Outcome::Finding(Box::new(Finding {
                    what: signature.in_words(),
                    signature,
                    deviation: Some(*deviation),
                    reference: None,
                    script: None,
                }))
            }
        }
    }
    /// A finding, and what the reference does there.
    fn beside(&self, mut outcome: Outcome, driven: &Driven) -> Outcome {
        if let Outcome::Finding(finding) = &mut outcome {
            let explanation = self
                .oracle
                .explain(driven, &Schedule::default(), Reading::Text);
            finding.reference = explanation.map(|explanation| explanation.reference);
        }
        outcome
    }
}

fn gives_up(why: &str) -> Outcome {
    let why = format!("the reference gives up: {why}");
    Outcome::Undecided { why }
}

/// What is said of a leak. Those of programs in which guests call guests by an `async` lower are told apart
/// from others, since most have to do with that.
fn leak_finding(trial: &Trial, runtime: &str, what: String) -> Outcome {
    let mut signature = Signature::of_message(Kind::Leak, runtime, &what);
    signature.builtin = trial.program().and_then(leak::suspect).map(str::to_owned);
    Outcome::Finding(Box::new(Finding {
        signature,
        what,
        deviation: None,
        reference: None,
        script: None,
    }))
}

/// What is said of one of the programs in which guests spin. Which of the two marks came first is no
/// question of what is admissible.
fn spun(number: u32, runtime: &str, driven: &Driven) -> Outcome {
    if let Some(what) = starve::starved(number, driven) {
        return finding(Kind::Starved, runtime, what);
    }
    match driven.failure() {
        None => Outcome::Admissible(By::First),
        Some(failure) => match failure.class {
            OutcomeClass::Crash | OutcomeClass::Unsupported { .. } => failed(runtime, failure),
            // Others are for the cases that are judged by what is admissible.
            _ => Outcome::Undecided {
                why: failure.to_string(),
            },
        },
    }
}

/// What is said of a failure that is not about what the guest does.
fn failed(runtime: &str, failure: &Failure) -> Outcome {
    let kind = match &failure.class {
        OutcomeClass::Unsupported { feature } => {
            let capability = feature.clone();
            return Outcome::Unsupported { capability };
        }
        OutcomeClass::Exhaustion => {
            let why = failure.to_string();
            return Outcome::Undecided { why };
        }
        OutcomeClass::Crash => Kind::Crash,
        OutcomeClass::Timeout => Kind::Hang,
        OutcomeClass::Malformed | OutcomeClass::Invalid | OutcomeClass::Unlinkable => Kind::Refused,
        _ => Kind::Protocol,
    };
    finding(kind, runtime, failure.message.clone())
}

/// A finding that is about the runtime and not about what it showed.
pub fn finding(kind: Kind, runtime: &str, message: String) -> Outcome {
    let signature = Signature::of_message(kind, runtime, &message);
    Outcome::Finding(Box::new(Finding {
        signature,
        what: message,
        deviation: None,
        reference: None,
        script: None,
    }))
}
