//! Whether what a runtime showed of a host-driven test is something that the specification allows.

use assize_reference::explore::check::{Admissibility, Observed, check_host};
use assize_reference::explore::exhaustive::{Bounds, Frontier, Shown};
use assize_reference::explore::lanes::{Counts, Lanes};
use assize_reference::explore::run::Run;
use assize_reference::explore::script::Event;
use assize_reference::host::HostEvent;
use assize_reference::machine::reading::Reading;
use assize_reference::machine::stop::{Stop, Trap};

use super::drive::{Driven, StepOutcome};
use super::events::{Types, observed};
use super::plan::Planned;
use crate::explore::limits;
use crate::results::{Detail, Verdict};
use crate::runtime::{Failure, OutcomeClass};
use crate::wast::Judgement;

/// The judgement over what was seen.
///
/// What the runtime does not have, and what came of its process, is told as it is. All else is
/// looked for among the schedules of the reference.
pub fn judge(planned: &Planned, driven: &Driven, reading: Reading, bounds: Bounds) -> Judgement {
    if let Some(StepOutcome::Failed(failure)) = driven.steps.last()
        && let Some(judgement) = of_failure(failure)
    {
        return judgement;
    }
    let seen = match Seen::new(planned, driven) {
        Ok(seen) => seen,
        Err(reason) => return fail("what a host can see", reason),
    };
    let start = Run::new(limits(), reading);
    let lanes = Lanes::new(seen.events.iter().map(|(_, event)| event.clone()));
    match check_host(&planned.script, start, &seen.steps, &lanes, bounds) {
        Admissibility::Admissible { .. } => Judgement::pass(),
        Admissibility::Undecided { states } => Judgement::because(
            Verdict::Undecided,
            format!("none of the {states} states that were searched decides it"),
        ),
        Admissibility::Inadmissible(frontier) => explain(planned, &seen, &frontier),
    }
}

fn fail(expected: &str, actual: String) -> Judgement {
    Judgement {
        verdict: Verdict::Fail,
        capability: None,
        detail: Some(Detail {
            expected: Some(expected.to_owned()),
            actual: Some(actual),
        }),
        rule: None,
    }
}

/// What was seen, as the reference has it.
struct Seen<'p> {
    steps: Vec<Observed>,
    events: Vec<(usize, HostEvent)>,
    types: Types<'p>,
}

impl<'p> Seen<'p> {
    fn new(planned: &'p Planned, driven: &Driven) -> Result<Seen<'p>, String> {
        let mut types = Types::new(&planned.functions);
        let events = driven.events.iter();
        let events = events.map(|(step, event)| Ok((*step, types.event(event)?)));
        let events = events.collect::<Result<_, String>>()?;
        let steps = driven.steps.iter().enumerate();
        let steps = steps.map(|(step, outcome)| step_outcome(planned, step, outcome));
        Ok(Seen {
            steps: steps.collect::<Result<_, String>>()?,
            events,
            types,
        })
    }
}

fn step_outcome(planned: &Planned, step: usize, outcome: &StepOutcome) -> Result<Observed, String> {
    Ok(Observed::Exactly(match outcome {
        StepOutcome::Instantiated => Event::Instantiated,
        StepOutcome::Started => Event::Started,
        StepOutcome::Requested => Event::Requested,
        StepOutcome::Cancelled => Event::Cancelled,
        StepOutcome::Failed(_) => return Ok(Observed::Trap),
        StepOutcome::Returned(values) => {
            let types = planned.result_types(step);
            if values.len() != types.len() {
                let (given, wanted) = (values.len(), types.len());
                return Err(format!("{given} results where there are {wanted}"));
            }
            let values = values.iter().zip(types);
            let values = values.map(|(value, ty)| observed(value, ty));
            Event::Returned(values.collect::<Result<_, _>>()?)
        }
    }))
}

/// What was seen, up to what no schedule shows, and what schedules show there.
fn explain(planned: &Planned, seen: &Seen<'_>, frontier: &Frontier) -> Judgement {
    let mut types = seen.types.clone();
    let mut lines = Vec::new();
    let mut counts = Counts::new();
    let mut events = seen.events.iter().peekable();
    let mut refused = false;
    let mut line = |admissible: bool, text: String| {
        let mark = match (admissible, refused) {
            (true, _) => "  ",
            (false, false) => "! ",
            (false, true) => "? ",
        };
        refused |= !admissible;
        lines.push(format!("{mark}{text}"));
    };
    for step in 0..=seen.steps.len() {
        while let Some((_, event)) = events.next_if(|(before, _)| *before <= step) {
            let lane = event.lane();
            let position = counts.entry(lane.clone()).or_default();
            let admissible = *position < frontier.lanes.get(&lane).copied().unwrap_or(0);
            *position += 1;
            line(admissible, format!("    {}", types.describe(event)));
        }
        if let Some(outcome) = seen.steps.get(step) {
            let what = &planned.steps[step].what;
            let outcome = match outcome {
                Observed::Exactly(event) => step_text(planned, step, event),
                Observed::Trap => "trap".to_owned(),
            };
            line(step < frontier.actions, format!("{what} -> {outcome}"));
        }
    }
    let mut allowed: Vec<_> = frontier
        .next
        .iter()
        .map(|shown| match shown {
            Shown::Action(event) => {
                let step = frontier.actions;
                let what = planned.steps.get(step).map_or("", |step| &step.what);
                format!("{what} -> {}", step_text(planned, step, event))
            }
            Shown::Host(event) => types.describe(event),
            Shown::End => "nothing more".to_owned(),
        })
        .collect();
    allowed.sort();
    allowed.dedup();
    let rule = frontier.next.iter().find_map(|shown| match shown {
        Shown::Action(Event::Stopped(Stop::Trap(Trap::Rule(rule)))) => Some(*rule),
        _ => None,
    });
    if let Some(rule) = rule {
        allowed.push(format!("{}: {}", rule.id(), rule.meaning()));
    }
    Judgement {
        verdict: Verdict::Fail,
        capability: None,
        detail: Some(Detail {
            expected: Some(allowed.join("\n")),
            actual: Some(lines.join("\n")),
        }),
        rule: rule.map(|rule| rule.id().to_owned()),
    }
}

fn step_text(planned: &Planned, step: usize, event: &Event) -> String {
    match event {
        Event::Instantiated => "instantiated".to_owned(),
        Event::Started => "started".to_owned(),
        Event::Requested => "asked".to_owned(),
        Event::Cancelled => "cancelled".to_owned(),
        Event::Returned(values) => {
            let values = values.iter().zip(planned.result_types(step));
            let values = values.map(|(value, ty)| {
                crate::runtime::reference::values::from_machine(value, ty).to_string()
            });
            format!("returned {}", values.collect::<Vec<_>>().join(", "))
        }
        Event::Unlinkable(error) => format!("unlinkable: {error}"),
        Event::Stopped(stop) => match stop {
            Stop::Trap(Trap::Rule(rule)) => format!("trap: {} ({})", rule.meaning(), rule.id()),
            Stop::Trap(trap) => format!("trap: {trap}"),
            stop => stop.to_string(),
        },
        Event::NotTaken => "not taken".to_owned(),
        Event::GivenUp => "given up".to_owned(),
    }
}

/// What is said of a failure that is not about what the guest does; nothing if it is.
fn of_failure(failure: &Failure) -> Option<Judgement> {
    match failure.class {
        OutcomeClass::Trap | OutcomeClass::Deadlock => None,
        // A limit of the runtime's decides nothing.
        OutcomeClass::Exhaustion => {
            Some(Judgement::because(Verdict::Undecided, failure.to_string()))
        }
        _ => Some(Judgement::failed("a step of the script", failure.clone())),
    }
}
