//! What the targets of libFuzzer do with their bytes. A finding is a panic, as libFuzzer expects it.
//!
//! Each target is a small program in `fuzz_targets/`. Built by `cargo fuzz` it is a fuzzer; built as any
//! other program it runs the target on the files that it is given, to see a finding again on a stable
//! toolchain.

use std::cell::RefCell;
use std::process::ExitCode;

use arbitrary::Unstructured;
use assize_harness::runtime::{REFERENCE, Reading, Runtime, WASMTIME, find};

use crate::generate::{self, Profile, ProgramForm};
use crate::oracle::{Judge, Outcome};
use crate::program::Program;
use crate::subject::{Seat, Subject};
use crate::trial::{Shape, Trial};
use crate::{core, roundtrip, vary};

/// The seed of the reference's choices, where it is tested against itself.
const SEED: &str = "reference@seed:1";

/// Programs on Wasmtime: whatever it shows has to be admissible.
pub fn differential_wasmtime(data: &[u8]) {
    thread_local! {
        static SEAT: RefCell<(Judge, Seat)> = RefCell::new(seat(WASMTIME));
    }
    SEAT.with_borrow_mut(|(judge, seat)| admissible(judge, seat, data, Shape::Straight));
}

/// Programs on the reference, which makes its choices by chance: whatever it shows has to be admissible.
pub fn reference_only(data: &[u8]) {
    thread_local! {
        static SEAT: RefCell<(Judge, Seat)> = RefCell::new(seat(SEED));
    }
    SEAT.with_borrow_mut(|(judge, seat)| admissible(judge, seat, data, Shape::Chassis));
}

/// Core modules of chance on the reference and on Wasmtime: both have to do alike.
pub fn core_interpreter(data: &[u8]) {
    type Pair = [Box<dyn Runtime>; 2];
    thread_local! {
        static PAIR: RefCell<Pair> = RefCell::new([REFERENCE, WASMTIME].map(start));
    }
    let Ok(module) = core::module(&mut Unstructured::new(data)) else {
        return;
    };
    PAIR.with_borrow_mut(|[reference, wasmtime]| {
        if let Some(difference) = core::compare(&module, [&mut **reference, &mut **wasmtime]) {
            panic!("{difference}");
        }
    });
}

/// Values of chance through the canonical ABI: what comes out is what went in.
pub fn abi_roundtrip(data: &[u8]) {
    if let Err(difference) = roundtrip::run(&mut Unstructured::new(data)) {
        panic!("{difference}");
    }
}

fn start(name: &str) -> Box<dyn Runtime> {
    let factory = find(name).unwrap_or_else(|error| panic!("{error}"));
    let started = factory.start(Reading::Text);
    started.unwrap_or_else(|error| panic!("{error}"))
}

fn seat(name: &str) -> (Judge, Seat) {
    let subject = Subject::find(name).unwrap_or_else(|error| panic!("{error}"));
    (Judge::default(), Seat::new(subject))
}

fn admissible(judge: &mut Judge, seat: &mut Seat, data: &[u8], shape: Shape) {
    let Ok(trial) = Trial::of(program(data, shape), shape) else {
        return;
    };
    if let Ok(Outcome::Finding(finding)) = judge.judge(&trial, seat) {
        panic!("{}: {}", finding.signature.id(), finding.what);
    }
}

/// The program that the bytes are, or else one that is made from them.
fn program(data: &[u8], shape: Shape) -> Program {
    if let Some(program) = kept(data) {
        return program;
    }
    let profile = Profile {
        form: match shape {
            Shape::Straight => ProgramForm::Straight,
            Shape::Chassis => ProgramForm::Chassis,
        },
        ..Profile::default()
    };
    let made = generate::program(&mut Unstructured::new(data), &profile);
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
    let old = program(&data[..size.min(data.len())], Shape::Straight);
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
    let (a, b) = (program(a, Shape::Straight), program(b, Shape::Straight));
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
pub fn replay(name: &str, target: fn(&[u8])) -> ExitCode {
    let files: Vec<_> = std::env::args_os().skip(1).collect();
    if files.is_empty() {
        eprintln!(
            "usage: {name} FILE...: runs the target on each file; `cargo fuzz run {name}` fuzzes"
        );
        return ExitCode::from(2);
    }
    for file in files {
        let file = std::path::PathBuf::from(file);
        match std::fs::read(&file) {
            Ok(data) => target(&data),
            Err(error) => {
                eprintln!("error: {}: {error}", file.display());
                return ExitCode::from(2);
            }
        }
    }
    ExitCode::SUCCESS
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
