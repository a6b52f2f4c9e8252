//! Linear memories: copy-on-write, sparse, and comparable.
//!
//! A memory is a row of 4 KiB chunks, each shared between all clones of the memory until one of
//! them writes to it. A chunk that was never written is absent and reads as zeros, so an untouched
//! memory costs nothing whatever its size. Equality and hashing look at the bytes alone: whether a
//! chunk of zeros is stored or absent cannot be observed.
//!
//! To keep apart the two things called "page", this module says *page* for WebAssembly's 64 KiB
//! and *chunk* for its own 4 KiB.
//!
//! Spec: WebAssembly 3.0, "Memory Instances" and "Memory Instructions".

mod compare;
mod span;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use self::compare::is_zero;
use self::span::{Span, Spans, position};
use super::trap::Limit;

/// The size of a WebAssembly page in bytes.
pub const PAGE_SIZE: u64 = 65_536;

/// The most pages whose bytes a `u64` and whose chunks a `usize` can count, whatever the limit.
const MAX_PAGES: u64 = {
    let by_chunks = usize::MAX as u64 / (PAGE_SIZE / CHUNK);
    let by_bytes = u64::MAX / PAGE_SIZE;
    if by_chunks < by_bytes {
        by_chunks
    } else {
        by_bytes
    }
};

/// The size of a chunk in bytes.
const CHUNK_SIZE: usize = 4096;

/// The same, to reckon with addresses.
const CHUNK: u64 = CHUNK_SIZE as u64;

type Chunk = [u8; CHUNK_SIZE];

/// The type of the addresses of a memory or of the indices of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IndexType {
    /// 32 bits
    I32,
    /// 64 bits
    I64,
}

impl IndexType {
    /// The largest number of pages that a memory of this index type may have.
    pub fn max_pages(self) -> u64 {
        match self {
            IndexType::I32 => 1 << 16,
            IndexType::I64 => 1 << 48,
        }
    }

    /// The largest number of elements that a table of this index type may have.
    pub fn max_elements(self) -> u64 {
        match self {
            IndexType::I32 => u32::MAX.into(),
            IndexType::I64 => u64::MAX,
        }
    }
}

/// A memory instance.
///
/// An access either lies wholly within the memory or has no effect and gives `None`.
#[derive(Clone, Debug)]
pub struct Memory {
    /// In bytes; a multiple of `PAGE_SIZE`.
    len: u64,
    /// Never longer than the memory. What is absent or past the end is zeros.
    chunks: Vec<Option<Arc<Chunk>>>,
    index: IndexType,
    max_pages: Option<u64>,
    limit_pages: u64,
}

impl Memory {
    /// A memory of `min_pages` pages of zeros that may grow to `max_pages`, if given, and never
    /// past `limit_pages`.
    ///
    /// Errors: [`Limit::Memory`] when `min_pages` is more than the limit.
    pub fn new(
        min_pages: u64,
        max_pages: Option<u64>,
        index: IndexType,
        limit_pages: u64,
    ) -> Result<Memory, Limit> {
        let limit_pages = limit_pages.min(index.max_pages()).min(MAX_PAGES);
        if min_pages > limit_pages {
            return Err(Limit::Memory);
        }
        Ok(Memory {
            len: min_pages * PAGE_SIZE,
            chunks: Vec::new(),
            index,
            max_pages,
            limit_pages,
        })
    }

    /// The type of its addresses.
    pub fn index(&self) -> IndexType {
        self.index
    }

    /// The current size in pages.
    pub fn size_pages(&self) -> u64 {
        self.len / PAGE_SIZE
    }

    /// The maximum that its type declares, in pages.
    pub fn max_pages(&self) -> Option<u64> {
        self.max_pages
    }

    /// The current size in bytes.
    pub fn len_bytes(&self) -> u64 {
        self.len
    }

    /// Adds `delta_pages` of zeros and gives the old size in pages, or does nothing and gives
    /// `None` when the result would pass the maximum or the limit.
    pub fn grow(&mut self, delta_pages: u64) -> Option<u64> {
        let old = self.size_pages();
        let new = old.checked_add(delta_pages)?;
        if new > self.limit_pages || self.max_pages.is_some_and(|max| new > max) {
            return None;
        }
        self.len = new * PAGE_SIZE;
        Some(old)
    }

    /// The `N` bytes at `addr`.
    #[inline]
    pub fn load<const N: usize>(&self, addr: u64) -> Option<[u8; N]> {
        let (chunk, offset) = position(addr);
        if offset + N > CHUNK_SIZE {
            return self.load_across(addr);
        }
        // The length is a multiple of a chunk's: within a chunk the first byte decides.
        if addr >= self.len {
            return None;
        }
        match self.chunks.get(chunk) {
            Some(Some(bytes)) => bytes[offset..].first_chunk().copied(),
            _ => Some([0; N]),
        }
    }

    #[cold]
    fn load_across<const N: usize>(&self, addr: u64) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        self.read(addr, &mut bytes)?;
        Some(bytes)
    }

    /// Replaces the `N` bytes at `addr`.
    #[inline]
    pub fn store<const N: usize>(&mut self, addr: u64, bytes: [u8; N]) -> Option<()> {
        let (chunk, offset) = position(addr);
        if offset + N > CHUNK_SIZE {
            return self.write(addr, &bytes);
        }
        if addr >= self.len {
            return None;
        }
        match self.chunks.get_mut(chunk) {
            Some(Some(old)) => Arc::make_mut(old)[offset..offset + N].copy_from_slice(&bytes),
            _ => self.write_absent(chunk, offset, &bytes),
        }
        Some(())
    }

    /// Fills `bytes` from the memory at `addr`.
    pub fn read(&self, addr: u64, bytes: &mut [u8]) -> Option<()> {
        self.check(addr, bytes.len() as u64)?;
        self.read_checked(addr, bytes);
        Some(())
    }

    /// Writes `bytes` to the memory at `addr`.
    pub fn write(&mut self, addr: u64, bytes: &[u8]) -> Option<()> {
        self.check(addr, bytes.len() as u64)?;
        let mut rest = bytes;
        for span in Spans::new(addr, bytes.len() as u64) {
            let (part, next) = rest.split_at(span.range.len());
            self.write_span(&span, part);
            rest = next;
        }
        Some(())
    }

    /// Sets `n` bytes at `addr` to `byte`.
    pub fn fill(&mut self, addr: u64, byte: u8, n: u64) -> Option<()> {
        self.check(addr, n)?;
        // All chunks that are filled whole share one allocation, or none if it is of zeros.
        let whole = (byte != 0 && n >= CHUNK).then(|| Arc::new([byte; CHUNK_SIZE]));
        for span in Spans::new(addr, n) {
            if byte == 0 && span.chunk >= self.chunks.len() {
                break;
            }
            if span.is_whole() {
                self.put_chunk(span.chunk, whole.clone());
            } else {
                self.write_span(&span, &vec![byte; span.range.len()]);
            }
        }
        Some(())
    }

    /// Copies `n` bytes from `src` to `dst`; the two may overlap.
    pub fn copy_within(&mut self, dst: u64, src: u64, n: u64) -> Option<()> {
        self.check(src, n)?;
        self.check(dst, n)?;
        // Whichever end is copied first, no byte may be overwritten before it was read.
        let next = if dst > src {
            Spans::next_back
        } else {
            Spans::next
        };
        let mut spans = Spans::new(dst, n);
        while let Some(span) = next(&mut spans) {
            let from = src + (span.start() - dst);
            let piece = self.piece(from, &span);
            self.put_piece(&span, piece);
        }
        Some(())
    }

    /// Copies `n` bytes from `src` of another memory to `dst` of this one.
    pub fn copy_from(&mut self, other: &Memory, dst: u64, src: u64, n: u64) -> Option<()> {
        other.check(src, n)?;
        self.check(dst, n)?;
        for span in Spans::new(dst, n) {
            let from = src + (span.start() - dst);
            self.put_piece(&span, other.piece(from, &span));
        }
        Some(())
    }

    fn check(&self, addr: u64, n: u64) -> Option<()> {
        (addr.checked_add(n)? <= self.len).then_some(())
    }

    fn chunk(&self, chunk: usize) -> Option<&Arc<Chunk>> {
        self.chunks.get(chunk)?.as_ref()
    }

    fn read_checked(&self, addr: u64, bytes: &mut [u8]) {
        let mut rest = bytes;
        for span in Spans::new(addr, rest.len() as u64) {
            let (part, next) = rest.split_at_mut(span.range.len());
            match self.chunk(span.chunk) {
                Some(chunk) => part.copy_from_slice(&chunk[span.range]),
                None => part.fill(0),
            }
            rest = next;
        }
    }

    /// Replaces a chunk as a whole. An absent one past the stored end need not be stored.
    fn put_chunk(&mut self, chunk: usize, contents: Option<Arc<Chunk>>) {
        if chunk >= self.chunks.len() {
            if contents.is_none() {
                return;
            }
            self.chunks.resize(chunk + 1, None);
        }
        self.chunks[chunk] = contents;
    }

    fn write_span(&mut self, span: &Span, bytes: &[u8]) {
        match self.chunks.get_mut(span.chunk) {
            Some(Some(old)) => Arc::make_mut(old)[span.range.clone()].copy_from_slice(bytes),
            _ => self.write_absent(span.chunk, span.range.start, bytes),
        }
    }

    /// Writes to a chunk that is not stored; zeros change nothing there.
    #[cold]
    fn write_absent(&mut self, chunk: usize, offset: usize, bytes: &[u8]) {
        if is_zero(bytes) {
            return;
        }
        let mut contents = [0; CHUNK_SIZE];
        contents[offset..offset + bytes.len()].copy_from_slice(bytes);
        self.put_chunk(chunk, Some(Arc::new(contents)));
    }

    /// What is at `from`, as long as `span`, ready to be put into `span`.
    fn piece(&self, from: u64, span: &Span) -> Piece {
        let (chunk, offset) = position(from);
        if span.is_whole() && offset == 0 {
            return Piece::Shared(self.chunk(chunk).cloned());
        }
        let mut bytes = vec![0; span.range.len()];
        self.read_checked(from, &mut bytes);
        Piece::Bytes(bytes)
    }

    fn put_piece(&mut self, span: &Span, piece: Piece) {
        match piece {
            Piece::Shared(contents) => self.put_chunk(span.chunk, contents),
            Piece::Bytes(bytes) => self.write_span(span, &bytes),
        }
    }
}

/// A part of a copy on its way.
enum Piece {
    /// A whole chunk, shared instead of copied.
    Shared(Option<Arc<Chunk>>),
    /// As many bytes as the destination is long.
    Bytes(Vec<u8>),
}
