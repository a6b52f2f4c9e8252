//! Core WebAssembly on two runtimes: modules of chance without imports, whose exports return, trap and
//! leave globals alike, or one of the two is wrong.
//!
//! Core WebAssembly leaves nothing open that such a module could show: NaNs are made canonical by the
//! module itself, and it has no more memory or stack than every runtime gives.

use std::fmt;

use arbitrary::Unstructured;
use assize_harness::runtime::{Failure, InstanceId, OutcomeClass, Runtime};
use assize_harness::value::Value;
use assize_protocol::value::CoreValue;
use wasm_smith::{Config, Module};
use wasmparser::{Parser, Payload, ValType, Validator, WasmFeatures};

/// How often a module may go around a loop or call a function in all.
const FUEL: u32 = 20_000;
/// The most calls of one module.
const CALLS: usize = 12;

/// A module, and what is done with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Core {
    /// The module.
    pub wasm: Vec<u8>,
    /// What is called, in order.
    pub calls: Vec<(String, Vec<Value>)>,
    /// The exported globals, which are read after the calls.
    pub globals: Vec<String>,
}

/// Something that two runtimes do not do alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What was asked for.
    pub what: String,
    /// What each runtime did.
    pub did: [Result<Vec<Value>, Failure>; 2],
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b] = [0, 1].map(|i| match &self.did[i] {
            Ok(values) => {
                let values: Vec<_> = values.iter().map(ToString::to_string).collect();
                format!("[{}]", values.join(", "))
            }
            Err(failure) => failure.to_string(),
        });
        write!(f, "{}: one gives {a}, the other {b}", self.what)
    }
}

/// Makes a module and what is done with it.
///
/// # Errors
/// Where `u` ends too soon.
pub fn module(u: &mut Unstructured<'_>) -> arbitrary::Result<Core> {
    let config = Config {
        max_imports: 0,
        export_everything: true,
        canonicalize_nans: true,
        gc_enabled: false,
        simd_enabled: false,
        relaxed_simd_enabled: false,
        threads_enabled: false,
        allow_start_export: false,
        max_memories: 2,
        max_tables: 2,
        // What a runtime may refuse to give is not asked for.
        memory_max_size_required: true,
        max_memory32_bytes: 4 << 16,
        max_memory64_bytes: 4 << 16,
        table_max_size_required: true,
        max_table_elements: 1_000,
        max_funcs: 8,
        max_instructions: u.int_in_range(20..=300)?,
        ..Config::default()
    };
    let mut module = Module::new(config, u)?;
    module
        .ensure_termination(FUEL)
        .map_err(|_| arbitrary::Error::IncorrectFormat)?;
    let wasm = module.to_bytes();
    let Exports { functions, globals } = exports(&wasm).ok_or(arbitrary::Error::IncorrectFormat)?;
    let mut calls = Vec::new();
    let count = if functions.is_empty() {
        0
    } else {
        u.int_in_range(1..=CALLS)?
    };
    for _ in 0..count {
        let (name, params) = u.choose(&functions)?;
        let args = params.iter().map(|param| argument(*param, u));
        calls.push((name.clone(), args.collect::<arbitrary::Result<_>>()?));
    }
    Ok(Core {
        wasm,
        calls,
        globals,
    })
}

/// What a module exports: functions that take and give only numbers, with their parameters, and globals
/// that are numbers.
#[derive(Default)]
struct Exports {
    functions: Vec<(String, Vec<ValType>)>,
    globals: Vec<String>,
}

fn exports(wasm: &[u8]) -> Option<Exports> {
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    let types = validator.validate_all(wasm).ok()?;
    let types = types.as_ref();
    let is_number = |ty: &ValType| {
        matches!(
            ty,
            ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64
        )
    };
    let mut found = Exports::default();
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::ExportSection(exports) = payload.ok()? else {
            continue;
        };
        for export in exports {
            let export = export.ok()?;
            let name = export.name.to_owned();
            match export.kind {
                wasmparser::ExternalKind::Func => {
                    let ty = types[types.core_function_at(export.index)].unwrap_func();
                    let all = ty.params().iter().chain(ty.results());
                    if all.clone().all(is_number) {
                        found.functions.push((name, ty.params().to_vec()));
                    }
                }
                wasmparser::ExternalKind::Global
                    if is_number(&types.global_at(export.index).content_type) =>
                {
                    found.globals.push(name);
                }
                _ => {}
            }
        }
    }
    Some(found)
}

fn argument(ty: ValType, u: &mut Unstructured<'_>) -> arbitrary::Result<Value> {
    const EDGES: [u64; 8] = [
        0,
        1,
        u64::MAX,
        i32::MIN as u32 as u64,
        i64::MIN as u64,
        i32::MAX as u64,
        0x3ff0_0000_0000_0000,
        0xffff_0000_0000_0000,
    ];
    let bits = match u.ratio(1, 2)? {
        true => *u.choose(&EDGES)?,
        false => u.arbitrary()?,
    };
    Ok(Value::Core(match ty {
        ValType::I32 => CoreValue::I32(bits as i32),
        ValType::I64 => CoreValue::I64(bits as i64),
        ValType::F32 => CoreValue::F32(bits as u32),
        _ => CoreValue::F64(bits),
    }))
}

/// What the two runtimes do not do alike, if there is something. A limit that one of them reaches ends
/// the comparison.
pub fn compare(core: &Core, runtimes: [&mut dyn Runtime; 2]) -> Option<Difference> {
    let [a, b] = runtimes;
    let (at_a, at_b) = match (start(core, a), start(core, b)) {
        (Ok(at_a), Ok(at_b)) => (at_a, at_b),
        (a, b) => {
            let did = [a, b].map(|started| started.map(|_| Vec::new()));
            return differ("instantiate".to_owned(), did).unwrap_or(None);
        }
    };
    for (name, args) in &core.calls {
        let did = [a.invoke(at_a, name, args), b.invoke(at_b, name, args)];
        let shown: Vec<_> = args.iter().map(ToString::to_string).collect();
        match differ(format!("{name}({})", shown.join(", ")), did) {
            Ok(None) => {}
            Ok(difference) => return difference,
            Err(Limited) => return None,
        }
    }
    let differences = core.globals.iter().filter_map(|name| {
        let did = [a.get(at_a, name), b.get(at_b, name)];
        let did = did.map(|got| got.map(|value| vec![value]));
        differ(format!("global {name}"), did).unwrap_or(None)
    });
    let mut differences = differences;
    differences.next()
}

fn start(core: &Core, runtime: &mut dyn Runtime) -> Result<InstanceId, Failure> {
    runtime.reset()?;
    let definition = runtime.define(&core.wasm)?;
    runtime.instantiate(definition)
}

/// A limit of a runtime's, after which nothing can be compared.
struct Limited;

fn differ(
    what: String,
    did: [Result<Vec<Value>, Failure>; 2],
) -> Result<Option<Difference>, Limited> {
    let limited = |did: &Result<_, Failure>| {
        let class = did.as_ref().err().map(|failure| &failure.class);
        matches!(
            class,
            Some(OutcomeClass::Exhaustion | OutcomeClass::Unsupported { .. })
        )
    };
    if did.iter().any(limited) {
        return Err(Limited);
    }
    let alike = match &did {
        [Ok(a), Ok(b)] => a == b,
        [Err(a), Err(b)] => a.class == b.class,
        _ => false,
    };
    Ok((!alike).then_some(Difference { what, did }))
}

#[cfg(test)]
mod tests {
    use assize_harness::runtime::{self, Reading};

    use super::*;
    use crate::testing;

    #[test]
    fn the_reference_and_wasmtime_do_alike_with_modules_of_chance() {
        let start = |name| runtime::find(name).unwrap().start(Reading::Text).unwrap();
        let (mut reference, mut wasmtime) = (start("reference"), start("wasmtime"));
        let (mut returned, mut trapped) = (0, 0);
        for seed in 0..150 {
            let bytes = testing::bytes(seed, 6_000);
            let Ok(core) = module(&mut Unstructured::new(&bytes)) else {
                continue;
            };
            let difference = compare(&core, [&mut *reference, &mut *wasmtime]);
            assert_eq!(difference.map(|d| d.to_string()), None, "seed {seed}");
            let Ok(instance) = super::start(&core, &mut *reference) else {
                continue;
            };
            for (name, args) in &core.calls {
                match reference.invoke(instance, name, args) {
                    Ok(_) => returned += 1,
                    Err(_) => trapped += 1,
                }
            }
        }
        assert!(returned > 10 && trapped > 20, "{returned} {trapped}");
    }

    #[test]
    fn a_difference_is_found() {
        let values = |number: i32| Ok(vec![Value::Core(CoreValue::I32(number))]);
        assert!(matches!(
            differ("f()".into(), [values(1), values(1)]),
            Ok(None)
        ));
        let difference = differ("f()".into(), [values(1), values(2)]).ok().flatten();
        assert_eq!(
            difference
                .map(|difference| difference.to_string())
                .as_deref(),
            Some("f(): one gives [(i32.const 1)], the other [(i32.const 2)]")
        );
    }
}
