//! See [`assize_fuzz::targets::differential_wasmtime`].

#![cfg_attr(fuzzing, no_main)]

assize_fuzz::program_target!(differential_wasmtime);
