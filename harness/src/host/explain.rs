//! Two timelines side by side: what a runtime showed, and how far the specification goes with it.

use std::collections::BTreeMap;

use assize_reference::explore::check::Observed;
use assize_reference::explore::exhaustive::Frontier;
use assize_reference::explore::replay::Replay;
use assize_reference::explore::run::{Run, Status};
use assize_reference::explore::schedule::{Recorder, Schedule};
use assize_reference::explore::script::Event;
use assize_reference::host::{HostEvent, Lane};
use assize_reference::machine::log::{Entry, What};
use assize_reference::machine::reading::Reading;
use assize_reference::machine::stop::{Stop, Trap};
use serde::{Deserialize, Serialize};

use super::arrows::{Arrow, GUEST, SCRIPT, Sketch, guest_arrow, step_arrow};
use super::inside::Inside;
use super::plan::Planned;
use super::verdict::{Seen, step_text};
use crate::explore::limits;
use crate::rules::Rule;

/// What happened, in columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Timeline {
    /// The names of the columns, from left to right.
    pub columns: Vec<String>,
    /// What happened, from top to bottom.
    pub rows: Vec<Row>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Row {
    /// The position of the column.
    pub column: usize,
    /// What happened.
    pub what: String,
    /// How that stands to what the specification allows.
    pub standing: Standing,
    /// What goes from one column to another by it, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrow: Option<Arrow>,
}

/// How something that was observed stands to what the specification allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Some schedule shows it, together with all else that is admissible.
    Admissible,
    /// The first thing that none of these schedules shows.
    First,
    /// Something else that these schedules do not come to.
    After,
}

/// What was seen of a test, and how the specification stands to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Explanation {
    /// What the runtime showed: a column for the script, for the calls of the host by guests, and for
    /// each of the host's calls and ends.
    pub observed: Timeline,
    /// The run of the reference that shows the same, or that goes furthest with it: a column for the
    /// script, for what the host sees, and for each task.
    pub reference: Timeline,
    /// What may come in place of the first thing that is not admissible; empty where all is.
    pub allowed: Vec<String>,
}

/// One thing that a runtime told of.
#[derive(Clone, Copy)]
pub(super) enum Told<'s> {
    /// How a step ended.
    Step(usize, &'s Observed),
    /// An event of the host's world.
    Event(&'s HostEvent),
}

/// What the runtime showed, in the order in which it told of it, and whether that is among what the
/// runs of the reference show that go furthest with it. All of it is where there is no frontier.
pub(super) fn told<'s>(seen: &'s Seen<'_>, frontier: Option<&Frontier>) -> Vec<(Told<'s>, bool)> {
    let mut told = Vec::new();
    let mut counts: BTreeMap<Lane, usize> = BTreeMap::new();
    let mut events = seen.events.iter().peekable();
    for step in 0..=seen.steps.len() {
        while let Some((_, event)) = events.next_if(|(before, _)| *before <= step) {
            let lane = event.lane();
            let position = counts.entry(lane.clone()).or_default();
            let admissible = frontier.is_none_or(|frontier| {
                let allowed = frontier.lanes.get(&lane).copied().unwrap_or(0);
                *position < allowed
            });
            told.push((Told::Event(event), admissible));
            *position += 1;
        }
        if let Some(outcome) = seen.steps.get(step) {
            let admissible = frontier.is_none_or(|frontier| step < frontier.actions);
            told.push((Told::Step(step, outcome), admissible));
        }
    }
    told
}

/// What the runtime showed, as a timeline.
pub(super) fn observed(
    planned: &Planned,
    seen: &Seen<'_>,
    frontier: Option<&Frontier>,
) -> Timeline {
    let mut timeline = Sketch::default();
    let mut types = seen.types.clone();
    let mut refused = false;
    for (told, admissible) in told(seen, frontier) {
        let standing = match (admissible, refused) {
            (true, _) => Standing::Admissible,
            (false, false) => Standing::First,
            (false, true) => Standing::After,
        };
        refused |= !admissible;
        match told {
            Told::Event(event) => {
                let column = lane_name(&event.lane());
                let arrow = guest_arrow(event, &column);
                timeline.add(&column, types.describe(event), standing, arrow);
            }
            Told::Step(step, outcome) => {
                let what = &planned.steps[step].what;
                let text = format!("{what} -> {}", step_text(planned, step, seen));
                timeline.add(SCRIPT, text, standing, step_arrow(outcome));
            }
        }
    }
    timeline.finish()
}

fn lane_name(lane: &Lane) -> String {
    match lane {
        Lane::Guest => GUEST.to_owned(),
        Lane::Import(name) => name.to_string(),
        Lane::PendingCall(token) => format!("call {token}"),
        Lane::End(token) => format!("end {token}"),
    }
}

/// How many steps of the machine the next thing that is seen may be away.
const NEXT: usize = 10_000;

/// The run of the reference with this schedule, until so many steps have ended and the host has seen
/// so many events; and the built-ins that are called in it from there on, or from the last thing that is
/// seen, to the next. The rule is the one under which that run traps, if it does.
pub(super) fn reference(
    planned: &Planned,
    schedule: &Schedule,
    (steps, events): (usize, usize),
    reading: Reading,
) -> (Timeline, Vec<&'static str>, Option<Rule>) {
    let mut inside = Inside::new(planned);
    let mut run = Run::new(limits(), reading).with_log();
    let choices = schedule.choices.len();
    let mut replay = Replay::new(schedule.clone());
    let mut recorder = Recorder::new(&mut replay);
    let (mut seen, mut ended) = (0, 0);
    let mut builtins = Vec::new();
    let status = loop {
        let status = run.advance_one(&planned.script, &mut recorder);
        let mut task = None;
        for entry in run.take_log() {
            builtins.extend(builtin(&entry));
            task = Some(inside.entry(&entry, &run));
        }
        for event in &run.seen()[seen..] {
            inside.event(event, task.as_deref());
        }
        for (step, event) in run.trace().iter().enumerate().skip(ended) {
            inside.step(planned, step, event);
        }
        let is_new = run.seen().len() > seen || run.trace().len() > ended;
        (seen, ended) = (run.seen().len(), run.trace().len());
        let there = ended >= steps && seen >= events;
        if status == Status::Ended || there && recorder.choices.len() >= choices {
            break status;
        }
        if is_new {
            builtins.clear();
        }
    };
    if status == Status::Going {
        builtins.extend(up_to_next(planned, &mut run, &mut recorder));
    }
    // What comes after a first trap follows from it.
    let trapped = run.trace().iter().find_map(|event| match event {
        Event::Stopped(Stop::Trap(Trap::Rule(rule))) => Some(*rule),
        _ => None,
    });
    (inside.timeline.finish(), builtins, trapped)
}

/// The built-ins that are called until the next thing is seen. What that is does not go into a
/// timeline: it is only one of several things that may come.
fn up_to_next(planned: &Planned, run: &mut Run, recorder: &mut Recorder<'_>) -> Vec<&'static str> {
    let (seen, ended) = (run.seen().len(), run.trace().len());
    let mut builtins = Vec::new();
    for _ in 0..NEXT {
        let status = run.advance_one(&planned.script, recorder);
        builtins.extend(run.take_log().iter().filter_map(builtin));
        if status == Status::Ended || run.seen().len() > seen || run.trace().len() > ended {
            break;
        }
    }
    builtins
}

/// The built-in that is called. A lowered function is none.
fn builtin(entry: &Entry) -> Option<&'static str> {
    match entry.what {
        What::Calls(name, _) if name != "lower" => Some(name),
        _ => None,
    }
}
