//! See [`assize_fuzz::targets::core_interpreter`].

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| assize_fuzz::targets::core_interpreter(data));

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    use assize_fuzz::targets;

    targets::replay("core_interpreter", targets::core_interpreter)
}
