//! The context of lifting and lowering: whose memory, whose handles, which task answers for borrows.
//!
//! Spec: CanonicalABI.md, "Lifting and Lowering Context".

use crate::component::ast::StringEncoding;
use crate::core::{self, FuncAddr, IndexType, MemAddr};
use crate::machine::state::{InstanceId, SubtaskId, TaskId};
use crate::machine::step::Step;
use crate::machine::stop::Stop;

/// Spec: CanonicalABI.md, "Canonical ABI Options", `LiftLowerOptions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct LiftLowerOptions {
    /// How strings are encoded in memory.
    pub string_encoding: StringEncoding,
    /// The memory.
    pub memory: Option<MemAddr>,
    /// Allocates in the memory.
    pub realloc: Option<FuncAddr>,
}

impl LiftLowerOptions {
    /// The type of pointers into the memory; `i32` where there is none.
    pub fn ptr_type(&self, store: &core::Store) -> PtrType {
        match self.memory.map(|addr| store.memory(addr).index()) {
            Some(IndexType::I64) => PtrType::I64,
            Some(IndexType::I32) | None => PtrType::I32,
        }
    }
}

/// The type of a pointer into a memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PtrType {
    /// `i32`
    I32,
    /// `i64`
    I64,
}

impl PtrType {
    /// In bytes.
    pub fn size(self) -> u64 {
        match self {
            PtrType::I32 => 4,
            PtrType::I64 => 8,
        }
    }

    /// The core type.
    pub fn core_type(self) -> core::ValType {
        match self {
            PtrType::I32 => core::ValType::I32,
            PtrType::I64 => core::ValType::I64,
        }
    }

    /// `value`, which fits, as a core value.
    pub fn core_value(self, value: u64) -> core::Value {
        match self {
            PtrType::I32 => core::Value::I32(value as u32),
            PtrType::I64 => core::Value::I64(value),
        }
    }
}

/// Which task or subtask a borrow belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BorrowScope {
    /// Borrows cannot occur.
    None,
    /// Lowering into this task: it must drop the handle before it returns.
    Task(TaskId),
    /// Lifting for this subtask: the handle is lent until it is resolved.
    Subtask(SubtaskId),
}

/// Spec: CanonicalABI.md, "Lifting and Lowering Context", `LiftLowerContext`.
pub struct Cx<'s, 'm> {
    /// The machine.
    pub step: &'s mut Step<'m>,
    /// Whose memory and functions.
    pub opts: LiftLowerOptions,
    /// Whose handles.
    pub inst: InstanceId,
    /// Who answers for borrows.
    pub scope: BorrowScope,
}

impl Cx<'_, '_> {
    /// Calls the guest's `realloc` on a fresh thread that may not leave the instance.
    ///
    /// All sizes are in bytes. Spec: CanonicalABI.md, "Lifting and Lowering Context", `reallocate`.
    pub fn reallocate(&mut self, old: u64, old_size: u64, align: u64, size: u64) -> Result<u64, Stop> {
        self.step.call_realloc(self.inst, self.opts, [old, old_size, align, size])
    }

    /// A new allocation of `size` bytes.
    pub fn allocate(&mut self, align: u64, size: u64) -> Result<u64, Stop> {
        self.reallocate(0, 0, align, size)
    }
}

/// Core values that are read one after the other.
///
/// Spec: CanonicalABI.md, "Flat Lifting", `CoreValueIter`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct CoreValueIter {
    /// The values.
    pub values: Vec<core::Value>,
    /// How many have been read.
    pub position: usize,
}
