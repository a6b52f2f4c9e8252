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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NAN_32: u32 = 0x7fc0_0000;
    const NAN_64: u64 = 0x7ff8_0000_0000_0000;

    /// Every class of float, NaNs with any payload and sign among them.
    fn float32() -> impl Strategy<Value = u32> {
        let special = [
            0.0,
            1.0,
            f32::MIN_POSITIVE,
            f32::MAX,
            f32::INFINITY,
            f32::NAN,
        ];
        let special = proptest::sample::select(special.map(f32::to_bits).to_vec());
        let signed = (special, any::<bool>()).prop_map(|(a, neg)| a | u32::from(neg) << 31);
        let integral = any::<i16>().prop_map(|n| (f32::from(n) / 4.0).to_bits());
        prop_oneof![
            any::<u32>(),
            signed,
            integral,
            any::<u32>().prop_map(|a| a | NAN_32)
        ]
    }

    /// As [`float32`], among others.
    fn float64() -> impl Strategy<Value = u64> {
        let widened = float32().prop_map(|a| f64::from(f32::from_bits(a)).to_bits());
        prop_oneof![any::<u64>(), widened, any::<u64>().prop_map(|a| a | NAN_64)]
    }

    /// The bits of a result worked out in `f64` and rounded once more. For the operations tested
    /// with it the second rounding is known to change nothing.
    fn narrowed(result: f64) -> u32 {
        if result.is_nan() {
            NAN_32
        } else {
            (result as f32).to_bits()
        }
    }

    fn canonical(result: f64) -> u64 {
        if result.is_nan() {
            NAN_64
        } else {
            result.to_bits()
        }
    }

    /// The operand that comes first in the order that tells the zeros apart, unless one is a NaN.
    fn extreme(x: f64, y: f64, first: std::cmp::Ordering) -> f64 {
        if x.is_nan() || y.is_nan() {
            f64::NAN
        } else if x.total_cmp(&y) == first {
            x
        } else {
            y
        }
    }

    proptest! {
        #[test]
        fn f32_arithmetic_is_f64_arithmetic_rounded(a in float32(), b in float32()) {
            let wide = |bits| f64::from(f32::from_bits(bits));
            let (x, y) = (wide(a), wide(b));
            prop_assert_eq!(f32_add(a, b), narrowed(x + y));
            prop_assert_eq!(f32_sub(a, b), narrowed(x - y));
            prop_assert_eq!(f32_mul(a, b), narrowed(x * y));
            prop_assert_eq!(f32_div(a, b), narrowed(x / y));
            prop_assert_eq!(f32_sqrt(a), narrowed(x.sqrt()));
            prop_assert_eq!(f32_min(a, b), narrowed(extreme(x, y, std::cmp::Ordering::Less)));
            prop_assert_eq!(f32_max(a, b), narrowed(extreme(x, y, std::cmp::Ordering::Greater)));
            prop_assert_eq!(f32_ceil(a), narrowed(x.ceil()));
            prop_assert_eq!(f32_floor(a), narrowed(x.floor()));
            prop_assert_eq!(f32_trunc(a), narrowed(x.trunc()));
            prop_assert_eq!(f32_nearest(a), narrowed(x.round_ties_even()));
            prop_assert_eq!(
                [f32_eq(a, b), f32_ne(a, b), f32_lt(a, b), f32_gt(a, b), f32_le(a, b), f32_ge(a, b)],
                [x == y, x != y, x < y, x > y, x <= y, x >= y]
            );
        }

        #[test]
        fn f64_arithmetic_is_rusts_with_canonical_nans(a in float64(), b in float64()) {
            let (x, y) = (f64::from_bits(a), f64::from_bits(b));
            prop_assert_eq!(f64_add(a, b), canonical(x + y));
            prop_assert_eq!(f64_sub(a, b), canonical(x - y));
            prop_assert_eq!(f64_mul(a, b), canonical(x * y));
            prop_assert_eq!(f64_div(a, b), canonical(x / y));
            prop_assert_eq!(f64_sqrt(a), canonical(x.sqrt()));
            prop_assert_eq!(f64_min(a, b), canonical(extreme(x, y, std::cmp::Ordering::Less)));
            prop_assert_eq!(f64_max(a, b), canonical(extreme(x, y, std::cmp::Ordering::Greater)));
            prop_assert_eq!(f64_ceil(a), canonical(x.ceil()));
            prop_assert_eq!(f64_floor(a), canonical(x.floor()));
            prop_assert_eq!(f64_trunc(a), canonical(x.trunc()));
            prop_assert_eq!(f64_nearest(a), canonical(x.round_ties_even()));
            prop_assert_eq!(
                [f64_eq(a, b), f64_ne(a, b), f64_lt(a, b), f64_gt(a, b), f64_le(a, b), f64_ge(a, b)],
                [x == y, x != y, x < y, x > y, x <= y, x >= y]
            );
        }

        #[test]
        fn sign_operations_change_the_sign_bit_alone(a in float64(), b in float64()) {
            let magnitude = a << 1 >> 1;
            prop_assert_eq!(f64_abs(a), magnitude);
            prop_assert_eq!([f64_neg(a) << 1, f64_neg(a) >> 63], [a << 1, 1 - (a >> 63)]);
            prop_assert_eq!(f64_copysign(a, b), magnitude | b >> 63 << 63);
            let (a, b) = ((a >> 32) as u32, (b >> 32) as u32);
            let magnitude = a << 1 >> 1;
            prop_assert_eq!(f32_abs(a), magnitude);
            prop_assert_eq!([f32_neg(a) << 1, f32_neg(a) >> 31], [a << 1, 1 - (a >> 31)]);
            prop_assert_eq!(f32_copysign(a, b), magnitude | b >> 31 << 31);
        }
    }

    #[test]
    fn ties_round_to_the_even_neighbour_and_keep_their_sign() {
        let pairs = [
            (0.5, 0.0),
            (1.5, 2.0),
            (2.5, 2.0),
            (-0.5, -0.0),
            (-3.5, -4.0),
        ];
        for (given, rounded) in pairs {
            assert_eq!(f64_nearest(f64::to_bits(given)), f64::to_bits(rounded));
            assert_eq!(
                f32_nearest((given as f32).to_bits()),
                (rounded as f32).to_bits()
            );
        }
    }

    #[test]
    fn negative_zero_is_less_than_zero_to_min_and_max_only() {
        let (zero, negative) = (0, SIGN_64);
        assert_eq!(
            [f64_min(zero, negative), f64_min(negative, zero)],
            [negative; 2]
        );
        assert_eq!(
            [f64_max(zero, negative), f64_max(negative, zero)],
            [zero; 2]
        );
        assert!(f64_eq(zero, negative) && !f64_lt(negative, zero));
    }
}
