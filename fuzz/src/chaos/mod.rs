//! Chaos: core modules made of chance, which call every built-in with whatever comes.
//!
//! Most of them trap soon. They are for what no runtime may do on any code: crash, or hang.

use std::sync::LazyLock;

use arbitrary::Unstructured;
use assize_harness::host::{Case, Command, Invocation, Step};
use wasm_smith::{Config, Module};
use wasmparser::{Parser, Payload};

use crate::corpus::Feed;
use crate::generate::Source;
use crate::splice::{Layout, Splice};
use crate::trial::{Rejected, Trial};

/// What stands around the module, with a module in the place of the other one.
const FRAME: &str = include_str!("frame.wat");
/// How many times a module may go around a loop or call a function, in one call of its exports at first,
/// and altogether.
const FUEL: u32 = 200;
/// The exports that the host may call; each takes a number and returns one.
const EXPORTS: [&str; 3] = ["plain", "stackful", "task"];

/// A component of chance, and what is done with it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chaos {
    /// The component.
    pub wasm: Vec<u8>,
    /// The exports that are called, with their arguments; all are called before the first is awaited.
    pub calls: Vec<(&'static str, u32)>,
}

/// Gives chaos as cases.
pub struct ChaosFeed;

impl Feed for ChaosFeed {
    fn trial(&self, seed: u64, number: u64) -> Result<Trial, Rejected> {
        let source = Source::seeded(seed, number);
        let chaos = chaos(&mut Unstructured::new(source.bytes()));
        let chaos = chaos.map_err(|error| Rejected(error.to_string()))?;
        let name = "chaos".to_owned();
        let instance = Step::Instance {
            name: name.clone(),
            component: 0,
            with: Vec::new(),
        };
        let starts = (0..)
            .zip(&chaos.calls)
            .map(|(at, (export, argument))| Step::Start {
                call: format!("c{at}"),
                instance: Some(name.clone()),
                what: Invocation::Written(format!("{export}({argument})")),
            });
        let awaits = (0..chaos.calls.len()).map(|at| Step::Await(format!("c{at}")));
        let steps = [instance].into_iter().chain(starts).chain(awaits);
        let commands = steps.map(|step| Command { line: 1, step }).collect();
        let case = Case {
            components: vec![(Some(name.clone()), chaos.wasm.into())],
            commands,
        };
        Ok(Trial::made(
            "Made by the fuzzer, of chance.".to_owned(),
            case,
        ))
    }
}

/// The frame, and where its module stands.
struct Frame {
    wasm: Vec<u8>,
    module: std::ops::Range<usize>,
}

static PARSED: LazyLock<Frame> = LazyLock::new(|| {
    let wasm = encode(FRAME);
    let mut largest = 0..0;
    for payload in Parser::new(0).parse_all(&wasm).flatten() {
        if let Payload::ModuleSection {
            unchecked_range, ..
        } = payload
            && unchecked_range.len() > largest.len()
        {
            largest = unchecked_range;
        }
    }
    Frame {
        wasm,
        module: largest,
    }
});

/// The binary of a text that is part of the fuzzer.
fn encode(text: &str) -> Vec<u8> {
    let buffer = wast::parser::ParseBuffer::new(text).expect("the text is part of the fuzzer");
    let wat = wast::parser::parse::<wast::Wat<'_>>(&buffer);
    let encoded = wat.and_then(|mut wat| wat.encode());
    encoded.expect("the text is part of the fuzzer")
}

/// Makes a component and what is done with it.
///
/// # Errors
/// Where `u` ends too soon.
pub fn chaos(u: &mut Unstructured<'_>) -> arbitrary::Result<Chaos> {
    let frame = &*PARSED;
    let interface = &frame.wasm[frame.module.clone()];
    let count = u.int_in_range(1..=3)?;
    let calls = (0..count).map(|_| Ok((*u.choose(&EXPORTS)?, u.int_in_range(0..=9)?)));
    let calls = calls.collect::<arbitrary::Result<_>>()?;
    let mut module = Module::new(config(interface, u)?, u)?;
    // What cannot be made to end is refused by chance alone.
    module
        .ensure_termination(FUEL)
        .map_err(|_| arbitrary::Error::IncorrectFormat)?;
    let splice = Splice::replace(frame.module.clone(), module.to_bytes());
    let layout = Layout::of(&frame.wasm).expect("the frame is a component");
    let wasm = layout.write(&frame.wasm, &[splice]);
    Ok(Chaos { wasm, calls })
}

/// What modules may have: all that the reference knows. What depends on the machine is left out.
fn config(interface: &[u8], u: &mut Unstructured<'_>) -> arbitrary::Result<Config> {
    Ok(Config {
        available_imports: Some(interface.to_vec()),
        exports: Some(interface.to_vec()),
        canonicalize_nans: true,
        gc_enabled: false,
        simd_enabled: false,
        relaxed_simd_enabled: false,
        threads_enabled: false,
        max_imports: 100,
        max_memories: 2,
        max_funcs: u.int_in_range(12..=60)?,
        max_globals: 8,
        max_tags: 2,
        max_data_segments: 4,
        max_element_segments: 4,
        // What a runtime may refuse to give is not asked for.
        memory_max_size_required: true,
        max_memory32_bytes: 4 << 16,
        max_memory64_bytes: 4 << 16,
        table_max_size_required: true,
        max_table_elements: 100,
        max_instructions: u.int_in_range(20..=200)?,
        allow_start_export: u.ratio(1, 8)?,
        ..Config::default()
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use assize_reference::component::ast::Component;
    use wasmparser::{Validator, WasmFeatures};

    use super::*;
    use crate::testing;

    #[test]
    fn every_component_is_valid_and_most_are_different() {
        let mut made = BTreeSet::new();
        for seed in 0..200 {
            let bytes = testing::bytes(seed, 4_000);
            let Ok(chaos) = chaos(&mut Unstructured::new(&bytes)) else {
                continue;
            };
            let valid = Validator::new_with_features(WasmFeatures::all()).validate_all(&chaos.wasm);
            valid.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            Component::new(&chaos.wasm).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            made.insert(chaos.wasm);
        }
        assert!(made.len() > 150, "{}", made.len());
    }

    #[test]
    fn many_built_ins_are_called() {
        let mut called = BTreeSet::new();
        for seed in 0..200 {
            let bytes = testing::bytes(seed, 4_000);
            let Ok(chaos) = chaos(&mut Unstructured::new(&bytes)) else {
                continue;
            };
            called.extend(imports(&chaos.wasm));
        }
        assert!(called.len() >= 49, "{called:?}");
    }

    fn imports(wasm: &[u8]) -> BTreeSet<String> {
        let payloads = Parser::new(0).parse_all(wasm).flatten();
        let names = payloads.flat_map(|payload| match payload {
            Payload::ImportSection(imports) => imports
                .into_imports()
                .flatten()
                .map(|import| import.name.to_owned())
                .collect(),
            _ => Vec::new(),
        });
        names.collect()
    }
}
