//! Texts that may be shown: what runtimes, tests and files of results say, made harmless once.
//!
//! A runtime can put anything into its messages, and a file of results may come from anywhere.
//! [`Text`] is the only way for such a text into a report. What is in one has no control
//! character but the line break, no character that changes the direction of what stands around
//! it, nothing that XML cannot carry, and is not longer than its kind may be. It can still hold
//! `<`, `&`, backquotes and the like: escaping those is up to each format.

use std::{borrow::Cow, fmt, ops::Deref, sync::Arc};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

/// A text that may be shown. Cloning it is cheap.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text(Arc<str>);

/// What a text is for, which decides how long it may be and whether it may have several lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextKind {
    /// A name: one line, 200 characters.
    Name,
    /// A message: some lines, 8,000 characters.
    Message,
    /// A file's content: 400,000 characters.
    Source,
}

impl TextKind {
    /// How many characters a text of this kind may have.
    pub fn limit(self) -> usize {
        match self {
            TextKind::Name => 200,
            TextKind::Message => 8_000,
            TextKind::Source => 400_000,
        }
    }
}

impl Text {
    /// A name, in one line.
    pub fn name(raw: &str) -> Self {
        Self::new(raw, TextKind::Name)
    }

    /// A message, perhaps of several lines.
    pub fn message(raw: &str) -> Self {
        Self::new(raw, TextKind::Message)
    }

    /// The text as it may be shown: characters that must not be shown are spelt as `\u{1b}` is,
    /// and what is over the limit is cut off, with a note that says how much.
    pub fn new(raw: &str, kind: TextKind) -> Self {
        let lines = kind != TextKind::Name;
        let plain = |character: char| !is_harmful(character) || lines && character == '\n';
        // Counted in bytes first: most texts are far from their limit.
        let fits = raw.len() <= kind.limit() || raw.chars().count() <= kind.limit();
        if fits && raw.chars().all(plain) {
            return Self(raw.into());
        }
        let mut shown = String::new();
        let mut characters = raw.chars().peekable();
        for _ in 0..kind.limit() {
            match characters.next() {
                None => break,
                // The end of a line as Windows writes it.
                Some('\r') if lines && characters.peek() == Some(&'\n') => {}
                Some('\t') => shown.push_str(if lines { "    " } else { " " }),
                Some(character) if plain(character) => shown.push(character),
                Some(character) => shown.extend(character.escape_default()),
            }
        }
        match characters.count() {
            0 => {}
            rest => shown += &format!("… (cut: {rest} more characters)"),
        }
        Self(shown.into())
    }

    /// A text of our own making, or one that is made of other [`Text`]s.
    pub(crate) fn ours(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a character does something else than to stand where it is.
fn is_harmful(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            // Marks, embeddings, overrides and isolates of direction.
            '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            // Ends of lines and paragraphs that not everybody takes for such.
            | '\u{2028}' | '\u{2029}'
            // Without width, and deprecated or for other ends.
            | '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
            // No characters, and not of XML.
            | '\u{fffe}' | '\u{ffff}'
        )
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::ours("")
    }
}

impl JsonSchema for Text {
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }

    fn inline_schema() -> bool {
        true
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_harmless_text_stays_as_it_is() {
        let text = "expected <u32> & \"got\" `5`\n  名前 🚟";
        assert_eq!(Text::message(text), text);
    }

    #[test]
    fn colours_and_reversals_are_spelt_out() {
        assert_eq!(
            Text::message("\u{1b}[31mred\u{1b}[0m"),
            "\\u{1b}[31mred\\u{1b}[0m"
        );
        assert_eq!(
            Text::message("a\u{202e}b\0\u{85}"),
            "a\\u{202e}b\\u{0}\\u{85}"
        );
    }

    #[test]
    fn a_name_has_one_line_and_a_message_may_have_several() {
        assert_eq!(Text::name("a\nb\tc"), "a\\nb c");
        assert_eq!(Text::message("a\r\nb\rc\td"), "a\nb\\rc    d");
    }

    #[test]
    fn what_is_over_the_limit_is_cut_and_counted() {
        let shown = Text::name(&"é".repeat(1_000_200));
        assert_eq!(
            shown.as_str(),
            format!("{}… (cut: 1000000 more characters)", "é".repeat(200))
        );
    }
}
