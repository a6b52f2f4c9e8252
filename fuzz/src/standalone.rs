//! A case as a script that needs no host world: for the runtime's own program.
//!
//! What marks would show to the host, a component beside the case checks: it traps at the first mark
//! that is not the one that the reference makes there. So there is such a script only of a case that
//! ends alike in every schedule, whose host does nothing but to be shown marks, and whose calls can be
//! made one after the other; and it is kept only if the runtime fails it too.

use std::fmt::Write;
use std::time::Duration;

use assize_harness::explore::explore;
use assize_harness::host::{Case, Command, Invocation, Planned, Step};
use assize_harness::wast::plan_text;
use assize_reference::abi::Value;
use assize_reference::explore::exhaustive::{Bounds, Memory};
use assize_reference::explore::run::{Run, Status};
use assize_reference::explore::script::Event;
use assize_reference::host::HostEvent;
use assize_reference::machine::choice::Deterministic;
use assize_reference::machine::reading::Reading;
use assize_reference::machine::stop::Stop;

use crate::drive::tight_limits;
use crate::subject::Seat;
use crate::trial::Trial;

/// The only host function there may be.
const MARK: &str = "trace-mark";

/// The most marks that are checked.
const MARKS: usize = 100;

/// How far the schedules of a script are searched.
const BOUNDS: Bounds = Bounds {
    states: 100_000,
    depth: 20_000,
    time: Duration::from_secs(2),
};

/// The script, if there is one that the runtime fails.
pub fn script(trial: &Trial, seat: &mut Seat) -> Option<String> {
    let text = written(trial)?;
    let plan = plan_text(&text, Reading::Text).ok()?;
    let explored = explore(&plan, Reading::Text, Memory::Action, &BOUNDS);
    let certain = explored.complete && explored.holds && explored.left_out.is_empty();
    (certain && seat.fails(&text)).then_some(text)
}

/// The script that holds a runtime to what the reference does first.
fn written(trial: &Trial) -> Option<String> {
    let case = in_turn(&trial.case)?;
    let planned = Planned::new(&case).ok()?;
    if planned.functions.keys().any(|function| function != MARK) {
        return None;
    }
    let mut run = Run::new(tight_limits(), Reading::Text);
    let status = run.follow(&planned.script, &mut Deterministic, BOUNDS.depth);
    if status == Status::Going || run.seen().len() > MARKS {
        return None;
    }
    let marks: Vec<(u32, u64)> = run.seen().iter().map(mark).collect::<Option<_>>()?;
    let calls = case
        .commands
        .iter()
        .filter_map(|command| match &command.step {
            Step::Start {
                what: Invocation::Written(text),
                ..
            } => Some(text.strip_suffix("()")),
            Step::Start { .. } => Some(None),
            _ => None,
        });
    let calls: Vec<&str> = calls.collect::<Option<_>>()?;
    let mut assertions = String::new();
    // The instance is there, and of each call the start and the end are told.
    let mut outcomes = run.trace().iter().skip(1);
    for call in &calls {
        let ended = outcomes.next()?;
        let ended = match ended {
            Event::Started => outcomes.next()?,
            stopped => stopped,
        };
        // Writing to a string does not fail.
        let _ = match ended {
            Event::Returned(values) if values.is_empty() => {
                writeln!(assertions, "(assert_return (invoke \"{call}\"))")
            }
            Event::Stopped(Stop::Trap(_)) => {
                let _ = writeln!(assertions, "(assert_trap (invoke \"{call}\") \"\")");
                break;
            }
            _ => return None,
        };
    }
    let traps = assertions.contains("assert_trap");
    if !traps {
        let count = marks.len();
        let _ = writeln!(
            assertions,
            "(assert_return (invoke \"marks\") (u32.const {count}))"
        );
    }
    let surplus = match traps {
        true => Surplus::Let,
        false => Surplus::Trap,
    };
    Some(component(&trial.text(), &marks, &calls, surplus) + &assertions)
}

/// The case with each call awaited at once.
fn in_turn(case: &Case) -> Option<Case> {
    let mut commands = Vec::new();
    for command in &case.commands {
        match &command.step {
            Step::Instance { with, .. } if with.is_empty() => commands.push(command.clone()),
            Step::Start { call, .. } => {
                let step = Step::Await(call.clone());
                commands.extend([command.clone(), Command { step, ..*command }]);
            }
            Step::Await(_) => {}
            Step::Instance { .. } | Step::Cancel(_) => return None,
        }
    }
    (case.components.len() == 1).then(|| Case {
        components: case.components.clone(),
        commands,
    })
}

fn mark(event: &HostEvent) -> Option<(u32, u64)> {
    match event {
        HostEvent::Called { args, .. } => match args[..] {
            [Value::U32(place), Value::U64(value)] => Some((place, value)),
            _ => None,
        },
        _ => None,
    }
}

/// What happens at a mark after the last one that the reference makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Surplus {
    /// A trap.
    Trap,
    /// Nothing: where a trap should have come before, it must not come from here.
    Let,
}

/// The case's component within one that has a host world for it.
fn component(text: &str, marks: &[(u32, u64)], calls: &[&str], surplus: Surplus) -> String {
    let mut written = String::from(
        ";; Made by the fuzzer. The component $World traps at the first mark that is not the one\n\
         ;; that the specification allows there.\n(component\n  (component $World\n    \
         (core module $M\n      (global $at (mut i32) (i32.const 0))\n      \
         (func (export \"marks\") (result i32) (global.get $at))\n      \
         (func (export \"mark\") (param $place i32) (param $value i64)\n",
    );
    for (at, (place, value)) in marks.iter().enumerate() {
        let value = *value as i64;
        let _ = writeln!(
            written,
            "        (if (i32.eq (global.get $at) (i32.const {at})) (then\n          \
             (if (i32.ne (local.get $place) (i32.const {place})) (then unreachable))\n          \
             (if (i64.ne (local.get $value) (i64.const {value})) (then unreachable))))"
        );
    }
    if surplus == Surplus::Trap {
        let count = marks.len();
        let _ = writeln!(
            written,
            "        (if (i32.ge_u (global.get $at) (i32.const {count})) (then unreachable))"
        );
    }
    let _ = write!(
        written,
        "        (global.set $at (i32.add (global.get $at) (i32.const 1)))))\n    \
         (core instance $m (instantiate $M))\n    \
         (func (export \"marks\") (result u32) (canon lift (core func $m \"marks\")))\n    \
         (func (export \"{MARK}\") (param \"place\" u32) (param \"value\" u64)\n      \
         (canon lift (core func $m \"mark\"))))\n"
    );
    let component = text.lines().filter(|line| !line.starts_with(";;"));
    let component: Vec<&str> = component.collect();
    let name = component
        .first()
        .and_then(|line| line.strip_prefix("(component "));
    let name = name.unwrap_or_default();
    for line in &component {
        let _ = writeln!(written, "  {line}");
    }
    let _ = writeln!(
        written,
        "  (instance $world (instantiate $World))\n  (instance $case (instantiate {name}\n    \
         (with \"assize:host/world@0.1.0\" (instance $world))))"
    );
    let mut exported: Vec<&str> = calls.to_vec();
    exported.sort_unstable();
    exported.dedup();
    for call in exported {
        let _ = writeln!(written, "  (export \"{call}\" (func $case \"{call}\"))");
    }
    written += "  (export \"marks\" (func $world \"marks\")))\n";
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subject::Subject;

    const CASE: &str = ";; A mark.\n;; script: start a = f()\n(component $c
  (import \"assize:host/world@0.1.0\" (instance $h
    (export \"trace-mark\" (func (param \"place\" u32) (param \"value\" u64)))))
  (core func $t (canon lower (func $h \"trace-mark\")))
  (type $r (resource (rep i32)))
  (core func $drop (canon resource.drop $r))
  (core module $M
    (import \"\" \"t\" (func $t (param i32 i64)))
    (import \"\" \"drop\" (func $drop (param i32)))
    (func (export \"f\") (call $t (i32.const 3) (i64.const 4)) (call $drop (i32.const 0))))
  (core instance $i (instantiate $M (with \"\" (instance
    (export \"t\" (func $t)) (export \"drop\" (func $drop))))))
  (func (export \"f\") (canon lift (core func $i \"f\"))))\n";

    fn of(text: &str, subject: &str) -> Option<String> {
        let trial = Trial::parse(std::path::Path::new("c.wat"), text.to_owned()).unwrap();
        script(&trial, &mut Seat::new(Subject::find(subject).unwrap()))
    }

    #[test]
    fn a_runtime_that_fails_a_case_fails_its_script_and_the_reference_does_not() {
        assert_eq!(of(CASE, "reference"), None);
        let written = of(CASE, "reference@mutant:table.get/empty").unwrap();
        assert!(
            written.ends_with("(assert_trap (invoke \"f\") \"\")\n"),
            "{written}"
        );
        assert!(written.contains("(i64.const 4)"), "{written}");
    }

    #[test]
    fn a_mark_after_the_trap_that_should_come_is_none() {
        let text = CASE.replace(
            "(i64.const 4)) (call $drop (i32.const 0))",
            "(i64.const 4))
      (call $drop (i32.const 0)) (call $t (i32.const 5) (i64.const 6))",
        );
        let written = of(&text, "reference@mutant:table.get/empty").unwrap();
        assert!(!written.contains("ge_u"), "{written}");
    }

    #[test]
    fn where_the_host_does_something_there_is_no_script() {
        let text = CASE.replace("trace-mark", "resolve-1");
        assert_eq!(of(&text, "reference@mutant:table.get/empty"), None);
    }
}
