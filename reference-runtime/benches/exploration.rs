//! One random run, and all runs, of two components between which a stream flows.
//!
//! The producer writes a stream while the consumer reads it, in pieces of other sizes, so that each
//! waits for the other. Two consumers run at the same time: their orders are what is explored.

use std::collections::BTreeMap;
use std::sync::Arc;

use assize_reference::component::ast::Component;
use assize_reference::explore::exhaustive::{Bounds, Goal, Memory, Search, explore};
use assize_reference::explore::random::Random;
use assize_reference::explore::run::Run;
use assize_reference::explore::script::{Action, Event, Script};
use assize_reference::machine::limits::Limits;
use assize_reference::machine::reading::Reading;
use divan::counter::ItemsCount;

/// `run` gives the sum of the bytes 1 to 16, twice.
const TEXT: &str = r#"
(component
  (component $Producer
    (core module $Memory (memory (export "memory") 1)
      (data (i32.const 0) "\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f\10"))
    (core instance $memory (instantiate $Memory))
    (type $S (stream u8))
    (core func $new (canon stream.new $S))
    (core func $write (canon stream.write $S (memory (core memory $memory "memory"))))
    (core func $drop (canon stream.drop-writable $S))
    (core func $return (canon task.return (result $S)))
    (core module $Code
      (import "" "new" (func $new (result i64)))
      (import "" "write" (func $write (param i32 i32 i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (import "" "return" (func $return (param i32)))
      (func (export "produce") (local $ends i64) (local $end i32) (local $at i32)
        (local.set $ends (call $new))
        (local.set $end (i32.wrap_i64 (i64.shr_u (local.get $ends) (i64.const 32))))
        (call $return (i32.wrap_i64 (local.get $ends)))
        (loop $more
          (drop (call $write (local.get $end) (local.get $at) (i32.const 4)))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (br_if $more (i32.lt_u (local.get $at) (i32.const 16))))
        (call $drop (local.get $end))))
    (core instance $code (instantiate $Code (with "" (instance
      (export "new" (func $new)) (export "write" (func $write))
      (export "drop" (func $drop)) (export "return" (func $return))))))
    (func (export "produce") async (result $S) (canon lift (core func $code "produce") async)))
  (component $Consumer
    (type $S (stream u8))
    (import "produce" (func $produce async (result $S)))
    (core module $Memory (memory (export "memory") 1))
    (core instance $memory (instantiate $Memory))
    (core module $Table (table (export "table") 1 funcref))
    (core instance $table (instantiate $Table))
    (core type $start (func (param i32)))
    (alias core export $table "table" (core table $t))
    (core func $produce (canon lower (func $produce)))
    (core func $read (canon stream.read $S (memory (core memory $memory "memory"))))
    (core func $drop (canon stream.drop-readable $S))
    (core func $thread (canon thread.new-indirect $start (core table $t)))
    (core func $resume (canon thread.resume-later))
    (core func $yield (canon thread.yield))
    (core func $return (canon task.return (result u32)))
    (core module $Code
      (import "" "memory" (memory 1))
      (import "" "table" (table 1 funcref))
      (import "" "produce" (func $produce (result i32)))
      (import "" "read" (func $read (param i32 i32 i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (import "" "thread" (func $thread (param i32 i32) (result i32)))
      (import "" "resume" (func $resume (param i32)))
      (import "" "yield" (func $yield (result i32)))
      (import "" "return" (func $return (param i32)))
      (global $sum (mut i32) (i32.const 0))
      (global $running (mut i32) (i32.const 2))
      (func $consume (param $buffer i32)
        (local $end i32) (local $result i32) (local $at i32)
        (local.set $end (call $produce))
        (loop $more
          (local.set $result (call $read (local.get $end) (local.get $buffer) (i32.const 3)))
          (local.set $at (i32.const 0))
          (block $added
            (loop $next
              (br_if $added
                (i32.eq (local.get $at) (i32.shr_u (local.get $result) (i32.const 4))))
              (global.set $sum (i32.add (global.get $sum)
                (i32.load8_u (i32.add (local.get $buffer) (local.get $at)))))
              (local.set $at (i32.add (local.get $at) (i32.const 1)))
              (br $next)))
          (br_if $more (i32.eqz (i32.and (local.get $result) (i32.const 15)))))
        (call $drop (local.get $end))
        (global.set $running (i32.sub (global.get $running) (i32.const 1))))
      (elem (i32.const 0) $consume)
      (func (export "run")
        (call $resume (call $thread (i32.const 0) (i32.const 64)))
        (call $consume (i32.const 0))
        (loop $wait
          (drop (call $yield))
          (br_if $wait (global.get $running)))
        (call $return (global.get $sum))))
    (core instance $code (instantiate $Code (with "" (instance
      (export "memory" (memory $memory "memory")) (export "table" (table $t))
      (export "produce" (func $produce)) (export "read" (func $read))
      (export "drop" (func $drop)) (export "thread" (func $thread))
      (export "resume" (func $resume)) (export "yield" (func $yield))
      (export "return" (func $return))))))
    (func (export "run") async (result u32) (canon lift (core func $code "run") async)))
  (instance $producer (instantiate $Producer))
  (instance $consumer (instantiate $Consumer
    (with "produce" (func $producer "produce"))))
  (func (export "run") (alias export $consumer "run")))
"#;

fn main() {
    divan::main();
}

fn script() -> Script {
    let buffer = wast::parser::ParseBuffer::new(TEXT).expect("the text is lexically right");
    let mut wat = wast::parser::parse::<wast::Wat<'_>>(&buffer).expect("the text parses");
    let bytes = wat.encode().expect("the text assembles");
    let component = Component::new(&bytes).expect("the component is valid");
    let instantiate = Action::Instantiate {
        component,
        imports: BTreeMap::new(),
    };
    let run = Action::Invoke {
        instance: 0,
        export: Arc::from("run"),
        args: Vec::new(),
    };
    Script {
        actions: vec![instantiate, run],
    }
}

fn start() -> Run {
    Run::new(Limits::default(), Reading::Text)
}

/// A run by chance, from the loaded component to the result.
#[divan::bench]
fn random_run(bencher: divan::Bencher) {
    let script = script();
    let mut seed = 0;
    bencher.bench_local(|| {
        seed += 1;
        let ran = start().finish(&script, &mut Random::new(seed), 100_000);
        assert!(
            matches!(ran.trace[1], Event::Returned(_)),
            "{:?}",
            ran.trace
        );
        ran
    });
}

/// All runs; what is counted are the states.
#[divan::bench(sample_count = 3)]
fn every_run(bencher: divan::Bencher) {
    let script = script();
    let all = || {
        let search = Search {
            script: &script,
            memory: Memory::Action,
            follow: &|_, _| true,
            lanes: None,
            bounds: Bounds::default(),
            goal: Goal::All,
        };
        explore(search, start())
    };
    let found = all();
    assert!(found.complete && found.outcomes[1].len() == 1);
    bencher
        .counter(ItemsCount::new(found.states))
        .bench_local(all);
}
