//! See [`assize_fuzz::targets::abi_roundtrip`].

#![cfg_attr(fuzzing, no_main)]

assize_fuzz::bytes_target!(abi_roundtrip);
