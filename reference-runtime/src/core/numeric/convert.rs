//! Conversions between the number types.
//!
//! Rust's `as` is what the specification asks for in three places: an integer to a float rounds
//! to nearest, ties to even; so does `f64` to `f32`; a float to an integer saturates and takes
//! NaN to zero.
//!
//! Spec: WebAssembly 3.0, "Conversions".

use std::ops::Range;

use super::float::{f32_bits, f64_bits};
use crate::core::trap::Trap;

const TWO_31: f64 = 2_147_483_648.0;
const TWO_32: f64 = 4_294_967_296.0;
const TWO_63: f64 = 9_223_372_036_854_775_808.0;
const TWO_64: f64 = 18_446_744_073_709_551_616.0;

/// The integral part of `float`, if the integers of the result type, `range`, have it. Every
/// bound is a power of two or zero, and every `f32` an `f64`, so nothing here is rounded.
#[inline]
fn truncate(float: f64, range: Range<f64>) -> Result<f64, Trap> {
    let integral = float.trunc();
    if range.contains(&integral) {
        Ok(integral)
    } else if float.is_nan() {
        Err(Trap::InvalidConversionToInteger)
    } else {
        Err(Trap::IntegerOverflow)
    }
}

instructions! {
    "i32.wrap_i64" i32_wrap_i64(a: u64) -> u32 = a as u32;
    "i64.extend_i32_s" i64_extend_i32_s(a: u32) -> u64 = a as i32 as i64 as u64;
    "i64.extend_i32_u" i64_extend_i32_u(a: u32) -> u64 = a.into();

    "i32.trunc_f32_s" i32_trunc_f32_s(a: u32) -> Result<u32, Trap> =
        Ok(truncate(f32::from_bits(a).into(), -TWO_31..TWO_31)? as i32 as u32);
    "i32.trunc_f32_u" i32_trunc_f32_u(a: u32) -> Result<u32, Trap> =
        Ok(truncate(f32::from_bits(a).into(), 0.0..TWO_32)? as u32);
    "i32.trunc_f64_s" i32_trunc_f64_s(a: u64) -> Result<u32, Trap> =
        Ok(truncate(f64::from_bits(a), -TWO_31..TWO_31)? as i32 as u32);
    "i32.trunc_f64_u" i32_trunc_f64_u(a: u64) -> Result<u32, Trap> =
        Ok(truncate(f64::from_bits(a), 0.0..TWO_32)? as u32);
    "i64.trunc_f32_s" i64_trunc_f32_s(a: u32) -> Result<u64, Trap> =
        Ok(truncate(f32::from_bits(a).into(), -TWO_63..TWO_63)? as i64 as u64);
    "i64.trunc_f32_u" i64_trunc_f32_u(a: u32) -> Result<u64, Trap> =
        Ok(truncate(f32::from_bits(a).into(), 0.0..TWO_64)? as u64);
    "i64.trunc_f64_s" i64_trunc_f64_s(a: u64) -> Result<u64, Trap> =
        Ok(truncate(f64::from_bits(a), -TWO_63..TWO_63)? as i64 as u64);
    "i64.trunc_f64_u" i64_trunc_f64_u(a: u64) -> Result<u64, Trap> =
        Ok(truncate(f64::from_bits(a), 0.0..TWO_64)? as u64);

    "i32.trunc_sat_f32_s" i32_trunc_sat_f32_s(a: u32) -> u32 = f32::from_bits(a) as i32 as u32;
    "i32.trunc_sat_f32_u" i32_trunc_sat_f32_u(a: u32) -> u32 = f32::from_bits(a) as u32;
    "i32.trunc_sat_f64_s" i32_trunc_sat_f64_s(a: u64) -> u32 = f64::from_bits(a) as i32 as u32;
    "i32.trunc_sat_f64_u" i32_trunc_sat_f64_u(a: u64) -> u32 = f64::from_bits(a) as u32;
    "i64.trunc_sat_f32_s" i64_trunc_sat_f32_s(a: u32) -> u64 = f32::from_bits(a) as i64 as u64;
    "i64.trunc_sat_f32_u" i64_trunc_sat_f32_u(a: u32) -> u64 = f32::from_bits(a) as u64;
    "i64.trunc_sat_f64_s" i64_trunc_sat_f64_s(a: u64) -> u64 = f64::from_bits(a) as i64 as u64;
    "i64.trunc_sat_f64_u" i64_trunc_sat_f64_u(a: u64) -> u64 = f64::from_bits(a) as u64;

    "f32.convert_i32_s" f32_convert_i32_s(a: u32) -> u32 = (a as i32 as f32).to_bits();
    "f32.convert_i32_u" f32_convert_i32_u(a: u32) -> u32 = (a as f32).to_bits();
    "f32.convert_i64_s" f32_convert_i64_s(a: u64) -> u32 = (a as i64 as f32).to_bits();
    "f32.convert_i64_u" f32_convert_i64_u(a: u64) -> u32 = (a as f32).to_bits();
    "f64.convert_i32_s" f64_convert_i32_s(a: u32) -> u64 = (a as i32 as f64).to_bits();
    "f64.convert_i32_u" f64_convert_i32_u(a: u32) -> u64 = (a as f64).to_bits();
    "f64.convert_i64_s" f64_convert_i64_s(a: u64) -> u64 = (a as i64 as f64).to_bits();
    "f64.convert_i64_u" f64_convert_i64_u(a: u64) -> u64 = (a as f64).to_bits();

    "f32.demote_f64" f32_demote_f64(a: u64) -> u32 = f32_bits(f64::from_bits(a) as f32);
    "f64.promote_f32" f64_promote_f32(a: u32) -> u64 = f64_bits(f32::from_bits(a).into());
}
