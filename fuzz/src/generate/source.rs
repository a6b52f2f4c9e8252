//! Bytes for a generator, from a seed.

/// How many bytes a case has. What a generator still chooses when they are used up is the first of
/// what it could choose, so that a program ends soon after.
const LENGTH: usize = 4096;

/// The bytes from which one case of a random campaign is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source(Vec<u8>);

impl Source {
    /// Those of one case of a campaign with this seed: always the same, and unlike any other's.
    pub fn seeded(seed: u64, case: u64) -> Source {
        let mut state = mix(seed ^ mix(case));
        let mut bytes = Vec::with_capacity(LENGTH);
        while bytes.len() < LENGTH {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            bytes.extend(mix(state).to_le_bytes());
        }
        Source(bytes)
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The output function of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
/// Generators, 2014).
fn mix(state: u64) -> u64 {
    let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_has_its_own_bytes_and_always_the_same() {
        assert_eq!(Source::seeded(1, 2), Source::seeded(1, 2));
        assert_ne!(Source::seeded(1, 2), Source::seeded(2, 1));
        assert_ne!(Source::seeded(1, 2), Source::seeded(1, 3));
    }
}
