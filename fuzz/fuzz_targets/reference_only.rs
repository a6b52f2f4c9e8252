//! See [`assize_fuzz::targets::reference_only`].

#![cfg_attr(fuzzing, no_main)]

assize_fuzz::program_target!(reference_only);
