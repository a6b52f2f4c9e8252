//! What tests share.

use assize_harness::runtime::{MessageMatching, RuntimeInfo};

/// A runtime `r` of a version that can do nothing.
pub fn info(version: &str) -> RuntimeInfo {
    RuntimeInfo {
        name: "r".to_owned(),
        version: version.to_owned(),
        capabilities: Vec::new(),
        match_messages: MessageMatching::ClassOnly,
    }
}

/// Bytes to choose by, others for each seed.
pub fn bytes(seed: u64, count: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..count).map(|_| next()).collect()
}
