//! Our own suite in its three forms, held against the scripts that they are made from.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use assize_harness::forms::{CaseFiles, command, script_case, standalone};
use assize_harness::results::Verdict;
use assize_harness::runtime::reference::ReferenceFactory;
use assize_harness::runtime::wasmtime::WasmtimeFactory;
use assize_harness::runtime::{Failure, InstanceId, Reading, Runtime, RuntimeFactory};
use assize_harness::suite::{Filter, Locations, Suite, SuiteName};
use assize_harness::value::Value;
use assize_harness::wast::run_text;
use assize_protocol::case::{Action, Expect};
use assize_protocol::host::Imports;
use assize_protocol::message::{FailureClass, WireFailure};
use assize_protocol::types::Type;
use assize_protocol::value::json::from_json;
use assize_reference::explore::exhaustive::Bounds;
use wasm_encoder::{ComponentBuilder, ComponentExportKind};

const BOUNDS: Bounds = Bounds {
    states: 200_000,
    depth: 100_000,
    time: Duration::from_secs(20),
};

/// The scripts of our suite, by their names.
fn scripts() -> Vec<(String, String)> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let locations = Locations::from_env(workspace);
    let suite = Suite::discover(SuiteName::SpecTests, &locations, &Filter::default())
        .expect("the suite is in the workspace");
    let scripts = suite
        .files
        .into_iter()
        .filter(|file| file.name.ends_with(".wast"));
    scripts
        .map(|file| (file.name, fs::read_to_string(file.path).expect("a text")))
        .collect()
}

/// Whether each directive passes on a runtime, by its line; lines count in the order of the
/// directives.
fn directives(text: &str, runtime: &mut dyn Runtime) -> Vec<(u32, bool)> {
    runtime.reset().expect("it starts");
    let judged = run_text(text, runtime, None).into_iter();
    judged
        .map(|(place, j)| (place.line, j.verdict == Verdict::Pass))
        .collect()
}

fn reference() -> Box<dyn Runtime> {
    ReferenceFactory::default()
        .start(Reading::Text)
        .expect("it starts")
}

#[test]
fn a_standalone_script_is_judged_like_its_source() {
    let mut runtime = reference();
    for (name, text) in scripts() {
        let passes = |judged: Vec<(u32, bool)>| judged.into_iter().map(|(_, passes)| passes);
        let source: Vec<bool> = passes(directives(&text, &mut *runtime)).collect();
        let made = standalone(&text).unwrap();
        let made: Vec<bool> = passes(directives(&made, &mut *runtime)).collect();
        assert_eq!(made, source, "{name}");
    }
}

/// Does the commands of a case, and says of each line whether all came about that is expected.
fn replay(files: &CaseFiles, runtime: &mut dyn Runtime) -> BTreeMap<u32, bool> {
    runtime.reset().expect("it starts");
    let mut definitions = BTreeMap::new();
    let mut instances: BTreeMap<usize, InstanceId> = BTreeMap::new();
    let mut lines = BTreeMap::new();
    for command in &files.case.commands {
        let mut result: Option<&Type> = None;
        let outcome = match &command.action {
            Action::Load { definition } => {
                let made = runtime.define(&files.binaries[*definition]);
                made.map(|made| {
                    definitions.insert(*definition, made);
                    Vec::new()
                })
            }
            Action::Instantiate {
                definition,
                instance,
                imports,
            } => {
                let given = imports
                    .iter()
                    .map(|(name, from)| (name.clone(), instances[from]));
                let imports = Imports {
                    instances: given.collect(),
                    ..Imports::default()
                };
                let made = match definitions.get(definition) {
                    Some(definition) => runtime.instantiate_with(*definition, &imports),
                    None => Err(assize_harness::runtime::usage("not loaded")),
                };
                made.map(|made| {
                    instances.insert(*instance, made);
                    Vec::new()
                })
            }
            Action::Register { name, instance } => match instances.get(instance) {
                Some(instance) => runtime.register(name, *instance).map(|()| Vec::new()),
                None => Err(assize_harness::runtime::usage("no instance")),
            },
            Action::Call {
                instance,
                export,
                args,
                params,
                result: ty,
                ..
            } => {
                result = ty.as_ref();
                let args = args.iter().zip(params);
                let args: Vec<Value> = args
                    .map(|(arg, ty)| from_json(arg, ty).expect("a value of its type"))
                    .collect();
                match instances.get(instance) {
                    Some(instance) => runtime.invoke(*instance, export, &args),
                    None => Err(assize_harness::runtime::usage("no instance")),
                }
            }
            Action::Await { .. } | Action::Cancel { .. } => unreachable!("a script has none"),
        };
        let line = lines.entry(command.line).or_insert(true);
        *line &= came_about(&command.expect, result, outcome);
    }
    lines
}

fn came_about(
    expect: &Expect,
    result: Option<&Type>,
    outcome: Result<Vec<Value>, Failure>,
) -> bool {
    match (expect, outcome) {
        (Expect::Done | Expect::Admissible, Ok(_)) => true,
        (Expect::Returned(value), Ok(values)) => match (result, &values[..]) {
            (None, []) => value.is_null(),
            (Some(ty), [actual]) => {
                same(&from_json(value, ty).expect("a value of its type"), actual)
            }
            _ => false,
        },
        (Expect::Failure { classes, .. }, Err(failure)) => {
            let class: FailureClass = WireFailure::from(failure).class;
            classes.contains(&class)
        }
        _ => false,
    }
}

/// Whether two values are the same; all NaNs are.
fn same(one: &Value, two: &Value) -> bool {
    let all = |one: &[Value], two: &[Value]| {
        one.len() == two.len() && one.iter().zip(two).all(|(one, two)| same(one, two))
    };
    let payload = |one: &Option<Box<Value>>, two: &Option<Box<Value>>| match (one, two) {
        (Some(one), Some(two)) => same(one, two),
        (one, two) => one.is_none() && two.is_none(),
    };
    match (one, two) {
        (Value::F32(a), Value::F32(b)) => {
            a == b || f32::from_bits(*a).is_nan() && f32::from_bits(*b).is_nan()
        }
        (Value::F64(a), Value::F64(b)) => {
            a == b || f64::from_bits(*a).is_nan() && f64::from_bits(*b).is_nan()
        }
        (Value::List(a), Value::List(b)) | (Value::Tuple(a), Value::Tuple(b)) => all(a, b),
        (Value::Record(a), Value::Record(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.0 == b.0 && same(&a.1, &b.1))
        }
        (Value::Variant(a, v), Value::Variant(b, w)) => a == b && payload(v, w),
        (Value::Option(a), Value::Option(b)) => payload(a, b),
        (Value::Result(Ok(a)), Value::Result(Ok(b)))
        | (Value::Result(Err(a)), Value::Result(Err(b))) => payload(a, b),
        (one, two) => one == two,
    }
}

#[test]
fn a_case_says_all_that_is_needed_to_judge_as_its_source_does() {
    let mut runtime = reference();
    let mut compared = 0;
    for (name, text) in scripts() {
        let mut source = BTreeMap::new();
        for (line, passes) in directives(&text, &mut *runtime) {
            *source.entry(line).or_insert(true) &= passes;
        }
        let files = script_case(&name, &text).unwrap();
        let left_out = files.case.left_out.iter().map(|left| left.line);
        for line in left_out {
            source.remove(&line);
        }
        let replayed = replay(&files, &mut *runtime);
        for (line, passes) in replayed {
            if let Some(expected) = source.get(&line) {
                assert_eq!(passes, *expected, "{name}:{line}");
                compared += 1;
            }
        }
    }
    assert!(compared > 4000, "{compared}");
}

/// A command's `run` as a function of the component itself.
fn with_run(command: &[u8]) -> Vec<u8> {
    let mut builder = ComponentBuilder::default();
    let component = builder.component_raw(None, command);
    let no_imports: [(&str, ComponentExportKind, u32); 0] = [];
    let instance = builder.instantiate(None, component, no_imports);
    let interface = builder.alias_export(
        instance,
        "wasi:cli/run@0.3.0",
        ComponentExportKind::Instance,
    );
    let run = builder.alias_export(interface, "run", ComponentExportKind::Func);
    builder.export("run", ComponentExportKind::Func, run, None);
    builder.finish()
}

/// What `run` of a command returns on Wasmtime.
fn run_command(command: &[u8], runtime: &mut dyn Runtime) -> Result<Vec<Value>, Failure> {
    runtime.reset()?;
    let definition = runtime.define(&with_run(command))?;
    let instance = runtime.instantiate(definition)?;
    runtime.invoke(instance, "run", &[])
}

#[test]
fn a_command_passes_on_wasmtime_where_its_script_does() {
    let factory = WasmtimeFactory::new().unwrap();
    let mut wasmtime = factory.start(Reading::Text).unwrap();
    let (mut passed, mut failed) = (0, Vec::new());
    for (name, text) in scripts() {
        let Ok(composed) = command(&script_case(&name, &text).unwrap(), &BOUNDS) else {
            continue;
        };
        if !directives(&text, &mut *wasmtime)
            .iter()
            .all(|(_, passes)| *passes)
        {
            continue;
        }
        match run_command(&composed.wasm, &mut *wasmtime) {
            Ok(values) if values == [Value::Result(Ok(None))] => passed += 1,
            other => failed.push(format!("{name}: {other:?}")),
        }
    }
    assert!(failed.is_empty(), "{passed} passed\n{}", failed.join("\n"));
    assert!(passed > 100, "{passed}");
}
