//! A run of the reference as a timeline, with a column for each task.

use std::collections::BTreeMap;

use assize_reference::component::ast::End;
use assize_reference::explore::run::Run;
use assize_reference::explore::script::Event;
use assize_reference::host::HostEvent;
use assize_reference::machine::log::{Entry, What};
use assize_reference::machine::state::TaskId;

use super::arrows::{HOST, Passage, Passing, SCRIPT, Sketch};
use super::events::Types;
use super::explain::Standing;
use super::plan::{Planned, StepKind};
use crate::explore::describe;

/// A run of the reference, seen from inside.
pub(super) struct Inside<'p> {
    pub(super) timeline: Sketch,
    types: Types<'p>,
    /// The task at each depth: who resumed whom.
    stack: Vec<String>,
    /// Who called the tasks that have not ended, where that is known.
    callers: BTreeMap<u32, Option<String>>,
    /// The columns of the host's calls, by their numbers.
    calls: BTreeMap<u32, String>,
}

impl<'p> Inside<'p> {
    pub(super) fn new(planned: &'p Planned) -> Inside<'p> {
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
    pub(super) fn entry(&mut self, entry: &Entry, run: &Run) -> String {
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
    pub(super) fn event(&mut self, event: &HostEvent, task: Option<&str>) {
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
    pub(super) fn step(&mut self, planned: &Planned, step: usize, event: &Event) {
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

#[cfg(test)]
mod tests {
    use crate::host::{BOUNDS, Case, Planned, Timeline, drive, judge_and_explain};
    use crate::runtime::Reading;
    use crate::runtime::reference::ReferenceFactory;

    const TEST: &str = r#";; One component calls another, and both the host.
;; script: call a = run()
(component
  (import "assize:host/world@0.1.0" (instance $h (export "trace" (func (param "mark" u32)))))
  (core func $trace (canon lower (func $h "trace")))
  (component $Inner
    (core module $M (func (export "five") (result i32) (i32.const 5)))
    (core instance $i (instantiate $M))
    (func (export "five") (result u32) (canon lift (core func $i "five"))))
  (instance $inner (instantiate $Inner))
  (core func $five (canon lower (func $inner "five")))
  (core module $M
    (import "" "trace" (func $trace (param i32)))
    (import "" "five" (func $five (result i32)))
    (func (export "run") (result i32) (call $trace (i32.const 1)) (call $five)))
  (core instance $i (instantiate $M
    (with "" (instance (export "trace" (func $trace)) (export "five" (func $five))))))
  (func (export "run") (result u32) (canon lift (core func $i "run"))))
"#;

    /// Each event with its column, and its arrow.
    fn shown(timeline: &Timeline) -> Vec<String> {
        let name = |column: usize| &timeline.columns[column];
        let rows = timeline.rows.iter().map(|row| {
            let arrow = row.arrow.map(|arrow| {
                let (from, to) = (name(arrow.from), name(arrow.to));
                format!(" [{:?}: {from} -> {to}]", arrow.what)
            });
            let (column, arrow) = (name(row.column), arrow.unwrap_or_default());
            format!("{column}: {}{arrow}", row.what)
        });
        rows.collect()
    }

    #[test]
    fn arrows_go_from_callers_to_callees_and_back() {
        let planned = Planned::new(&Case::parse(TEST).unwrap()).unwrap();
        let mut reference = ReferenceFactory::default().reference(Reading::Text);
        let driven = drive(&planned, &mut reference);
        let (_, explanation) = judge_and_explain(&planned, &driven, Reading::Text, BOUNDS);
        let explanation = explanation.unwrap();
        insta::assert_snapshot!(shown(&explanation.observed).join("\n"), @r"
        script: instance 0 -> instantiated
        guest: call trace(1) [Call: guest -> script]
        script: start a = run() -> started [Call: script -> guest]
        script: await a -> returned 5 [Return: guest -> script]
        ");
        insta::assert_snapshot!(shown(&explanation.reference).join("\n"), @r"
        script: instance 0 -> instantiated
        task 0: runs [Call: script -> task 0]
        task 0: lower(1)
        host: call trace(1) [Call: task 0 -> host]
        task 0: <- ()
        task 0: lower()
        task 1: runs [Call: task 0 -> task 1]
        task 1: its task returns [Return: task 1 -> task 0]
        task 1: ends
        task 0: <- 5
        task 0: its task returns [Return: task 0 -> script]
        task 0: ends
        script: start a = run() -> started
        script: await a -> returned 5
        ");
    }
}
