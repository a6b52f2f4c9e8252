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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Floats of every class, those around the bounds of the integer types often.
    fn float64() -> impl Strategy<Value = f64> {
        let bounds = vec![0.0, 1.0, TWO_31, TWO_32, TWO_63, TWO_64, f64::INFINITY];
        let around = (
            proptest::sample::select(bounds),
            any::<bool>(),
            -2i64..=2,
            -1.0..1.0,
        )
            .prop_map(|(bound, negative, steps, fraction)| {
                let stepped = f64::from_bits(f64::to_bits(bound).saturating_add_signed(steps));
                (if negative { -stepped } else { stepped }) + fraction
            });
        prop_oneof![
            any::<u64>().prop_map(f64::from_bits),
            around,
            Just(f64::NAN)
        ]
    }

    /// What truncation to the integers of `range` should give, worked out in 128 bits.
    fn expected(float: f64, min: i128, max: i128) -> (Result<i128, Trap>, i128) {
        if float.is_nan() {
            return (Err(Trap::InvalidConversionToInteger), 0);
        }
        let exact = float as i128;
        let trapping = (min..=max).contains(&exact).then_some(exact);
        (trapping.ok_or(Trap::IntegerOverflow), exact.clamp(min, max))
    }

    proptest! {
        #[test]
        fn truncation_gives_the_integral_part_or_traps_or_saturates(x in float64()) {
            let bits = x.to_bits();
            let s32 = |n: u32| i128::from(n as i32);
            let s64 = |n: u64| i128::from(n as i64);
            prop_assert_eq!(
                (i32_trunc_f64_s(bits).map(s32), s32(i32_trunc_sat_f64_s(bits))),
                expected(x, i32::MIN.into(), i32::MAX.into())
            );
            prop_assert_eq!(
                (i32_trunc_f64_u(bits).map(i128::from), i32_trunc_sat_f64_u(bits).into()),
                expected(x, 0, u32::MAX.into())
            );
            prop_assert_eq!(
                (i64_trunc_f64_s(bits).map(s64), s64(i64_trunc_sat_f64_s(bits))),
                expected(x, i64::MIN.into(), i64::MAX.into())
            );
            prop_assert_eq!(
                (i64_trunc_f64_u(bits).map(i128::from), i64_trunc_sat_f64_u(bits).into()),
                expected(x, 0, u64::MAX.into())
            );
        }

        #[test]
        fn truncation_of_f32_is_that_of_the_same_number_in_f64(x in float64()) {
            let narrow = (x as f32).to_bits();
            let wide = f64::from(x as f32).to_bits();
            prop_assert_eq!(i32_trunc_f32_s(narrow), i32_trunc_f64_s(wide));
            prop_assert_eq!(i32_trunc_f32_u(narrow), i32_trunc_f64_u(wide));
            prop_assert_eq!(i64_trunc_f32_s(narrow), i64_trunc_f64_s(wide));
            prop_assert_eq!(i64_trunc_f32_u(narrow), i64_trunc_f64_u(wide));
            prop_assert_eq!(i32_trunc_sat_f32_s(narrow), i32_trunc_sat_f64_s(wide));
            prop_assert_eq!(i32_trunc_sat_f32_u(narrow), i32_trunc_sat_f64_u(wide));
            prop_assert_eq!(i64_trunc_sat_f32_s(narrow), i64_trunc_sat_f64_s(wide));
            prop_assert_eq!(i64_trunc_sat_f32_u(narrow), i64_trunc_sat_f64_u(wide));
        }

        #[test]
        fn conversion_of_an_integer_is_that_of_the_same_number_in_128_bits(
            a in any::<u64>(),
            shift in 0..64u32,
        ) {
            let wide = a >> shift;
            let narrow = wide as u32;
            let f32_of = |n: i128| (n as f32).to_bits();
            let f64_of = |n: i128| (n as f64).to_bits();
            let (signed, unsigned) = (i128::from(narrow as i32), i128::from(narrow));
            prop_assert_eq!(f32_convert_i32_s(narrow), f32_of(signed));
            prop_assert_eq!(f32_convert_i32_u(narrow), f32_of(unsigned));
            prop_assert_eq!(f64_convert_i32_s(narrow), f64_of(signed));
            prop_assert_eq!(f64_convert_i32_u(narrow), f64_of(unsigned));
            prop_assert_eq!(i64_extend_i32_s(narrow) as i64 as i128, signed);
            prop_assert_eq!(i128::from(i64_extend_i32_u(narrow)), unsigned);
            prop_assert_eq!(i128::from(i32_wrap_i64(wide)), i128::from(wide) % (1 << 32));
            let (signed, unsigned) = (i128::from(wide as i64), i128::from(wide));
            prop_assert_eq!(f32_convert_i64_s(wide), f32_of(signed));
            prop_assert_eq!(f32_convert_i64_u(wide), f32_of(unsigned));
            prop_assert_eq!(f64_convert_i64_s(wide), f64_of(signed));
            prop_assert_eq!(f64_convert_i64_u(wide), f64_of(unsigned));
        }

        #[test]
        fn promotion_then_demotion_gives_back_the_number(a in any::<u32>()) {
            let number = !f32::from_bits(a).is_nan();
            let there_and_back = f32_demote_f64(f64_promote_f32(a));
            prop_assert_eq!(there_and_back, if number { a } else { 0x7fc0_0000 });
        }
    }

    #[test]
    fn changing_the_width_of_a_nan_makes_it_canonical() {
        assert_eq!(f64_promote_f32(0xff80_0001), 0x7ff8_0000_0000_0000);
        assert_eq!(f32_demote_f64(0xfff0_0000_0000_0001), 0x7fc0_0000);
    }

    #[test]
    fn demotion_rounds_to_nearest_ties_to_even() {
        let halfway = |low: f32, high: f32| (f64::from(low) + f64::from(high)) / 2.0;
        let next = |bits: u32| f32::from_bits(bits + 1);
        let one = 1f32.to_bits();
        assert_eq!(f32_demote_f64(halfway(1.0, next(one)).to_bits()), one);
        let odd_tie = halfway(next(one), next(one + 1));
        assert_eq!(f32_demote_f64(odd_tie.to_bits()), one + 2);
        assert_eq!(f32_demote_f64(f64::MAX.to_bits()), f32::INFINITY.to_bits());
    }
}
