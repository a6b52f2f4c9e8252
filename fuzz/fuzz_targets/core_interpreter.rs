//! See [`assize_fuzz::targets::core_interpreter`].

#![cfg_attr(fuzzing, no_main)]

assize_fuzz::fuzz_program!(core_interpreter takes bytes);
