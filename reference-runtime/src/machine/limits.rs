//! Bounds on what a machine may use. Passing one is an outcome, never a failure of the machine.

use std::fmt;

use crate::core;

/// What each part of a definition costs. It takes about as long as that many core instructions, and
/// some of the machine's own memory for as long as what was defined is in use.
pub(crate) const PART_FUEL: u64 = 20;

/// The bounds of one machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    /// Steps: core instructions, plus the elements that lifting and lowering touch and the parts of
    /// definitions that instantiation evaluates.
    pub fuel: u64,
    /// Threads resumed inside one another.
    pub nesting: u32,
    /// Elements of one handle table. The specification's own bound is 2^28 - 1.
    pub handles: u32,
    /// Component instances.
    pub instances: u32,
    /// Threads that have not ended.
    pub threads: u32,
    /// Elements of the lists and fixed-length lists that one call lifts.
    pub elements: u64,
    /// The core interpreter's own bounds.
    pub core: core::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            fuel: 500_000_000,
            nesting: 4_096,
            handles: 1 << 20,
            instances: 10_000,
            threads: 100_000,
            elements: 1 << 22,
            core: core::Limits {
                // 1 GiB in all; only what is written takes room.
                memory_pages: 16_384,
                ..core::Limits::default()
            },
        }
    }
}

/// The bound that was passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// [`Limits::fuel`]
    Fuel,
    /// [`Limits::nesting`]
    Nesting,
    /// [`Limits::handles`]
    Handles,
    /// [`Limits::instances`]
    Instances,
    /// [`Limits::threads`]
    Threads,
    /// [`Limits::elements`]
    Elements,
    /// A bound of the core interpreter.
    Core(core::Limit),
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::Fuel => write!(f, "out of fuel"),
            Limit::Nesting => write!(f, "calls are nested too deeply"),
            Limit::Handles => write!(f, "too many handles"),
            Limit::Instances => write!(f, "too many component instances"),
            Limit::Threads => write!(f, "too many threads"),
            Limit::Elements => write!(f, "too many list elements in one call"),
            Limit::Core(limit) => write!(f, "{limit}"),
        }
    }
}
