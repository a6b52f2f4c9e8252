//! A random walk: every choice is made at random, independently of the others.

use crate::machine::choice::{ChoicePoint, Scheduler};

/// Makes each choice at random. The same seed gives the same choices.
#[derive(Clone, Debug)]
pub struct Random {
    numbers: Numbers,
}

impl Random {
    /// The random walk with this seed.
    pub fn new(seed: u64) -> Random {
        Random {
            numbers: Numbers::new(seed),
        }
    }
}

impl Scheduler for Random {
    fn choose(&mut self, _point: ChoicePoint, options: u32) -> u32 {
        self.numbers.below(options)
    }
}

/// Pseudo-random numbers: SplitMix64 (Steele, Lea and Flood, 2014).
#[derive(Clone, Debug)]
pub(super) struct Numbers {
    state: u64,
}

impl Numbers {
    pub(super) fn new(seed: u64) -> Numbers {
        Numbers { state: seed }
    }

    pub(super) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `bound - 1`; 0 where `bound` is 0.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        let wide = u128::from(self.next()) * u128::from(bound);
        (wide >> 64) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_below_their_bound_and_reach_every_one() {
        let mut numbers = Numbers::new(7);
        let mut seen = [0; 5];
        for _ in 0..1000 {
            seen[numbers.below(5) as usize] += 1;
        }
        assert!(seen.iter().all(|&count| count > 100), "{seen:?}");
    }

    #[test]
    fn the_same_seed_gives_the_same_choices() {
        let walk = |seed| {
            let mut random = Random::new(seed);
            let choose = |_| random.choose(ChoicePoint::Tick, 1000);
            (0..10).map(choose).collect::<Vec<_>>()
        };
        assert_eq!(walk(1), walk(1));
        assert_ne!(walk(1), walk(2));
    }
}
