//! Whether what a runtime showed of a host-driven test is something that the specification allows.

use std::collections::BTreeMap;

use assize_reference::explore::check::Observed;
use assize_reference::explore::exhaustive::{Bounds, Frontier, Shown};
use assize_reference::explore::lanes::{Cancellations, End, Lanes};
use assize_reference::explore::script::Event;
use assize_reference::host::HostEvent;
use assize_reference::machine::reading::Reading;
use assize_reference::machine::stop::{Stop, Trap};

use super::drive::{Driven, StepOutcome};
use super::events::{Types, observed};
use super::explain::{Explanation, Standing};
use super::oracle::{Answer, Deviation, Oracle};
use super::plan::Planned;
use crate::results::{Detail, Verdict};
use crate::runtime::OutcomeClass;
use crate::wast::Judgement;

/// The judgement over what was seen.
///
/// What the runtime does not have, and what came of its process, is told as it is. All else is
/// looked for among the schedules of the reference.
pub fn judge(planned: &Planned, driven: &Driven, reading: Reading, bounds: Bounds) -> Judgement {
    judgement(&Oracle::new(planned, reading, bounds).answer(driven))
}

/// The same, with timelines of what was seen and of the run of the reference that it was held
/// against. There are none where nothing was looked for, or it was neither found nor excluded.
pub fn judge_and_explain(
    planned: &Planned,
    driven: &Driven,
    reading: Reading,
    bounds: Bounds,
) -> (Judgement, Option<Explanation>) {
    let oracle = Oracle::new(planned, reading, bounds);
    let answer = oracle.answer(driven);
    let explanation = match &answer {
        Answer::Admissible {
            schedule, reading, ..
        } => oracle.explain(driven, schedule, *reading),
        Answer::Inadmissible(deviation) => Some(deviation.explanation.clone()),
        Answer::Undecided(_) | Answer::Failed(_) | Answer::NoTrace(_) => None,
    };
    (judgement(&answer), explanation)
}

fn judgement(answer: &Answer) -> Judgement {
    match answer {
        Answer::Admissible { .. } => Judgement::pass(),
        Answer::Undecided(reason) => Judgement::because(Verdict::Undecided, reason.clone()),
        Answer::Failed(failure) => Judgement::failed("a step of the script", failure.clone()),
        Answer::NoTrace(reason) => fail("what a host can see", reason.clone()),
        Answer::Inadmissible(deviation) => refuse(deviation),
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
pub(super) struct Seen<'p> {
    pub(super) steps: Vec<Observed>,
    pub(super) events: Vec<(usize, HostEvent)>,
    pub(super) types: Types<'p>,
    /// What the runtime said of the steps that failed.
    pub(super) words: BTreeMap<usize, String>,
    cancellations: Cancellations,
}

impl<'p> Seen<'p> {
    pub(super) fn new(planned: &'p Planned, driven: &Driven) -> Result<Seen<'p>, String> {
        let mut types = Types::new(&planned.functions);
        let events = driven.events.iter();
        let events = events.map(|(step, event)| Ok((*step, types.event(event)?)));
        let events = events.collect::<Result<_, String>>()?;
        let steps = driven.steps.iter().enumerate();
        let words = steps.clone().filter_map(|(step, outcome)| match outcome {
            StepOutcome::Failed(failure) => Some((step, first_line(&failure.message))),
            _ => None,
        });
        let words = words.collect();
        let steps = steps.map(|(step, outcome)| step_outcome(planned, step, outcome));
        Ok(Seen {
            steps: steps.collect::<Result<_, String>>()?,
            events,
            types,
            words,
            cancellations: driven.cancellations,
        })
    }

    /// The events, lane by lane.
    pub(super) fn lanes(&self) -> Lanes {
        let trapped = !matches!(self.steps.last(), Some(Observed::Exactly(_)) | None);
        let end = if trapped { End::Trapped } else { End::Complete };
        let events = self.events.iter().map(|(_, event)| event.clone());
        Lanes::new(events, end, self.cancellations)
    }
}

fn step_outcome(planned: &Planned, step: usize, outcome: &StepOutcome) -> Result<Observed, String> {
    Ok(Observed::Exactly(match outcome {
        StepOutcome::Instantiated => Event::Instantiated,
        StepOutcome::Started => Event::Started,
        StepOutcome::Requested => Event::Requested,
        StepOutcome::Cancelled => Event::Cancelled,
        StepOutcome::Failed(failure) if failure.class == OutcomeClass::Deadlock => {
            Event::Stopped(Stop::Deadlock)
        }
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
fn refuse(deviation: &Deviation) -> Judgement {
    let observed = &deviation.explanation.observed;
    let lines = observed.rows.iter().map(|row| {
        let mark = match row.standing {
            Standing::Admissible => ' ',
            Standing::First => '!',
            Standing::After => '?',
        };
        let indent = match observed.columns[row.column].as_str() {
            "script" => "",
            _ => "  ",
        };
        format!("{mark} {indent}{}", row.what)
    });
    let mut lines: Vec<_> = lines.collect();
    if deviation.observed.is_none() {
        lines.push("! nothing more".to_owned());
    }
    let mut allowed = deviation.explanation.allowed.clone();
    allowed.insert(0, "at the line with `!`, one of these:".to_owned());
    Judgement {
        verdict: Verdict::Fail,
        capability: None,
        detail: Some(Detail {
            expected: Some(allowed.join("\n")),
            actual: Some(lines.join("\n")),
        }),
        rule: deviation.rule().map(|rule| rule.id().to_owned()),
    }
}

/// What may come next at the place that the reference came to with what was observed.
pub(super) fn allowed(planned: &Planned, seen: &Seen<'_>, frontier: &Frontier) -> Vec<String> {
    let mut types = seen.types.clone();
    let next = frontier.next.iter().map(|shown| match shown {
        Shown::Action(event) => {
            let step = frontier.actions;
            let what = planned.steps.get(step).map_or("", |step| &step.what);
            format!("{what} -> {}", event_text(planned, step, event))
        }
        Shown::Host(event) => types.describe(event),
        Shown::End => "nothing more".to_owned(),
    });
    let mut allowed: Vec<_> = next.collect();
    allowed.sort();
    allowed.dedup();
    allowed
}

/// The first line of a runtime's message, which is what it is about; more is where it came from.
fn first_line(message: &str) -> String {
    let line = message.lines().map(str::trim).find(|line| !line.is_empty());
    line.unwrap_or_default().to_owned()
}

/// How a step ended as it was observed, in words.
pub(super) fn step_text(planned: &Planned, step: usize, seen: &Seen<'_>) -> String {
    match &seen.steps[step] {
        Observed::Exactly(event) => event_text(planned, step, event),
        Observed::Trap => match seen.words.get(&step).map(String::as_str) {
            None | Some("" | "trap") => "trap".to_owned(),
            Some(words) => format!("trap: {}", words.strip_prefix("trap: ").unwrap_or(words)),
        },
    }
}

/// How a step ends, in words.
pub(super) fn event_text(planned: &Planned, step: usize, event: &Event) -> String {
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
            let values: Vec<_> = values.collect();
            match values.is_empty() {
                true => "returned".to_owned(),
                false => format!("returned {}", values.join(", ")),
            }
        }
        Event::Unlinkable(error) => format!("unlinkable: {error}"),
        Event::Stopped(stop) => match stop {
            Stop::Trap(Trap::Rule(rule)) => format!(
                "trap: {} ({}; CanonicalABI.md, \"{}\")",
                rule.meaning(),
                rule.id(),
                rule.heading()
            ),
            Stop::Trap(trap) => format!("trap: {trap}"),
            stop => stop.to_string(),
        },
        Event::NotTaken => "not taken".to_owned(),
        Event::GivenUp => "given up".to_owned(),
    }
}
