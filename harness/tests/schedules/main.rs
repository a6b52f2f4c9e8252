//! The schedulers held against one another, and against the official assertions, on the files of
//! the suites.
//!
//! `ASSIZE_SEEDS` says with how many seeds each, `ASSIZE_STATES` how many states an exploration may
//! have, and `ASSIZE_ONLY` is a glob of files. Without them, a few of both keep the tests short.

mod assertions;
mod consistency;
mod files;
mod host;
mod lanes;
