//! Bodies: what core code does, one step after the other, on slots and memories.
//!
//! Steps stand as low as core code does: arguments are what the Canonical ABI flattens values to, and
//! what it stores is stored by steps. So a mistake of any kind is a program too.

use serde::{Deserialize, Serialize};

use super::{CanonId, ImportId, MemoryId, SlotId};

/// What a function does.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Body {
    /// What the core function does, and then, where there is a callback, that, event by event.
    pub blocks: Vec<Block>,
}

/// Steps, and how a core function ends after them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Block {
    /// The steps.
    pub steps: Vec<Step>,
    /// What the core function returns.
    pub end: End,
}

impl Block {
    /// Calls `visit` with every step, those in branches and loops after the one that they are in.
    pub fn each_step<'b>(&'b self, visit: &mut dyn FnMut(&'b Step)) {
        each_step(&self.steps, visit);
    }
}

fn each_step<'s>(steps: &'s [Step], visit: &mut dyn FnMut(&'s Step)) {
    for step in steps {
        visit(step);
        match step {
            Step::If {
                then, otherwise, ..
            } => {
                each_step(then, visit);
                each_step(otherwise, visit);
            }
            Step::Repeat { steps, .. } => each_step(steps, visit),
            _ => {}
        }
    }
}

/// What a core function returns.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// Nothing.
    Nothing,
    /// The flattened result of a function that is lifted synchronously.
    Return(Operand),
    /// To a function with a callback: it exits.
    Exit,
    /// To a function with a callback: it yields.
    Yield,
    /// To a function with a callback: it waits on this waitable set.
    Wait(Operand),
    /// To a function with a callback: this number, as it is.
    Code(Operand),
    /// It does not return: it traps.
    Unreachable,
}

/// A number that a step takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operand {
    /// This one. A float stands as its bits, a number of 32 bits in the lower half.
    Const(i64),
    /// What the slot holds, cut to the bits that are wanted.
    Slot(SlotId),
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Calls a built-in. Its result is extended without sign; where there is none, the slot is left.
    Canon {
        /// The built-in.
        canon: CanonId,
        /// Its arguments, as many as it takes.
        args: Vec<Operand>,
        /// Where the result goes.
        result: Option<SlotId>,
    },
    /// Calls an imported function, like a built-in.
    Call {
        /// The import.
        import: ImportId,
        /// The core function's arguments, as many as it takes.
        args: Vec<Operand>,
        /// Where the core function's result goes.
        result: Option<SlotId>,
    },
    /// Shows a number to the host: a call of `trace-mark`, of type `func(place: u32, value: u64)`.
    Mark {
        /// Which mark it is.
        place: u32,
        /// The number.
        value: Operand,
    },
    /// Computes.
    Set {
        /// Where the result goes.
        slot: SlotId,
        /// How.
        op: Arithmetic,
        /// The first operand.
        a: Operand,
        /// The second.
        b: Operand,
    },
    /// Loads a number, without sign.
    Load {
        /// Where it goes.
        slot: SlotId,
        /// The memory.
        memory: MemoryId,
        /// How many bytes.
        width: Width,
        /// The address.
        address: Operand,
    },
    /// Stores a number.
    Store {
        /// The memory.
        memory: MemoryId,
        /// How many bytes.
        width: Width,
        /// The address.
        address: Operand,
        /// The number.
        value: Operand,
    },
    /// One of two lists of steps.
    If {
        /// Which.
        condition: Condition,
        /// If it holds.
        then: Vec<Step>,
        /// If it does not.
        otherwise: Vec<Step>,
    },
    /// Steps again and again.
    Repeat {
        /// How often.
        times: u32,
        /// The steps.
        steps: Vec<Step>,
    },
    /// Ends the core function here.
    Finish(End),
}

/// Whether two numbers of 64 bits compare so, without sign.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Condition {
    /// The first.
    pub a: Operand,
    /// How they compare.
    pub comparison: Comparison,
    /// The second.
    pub b: Operand,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// Equal.
    Equal,
    /// Not equal.
    NotEqual,
    /// Less.
    Less,
}

/// An operation on numbers of 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arithmetic {
    /// The sum.
    Add,
    /// The difference.
    Sub,
    /// Bits that both have.
    And,
    /// Bits that either has.
    Or,
    /// Shifted to the left.
    Shl,
    /// Shifted to the right, without sign.
    Shr,
}

/// How many bytes are loaded or stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Width {
    /// One.
    #[serde(rename = "8")]
    W8,
    /// Two.
    #[serde(rename = "16")]
    W16,
    /// Four.
    #[serde(rename = "32")]
    W32,
    /// Eight.
    #[serde(rename = "64")]
    W64,
}
