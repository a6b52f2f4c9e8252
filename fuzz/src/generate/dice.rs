//! Choices, from the bytes that a program is made of.

use arbitrary::Unstructured;

/// Makes choices. When the bytes are used up, every choice is the first one.
pub(super) struct Dice<'u, 'b>(pub &'u mut Unstructured<'b>);

impl Dice<'_, '_> {
    /// Whether the bytes are used up.
    pub fn exhausted(&self) -> bool {
        self.0.is_empty()
    }

    /// A number from 0 to below `end`; 0 if there is none.
    pub fn below(&mut self, end: u32) -> u32 {
        let last = end.saturating_sub(1);
        // The bytes running out is no error: it gives the first number.
        self.0.int_in_range(0..=last).unwrap_or_default()
    }

    /// True `part` times of `whole`; not when the bytes are used up.
    pub fn chance(&mut self, part: u32, whole: u32) -> bool {
        self.below(whole) + part >= whole && !self.exhausted()
    }

    /// One of `choices`, if there is one.
    pub fn pick<'c, T>(&mut self, choices: &'c [T]) -> Option<&'c T> {
        choices.get(self.below(choices.len() as u32) as usize)
    }

    /// One of the choices, by their weights; none if all weights are zero.
    pub fn weighted<T: Copy>(&mut self, choices: &[T], weight: impl Fn(T) -> u32) -> Option<T> {
        let total = choices.iter().map(|choice| weight(*choice)).sum();
        let mut left = self.below(total);
        choices.iter().copied().find(|choice| {
            let weight = weight(*choice);
            let found = left < weight;
            left = left.wrapping_sub(weight.min(left));
            found
        })
    }

    /// Any number of 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0.arbitrary().unwrap_or_default()
    }
}
