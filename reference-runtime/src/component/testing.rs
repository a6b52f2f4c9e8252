//! Components for tests, from their text.

use wast::Wat;
use wast::parser::{self, ParseBuffer};

/// The binary of the component or module that `text` is.
pub fn encode(text: &str) -> Vec<u8> {
    let encoded = ParseBuffer::new(text)
        .and_then(|buffer| parser::parse::<Wat<'_>>(&buffer).and_then(|mut wat| wat.encode()));
    encoded.unwrap_or_else(|error| panic!("{error}\n{text}"))
}
