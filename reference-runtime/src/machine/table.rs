//! A component instance's table: handles by index, index 0 never used, freed indices used again
//! last in, first out.
//!
//! Spec: CanonicalABI.md, "Table State".

/// An index into a [`Table`], as guests see it.
pub type HandleIndex = u32;

/// The most elements that the specification lets a table hold, index 0 included.
pub const MAX_LENGTH: u32 = (1 << 28) - 1;

/// A table of `T`s.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Table<T> {
    elements: Vec<Option<T>>,
    free: Vec<HandleIndex>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Table {
            elements: vec![None],
            free: Vec::new(),
        }
    }
}

impl<T> Table<T> {
    /// The length, index 0 and freed indices included.
    pub fn len(&self) -> u32 {
        self.elements.len() as u32
    }

    /// Whether nothing is in the table.
    pub fn is_empty(&self) -> bool {
        self.elements.len() == self.free.len() + 1
    }

    /// What is at `index`, where something is.
    pub fn get(&self, index: HandleIndex) -> Option<&T> {
        self.elements.get(index as usize)?.as_ref()
    }

    /// What is at `index`, to change.
    pub fn get_mut(&mut self, index: HandleIndex) -> Option<&mut T> {
        self.elements.get_mut(index as usize)?.as_mut()
    }

    /// All elements, by ascending index.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.elements.iter().flatten()
    }

    /// Whether an index has been freed and not been used again.
    pub fn has_free(&self) -> bool {
        !self.free.is_empty()
    }

    /// Puts `element` at the index freed last, or else at a new one.
    pub fn add(&mut self, element: T) -> HandleIndex {
        match self.free.pop() {
            Some(index) => {
                self.elements[index as usize] = Some(element);
                index
            }
            None => self.push(element),
        }
    }

    /// Puts `element` at a new index.
    pub fn push(&mut self, element: T) -> HandleIndex {
        let index = self.len();
        self.elements.push(Some(element));
        index
    }

    /// Takes out what is at `index`.
    pub fn remove(&mut self, index: HandleIndex) -> Option<T> {
        let element = self.elements.get_mut(index as usize)?.take()?;
        self.free.push(index);
        Some(element)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_index_is_one_and_the_index_freed_last_is_used_first() {
        let mut table = Table::default();
        assert_eq!((table.add('a'), table.add('b'), table.add('c')), (1, 2, 3));
        assert_eq!((table.remove(1), table.remove(3)), (Some('a'), Some('c')));
        assert_eq!((table.add('d'), table.add('e'), table.add('f')), (3, 1, 4));
    }

    #[test]
    fn an_index_that_holds_nothing_gives_nothing() {
        let mut table = Table::default();
        let index = table.add(());
        assert_eq!((table.get(0), table.get(index + 1)), (None, None));
        assert_eq!((table.remove(index), table.remove(index)), (Some(()), None));
        assert!(table.is_empty());
    }
}
