//! See [`assize_fuzz::targets::reference_only`].

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| assize_fuzz::targets::reference_only(data));

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_mutator!(
    |data: &mut [u8], size: usize, _max_size: usize, seed: u32| {
        assize_fuzz::targets::mutate(data, size, seed)
    }
);

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_crossover!(|a: &[u8], b: &[u8], out: &mut [u8], seed: u32| {
    assize_fuzz::targets::cross(a, b, out, seed)
});

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    use assize_fuzz::targets;

    targets::replay("reference_only", targets::reference_only)
}
