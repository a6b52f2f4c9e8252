//! Two timelines side by side: what a runtime showed, and how far the specification goes with it.

use std::collections::BTreeMap;

use assize_reference::component::ast::End;
use assize_reference::explore::check::Observed;
use assize_reference::explore::exhaustive::Frontier;
use assize_reference::explore::replay::Replay;
use assize_reference::explore::run::{Run, Status};
use assize_reference::explore::schedule::{Recorder, Schedule};
use assize_reference::explore::script::Event;
use assize_reference::host::{HostEvent, Lane};
use assize_reference::machine::log::{Entry, What};
use assize_reference::machine::reading::Reading;
use assize_reference::machine::state::TaskId;
use serde::{Deserialize, Serialize};

use super::events::Types;
use super::plan::{Planned, StepKind};
use super::verdict::{Seen, step_text};
use crate::explore::{describe, limits};

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

/// Something that goes from one column to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Arrow {
    /// What goes.
    pub what: Passage,
    /// The position of the column that it comes from.
    pub from: usize,
    /// The position of the column that it goes to.
    pub to: usize,
}

/// What goes from one column to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Passage {
    /// A call, to the callee.
    Call,
    /// The return of one, to the caller.
    Return,
    /// A request to cancel, to the callee; or that a call was cancelled, to the caller.
    Cancel,
    /// The elements of a copy, or only the news that it is over, to the reader.
    Copy,
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

/// The column for what the host does.
const SCRIPT: &str = "script";

/// The column for what guests call.
const GUEST: &str = "guest";

/// The column for what the host sees in a run of the reference.
const HOST: &str = "host";

/// A timeline in the making: arrows name their columns, which may come later.
#[derive(Default)]
struct Sketch {
    timeline: Timeline,
    arrows: Vec<Option<Passing>>,
}

/// An arrow between columns that have names.
struct Passing {
    what: Passage,
    from: String,
    to: String,
}

impl Passing {
    fn new(what: Passage, from: &str, to: &str) -> Option<Passing> {
        Some(Passing {
            what,
            from: from.to_owned(),
            to: to.to_owned(),
        })
    }
}

impl Sketch {
    /// Adds a row to the column of this name, which may be a new one.
    fn add(&mut self, column: &str, what: String, standing: Standing, arrow: Option<Passing>) {
        let known = self.column(column);
        let column = known.unwrap_or_else(|| {
            self.timeline.columns.push(column.to_owned());
            self.timeline.columns.len() - 1
        });
        self.arrows.push(arrow);
        self.timeline.rows.push(Row {
            column,
            what,
            standing,
            arrow: None,
        });
    }

    fn column(&self, name: &str) -> Option<usize> {
        let mut columns = self.timeline.columns.iter();
        columns.position(|known| known == name)
    }

    /// The timeline. An arrow from or to a column in which nothing happened is left out.
    fn finish(mut self) -> Timeline {
        for (place, arrow) in std::mem::take(&mut self.arrows).into_iter().enumerate() {
            let arrow = arrow.and_then(|arrow| {
                Some(Arrow {
                    what: arrow.what,
                    from: self.column(&arrow.from)?,
                    to: self.column(&arrow.to)?,
                })
            });
            self.timeline.rows[place].arrow = arrow;
        }
        self.timeline
    }
}

/// What the runtime showed, in the order in which it told of it. All of it is admissible where
/// there is no frontier.
pub(super) fn observed(
    planned: &Planned,
    seen: &Seen<'_>,
    frontier: Option<&Frontier>,
) -> Timeline {
    let mut timeline = Sketch::default();
    let mut types = seen.types.clone();
    let mut counts: BTreeMap<Lane, usize> = BTreeMap::new();
    let mut refused = false;
    let mut standing = |admissible: bool| match (admissible, refused) {
        (true, _) => Standing::Admissible,
        (false, false) => {
            refused = true;
            Standing::First
        }
        (false, true) => Standing::After,
    };
    let mut events = seen.events.iter().peekable();
    for step in 0..=seen.steps.len() {
        while let Some((_, event)) = events.next_if(|(before, _)| *before <= step) {
            let lane = event.lane();
            let position = counts.entry(lane.clone()).or_default();
            let admissible = frontier.is_none_or(|frontier| {
                let allowed = frontier.lanes.get(&lane).copied().unwrap_or(0);
                *position < allowed
            });
            *position += 1;
            let text = types.describe(event);
            let column = lane_name(&lane);
            let arrow = guest_arrow(event, &column);
            timeline.add(&column, text, standing(admissible), arrow);
        }
        if let Some(outcome) = seen.steps.get(step) {
            let what = &planned.steps[step].what;
            let text = format!("{what} -> {}", step_text(planned, step, outcome));
            let standing = standing(frontier.is_none_or(|frontier| step < frontier.actions));
            timeline.add(SCRIPT, text, standing, step_arrow(outcome));
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

/// What goes between guests and the host by an event, as far as a runtime shows that.
fn guest_arrow(event: &HostEvent, column: &str) -> Option<Passing> {
    match event {
        HostEvent::Called { .. } if column == GUEST => Passing::new(Passage::Call, GUEST, SCRIPT),
        HostEvent::Called { .. } => Passing::new(Passage::Call, GUEST, column),
        HostEvent::Cancelled { .. } => Passing::new(Passage::Cancel, GUEST, column),
        HostEvent::Copied { end, .. } => match end {
            End::Readable => Passing::new(Passage::Copy, GUEST, column),
            End::Writable => Passing::new(Passage::Copy, column, GUEST),
        },
        HostEvent::Dropped { .. } => None,
    }
}

/// What goes between the host and guests in a step of the script.
fn step_arrow(outcome: &Observed) -> Option<Passing> {
    let Observed::Exactly(event) = outcome else {
        return None;
    };
    match event {
        Event::Started => Passing::new(Passage::Call, SCRIPT, GUEST),
        Event::Requested => Passing::new(Passage::Cancel, SCRIPT, GUEST),
        Event::Returned(_) => Passing::new(Passage::Return, GUEST, SCRIPT),
        Event::Cancelled => Passing::new(Passage::Cancel, GUEST, SCRIPT),
        _ => None,
    }
}

/// The run of the reference with this schedule, until so many steps have ended and the host has seen
/// so many events.
pub(super) fn reference(
    planned: &Planned,
    schedule: &Schedule,
    (steps, events): (usize, usize),
    reading: Reading,
) -> Timeline {
    let mut inside = Inside::new(planned);
    let mut run = Run::new(limits(), reading).with_log();
    let choices = schedule.choices.len();
    let mut replay = Replay::new(schedule.clone());
    let mut recorder = Recorder::new(&mut replay);
    let (mut seen, mut ended) = (0, 0);
    loop {
        let status = run.advance_one(&planned.script, &mut recorder);
        let mut task = None;
        for entry in run.take_log() {
            task = Some(inside.entry(&entry, &run));
        }
        for event in &run.seen()[seen..] {
            inside.event(event, task.as_deref());
        }
        for (step, event) in run.trace().iter().enumerate().skip(ended) {
            inside.step(planned, step, event);
        }
        (seen, ended) = (run.seen().len(), run.trace().len());
        let there = ended >= steps && seen >= events;
        if status == Status::Ended || there && recorder.choices.len() >= choices {
            return inside.timeline.finish();
        }
    }
}

/// A run of the reference, seen from inside.
struct Inside<'p> {
    timeline: Sketch,
    types: Types<'p>,
    /// The task at each depth: who resumed whom.
    stack: Vec<String>,
    /// Who called the tasks that have not ended, where that is known.
    callers: BTreeMap<u32, Option<String>>,
    /// The columns of the host's calls, by their numbers.
    calls: BTreeMap<u32, String>,
}

impl<'p> Inside<'p> {
    fn new(planned: &'p Planned) -> Inside<'p> {
        let mut timeline = Sketch::default();
        let columns = [SCRIPT, HOST].map(str::to_owned);
        timeline.timeline.columns.extend(columns);
        Inside {
            timeline,
            types: Types::new(&planned.functions),
            stack: Vec::new(),
            callers: BTreeMap::new(),
            calls: BTreeMap::new(),
        }
    }

    /// Adds what happened to a task, and names its column.
    fn entry(&mut self, entry: &Entry, run: &Run) -> String {
        let column = format!("task {}", entry.task.0);
        let depth = entry.depth.saturating_sub(1) as usize;
        self.stack.truncate(depth);
        let arrow = match entry.what {
            What::Resumed(_) if !self.callers.contains_key(&entry.task.0) => {
                let caller = self.caller(entry.task, run, &column);
                self.callers.insert(entry.task.0, caller.clone());
                caller.and_then(|caller| Passing::new(Passage::Call, &caller, &column))
            }
            What::Returns => self.back(entry.task, Passage::Return, &column),
            What::IsCancelled => self.back(entry.task, Passage::Cancel, &column),
            _ => None,
        };
        if entry.what == What::Ends {
            self.callers.remove(&entry.task.0);
        }
        self.stack.resize(depth, String::new());
        self.stack.push(column.clone());
        let text = describe(&entry.what);
        self.timeline
            .add(&column, text, Standing::Admissible, arrow);
        column
    }

    /// Who called a task that begins: the host, or the task that runs around it.
    fn caller(&mut self, task: TaskId, run: &Run, column: &str) -> Option<String> {
        let mut calls = run.machine().store.host_calls.iter();
        if let Some((call, _)) = calls.find(|(_, call)| call.task == Some(task)) {
            self.calls.insert(call.0, column.to_owned());
            return Some(SCRIPT.to_owned());
        }
        let caller = self.stack.last();
        caller.filter(|caller| *caller != column).cloned()
    }

    /// From a task to its caller.
    fn back(&self, task: TaskId, what: Passage, column: &str) -> Option<Passing> {
        let caller = self.callers.get(&task.0)?.as_deref()?;
        Passing::new(what, column, caller)
    }

    /// Adds what the host saw, which came about while `task` ran, if any did.
    fn event(&mut self, event: &HostEvent, task: Option<&str>) {
        let arrow = task.and_then(|task| match event {
            HostEvent::Called { .. } => Passing::new(Passage::Call, task, HOST),
            HostEvent::Cancelled { .. } => Passing::new(Passage::Cancel, task, HOST),
            HostEvent::Copied { end, .. } => match end {
                End::Readable => Passing::new(Passage::Copy, task, HOST),
                End::Writable => Passing::new(Passage::Copy, HOST, task),
            },
            HostEvent::Dropped { .. } => None,
        });
        let text = self.types.describe(event);
        self.timeline.add(HOST, text, Standing::Admissible, arrow);
    }

    /// Adds the end of a step. The arrows of calls stand where their tasks begin and return.
    fn step(&mut self, planned: &Planned, step: usize, event: &Event) {
        let what = &planned.steps[step].what;
        let outcome = super::verdict::event_text(planned, step, event);
        let arrow = match planned.steps[step].kind {
            StepKind::Cancel(call) => {
                let calls = planned.steps.iter().take(call);
                let calls = calls.filter(|step| matches!(step.kind, StepKind::Start { .. }));
                let task = self.calls.get(&(calls.count() as u32));
                task.and_then(|task| Passing::new(Passage::Cancel, SCRIPT, task))
            }
            _ => None,
        };
        let text = format!("{what} -> {outcome}");
        self.timeline.add(SCRIPT, text, Standing::Admissible, arrow);
    }
}
