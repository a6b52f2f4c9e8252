//! Schedulers, and what is found with them: every schedule, or some, of a script.
//!
//! A [`Script`](script::Script) says what the host does, a [`Run`](run::Run) does it, and a
//! scheduler decides what the specification leaves open. [`exhaustive`] takes all decisions,
//! [`check`] those that fit a trace, [`random`] and [`pct`] one after the other at random, and
//! [`replay`] those that were written down.
//!
//! Spec: CanonicalABI.md, "Embedding"; Concurrency.md, "Nondeterminism".

pub mod check;
pub mod exhaustive;
pub mod fingerprint;
pub mod lanes;
pub mod pct;
pub mod random;
pub mod replay;
pub mod run;
pub mod schedule;
pub mod script;

#[cfg(test)]
mod tests;
