//! What exploration pays for each state: cloning a machine, hashing it, and the first write after a
//! clone. The machine holds what a typical test holds: two components that call one another, with a
//! memory each, resources, and a stream that waits.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use assize_reference::component::ast::Component;
use assize_reference::component::env::{Entity, InstanceValue};
use assize_reference::machine::choice::Deterministic;
use assize_reference::machine::embed::Machine;
use assize_reference::machine::limits::Limits;
use assize_reference::machine::reading::Reading;
use assize_reference::machine::state::FuncId;

const TEXT: &str = r#"
(component
  (component $Library
    (core module $Memory (memory (export "memory") 1))
    (core instance $memory (instantiate $Memory))
    (type $T (resource (rep i32)))
    (export $t "t" (type $T))
    (type $S (stream u8))
    (core func $new (canon resource.new $T))
    (core func $stream-new (canon stream.new $S))
    (core func $stream-read (canon stream.read $S async (memory (core memory $memory "memory"))))
    (core module $Code
      (import "" "memory" (memory 1))
      (import "" "new" (func $new (param i32) (result i32)))
      (import "" "stream-new" (func $stream-new (result i64)))
      (import "" "stream-read" (func $stream-read (param i32 i32 i32) (result i32)))
      (func (export "make") (result i32)
        (i32.store (i32.const 4096) (i32.const 7))
        (call $stream-read (i32.wrap_i64 (call $stream-new)) (i32.const 16) (i32.const 8))
        (drop)
        (call $new (i32.const 42)))
      (func (export "touch") (result i32)
        (i32.store (i32.const 4096)
          (i32.add (i32.load (i32.const 4096)) (i32.const 1)))
        (i32.load (i32.const 4096))))
    (core instance $code (instantiate $Code (with "" (instance
      (export "memory" (memory $memory "memory"))
      (export "new" (func $new))
      (export "stream-new" (func $stream-new))
      (export "stream-read" (func $stream-read))))))
    (func (export "make") (result (own $t)) (canon lift (core func $code "make")))
    (func (export "touch") (result u32) (canon lift (core func $code "touch"))))
  (component $Program
    (import "library" (instance $library
      (export "t" (type $T (sub resource)))
      (export "make" (func (result (own $T))))
      (export "touch" (func (result u32)))))
    (core func $make (canon lower (func $library "make")))
    (core func $touch (canon lower (func $library "touch")))
    (core module $Code
      (import "" "make" (func $make (result i32)))
      (import "" "touch" (func $touch (result i32)))
      (memory (export "memory") 1)
      (func (export "run") (result i32)
        (i32.store (i32.const 0) (call $make))
        (call $touch)))
    (core instance $code (instantiate $Code (with "" (instance
      (export "make" (func $make))
      (export "touch" (func $touch))))))
    (func (export "run") (result u32) (canon lift (core func $code "run"))))
  (instance $library (instantiate $Library))
  (instance $program (instantiate $Program (with "library" (instance $library))))
  (func (export "run") (alias export $program "run"))
  (func (export "touch") (alias export $library "touch")))
"#;

fn main() {
    divan::main();
}

/// The machine after a first call of `run`, and its instance.
fn machine() -> (Machine, std::sync::Arc<InstanceValue>) {
    let buffer = wast::parser::ParseBuffer::new(TEXT).expect("the text is lexically right");
    let mut wat = wast::parser::parse::<wast::Wat<'_>>(&buffer).expect("the text parses");
    let bytes = wat.encode().expect("the text assembles");
    let component = Component::new(&bytes).expect("the component is valid");
    let mut machine = Machine::new(Limits::default(), Reading::Text);
    let instance = machine
        .instantiate(&component, &BTreeMap::new(), &mut Deterministic)
        .expect("the component has no imports");
    let run = func(&instance, "run");
    machine
        .call(run, Vec::new(), &mut Deterministic)
        .expect("`run` returns");
    (machine, instance)
}

fn func(instance: &InstanceValue, name: &str) -> FuncId {
    match instance.exports.get(name) {
        Some(Entity::Func(func)) => *func,
        other => panic!("`{name}` is not a function but {other:?}"),
    }
}

#[divan::bench]
fn clone(bencher: divan::Bencher) {
    let (machine, _) = machine();
    bencher.bench_local(|| machine.clone());
}

#[divan::bench]
fn hash(bencher: divan::Bencher) {
    let (machine, _) = machine();
    bencher.bench_local(|| {
        let mut hasher = DefaultHasher::new();
        machine.hash(&mut hasher);
        hasher.finish()
    });
}

#[divan::bench]
fn call_that_writes(bencher: divan::Bencher) {
    let (mut machine, instance) = machine();
    let touch = func(&instance, "touch");
    bencher.bench_local(|| {
        machine.refuel();
        machine.call(touch, Vec::new(), &mut Deterministic)
    });
}

#[divan::bench]
fn clone_then_call_that_writes(bencher: divan::Bencher) {
    let (machine, instance) = machine();
    let touch = func(&instance, "touch");
    bencher.bench_local(|| {
        let mut machine = machine.clone();
        machine.refuel();
        machine.call(touch, Vec::new(), &mut Deterministic)
    });
}
