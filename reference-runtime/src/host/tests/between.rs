//! What guests do between two things that the host does.

use super::*;
use crate::component::types::Effect;
use crate::explore::check::shows;

#[test]
fn a_trap_between_the_end_of_a_call_and_the_next_call_is_told_with_that() {
    let mut script = script(&component(
        MARK,
        "(core func $yield (canon thread.yield))",
        r#"(import "" "yield" (func $yield (result i32)))"#,
        r#"(func (export "run")
             (call $trace (i32.const 7))
             (call $return)
             (drop (call $yield))
             (unreachable))"#,
    ));
    // It is started once more, after the host has been told that it has returned.
    let again = script
        .actions
        .iter()
        .find(|action| matches!(action, Action::Start { .. }));
    let again = again.cloned().expect("it is started");
    script.actions.push(again);
    let trace = [
        Observed::Exactly(Event::Instantiated),
        Observed::Exactly(Event::Started),
        Observed::Exactly(Event::Returned(Vec::new())),
        Observed::Trap,
    ];
    let check = |marks: usize| {
        let mark = HostEvent::Called {
            func: "trace".into(),
            effect: Effect::Sync,
            args: vec![Value::U32(7)],
        };
        let lanes = Lanes::new(vec![mark; marks], End::Trapped, Cancellations::Seen);
        check_host(&script, start(), &trace, &lanes, Bounds::default())
    };
    let admissible = |marks| matches!(check(marks), Admissibility::Admissible { .. });
    // The first call traps before the second one begins, or while the host is in that.
    assert!(admissible(1));
    assert!(admissible(2));
    assert!(!admissible(3));
}

#[test]
fn what_comes_after_the_action_that_traps_is_not_held_against_a_trace() {
    let first = r#"(func (export "run") (call $trace (i32.const 7)) (unreachable))"#;
    let second = r#"(func (export "run") (call $trace (i32.const 8)) (call $return))"#;
    let [first, second] = [first, second].map(|code| script(&component(MARK, "", "", code)));
    let mut actions = vec![first.actions[0].clone(), second.actions[0].clone()];
    for instance in [0, 1] {
        actions.push(Action::Start {
            instance,
            export: "run".into(),
            args: Vec::new(),
        });
    }
    let script = Script { actions };
    // The host stops where it is told of the trap; the machine would go on to the second instance.
    let trace = [
        Observed::Exactly(Event::Instantiated),
        Observed::Exactly(Event::Instantiated),
        Observed::Trap,
    ];
    let mark = |value| HostEvent::Called {
        func: "trace".into(),
        effect: Effect::Sync,
        args: vec![Value::U32(value)],
    };
    let lanes = |marks| Lanes::new(marks, End::Trapped, Cancellations::Seen);
    let check = |marks| check_host(&script, start(), &trace, &lanes(marks), Bounds::default());
    let admissible = |answer| matches!(answer, Admissibility::Admissible { .. });
    assert!(admissible(check(vec![mark(7)])));
    assert!(!admissible(check(vec![mark(8)])));

    let mut run = start();
    run.follow(&script, &mut Deterministic, 1_000);
    assert!(shows(&run, &trace, &lanes(vec![mark(7)])));
    assert!(!shows(&run, &trace, &lanes(vec![mark(8)])));
}
