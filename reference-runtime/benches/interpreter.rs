//! How many instructions a second the core interpreter executes.
//!
//! The unit is the instruction of the module as written: each benchmark counts what one call
//! executes, so that the figure is the same however the interpreter splits or joins them.

use assize_reference::core::{Exit, Extern, FuncAddr, Limits, Module, Stack, Store, Value};
use divan::Bencher;
use divan::counter::ItemsCount;

fn main() {
    divan::main();
}

/// Calls itself twice until the argument is below two.
const FIB: &str = r#"
(module
  (func $fib (export "run") (param $n i32) (result i32)
    (if (result i32) (i32.lt_u (local.get $n) (i32.const 2))
      (then (local.get $n))
      (else
        (i32.add
          (call $fib (i32.sub (local.get $n) (i32.const 1)))
          (call $fib (i32.sub (local.get $n) (i32.const 2))))))))
"#;

/// Adds a number to each word of a megabyte, in place, and sums what was there.
const WALK: &str = r#"
(module
  (memory 16)
  (func (export "run") (param $n i32) (result i32)
    (local $at i32) (local $sum i32)
    (loop $next
      (local.set $sum (i32.add (local.get $sum) (i32.load (local.get $at))))
      (i32.store (local.get $at) (i32.add (local.get $sum) (local.get $n)))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $at) (i32.const 0x100000))))
    (local.get $sum)))
"#;

/// Counts down in a loop that only computes.
const LOOP: &str = r#"
(module
  (func (export "run") (param $n i32) (result i32)
    (local $x i32)
    (loop $next
      (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 31)) (local.get $n)))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $next (local.get $n)))
    (local.get $x)))
"#;

/// A call that calls executes 13 instructions: `if` and what it tests, 4; the two calls with their
/// arguments, 8; the sum. A call that does not executes 5, and there is one more of these.
#[divan::bench]
fn fib(bencher: Bencher<'_, '_>) {
    let n: u32 = 25;
    let (_, leaves) = (0..n).fold((0_u64, 1), |(a, b), _| (b, a + b));
    run(bencher, FIB, n, (leaves - 1) * 13 + leaves * 5);
}

#[divan::bench]
fn memory_walk(bencher: Bencher<'_, '_>) {
    run(bencher, WALK, 7, 0x10_0000 / 4 * 18);
}

#[divan::bench]
fn arithmetic_loop(bencher: Bencher<'_, '_>) {
    run(bencher, LOOP, 1_000_000, 1_000_000 * 12);
}

/// Calls `run` of a module again and again.
fn run(bencher: Bencher<'_, '_>, text: &str, argument: u32, instructions: u64) {
    let (store, func) = load(text);
    bencher
        .counter(ItemsCount::new(instructions))
        .with_inputs(|| store.clone())
        .bench_local_values(|mut store| {
            let mut stack = Stack::call(&store, func, &[Value::I32(argument)]);
            match stack.run(&mut store, &mut u64::MAX.clone()) {
                Exit::Done(results) => results,
                other => panic!("{other:?}"),
            }
        });
}

fn load(text: &str) -> (Store, FuncAddr) {
    let buffer = wast::parser::ParseBuffer::new(text).expect("the text is well-formed");
    let mut wat: wast::Wat<'_> = wast::parser::parse(&buffer).expect("the text is a module");
    let bytes = wat.encode().expect("the module can be encoded");
    let module = Module::new(&bytes).expect("the module is valid");
    let mut store = Store::new(Limits::default());
    let (instance, _) = store
        .instantiate(&module, &[])
        .expect("nothing is imported");
    match store.export(instance, "run") {
        Some(Extern::Func(func)) => (store, func),
        other => panic!("{other:?}"),
    }
}
