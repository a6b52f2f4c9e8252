//! Tables of references.
//!
//! A reference is a `u64`: 0 is null, anything else an address plus one. What kind of address it
//! is follows from the table's type, which validation has settled.
//!
//! Spec: WebAssembly 3.0, "Table Instances" and "Table Instructions".

use std::ops::Range;
use std::sync::Arc;

use super::memory::IndexType;
use super::trap::Limit;

/// A table instance. Clones share their elements until one of them is changed.
///
/// An access either lies wholly within the table or has no effect and gives `None`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Table {
    elements: Arc<Vec<u64>>,
    index: IndexType,
    max: Option<u64>,
    limit: u64,
}

impl Table {
    /// A table of `min` elements, each `init`, that may grow to `max`, if given, and never past
    /// `limit`.
    ///
    /// Errors: [`Limit::Table`] when `min` is more than the limit.
    pub fn new(
        min: u64,
        max: Option<u64>,
        index: IndexType,
        limit: u64,
        init: u64,
    ) -> Result<Table, Limit> {
        let limit = limit.min(index.max_elements());
        if min > limit {
            return Err(Limit::Table);
        }
        let len = usize::try_from(min).map_err(|_| Limit::Table)?;
        Ok(Table {
            elements: Arc::new(vec![init; len]),
            index,
            max,
            limit,
        })
    }

    /// The type of its indices.
    pub fn index(&self) -> IndexType {
        self.index
    }

    /// The current number of elements.
    pub fn size(&self) -> u64 {
        self.elements.len() as u64
    }

    /// The maximum that its type declares, in elements.
    pub fn max(&self) -> Option<u64> {
        self.max
    }

    /// The element at `index`.
    #[inline]
    pub fn get(&self, index: u64) -> Option<u64> {
        self.elements.get(usize::try_from(index).ok()?).copied()
    }

    /// Replaces the element at `index`.
    pub fn set(&mut self, index: u64, element: u64) -> Option<()> {
        self.fill(index, element, 1)
    }

    /// Adds `delta` elements, each `init`, and gives the old size, or does nothing and gives
    /// `None` when the result would pass the maximum or the limit.
    pub fn grow(&mut self, delta: u64, init: u64) -> Option<u64> {
        let old = self.size();
        let new = old.checked_add(delta)?;
        if new > self.limit || self.max.is_some_and(|max| new > max) {
            return None;
        }
        let len = usize::try_from(new).ok()?;
        if delta > 0 {
            Arc::make_mut(&mut self.elements).resize(len, init);
        }
        Some(old)
    }

    /// Sets `n` elements at `index` to `element`.
    pub fn fill(&mut self, index: u64, element: u64, n: u64) -> Option<()> {
        let range = within(&self.elements, index, n)?;
        if !range.is_empty() {
            Arc::make_mut(&mut self.elements)[range].fill(element);
        }
        Some(())
    }

    /// Copies `n` elements from `src` to `dst`; the two may overlap.
    pub fn copy_within(&mut self, dst: u64, src: u64, n: u64) -> Option<()> {
        let from = within(&self.elements, src, n)?;
        let to = within(&self.elements, dst, n)?;
        if !to.is_empty() {
            Arc::make_mut(&mut self.elements).copy_within(from, to.start);
        }
        Some(())
    }

    /// Copies `n` elements from `src` of another table to `dst` of this one.
    pub fn copy_from(&mut self, other: &Table, dst: u64, src: u64, n: u64) -> Option<()> {
        self.init(&other.elements, dst, src, n)
    }

    /// Copies `n` elements from `src` of an element segment to `dst` of this table. A dropped
    /// segment is an empty one.
    pub fn init(&mut self, segment: &[u64], dst: u64, src: u64, n: u64) -> Option<()> {
        let from = within(segment, src, n)?;
        let to = within(&self.elements, dst, n)?;
        if !to.is_empty() {
            Arc::make_mut(&mut self.elements)[to].copy_from_slice(&segment[from]);
        }
        Some(())
    }
}

/// The positions of `n` elements at `index`, if there are as many.
fn within(elements: &[u64], index: u64, n: u64) -> Option<Range<usize>> {
    let start = usize::try_from(index).ok()?;
    let end = start.checked_add(usize::try_from(n).ok()?)?;
    (end <= elements.len()).then_some(start..end)
}
