//! A file with a host-driven test, run and judged like a script.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use assize_reference::explore::exhaustive::Bounds;
use assize_reference::machine::reading::Reading;

use super::plan::{PlannedStep, StepKind};
use super::{Case, Driven, Planned, drive, judge, judge_and_explain};
use crate::forms::features;
use crate::runtime::{Capability, OutcomeClass, Runtime};
use crate::wast::script::{Ended, Sink, panic_message};
use crate::wast::{Judgement, Place};

/// How far the reference's schedules are searched for what a runtime has shown.
pub const BOUNDS: Bounds = Bounds {
    states: 2_000_000,
    depth: 100_000,
    time: Duration::from_secs(10),
};

/// Runs the test in `text`, and judges it at the first line of its script.
pub(crate) fn run<R: Runtime + ?Sized>(
    text: &str,
    runtime: &mut R,
    deadline: Option<Instant>,
    reading: Reading,
    sink: &mut dyn Sink<R>,
) -> Ended {
    let began = Instant::now();
    let case = match Case::parse(text) {
        Ok(case) => case,
        Err(error) => {
            let place = Place::file(error.line, error.column);
            let judgement = Judgement::error(format!("not a test: {}", error.reason));
            sink.judged(&place, judgement, began.elapsed());
            return Ended::Well;
        }
    };
    let place = Place {
        line: case.line(),
        column: 1,
        directive: "script".to_owned(),
    };
    sink.planned(std::slice::from_ref(&place));
    let planned = match Planned::new(&case) {
        Ok(planned) => planned,
        Err(error) => {
            let judgement = Judgement::error(format!("not a test: {error}"));
            sink.judged(&place, judgement, began.elapsed());
            return Ended::Well;
        }
    };
    if let Some(missing) = missing(&planned, &runtime.info().capabilities) {
        let judgement = Judgement::unsupported(missing);
        sink.judged(&place, judgement, began.elapsed());
        return Ended::Well;
    }
    runtime.set_deadline(deadline);
    let driven = match catch_unwind(AssertUnwindSafe(|| drive(&planned, runtime))) {
        Ok(driven) => driven,
        Err(panic) => {
            let judgement = Judgement::crash(panic_message(&*panic));
            sink.judged(&place, judgement, began.elapsed());
            return Ended::RuntimeLost;
        }
    };
    sink.ran(runtime);
    let ended = ended(&driven);
    if ended == Ended::Well {
        runtime.set_deadline(None);
    }
    let took = began.elapsed();
    let judgement = match sink.explains() {
        true => {
            let (judgement, explanation) = judge_and_explain(&planned, &driven, reading, BOUNDS);
            explanation.into_iter().for_each(|one| sink.explained(one));
            judgement
        }
        false => judge(&planned, &driven, reading, BOUNDS),
    };
    sink.judged(&place, judgement, took);
    ended
}

/// The first capability that the test needs and the runtime does not declare.
pub fn missing(planned: &Planned, declared: &[Capability]) -> Option<&'static str> {
    let cancels = |step: &PlannedStep| matches!(step.kind, StepKind::Cancel(_));
    let cancels = planned.steps.iter().any(cancels).then_some("call-cancel");
    let parts = planned.functions.keys();
    let parts = parts.filter_map(|function| features::host_part(function));
    let undeclared = |needed: &str| declared.iter().all(|declared| declared.0 != needed);
    // Only what is not declared is asked for, since each question is a validation.
    let gated = planned.components.iter();
    let gated = gated.flat_map(|component| features::gated(component, undeclared));
    let mut needed = cancels.into_iter().chain(parts).chain(gated);
    needed.find(|needed| undeclared(needed))
}

fn ended(driven: &Driven) -> Ended {
    match driven.failure() {
        Some(failure) if failure.class == OutcomeClass::Crash => Ended::RuntimeLost,
        _ => Ended::Well,
    }
}
