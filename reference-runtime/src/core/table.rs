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

#[cfg(test)]
mod tests {
    use super::*;

    /// A table of `1, 2, ..., n`.
    fn counting(n: u64) -> Table {
        let mut table = Table::new(n, None, IndexType::I32, 100, 0).expect("within the limit");
        for at in 0..n {
            table.set(at, at + 1).expect("in bounds");
        }
        table
    }

    #[test]
    fn an_access_must_lie_wholly_within_the_table() {
        let mut table = counting(4);
        let before = table.clone();
        assert_eq!(
            (table.get(3), table.get(4), table.get(u64::MAX)),
            (Some(4), None, None)
        );
        assert_eq!((table.set(4, 9), table.set(u64::MAX, 9)), (None, None));
        for (index, n) in [(5, 0), (3, 2), (0, 5), (1, u64::MAX), (u64::MAX, 1)] {
            assert_eq!(table.fill(index, 9, n), None);
            assert_eq!(table.copy_within(index, 0, n), None);
            assert_eq!(table.copy_within(0, index, n), None);
            assert_eq!(table.copy_from(&before, index, 0, n), None);
            assert_eq!(table.copy_from(&before, 0, index, n), None);
            assert_eq!(table.init(&[7; 9], index, 0, n), None);
        }
        assert_eq!(table.init(&[7; 2], 0, 1, 2), None);
        assert_eq!(table, before, "a refused access has no effect");
        assert_eq!(
            (table.fill(4, 9, 0), table.init(&[], 4, 0, 0)),
            (Some(()), Some(()))
        );
    }

    #[test]
    fn copies_behave_as_if_the_source_were_read_first() {
        let mut table = counting(5);
        table.copy_within(1, 0, 4).expect("in bounds");
        assert_eq!(*table.elements, [1, 1, 2, 3, 4]);
        table.copy_within(0, 2, 3).expect("in bounds");
        assert_eq!(*table.elements, [2, 3, 4, 3, 4]);
        table.copy_from(&counting(3), 3, 1, 2).expect("in bounds");
        assert_eq!(*table.elements, [2, 3, 4, 2, 3]);
        table.init(&[7, 8, 9], 0, 1, 2).expect("in bounds");
        assert_eq!(*table.elements, [8, 9, 4, 2, 3]);
        table.fill(1, 0, 3).expect("in bounds");
        assert_eq!(*table.elements, [8, 0, 0, 0, 3]);
    }

    #[test]
    fn growing_adds_the_given_element_up_to_the_maximum_and_the_limit() {
        let mut bounded = Table::new(1, Some(3), IndexType::I32, 10, 5).expect("within the limit");
        assert_eq!(
            [bounded.grow(1, 6), bounded.grow(2, 6), bounded.grow(0, 6)],
            [Some(1), None, Some(2)]
        );
        assert_eq!(*bounded.elements, [5, 6]);
        let mut limited = Table::new(1, None, IndexType::I64, 10, 5).expect("within the limit");
        assert_eq!(
            [limited.grow(u64::MAX, 6), limited.grow(10, 6)],
            [None, None]
        );
        assert_eq!((limited.grow(9, 6), limited.size()), (Some(1), 10));
    }

    #[test]
    fn a_table_larger_than_the_limit_is_refused() {
        assert_eq!(
            Table::new(11, None, IndexType::I64, 10, 0).err(),
            Some(Limit::Table)
        );
    }

    #[test]
    fn clones_share_their_elements_until_one_is_changed() {
        let original = counting(3);
        let mut clone = original.clone();
        assert!(Arc::ptr_eq(&original.elements, &clone.elements));
        clone.fill(0, 9, 0).expect("in bounds");
        clone.grow(0, 9).expect("within the limit");
        assert!(
            Arc::ptr_eq(&original.elements, &clone.elements),
            "nothing was changed"
        );
        clone.set(0, 9).expect("in bounds");
        assert_eq!((original.get(0), clone.get(0)), (Some(1), Some(9)));
    }
}
