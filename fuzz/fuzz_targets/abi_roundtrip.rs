//! See [`assize_fuzz::targets::abi_roundtrip`].

#![cfg_attr(fuzzing, no_main)]

assize_fuzz::fuzz_program!(abi_roundtrip takes bytes);
