//! A 128-bit digest that stays the same from run to run.

use std::hash::{DefaultHasher, Hash, Hasher};

/// Digests a value by its `Hash`. Two values that differ have different digests but for a chance
/// of one in 2^128.
pub fn digest<T: Hash + ?Sized>(value: &T) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        salt.hash(&mut hasher);
        value.hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}
