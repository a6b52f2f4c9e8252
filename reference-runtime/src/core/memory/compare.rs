//! Equality and hashing of memories by their bytes alone.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::{CHUNK_SIZE, Chunk, Memory};

impl PartialEq for Memory {
    fn eq(&self, other: &Memory) -> bool {
        let shape = |m: &Memory| (m.len, m.index, m.max_pages, m.limit_pages);
        if shape(self) != shape(other) {
            return false;
        }
        let stored = self.chunks.len().max(other.chunks.len());
        (0..stored).all(|at| match (self.chunk(at), other.chunk(at)) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b) || a == b,
            (Some(only), None) | (None, Some(only)) => is_zero(&only[..]),
            (None, None) => true,
        })
    }
}

impl Eq for Memory {}

impl Hash for Memory {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.len, self.index, self.max_pages, self.limit_pages).hash(state);
        for (at, chunk) in self.significant() {
            at.hash(state);
            digest(chunk).hash(state);
        }
    }
}

impl Memory {
    /// The chunks that hold something else than zeros, in order, with their positions.
    fn significant(&self) -> impl Iterator<Item = (usize, &Arc<Chunk>)> {
        let stored = self.chunks.iter().enumerate();
        stored
            .filter_map(|(at, chunk)| Some((at, chunk.as_ref()?)))
            .filter(|(_, chunk)| !is_zero(&chunk[..]))
    }
}

/// Whether these bytes of a chunk are all zeros.
pub(super) fn is_zero(bytes: &[u8]) -> bool {
    static ZEROS: Chunk = [0; CHUNK_SIZE];
    bytes == &ZEROS[..bytes.len()]
}

/// Condenses a chunk before the caller's hasher, which may be slow, sees it.
///
/// Four independent lanes keep the multiplier busy; exploring schedules spends its time here.
fn digest(chunk: &Chunk) -> [u64; 4] {
    const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut lanes = [1, 2, 3, 4];
    let (words, _) = chunk.as_chunks::<8>();
    let (rows, _) = words.as_chunks::<4>();
    for row in rows {
        for (lane, word) in lanes.iter_mut().zip(row) {
            let mixed = u128::from(*lane ^ u64::from_le_bytes(*word)) * u128::from(MULTIPLIER);
            *lane = (mixed as u64) ^ (mixed >> 64) as u64;
        }
    }
    lanes
}
