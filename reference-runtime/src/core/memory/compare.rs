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
        for (at, chunk) in self.chunks.iter().enumerate() {
            for (line, bytes) in chunk.iter().flat_map(|chunk| lines(chunk)) {
                (at, line).hash(state);
                state.write(bytes);
            }
        }
        usize::MAX.hash(state);
    }
}

/// Few lines of a chunk are ever written, and exploring schedules spends its time here.
const LINE_SIZE: usize = 64;

/// The lines of a chunk that hold something else than zeros, in order, with their positions.
fn lines(chunk: &Chunk) -> impl Iterator<Item = (usize, &[u8; LINE_SIZE])> {
    let (lines, _) = chunk.as_chunks::<LINE_SIZE>();
    let numbered = lines.iter().enumerate();
    numbered.filter(|(_, line)| !has_only_zeros(line))
}

/// Looks at all of them at once.
fn has_only_zeros(line: &[u8; LINE_SIZE]) -> bool {
    let (words, _) = line.as_chunks::<8>();
    let all = words.iter().map(|word| u64::from_ne_bytes(*word));
    all.fold(0, |any, word| any | word) == 0
}

/// Whether these bytes of a chunk are all zeros.
pub(super) fn is_zero(bytes: &[u8]) -> bool {
    static ZEROS: Chunk = [0; CHUNK_SIZE];
    bytes == &ZEROS[..bytes.len()]
}
