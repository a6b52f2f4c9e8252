//! What guests and the host see of each other, with schedules that can be counted by hand.

use std::collections::{BTreeMap, BTreeSet};

use crate::abi::Value;
use crate::component::ast::Component;
use crate::component::testing::encode;
use crate::explore::check::{Admissibility, Observed, check_host};
use crate::explore::exhaustive::{Bounds, Goal, Memory, Search, Shown, explore};
use crate::explore::lanes::{Cancellations, End, Lanes};
use crate::explore::random::Random;
use crate::explore::run::Run;
use crate::explore::script::{Action, Event, Script};
use crate::host::HostEvent;
use crate::machine::choice::{Deterministic, Scheduler};
use crate::machine::limits::Limits;
use crate::machine::reading::Reading;

mod between;
mod strings;

/// A component that imports the functions in `world`, lowers them as `lowers` says, and has the core
/// code `code`, which exports `run`.
fn component(world: &str, lowers: &str, imports: &str, code: &str) -> String {
    format!(
        r#"(component
          (import "assize:host/world@0.1.0" (instance $h {world}))
          (core module $Mem (memory (export "m") 1))
          (core instance $mem (instantiate $Mem))
          (alias core export $mem "m" (core memory $m))
          (core func $set (canon waitable-set.new))
          (core func $join (canon waitable.join))
          (core func $wait (canon waitable-set.wait (memory $m)))
          (core func $cancel (canon subtask.cancel))
          (core func $return (canon task.return))
          {lowers}
          (core module $M
            (import "" "m" (memory 1))
            (import "" "set" (func $set (result i32)))
            (import "" "join" (func $join (param i32 i32)))
            (import "" "wait" (func $wait (param i32 i32) (result i32)))
            (import "" "cancel" (func $cancel (param i32) (result i32)))
            (import "" "return" (func $return))
            (import "" "trace" (func $trace (param i32)))
            {imports}
            ;; Waits for an event of the waitable $w, and gives its second payload.
            (func $wait-for (param $w i32) (result i32) (local $s i32)
              (call $join (local.get $w) (local.tee $s (call $set)))
              (drop (call $wait (local.get $s) (i32.const 0)))
              (call $join (local.get $w) (i32.const 0))
              (i32.load (i32.const 4)))
            {code})
          (core func $trace (canon lower (func $h "trace")))
          (core instance $i (instantiate $M (with "" (instance
            (export "m" (memory $m)) (export "set" (func $set)) (export "join" (func $join))
            (export "wait" (func $wait)) (export "cancel" (func $cancel))
            (export "return" (func $return)) (export "trace" (func $trace))
            {}))))
          (func (export "run") async (canon lift (core func $i "run") async)))"#,
        exports(imports),
    )
}

/// Of `(import "" "x" (func $x ...))` for each `x` what hands it over.
fn exports(imports: &str) -> String {
    let names = imports.split("(func $").skip(1);
    let names = names.filter_map(|rest| rest.split([' ', ')']).next());
    names
        .map(|name| format!("(export \"{name}\" (func ${name}))"))
        .collect()
}

/// One instance, whose `run` is started and awaited.
fn script(text: &str) -> Script {
    let component = Component::new(&encode(text)).expect("the component is valid");
    let instantiate = Action::Instantiate {
        component,
        imports: BTreeMap::new(),
    };
    let start = Action::Start {
        instance: 0,
        export: "run".into(),
        args: Vec::new(),
    };
    Script {
        actions: vec![instantiate, start, Action::Await { call: 1 }],
    }
}

fn start() -> Run {
    Run::new(Limits::default(), Reading::Text)
}

/// The events of a run, in short, and how the last action ends.
fn ran(script: &Script, scheduler: &mut dyn Scheduler) -> (Vec<HostEvent>, Vec<Event>) {
    let ran = start().finish(script, scheduler, 1_000);
    (ran.seen, ran.trace)
}

fn brief(event: &HostEvent) -> String {
    let values = |values: &[Value]| {
        let values = values.iter().map(|value| match value {
            Value::U32(value) => value.to_string(),
            other => format!("{other:?}"),
        });
        values.collect::<Vec<_>>().join(" ")
    };
    match event {
        HostEvent::Called { func, args, .. } => format!("{func} {}", values(args)),
        HostEvent::Cancelled { token } => format!("cancelled {token}"),
        HostEvent::Copied {
            token,
            values: read,
            count,
            result,
            ..
        } => format!("copied {token}: {count} [{}] {result:?}", values(read)),
        HostEvent::Dropped { resource, rep } => format!("dropped {resource} {rep}"),
    }
}

/// What the marks of the guest are in each schedule.
fn marks(script: &Script) -> BTreeSet<Vec<u32>> {
    let search = Search {
        script,
        memory: Memory::Script,
        follow: &|_, _| true,
        lanes: None,
        bounds: Bounds::default(),
        goal: Goal::All,
    };
    let found = explore(search, start());
    assert!(found.complete);
    let last = &found.outcomes[script.actions.len() - 1];
    let mark = |event: &HostEvent| match event {
        HostEvent::Called { func, args, .. } if &**func == "trace" => match args[..] {
            [Value::U32(mark)] => Some(mark),
            _ => None,
        },
        _ => None,
    };
    let marks = last
        .iter()
        .map(|outcome| outcome.seen.iter().filter_map(mark).collect());
    marks.collect()
}

/// Every run of 200 random ones is admissible, and one whose first mark is another is not.
fn runs_are_admissible(script: &Script) {
    for seed in 0..200 {
        let (seen, trace) = ran(script, &mut Random::new(seed));
        let trace: Vec<_> = trace.into_iter().map(Observed::Exactly).collect();
        let checked = |seen: &[HostEvent]| {
            let lanes = Lanes::new(seen.iter().cloned(), End::Complete, Cancellations::Seen);
            check_host(script, start(), &trace, &lanes, Bounds::default())
        };
        assert!(
            matches!(checked(&seen), Admissibility::Admissible { .. }),
            "{seen:?}"
        );
        let mut other = seen.clone();
        let mark = other.iter_mut().find_map(|event| match event {
            HostEvent::Called { func, args, .. } if &**func == "trace" => args.first_mut(),
            _ => None,
        });
        if let Some(mark) = mark {
            *mark = Value::U32(999);
            let Admissibility::Inadmissible(frontier) = checked(&other) else {
                panic!("no guest marks 999");
            };
            assert!(
                frontier
                    .next
                    .iter()
                    .all(|shown| matches!(shown, Shown::Host(_)))
            );
        }
    }
}

const MARK: &str = r#"(export "trace" (func (param "mark" u32)))"#;

#[test]
fn a_pending_call_returns_what_it_is_resolved_with() {
    let script = script(&component(
        &format!(
            r#"{MARK}
            (export "pending" (func async (param "token" u32) (result u32)))
            (export "resolve" (func (param "token" u32) (param "value" u32)))"#
        ),
        r#"(core func $pending (canon lower (func $h "pending") async (memory $m)))
           (core func $resolve (canon lower (func $h "resolve")))"#,
        r#"(import "" "pending" (func $pending (param i32 i32) (result i32)))
           (import "" "resolve" (func $resolve (param i32 i32)))"#,
        r#"(func (export "run") (local $s i32)
             (local.set $s (call $pending (i32.const 7) (i32.const 16)))
             (call $trace (i32.and (local.get $s) (i32.const 15)))
             (call $resolve (i32.const 8) (i32.const 1))
             (call $resolve (i32.const 7) (i32.const 42))
             (call $resolve (i32.const 7) (i32.const 43))
             (call $trace (call $wait-for (i32.shr_u (local.get $s) (i32.const 4))))
             (call $trace (i32.load (i32.const 16)))
             (call $return))"#,
    ));
    let (seen, trace) = ran(&script, &mut Deterministic);
    let seen: Vec<_> = seen.iter().map(brief).collect();
    assert_eq!(
        seen,
        [
            "pending 7",
            "trace 1",
            "resolve 8 1",
            "resolve 7 42",
            "resolve 7 43",
            "trace 2",
            "trace 42"
        ]
    );
    assert_eq!(trace[2], Event::Returned(Vec::new()));
    // Whenever the host does it, the guest waits for it.
    assert_eq!(marks(&script), BTreeSet::from([vec![1, 2, 42]]));
    runs_are_admissible(&script);
}

/// A component whose `run` makes a pending call, does what `code` says, cancels the call, and marks
/// what the cancellation gives.
fn cancelled(verb: &str, code: &str) -> Script {
    script(&component(
        &format!(
            r#"{MARK}
            (export "{verb}" (func async (param "token" u32)))
            (export "acknowledge" (func (param "token" u32)))
            (export "start" (func))
            (export "resolve" (func (param "token" u32)))"#
        ),
        &format!(
            r#"(core func $call (canon lower (func $h "{verb}") async))
           (core func $acknowledge (canon lower (func $h "acknowledge")))
           (core func $start (canon lower (func $h "start")))
           (core func $cancel-async (canon subtask.cancel async))
           (core func $resolve (canon lower (func $h "resolve")))"#
        ),
        r#"(import "" "call" (func $call (param i32) (result i32)))
           (import "" "acknowledge" (func $acknowledge (param i32)))
           (import "" "start" (func $start))
           (import "" "cancel-async" (func $cancel-async (param i32) (result i32)))
           (import "" "resolve" (func $resolve (param i32)))"#,
        &format!(
            r#"(func (export "run") (local $s i32)
             (local.set $s (call $call (i32.const 7)))
             (call $trace (i32.and (local.get $s) (i32.const 15)))
             (local.set $s (i32.shr_u (local.get $s) (i32.const 4)))
             {code}
             (call $return))"#
        ),
    ))
}

const CANCEL: &str = "(call $trace (call $cancel (local.get $s)))";
const CANCEL_ASYNC: &str = "(call $trace (call $cancel-async (local.get $s)))";
const BLOCKED: u32 = u32::MAX;

#[test]
fn a_pending_call_is_cancelled_when_that_is_asked_for() {
    let script = cancelled("pending", CANCEL);
    assert_eq!(marks(&script), BTreeSet::from([vec![1, 4]]));
    let (seen, _) = ran(&script, &mut Deterministic);
    let seen: Vec<_> = seen.iter().map(brief).collect();
    assert_eq!(seen, ["pending 7", "trace 1", "cancelled 7", "trace 4"]);
    runs_are_admissible(&script);
}

#[test]
fn a_runtime_may_take_its_time_to_cancel() {
    let wait = "(call $trace (call $wait-for (local.get $s)))";
    let script = cancelled("pending", CANCEL_ASYNC);
    assert_eq!(
        marks(&script),
        BTreeSet::from([vec![1, 4], vec![1, BLOCKED]])
    );
    let code = format!(
        "(if (i32.eq (call $cancel-async (local.get $s)) (i32.const -1)) (then {wait})
           (else (call $trace (i32.const 99))))"
    );
    let script = cancelled("pending", &code);
    assert_eq!(marks(&script), BTreeSet::from([vec![1, 4], vec![1, 99]]));
    runs_are_admissible(&script);
}

#[test]
fn a_call_that_is_resolved_and_cancelled_ends_in_either_way() {
    let code = format!("(call $resolve (i32.const 7)) {CANCEL}");
    let script = cancelled("pending", &code);
    assert_eq!(marks(&script), BTreeSet::from([vec![1, 2], vec![1, 4]]));
    runs_are_admissible(&script);
}

#[test]
fn a_stubborn_call_is_cancelled_when_the_host_acknowledges_it() {
    let wait = "(call $trace (call $wait-for (local.get $s)))";
    let code = format!("{CANCEL_ASYNC} (call $acknowledge (i32.const 7)) {wait}");
    let script = cancelled("stubborn", &code);
    assert_eq!(marks(&script), BTreeSet::from([vec![1, BLOCKED, 4]]));
    let code = format!(
        "(call $acknowledge (i32.const 7)) {CANCEL_ASYNC} (call $resolve (i32.const 7)) {wait}"
    );
    let script = cancelled("stubborn", &code);
    assert_eq!(marks(&script), BTreeSet::from([vec![1, BLOCKED, 2]]));
    runs_are_admissible(&script);
}

#[test]
fn an_unstarted_call_can_be_cancelled_before_it_starts() {
    let script = cancelled("unstarted", CANCEL);
    assert_eq!(marks(&script), BTreeSet::from([vec![0, 3]]));
    let (seen, _) = ran(&script, &mut Deterministic);
    let seen: Vec<_> = seen.iter().map(brief).collect();
    assert_eq!(seen, ["trace 0", "trace 3"]);
    // Started, it returns, unless the host has not come to it.
    let script = cancelled("unstarted", &format!("(call $start) {CANCEL}"));
    assert_eq!(marks(&script), BTreeSet::from([vec![0, 2], vec![0, 3]]));
    runs_are_admissible(&script);
}

/// A component whose `run` does what `code` says with a stream of `u32` between it and the host.
fn streaming(code: &str) -> Script {
    script(&component(
        &format!(
            r#"{MARK}
            (export "stream-new" (func (param "token" u32) (result (stream u32))))
            (export "stream-take" (func (param "token" u32) (param "s" (stream u32))))
            (export "stream-read" (func (param "token" u32) (param "count" u32)))
            (export "stream-write" (func (param "token" u32) (param "values" (list u32))))
            (export "stream-cancel" (func (param "token" u32)))
            (export "stream-drop" (func (param "token" u32)))
            (export "stream-hold" (func (param "token" u32)))
            (export "stream-release" (func (param "token" u32)))"#
        ),
        r#"(core func $h-new (canon lower (func $h "stream-new")))
           (core func $h-take (canon lower (func $h "stream-take")))
           (core func $h-read (canon lower (func $h "stream-read")))
           (core func $h-write (canon lower (func $h "stream-write") (memory $m)))
           (core func $h-cancel (canon lower (func $h "stream-cancel")))
           (core func $h-drop (canon lower (func $h "stream-drop")))
           (core func $h-hold (canon lower (func $h "stream-hold")))
           (core func $h-release (canon lower (func $h "stream-release")))
           (type $s (stream u32))
           (core func $new (canon stream.new $s))
           (core func $read (canon stream.read $s async (memory $m)))
           (core func $write (canon stream.write $s async (memory $m)))
           (core func $cancel-write (canon stream.cancel-write $s async))
           (core func $drop-w (canon stream.drop-writable $s))"#,
        r#"(import "" "h-new" (func $h-new (param i32) (result i32)))
           (import "" "h-take" (func $h-take (param i32 i32)))
           (import "" "h-read" (func $h-read (param i32 i32)))
           (import "" "h-write" (func $h-write (param i32 i32 i32)))
           (import "" "h-cancel" (func $h-cancel (param i32)))
           (import "" "h-drop" (func $h-drop (param i32)))
           (import "" "h-hold" (func $h-hold (param i32)))
           (import "" "h-release" (func $h-release (param i32)))
           (import "" "new" (func $new (result i64)))
           (import "" "read" (func $read (param i32 i32 i32) (result i32)))
           (import "" "write" (func $write (param i32 i32 i32) (result i32)))
           (import "" "cancel-write" (func $cancel-write (param i32) (result i32)))
           (import "" "drop-w" (func $drop-w (param i32)))"#,
        &format!(
            r#"(data (i32.const 64) "\0a\00\00\00\14\00\00\00\1e\00\00\00")
               (func (export "run") (local $r i32) (local $w i32) (local $both i64) (local $x i32)
                 {code}
                 (call $return))"#
        ),
    ))
}

/// The guest makes a stream and gives the readable end to the host, as 5.
const GUEST_WRITES: &str = "(local.set $both (call $new))
    (local.set $w (i32.wrap_i64 (i64.shr_u (local.get $both) (i64.const 32))))
    (call $h-take (i32.const 5) (i32.wrap_i64 (local.get $both)))";

fn copies(script: &Script) -> BTreeSet<Vec<String>> {
    let mut all = BTreeSet::new();
    for seed in 0..100 {
        let (seen, _) = ran(script, &mut Random::new(seed));
        let copied = seen
            .iter()
            .filter(|event| matches!(event, HostEvent::Copied { .. }));
        all.insert(copied.map(brief).collect());
    }
    all
}

#[test]
fn the_host_reads_a_part_of_what_a_guest_writes() {
    let code = format!(
        "{GUEST_WRITES}
         (call $h-read (i32.const 5) (i32.const 2))
         (local.set $x (call $write (local.get $w) (i32.const 64) (i32.const 3)))
         (if (i32.eq (local.get $x) (i32.const -1))
           (then (local.set $x (call $wait-for (local.get $w)))))
         (call $trace (local.get $x))
         (call $drop-w (local.get $w))"
    );
    let script = streaming(&code);
    assert_eq!(marks(&script), BTreeSet::from([vec![0x20]]));
    assert_eq!(
        copies(&script),
        BTreeSet::from([vec!["copied 5: 2 [10 20] Completed".to_owned()]])
    );
    runs_are_admissible(&script);
}

#[test]
fn two_reads_of_the_host_fill_one_write_before_the_guest_looks() {
    let code = format!(
        "{GUEST_WRITES}
         (local.set $x (call $write (local.get $w) (i32.const 64) (i32.const 3)))
         (call $trace (local.get $x))
         (call $h-read (i32.const 5) (i32.const 1))
         (call $h-read (i32.const 5) (i32.const 9))
         (call $trace (call $wait-for (local.get $w)))"
    );
    let script = streaming(&code);
    // The second read comes before the guest's event is delivered, or after, when nobody writes.
    assert_eq!(
        marks(&script),
        BTreeSet::from([vec![BLOCKED, 0x10], vec![BLOCKED, 0x30]])
    );
    runs_are_admissible(&script);
}

#[test]
fn a_host_that_holds_a_buffer_makes_the_guests_cancellation_block() {
    let code = format!(
        "{GUEST_WRITES}
         (call $trace (call $write (local.get $w) (i32.const 64) (i32.const 3)))
         (call $h-hold (i32.const 5))
         (call $trace (call $cancel-write (local.get $w)))
         (call $h-read (i32.const 5) (i32.const 1))
         (call $h-release (i32.const 5))
         (call $trace (call $wait-for (local.get $w)))"
    );
    let script = streaming(&code);
    // What the guest wanted to cancel may still be copied, and then the write is completed, unless
    // the host comes to the release first.
    assert_eq!(
        marks(&script),
        BTreeSet::from([vec![BLOCKED, BLOCKED, 0x10], vec![BLOCKED, BLOCKED, 0x02]])
    );
    let code = code.replace("(call $h-read (i32.const 5) (i32.const 1))", "");
    assert_eq!(
        marks(&streaming(&code)),
        BTreeSet::from([vec![BLOCKED, BLOCKED, 0x02]])
    );
    runs_are_admissible(&script);
}

#[test]
fn the_host_writes_and_drops() {
    let code = "(local.set $r (call $h-new (i32.const 6)))
         (call $trace (call $read (local.get $r) (i32.const 128) (i32.const 2)))
         (call $h-write (i32.const 6) (i32.const 64) (i32.const 3))
         (call $h-drop (i32.const 6))
         (call $trace (local.tee $x (call $wait-for (local.get $r))))
         (call $trace (i32.load (i32.const 132)))
         (if (i32.and (local.get $x) (i32.const 15)) (then (call $return) (return)))
         (local.set $x (call $read (local.get $r) (i32.const 128) (i32.const 2)))
         (if (i32.eq (local.get $x) (i32.const -1))
           (then (local.set $x (call $wait-for (local.get $r)))))
         (call $trace (local.get $x))";
    let script = streaming(code);
    assert_eq!(
        marks(&script),
        BTreeSet::from([vec![BLOCKED, 0x20, 20, 1], vec![BLOCKED, 0x21, 20]])
    );
    assert_eq!(
        copies(&script),
        BTreeSet::from([vec!["copied 6: 2 [] Completed".to_owned()]])
    );
    runs_are_admissible(&script);
}

#[test]
fn the_host_cancels_its_copy() {
    let code = format!(
        "{GUEST_WRITES}
         (call $h-read (i32.const 5) (i32.const 1))
         (call $h-cancel (i32.const 5))
         (call $trace (call $write (local.get $w) (i32.const 64) (i32.const 3)))"
    );
    let script = streaming(&code);
    // The write comes before, between and after the two.
    assert_eq!(marks(&script), BTreeSet::from([vec![0x10], vec![BLOCKED]]));
    assert!(copies(&script).contains(&vec!["copied 5: 0 [] Cancelled".to_owned()]));
    runs_are_admissible(&script);
}

#[test]
fn a_function_that_the_host_does_not_have_is_an_error_of_linking() {
    let linked = |world: &str| {
        let text = format!("(component (import \"assize:host/world@0.1.0\" (instance {world})))");
        let component = Component::new(&encode(&text)).expect("the component is valid");
        let imports = BTreeMap::new();
        let script = Script {
            actions: vec![Action::Instantiate { component, imports }],
        };
        match ran(&script, &mut Deterministic).1.remove(0) {
            Event::Unlinkable(error) => error.to_string(),
            other => panic!("{other:?}"),
        }
    };
    let errors = [
        linked(r#"(export "tracer" (func))"#),
        linked(r#"(export "pending-x" (func (param "token" u32)))"#),
        linked(r#"(export "i" (instance))"#),
    ];
    assert_eq!(
        errors,
        [
            "`assize:host/world@0.1.0`.`tracer`: the host has no function whose name begins so",
            "`assize:host/world@0.1.0`.`pending-x`: the host has it as \
             `async func(token: u32, any…) [-> T]`",
            "`assize:host/world@0.1.0`.`i`: the host has only functions and types",
        ]
    );
}
