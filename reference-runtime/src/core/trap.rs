//! How a core computation ends badly: by the specification ([`Trap`]) or by the machine's own
//! bounds ([`Limit`], set by [`Limits`]).
//!
//! The two are kept apart because only the first is a fact about the program. A run that reached
//! a limit says nothing about what a larger machine would have seen.

use thiserror::Error;

/// A trap of core WebAssembly. Its text is the one that the core test suite expects.
///
/// Spec: WebAssembly 3.0, "Execution".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
pub enum Trap {
    /// `unreachable` was executed.
    #[error("unreachable")]
    Unreachable,
    /// Integer division or remainder by zero.
    #[error("integer divide by zero")]
    IntegerDivideByZero,
    /// A quotient or a truncated float that its type cannot hold.
    #[error("integer overflow")]
    IntegerOverflow,
    /// Truncation of a NaN to an integer.
    #[error("invalid conversion to integer")]
    InvalidConversionToInteger,
    /// An access that does not lie wholly within its memory or data segment.
    #[error("out of bounds memory access")]
    OutOfBoundsMemoryAccess,
    /// An access that does not lie wholly within its table or element segment.
    #[error("out of bounds table access")]
    OutOfBoundsTableAccess,
    /// An indirect call through a position past the end of its table.
    #[error("undefined element")]
    UndefinedElement,
    /// An indirect call through a null element.
    #[error("uninitialized element")]
    UninitializedElement,
    /// An indirect call of a function of another type.
    #[error("indirect call type mismatch")]
    IndirectCallTypeMismatch,
    /// `ref.as_non_null` on null.
    #[error("null reference")]
    NullReference,
    /// `call_ref` or `return_call_ref` on null.
    #[error("null function reference")]
    NullFunctionReference,
    /// `throw_ref` on null.
    #[error("null exception reference")]
    NullExceptionReference,
}

/// The bound of the machine that stopped a computation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
pub enum Limit {
    /// The instructions granted are used up. The computation can go on with more.
    #[error("out of fuel")]
    Fuel,
    /// [`Limits::call_depth`]
    #[error("call stack exhausted")]
    CallDepth,
    /// [`Limits::value_stack`]; to a program the same thing as [`Limit::CallDepth`].
    #[error("call stack exhausted")]
    ValueStack,
    /// [`Limits::memory_pages`]
    #[error("memory limit exceeded")]
    Memory,
    /// [`Limits::table_elements`]
    #[error("table limit exceeded")]
    Table,
    /// [`Limits::exceptions`]
    #[error("exception limit exceeded")]
    Exceptions,
    /// [`Limits::instances`] or [`Limits::entities`]
    #[error("instance limit exceeded")]
    Instances,
}

/// How much a machine may use. Part of its state, so that a run is reproducible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    /// The size of all memories of a store together, in pages of 64 KiB. Untouched memory is free; a write costs up to
    /// 1/512 of its address besides the 4 KiB around it.
    pub memory_pages: u64,
    /// The size of all tables of a store together, in elements.
    pub table_elements: u64,
    /// Nested calls on one stack, tail calls not counted.
    pub call_depth: usize,
    /// Locals and operands on one stack, in slots of eight bytes.
    pub value_stack: usize,
    /// Exceptions that a store may hold.
    pub exceptions: usize,
    /// Module instances that a store may hold.
    pub instances: usize,
    /// Functions, tables, memories, globals, tags and elements of segments that the instances of a
    /// store may have together.
    pub entities: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            memory_pages: 65_536,
            table_elements: 10_000_000,
            call_depth: 65_536,
            value_stack: 1 << 20,
            exceptions: 1 << 20,
            instances: 10_000,
            entities: 10_000_000,
        }
    }
}
