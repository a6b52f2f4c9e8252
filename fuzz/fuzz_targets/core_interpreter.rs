//! See [`assize_fuzz::targets::core_interpreter`].

#![cfg_attr(fuzzing, no_main)]

assize_fuzz::bytes_target!(core_interpreter);
