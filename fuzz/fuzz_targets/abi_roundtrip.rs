//! See [`assize_fuzz::targets::abi_roundtrip`].

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| assize_fuzz::targets::abi_roundtrip(data));

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    use assize_fuzz::targets;

    targets::replay("abi_roundtrip", targets::abi_roundtrip)
}
