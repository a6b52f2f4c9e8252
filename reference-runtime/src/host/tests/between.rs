//! What guests do between two things that the host does.

use super::*;
use crate::component::types::Effect;

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
