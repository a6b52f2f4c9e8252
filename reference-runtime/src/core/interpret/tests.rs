//! What the interpreter promises its embedder. What each instruction does is the core suite's
//! business.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::core::testing::{call_run, done, instantiate, run};
use crate::core::{Exit, HostFunc, Limit, Limits, Stack, Trap, Value};

/// Asks the host `n` times, and adds up what it says in memory and on the stack.
const ASKING: &str = r#"
(module
  (import "" "" (func $ask (param i32) (result i32)))
  (memory 1)
  (func (export "run") (param $n i32) (result i32)
    (if (result i32) (local.get $n)
      (then
        (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (local.get $n)))
        (i32.add
          (call $ask (local.get $n))
          (call 1 (i32.sub (local.get $n) (i32.const 1)))))
      (else (i32.load (i32.const 0))))))
"#;

/// `n` calls of itself, each in the place of the one before.
const TAIL: &str = r#"
(module
  (func $run (export "run") (param $n i32) (result i32)
    (if (i32.eqz (local.get $n)) (then (return (i32.const 7))))
    (return_call $run (i32.sub (local.get $n) (i32.const 1)))))
"#;

const RECURSION: &str = r#"
(module
  (func $run (export "run") (param $n i32) (result i32)
    (if (i32.eqz (local.get $n)) (then (return (i32.const 7))))
    (call $run (i32.sub (local.get $n) (i32.const 1)))))
"#;

/// Throws and catches `n` times; with a reference if `CLAUSE` passes one.
const CATCHING: &str = r#"
(module
  (tag $tag (param i32))
  (func (export "run") (param $n i32) (result i32)
    (loop $next
      (block $caught (result BLOCK)
        (try_table (CLAUSE) (throw $tag (local.get $n)))
        (unreachable))
      (DROP)
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $n)))
"#;

fn host_call(arg: u32) -> Exit {
    Exit::Host {
        func: HostFunc(0),
        args: vec![Value::I32(arg)],
    }
}

fn hash(stack: &Stack) -> u64 {
    let mut hasher = DefaultHasher::new();
    stack.hash(&mut hasher);
    hasher.finish()
}

#[test]
fn a_clone_taken_at_a_host_call_goes_its_own_way() {
    let (mut store, instance) = instantiate(ASKING, Limits::default());
    let mut stack = call_run(&store, instance, &[2]);
    let fuel = &mut 1_000_000;
    assert_eq!(stack.run(&mut store, fuel), host_call(2));
    let (mut other_store, mut other) = (store.clone(), stack.clone());
    for (store, stack, answer) in [
        (&mut store, &mut stack, 10),
        (&mut other_store, &mut other, 20),
    ] {
        stack.resume(&[Value::I32(answer)]);
        assert_eq!(stack.run(store, fuel), host_call(1));
        stack.resume(&[Value::I32(100)]);
        assert_eq!(stack.run(store, fuel), done(answer + 100 + 3));
    }
}

#[test]
fn a_run_cut_up_by_fuel_ends_like_one_in_one_piece_and_takes_as_much() {
    let (store, instance) = instantiate(RECURSION, Limits::default());
    let (mut whole, mut whole_store) = (call_run(&store, instance, &[9]), store.clone());
    let (mut cut, mut cut_store) = (whole.clone(), store);
    let mut fuel = 1_000;
    assert_eq!(whole.run(&mut whole_store, &mut fuel), done(7));
    let mut pieces = 1;
    while cut.run(&mut cut_store, &mut 1) == Exit::Limit(Limit::Fuel) {
        pieces += 1;
    }
    assert_eq!(cut.run(&mut cut_store, &mut 0), done(7));
    assert_eq!(pieces, 1_000 - fuel);
    assert_eq!((cut, cut_store), (whole, whole_store));
}

#[test]
fn what_was_computed_on_the_way_to_a_host_call_leaves_no_trace_in_the_stack() {
    let text = r#"
    (module
      (import "" "" (func $ask (param i32) (result i32)))
      (func (export "run") (param $which i32) (result i32)
        (if (local.get $which)
          (then (drop (i32.mul (i32.const 5) (i32.add (i32.const 6) (call $id (i32.const 9)))))))
        (local.set $which (i32.const 0))
        (call $ask (i32.const 1)))
      (func $id (param i32) (result i32) (local.get 0)))
    "#;
    let (mut store, instance) = instantiate(text, Limits::default());
    let mut stacks = [0, 1].map(|which| call_run(&store, instance, &[which]));
    for stack in &mut stacks {
        assert_eq!(stack.run(&mut store, &mut 1_000), host_call(1));
    }
    assert_eq!(stacks[0], stacks[1]);
    assert_eq!(hash(&stacks[0]), hash(&stacks[1]));
}

#[test]
fn a_tail_call_takes_no_stack() {
    let limits = Limits {
        call_depth: 1,
        value_stack: 16,
        ..Limits::default()
    };
    assert_eq!(run(TAIL, 1_000_000, limits), done(7));
}

#[test]
fn recursion_without_end_reaches_a_limit() {
    let deep = u32::MAX;
    let by_depth = Limits {
        value_stack: usize::MAX,
        ..Limits::default()
    };
    assert_eq!(
        run(RECURSION, deep, by_depth),
        Exit::Limit(Limit::CallDepth)
    );
    let by_slots = Limits {
        call_depth: usize::MAX,
        ..Limits::default()
    };
    assert_eq!(
        run(RECURSION, deep, by_slots),
        Exit::Limit(Limit::ValueStack)
    );
}

#[test]
fn a_host_function_called_in_tail_position_returns_to_the_caller_of_its_caller() {
    let text = r#"
    (module
      (import "" "" (func $ask (param i32) (result i32)))
      (func $inner (param i32) (result i32) (return_call $ask (local.get 0)))
      (func (export "run") (param i32) (result i32)
        (i32.add (i32.const 1000) (call $inner (local.get 0))))
      (func (export "direct") (param i32) (result i32) (return_call $ask (local.get 0))))
    "#;
    let (mut store, instance) = instantiate(text, Limits::default());
    let direct = crate::core::testing::func(&store, instance, "direct");
    let direct = Stack::call(&store, direct, &[Value::I32(5)]);
    let through_inner = call_run(&store, instance, &[5]);
    for (mut stack, result) in [(through_inner, 1042), (direct, 42)] {
        assert_eq!(stack.run(&mut store, &mut 100), host_call(5));
        stack.resume(&[Value::I32(42)]);
        assert_eq!(stack.run(&mut store, &mut 100), done(result));
    }
}

#[test]
fn a_stack_that_stopped_says_so_again() {
    let (mut store, instance) = instantiate(ASKING, Limits::default());
    let mut stack = call_run(&store, instance, &[1]);
    for _ in 0..2 {
        assert_eq!(stack.run(&mut store, &mut 100), host_call(1));
    }
    stack.resume(&[Value::I32(0)]);
    for _ in 0..2 {
        assert_eq!(stack.run(&mut store, &mut 100), done(1));
    }
    let text = r#"(module (func (export "run") (param i32) (unreachable)))"#;
    let (mut store, instance) = instantiate(text, Limits::default());
    let mut stack = call_run(&store, instance, &[0]);
    for _ in 0..2 {
        assert_eq!(
            stack.run(&mut store, &mut 100),
            Exit::Trap(Trap::Unreachable)
        );
    }
}

fn catching(block: &str, clause: &str, drop: &str) -> String {
    CATCHING
        .replace("BLOCK", block)
        .replace("CLAUSE", clause)
        .replace("DROP", drop)
}

#[test]
fn only_an_exception_that_something_refers_to_takes_room_in_the_store() {
    let limits = Limits {
        exceptions: 3,
        ..Limits::default()
    };
    let plain = catching("i32", "catch $tag $caught", "drop");
    assert_eq!(run(&plain, 100, limits), done(0));
    let with_reference = catching("exnref", "catch_all_ref $caught", "drop");
    assert_eq!(run(&with_reference, 3, limits), done(0));
    assert_eq!(
        run(&with_reference, 4, limits),
        Exit::Limit(Limit::Exceptions)
    );
}

#[test]
fn growing_past_a_limit_gives_minus_one_and_counts_all_memories_and_tables() {
    let text = r#"
    (module
      (memory 1) (memory $second 1)
      (table 1 funcref) (table $second 1 funcref)
      (func (export "run") (param $n i32) (result i32)
        (if (result i32) (local.get $n)
          (then (memory.grow $second (local.get $n)))
          (else (table.grow $second (ref.null func) (i32.const 9))))))
    "#;
    let limits = Limits {
        memory_pages: 5,
        table_elements: 10,
        ..Limits::default()
    };
    assert_eq!(run(text, 3, limits), done(1));
    assert_eq!(run(text, 4, limits), done(u32::MAX));
    assert_eq!(run(text, 0, limits), done(u32::MAX));
}

#[test]
fn filling_memory_costs_fuel_by_its_size() {
    let text = r#"
    (module
      (memory 1)
      (func (export "run") (param $n i32)
        (memory.fill (i32.const 0) (i32.const 1) (local.get $n))))
    "#;
    let cost = |n| {
        let (mut store, instance) = instantiate(text, Limits::default());
        let mut fuel = 10_000;
        let exit = call_run(&store, instance, &[n]).run(&mut store, &mut fuel);
        assert_eq!(exit, Exit::Done(Vec::new()));
        10_000 - fuel
    };
    assert_eq!(cost(6_400), cost(0) + 100);
}

#[test]
fn a_segment_dropped_after_a_clone_is_still_there_in_the_clone() {
    let text = r#"
    (module
      (memory 1)
      (data $bytes "*")
      (func (export "run") (param $drop i32) (result i32)
        (if (local.get $drop) (then (data.drop $bytes)))
        (memory.init $bytes (i32.const 0) (i32.const 0) (i32.const 1))
        (i32.load8_u (i32.const 0))))
    "#;
    let (mut store, instance) = instantiate(text, Limits::default());
    let mut clone = store.clone();
    let mut dropping = call_run(&store, instance, &[1]);
    let trap = Exit::Trap(Trap::OutOfBoundsMemoryAccess);
    assert_eq!(dropping.run(&mut store, &mut 100), trap);
    assert_ne!(store, clone);
    let mut keeping = call_run(&clone, instance, &[0]);
    assert_eq!(keeping.run(&mut clone, &mut 100), done(42));
}
