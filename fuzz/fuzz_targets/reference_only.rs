//! See [`assize_fuzz::targets::reference_only`].

#![cfg_attr(fuzzing, no_main)]

assize_fuzz::fuzz_program!(reference_only takes programs);
