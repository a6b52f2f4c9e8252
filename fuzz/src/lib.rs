//! Fuzzing the reference runtime itself: damaged components, and the machine driven through them.
//!
//! Whatever bytes the reference is given, it must answer with an outcome: never with a panic, an
//! abort, a hang or unbounded memory.

pub mod drive;
pub mod mutate;
