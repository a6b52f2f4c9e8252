//! Where in a program something stands.

use std::fmt;

/// A part of a program by the way to it, which is only written where something is wrong there.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    outer: Option<&'a Place<'a>>,
    name: &'static str,
    number: Option<usize>,
}

impl<'a> Place<'a> {
    /// A part of the whole program.
    pub(super) fn of(name: &'static str) -> Place<'static> {
        Place {
            outer: None,
            name,
            number: None,
        }
    }

    /// A part of this part.
    pub(super) fn part(&'a self, name: &'static str) -> Place<'a> {
        Place {
            outer: Some(self),
            name,
            number: None,
        }
    }

    /// An element of this list.
    pub(super) fn at(&'a self, number: usize) -> Place<'a> {
        Place {
            outer: Some(self),
            name: "",
            number: Some(number),
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(outer) = self.outer {
            write!(f, "{outer}.")?;
        }
        match self.number {
            Some(number) => write!(f, "{number}"),
            None => f.write_str(self.name),
        }
    }
}
