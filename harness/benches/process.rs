//! What it costs to have a runtime in a process: the same small test, from the reset to the result
//! of its call, on the reference in process and behind the protocol.
//!
//! The program is its own adapter, with `--adapter`.

use std::io;

use assize_harness::runtime::process::{AdapterCommand, ProcessFactory, ProcessLimits};
use assize_harness::runtime::reference::ReferenceFactory;
use assize_harness::runtime::{Reading, Runtime, RuntimeFactory};
use assize_harness::value::Value;
use divan::Bencher;

const TEST: &str = r#"(component
  (core module $m
    (memory (export "mem") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
    (func (export "same") (param i32 i32) (result i32)
      (i32.store (i32.const 0) (local.get 0))
      (i32.store (i32.const 4) (local.get 1))
      (i32.const 0)))
  (core instance $i (instantiate $m))
  (func (export "same") (param "s" string) (result string)
    (canon lift (core func $i "same")
      (memory (core memory $i "mem")) (realloc (core func $i "realloc")))))"#;

fn main() {
    if std::env::args().any(|arg| arg == "--adapter") {
        let mut start = |_| {
            let reference = ReferenceFactory::default().reference(Reading::Text);
            Ok(Box::new(reference) as Box<dyn Runtime>)
        };
        let (input, output) = (io::stdin().lock(), io::stdout().lock());
        assize_protocol::serve::serve(&mut start, input, output).expect("a harness");
        return;
    }
    divan::main();
}

fn test(bencher: Bencher<'_, '_>, factory: &dyn RuntimeFactory) {
    let buffer = wast::parser::ParseBuffer::new(TEST).expect("tokens");
    let mut wat = wast::parser::parse::<wast::Wat<'_>>(&buffer).expect("a component");
    let wasm = wat.encode().expect("a binary");
    let mut runtime = factory.start(Reading::Text).expect("a runtime");
    let argument = [Value::String("a short text".into())];
    bencher.bench_local(|| {
        runtime.reset().expect("a reset");
        let definition = runtime.define(&wasm).expect("a definition");
        let instance = runtime.instantiate(definition).expect("an instance");
        runtime
            .invoke(instance, "same", &argument)
            .expect("a result")
    });
}

#[divan::bench]
fn in_process(bencher: Bencher<'_, '_>) {
    test(bencher, &ReferenceFactory::default());
}

#[divan::bench]
fn behind_the_protocol(bencher: Bencher<'_, '_>) {
    let this = std::env::current_exe().expect("a path of this program");
    let command = AdapterCommand::of(&this.to_string_lossy(), &["--adapter"]);
    test(
        bencher,
        &ProcessFactory::new(command, ProcessLimits::default()),
    );
}
