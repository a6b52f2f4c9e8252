//! A short name for a state: 128 bits.

use std::hash::{BuildHasher, Hash, Hasher};

/// Names `value` by 128 bits. Two values that differ have different names, but for a chance that
/// is negligible among the states that can be visited.
pub fn fingerprint<T: Hash + ?Sized>(value: &T) -> u128 {
    let mut sponge = Sponge::new();
    value.hash(&mut sponge);
    sponge.name()
}

/// Two accumulators that take in 128 bits at a time, and each other.
///
/// Almost all that a state hashes is small: numbers of alternatives, lengths and indices. They are
/// packed before they are mixed, and take two bytes where a `usize` has eight.
#[derive(Clone)]
struct Sponge {
    /// What has not been mixed, from the lowest bit.
    pending: u128,
    /// How many bits of it.
    bits: u32,
    low: u64,
    high: u64,
    /// How many times there was something to mix.
    rounds: u64,
}

/// Odd numbers with about as many ones as zeros: fractional digits of square roots of primes.
const KEYS: [u64; 4] = [
    0x6a09_e667_f3bc_c909,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
];

/// The product, with its upper half folded into the lower one.
fn folded(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

impl Sponge {
    fn new() -> Sponge {
        Sponge {
            pending: 0,
            bits: 0,
            low: KEYS[0],
            high: KEYS[1],
            rounds: 0,
        }
    }

    #[inline]
    fn take(&mut self, value: u64, bits: u32) {
        if self.bits + bits > 128 {
            self.mix();
        }
        self.pending |= u128::from(value) << self.bits;
        self.bits += bits;
    }

    fn mix(&mut self) {
        let low = self.pending as u64 ^ self.low;
        let high = (self.pending >> 64) as u64 ^ self.high;
        // What did not fit any more leaves room behind that is not to be taken for zeros.
        let bits = u64::from(self.bits);
        self.low = folded(low, high ^ KEYS[2]);
        self.high = folded(high ^ bits, low ^ KEYS[3]);
        (self.pending, self.bits) = (0, 0);
        self.rounds += 1;
    }

    fn name(mut self) -> u128 {
        // So that zeros at the end count, as does how the last bits were packed.
        let end = u64::from(self.bits) | self.rounds << 8;
        self.mix();
        self.take(end, 64);
        self.mix();
        let low = folded(self.low ^ KEYS[1], self.high ^ KEYS[3]);
        let high = folded(self.high ^ KEYS[0], self.low ^ KEYS[2]);
        u128::from(low) | u128::from(high) << 64
    }
}

/// No sequence of calls takes in the same bits as another one that the same type can make: a
/// number of variable width begins with whether it is short.
impl Hasher for Sponge {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.take(u64::from_le_bytes(*word), 64);
        }
        for byte in rest {
            self.take((*byte).into(), 8);
        }
    }

    #[inline]
    fn write_u8(&mut self, value: u8) {
        self.take(value.into(), 8);
    }

    #[inline]
    fn write_u16(&mut self, value: u16) {
        self.take(value.into(), 16);
    }

    #[inline]
    fn write_u32(&mut self, value: u32) {
        self.take(value.into(), 32);
    }

    #[inline]
    fn write_u64(&mut self, value: u64) {
        self.take(value, 64);
    }

    #[inline]
    fn write_usize(&mut self, value: usize) {
        const LONG: usize = 0xffff;
        if value < LONG {
            self.take(value as u64, 16);
        } else {
            self.take(LONG as u64, 16);
            self.take(value as u64, 64);
        }
    }

    #[inline]
    fn write_isize(&mut self, value: isize) {
        self.write_usize(value.cast_unsigned());
    }

    fn finish(&self) -> u64 {
        self.clone().name() as u64
    }
}

/// Hashes names, which are as good as random, by half of their bits.
#[derive(Clone, Copy, Debug, Default)]
pub struct ByName;

/// See [`ByName`].
#[derive(Clone, Copy, Debug, Default)]
pub struct NameHasher(u64);

impl BuildHasher for ByName {
    type Hasher = NameHasher;

    fn build_hasher(&self) -> NameHasher {
        NameHasher::default()
    }
}

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = fingerprint(bytes) as u64;
    }

    fn write_u128(&mut self, name: u128) {
        self.0 = name as u64;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn values_that_differ_have_different_names() {
        let numbers = (0..100_000_u64).map(|number| fingerprint(&number));
        let late = (0..100_000_u64).map(|number| fingerprint(&[0, 0, number << 20]));
        let lengths = (0..1_000).map(|length| fingerprint(&vec![0_u8; length]));
        let nested = (0..1_000).map(|length| fingerprint(&vec![Some(()); length]));
        let sizes = (0..200_000_usize).map(|size| fingerprint(&size));
        all_differ(numbers.collect());
        all_differ(late.collect());
        all_differ(lengths.collect());
        all_differ(nested.collect());
        all_differ(sizes.collect());
    }

    /// Takes in so many zero bytes, without saying how many, and then a number that may not fit behind
    /// them any more.
    struct Zeros(usize);

    impl Hash for Zeros {
        fn hash<H: Hasher>(&self, state: &mut H) {
            for _ in 0..self.0 {
                state.write_u8(0);
            }
            state.write_u64(1);
        }
    }

    #[test]
    fn a_zero_is_not_taken_for_room_that_was_left() {
        all_differ((0..1_000).map(|zeros| fingerprint(&Zeros(zeros))).collect());
    }

    /// Whether they do in each half alone.
    fn all_differ(names: Vec<u128>) {
        for shift in [0, 64] {
            let halves: HashSet<u64> = names.iter().map(|name| (name >> shift) as u64).collect();
            assert_eq!(halves.len(), names.len());
        }
    }

    #[test]
    fn one_bit_changes_about_half_of_the_name() {
        let state = [3_u64, 1, 4, 1, 5, 9, 2, 6];
        let name = fingerprint(&state);
        for at in 0..state.len() {
            for bit in 0..64 {
                let mut other = state;
                other[at] ^= 1 << bit;
                let changed = (name ^ fingerprint(&other)).count_ones();
                assert!((30..=98).contains(&changed), "{at}, {bit}: {changed}");
            }
        }
    }

    #[test]
    fn where_one_part_ends_and_the_next_begins_counts() {
        assert_ne!(fingerprint(&("ab", "c")), fingerprint(&("a", "bc")));
        assert_ne!(
            fingerprint(&(vec![0_u8], vec![0_u8; 2])),
            fingerprint(&(vec![0_u8; 2], vec![0_u8]))
        );
    }
}
