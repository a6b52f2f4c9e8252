//! Instructions that both forms use: between slots and the stack, and what steps compute.

use wasm_encoder::{Ieee32, Ieee64, InstructionSink, MemArg};

use crate::program::{Arithmetic, Comparison, CoreType, Operand, Width};

/// What a callback returns to exit. Spec: CanonicalABI.md, "canon lift", `CallbackCode`.
pub(super) const EXIT: i32 = 0;
/// What it returns to yield.
pub(super) const YIELD: i32 = 1;
/// What it returns to wait, in the lower four bits. The set stands above.
pub(super) const WAIT: i32 = 2;

/// Puts an operand on the stack.
pub(super) fn operand(code: &mut InstructionSink<'_>, operand: Operand, ty: CoreType) {
    let value = match operand {
        Operand::Const(value) => value,
        Operand::Slot(slot) => {
            code.global_get(slot.0);
            return from_slot(code, ty);
        }
    };
    match ty {
        CoreType::I32 => code.i32_const(value as i32),
        CoreType::I64 => code.i64_const(value),
        CoreType::F32 => code.f32_const(Ieee32::new(value as u32)),
        CoreType::F64 => code.f64_const(Ieee64::new(value.cast_unsigned())),
    };
}

/// From 64 bits to a number of this type.
pub(super) fn from_slot(code: &mut InstructionSink<'_>, ty: CoreType) {
    match ty {
        CoreType::I64 => {}
        CoreType::I32 => {
            code.i32_wrap_i64();
        }
        CoreType::F32 => {
            code.i32_wrap_i64().f32_reinterpret_i32();
        }
        CoreType::F64 => {
            code.f64_reinterpret_i64();
        }
    }
}

/// From a number of this type to 64 bits.
pub(super) fn to_slot(code: &mut InstructionSink<'_>, ty: CoreType) {
    match ty {
        CoreType::I64 => {}
        CoreType::I32 => {
            code.i64_extend_i32_u();
        }
        CoreType::F32 => {
            code.i32_reinterpret_f32().i64_extend_i32_u();
        }
        CoreType::F64 => {
            code.i64_reinterpret_f64();
        }
    }
}

/// Computes with the two numbers on the stack.
pub(super) fn arithmetic(code: &mut InstructionSink<'_>, op: Arithmetic) {
    match op {
        Arithmetic::Add => code.i64_add(),
        Arithmetic::Sub => code.i64_sub(),
        Arithmetic::And => code.i64_and(),
        Arithmetic::Or => code.i64_or(),
        Arithmetic::Shl => code.i64_shl(),
        Arithmetic::Shr => code.i64_shr_u(),
    };
}

/// Compares the two numbers on the stack.
pub(super) fn compare(code: &mut InstructionSink<'_>, comparison: Comparison) {
    match comparison {
        Comparison::Equal => code.i64_eq(),
        Comparison::NotEqual => code.i64_ne(),
        Comparison::Less => code.i64_lt_u(),
    };
}

fn at(memory_index: u32) -> MemArg {
    MemArg {
        offset: 0,
        align: 0,
        memory_index,
    }
}

/// Loads 64 bits from the address on the stack.
pub(super) fn load(code: &mut InstructionSink<'_>, width: Width, memory: u32) {
    match width {
        Width::W8 => code.i64_load8_u(at(memory)),
        Width::W16 => code.i64_load16_u(at(memory)),
        Width::W32 => code.i64_load32_u(at(memory)),
        Width::W64 => code.i64_load(at(memory)),
    };
}

/// Stores the 64 bits on the stack at the address below them.
pub(super) fn store(code: &mut InstructionSink<'_>, width: Width, memory: u32) {
    match width {
        Width::W8 => code.i64_store8(at(memory)),
        Width::W16 => code.i64_store16(at(memory)),
        Width::W32 => code.i64_store32(at(memory)),
        Width::W64 => code.i64_store(at(memory)),
    };
}
