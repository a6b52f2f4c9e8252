//! Runtimes that are tested, by the names that the command line has for them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use assize_harness::host::{Driven, Planned, drive};
use assize_harness::mutants;
use assize_harness::rules::Rule;
use assize_harness::run::contain::take_last_panic;
use assize_harness::runtime::reference::ReferenceFactory;
use assize_harness::runtime::{
    self, EMBEDDED, Failure, OutcomeClass, REFERENCE, Reading, Runtime, RuntimeFactory, RuntimeInfo,
};

use assize_harness::results::Verdict;
use assize_harness::wast::{Judgement, panic_message, run_text};

use crate::error::FuzzError;
use crate::oracle::TIMEOUT;

/// A kind of runtime that is tested.
#[derive(Clone)]
pub struct Subject {
    /// What the command line calls it.
    pub name: String,
    factory: Arc<dyn RuntimeFactory>,
}

impl Subject {
    /// The runtime with this name: what `conformance --runtime` takes, or the reference with random
    /// choices (`reference@seed:7`) or with one rule wrong (`reference@mutant:RULE`).
    ///
    /// # Errors
    /// [`FuzzError::Harness`] where there is no such runtime here, and [`FuzzError::Subject`] where
    /// what stands behind the `@` is nothing.
    pub fn find(name: &str) -> Result<Subject, FuzzError> {
        let wrong = |reason: String| FuzzError::Subject {
            name: name.to_owned(),
            reason,
        };
        let prefix = format!("{REFERENCE}@");
        let factory: Arc<dyn RuntimeFactory> = match name.strip_prefix(&prefix) {
            None => runtime::find(name)?,
            Some(what) => match what.split_once(':') {
                Some(("seed", seed)) => {
                    let seed = seed.parse();
                    let seed = seed.map_err(|_| wrong("the seed is no number".to_owned()))?;
                    Arc::new(ReferenceFactory::default().with_seed(seed))
                }
                Some(("mutant", rule)) => {
                    let known = Rule::with_id(rule);
                    let rule = known.ok_or_else(|| wrong(format!("there is no rule `{rule}`")))?;
                    Arc::new(mutants::mutant(rule))
                }
                _ => {
                    let reason = "behind `@` stands `seed:NUMBER` or `mutant:RULE`";
                    return Err(wrong(reason.to_owned()));
                }
            },
        };
        Ok(Subject {
            name: name.to_owned(),
            factory,
        })
    }

    /// A runtime that is started by this factory.
    pub fn new(name: &str, factory: Arc<dyn RuntimeFactory>) -> Subject {
        Subject {
            name: name.to_owned(),
            factory,
        }
    }

    /// The reference with this rule wrong.
    pub fn mutant(rule: Rule) -> Subject {
        Subject {
            name: format!("{REFERENCE}@mutant:{}", rule.id()),
            factory: Arc::new(mutants::mutant(rule)),
        }
    }

    /// The same runtime in a process of its own, if `serve` is the command that serves runtimes that
    /// are built in, without their names.
    ///
    /// # Errors
    /// Those of [`Subject::find`].
    pub fn isolated(name: &str, serve: &str) -> Result<Subject, FuzzError> {
        let (base, what) = name.split_once('@').unwrap_or((name, ""));
        let options = match what.split_once(':') {
            Some(("seed", seed)) if base == REFERENCE => format!(" --seed {seed}"),
            Some(("mutant", rule)) if base == REFERENCE => format!(" --mutant {rule}"),
            None if EMBEDDED.contains(&name) => String::new(),
            _ => return Subject::find(name),
        };
        let factory = runtime::find(&format!("{base}={serve} {base}{options}"))?;
        Ok(Subject::new(name, factory))
    }

    /// Whether it comes up at all.
    ///
    /// # Errors
    /// [`FuzzError::Subject`] with what it says if it does not.
    pub fn check(&self) -> Result<(), FuzzError> {
        let mut runtime = self.factory.start(Reading::Text)?;
        runtime.reset().map_err(|failure| {
            let reason = failure.to_string();
            FuzzError::Subject {
                name: self.name.clone(),
                reason: reason.lines().next().unwrap_or_default().to_owned(),
            }
        })
    }

    /// Who it is.
    pub fn info(&self) -> &RuntimeInfo {
        self.factory.info()
    }
}

/// A runtime that runs one case after the other, and is started anew when it was lost.
pub struct Seat {
    /// Which runtime.
    pub subject: Subject,
    runtime: Option<Box<dyn Runtime>>,
}

impl Seat {
    /// Nothing runs yet.
    pub fn new(subject: Subject) -> Seat {
        let runtime = None;
        Seat { subject, runtime }
    }

    /// Runs a case. A panic of the runtime is a crash, and so is one that does not start.
    pub fn run(&mut self, planned: &Planned, deadline: Instant) -> Result<Driven, Failure> {
        // While the runtime is out of its seat, a panic loses it.
        let mut runtime = match self.runtime.take() {
            Some(runtime) => runtime,
            None => {
                let started = self.subject.factory.start(Reading::Text);
                started.map_err(|error| crash(error.to_string()))?
            }
        };
        let run = || {
            runtime.reset()?;
            runtime.set_deadline(Some(deadline));
            let driven = drive(planned, runtime.as_mut());
            Ok::<_, Failure>((runtime, driven))
        };
        let (runtime, driven) = caught(run)??;
        if !driven.lost_runtime() {
            self.runtime = Some(runtime);
        }
        Ok(driven)
    }

    /// The process that the runtime runs in: this one, if it has none for itself.
    pub fn process(&self) -> u32 {
        let own = self.runtime.as_ref().and_then(|runtime| runtime.process());
        own.unwrap_or_else(std::process::id)
    }

    /// What the runtime keeps after the case that it has run, if it can tell.
    ///
    /// # Errors
    /// A runtime that does not answer; a panic of it is a crash.
    pub fn remains(&mut self, deadline: Instant) -> Result<Option<String>, Failure> {
        let Some(mut runtime) = self.runtime.take() else {
            return Ok(None);
        };
        let (runtime, remains) = caught(|| {
            runtime.set_deadline(Some(deadline));
            let remains = runtime.remains();
            (runtime, remains)
        })?;
        let cannot = |class: &OutcomeClass| matches!(class, OutcomeClass::Unsupported { .. });
        let remains = match remains {
            Err(failure) if cannot(&failure.class) => Ok(None),
            remains => remains,
        };
        if remains.is_ok() {
            self.runtime = Some(runtime);
        }
        remains
    }
}

fn crash(message: String) -> Failure {
    Failure::new(OutcomeClass::Crash, message)
}

/// What a runtime does, whose panics are crashes.
fn caught<R>(run: impl FnOnce() -> R) -> Result<R, Failure> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
        let told = take_last_panic();
        crash(told.unwrap_or_else(|| panic_message(&*panic)))
    })
}

impl Seat {
    /// Whether the runtime, started anew, does not do what a script asserts.
    pub fn fails(&self, script: &str) -> bool {
        let Ok(mut runtime) = self.subject.factory.start(Reading::Text) else {
            return false;
        };
        let deadline = Instant::now() + TIMEOUT;
        let run = || {
            runtime.reset()?;
            Ok::<_, Failure>(run_text(script, runtime.as_mut(), Some(deadline)))
        };
        let passes = |judgement: &Judgement| judgement.verdict == Verdict::Pass;
        match catch_unwind(AssertUnwindSafe(run)) {
            Ok(Ok(judged)) => !judged.iter().all(|(_, judgement)| passes(judgement)),
            Ok(Err(_)) => false,
            Err(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(name: &str) -> String {
        Subject::find(name).err().unwrap().to_string()
    }

    #[test]
    fn the_reference_takes_a_seed_or_a_rule_that_is_wrong() {
        assert!(Subject::find("reference").is_ok());
        assert!(Subject::find("reference@seed:7").is_ok());
        assert!(Subject::find("reference@mutant:table.get/bounds").is_ok());
        assert_eq!(
            error("reference@mutant:none"),
            "`reference@mutant:none`: there is no rule `none`"
        );
        assert_eq!(
            error("reference@7"),
            "`reference@7`: behind `@` stands `seed:NUMBER` or `mutant:RULE`"
        );
    }
}
