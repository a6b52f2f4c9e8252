//! One run of a plan, with what happens inside of the machine.

use assize_reference::core;
use assize_reference::explore::random::Random;
use assize_reference::explore::replay::{Replay, ReplayError};
use assize_reference::explore::run::{Run, Status};
use assize_reference::explore::schedule::{Recorder, Schedule};
use assize_reference::machine::choice::Scheduler;
use assize_reference::machine::log::{Entry, What};
use assize_reference::machine::reading::Reading;
use assize_reference::machine::thread::{Cancelled, ThreadState};
use serde::Serialize;

use super::limits;
use crate::host::Types;
use crate::wast::Plan;

/// The most choices of a run; one that spins is given up then.
const MAX_CHOICES: usize = 100_000;

/// Which run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// That of a schedule; the empty one is the deterministic profile.
    Schedule(Schedule),
    /// A random one.
    Seed(u64),
}

/// A run.
#[derive(Clone, Debug, Serialize)]
pub struct Traced {
    /// What happened, in order.
    pub lines: Vec<Line>,
    /// The schedule.
    pub schedule: Vec<String>,
    /// Whether every expectation held.
    pub holds: bool,
    /// Whether all actions ended before there were too many choices.
    pub ended: bool,
}

/// One thing that happened.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// How deep it is nested: 0 is the host.
    pub depth: u32,
    /// The task, where it is one that something happened to.
    pub task: Option<u32>,
    /// The thread.
    pub thread: Option<u32>,
    /// What happened.
    pub what: String,
}

/// Runs a plan once.
///
/// # Errors
/// [`ReplayError`] where the schedule is not one of the plan.
pub fn trace(plan: &Plan, reading: Reading, which: Which) -> Result<Traced, ReplayError> {
    match which {
        Which::Seed(seed) => Ok(run(plan, reading, &mut Random::new(seed))),
        Which::Schedule(schedule) => {
            let mut replay = Replay::new(schedule);
            let traced = run(plan, reading, &mut replay);
            replay.finish().map(|()| traced)
        }
    }
}

fn run(plan: &Plan, reading: Reading, scheduler: &mut dyn Scheduler) -> Traced {
    let mut run = Run::new(limits(), reading).with_log();
    let mut recorder = Recorder::new(scheduler);
    let (mut lines, mut holds) = (Vec::new(), true);
    let mut types = Types::new(&plan.functions);
    let mut seen = 0;
    let ended = loop {
        let (begun, choices) = (run.trace().len(), recorder.choices.len());
        let status = run.advance_one(&plan.script, &mut recorder);
        lines.extend(run.take_log().iter().map(Line::from));
        for event in &run.seen()[seen..] {
            let what = format!("host: {}", types.describe(event));
            lines.push(Line::of_host(what));
        }
        seen = run.seen().len();
        for (planned, event) in plan.planned.iter().zip(run.trace()).skip(begun) {
            lines.push(Line::of_host(planned.line(event)));
            holds &= planned.judge(event);
        }
        for choice in &recorder.choices[choices..] {
            lines.push(Line::of_host(format!("choice: {choice}")));
        }
        match status {
            Status::Ended => break true,
            Status::Going if recorder.choices.len() >= MAX_CHOICES => break false,
            Status::Going => {}
        }
    };
    let schedule = recorder.choices.iter().map(ToString::to_string).collect();
    Traced {
        lines,
        schedule,
        holds: holds && ended,
        ended,
    }
}

impl Line {
    fn of_host(what: String) -> Line {
        Line {
            depth: 0,
            task: None,
            thread: None,
            what,
        }
    }
}

impl From<&Entry> for Line {
    fn from(entry: &Entry) -> Line {
        Line {
            depth: entry.depth,
            task: Some(entry.task.0),
            thread: Some(entry.thread.0),
            what: describe(&entry.what),
        }
    }
}

/// What happened, in words.
pub(crate) fn describe(what: &What) -> String {
    match what {
        What::Resumed(Cancelled::False) => "runs".to_owned(),
        What::Resumed(Cancelled::True) => "runs, since it is cancelled".to_owned(),
        What::Blocked(ThreadState::Waiting(condition)) => format!("waits for {condition:?}"),
        What::Blocked(_) => "is suspended".to_owned(),
        What::Calls(name, args) => format!("{name}({})", values(args)),
        What::Gets(results) if results.is_empty() => "<- ()".to_owned(),
        What::Gets(results) => format!("<- {}", values(results)),
        What::Callback(event) => {
            let (code, index, payload) = (event.code, event.index, event.payload);
            format!("callback({code:?}, {index}, {payload:#x})")
        }
        What::Returns => "its task returns".to_owned(),
        What::IsCancelled => "its task is cancelled".to_owned(),
        What::Ends => "ends".to_owned(),
    }
}

fn values(values: &[core::Value]) -> String {
    let shown: Vec<String> = values.iter().map(value).collect();
    shown.join(", ")
}

fn value(value: &core::Value) -> String {
    match value {
        core::Value::I32(value) => (*value as i32).to_string(),
        core::Value::I64(value) => (*value as i64).to_string(),
        core::Value::F32(bits) => f32::from_bits(*bits).to_string(),
        core::Value::F64(bits) => f64::from_bits(*bits).to_string(),
        core::Value::FuncRef(_) | core::Value::ExternRef(_) | core::Value::ExnRef(_) => {
            "a reference".to_owned()
        }
    }
}
