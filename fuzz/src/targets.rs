//! What the targets of libFuzzer do with their bytes. A finding is a panic, as libFuzzer expects it.
//!
//! Each target is a small program in `fuzz_targets/`. Built by `cargo fuzz` it is a fuzzer; built as any
//! other program it runs the target on the files that it is given, to see a finding again on a stable
//! toolchain.

mod post;

use std::cell::RefCell;
use std::path::PathBuf;
use std::process::ExitCode;

use arbitrary::Unstructured;
use assize_harness::runtime::{REFERENCE, Reading, Runtime, WASMTIME, find};

pub use self::post::{Ledger, Post, TALLY, said};
use crate::generate::{self, Profile};
use crate::program::Program;
use crate::{core, corpus, roundtrip, vary};

/// The reference, which makes its choices by chance where it is tested against itself.
pub const SEED: &str = "reference@seed:1";

/// Whether what comes of an input can teach a fuzzer anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// It was run.
    Useful,
    /// It was not, since it becomes nothing that the runtime can run.
    Useless,
}

/// Programs on Wasmtime: whatever it shows has to be admissible.
pub fn differential_wasmtime(data: &[u8]) -> Input {
    thread_local! {
        static POST: RefCell<Post> = RefCell::new(post(WASMTIME));
    }
    POST.with_borrow_mut(|post| post.run(program(data)))
}

/// Programs on the reference, which makes its choices by chance: whatever it shows has to be admissible.
pub fn reference_only(data: &[u8]) -> Input {
    thread_local! {
        static POST: RefCell<Post> = RefCell::new(post(SEED));
    }
    POST.with_borrow_mut(|post| post.run(program(data)))
}

/// Core modules of chance on the reference and on Wasmtime: both have to do alike.
pub fn core_interpreter(data: &[u8]) -> Input {
    type Pair = [Box<dyn Runtime>; 2];
    thread_local! {
        static PAIR: RefCell<Pair> = RefCell::new([REFERENCE, WASMTIME].map(start));
    }
    let Ok(module) = core::module(&mut Unstructured::new(data)) else {
        return Input::Useless;
    };
    PAIR.with_borrow_mut(|[reference, wasmtime]| {
        if let Some(difference) = core::compare(&module, [&mut **reference, &mut **wasmtime]) {
            panic!("{difference}");
        }
    });
    Input::Useful
}

/// Values of chance through the canonical ABI: what comes out is what went in.
pub fn abi_roundtrip(data: &[u8]) -> Input {
    if let Err(difference) = roundtrip::run(&mut Unstructured::new(data)) {
        panic!("{difference}");
    }
    Input::Useful
}

fn start(name: &str) -> Box<dyn Runtime> {
    let factory = find(name).unwrap_or_else(|error| panic!("{error}"));
    let started = factory.start(Reading::Text);
    started.unwrap_or_else(|error| panic!("{error}"))
}

fn post(name: &str) -> Post {
    Post::new(name).unwrap_or_else(|error| panic!("{error}"))
}

/// The program that the bytes are, or else one that is made from them.
pub fn program(data: &[u8]) -> Program {
    if let Some(program) = kept(data) {
        return program;
    }
    let made = generate::program(&mut Unstructured::new(data), &Profile::default());
    match made {
        Ok(generated) => generated.program,
        Err(error) => unreachable!("bytes that end make a program that ends: {error}"),
    }
}

/// The program that is kept as these bytes.
fn kept(data: &[u8]) -> Option<Program> {
    let program: Program = serde_json::from_slice(data).ok()?;
    program.check().is_ok().then_some(program)
}

/// Makes another input of one: a program near to it, where it is a program. Gives how long that is.
///
/// `data` has room for the new input, of which the first `size` bytes are the old one.
pub fn mutate(data: &mut [u8], size: usize, seed: u32) -> usize {
    let source = generate::Source::seeded(seed.into(), 0);
    let mut bytes = Unstructured::new(source.bytes());
    let old = program(&data[..size.min(data.len())]);
    let new = vary::vary(&old, &mut bytes).unwrap_or(old);
    let text = serde_json::to_vec(&new).unwrap_or_default();
    match data.get_mut(..text.len()) {
        Some(room) => {
            room.copy_from_slice(&text);
            text.len()
        }
        // What does not fit stays as it was.
        None => size,
    }
}

/// Makes one input of two programs. Gives how long that is.
pub fn cross(a: &[u8], b: &[u8], out: &mut [u8], seed: u32) -> usize {
    let source = generate::Source::seeded(seed.into(), 1);
    let mut bytes = Unstructured::new(source.bytes());
    let (a, b) = (program(a), program(b));
    let new = vary::cross(&a, &b, &mut bytes).unwrap_or(a);
    let text = serde_json::to_vec(&new).unwrap_or_default();
    match out.get_mut(..text.len()) {
        Some(room) => {
            room.copy_from_slice(&text);
            text.len()
        }
        None => 0,
    }
}

/// Runs a target on each file that the command line names: what its program does that was not built by
/// `cargo fuzz`.
pub fn replay(name: &str, target: fn(&[u8]) -> Input) -> ExitCode {
    let files: Vec<_> = std::env::args_os().skip(1).collect();
    if files.is_empty() {
        eprintln!(
            "usage: {name} FILE...: runs the target on each file; `cargo fuzz run {name}` fuzzes"
        );
        return ExitCode::from(2);
    }
    for file in files {
        let file = PathBuf::from(file);
        match std::fs::read(&file) {
            Ok(data) => drop(target(&data)),
            Err(error) => {
                eprintln!("error: {}: {error}", file.display());
                return ExitCode::from(2);
            }
        }
    }
    ExitCode::SUCCESS
}

/// What the inputs of a target are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inputs {
    /// Programs, as JSON, or bytes from which one is made.
    Programs,
    /// Bytes, of which the target makes something.
    Bytes,
}

/// The variable of the environment that has a fuzzer write seeds into the directory that it names, and end:
/// so nothing but the targets has to be built to have seeds for them.
pub const SEEDS: &str = "ASSIZE_FUZZ_SEEDS";

/// How many seeds a fuzzer writes.
const COUNT: u64 = 200;

/// Before a fuzzer begins: writes seeds and ends the process, if that is what it is started for.
pub fn begin(inputs: Inputs) {
    let Some(dir) = std::env::var_os(SEEDS).map(PathBuf::from) else {
        return;
    };
    let written = match inputs {
        Inputs::Programs => corpus::emit_programs(&dir, 0, COUNT),
        Inputs::Bytes => corpus::emit_bytes(&dir, 0, COUNT),
    };
    std::process::exit(match written {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("error: {error}");
            2
        }
    });
}

/// The whole program of a target, which is a function of [`targets`](crate::targets).
#[macro_export]
macro_rules! fuzz_program {
    ($target:ident takes bytes) => {
        $crate::fuzz_program!($target of Bytes);
    };
    ($target:ident takes programs) => {
        $crate::fuzz_program!($target of Programs);

        #[cfg(fuzzing)]
        libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
            $crate::targets::mutate(&mut data[..max_size], size, seed)
        });

        #[cfg(fuzzing)]
        libfuzzer_sys::fuzz_crossover!(|a: &[u8], b: &[u8], out: &mut [u8], seed: u32| {
            $crate::targets::cross(a, b, out, seed)
        });
    };
    ($target:ident of $inputs:ident) => {
        #[cfg(fuzzing)]
        libfuzzer_sys::fuzz_target!(
            init: $crate::targets::begin($crate::targets::Inputs::$inputs),
            |data: &[u8]| -> libfuzzer_sys::Corpus {
                match $crate::targets::$target(data) {
                    $crate::targets::Input::Useful => libfuzzer_sys::Corpus::Keep,
                    $crate::targets::Input::Useless => libfuzzer_sys::Corpus::Reject,
                }
            }
        );

        #[cfg(not(fuzzing))]
        fn main() -> std::process::ExitCode {
            $crate::targets::replay(stringify!($target), $crate::targets::$target)
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn no_target_finds_anything_in_bytes_of_chance() {
        for seed in 0..20 {
            let data = testing::bytes(seed, 3_000);
            reference_only(&data);
            abi_roundtrip(&data);
            core_interpreter(&data);
        }
    }

    #[test]
    fn inputs_are_varied_as_programs() {
        let mut data = vec![0; 1 << 20];
        let mut size = 0;
        let mut made = std::collections::BTreeSet::new();
        for seed in 0..100 {
            size = mutate(&mut data, size, seed);
            assert!(kept(&data[..size]).is_some(), "{seed}");
            made.insert(data[..size].to_vec());
        }
        assert!(made.len() > 90, "{}", made.len());
        let inputs: Vec<_> = made.into_iter().collect();
        let mut out = vec![0; 1 << 20];
        let size = cross(&inputs[0], &inputs[1], &mut out, 7);
        assert!(kept(&out[..size]).is_some());
    }

    #[test]
    fn an_input_that_does_not_fit_stays_as_it_was() {
        let mut data = [1; 16];
        assert_eq!(mutate(&mut data, 16, 1), 16);
        assert_eq!(data, [1; 16]);
    }
}
