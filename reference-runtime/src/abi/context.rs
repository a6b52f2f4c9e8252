//! The context of lifting and lowering: whose memory, whose handles, which task answers for borrows.
//!
//! Spec: CanonicalABI.md, "Lifting and Lowering Context".

use super::flatten::FlatType;
use crate::component::ast::StringEncoding;
use crate::core::{self, FuncAddr, IndexType, MemAddr, Memory};
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

/// What an access past the end of memory ends in, where no rule has kept it from being made.
const OUT_OF_BOUNDS: Stop = Stop::Broken;

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
    /// The type of pointers into the memory. Where there is none, validation has made sure that no
    /// type needs pointers.
    pub fn ptr_type(&self) -> PtrType {
        self.opts.ptr_type(&self.step.store.core)
    }

    fn memory(&self) -> Option<&Memory> {
        self.opts
            .memory
            .map(|addr| self.step.store.core.memory(addr))
    }

    fn memory_mut(&mut self) -> Option<&mut Memory> {
        self.opts
            .memory
            .map(|addr| self.step.store.core.memory_mut(addr))
    }

    /// Whether `size` bytes at `ptr` end past the end of memory.
    pub(crate) fn past_end(&self, ptr: u64, size: u64) -> bool {
        let len = self.memory().map_or(0, Memory::len_bytes);
        ptr.checked_add(size).is_none_or(|end| end > len)
    }

    /// The unsigned little-endian integer of `N` bytes, at most 8, at `ptr`.
    ///
    /// Spec: CanonicalABI.md, "Loading", `load_int`. That the range lies in memory is for rules to
    /// check before.
    pub(super) fn load_int<const N: usize>(&self, ptr: u64) -> Result<u64, Stop> {
        let bytes = self
            .memory()
            .and_then(|memory| memory.load::<N>(ptr))
            .ok_or(OUT_OF_BOUNDS)?;
        let mut wide = [0; 8];
        wide[..N].copy_from_slice(&bytes);
        Ok(u64::from_le_bytes(wide))
    }

    /// The same with a size that is known only now: 1, 2, 4 or 8 bytes.
    pub(super) fn load_sized_int(&self, ptr: u64, size: u64) -> Result<u64, Stop> {
        match size {
            1 => self.load_int::<1>(ptr),
            2 => self.load_int::<2>(ptr),
            4 => self.load_int::<4>(ptr),
            _ => self.load_int::<8>(ptr),
        }
    }

    /// The two integers of the size of a pointer at `ptr`.
    pub(super) fn load_ptr_pair(&self, ptr: u64) -> Result<(u64, u64), Stop> {
        let size = self.ptr_type().size();
        let first = self.load_sized_int(ptr, size)?;
        Ok((first, self.load_sized_int(ptr.saturating_add(size), size)?))
    }

    /// The `size` bytes at `ptr`.
    pub(super) fn load_bytes(&self, ptr: u64, size: u64) -> Result<Vec<u8>, Stop> {
        if self.past_end(ptr, size) {
            return Err(OUT_OF_BOUNDS);
        }
        let mut bytes = vec![0; size as usize];
        let memory = self.memory().ok_or(OUT_OF_BOUNDS)?;
        memory.read(ptr, &mut bytes).ok_or(OUT_OF_BOUNDS)?;
        Ok(bytes)
    }

    /// Stores the low `size` bytes, 1, 2, 4 or 8, of `v` at `ptr`.
    ///
    /// Spec: CanonicalABI.md, "Storing", `store_int`.
    pub(crate) fn store_int(&mut self, v: u64, ptr: u64, size: u64) -> Result<(), Stop> {
        let memory = self.memory_mut().ok_or(OUT_OF_BOUNDS)?;
        let stored = match size {
            1 => memory.store(ptr, [v as u8]),
            2 => memory.store(ptr, (v as u16).to_le_bytes()),
            4 => memory.store(ptr, (v as u32).to_le_bytes()),
            _ => memory.store(ptr, v.to_le_bytes()),
        };
        stored.ok_or(OUT_OF_BOUNDS)
    }

    /// Stores two integers of the size of a pointer at `ptr`.
    pub(crate) fn store_ptr_pair(&mut self, pair: (u64, u64), ptr: u64) -> Result<(), Stop> {
        let size = self.ptr_type().size();
        self.store_int(pair.0, ptr, size)?;
        self.store_int(pair.1, ptr.saturating_add(size), size)
    }

    /// Stores `bytes` at `ptr`.
    pub(super) fn store_bytes(&mut self, bytes: &[u8], ptr: u64) -> Result<(), Stop> {
        if bytes.is_empty() {
            return Ok(());
        }
        let memory = self.memory_mut().ok_or(OUT_OF_BOUNDS)?;
        memory.write(ptr, bytes).ok_or(OUT_OF_BOUNDS)
    }

    /// Calls the guest's `realloc` on a fresh thread that may not leave the instance.
    ///
    /// All sizes are in bytes. Spec: CanonicalABI.md, "Lifting and Lowering Context", `reallocate`.
    pub fn reallocate(
        &mut self,
        old: u64,
        old_size: u64,
        align: u64,
        size: u64,
    ) -> Result<u64, Stop> {
        self.step
            .call_realloc(self.inst, self.opts, [old, old_size, align, size])
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

impl CoreValueIter {
    /// The bits of the next value, read as a `want`.
    ///
    /// Where a value stands in a variant's payload it may be wider than `want`, or an integer where
    /// a float is wanted; whatever variants are around it, it is the low bits that count, so that
    /// `CoerceValueIter` needs no counterpart here. Validation has made sure that there is a next
    /// value: past the end it is zero, which only a machine with a rule inverted gets to see.
    ///
    /// Spec: CanonicalABI.md, "Flat Lifting", `next`.
    pub fn next(&mut self, want: FlatType) -> u64 {
        let value = self.values.get(self.position).copied();
        self.position += 1;
        let value = want.value(value.map_or(0, bits));
        bits(value)
    }
}

/// The bits of a number; references are never passed.
pub(super) fn bits(value: core::Value) -> u64 {
    match value {
        core::Value::I32(bits) | core::Value::F32(bits) => bits.into(),
        core::Value::I64(bits) | core::Value::F64(bits) => bits,
        core::Value::FuncRef(_) | core::Value::ExternRef(_) | core::Value::ExnRef(_) => 0,
    }
}
