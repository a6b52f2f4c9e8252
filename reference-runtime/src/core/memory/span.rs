//! Ranges of addresses, cut where chunks meet.

use std::ops::Range;

use super::{CHUNK, CHUNK_SIZE};

/// The part of a range of addresses that lies within one chunk.
pub(super) struct Span {
    pub(super) chunk: usize,
    /// Within the chunk.
    pub(super) range: Range<usize>,
}

impl Span {
    pub(super) fn start(&self) -> u64 {
        self.chunk as u64 * CHUNK + self.range.start as u64
    }

    pub(super) fn is_whole(&self) -> bool {
        self.range.len() == CHUNK_SIZE
    }
}

/// Cuts a range of addresses at the borders of chunks, from either end.
pub(super) struct Spans {
    start: u64,
    end: u64,
}

impl Spans {
    /// The range must lie within a memory.
    pub(super) fn new(addr: u64, n: u64) -> Spans {
        Spans {
            start: addr,
            end: addr + n,
        }
    }

    fn span(from: u64, to: u64) -> Span {
        let (chunk, start) = position(from);
        Span {
            chunk,
            range: start..start + (to - from) as usize,
        }
    }
}

impl Iterator for Spans {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        if self.start == self.end {
            return None;
        }
        let from = self.start;
        self.start = self.end.min(from - from % CHUNK + CHUNK);
        Some(Spans::span(from, self.start))
    }
}

impl DoubleEndedIterator for Spans {
    fn next_back(&mut self) -> Option<Span> {
        if self.start == self.end {
            return None;
        }
        let to = self.end;
        let last = to - 1;
        self.end = self.start.max(last - last % CHUNK);
        Some(Spans::span(self.end, to))
    }
}

/// The chunk that an address lies in, and where in it. Meaningful once the address was checked.
#[inline]
pub(super) fn position(addr: u64) -> (usize, usize) {
    ((addr / CHUNK) as usize, (addr % CHUNK) as usize)
}
