//! Numbers in and out of slots.

use crate::core::trap::Trap;

/// A number as an operand.
pub trait Operand {
    /// From a slot, where it lies zero-extended.
    fn from_slot(slot: u64) -> Self;
}

impl Operand for u32 {
    #[inline]
    fn from_slot(slot: u64) -> u32 {
        slot as u32
    }
}

impl Operand for u64 {
    #[inline]
    fn from_slot(slot: u64) -> u64 {
        slot
    }
}

/// What a numeric instruction gives.
pub trait Outcome {
    /// Into a slot, unless it trapped.
    fn into_slot(self) -> Result<u64, Trap>;
}

impl Outcome for u32 {
    #[inline]
    fn into_slot(self) -> Result<u64, Trap> {
        Ok(self.into())
    }
}

impl Outcome for u64 {
    #[inline]
    fn into_slot(self) -> Result<u64, Trap> {
        Ok(self)
    }
}

impl Outcome for bool {
    #[inline]
    fn into_slot(self) -> Result<u64, Trap> {
        Ok(self.into())
    }
}

impl<T: Outcome> Outcome for Result<T, Trap> {
    #[inline]
    fn into_slot(self) -> Result<u64, Trap> {
        self.and_then(T::into_slot)
    }
}

/// Computes an instruction of one operand.
#[inline]
pub fn unary<A: Operand, R: Outcome>(compute: impl Fn(A) -> R, a: u64) -> Result<u64, Trap> {
    compute(A::from_slot(a)).into_slot()
}

/// Computes an instruction of two operands.
#[inline]
pub fn binary<A: Operand, B: Operand, R: Outcome>(
    compute: impl Fn(A, B) -> R,
    a: u64,
    b: u64,
) -> Result<u64, Trap> {
    compute(A::from_slot(a), B::from_slot(b)).into_slot()
}
