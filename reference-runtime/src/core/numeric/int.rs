//! Integer arithmetic, bits and comparisons.
//!
//! Spec: WebAssembly 3.0, "Integer Operations".

use crate::core::trap::Trap;

/// Signed division, truncating. The one quotient that does not fit is minimum / -1.
macro_rules! div_s {
    ($a:ident, $b:ident, $signed:ty, $unsigned:ty) => {
        if $b == 0 {
            Err(Trap::IntegerDivideByZero)
        } else {
            let quotient = ($a as $signed).checked_div($b as $signed);
            quotient
                .map(|q| q as $unsigned)
                .ok_or(Trap::IntegerOverflow)
        }
    };
}

/// Signed remainder, with the sign of the dividend; minimum % -1 is 0.
macro_rules! rem_s {
    ($a:ident, $b:ident, $signed:ty, $unsigned:ty) => {
        if $b == 0 {
            Err(Trap::IntegerDivideByZero)
        } else {
            Ok(($a as $signed).wrapping_rem($b as $signed) as $unsigned)
        }
    };
}

instructions! {
    "i32.clz" i32_clz(a: u32) -> u32 = a.leading_zeros();
    "i32.ctz" i32_ctz(a: u32) -> u32 = a.trailing_zeros();
    "i32.popcnt" i32_popcnt(a: u32) -> u32 = a.count_ones();
    "i32.add" i32_add(a: u32, b: u32) -> u32 = a.wrapping_add(b);
    "i32.sub" i32_sub(a: u32, b: u32) -> u32 = a.wrapping_sub(b);
    "i32.mul" i32_mul(a: u32, b: u32) -> u32 = a.wrapping_mul(b);
    "i32.div_s" i32_div_s(a: u32, b: u32) -> Result<u32, Trap> = div_s!(a, b, i32, u32);
    "i32.div_u" i32_div_u(a: u32, b: u32) -> Result<u32, Trap> =
        a.checked_div(b).ok_or(Trap::IntegerDivideByZero);
    "i32.rem_s" i32_rem_s(a: u32, b: u32) -> Result<u32, Trap> = rem_s!(a, b, i32, u32);
    "i32.rem_u" i32_rem_u(a: u32, b: u32) -> Result<u32, Trap> =
        a.checked_rem(b).ok_or(Trap::IntegerDivideByZero);
    "i32.and" i32_and(a: u32, b: u32) -> u32 = a & b;
    "i32.or" i32_or(a: u32, b: u32) -> u32 = a | b;
    "i32.xor" i32_xor(a: u32, b: u32) -> u32 = a ^ b;
    "i32.shl" i32_shl(a: u32, b: u32) -> u32 = a.wrapping_shl(b);
    "i32.shr_s" i32_shr_s(a: u32, b: u32) -> u32 = (a as i32).wrapping_shr(b) as u32;
    "i32.shr_u" i32_shr_u(a: u32, b: u32) -> u32 = a.wrapping_shr(b);
    "i32.rotl" i32_rotl(a: u32, b: u32) -> u32 = a.rotate_left(b % 32);
    "i32.rotr" i32_rotr(a: u32, b: u32) -> u32 = a.rotate_right(b % 32);
    "i32.eqz" i32_eqz(a: u32) -> bool = a == 0;
    "i32.eq" i32_eq(a: u32, b: u32) -> bool = a == b;
    "i32.ne" i32_ne(a: u32, b: u32) -> bool = a != b;
    "i32.lt_s" i32_lt_s(a: u32, b: u32) -> bool = (a as i32) < (b as i32);
    "i32.lt_u" i32_lt_u(a: u32, b: u32) -> bool = a < b;
    "i32.gt_s" i32_gt_s(a: u32, b: u32) -> bool = (a as i32) > (b as i32);
    "i32.gt_u" i32_gt_u(a: u32, b: u32) -> bool = a > b;
    "i32.le_s" i32_le_s(a: u32, b: u32) -> bool = (a as i32) <= (b as i32);
    "i32.le_u" i32_le_u(a: u32, b: u32) -> bool = a <= b;
    "i32.ge_s" i32_ge_s(a: u32, b: u32) -> bool = (a as i32) >= (b as i32);
    "i32.ge_u" i32_ge_u(a: u32, b: u32) -> bool = a >= b;
    "i32.extend8_s" i32_extend8_s(a: u32) -> u32 = a as i8 as i32 as u32;
    "i32.extend16_s" i32_extend16_s(a: u32) -> u32 = a as i16 as i32 as u32;
}

instructions! {
    "i64.clz" i64_clz(a: u64) -> u64 = u64::from(a.leading_zeros());
    "i64.ctz" i64_ctz(a: u64) -> u64 = u64::from(a.trailing_zeros());
    "i64.popcnt" i64_popcnt(a: u64) -> u64 = u64::from(a.count_ones());
    "i64.add" i64_add(a: u64, b: u64) -> u64 = a.wrapping_add(b);
    "i64.sub" i64_sub(a: u64, b: u64) -> u64 = a.wrapping_sub(b);
    "i64.mul" i64_mul(a: u64, b: u64) -> u64 = a.wrapping_mul(b);
    "i64.div_s" i64_div_s(a: u64, b: u64) -> Result<u64, Trap> = div_s!(a, b, i64, u64);
    "i64.div_u" i64_div_u(a: u64, b: u64) -> Result<u64, Trap> =
        a.checked_div(b).ok_or(Trap::IntegerDivideByZero);
    "i64.rem_s" i64_rem_s(a: u64, b: u64) -> Result<u64, Trap> = rem_s!(a, b, i64, u64);
    "i64.rem_u" i64_rem_u(a: u64, b: u64) -> Result<u64, Trap> =
        a.checked_rem(b).ok_or(Trap::IntegerDivideByZero);
    "i64.and" i64_and(a: u64, b: u64) -> u64 = a & b;
    "i64.or" i64_or(a: u64, b: u64) -> u64 = a | b;
    "i64.xor" i64_xor(a: u64, b: u64) -> u64 = a ^ b;
    "i64.shl" i64_shl(a: u64, b: u64) -> u64 = a.wrapping_shl(b as u32);
    "i64.shr_s" i64_shr_s(a: u64, b: u64) -> u64 = (a as i64).wrapping_shr(b as u32) as u64;
    "i64.shr_u" i64_shr_u(a: u64, b: u64) -> u64 = a.wrapping_shr(b as u32);
    "i64.rotl" i64_rotl(a: u64, b: u64) -> u64 = a.rotate_left((b % 64) as u32);
    "i64.rotr" i64_rotr(a: u64, b: u64) -> u64 = a.rotate_right((b % 64) as u32);
    "i64.eqz" i64_eqz(a: u64) -> bool = a == 0;
    "i64.eq" i64_eq(a: u64, b: u64) -> bool = a == b;
    "i64.ne" i64_ne(a: u64, b: u64) -> bool = a != b;
    "i64.lt_s" i64_lt_s(a: u64, b: u64) -> bool = (a as i64) < (b as i64);
    "i64.lt_u" i64_lt_u(a: u64, b: u64) -> bool = a < b;
    "i64.gt_s" i64_gt_s(a: u64, b: u64) -> bool = (a as i64) > (b as i64);
    "i64.gt_u" i64_gt_u(a: u64, b: u64) -> bool = a > b;
    "i64.le_s" i64_le_s(a: u64, b: u64) -> bool = (a as i64) <= (b as i64);
    "i64.le_u" i64_le_u(a: u64, b: u64) -> bool = a <= b;
    "i64.ge_s" i64_ge_s(a: u64, b: u64) -> bool = (a as i64) >= (b as i64);
    "i64.ge_u" i64_ge_u(a: u64, b: u64) -> bool = a >= b;
    "i64.extend8_s" i64_extend8_s(a: u64) -> u64 = a as i8 as i64 as u64;
    "i64.extend16_s" i64_extend16_s(a: u64) -> u64 = a as i16 as i64 as u64;
    "i64.extend32_s" i64_extend32_s(a: u64) -> u64 = a as i32 as i64 as u64;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Any integer, those around zero and around the smallest signed one often.
    fn int32() -> impl Strategy<Value = u32> {
        let near = (prop_oneof![Just(0u32), Just(1 << 31)], 0..7u32);
        prop_oneof![
            any::<u32>(),
            near.prop_map(|(at, n)| at.wrapping_add(n).wrapping_sub(3))
        ]
    }

    /// As [`int32`].
    fn int64() -> impl Strategy<Value = u64> {
        let near = (prop_oneof![Just(0u64), Just(1 << 63)], 0..7u64);
        prop_oneof![
            any::<u64>(),
            near.prop_map(|(at, n)| at.wrapping_add(n).wrapping_sub(3))
        ]
    }

    /// What a division should give, from its exact result: `None` for a zero divisor.
    fn expected(exact: Option<i128>, range: std::ops::RangeInclusive<i128>) -> Result<i128, Trap> {
        let exact = exact.ok_or(Trap::IntegerDivideByZero)?;
        range
            .contains(&exact)
            .then_some(exact)
            .ok_or(Trap::IntegerOverflow)
    }

    fn bit(value: u64, at: u32) -> u64 {
        value >> at & 1
    }

    proptest! {
        #[test]
        fn i32_arithmetic_is_exact_arithmetic_modulo_its_width(a in int32(), b in int32()) {
            let (x, y) = (i128::from(a), i128::from(b));
            prop_assert_eq!(i32_add(a, b), (x + y) as u32);
            prop_assert_eq!(i32_sub(a, b), (x - y) as u32);
            prop_assert_eq!(i32_mul(a, b), (x * y) as u32);
            prop_assert_eq!(i32_and(a, b), (x & y) as u32);
            prop_assert_eq!(i32_or(a, b), (x | y) as u32);
            prop_assert_eq!(i32_xor(a, b), (x ^ y) as u32);
        }

        #[test]
        fn i64_arithmetic_is_exact_arithmetic_modulo_its_width(a in int64(), b in int64()) {
            let (x, y) = (i128::from(a as i64), i128::from(b as i64));
            prop_assert_eq!(i64_add(a, b), (x + y) as u64);
            prop_assert_eq!(i64_sub(a, b), (x - y) as u64);
            prop_assert_eq!(i64_mul(a, b), (x * y) as u64);
            prop_assert_eq!(i64_and(a, b), (x & y) as u64);
            prop_assert_eq!(i64_or(a, b), (x | y) as u64);
            prop_assert_eq!(i64_xor(a, b), (x ^ y) as u64);
        }

        #[test]
        fn i32_division_traps_where_the_exact_result_does_not_exist_or_fit(
            a in int32(),
            b in int32(),
        ) {
            let (x, y) = (i128::from(a as i32), i128::from(b as i32));
            let signed = i128::from(i32::MIN)..=i128::from(i32::MAX);
            let found = |r: Result<u32, Trap>| r.map(|v| i128::from(v as i32));
            prop_assert_eq!(found(i32_div_s(a, b)), expected(x.checked_div(y), signed.clone()));
            prop_assert_eq!(found(i32_rem_s(a, b)), expected(x.checked_rem(y), signed));
            let (x, y) = (i128::from(a), i128::from(b));
            let unsigned = 0..=i128::from(u32::MAX);
            prop_assert_eq!(
                i32_div_u(a, b).map(i128::from),
                expected(x.checked_div(y), unsigned.clone())
            );
            prop_assert_eq!(
                i32_rem_u(a, b).map(i128::from),
                expected(x.checked_rem(y), unsigned)
            );
        }

        #[test]
        fn i64_division_traps_where_the_exact_result_does_not_exist_or_fit(
            a in int64(),
            b in int64(),
        ) {
            let (x, y) = (i128::from(a as i64), i128::from(b as i64));
            let signed = i128::from(i64::MIN)..=i128::from(i64::MAX);
            let found = |r: Result<u64, Trap>| r.map(|v| i128::from(v as i64));
            prop_assert_eq!(found(i64_div_s(a, b)), expected(x.checked_div(y), signed.clone()));
            prop_assert_eq!(found(i64_rem_s(a, b)), expected(x.checked_rem(y), signed));
            let (x, y) = (i128::from(a), i128::from(b));
            let unsigned = 0..=i128::from(u64::MAX);
            prop_assert_eq!(
                i64_div_u(a, b).map(i128::from),
                expected(x.checked_div(y), unsigned.clone())
            );
            prop_assert_eq!(
                i64_rem_u(a, b).map(i128::from),
                expected(x.checked_rem(y), unsigned)
            );
        }

        #[test]
        fn shifts_and_rotations_move_each_bit_by_the_count_modulo_the_width(
            a in any::<u64>(),
            b in any::<u64>(),
            at in 0..64u32,
        ) {
            let n = (b % 64) as u32;
            let inside = |to: Option<u32>| to.filter(|&from| from < 64);
            let moved = |from: Option<u32>, else_bit| inside(from).map_or(else_bit, |f| bit(a, f));
            prop_assert_eq!(bit(i64_shl(a, b), at), moved(at.checked_sub(n), 0));
            prop_assert_eq!(bit(i64_shr_u(a, b), at), moved(Some(at + n), 0));
            prop_assert_eq!(bit(i64_shr_s(a, b), at), moved(Some(at + n), bit(a, 63)));
            prop_assert_eq!(bit(i64_rotl(a, b), at), bit(a, (at + 64 - n) % 64));
            prop_assert_eq!(bit(i64_rotr(a, b), at), bit(a, (at + n) % 64));
        }

        #[test]
        fn shifts_and_rotations_of_i32_are_those_of_i64_cut_to_its_width(
            a in any::<u32>(),
            b in any::<u32>(),
        ) {
            let n = u64::from(b % 32);
            let twice = u64::from(a) << 32 | u64::from(a);
            let signed = a as i32 as i64 as u64;
            prop_assert_eq!(i32_shl(a, b), i64_shl(a.into(), n) as u32);
            prop_assert_eq!(i32_shr_u(a, b), i64_shr_u(a.into(), n) as u32);
            prop_assert_eq!(i32_shr_s(a, b), i64_shr_s(signed, n) as u32);
            prop_assert_eq!(i32_rotl(a, b), (i64_shl(twice, n) >> 32) as u32);
            prop_assert_eq!(i32_rotr(a, b), i64_shr_u(twice, n) as u32);
        }

        #[test]
        fn comparisons_read_the_bits_as_their_name_says(a in int64(), b in int64()) {
            let (s, t) = (a as i64, b as i64);
            prop_assert_eq!(
                [i64_lt_s(a, b), i64_gt_s(a, b), i64_le_s(a, b), i64_ge_s(a, b)],
                [s < t, s > t, s <= t, s >= t]
            );
            prop_assert_eq!(
                [i64_lt_u(a, b), i64_gt_u(a, b), i64_le_u(a, b), i64_ge_u(a, b)],
                [a < b, a > b, a <= b, a >= b]
            );
            prop_assert_eq!(
                [i64_eq(a, b), i64_ne(a, b), i64_eqz(a), i64_eq(a, a)],
                [a == b, a != b, a == 0, true]
            );
            let (a, b) = (a as u32, b as u32);
            let (s, t) = (a as i32, b as i32);
            prop_assert_eq!(
                [i32_lt_s(a, b), i32_gt_s(a, b), i32_le_s(a, b), i32_ge_s(a, b)],
                [s < t, s > t, s <= t, s >= t]
            );
            prop_assert_eq!(
                [i32_lt_u(a, b), i32_gt_u(a, b), i32_le_u(a, b), i32_ge_u(a, b)],
                [a < b, a > b, a <= b, a >= b]
            );
            prop_assert_eq!(
                [i32_eq(a, b), i32_ne(a, b), i32_eqz(a), i32_eq(a, a)],
                [a == b, a != b, a == 0, true]
            );
        }

        #[test]
        fn counts_agree_with_the_bits_written_out(a in any::<u64>(), keep in 0..=64u32) {
            let a = a.checked_shr(keep).unwrap_or(0);
            let digits = format!("{a:064b}");
            let run = |text: &str| text.find('1').unwrap_or(text.len()) as u64;
            let backwards = |text: &str| run(&text.chars().rev().collect::<String>());
            prop_assert_eq!(i64_clz(a), run(&digits));
            prop_assert_eq!(i64_ctz(a), backwards(&digits));
            prop_assert_eq!(i64_popcnt(a), digits.matches('1').count() as u64);
            let low = &digits[32..];
            prop_assert_eq!(u64::from(i32_clz(a as u32)), run(low));
            prop_assert_eq!(u64::from(i32_ctz(a as u32)), backwards(low));
            prop_assert_eq!(i32_popcnt(a as u32) as usize, low.matches('1').count());
        }
    }

    #[test]
    fn sign_extension_repeats_the_top_bit_of_the_part_kept() {
        assert_eq!(i32_extend8_s(0x1234_5680), 0xffff_ff80);
        assert_eq!(i32_extend8_s(0xffff_ff7f), 0x7f);
        assert_eq!(i32_extend16_s(0x1234_8000), 0xffff_8000);
        assert_eq!(i32_extend16_s(0xffff_7fff), 0x7fff);
        assert_eq!(i64_extend8_s(0x80), u64::MAX - 0x7f);
        assert_eq!(i64_extend8_s(0xffff_ff7f), 0x7f);
        assert_eq!(i64_extend16_s(0x8000), u64::MAX - 0x7fff);
        assert_eq!(i64_extend16_s(0xffff_7fff), 0x7fff);
        assert_eq!(i64_extend32_s(0x8000_0000), u64::MAX - 0x7fff_ffff);
        assert_eq!(i64_extend32_s(0xffff_ffff_7fff_ffff), 0x7fff_ffff);
    }
}
