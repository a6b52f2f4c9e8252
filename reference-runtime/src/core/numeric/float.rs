//! Floating-point arithmetic and comparisons, on bits.
//!
//! `abs`, `neg` and `copysign` touch the sign alone, also of a NaN. Everything else that gives a
//! float gives a canonical NaN or none.
//!
//! Spec: WebAssembly 3.0, "Floating-Point Operations".

const SIGN_32: u32 = 1 << 31;
const SIGN_64: u64 = 1 << 63;

/// The bits of an `f32` result, any NaN replaced by the canonical one.
#[inline]
pub(super) fn f32_bits(result: f32) -> u32 {
    if result.is_nan() {
        0x7fc0_0000
    } else {
        result.to_bits()
    }
}

/// The bits of an `f64` result, any NaN replaced by the canonical one.
#[inline]
pub(super) fn f64_bits(result: f64) -> u64 {
    if result.is_nan() {
        0x7ff8_0000_0000_0000
    } else {
        result.to_bits()
    }
}

/// Chooses one of the operands, bits and all. A NaN wins, and operands that compare equal differ
/// at most in the sign of a zero, where `$zero` combines the signs.
macro_rules! choose {
    ($a:ident $order:tt $b:ident, $zero:tt, $float:ident, $bits:ident) => {{
        let (x, y) = ($float::from_bits($a), $float::from_bits($b));
        if x $order y {
            $a
        } else if y $order x {
            $b
        } else if x == y {
            $a $zero $b
        } else {
            $bits($float::NAN)
        }
    }};
}

instructions! {
    "f32.abs" f32_abs(a: u32) -> u32 = a & !SIGN_32;
    "f32.neg" f32_neg(a: u32) -> u32 = a ^ SIGN_32;
    "f32.copysign" f32_copysign(a: u32, b: u32) -> u32 = a & !SIGN_32 | b & SIGN_32;
    "f32.ceil" f32_ceil(a: u32) -> u32 = f32_bits(f32::from_bits(a).ceil());
    "f32.floor" f32_floor(a: u32) -> u32 = f32_bits(f32::from_bits(a).floor());
    "f32.trunc" f32_trunc(a: u32) -> u32 = f32_bits(f32::from_bits(a).trunc());
    "f32.nearest" f32_nearest(a: u32) -> u32 = f32_bits(f32::from_bits(a).round_ties_even());
    "f32.sqrt" f32_sqrt(a: u32) -> u32 = f32_bits(f32::from_bits(a).sqrt());
    "f32.add" f32_add(a: u32, b: u32) -> u32 = f32_bits(f32::from_bits(a) + f32::from_bits(b));
    "f32.sub" f32_sub(a: u32, b: u32) -> u32 = f32_bits(f32::from_bits(a) - f32::from_bits(b));
    "f32.mul" f32_mul(a: u32, b: u32) -> u32 = f32_bits(f32::from_bits(a) * f32::from_bits(b));
    "f32.div" f32_div(a: u32, b: u32) -> u32 = f32_bits(f32::from_bits(a) / f32::from_bits(b));
    "f32.min" f32_min(a: u32, b: u32) -> u32 = choose!(a < b, |, f32, f32_bits);
    "f32.max" f32_max(a: u32, b: u32) -> u32 = choose!(a > b, &, f32, f32_bits);
    "f32.eq" f32_eq(a: u32, b: u32) -> bool = f32::from_bits(a) == f32::from_bits(b);
    "f32.ne" f32_ne(a: u32, b: u32) -> bool = f32::from_bits(a) != f32::from_bits(b);
    "f32.lt" f32_lt(a: u32, b: u32) -> bool = f32::from_bits(a) < f32::from_bits(b);
    "f32.gt" f32_gt(a: u32, b: u32) -> bool = f32::from_bits(a) > f32::from_bits(b);
    "f32.le" f32_le(a: u32, b: u32) -> bool = f32::from_bits(a) <= f32::from_bits(b);
    "f32.ge" f32_ge(a: u32, b: u32) -> bool = f32::from_bits(a) >= f32::from_bits(b);
}

instructions! {
    "f64.abs" f64_abs(a: u64) -> u64 = a & !SIGN_64;
    "f64.neg" f64_neg(a: u64) -> u64 = a ^ SIGN_64;
    "f64.copysign" f64_copysign(a: u64, b: u64) -> u64 = a & !SIGN_64 | b & SIGN_64;
    "f64.ceil" f64_ceil(a: u64) -> u64 = f64_bits(f64::from_bits(a).ceil());
    "f64.floor" f64_floor(a: u64) -> u64 = f64_bits(f64::from_bits(a).floor());
    "f64.trunc" f64_trunc(a: u64) -> u64 = f64_bits(f64::from_bits(a).trunc());
    "f64.nearest" f64_nearest(a: u64) -> u64 = f64_bits(f64::from_bits(a).round_ties_even());
    "f64.sqrt" f64_sqrt(a: u64) -> u64 = f64_bits(f64::from_bits(a).sqrt());
    "f64.add" f64_add(a: u64, b: u64) -> u64 = f64_bits(f64::from_bits(a) + f64::from_bits(b));
    "f64.sub" f64_sub(a: u64, b: u64) -> u64 = f64_bits(f64::from_bits(a) - f64::from_bits(b));
    "f64.mul" f64_mul(a: u64, b: u64) -> u64 = f64_bits(f64::from_bits(a) * f64::from_bits(b));
    "f64.div" f64_div(a: u64, b: u64) -> u64 = f64_bits(f64::from_bits(a) / f64::from_bits(b));
    "f64.min" f64_min(a: u64, b: u64) -> u64 = choose!(a < b, |, f64, f64_bits);
    "f64.max" f64_max(a: u64, b: u64) -> u64 = choose!(a > b, &, f64, f64_bits);
    "f64.eq" f64_eq(a: u64, b: u64) -> bool = f64::from_bits(a) == f64::from_bits(b);
    "f64.ne" f64_ne(a: u64, b: u64) -> bool = f64::from_bits(a) != f64::from_bits(b);
    "f64.lt" f64_lt(a: u64, b: u64) -> bool = f64::from_bits(a) < f64::from_bits(b);
    "f64.gt" f64_gt(a: u64, b: u64) -> bool = f64::from_bits(a) > f64::from_bits(b);
    "f64.le" f64_le(a: u64, b: u64) -> bool = f64::from_bits(a) <= f64::from_bits(b);
    "f64.ge" f64_ge(a: u64, b: u64) -> bool = f64::from_bits(a) >= f64::from_bits(b);
}
