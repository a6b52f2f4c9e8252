//! A short name for a state: 128 bits.

use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::quality::{FixedState, FoldHasher};

/// Two hashers with different seeds that see the same values.
struct Twin<'s>(FoldHasher<'s>, FoldHasher<'s>);

/// Names `value` by 128 bits. Two values that differ have different names, but for a chance that
/// is negligible among the states that can be visited.
pub fn fingerprint<T: Hash + ?Sized>(value: &T) -> u128 {
    let (low, high) = (FixedState::with_seed(1), FixedState::with_seed(2));
    let mut twin = Twin(low.build_hasher(), high.build_hasher());
    value.hash(&mut twin);
    u128::from(twin.0.finish()) | u128::from(twin.1.finish()) << 64
}

macro_rules! forward {
    ($($method:ident $ty:ty)*) => {$(
        fn $method(&mut self, value: $ty) {
            self.0.$method(value);
            self.1.$method(value);
        }
    )*};
}

impl Hasher for Twin<'_> {
    forward! {
        write &[u8]
        write_u8 u8
        write_u16 u16
        write_u32 u32
        write_u64 u64
        write_u128 u128
        write_usize usize
    }

    fn finish(&self) -> u64 {
        self.0.finish()
    }
}
