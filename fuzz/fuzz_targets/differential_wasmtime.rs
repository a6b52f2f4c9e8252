//! See [`assize_fuzz::targets::differential_wasmtime`].

#![cfg_attr(fuzzing, no_main)]

assize_fuzz::fuzz_program!(differential_wasmtime takes programs);
